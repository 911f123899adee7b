"""Whom a territory is compared with: the communes, the EPCI or the départements of France."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.intervals import group_scores
from territoires.indicators import IndicatorTable
from territoires.needs import NeedIndex
from territoires.territory import Territoire

LEVELS = ("commune", "epci", "departement")
FloatArray = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Reference:
    """The places of one level, their figures and their index.

    Attributes
    ----------
    level : str
        One of ``LEVELS``.
    table : IndicatorTable
        Of every place of the level.
    index : NeedIndex
        Of the same places, in the order of the table.
    """

    level: str
    table: IndicatorTable
    index: NeedIndex

    @cached_property
    def people(self) -> FloatArray:
        """Inhabitants of each place, in the order of the table."""
        return self.table.population.to_numpy(dtype=float)

    def rows_of(self, place: Territoire) -> Rows:
        """Return the rows that stand for a territory: its own, or those of its communes."""
        own = place.niveau == self.level
        codes = (place.code.partition(":")[2],) if own else place.communes
        return self.table.values.index.get_indexer(pd.Index(codes))

    def weights(self, rows: Rows) -> FloatArray:
        """Return the inhabitants of some places; they count alike where nobody lives."""
        people = self.people[rows]
        return people if people.sum() > 0 else np.ones(len(rows))

    def average(self, values: FloatArray, rows: Rows) -> FloatArray:
        """Average some places, weighted by their inhabitants.

        Parameters
        ----------
        values : array of float, (..., places)
            NaN takes no part.
        rows : array of int
            Places averaged; the value of one alone is returned as it is.

        Returns
        -------
        array of float, (...)
            NaN where nothing is known.
        """
        if len(rows) == 1:
            return values[..., rows[0]]
        return group_scores(values, [rows], self.people)[..., 0]


def level_of(place: Territoire) -> str:
    """Return the level whose places a territory is ranked among: communes, unless it is one."""
    return place.niveau if place.niveau in LEVELS else LEVELS[0]
