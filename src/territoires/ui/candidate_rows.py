"""The candidates as rows of the list that one ticks, sorts and points at."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from territoires.candidates import CandidateList
from territoires.candidates.presets import COMMUNE
from territoires.communes import Register
from territoires.indicators import format_interval, format_share
from territoires.territory import Territoire
from territoires.ui.listing import (
    BAR,
    LEAST,
    MINOR,
    NAME,
    NUMBER,
    TEXT,
    Cell,
    Column,
    Row,
    cell_of,
)

NEAREST = "À (km)"
_KNOWN_SHARE = Column(
    "Part connue", NUMBER, LEAST, help="Part du poids de la recette dont le chiffre est là"
)
_NEED = Column("Besoin", BAR, help="Indice de 0 à 100")
_FAR = Column(NEAREST, NUMBER, help="Distance à l'initiative choisie la plus proche, en km")
_INTERVAL = Column("Intervalle", TEXT, MINOR, help="Rang dans neuf tirages sur dix")

_Values = dict[Hashable, Any]
_Made = tuple[Column, Callable[[_Values, Territoire], Cell]]


def candidate_rows(register: Register, found: CandidateList) -> tuple[list[Column], list[Row]]:
    """Return the columns of the list, and one row per candidate shown."""
    made = _columns(register, found)
    rows = []
    for code, values in zip(found.frame.index, found.frame.to_dict("records"), strict=True):
        place = found.context.territory(str(code))
        cells = tuple(cell(values, place) for _, cell in made)
        rows.append(Row(str(code), str(values["nom"]), place.code, cells))
    return [column for column, _ in made], rows


def name_heading(found: CandidateList) -> str:
    """Return what a candidate is, as a heading: « Commune », « Territoire », « EPCI »."""
    name = found.context.noun.singular
    return name if name.isupper() else name.capitalize()


def _columns(register: Register, found: CandidateList) -> list[_Made]:
    columns: list[_Made] = [
        (Column("Rang", NUMBER), lambda row, _: cell_of(row["rang"])),
        (Column(name_heading(found), NAME), lambda row, _: cell_of(row["nom"])),
        (Column("Dép.", TEXT, MINOR), lambda row, _: cell_of(row["code_departement"])),
        (Column("Habitants", NUMBER), lambda row, _: cell_of(row["population"])),
        (_NEED, lambda row, _: cell_of(row["score"] * 100, 1)),
        (_FAR, lambda row, _: cell_of(row["distance_km"], 1)),
        (_KNOWN_SHARE, lambda row, _: Cell(format_share(row["couverture"]), row["couverture"])),
    ]
    if "rang_min" in found.frame:
        columns.insert(1, (_INTERVAL, lambda row, _: _interval(row)))
    if found.query.unit != COMMUNE:
        counted = Column("Communes", NUMBER, LEAST)
        return [*columns, (counted, lambda _, place: cell_of(len(place.communes)))]
    names = register.epci["nom"]
    epci = Column("EPCI", TEXT, LEAST)
    return [*columns, (epci, lambda row, _: cell_of(names.get(row["code_epci"])))]


def _interval(row: _Values) -> Cell:
    low, high = int(row["rang_min"]), int(row["rang_max"])
    return Cell(format_interval(low, high), float(low))
