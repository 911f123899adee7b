"""Ranks and percentile ranks, missing values left out, ties never ordered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.arrays import IntegerArray

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

# Below this many values a plain sort is quicker than two radix passes.
_SMALL = 4096
_SIGN = np.uint32(0x80000000)
_ALL_BITS = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks of one indicator within one universe.

    Attributes
    ----------
    ranks : Series of Int64
        1 is the greatest need (the highest value when the direction is 0); ties share the best
        rank; ``<NA>`` where the place is not ranked.
    percentiles : Series of float
        0 to 100: share of the other ranked places in lesser need, equal ones counting half.
    count : int
        How many places are ranked.
    """

    ranks: pd.Series
    percentiles: pd.Series
    count: int


def percent_ranks(values: FloatArray) -> FloatArray:
    """Rank values from 0 (lowest) to 1 (highest), ties averaged.

    Parameters
    ----------
    values : array of float
        NaN where the value is missing.

    Returns
    -------
    array of float
        Same shape; NaN stays NaN; 0.5 everywhere when all known values are equal.
    """
    known = ~np.isnan(values)
    if known.all():
        return _percent_ranks_of_known(values)
    result = np.full(values.shape, np.nan)
    result[known] = _percent_ranks_of_known(values[known])
    return result


def min_ranks(values: FloatArray) -> FloatArray:
    """Rank values from 1 (highest), ties sharing the best rank.

    Parameters
    ----------
    values : array of float
        NaN where the value is missing.

    Returns
    -------
    array of float
        Same shape; whole numbers, NaN where the value is missing.
    """
    known = ~np.isnan(values)
    result = np.full(values.shape, np.nan)
    order, ordered = _ascending(-values[known])
    starts = _run_starts(ordered)
    lengths = np.diff(np.append(starts, ordered.size))
    ranks = np.empty(ordered.size)
    ranks[order] = np.repeat(starts + 1.0, lengths)
    result[known] = ranks
    return result


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's rank correlation, ties averaged.

    Parameters
    ----------
    first, second : array of float, (places,)
        The same places, known on both sides.

    Returns
    -------
    float
        −1 to 1; NaN when one of them does not tell the places apart.
    """
    left, right = percent_ranks(first), percent_ranks(second)
    if len(left) < 2 or left.std() == 0 or right.std() == 0:
        return float("nan")
    return float(np.corrcoef(left, right)[0, 1])


def whole_numbers(ranks: FloatArray) -> IntegerArray:
    """Turn ranks into integers, NaN into ``<NA>``."""
    missing = np.isnan(ranks)
    return IntegerArray(np.where(missing, 0.0, ranks).astype(np.int64), missing)


def rank_values(values: pd.Series, direction: int) -> Ranking:
    """Rank places by need.

    Parameters
    ----------
    values : Series of float
        One value per place; NaN is not ranked.
    direction : int
        1 or 0: the highest value comes first; -1: the lowest.
    """
    need = values.to_numpy(dtype=float) * (-1.0 if direction < 0 else 1.0)
    ranks = min_ranks(need)
    return Ranking(
        ranks=pd.Series(whole_numbers(ranks), index=values.index, name="rang"),
        percentiles=pd.Series(percent_ranks(need) * 100.0, index=values.index, name="centile"),
        count=int(np.count_nonzero(~np.isnan(need))),
    )


def _percent_ranks_of_known(values: FloatArray) -> FloatArray:
    size = values.size
    if size < 2:
        return np.full(size, 0.5)
    order, ordered = _ascending(values)
    starts = _run_starts(ordered)
    result = np.empty(size)
    if starts.size == size:
        result[order] = np.arange(size)
    else:
        ends = np.append(starts[1:], size)
        result[order] = np.repeat((starts + (ends - 1)) * 0.5, ends - starts)
    result /= size - 1
    return result


def _run_starts(ordered: FloatArray) -> IntArray:
    if ordered.size == 0:
        return np.empty(0, dtype=np.intp)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def _ascending(values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the order that sorts values without NaN, and the sorted values.

    A comparison sort of 35,000 doubles costs more than the rest of an index. Two radix passes
    (numpy sorts 16-bit keys that way) over the single-precision image order nearly everything;
    what single precision could not tell apart is settled by a merge sort of a nearly sorted array.
    """
    if values.size < _SMALL:
        order = np.argsort(values, kind="stable")
        return order, values[order]
    keys = _monotone_keys(values)
    order = np.argsort((keys & np.uint32(0xFFFF)).astype(np.uint16), kind="stable")
    high = (keys >> np.uint32(16)).astype(np.uint16)
    order = order[np.argsort(high[order], kind="stable")]
    ordered = values[order]
    if np.any(ordered[1:] < ordered[:-1]):
        settle = np.argsort(ordered, kind="stable")
        return order[settle], ordered[settle]
    return order, ordered


def _monotone_keys(values: FloatArray) -> npt.NDArray[np.uint32]:
    """Map floats to integers in the same order (never reversed, sometimes equal)."""
    with np.errstate(over="ignore", under="ignore"):
        bits = values.astype(np.float32).view(np.uint32)
    negative = (bits >> np.uint32(31)).astype(bool)
    return bits ^ np.where(negative, _ALL_BITS, _SIGN)
