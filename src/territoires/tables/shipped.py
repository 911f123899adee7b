"""Reads a shipped data file whole, or says in French why it cannot be."""

from __future__ import annotations

from pathlib import Path

from territoires.errors import DataFileError
from territoires.tables.system_errors import french_reason


def read_shipped_bytes(path: Path) -> bytes:
    """Return the content of a shipped file.

    Raises
    ------
    DataFileError
        The file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(path, "fichier absent") from error
    except OSError as error:
        raise DataFileError(path, f"fichier impossible à lire ({french_reason(error)})") from error
