"""Groups of communes as candidates: worth the mean of their inhabitants, on the communes' scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.context import DrawBasis
from territoires.candidates.intervals import group_scores
from territoires.candidates.unit_context import UnitContext, Units
from territoires.indicators import Indicator
from territoires.indicators.ranks import whole_numbers
from territoires.needs import NeedIndex
from territoires.needs.index import SCORE_DECIMALS


@dataclass(frozen=True, eq=False)
class GroupContext(UnitContext):
    """A query met with groups: each is worth its inhabitants, on the scale of the communes."""

    @property
    def reference_count(self) -> int:
        """Communes ranked in the reference of the scores."""
        return self.communes.index.count

    @property
    def among(self) -> str:
        """What a rank counts, after it."""
        return f" {self.communes.noun.plural}"

    def compared(self, indicator: Indicator) -> pd.Series:
        """Return the figures that one of a group is ranked with: those of the communes."""
        return self.communes.compared(indicator)

    def counted(self, indicator: Indicator) -> str:
        """Name what the rank of a figure counts: communes, or the places that publish it."""
        return self.communes.counted(indicator) or self.among

    @property
    def draw_basis(self) -> DrawBasis:
        """What the rank intervals of groups are drawn on: the table of their communes."""
        basis = self.communes.draw_basis
        return DrawBasis(basis.table, basis.universe, lambda place: self.territory(place).communes)

    @cached_property
    def index(self) -> NeedIndex:
        """The index of the communes, averaged by inhabitant over each group.

        A rank is the one that a commune of that score would have among the communes.
        """
        return averaged_index(self.communes.index, self.units, self.communes.population)


def averaged_index(index: NeedIndex, units: Units, population: pd.Series) -> NeedIndex:
    """Average an index of communes over groups, weighted by their inhabitants.

    Parameters
    ----------
    index : NeedIndex
        Of communes.
    units : Units
        Groups of them.
    population : Series of float
        Inhabitants by commune.
    """
    places = index.score.index
    members = [places.get_indexer(pd.Index(one.communes)) for one in units.territories]
    people = population.reindex(places).fillna(0.0).to_numpy(dtype=float)

    def averaged(column: pd.Series) -> npt.NDArray[np.float64]:
        return group_scores(column.to_numpy(dtype=float), members, people)

    def averaged_frame(frame: pd.DataFrame) -> pd.DataFrame:
        columns = {str(name): averaged(frame[name]) for name in frame.columns}
        return pd.DataFrame(columns, index=units.codes)

    score = averaged(index.score)
    # What a commune does not know adds nothing to its own score, nor to that of its group.
    parts = index.contributions.fillna(0.0)
    parts[index.score.isna()] = np.nan
    # Rounded as the ranks of communes are: a commune alone keeps its own.
    others = np.sort(-index.score.dropna().round(SCORE_DECIMALS).to_numpy())
    above = np.searchsorted(others, -np.round(score, SCORE_DECIMALS), side="left")
    ranks = np.where(np.isnan(score), np.nan, above + 1.0)
    return NeedIndex(
        recipe=index.recipe,
        score=pd.Series(score, index=units.codes, name="score"),
        rank=pd.Series(whole_numbers(ranks), index=units.codes, name="rang"),
        coverage=pd.Series(averaged(index.coverage), index=units.codes, name="couverture"),
        contributions=averaged_frame(parts),
        normalised=averaged_frame(index.normalised),
        dimensions=averaged_frame(index.dimensions),
        verdict=pd.Series("", index=units.codes, name="verdict"),
        imputed=averaged_frame(index.imputed.astype(float)) > 0,
    )
