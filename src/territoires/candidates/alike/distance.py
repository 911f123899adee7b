"""Distance between places on a common scale, and how much of it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
COVERAGE_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Distances:
    """From each place to the reference that is nearest to it.

    Attributes
    ----------
    distance : array of float, shape (places,)
        0 to 1; NaN where too little is known to compare with any reference.
    coverage : array of float, shape (places,)
        Share of the weight known on both sides, with that reference; the largest share over the
        references where none can be compared.
    reference : array of int, shape (places,)
        Position of that reference; the first among equals.
    """

    distance: FloatArray
    coverage: FloatArray
    reference: npt.NDArray[np.intp]


def distances(
    places: FloatArray, references: FloatArray, weights: FloatArray, min_coverage: float
) -> Distances:
    """Measure every place against every reference, and keep the nearest.

    The distance is the weighted root mean square of the gaps, over the indicators known on both
    sides: what is missing is neither close nor far, and lowers the coverage.

    Parameters
    ----------
    places : array of float, shape (places, indicators)
        Positions on the scale; NaN where unknown.
    references : array of float, shape (references, indicators)
        The same; at least one.
    weights : array of float, shape (indicators,)
        Above 0; only their proportions count.
    min_coverage : float
        Share of the weight (0–1) under which a place is not compared.
    """
    # The greatest first, so that tiny or huge weights neither vanish nor overflow.
    shares = weights / weights.max()
    shares = shares / shares.sum()
    known = (~np.isnan(places)).astype(np.float64)
    filled = np.where(np.isnan(places), 0.0, places)
    best = np.full(len(places), np.inf)
    coverage = np.zeros(len(places))
    nearest = np.zeros(len(places), dtype=np.intp)
    for position, reference in enumerate(references):
        distance, part = _to_one(filled, known, reference, shares)
        comparable = part >= min_coverage - COVERAGE_TOLERANCE
        closer = comparable & (distance < best)
        best[closer] = distance[closer]
        # Where nothing can be compared yet, say how much was known at best.
        told = closer | (np.isinf(best) & (part > coverage))
        coverage[told] = part[told]
        nearest[told] = position
    return Distances(np.where(np.isinf(best), np.nan, best), coverage, nearest)


def _to_one(
    filled: FloatArray, known: FloatArray, reference: FloatArray, shares: FloatArray
) -> tuple[FloatArray, FloatArray]:
    weights = np.where(np.isnan(reference), 0.0, shares)
    gaps = filled - np.nan_to_num(reference)
    squares = (gaps * gaps * known) @ weights
    part: FloatArray = known @ weights
    mean = np.divide(squares, part, out=np.full(len(filled), np.inf), where=part > 0)
    return np.sqrt(mean), part
