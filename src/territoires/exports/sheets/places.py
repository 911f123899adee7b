"""Who and where a territory is: name, size, town hall, maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from territoires.candidates.wording import plural, sentence_start
from territoires.communes import Register
from territoires.exports.sheets.content import Figure, Line, Picture
from territoires.indicators import MISSING_TEXT, format_number
from territoires.maps.static_ground import main_commune
from territoires.maps.static_locator import locator_map, locator_name
from territoires.maps.static_map import Mark, territory_map
from territoires.territory import Territoire
from territoires.territory.levels import LEVEL_NAMES, WITHOUT_SHORT_CODE
from territoires.territory.making import PART_LEVEL

MAP_SIZE = (318.0, 236.0)
INITIATIVE_MAP_SIZE = (318.0, 176.0)

_COUNTRY = "pays"
_WITHOUT_CODE = (*WITHOUT_SHORT_CODE, PART_LEVEL, _COUNTRY)
_NAMES_SHOWN = 3


def code_of(place: Territoire) -> str:
    """Return the code of a territory among those of its level."""
    return place.code.partition(":")[2]


def register_source(register: Register) -> str:
    """Say where names, outlines and town halls come from, and of which communes they are."""
    return (
        "Contours, noms, mairies : IGN Admin Express, Insee, DGCL, annuaire de l'administration "
        f"(Licence Ouverte 2.0) ; communes au 1er janvier {register.cog}."
    )


def subtitle(register: Register, place: Territoire) -> str:
    """Say what a territory is, its code, and what holds it."""
    nature = sentence_start(LEVEL_NAMES[place.niveau])
    if place.niveau not in _WITHOUT_CODE:
        nature = f"{nature} {code_of(place)}"
    parts = [nature]
    if len(place.communes) > 1:
        parts.append(plural(len(place.communes), "commune", "communes"))
    return " · ".join([*parts, *_around(register, place)])


def _around(register: Register, place: Territoire) -> list[str]:
    """Name the EPCI, département and région that hold a territory; several when several do."""
    communes = register.communes.iloc[register.positions(place.communes)]
    levels = ("epci", "departement", "region")
    if place.niveau in ("region", _COUNTRY):
        return []
    wider = levels[levels.index(place.niveau) + 1 :] if place.niveau in levels else levels
    named = []
    for level in wider:
        codes = [str(code) for code in communes[f"code_{level}"].dropna().unique()]
        if codes:
            named.append(_names(register, level, codes))
        elif level == "epci":
            named.append("hors EPCI")
    return named


def _names(register: Register, level: str, codes: Sequence[str]) -> str:
    names = [register.name_of(level, code) for code in codes]
    shown = names if len(names) <= _NAMES_SHOWN else [*names[: _NAMES_SHOWN - 1], "…"]
    return ", ".join(shown)


def size_figures(register: Register, place: Territoire) -> tuple[Figure, ...]:
    """Return people, area and density, each with what it is."""
    communes = register.communes.iloc[register.positions(place.communes)]
    years = sorted({str(year) for year in communes["population_millesime"].dropna()})
    people, area = place.population, place.superficie_km2(register)
    dense = None if people is None or not area else people / area
    return (
        Figure(_number(people), f"habitants ({', '.join(years)})" if years else "habitants"),
        Figure(_number(area, " km²", 1 if area is not None and area < 100 else 0), "superficie"),
        Figure(
            _number(dense, "", 1 if dense is not None and dense < 10 else 0), "habitants au km²"
        ),
    )


def _number(value: float | None, unit: str = "", decimals: int = 0) -> str:
    return MISSING_TEXT if value is None else format_number(value, decimals) + unit


def map_of(
    register: Register, place: Territoire, marks: Sequence[Mark], size: tuple[float, float]
) -> Picture:
    """Draw a territory and its neighbours, and say it to whoever does not see it."""
    numbered = sum(bool(mark.label) for mark in marks)
    told = f", et {plural(numbered, 'repère numéroté', 'repères numérotés')}" if numbered else ""
    words = f"Carte : {place.nom} et les communes voisines{told}. La liste dit la même chose."
    return Picture(territory_map(register, place, marks, size=size), words)


def locator_of(register: Register, place: Territoire) -> Picture:
    """Draw where a territory is in France."""
    where = locator_name(register, place)
    return Picture(locator_map(register, place), f"Situation de {place.nom} : {where}.")


def town_hall(register: Register, place: Territoire) -> tuple[Line, ...]:
    """Return how to reach the town hall: of the commune, or of the most populous one.

    Public data of the register (annuaire de l'administration).
    """
    row = register.communes.loc[main_commune(register, place)]
    lines = [
        Line("Adresse", one_line(row["mairie_adresse"])),
        Line("Téléphone", one_line(row["mairie_telephone"])),
        Line("Site", _bare(one_line(row["mairie_site"])), web_address(row["mairie_site"])),
        Line("Horaires", one_line(row["mairie_horaires"])),
    ]
    if len(place.communes) > 1:
        lines.insert(0, Line("Commune", f"{row['nom']}, la plus peuplée"))
    return tuple(lines)


def one_line(value: Any) -> str:
    """Return a text of the register on one line; empty when it is missing."""
    return "" if pd.isna(value) else " · ".join(str(value).split("\n")).strip()


def web_address(value: Any) -> str:
    """Return an address that may be a link: http or https, nothing else; else empty."""
    text = "" if pd.isna(value) else str(value).strip()
    safe = text.lower().startswith(("http://", "https://")) and text.isprintable()
    return text if safe and " " not in text and len(text) <= 1_000 else ""


def _bare(address: str) -> str:
    return address.split("//")[-1].rstrip("/")
