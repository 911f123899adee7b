"""Average scaled indicators into dimensions, and dimensions into one score.

One function per way of averaging, one registry. What is missing takes no part in an average, which
amounts to giving it the average of what is known: the coverage says how much that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from territoires.needs.recipe import Recipe

FloatArray = npt.NDArray[np.float64]
COVERAGE_DECIMALS = 12  # shares that differ by less differ by the order of additions only


@dataclass(frozen=True)
class Aggregation:
    """A way of averaging.

    Attributes
    ----------
    label, description : str
        French, for the person who chooses.
    mean : callable
        ``(values, there, weights, shift) -> mean``: values (parts, places), 0 where missing; there
        (parts, places), 1 where known, else 0; weights (parts,) of 0 or more; shift in [0, 1).
        The mean (places,) is NaN where no part of positive weight is known.
    unit_scale : bool
        Whether it needs values from 0 to 1.
    """

    label: str
    description: str
    mean: Callable[[FloatArray, FloatArray, FloatArray, float], FloatArray]
    unit_scale: bool = False


@dataclass(frozen=True, eq=False)
class Weighed:
    """Scores and what each indicator brings.

    Attributes
    ----------
    score : array of float, (places,)
        NaN where nothing is known.
    coverage : array of float, (places,)
        Share of the effective weight that is known, 0 to 1.
    dimensions : array of float, (dimensions, places)
        Score of each dimension; NaN where nothing of it is known.
    contributions : array of float, (items, places)
        NaN where the indicator is missing; the others add up to the score.
    """

    score: FloatArray
    coverage: FloatArray
    dimensions: FloatArray
    contributions: FloatArray


def weigh(scaled: FloatArray, recipe: Recipe) -> Weighed:
    """Aggregate the scaled indicators of a recipe, dimension by dimension, then together.

    Parameters
    ----------
    scaled : array of float, (items, places)
        In the order of ``recipe.items``; NaN where missing.
    recipe : Recipe
        Its blocks hold the weights of both levels.

    Notes
    -----
    Under arithmetic means a contribution is weight × scaled value over the known weight, at both
    levels. Where a mean is geometric, those contributions are multiplied by score / arithmetic
    score, so that they still add up to the score.
    """
    known = ~np.isnan(scaled)
    there = known.astype(float)
    values = np.where(known, scaled, 0.0)
    shift = recipe.geometric_shift
    dimensions = np.stack([
        AGGREGATIONS[block.aggregation].mean(
            values[block.rows], there[block.rows], block.weights, shift
        )
        for block in recipe.blocks
    ])  # fmt: skip
    coverage: FloatArray = np.round(recipe.weights @ there, COVERAGE_DECIMALS)
    score = _together(dimensions, recipe)
    return Weighed(score, coverage, dimensions, _contributions(scaled, there, recipe, score))


def _together(dimensions: FloatArray, recipe: Recipe) -> FloatArray:
    if len(dimensions) == 1:
        alone: FloatArray = dimensions[0].copy()
        return alone
    known = ~np.isnan(dimensions)
    shares = np.array([block.share for block in recipe.blocks])
    mean = AGGREGATIONS[recipe.aggregation].mean
    return mean(
        np.where(known, dimensions, 0.0), known.astype(float), shares, recipe.geometric_shift
    )


def _contributions(
    scaled: FloatArray, there: FloatArray, recipe: Recipe, score: FloatArray
) -> FloatArray:
    parts = scaled * recipe.weights[:, np.newaxis]
    outer_known = np.zeros(scaled.shape[1])
    for block in recipe.blocks:
        inner = block.weights @ there[block.rows]
        outer_known += np.where(inner > 0, block.share, 0.0)
        # Where nothing that counts is known, what is known weighs nothing: 0, and not missing.
        parts[block.rows] /= np.where(inner > 0, inner, 1.0)
    if len(recipe.blocks) > 1:
        parts /= np.where(outer_known > 0, outer_known, 1.0)
    if not recipe.is_arithmetic:
        plain = np.nansum(parts, axis=0)
        parts *= np.divide(score, plain, out=np.zeros_like(score), where=plain > 0)
    return parts


def _arithmetic_mean(
    values: FloatArray, there: FloatArray, weights: FloatArray, _shift: float
) -> FloatArray:
    divisor = weights @ there
    total = weights @ values
    mean: FloatArray = np.divide(
        total, divisor, out=np.full(total.shape, np.nan), where=divisor > 0
    )
    return mean


def _geometric_mean(
    values: FloatArray, there: FloatArray, weights: FloatArray, shift: float
) -> FloatArray:
    # A part of weight 0 must not turn 0 × log 0 into NaN.
    counted = weights > 0
    values, there, weights = values[counted], there[counted], weights[counted]
    with np.errstate(divide="ignore"):
        logs = np.where(there > 0, np.log(shift + (1.0 - shift) * values), 0.0)
    divisor = weights @ there
    total = _weighted_sum(weights, logs)
    power = np.exp(np.divide(total, divisor, out=np.full(total.shape, np.nan), where=divisor > 0))
    mean: FloatArray = np.clip((power - shift) / (1.0 - shift), 0.0, 1.0)
    return mean


def _weighted_sum(weights: FloatArray, logs: FloatArray) -> FloatArray:
    # A matrix product may warn over −inf: only a shift of 0 lets one in.
    if np.isneginf(logs).any():
        total: FloatArray = (weights[:, np.newaxis] * logs).sum(axis=0)
        return total
    product: FloatArray = weights @ logs
    return product


AGGREGATIONS: dict[str, Aggregation] = {
    "arithmetique": Aggregation(
        "Moyenne arithmétique",
        "Un fort besoin quelque part compense un faible besoin ailleurs.",
        _arithmetic_mean,
    ),
    "geometrique": Aggregation(
        "Moyenne géométrique",
        "Il faut des besoins partout à la fois : un faible besoin pèse plus qu’en moyenne.",
        _geometric_mean,
        unit_scale=True,
    ),
}
