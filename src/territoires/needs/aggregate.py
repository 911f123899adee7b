"""Weigh scaled indicators into one score: one function per way, one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weighed:
    """Scores and what each indicator brings.

    Attributes
    ----------
    score : array of float, (places,)
        NaN where nothing is known.
    coverage : array of float, (places,)
        Share of the weight that is known, 0 to 1.
    contributions : array of float, (items, places)
        NaN where the indicator is missing; the others add up to the score.
    """

    score: FloatArray
    coverage: FloatArray
    contributions: FloatArray


def weighted_mean(scaled: FloatArray, weights: FloatArray) -> Weighed:
    """Average what is known by weight; what is missing takes no part, and coverage says so.

    Parameters
    ----------
    scaled : array of float, (items, places)
        NaN where missing.
    weights : array of float, (items,)
        Sum 1.
    """
    known = ~np.isnan(scaled)
    coverage: FloatArray = np.round(weights @ known.astype(float), 12)
    # Nothing known, or only indicators of weight 0: NaN, not a division by zero.
    divisor = np.where(coverage > 0, coverage, np.nan)
    contributions = scaled * weights[:, np.newaxis]
    contributions /= divisor
    score = np.where(known, contributions, 0.0).sum(axis=0)
    score[np.isnan(divisor)] = np.nan
    return Weighed(score, coverage, contributions)


AGGREGATIONS: dict[str, Callable[[FloatArray, FloatArray], Weighed]] = {
    "arithmetique": weighted_mean,
}
