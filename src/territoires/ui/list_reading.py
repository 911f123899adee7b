"""The list that a person uploads: CSV, workbook or GeoJSON, read as the command line reads it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from territoires.exports.csv_export import unprotected
from territoires.geocoding.feature_file import read_features
from territoires.sources.workbook import EXTENSIONS, read_workbook
from territoires.tables.reading import TypedTable, read_table

_FEATURES = frozenset({".geojson", ".json"})
_LONGEST_NAME = 80


def read_upload(content: bytes, name: str, limit_bytes: int) -> TypedTable:
    """Read a list of places.

    Parameters
    ----------
    content : bytes
        Of the file.
    name : str
        As the browser gives it: its end says what the file is.
    limit_bytes : int
        Size above which it is refused.

    Raises
    ------
    InvalidTable
        Too large, or not a table.
    UnexpectedFormat
        A workbook that cannot be opened.
    """
    shown = name[-_LONGEST_NAME:]
    suffix = PurePath(shown).suffix.lower()
    if suffix in EXTENSIONS:
        return _workbook(content, suffix, shown, limit_bytes)
    if suffix in _FEATURES:
        return read_features(content, shown, limit_bytes=limit_bytes)
    typed = read_table(content, shown, limit_bytes=limit_bytes)
    # The files that are given here keep a spreadsheet from running a text: taken as it was typed.
    return replace(typed, frame=unprotected(typed.frame))


def _workbook(content: bytes, suffix: str, name: str, limit_bytes: int) -> TypedTable:
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder:
        path = Path(folder) / f"liste{suffix}"
        path.write_bytes(content)
        return read_workbook(path, limit_bytes, name)
