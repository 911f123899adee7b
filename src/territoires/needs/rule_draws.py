"""Draws over a recipe of mode ``regle``: thresholds moved, one criterion left out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from territoires.indicators import percent_ranks
from territoires.needs.batch import Scores
from territoires.needs.draws import DrawPlan
from territoires.needs.index import Prepared
from territoires.needs.recipe import Recipe
from territoires.needs.recipe_parts import RecipeItem

FloatArray = npt.NDArray[np.float64]

THRESHOLD_SHIFT = 5.0
"""Percentiles of the universe by which each threshold is moved at most, up or down."""


def rule_scores(
    recipe: Recipe, prepared: Prepared, kept: npt.NDArray[np.bool_], plan: DrawPlan
) -> Scores:
    """Score places by the share of criteria they meet, under many variants of the thresholds.

    Parameters
    ----------
    recipe : Recipe
        Of mode ``regle``.
    prepared : Prepared
        Values of the universe in which percentiles are taken; what is not known is not met.
    kept : array of bool, (universe,)
        Places to score.
    plan : DrawPlan
        Draws, seed, and share of the draws that leave one criterion out.

    Yields
    ------
    array of int, array of float32
        Number of one draw, and its scores (1, places kept).
    """
    random = np.random.default_rng(plan.seed)
    needs = np.stack([
        _need_percentiles(column, item)
        for column, item in zip(prepared.columns, recipe.items, strict=True)
    ])  # fmt: skip
    cuts = np.array([
        _cut(needs[k], prepared.columns[k], item) for k, item in enumerate(recipe.items)
    ])  # fmt: skip
    chains = [recipe.chain(k) for k in range(len(recipe.items))]
    counted = np.flatnonzero([item.weight > 0 for item in recipe.items])
    needs = needs[:, kept]
    for draw in range(plan.count):
        moved = cuts + random.uniform(-THRESHOLD_SHIFT, THRESHOLD_SHIFT, size=len(cuts))
        met = needs >= moved[:, np.newaxis]
        counting = _counting(counted, plan, random)
        total = np.stack([met[chains[k]].all(axis=0) for k in counting]).mean(axis=0)
        yield np.array([draw]), total[np.newaxis].astype(np.float32)


def _counting(
    counted: npt.NDArray[np.intp], plan: DrawPlan, random: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Return the criteria of a draw: all of them, or all but one; never none."""
    left_out = random.choice(counted)
    if random.random() >= plan.leave_out or len(counted) == 1:
        return counted
    others: npt.NDArray[np.intp] = counted[counted != left_out]
    return others


def _need_percentiles(values: FloatArray, item: RecipeItem) -> FloatArray:
    """Return the percentile of need of each place, −∞ where it is not known."""
    percentiles = percent_ranks(item.need(values)) * 100.0
    return np.where(np.isnan(percentiles), -np.inf, percentiles)


def _cut(needs: FloatArray, values: FloatArray, item: RecipeItem) -> float:
    """Return the percentile that says what the threshold of the criterion says."""
    if item.threshold is None:
        return item.percentile or 0.0
    reached = needs[item.need(values) >= item.threshold * item.direction]
    # Nobody reaches it: just above everybody, so that a lower threshold reaches the first ones.
    return float(reached.min()) if reached.size else np.nextafter(100.0, np.inf)
