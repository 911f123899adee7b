"""Communes that stand alone, and parts of those that are too large to be taken whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from territoires.candidates.growing.area import BoolArray, Goal, compactness
from territoires.candidates.growing.results import COMMUNE, PART, GrownTerritory, Part
from territoires.candidates.wording import format_inhabitants, listing, plural

_TO_CHOOSE = "une partie de la commune est à choisir"


def whole_communes(units: pd.DataFrame, alone: BoolArray, goal: Goal) -> Iterator[GrownTerritory]:
    """Offer the communes that fit by themselves."""
    row: Any
    for row in units[alone].itertuples():
        yield _single(
            row, COMMUNE, row.score, goal,
            population=int(row.population),
            stop="commune seule : sa population est dans les bornes",
        )  # fmt: skip


def parts_of_communes(
    units: pd.DataFrame, too_large: BoolArray, parts: pd.DataFrame, goal: Goal
) -> Iterator[GrownTerritory]:
    """Offer a part of each commune above the upper bound.

    A part whose need is known is a territory by itself, when it fits. Otherwise, or when parts that
    fit are left, the commune is offered once, with its need, and says that a part remains to be
    chosen, and among which.
    """
    by_commune: dict[str, list[Any]] = {}
    for part in parts.itertuples():
        by_commune.setdefault(str(part.code_commune), []).append(part)
    for row in units[too_large].itertuples():
        own = by_commune.get(str(row.Index), [])
        scored = [part for part in own if _fits(part, goal) and not math.isnan(part.score)]
        yield from (_scored_part(row, part, goal) for part in scored)
        others = [part for part in own if math.isnan(part.score)]
        if not scored or any(_fits(part, goal) for part in others):
            yield _part_to_choose(row, own if not scored else others, goal)


def _scored_part(row: Any, part: Any, goal: Goal) -> GrownTerritory:
    return _single(
        row, PART, part.score, goal,
        population=int(part.population),
        stop=f"{part.nom} : partie d'une commune de {_too_many(row, goal)}, dans les bornes",
        part=str(part.code),
    )  # fmt: skip


def _part_to_choose(row: Any, own: Sequence[Any], goal: Goal) -> GrownTerritory:
    listed = tuple(_part(part, goal) for part in own)
    return _single(
        row, PART, row.score, goal,
        population=None,
        stop=f"{_too_many(row, goal)} : {_TO_CHOOSE}{_among(listed)} ; "
        "le besoin est celui de la commune entière",
        parts=listed,
    )  # fmt: skip


def _single(
    row: Any, nature: str, score: float, goal: Goal, *, population: int | None, stop: str,
    part: str = "", parts: tuple[Part, ...] = (),
) -> GrownTerritory:  # fmt: skip
    """Make the territory of one commune: its shape is the commune's, and it grew from nothing."""
    code, shape = str(row.Index), compactness(row.superficie_km2, row.perimetre_km)
    return GrownTerritory(
        nature=nature,
        codes=(code,),
        population=population,
        score=float(score),
        coverage=1.0,
        compactness=shape,
        objective=float(score) + goal.compactness_weight * shape,
        stop=stop,
        start=(code,),
        part=part,
        parts=parts,
    )


def _part(part: Any, goal: Goal) -> Part:
    return Part(
        code=str(part.code),
        nom=str(part.nom),
        nature=str(part.nature),
        population=None if math.isnan(part.population) else int(part.population),
        fits=_fits(part, goal),
    )


def _fits(part: Any, goal: Goal) -> bool:
    # NaN fails every comparison: an unknown population is not within the bounds.
    return bool(goal.low <= part.population <= goal.high)


def _too_many(row: Any, goal: Goal) -> str:
    return (
        f"{format_inhabitants(row.population)}, plus que le maximum de "
        f"{format_inhabitants(goal.high)}"
    )


def _among(parts: tuple[Part, ...]) -> str:
    fitting = [part.nom for part in parts if part.fits]
    if fitting:
        return f", par exemple {listing(fitting, 'ou')}"
    counted = sum(part.population is not None for part in parts)
    unknown = len(parts) - counted
    told = ""
    if counted:
        known = plural(counted, "partie connue", "parties connues")
        told = f" ; aucune des {known} ne convient"
    if unknown:
        whose = plural(unknown, "quartier prioritaire", "quartiers prioritaires")
        told += (
            f" ; {whose} (QPV) sans population publiée : rien ne dit s'il y en a un qui convient"
        )
    return told
