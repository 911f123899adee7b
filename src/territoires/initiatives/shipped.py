"""Reads the tables that stand in the data folder; what is wrong with one names it once."""

from __future__ import annotations

from pathlib import Path

from territoires.errors import DataFileError, InvalidTable
from territoires.tables import TypedTable, read_table_file

_FILE_LIMIT = 100_000_000


def read_shipped_table(path: Path, remedy: str | None = None) -> TypedTable:
    """Read a table of the data folder.

    Parameters
    ----------
    path : Path
        The file.
    remedy : str, optional
        What to do when it is not as it should be.

    Raises
    ------
    DataFileError
        The file is missing, or cannot be read as a table.
    """
    if not path.exists():
        raise DataFileError(path, "fichier absent", remedy)
    try:
        return read_table_file(path, _FILE_LIMIT)
    except InvalidTable as error:
        problem = str(error).removeprefix(f"{path} : ").rstrip(".")
        raise DataFileError(path, problem, remedy) from error
