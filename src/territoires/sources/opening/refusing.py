"""How a file is refused, whatever is wrong with it."""

from __future__ import annotations

from typing import NoReturn

from territoires.errors import UnexpectedFormat


def refuse(where: str, problem: str) -> NoReturn:
    """Refuse a file.

    Raises
    ------
    UnexpectedFormat
        Always: where, then what is wrong.
    """
    message = f"{where} : {problem}."
    raise UnexpectedFormat(message)
