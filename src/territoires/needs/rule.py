"""Rule mode: at least so many criteria beyond their threshold, each alone or with others.

After the logic of the Climate and Economic Justice Screening Tool (United States, 2022): a
threshold is easier to explain to an elected official than a weighted sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.indicators import percent_ranks
from territoires.needs.recipe import Recipe
from territoires.needs.recipe_parts import RecipeItem

FloatArray = npt.NDArray[np.float64]
PERCENTILE_DECIMALS = 9
MET, NOT_MET, UNDECIDED = "retenu", "non_retenu", "indetermine"
VERDICT_WORDS = {MET: "retenu", NOT_MET: "non retenu", UNDECIDED: "indéterminé"}


@dataclass(frozen=True, eq=False)
class Judged:
    """What the criteria of a recipe say of each place.

    Attributes
    ----------
    met : array of float, (items, places)
        1 met, 0 not met, NaN not known.
    score : array of float, (places,)
        Share of the criteria that are met; NaN where what is missing could change the verdict.
    coverage : array of float, (places,)
        Share of the criteria that are known.
    contributions : array of float, (items, places)
        Of each criterion to the score; NaN where not known.
    verdict : array of str, (places,)
        ``retenu``, ``non_retenu`` or ``indetermine``.
    """

    met: FloatArray
    score: FloatArray
    coverage: FloatArray
    contributions: FloatArray
    verdict: npt.NDArray[np.object_]


def judge(columns: list[FloatArray], recipe: Recipe) -> Judged:
    """Apply the criteria of a recipe.

    Parameters
    ----------
    columns : list of array of float, (places,)
        Values of each indicator in its unit, NaN where missing, in the order of the items.
    recipe : Recipe
        Of mode ``regle``. Criteria of weight 0 do not count.
    """
    alone = np.stack([
        _beyond(column, item) for column, item in zip(columns, recipe.items, strict=True)
    ])  # fmt: skip
    met = np.stack([_with_linked(alone, recipe, k) for k in range(len(recipe.items))])
    counted = np.array([item.weight > 0 for item in recipe.items], dtype=float)
    known = ~np.isnan(met)
    sure = counted @ np.where(known, met, 0.0)
    possible = sure + counted @ (~known).astype(float)
    verdict = np.full(met.shape[1], UNDECIDED, dtype=object)
    verdict[sure >= recipe.at_least] = MET
    verdict[possible < recipe.at_least] = NOT_MET
    total = counted.sum()
    score = np.where(verdict == UNDECIDED, np.nan, sure / total)
    coverage = (counted @ known.astype(float)) / total
    return Judged(met, score, coverage, met * (counted[:, np.newaxis] / total), verdict)


def _beyond(values: FloatArray, item: RecipeItem) -> FloatArray:
    missing = np.isnan(values)
    need = item.need(values)
    if item.percentile is not None:
        # 29 places out of 100 below are the 29th percentile, though 0.29 × 100 is a little less.
        reached = np.round(percent_ranks(need) * 100.0, PERCENTILE_DECIMALS) >= item.percentile
    else:
        # A recipe of this mode has one or the other: NaN would be reached by nothing.
        least = math.nan if item.threshold is None else item.threshold
        reached = need >= least * item.direction
    return np.where(missing, np.nan, reached.astype(float))


def _with_linked(alone: FloatArray, recipe: Recipe, position: int) -> FloatArray:
    """And, in the logic of what may be unknown: one criterion not met settles it."""
    parts = alone[recipe.chain(position)]
    failed = (parts == 0.0).any(axis=0)
    unknown = np.isnan(parts).any(axis=0)
    return np.where(failed, 0.0, np.where(unknown, np.nan, 1.0))


def met_words(recipe: Recipe, met: Mapping[str, float]) -> str:
    """Say how many criteria a place meets, and how many it takes.

    Parameters
    ----------
    recipe : Recipe
        Of mode ``regle``.
    met : Mapping of str to float
        By indicator: 1 met, 0 not met, NaN not known.
    """
    count = sum(met[item.code] == 1 for item in recipe.items if item.weight > 0)
    plural = "s" if count > 1 else ""
    return f"{count} critère{plural} rempli{plural}, il en faut {recipe.at_least}"
