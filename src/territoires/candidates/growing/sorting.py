"""Before growing: which communes may be grouped, stand alone, are too large, or are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.candidates.growing.area import BoolArray
from territoires.candidates.growing.rules import GrowthRules


@dataclass(frozen=True, eq=False)
class Sorted:
    """The communes of an area, sorted by what can be done with them; aligned with the units.

    Attributes
    ----------
    members : array of bool
        May be in a group.
    alone : array of bool
        Within the bounds by themselves: they stay alone.
    too_large : array of bool
        Above the upper bound: a part of them may be taken.
    verdicts : array of object
        Why the others are left out; ``""`` for the first three.
    """

    members: BoolArray
    alone: BoolArray
    too_large: BoolArray
    verdicts: np.ndarray


def sort_units(units: pd.DataFrame, rules: GrowthRules) -> Sorted:
    """Sort the communes.

    A commune that fits by itself is not grouped, unless it is one of those that must be there. With
    such a list, nothing else is offered than the territories that contain it.
    """
    population = units["population"].to_numpy(dtype=float)
    known = ~np.isnan(population)
    ranked = units["score"].notna().to_numpy(dtype=bool)
    wanted = units.index.isin(rules.must_contain)
    refused = units.index.isin(rules.never)
    admitted = known & ~refused & (ranked | rules.allow_unranked)
    small = population < rules.population_min
    within = known & ~small & (population <= rules.population_max)
    open_to_all = not rules.must_contain
    # The only one wanted, and it fits: it stays alone too.
    sole = wanted & within & ranked & (len(set(rules.must_contain)) == 1)
    starting = units.index.isin(rules.starts) if rules.starts else np.ones(len(units), dtype=bool)
    choosable = known & ranked & ~refused & open_to_all & starting
    verdicts = np.full(len(units), "", dtype=object)
    verdicts[~small & ~starting & open_to_all] = "hors_depart"
    verdicts[~ranked & ~(small & rules.allow_unranked) & ~wanted] = "non_classee"
    verdicts[~known] = "population_inconnue"
    verdicts[refused] = "refusee"
    return Sorted(
        members=(admitted & small) | (wanted & known & ~sole),
        alone=(choosable & within) | sole,
        too_large=choosable & (population > rules.population_max),
        verdicts=verdicts,
    )
