"""Need crossed with capacity: in which of four quadrants each place is.

The two are set side by side, never added: a place with a great need and nothing around may be the
right one or the wrong one. Capacity is what is *recorded* within reach; nothing recorded is not
nothing there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.counted import counted
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.initiatives import Directory, presence
from territoires.needs import NeedIndex
from territoires.needs.index import SCORE_DECIMALS

FloatArray = npt.NDArray[np.float64]

MOST_REACH_KM = 300.0
"""A reach that is asked through an address stays within what a server can measure at once."""

STRONG_WITHOUT, STRONG_WITH = "fort_sans", "fort_avec"
LESSER_WITHOUT, LESSER_WITH = "moindre_sans", "moindre_avec"
QUADRANTS = (STRONG_WITHOUT, STRONG_WITH, LESSER_WITHOUT, LESSER_WITH)
"""Strong need first, what lacks capacity first: the order of maps, tables and charts."""
UNPLACED = ""
"""Quadrant of a place that the index does not rank: none."""


@dataclass(frozen=True)
class CapacityLimit:
    """From when on a place has capacity.

    Attributes
    ----------
    label : str
        The choice, in French.
    without, with_some : str
        What is said of the places on each side, in French.
    floor : callable
        Capacity of all places compared → the one that must be exceeded.
    """

    label: str
    without: str
    with_some: str
    floor: Callable[[FloatArray], float]


def _median_where_some(capacity: FloatArray) -> float:
    some = capacity[capacity > 0]
    return float(np.median(some)) if some.size else 0.0


CAPACITY_LIMITS: Mapping[str, CapacityLimit] = {
    "une": CapacityLimit(
        "au moins une initiative recensée",
        "rien de recensé à portée",
        "des initiatives à portée",
        lambda _capacity: 0.0,
    ),
    "mediane": CapacityLimit(
        "plus que la médiane des lieux qui en ont",
        "peu ou rien de recensé autour",
        "beaucoup d'initiatives",
        _median_where_some,
    ),
}


@dataclass(frozen=True)
class QuadrantRules:
    """What is measured and where the quadrants part.

    Attributes
    ----------
    reach_km : float
        Straight line at which an initiative no longer counts.
    strong_percent : int
        Of the places ranked, how many in a hundred have a strong need: those of the greatest index,
        ties kept together.
    capacity_limit : str
        A key of ``CAPACITY_LIMITS``.
    axes, types, statuses : tuple of str
        Which initiatives count; empty for any. Put in order, without repetition.

    Raises
    ------
    InvalidRequest
        A number is out of range, or the limit is unknown.
    """

    reach_km: float
    strong_percent: int
    capacity_limit: str = "une"
    axes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("axes", "types", "statuses"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        if not (math.isfinite(self.reach_km) and 0 < self.reach_km <= MOST_REACH_KM):
            raise InvalidRequest(
                f"Portée impossible : « {self.reach_km!s:.20} » km ; plus de 0, et au plus "
                f"{MOST_REACH_KM:.0f} km."
            )
        if not 1 <= self.strong_percent <= 99:
            raise InvalidRequest(
                f"Besoin fort : de 1 à 99 pour cent des lieux, « {self.strong_percent!s:.20} » lu."
            )
        if self.capacity_limit not in CAPACITY_LIMITS:
            raise InvalidRequest(
                f"Limite de capacité inconnue : « {self.capacity_limit!s:.40} ». "
                f"Choix : {', '.join(CAPACITY_LIMITS)}."
            )

    def label(self, quadrant: str) -> str:
        """Name a quadrant: ``Besoin fort, rien de recensé à portée``."""
        return f"{self.need_words(quadrant)}, {self.capacity_words(quadrant)}"

    def need_words(self, quadrant: str) -> str:
        """Name the need of a quadrant: ``Besoin fort``."""
        return "Besoin fort" if quadrant in (STRONG_WITHOUT, STRONG_WITH) else "Besoin moindre"

    def capacity_words(self, quadrant: str) -> str:
        """Name the capacity of a quadrant: ``rien de recensé à portée``."""
        limit = CAPACITY_LIMITS[self.capacity_limit]
        return limit.without if quadrant in (STRONG_WITHOUT, LESSER_WITHOUT) else limit.with_some


@dataclass(frozen=True)
class Limits:
    """Where the quadrants part.

    Attributes
    ----------
    need : float
        The least score (0–1) of a strong need; NaN when no place is ranked.
    capacity : float
        A capacity above it counts as some.
    """

    need: float
    capacity: float


@dataclass(frozen=True, eq=False)
class Crossed:
    """The places compared, by need and by capacity.

    Attributes
    ----------
    rules : QuadrantRules
        What was asked.
    limits : Limits
        Where the quadrants part here.
    need, capacity : Series of float
        Index: place. Score (0–1, NaN: not ranked); presence of initiatives within reach.
    quadrant : Series of str
        One of ``QUADRANTS``, ``UNPLACED`` for a place that is not ranked.
    """

    rules: QuadrantRules
    limits: Limits
    need: pd.Series
    capacity: pd.Series
    quadrant: pd.Series


def counted_by(rules: QuadrantRules, directory: Directory) -> Directory:
    """Return the initiatives that count under some rules, located or not.

    Raises
    ------
    InvalidRequest
        An axis, a type or a status is not in the vocabularies.
    """
    return counted(directory, axes=rules.axes, types=rules.types, statuses=rules.statuses)


def capacity_of(register: Register, directory: Directory, rules: QuadrantRules) -> pd.Series:
    """Measure the initiatives within reach of each commune, fading with the distance.

    Parameters
    ----------
    register : Register
        All communes.
    directory : Directory
        Those the rules choose among.
    rules : QuadrantRules
        Which count, and how far.

    Returns
    -------
    Series of float
        Index ``code_commune``, of the register; see :func:`territoires.initiatives.presence`.

    Raises
    ------
    InvalidRequest
        As :func:`counted_by`.
    """
    chosen = counted_by(rules, directory)
    return presence(register, chosen, register.communes.index.tolist(), rules.reach_km)


def at_main_communes(of_communes: pd.Series, groups: pd.Series, population: pd.Series) -> pd.Series:
    """Carry a measure of communes to groups of them: that of the most populous commune of each.

    Parameters
    ----------
    of_communes : Series
        Index: commune.
    groups : Series of str
        Index: commune; its group, missing for none.
    population : Series
        Index: commune; the lowest code among equals is the main one.

    Returns
    -------
    Series
        Index: group.
    """
    by_people = population.sort_index().fillna(-1).sort_values(ascending=False, kind="stable")
    main = groups.reindex(by_people.index).dropna().drop_duplicates()
    return of_communes.reindex(main.index).set_axis(pd.Index(main.to_numpy(), dtype="str"))


def cross(index: NeedIndex, capacity: pd.Series, rules: QuadrantRules) -> Crossed:
    """Put each place of an index in its quadrant.

    Parameters
    ----------
    index : NeedIndex
        Of the places compared.
    capacity : Series of float
        Presence within reach; holds every place of the index.
    rules : QuadrantRules
        Where the quadrants part.
    """
    known = capacity.reindex(index.score.index)
    limits = _limits(index, known, rules)
    return Crossed(rules, limits, index.score, known, quadrant_of(index.score, known, limits))


def quadrant_of(need: pd.Series, capacity: pd.Series, limits: Limits) -> pd.Series:
    """Return the quadrant of each place: one of ``QUADRANTS``, ``UNPLACED`` without a score.

    Parameters
    ----------
    need, capacity : Series of float
        Same index.
    limits : Limits
        Possibly those of other places, on the same scales: groups among communes.
    """
    score = np.round(need.to_numpy(dtype=float), SCORE_DECIMALS)
    lesser = ~(score >= limits.need)
    some = capacity.to_numpy(dtype=float) > limits.capacity
    names = np.array(QUADRANTS, dtype=object)[2 * lesser + some]
    return pd.Series(np.where(np.isnan(score), UNPLACED, names), need.index, dtype="str")


def _limits(index: NeedIndex, capacity: pd.Series, rules: QuadrantRules) -> Limits:
    before = index.rank.to_numpy(dtype=float, na_value=np.inf) - 1.0
    # Counted in whole numbers, as the classes of need are: 40 % is their first two fifths.
    strong = before * 100 < rules.strong_percent * index.count
    scores = np.round(index.score.to_numpy(dtype=float)[strong], SCORE_DECIMALS)
    floor = CAPACITY_LIMITS[rules.capacity_limit].floor(capacity.to_numpy(dtype=float))
    return Limits(float(scores.min()) if scores.size else math.nan, floor)
