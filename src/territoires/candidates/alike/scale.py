"""One scale for all indicators: the rank of a value among the places compared.

Why ranks: densities and populations are so skewed that a standard score is decided by a few
cities; ranks need no transformation by indicator, no unit, and read in plain words (0.1: one place
in ten stands between). Standard scores, normal scores and robust scores were measured beside them:
``docs/methode/semblables.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
_DECILES = np.array([0.1, 0.9])


@dataclass(frozen=True, eq=False)
class Scale:
    """Where a value stands among those of a set of places, indicator by indicator.

    Attributes
    ----------
    codes : tuple of str
        Indicators, in order.
    values, ranks : tuple of array of float
        By indicator, the distinct known values, rising, and their percent ranks (ties averaged).
    spreads : array of float
        Range between first and ninth decile, in the unit of each indicator; NaN without values.
    """

    codes: tuple[str, ...]
    values: tuple[FloatArray, ...]
    ranks: tuple[FloatArray, ...]
    spreads: FloatArray

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Scale:
        """Learn a scale from the places compared.

        Parameters
        ----------
        frame : DataFrame of float
            One row per place, one column per indicator, NaN where unknown.
        """
        columns = [frame[code].to_numpy(dtype=np.float64) for code in frame.columns]
        ordered = [np.sort(column[~np.isnan(column)]) for column in columns]
        learnt = [_distinct(known) for known in ordered]
        return cls(
            codes=tuple(frame.columns),
            values=tuple(values for values, _ in learnt),
            ranks=tuple(ranks for _, ranks in learnt),
            spreads=np.array([_spread(known) for known in ordered]),
        )

    def positions(self, frame: pd.DataFrame) -> FloatArray:
        """Place values on the scale.

        Parameters
        ----------
        frame : DataFrame of float
            The columns of the scale, any places.

        Returns
        -------
        array of float, shape (places, indicators)
            0 (lowest) to 1 (highest). A value of a compared place gets its own percent rank; one
            between two of them is interpolated; one beyond them all is at the end. NaN where the
            value is unknown, or where the scale knows none.
        """
        result = np.full((len(frame), len(self.codes)), np.nan)
        for at, code in enumerate(self.codes):
            if self.values[at].size:
                column = frame[code].to_numpy(dtype=np.float64)
                known = ~np.isnan(column)
                result[known, at] = np.interp(
                    column[known], self.values[at], self.ranks[at], left=0.0, right=1.0
                )
        return result


def _distinct(ordered: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the distinct values of a sorted array, and their ranks from 0 to 1, ties averaged."""
    size = ordered.size
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))[:size])
    ends = np.append(starts[1:], size)
    middles = (starts + ends - 1) * 0.5
    return ordered[starts], middles / (size - 1) if size > 1 else np.full(size, 0.5)


def _spread(ordered: FloatArray) -> float:
    """Return the range between first and ninth decile of a sorted array."""
    if not ordered.size:
        return float("nan")
    low, high = np.interp(_DECILES * (ordered.size - 1), np.arange(ordered.size), ordered)
    return float(high - low)
