"""A workbook: typed columns, a frozen heading with filters, definitions, sources.

Every text is written as text: nothing that a person typed becomes a formula, a link or a number.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Real
from typing import Any

import pandas as pd

from territoires.exports import long_texts
from territoires.exports.bundle import SIGNATURE, ExportBundle
from territoires.exports.columns import CODE_KIND, NUMBER, SHARE, WHOLE, Column
from territoires.exports.workbook import new_workbook
from territoires.shortlist.identity import CODE, NAME, NOTE

TERRITORIES, DEFINITIONS, SOURCES = "Territoires", "Définitions", "Sources"
"""Names of the sheets."""

DEFINITION_HEADINGS = (
    "Colonne", "Nom pour les machines", "Description", "Unité", "Millésime", "Source", "Licence",
)  # fmt: skip
EMPTY_MEANS = "Cellule vide : non disponible, jamais zéro."

_UNDATED = date(1980, 1, 1)  # as the files inside the workbook are
_A4 = 9
_WIDEST, _NARROWEST, _NOTE_WIDTH = 44, 9, 60
_MOST_FROZEN = 3
_SAMPLE = 200  # rows that decide the width of a column
_ACCENT, _LIGHT = "#0B5D57", "#E7F1F0"


@dataclass(frozen=True)
class _Formats:
    """The looks that the sheets share."""

    heading: Any
    text: Any
    wrapped: Any
    strong: Any
    numbers: Mapping[str, Any]

    def of(self, column: Column) -> Any:
        if column.is_numeric:
            return self.numbers[number_format(column)]
        return self.wrapped if column.name == NOTE else self.text


def write_xlsx(bundle: ExportBundle) -> bytes:
    """Write a workbook of the sheets ``Territoires``, ``Définitions`` and ``Sources``.

    Returns
    -------
    bytes
        XLSX. Numbers are numbers, codes are text, a missing value is an empty cell. A text longer
        than a cell goes on in the sheet ``Textes longs`` (:mod:`long_texts`).
    """
    columns = bundle.described
    stream = io.BytesIO()
    workbook = new_workbook(stream)
    made_on = bundle.produced_on or _UNDATED
    workbook.set_properties(
        {
            "title": _printable(bundle.title),
            "author": SIGNATURE,
            "created": datetime(made_on.year, made_on.month, made_on.day),
        }
    )
    formats = _formats(workbook, columns)
    pieces = _write_territories(workbook.add_worksheet(TERRITORIES), bundle, columns, formats)
    _write_definitions(workbook.add_worksheet(DEFINITIONS), columns, formats)
    _write_sources(workbook.add_worksheet(SOURCES), bundle, formats)
    if pieces:
        _write_pieces(workbook.add_worksheet(long_texts.SHEET), pieces, formats)
    workbook.close()
    return stream.getvalue()


def number_format(column: Column) -> str:
    """Return the format of a numeric column, which a French Excel shows the French way."""
    if column.kind == SHARE:
        return "0%"
    decimals = column.decimals if column.kind == NUMBER else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _formats(workbook: Any, columns: Sequence[Column]) -> _Formats:
    def made(**look: object) -> Any:
        return workbook.add_format({"valign": "top", "font_name": "Calibri", **look})

    numbers = {number_format(column) for column in columns if column.is_numeric}
    return _Formats(
        heading=made(bold=True, text_wrap=True, font_color="#FFFFFF", bg_color=_ACCENT, border=1,
                     border_color=_LIGHT),
        text=made(num_format="@"),
        wrapped=made(num_format="@", text_wrap=True),
        strong=made(bold=True, font_size=14),
        numbers={written: made(num_format=written) for written in sorted(numbers)},
    )  # fmt: skip


def _write_territories(
    sheet: Any, bundle: ExportBundle, columns: Sequence[Column], formats: _Formats
) -> list[long_texts.Piece]:
    table = bundle.table
    pieces: list[long_texts.Piece] = []
    codes = (
        _texts(table[CODE]) if CODE in table.columns else [str(n + 1) for n in range(len(table))]
    )
    _write_headings(sheet, columns, formats)
    for position, column in enumerate(columns):
        cells, look = table.iloc[:, position].tolist(), formats.of(column)
        write = _number_writer(sheet, look) if column.is_numeric else None
        for row, (code, value) in enumerate(zip(codes, cells, strict=True), start=1):
            if _is_missing(value) or value == "":
                continue
            if write is not None:
                write(row, position, value)
                continue
            text, rest = long_texts.cut(code, column.name, _as_text(value))
            sheet.write_string(row, position, text, look)
            pieces += rest
        sheet.set_column(position, position, _width(column, cells), look)
    _lay_out(sheet, len(table), len(columns), _frozen_columns(columns))
    return pieces


def _frozen_columns(columns: Sequence[Column]) -> int:
    """Return how many columns stay in sight: up to the name, when it is one of the first."""
    names = [column.name for column in columns[:_MOST_FROZEN]]
    return names.index(NAME) + 1 if NAME in names else 0


def _write_headings(sheet: Any, columns: Sequence[Column], formats: _Formats) -> None:
    sheet.set_row(0, 48)
    for position, column in enumerate(columns):
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_string(0, position, f"{column.heading}{unit}", formats.heading)
        told = [column.description, column.vintage, EMPTY_MEANS]
        sheet.write_comment(
            0, position, "\n".join(line for line in told if line),
            {"author": SIGNATURE, "x_scale": 2.5, "y_scale": 1.6},
        )  # fmt: skip


def _number_writer(sheet: Any, look: Any) -> Callable[[int, int, Any], None]:
    def write(row: int, position: int, value: Any) -> None:
        sheet.write_number(row, position, float(value), look)

    return write


def _lay_out(sheet: Any, rows: int, columns: int, frozen_columns: int = 0) -> None:
    sheet.freeze_panes(1, frozen_columns)
    sheet.autofilter(0, 0, rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P sur &N")


def _write_definitions(sheet: Any, columns: Sequence[Column], formats: _Formats) -> None:
    rows = [
        (one.heading, one.name, one.description, one.unit, one.vintage, one.source, one.licence)
        for one in columns
    ]
    _write_rows(sheet, DEFINITION_HEADINGS, rows, (34, 28, 70, 12, 22, 60, 24), formats)
    sheet.write_string(len(rows) + 2, 0, EMPTY_MEANS, formats.text)


def _write_sources(sheet: Any, bundle: ExportBundle, formats: _Formats) -> None:
    sheet.set_column(0, 0, 140, formats.wrapped)
    for row, line in enumerate(bundle.header_lines):
        text = _printable(line)
        sheet.write_string(row, 0, text, formats.strong if row == 0 else formats.wrapped)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _write_pieces(sheet: Any, pieces: Iterable[long_texts.Piece], formats: _Formats) -> None:
    rows = [(one.code, one.column, str(one.number), one.form, one.text) for one in pieces]
    _write_rows(sheet, long_texts.HEADINGS, rows, (28, 20, 10, 10, 100), formats)


def _write_rows(
    sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int],
    formats: _Formats,
) -> None:  # fmt: skip
    for position, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(position, position, width, formats.wrapped)
        sheet.write_string(0, position, heading, formats.heading)
    for row, cells in enumerate(rows, start=1):
        for position, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, position, cell, formats.wrapped)
    _lay_out(sheet, len(rows), len(headings))


def _width(column: Column, cells: Sequence[object]) -> float:
    if column.name == NOTE:
        return _NOTE_WIDTH
    longest = max((len(_as_text(cell)) for cell in cells[:_SAMPLE] if not _is_missing(cell)),
                  default=0)  # fmt: skip
    if column.kind in (WHOLE, NUMBER, SHARE, CODE_KIND):
        longest = min(longest, 22)
    words = max((len(word) for word in column.heading.split()), default=0) + 3
    return float(max(_NARROWEST, min(_WIDEST, max(longest + 2, words, len(column.heading) / 2))))


def _texts(cells: pd.Series) -> list[str]:
    return ["" if _is_missing(cell) else _as_text(cell) for cell in cells.tolist()]


def _is_missing(value: object) -> bool:
    if isinstance(value, Real):
        return not math.isfinite(value)
    return value is None or value is pd.NA or value is pd.NaT


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value.isoformat() if isinstance(value, date) else str(value)


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[: long_texts.CELL_LIMIT // 2]
