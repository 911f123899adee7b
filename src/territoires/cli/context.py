"""What several commands need: the workspace of this process, and reading a user's file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from territoires.errors import InvalidTable
from territoires.settings import load_settings
from territoires.tables.reading import TypedTable, read_table_file

if TYPE_CHECKING:
    from territoires.workspace import Workspace


def current_workspace() -> Workspace:
    """Open the data folder that the environment names."""
    # Half a second to import, that a command on a person's own file may not need.
    from territoires.workspace import open_workspace

    return open_workspace(load_settings(os.environ))


def read_user_table(path: str) -> TypedTable:
    """Read a table that a person gave on the command line.

    Raises
    ------
    InvalidTable
        The file does not exist or is not a table.
    """
    file = Path(path)
    if not file.is_file():
        message = f"{path} : fichier introuvable. Vérifiez le chemin."
        raise InvalidTable(message)
    return read_table_file(file, load_settings(os.environ).upload_limit_bytes)
