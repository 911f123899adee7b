"""The area of a search as plain lists of numbers: what the inner loops read, millions of times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.growing.contiguity import Contiguity
from territoires.candidates.growing.rules import GrowthRules
from territoires.candidates.growing.settings import GrowthSettings

BoolArray = npt.NDArray[np.bool_]
Tie = tuple[int, float]

_CIRCLE = 4.0 * math.pi
# A group short of inhabitants, or whose need is too little known, is worth less than any other.
_OUT_OF_BOUNDS = -1e6
# Where its need is not known, a neighbour comes after all those whose need is: nothing is guessed.
_LAST = -1e6


@dataclass(frozen=True)
class Goal:
    """What makes a group good, and when it may be one at all.

    Attributes
    ----------
    low, high : float
        Inhabitants, both included.
    compactness_weight : float
        What a compactness of 1 is worth, in need.
    coverage_min : float
        Least share of the inhabitants whose need is known.
    pull : float
        What it is worth, in need, that a neighbour is surrounded by the group.
    """

    low: float
    high: float
    compactness_weight: float
    coverage_min: float
    pull: float

    def value(self, sums: Sequence[float]) -> float:
        """Return the objective: mean need of the inhabitants, plus compactness at its weight.

        Parameters
        ----------
        sums : five floats
            Inhabitants; those whose need is known; their needs added up; km²; outer perimeter.

        Returns
        -------
        float
            Far below zero, and nearer to it the less is missing, for a group out of bounds.
        """
        population, known, needs, surface, outline = sums
        short = (self.low - population) / self.low if population < self.low else 0.0
        if population > self.high:
            short += (population - self.high) / (self.high + 1.0)
        if known <= 0.0 or known < self.coverage_min * population:
            short += 1.0 + self.coverage_min - (known / population if population else 0.0)
        if short > 0.0:
            return _OUT_OF_BOUNDS * (1.0 + short)
        return needs / known + self.compactness_weight * compactness(surface, outline)

    def accepts(self, value: float) -> bool:
        """Tell whether an objective is that of a group within bounds."""
        return value > _OUT_OF_BOUNDS


def compactness(surface: float, outline: float) -> float:
    """Return 4π × area / perimeter² (Polsby and Popper, 1991): 1 for a disc, 0 for a thread.

    Parameters
    ----------
    surface, outline : float
        km², km. Holes count in the perimeter, and so does each part of a group across the water.
    """
    return min(1.0, _CIRCLE * surface / (outline * outline)) if outline > 0.0 else 0.0


@dataclass(frozen=True, eq=False)
class Area:
    """Communes that may be grouped, by place: their position among them, in the order of codes.

    Attributes
    ----------
    goal : Goal
        What makes a group good.
    codes : list of str
        Communes.
    sums : list of tuple
        What each adds to the five sums of :meth:`Goal.value`, its whole perimeter included.
    attraction : list of float
        Order in which neighbours are chosen, before what the group surrounds: the need.
    ranked : list of bool
        Whether the need is known.
    ties : list of list of (place, km)
        Neighbours and the border shared with each.
    must : tuple of int
        Places that every group contains.
    """

    goal: Goal
    codes: list[str]
    sums: list[tuple[float, float, float, float, float]]
    attraction: list[float]
    ranked: list[bool]
    ties: list[list[Tie]]
    must: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)


def goal_of(rules: GrowthRules, settings: GrowthSettings) -> Goal:
    """Put the rules together with the settings that they leave open."""
    weight, coverage = rules.compactness_weight, rules.coverage_min
    weight = settings.compactness_weight if weight is None else weight
    return Goal(
        low=float(rules.population_min),
        high=float(rules.population_max),
        compactness_weight=weight,
        coverage_min=settings.coverage_min if coverage is None else coverage,
        pull=settings.pull * weight,
    )


def make_area(
    graph: Contiguity, units: pd.DataFrame, chosen: BoolArray, rules: GrowthRules, goal: Goal
) -> Area:
    """Keep the communes that may be grouped, and the ties between them.

    Parameters
    ----------
    graph : Contiguity
        Ties between communes.
    units : DataFrame
        As ``checked_units`` returns them.
    chosen : array of bool
        Rows of ``units`` that may be in a group.
    rules : GrowthRules
        For the perimeter rule and what is to be contained.
    goal : Goal
        What makes a group good.

    Raises
    ------
    InvalidRequest
        A commune is not in the graph.
    """
    kept = units[chosen]
    population = kept["population"].to_numpy(dtype=float)
    score = kept["score"].to_numpy(dtype=float)
    ranked = ~np.isnan(score)
    needs = np.where(ranked, population * score, 0.0)
    columns = (
        population.tolist(),
        np.where(ranked, population, 0.0).tolist(),
        needs.tolist(),
        kept["superficie_km2"].tolist(),
        kept["perimetre_km"].tolist(),
    )
    codes = [str(code) for code in kept.index]
    wanted = frozenset(rules.must_contain)
    return Area(
        goal=goal,
        codes=codes,
        sums=list(zip(*columns, strict=True)),
        attraction=np.where(ranked, score, _LAST).tolist(),
        ranked=ranked.tolist(),
        ties=_ties(graph, kept, rules.inside_epci),
        must=tuple(place for place, code in enumerate(codes) if code in wanted),
    )


def _ties(graph: Contiguity, kept: pd.DataFrame, inside_epci: bool) -> list[list[Tie]]:
    rows = graph.rows_of(kept.index)
    counts = graph.starts[rows + 1] - graph.starts[rows]
    here = np.repeat(np.arange(len(kept)), counts)
    # The ties of kept communes only: those of one stand together, from graph.starts on.
    first = np.cumsum(counts) - counts
    ties = np.arange(len(here)) + np.repeat(graph.starts[rows] - first, counts)
    place = np.full(len(graph.codes), -1, dtype=np.int64)
    place[rows] = np.arange(len(kept))
    there, border = place[graph.neighbours[ties]], graph.border_km[ties]
    inside = there >= 0
    if inside_epci and len(kept):
        epci = pd.factorize(kept["code_epci"])[0]
        # −1: of no EPCI, hence of the same as nobody.
        inside &= (epci[here] == epci[there]) & (epci[here] >= 0)
    here, there, border = here[inside], there[inside], border[inside]
    pairs = list(zip(there.tolist(), border.tolist(), strict=True))
    starts = np.searchsorted(here, np.arange(len(kept) + 1)).tolist()
    return [pairs[start:end] for start, end in pairwise(starts)]
