"""Two indices of the same places: who comes in among the first ones, who goes out, how alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators.ranks import rank_correlation
from territoires.needs.index import NeedIndex

BEFORE, AFTER, SHIFT = "rang_1", "rang_2", "ecart"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Ranks of the same places under two recipes.

    Attributes
    ----------
    ranks : DataFrame of Int64
        Index: place; ``rang_1``, ``rang_2`` (``<NA>``: not ranked), and ``ecart``, places lost from
        the first to the second (negative: won), ``<NA>`` unless ranked by both.
    counts : tuple of int
        How many places each recipe ranks.
    top : int
        How many are the first ones.
    """

    ranks: pd.DataFrame
    counts: tuple[int, int]
    top: int

    @cached_property
    def both(self) -> pd.DataFrame:
        """The places that both recipes rank."""
        return self.ranks[self.ranks[SHIFT].notna()]

    @cached_property
    def entering(self) -> pd.DataFrame:
        """Places among the first ones under the second recipe only, best first."""
        return self._only(AFTER, BEFORE)

    @cached_property
    def leaving(self) -> pd.DataFrame:
        """Places among the first ones under the first recipe only, best first."""
        return self._only(BEFORE, AFTER)

    @property
    def staying(self) -> int:
        """How many places are among the first ones under both."""
        return int((self._first(BEFORE) & self._first(AFTER)).sum())

    @cached_property
    def spearman(self) -> float:
        """Rank correlation over the places that both rank; NaN when one does not tell them apart.

        From −1 to 1.
        """
        return rank_correlation(*self.both[[BEFORE, AFTER]].to_numpy(dtype=float).T)

    def grid(self, cells: int) -> npt.NDArray[np.int64]:
        """Count the places both rank by their two ranks.

        Parameters
        ----------
        cells : int
            Cells a side; each holds as many ranks, the best ones first.

        Returns
        -------
        array of int, (cells, cells)
            Rows: rank under the first recipe; columns: under the second.
        """
        rows, columns = (
            cell_of(self.both[name].to_numpy(dtype=float), count, cells)
            for name, count in zip((BEFORE, AFTER), self.counts, strict=True)
        )
        flat = np.bincount(rows * cells + columns, minlength=cells * cells)
        return flat.reshape(cells, cells).astype(np.int64)

    def _first(self, name: str) -> pd.Series:
        return (self.ranks[name] <= self.top).fillna(value=False).astype(bool)

    def _only(self, here: str, there: str) -> pd.DataFrame:
        rows = self.ranks[self._first(here) & ~self._first(there)]
        return rows.sort_values(here, kind="stable")


def compare(first: NeedIndex, second: NeedIndex, *, top: int = 50) -> Comparison:
    """Compare two indices.

    Parameters
    ----------
    first, second : NeedIndex
        Of the same places, in any order.
    top : int
        How many are the first ones; those tied with the last of them are in.

    Raises
    ------
    InvalidRequest
        The places are not the same, or ``top`` is not positive.
    """
    if top < 1:
        message = f"Premiers : un nombre positif est attendu, « {top} » lu."
        raise InvalidRequest(message)
    before, after = first.rank, second.rank
    if not after.index.equals(before.index):
        after = _in_the_order_of(before.index, after)
    ranks = pd.DataFrame({BEFORE: before, AFTER: after, SHIFT: after - before})
    return Comparison(ranks, (first.count, second.count), top)


def _in_the_order_of(places: pd.Index, ranks: pd.Series) -> pd.Series:
    if len(places) != len(ranks) or (places.get_indexer(ranks.index) < 0).any():
        message = "Ces deux indices ne portent pas sur les mêmes territoires."
        raise InvalidRequest(message)
    return ranks.reindex(places)


def cell_of(ranks: npt.NDArray[np.float64], count: int, cells: int) -> npt.NDArray[np.int64]:
    """Return the cell of each rank (1 to ``count``) among ``cells`` of equal width."""
    at = np.floor((ranks - 1.0) * cells / max(count, 1)).astype(np.int64)
    return np.minimum(at, cells - 1)
