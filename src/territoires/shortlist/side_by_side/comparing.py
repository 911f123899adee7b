"""Lays territories side by side: each is read apart, so that none changes what is said of another.

A rate of a territory is the sum of numerators over the sum of denominators of its communes, never
a mean of rates (``IndicatorTable.for_territory``).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from territoires.candidates.wording import plural, shortened
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.indicators import RANKED_STATUSES, Indicator
from territoires.initiatives import Directory
from territoires.shortlist.side_by_side.model import FEWEST, MOST, Compared, Figure, SideBySide
from territoires.shortlist.side_by_side.needs import need_of
from territoires.shortlist.side_by_side.presence import presence_of
from territoires.shortlist.side_by_side.reference import LEVELS, Reference, level_of
from territoires.territory import Territoire
from territoires.territory.levels import LEVEL_NAMES
from territoires.territory.making import GROUP_LEVEL

_COMMUNE = LEVELS[0]
_WHERE_NAMED = 2


def side_by_side(
    register: Register, references: Mapping[str, Reference], directory: Directory,
    places: Sequence[tuple[Territoire, str]], *, radius_km: float,
) -> SideBySide:  # fmt: skip
    """Compare territories.

    Parameters
    ----------
    register : Register
        The communes.
    references : Mapping of str to Reference
        By level: communes always, and the level of each territory that is ranked among its own.
    directory : Directory
        Initiatives.
    places : sequence of (Territoire, str)
        From ``FEWEST`` to ``MOST``, each once, and what each is called.
    radius_km : float
        Within which initiatives are near.

    Raises
    ------
    InvalidRequest
        Too few or too many territories, one given twice, or an impossible radius.
    """
    codes = [place.code for place, _name in places]
    if not FEWEST <= len(codes) <= MOST or len(set(codes)) < len(codes):
        raise InvalidRequest(
            f"Une comparaison réunit de {FEWEST} à {MOST} territoires différents ; "
            f"{len(set(codes))} donnés."
        )
    known = references[_COMMUNE]
    columns = tuple(
        Compared(
            place=place,
            name=name,
            where=where_is(register, place),
            level=level_of(place),
            area_km2=(area := place.superficie_km2(register)),
            density=_density(place.population, area),
            figures=_figures(place, known, references[level_of(place)]),
            need=need_of(place, references[level_of(place)]),
            presence=presence_of(register, directory, place, radius_km),
        )
        for place, name in places
    )
    return SideBySide(columns, known.table.catalogue, known.index.recipe, radius_km)


def where_is(register: Register, place: Territoire) -> str:
    """Say what a commune is part of; of another territory, what it is and where."""
    communes = register.communes.iloc[register.positions(place.communes)]
    levels = ("epci", "departement", "region") if place.niveau == _COMMUNE else ("departement",)
    names = [_named(register, communes, level) for level in levels]
    if place.niveau != _COMMUNE:
        count = plural(len(place.communes), "commune", "communes")
        kind = LEVEL_NAMES[place.niveau]
        told = f"groupe de {count}" if place.niveau == GROUP_LEVEL else f"{kind}, {count}"
        names = [told, *names]
    elif not names[0]:
        names[0] = "hors EPCI"
    # A département is not told to be in itself, nor one that is a région to be in another.
    return " · ".join(dict.fromkeys(name for name in names if name and name != place.nom))


def _named(register: Register, communes: pd.DataFrame, level: str) -> str:
    codes = communes[f"code_{level}"].dropna().unique()
    return shortened([register.name_of(level, str(code)) for code in codes], _WHERE_NAMED)


def _density(population: int | None, area_km2: float | None) -> float | None:
    return None if population is None or not area_km2 else population / area_km2


def _figures(place: Territoire, communes: Reference, own: Reference) -> dict[str, Figure]:
    rows = communes.table.for_territory(place.communes).to_dict("records")
    ranks = _ranks(place, rows, own)
    return {
        str(row["code"]): Figure(
            value=float(row["valeur"]),
            status=str(row["statut"]),
            rank=ranks[str(row["code"])][0],
            ranked=ranks[str(row["code"])][1],
            coverage=float(row["couverture"]),
            method=str(row["methode"]),
            low=float(row["minimum"]),
            high=float(row["maximum"]),
        )
        for row in rows
    }


def _ranks(
    place: Territoire, rows: Sequence[Mapping[Hashable, Any]], own: Reference
) -> dict[str, tuple[int | None, int]]:
    """Rank the value of a territory among the places of its level: (rank, how many)."""
    found: dict[str, tuple[int | None, int]] = {}
    own_row = own.rows_of(place)[0] if place.niveau == own.level else None
    for row in rows:
        code = str(row["code"])
        indicator, column = own.table.indicator(code), own.table.comparable[code].to_numpy()
        count = int(np.count_nonzero(~np.isnan(column)))
        # Its own row, where it has one: sums in another order may differ by the last digit.
        value = float(row["valeur"]) if own_row is None else float(column[own_row])
        ranked = is_ranked(indicator, own.level) and row["statut"] in RANKED_STATUSES
        found[code] = (_rank(column, value, indicator) if ranked else None, count)
    return found


def is_ranked(indicator: Indicator, level: str) -> bool:
    """Tell whether a rank on an indicator means something among the places of a level.

    Thousands of places share each class; every commune of a wider place carries its figure.
    """
    wider = indicator.is_wider and level == _COMMUNE
    return indicator.rankable and not indicator.is_ordinal and not wider


def _rank(column: np.ndarray, value: float, indicator: Indicator) -> int | None:
    if np.isnan(value):
        return None
    before = column < value if indicator.direction < 0 else column > value
    return 1 + int(np.count_nonzero(before))
