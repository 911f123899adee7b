"""Reads the TOML files that are shipped; what is wrong with one is said in French."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from territoires.errors import DataFileError
from territoires.tables.system_errors import french_reason

NOT_UTF8 = "ce n'est pas un texte UTF-8"
_PLACE = re.compile(r"line (\d+), column (\d+)")


def read_toml_file(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    DataFileError
        The file is missing, cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataFileError(path, "fichier absent") from error
    except OSError as error:
        raise DataFileError(path, f"fichier impossible à lire ({french_reason(error)})") from error
    except UnicodeDecodeError as error:
        raise DataFileError(path, NOT_UTF8) from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(path, f"TOML illisible ({toml_place(error)})") from error


def toml_place(error: tomllib.TOMLDecodeError) -> str:
    """Say where a TOML text stops making sense."""
    found = _PLACE.search(str(error))
    return f"ligne {found[1]}, colonne {found[2]}" if found else "jusqu'à la fin"
