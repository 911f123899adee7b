"""Workbooks read back: ours, saved again by a spreadsheet or not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd

from territoires.errors import InvalidTable
from territoires.exports import long_texts
from territoires.exports.xlsx_export import DEFINITION_HEADINGS, DEFINITIONS
from territoires.shortlist.identity import CODE, FORMER_CODE, IDENTITY
from territoires.tables.text import plain

_MAX_UNPACKED = 400_000_000  # a sheet is text: what unpacks to more is made to fill a memory
_HEADING_ROWS = 20  # a person may have written a title above
_Rows = list[list[Any]]


def read_workbook(content: bytes, name: str) -> pd.DataFrame:
    """Read the first sheet that carries our codes.

    Parameters
    ----------
    content : bytes
        XLSX, XLSM, ODS or XLS.
    name : str
        File name, for the messages.

    Returns
    -------
    DataFrame of str
        Columns by their names for machines; texts longer than a cell put together again. When no
        sheet has our codes, the headings of the first one, without rows.

    Raises
    ------
    InvalidTable
        It is damaged, or unpacks to too much.
    """
    sheets = _sheets(content, name)
    names = _machine_names(sheets.get(DEFINITIONS, []))
    for title, rows in sheets.items():
        at = None if title in (DEFINITIONS, long_texts.SHEET) else _heading_row(rows, names)
        if at is not None:
            frame = _frame(rows[at:], names)
            return _with_long_texts(frame, sheets.get(long_texts.SHEET, []), name)
    first = next((row for rows in sheets.values() for row in rows[:1]), [])
    return pd.DataFrame(columns=[_text(cell) for cell in first if _text(cell)], dtype="str")


def _sheets(content: bytes, name: str) -> dict[str, _Rows]:
    from python_calamine import CalamineError, CalamineWorkbook  # slow, and a CSV never needs it

    try:
        _refuse_bomb(content, name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in workbook.sheet_names
        }
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        message = f"{name} est un classeur abîmé ou protégé par un mot de passe."
        raise InvalidTable(f"{message} Enregistrez-le de nouveau, sans protection.") from error


def _refuse_bomb(content: bytes, name: str) -> None:
    if not content.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MAX_UNPACKED:
            raise InvalidTable(f"{name} : classeur trop gros une fois déplié. Gardez l'utile.")


def _machine_names(definitions: _Rows) -> Mapping[str, str]:
    """Return the names for machines by heading: of the sheet of definitions, then by themselves."""
    own = {plain(name): name for name in (*IDENTITY, FORMER_CODE)}
    if definitions and [_text(c) for c in definitions[0][:2]] == list(DEFINITION_HEADINGS[:2]):
        own |= {plain(_text(row[0])): _text(row[1]) for row in definitions[1:] if _text(row[1])}
    return own


def _heading_row(rows: _Rows, names: Mapping[str, str]) -> int | None:
    for position, row in enumerate(rows[:_HEADING_ROWS]):
        if {CODE, FORMER_CODE} & {names.get(plain(_text(cell))) for cell in row}:
            return position
    return None


def _frame(rows: _Rows, names: Mapping[str, str]) -> pd.DataFrame:
    headings = [_text(cell) for cell in rows[0]]
    columns: dict[str, list[str]] = {}
    for position, heading in enumerate(headings):
        bare = heading.rpartition(" (")[0] or heading  # without its unit
        column = names.get(plain(heading)) or names.get(plain(bare)) or heading
        if column and column not in columns:
            columns[column] = [_text(row[position]) for row in rows[1:]]
    return pd.DataFrame(columns, dtype="str")


def _with_long_texts(frame: pd.DataFrame, rows: _Rows, name: str) -> pd.DataFrame:
    pieces = long_texts.by_cell(_pieces(rows))
    if not pieces or CODE not in frame.columns:
        return frame
    for column in frame.columns:
        cells = frame[column].tolist()
        for row, code in enumerate(frame[CODE]):
            try:
                cells[row] = long_texts.join(cells[row], pieces.get((code, column), ()))
            except ValueError as error:
                message = f"{name} : la feuille « {long_texts.SHEET} » est abîmée ({code})."
                raise InvalidTable(message) from error
        frame[column] = pd.array(cells, dtype="str")
    return frame


def _pieces(rows: _Rows) -> list[long_texts.Piece]:
    return [
        long_texts.Piece(_text(code), _text(column), int(float(number)), _text(form), _text(text))
        for code, column, number, form, text in (row[:5] for row in rows[1:] if len(row) >= 5)
        if _text(number).replace(".", "", 1).isdecimal()
    ]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
