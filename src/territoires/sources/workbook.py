"""A workbook that a person gives: its first sheet, as a table."""

from __future__ import annotations

import zipfile
from pathlib import Path

from territoires.errors import InvalidTable
from territoires.tables.reading import MAX_ROWS, TypedTable, table_of_rows

EXTENSIONS = frozenset({".xlsx", ".xlsm", ".ods"})
_MAX_RATIO = 30  # a sheet is text: what is packed tighter is made to fill a memory
_MORE_THAN_ENOUGH = MAX_ROWS + 2


def read_workbook(path: Path, limit_bytes: int, name: str = "") -> TypedTable:
    """Read the first sheet of a workbook.

    Parameters
    ----------
    path : Path
        An existing XLSX, XLSM or ODS.
    limit_bytes : int
        Size above which the file is refused.
    name : str
        File name, for the messages; that of the path by default.

    Raises
    ------
    InvalidTable
        Too large, packed or not, or without headings.
    UnexpectedFormat
        Damaged, or not a workbook.
    """
    # Half a second to import, that a CSV does not need.
    from territoires.sources.opening.tables import cell_text, sheet_rows

    name = name or path.name
    if path.stat().st_size > limit_bytes or _unpacked_size(path, name) > limit_bytes * _MAX_RATIO:
        allowed = f"{limit_bytes / 1_000_000:g}".replace(".", ",")
        message = f"{name} : classeur trop gros (limite : {allowed} Mo). Gardez l'utile."
        raise InvalidTable(message)
    rows = sheet_rows(path, "", name, _MORE_THAN_ENOUGH)
    return table_of_rows([[cell_text(cell) for cell in row] for row in rows], name)


def _unpacked_size(path: Path, name: str) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        message = f"{name} n'est pas un classeur, ou il est coupé. Enregistrez-le de nouveau."
        raise InvalidTable(message) from error
