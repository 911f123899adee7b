"""The table of the standalone map: the same values as the map, and where its popups take theirs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from territoires.exports.bundle import ExportBundle
from territoires.exports.columns import (
    CONTRIBUTION,
    NUMBER,
    SHARE,
    VALUE_STATUS,
    WHOLE,
    Column,
)
from territoires.indicators import MISSING_TEXT, STATUS_LABELS, format_number, format_share
from territoires.shortlist.identity import CODE, NAME, NOTE, TAGS

_LONGEST = 2_000  # characters of a text shown; the whole of a note comes back all the same
_LONG = 80  # characters from which a column is given room
_UNTOLD = "publie"
_HIDDEN = ("codes_communes",)
_FREE_TEXTS = frozenset({NOTE, NAME, TAGS})


def table_html(bundle: ExportBundle, classes: Sequence[int], colours: Sequence[str]) -> str:
    """Return the table twin of the map, every text escaped.

    Parameters
    ----------
    bundle : ExportBundle
        What is exported.
    classes : sequence of int
        Class of each row, ``-1`` for none.
    colours : sequence of str
        ``#rrggbb`` of each class, then of no class.

    Returns
    -------
    str
        One row per territory, in the order of the table, with a button that shows it on the map.
    """
    columns = _shown(bundle)
    heads = "".join(_heading(column) for column in columns)
    cells = [_cells(bundle.table, column) for column in columns]
    names = _names(bundle)
    rows = [
        f'<tr data-ligne="{row}"><th scope="row">'
        f'<i style="background:{colours[classes[row]]}" aria-hidden="true"></i>'
        f'<button type="button" class="voir"><bdi>{escape(names[row])}</bdi></button></th>'
        f"{''.join(column[row] for column in cells)}</tr>"
        for row in range(len(bundle.table))
    ]
    return (
        f'<table><thead><tr><th scope="col">Territoire</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _shown(bundle: ExportBundle) -> list[Column]:
    """Return the columns that a person reads; the code, which brings the file back, is last."""
    shown = [
        column
        for column in bundle.described
        if column.name not in (*_HIDDEN, NAME)
        and not column.name.startswith((VALUE_STATUS, CONTRIBUTION))
        and (column.indicator_code or bundle.table[column.name].notna().any())
    ]
    return sorted(shown, key=lambda column: column.name == CODE)


def _names(bundle: ExportBundle) -> list[str]:
    for column in (NAME, CODE):
        if column in bundle.table.columns:
            return [str(name) for name in bundle.table[column]]
    return [f"Ligne {row + 1}" for row in range(len(bundle.table))]


def _heading(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    told = escape(f"{column.description} {column.vintage}".strip())
    # The code brings the file back; a popup has no use for it.
    mark = ' data-code="1"' if column.name == CODE else ""
    return f'<th scope="col" title="{told}"{mark}>{escape(column.heading + unit)}</th>'


def _cells(table: pd.DataFrame, column: Column) -> list[str]:
    values = table[column.name].tolist()
    reasons = _reasons(table, column)
    texts = [_written(value, column, reason) for value, reason in zip(values, reasons, strict=True)]
    is_long = max(map(len, texts)) > _LONG and not column.is_numeric
    kind = ' class="n"' if column.is_numeric else ' class="long"' if is_long else ""
    direction = ' dir="auto"' if column.name in _FREE_TEXTS else ""
    return [f"<td{kind}{direction}>{escape(text)}</td>" for text in texts]


def _reasons(table: pd.DataFrame, column: Column) -> list[str]:
    """Say, for each row, why a figure is missing or what must be said of it."""
    statuses = VALUE_STATUS + column.indicator_code
    if not column.indicator_code or statuses not in table.columns:
        return [_UNTOLD] * len(table)
    return [str(status) for status in table[statuses]]


def _written(value: object, column: Column, status: str) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        if column.is_numeric or column.indicator_code:
            return STATUS_LABELS.get(status, MISSING_TEXT) if status != _UNTOLD else MISSING_TEXT
        return ""
    text = _number(float(str(value)), column) if column.is_numeric else _short(str(value))
    return f"{text} ou moins" if status == "plancher" else text


def _number(value: float, column: Column) -> str:
    if column.kind == SHARE:
        return format_share(value)
    decimals = {WHOLE: 0, NUMBER: column.decimals}[column.kind]
    return format_number(value, decimals)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} […]"
