"""Distance between places on a common scale, and how much of it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.needs.index import COVERAGE_TOLERANCE

FloatArray = npt.NDArray[np.float64]
_BLOCK = 32  # references measured at once: memory stays bounded


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
    known = ~np.isnan(places)
    filled = np.where(known, places, 0.0)
    nearest = np.zeros(len(places), dtype=np.intp)
    best = np.full(len(places), np.inf)
    widest = np.zeros(len(places))
    for start in range(0, len(references), _BLOCK):
        block = references[start : start + _BLOCK]
        squares, parts = _to_block(filled, known.astype(np.float64), block, shares)
        squares[parts < min_coverage - COVERAGE_TOLERANCE] = np.inf
        found, least = squares.argmin(axis=1), squares.min(axis=1)
        closer = least < best
        best[closer], nearest[closer] = least[closer], start + found[closer]
        # Where nothing can be compared yet, keep the reference with which most is known.
        wider = np.isinf(best) & (parts.max(axis=1) > widest)
        widest[wider], nearest[wider] = (
            parts.max(axis=1)[wider],
            start + parts.argmax(axis=1)[wider],
        )
    distance, coverage = _one_by_one(filled, known, references[nearest], shares)
    return Distances(np.where(np.isinf(best), np.nan, distance), coverage, nearest)


def _to_block(
    filled: FloatArray, known: FloatArray, references: FloatArray, shares: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean squares and coverages, shape (places, references), by three matrix products.

    Squares opened as p² − 2pr + r² are quick and good to 1e-15: enough to choose the nearest, whose
    distance is then measured gap by gap.
    """
    weights = np.where(np.isnan(references), 0.0, shares)
    others = np.nan_to_num(references)
    squares = (filled * filled) @ weights.T
    squares -= 2.0 * (filled @ (weights * others).T)
    squares += known @ (weights * others * others).T
    parts = known @ weights.T
    return np.divide(squares, parts, out=np.full(parts.shape, np.inf), where=parts > 0), parts


def _one_by_one(
    filled: FloatArray, known: npt.NDArray[np.bool_], references: FloatArray, shares: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the exact distance of each place to its own reference, and the coverage."""
    weights = np.where(known & ~np.isnan(references), shares, 0.0)
    gaps = filled - np.nan_to_num(references)
    part: FloatArray = weights.sum(axis=1)
    squares = (gaps * gaps * weights).sum(axis=1)
    mean = np.divide(squares, part, out=np.full(len(filled), np.inf), where=part > 0)
    return np.sqrt(mean), part
