"""A list that was placed, as its author gave it with the columns of its place: CSV or workbook."""

from __future__ import annotations

import io
import math
from typing import Any

import pandas as pd

from territoires.exports import long_texts
from territoires.exports.csv_export import protected
from territoires.exports.workbook import new_workbook
from territoires.tables.writing import write_csv

_SHEET = "Liste placée"
_MOST_ROWS = 1_048_575  # of a sheet, below its headings
_SAMPLE, _NARROWEST, _WIDEST = 200, 8, 44


def placed_csv(placed: pd.DataFrame) -> bytes:
    """Write a placed list for a French Excel; nothing in it is run as a formula."""
    return write_csv(protected(placed), excel=True)


def placed_xlsx(placed: pd.DataFrame) -> bytes:
    """Write a placed list as a workbook.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`.

    Returns
    -------
    bytes
        XLSX: headings as they are, numbers as numbers, every text as text (no formula, no link, no
        code without its zero); a missing value is an empty cell. What is longer than a cell goes
        on in the sheet ``Textes longs``.
    """
    stream = io.BytesIO()
    workbook = new_workbook(stream)
    sheet = workbook.add_worksheet(_SHEET)
    strong = workbook.add_format({"bold": True, "bg_color": "#E7F1F0", "bottom": 1})
    as_text = workbook.add_format({"num_format": "@"})
    rest: list[long_texts.Piece] = []
    for position, name in enumerate(map(str, placed.columns)):
        heading, pieces = long_texts.cut("0", "", name)
        sheet.write_string(0, position, heading, strong)
        cells = placed.iloc[:_MOST_ROWS, position].tolist()
        rest += [*pieces, *_write_cells(sheet, position, name, cells, as_text)]
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(placed), max(len(placed.columns) - 1, 0))
    if rest:
        _write_long_texts(workbook.add_worksheet(long_texts.SHEET), rest, as_text)
    workbook.close()
    return stream.getvalue()


def _write_cells(
    sheet: Any, position: int, name: str, cells: list[object], as_text: Any
) -> list[long_texts.Piece]:
    """Write a column below its heading; return what does not fit in its cells."""
    rest: list[long_texts.Piece] = []
    sheet.set_column(position, position, _width(name, cells))
    for row, value in enumerate(cells, start=1):
        if isinstance(value, float):
            if math.isfinite(value):
                sheet.write_number(row, position, value)
        elif value:
            text, pieces = long_texts.cut(str(row), name, str(value))
            rest += pieces
            sheet.write_string(row, position, text, as_text)
    return rest


def _write_long_texts(sheet: Any, rest: list[long_texts.Piece], as_text: Any) -> None:
    table = [("ligne", *long_texts.HEADINGS[1:])]
    table += [(one.code, one.column, str(one.number), one.form, one.text) for one in rest]
    for at, record in enumerate(table):
        for position, cell in enumerate(record):
            sheet.write_string(at, position, cell, as_text)


def _width(heading: str, cells: list[object]) -> int:
    longest = max((len(str(cell)) for cell in cells[:_SAMPLE]), default=0)
    return max(_NARROWEST, min(_WIDEST, max(longest, len(heading)) + 2))
