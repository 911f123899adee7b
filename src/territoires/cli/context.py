"""What several commands need: the workspace of this process, and what a person names in it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from territoires.errors import InvalidRequest, InvalidTable
from territoires.settings import load_settings
from territoires.tables.reading import TypedTable, read_table_file

if TYPE_CHECKING:
    from territoires.indicators import Indicator
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


def check_indicator(code: str, catalogue: Mapping[str, Indicator]) -> None:
    """Refuse an indicator that is not in the catalogue, and name those that are near.

    Raises
    ------
    InvalidRequest
        The indicator is unknown.
    """
    if code not in catalogue:
        near = difflib.get_close_matches(code, catalogue, n=3) or list(catalogue)[:5]
        message = f"Indicateur inconnu : « {code[:60]} ». Peut-être : {', '.join(near)}."
        raise InvalidRequest(message)
