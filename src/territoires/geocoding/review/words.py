"""What a row says of its place, reduced so that the same row of another file is known again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from territoires.geocoding.columns import Columns
from territoires.geocoding.normalise import MAX_LENGTH
from territoires.geocoding.typed_points import read_numbers, split_points
from territoires.tables.text import plain

FIELDS = {
    "town": "commune",
    "postcode": "code_postal",
    "code": "code_commune",
    "departement": "departement",
    "address": "adresse",
    "longitude": "longitude",
    "latitude": "latitude",
}
"""Attribute of :class:`Words` → its name in the files that people read."""

_WORD = re.compile(r"[^\W_]+")
_DIGITS = {"code": 5, "postcode": 5, "departement": 2}
_FARTHEST = 1e8  # metres or degrees: beyond, it is no coordinate
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_UNREADABLE = "illisible"


class Words(NamedTuple):
    """The cells of a row that speak of its place, in lower case, without accents or punctuation.

    Attributes
    ----------
    code, postcode, departement : str
        With the zero that a spreadsheet lost.
    town, address : str
        Words, single spaces between.
    longitude, latitude : str
        Five decimals (a metre, where they are degrees); words where they are no numbers.
    """

    code: str = ""
    postcode: str = ""
    town: str = ""
    departement: str = ""
    address: str = ""
    longitude: str = ""
    latitude: str = ""

    @property
    def say_something(self) -> bool:
        """Tell whether there is anything to decide on."""
        return any(self)

    @property
    def place(self) -> Words:
        """The same words without the address nor the point: what neighbours in a list share."""
        return self._replace(address="", longitude="", latitude="")

    def named(self) -> dict[str, str]:
        """Return what is said, under the names of :data:`FIELDS`."""
        return {FIELDS[role]: cell for role, cell in self._asdict().items() if cell}


def words_of(frame: pd.DataFrame, columns: Columns) -> list[Words]:
    """Return the words of each row of a table.

    Parameters
    ----------
    frame : pd.DataFrame
        Text, as :class:`territoires.tables.TypedTable` holds it.
    columns : Columns
        Which column says what.
    """
    cells = {
        role: _reduced(frame, getattr(columns, role), role)
        for role in ("code", "postcode", "town", "departement", "address")
    }
    longitude, latitude = _coordinates(frame, columns)
    return list(map(Words._make, zip(*cells.values(), longitude, latitude, strict=True)))


def words_from(named: Mapping[str, str]) -> Words:
    """Read words under the names of :data:`FIELDS`, whoever wrote them; what is missing is empty.

    :meth:`Words.named` gives them back.
    """
    cells = {role: str(named.get(name, "")) for role, name in FIELDS.items()}
    points = {role: _coordinate(cells[role]) for role in ("longitude", "latitude")}
    return Words(**{role: reduced(cells[role], role) for role in FIELDS} | points)


def reduced(text: str, role: str = "") -> str:
    """Reduce a cell to its words; doing it twice changes nothing more."""
    words = " ".join(_WORD.findall(plain(text[:MAX_LENGTH])))[:MAX_LENGTH].rstrip()
    width = _DIGITS.get(role, 0)
    if len(words) == width - 1 and words.isdecimal():
        return f"0{words}"
    return words


def _reduced(frame: pd.DataFrame, heading: str | None, role: str) -> list[str]:
    if heading is None:
        return [""] * len(frame)
    known: dict[str, str] = {}
    cells = frame[heading].tolist()
    for cell in cells:
        if cell not in known:
            known[cell] = reduced(cell, role)
    return [known[cell] for cell in cells]


def _coordinates(frame: pd.DataFrame, columns: Columns) -> tuple[list[str], list[str]]:
    if columns.longitude is not None and columns.latitude is not None:
        pair = frame[columns.longitude], frame[columns.latitude]
    elif columns.point is not None:
        pair = split_points(frame[columns.point])
    else:
        return [""] * len(frame), [""] * len(frame)
    return _numbers(pair[0]), _numbers(pair[1])


def _numbers(column: pd.Series[str]) -> list[str]:
    numbers = read_numbers(column).tolist()
    return [
        _written(number) or _unreadable(cell) for number, cell in zip(numbers, column, strict=True)
    ]


def _coordinate(cell: str) -> str:
    """Read a coordinate as :func:`_written` wrote it, or as a spreadsheet did after it."""
    found = _NUMBER.fullmatch(cell.strip())
    return (_written(float(found[0].replace(",", "."))) if found else "") or _unreadable(cell)


def _unreadable(cell: str) -> str:
    """Keep the words of a coordinate that is none, apart from those that are."""
    words = reduced(cell)
    return words if not words or words.startswith(_UNREADABLE) else f"{_UNREADABLE} {words}"


def _written(number: float) -> str:
    """Write a coordinate, or ``""`` where it is none."""
    if not math.isfinite(number) or abs(number) > _FARTHEST:
        return ""
    return f"{round(number, 5) + 0.0:.5f}"  # + 0.0: no minus before a zero
