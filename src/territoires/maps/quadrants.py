"""The four quadrants of need and capacity on a map: their colours, their fields in an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.candidates.quadrants import (
    LESSER_WITH,
    LESSER_WITHOUT,
    QUADRANTS,
    STRONG_WITH,
    STRONG_WITHOUT,
    QuadrantRules,
)
from territoires.errors import InvalidRequest
from territoires.maps.classes import Classes
from territoires.maps.palettes import parse
from territoires.needs.recipe_address import read_number, write_number

QUADRANT_COLOURS: Mapping[str, str] = {
    STRONG_WITHOUT: "#b3430c",
    STRONG_WITH: "#1d5c96",
    LESSER_WITHOUT: "#f7d5b5",
    LESSER_WITH: "#b5d4ec",
}
"""The hue says the capacity (orange: nothing recorded, blue: some), the darkness the need: told
apart by lightness in grey, by hue under every colour-blindness."""

MOST_CODES = 60
_CODE = re.compile(r"[a-z0-9_]{1,40}")
_MARK = re.compile(r"[0-9a-f]{0,64}")
_LISTS = {"axes": "axes", "types": "types", "statuts": "statuses"}
QUADRANT_FIELDS = frozenset({"portee", "besoin", "capacite", "annuaire", *_LISTS})


@dataclass(frozen=True)
class MapQuadrants:
    """What a map of quadrants shows beside its index.

    Attributes
    ----------
    rules : QuadrantRules
        Which initiatives count, how far, and where the quadrants part.
    directory : str
        Mark of the directory counted (:class:`~territoires.initiatives.KnownDirectories`); empty
        for the one that is shipped.

    Raises
    ------
    InvalidRequest
        The mark is not one.
    """

    rules: QuadrantRules
    directory: str = ""

    def __post_init__(self) -> None:
        if not _MARK.fullmatch(self.directory):
            raise InvalidRequest("annuaire : une empreinte d'annuaire est attendue.")


def quadrants_to_fields(shown: MapQuadrants) -> dict[str, str]:
    """Write quadrants as fields of an address, in one way only."""
    rules = shown.rules
    fields = {
        "portee": write_number(rules.reach_km),
        "besoin": str(rules.strong_percent),
        "capacite": rules.capacity_limit,
    }
    for name, attribute in _LISTS.items():
        codes = getattr(rules, attribute)
        if codes:
            fields[name] = ",".join(codes)
    if shown.directory:
        fields["annuaire"] = shown.directory
    return fields


def quadrants_from_fields(fields: Mapping[str, str]) -> MapQuadrants:
    """Read quadrants from the fields of an address.

    Raises
    ------
    InvalidRequest
        A field is missing, malformed or out of range.
    """
    for name in ("portee", "besoin", "capacite"):
        if name not in fields:
            raise InvalidRequest(f"{name} : ce paramètre est attendu pour des quadrants.")
    percent = fields["besoin"]
    if not (percent.isascii() and percent.isdecimal() and len(percent) <= 2):
        raise InvalidRequest("besoin : un nombre entier de 1 à 99 est attendu.")
    lists = {attribute: _codes(name, fields.get(name, "")) for name, attribute in _LISTS.items()}
    rules = QuadrantRules(
        read_number("portee", fields["portee"]), int(percent), fields["capacite"], **lists
    )
    return MapQuadrants(rules, fields.get("annuaire", ""))


def _codes(name: str, text: str) -> tuple[str, ...]:
    codes = tuple(text.split(",")) if text else ()
    if len(codes) > MOST_CODES or not all(map(_CODE.fullmatch, codes)):
        raise InvalidRequest(f"{name} : des codes séparés par des virgules sont attendus.")
    return codes


def quadrant_numbers(quadrant: pd.Series) -> pd.Series:
    """Return the position of each quadrant in ``QUADRANTS``, NaN for none: what a map colours."""
    return quadrant.map({code: float(at) for at, code in enumerate(QUADRANTS)}).astype(float)


def quadrant_classes(numbers: pd.Series, rules: QuadrantRules) -> Classes:
    """Make one class of each quadrant, whether a place is in it or not: the legend never moves.

    Parameters
    ----------
    numbers : Series of float
        As :func:`quadrant_numbers`, of the places drawn.
    """
    known = numbers.dropna().to_numpy(dtype=int)
    return Classes(
        bounds=tuple(float(at) for at in range(len(QUADRANTS))),
        discrete=True,
        labels=tuple(rules.label(code) for code in QUADRANTS),
        colours=tuple(parse(QUADRANT_COLOURS[code]) for code in QUADRANTS),
        counts=tuple(np.bincount(known, minlength=len(QUADRANTS)).tolist()),
        missing_count=int(numbers.isna().sum()),
        nominal=True,
    )
