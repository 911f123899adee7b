"""CSV in two dialects, with a header of sources, and back: docs/decisions/0007.

Text that a spreadsheet could run is written with an apostrophe before it; :func:`read_back` takes
that apostrophe off again, and only that one.
"""

from __future__ import annotations

import pandas as pd

from territoires.exports.bundle import ExportBundle
from territoires.tables import read_table
from territoires.tables.writing import neutralise, write_csv

_APOSTROPHE = "'"


def write_machine_csv(bundle: ExportBundle) -> bytes:
    """Write ``,``, decimal point, UTF-8."""
    return write_csv(protected(bundle.table), header_lines=bundle.header_lines)


def write_excel_csv(bundle: ExportBundle) -> bytes:
    """Write ``;``, decimal comma, UTF-8 with BOM, CRLF, codes kept as text."""
    return write_csv(protected(bundle.table), excel=True, header_lines=bundle.header_lines)


def read_back(content: bytes, name: str, *, limit_bytes: int) -> pd.DataFrame:
    """Read one of our own CSV exports, either dialect, saved again by a spreadsheet or not.

    Returns
    -------
    DataFrame of str
        Cells as they were before export: RangeIndex, empty text for missing.

    Raises
    ------
    InvalidTable
        It cannot be read as a table.
    """
    return unprotected(read_table(content, name, limit_bytes=limit_bytes).frame)


def read_csv_export(content: bytes, name: str) -> pd.DataFrame:
    """Read one of our own CSV exports whose size was checked, as :func:`read_back`."""
    return read_back(content, name, limit_bytes=len(content))


def unprotected(frame: pd.DataFrame) -> pd.DataFrame:
    """Take off the apostrophe that kept a spreadsheet from running a text.

    Parameters
    ----------
    frame : DataFrame of str
        As :func:`territoires.tables.read_table` reads it.
    """
    return frame.map(_unprotected)


def protected(table: pd.DataFrame) -> pd.DataFrame:
    """Double the apostrophe of texts that :func:`unprotected` would otherwise shorten."""
    protected = table.copy()
    for column in table.columns:
        if pd.api.types.is_string_dtype(table[column].dtype):
            protected[column] = table[column].map(_doubled, na_action="ignore")
    return protected


def _doubled(value: object) -> object:
    if isinstance(value, str) and _is_protected(value):
        return _APOSTROPHE + value
    return value


def _unprotected(text: str) -> str:
    return text[1:] if _is_protected(text) else text


def _is_protected(text: str) -> bool:
    """Tell whether a text is apostrophes before something that a spreadsheet could run."""
    bare = text.lstrip(_APOSTROPHE)
    return bare != text and neutralise(bare) != bare
