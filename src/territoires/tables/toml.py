"""Reads the TOML files that are shipped; what is wrong with one is said in French."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from territoires.errors import DataFileError
from territoires.tables.shipped import read_shipped_bytes

NOT_UTF8 = "ce n'est pas un texte UTF-8"
_LARGEST = 1e9
_Rules = TypeVar("_Rules")
_PLACE = re.compile(r"line (\d+), column (\d+)")


def read_toml_file(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    DataFileError
        The file is missing, cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        return tomllib.loads(read_shipped_bytes(path).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DataFileError(path, NOT_UTF8) from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(path, f"TOML illisible ({toml_place(error)})") from error


def read_toml_rules(path: Path, build: Callable[[Mapping[str, Any]], _Rules]) -> _Rules:
    """Read a TOML file of rules, and make of its content what the rest of the program uses.

    Parameters
    ----------
    build : callable
        Raises KeyError for a field that is not there; :func:`number_in` for a number that is
        wrong.

    Raises
    ------
    DataFileError
        As :func:`read_toml_file`; or a field is missing, of another type, or out of range.
    """
    content = read_toml_file(path)
    try:
        return build(content)
    except KeyError as error:
        raise DataFileError(path, f"champ « {error.args[0]} » absent") from error
    except (TypeError, ValueError) as error:
        problem = f"valeur qui n'est pas du type ou dans l'intervalle attendu : {error}"
        raise DataFileError(path, problem) from error


def number_in(table: Mapping[str, Any], field: str, most: float = _LARGEST) -> float:
    """Return a number of a table of rules, from 0 to ``most``, and never an infinite one.

    Raises
    ------
    KeyError
        It is missing.
    ValueError
        It is not a number, or out of range; named after the field, for :func:`read_toml_rules`.
    """
    value = table[field]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(field)
    return float(value)


def toml_place(error: tomllib.TOMLDecodeError) -> str:
    """Say where a TOML text stops making sense."""
    found = _PLACE.search(str(error))
    return f"ligne {found[1]}, colonne {found[2]}" if found else "jusqu'à la fin"
