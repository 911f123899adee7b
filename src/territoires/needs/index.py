"""From values and a recipe to scores, ranks, coverage and contributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators.ranks import min_ranks, whole_numbers
from territoires.needs.aggregate import AGGREGATIONS, Weighed
from territoires.needs.normalise import normalise
from territoires.needs.recipe import Recipe

FloatArray = npt.NDArray[np.float64]

# Scores that differ by less than this differ by the order of additions only: they are tied.
SCORE_DECIMALS = 12


@dataclass(frozen=True, eq=False)
class NeedIndex:
    """An index of needs over a universe.

    Attributes
    ----------
    recipe : Recipe
        How it was made.
    score : Series of float
        Index: place; 0 to 1 (unbounded under ``z``), higher is greater need; NaN: not ranked.
    rank : Series of Int64
        1 is the greatest need; ties share the best rank; ``<NA>``: not ranked.
    coverage : Series of float
        Share of the recipe's weight that is known, 0 to 1.
    contributions : DataFrame of float
        Places × indicators; NaN where missing; each ranked row adds up to its score.
    normalised : DataFrame of float
        Places × indicators on the common scale, direction applied; NaN where missing.
    """

    recipe: Recipe
    score: pd.Series
    rank: pd.Series
    coverage: pd.Series
    contributions: pd.DataFrame
    normalised: pd.DataFrame

    @property
    def count(self) -> int:
        """How many places are ranked."""
        return int(self.rank.notna().sum())


def compute_index(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None
) -> NeedIndex:
    """Compute a composite index.

    Parameters
    ----------
    values : DataFrame of float
        Index: place, without duplicates; one column per indicator; NaN is missing. Give values
        that may be compared (``IndicatorTable.comparable``).
    recipe : Recipe
        Indicators, weights, scale.
    universe : Index or sequence of str, optional
        Places compared with one another; all by default. Scales are computed inside it.

    Returns
    -------
    NeedIndex
        Over the universe, in its order.

    Raises
    ------
    InvalidRequest
        An indicator or a place is not in ``values``, a place is given twice, or a value is
        infinite.
    """
    columns, index = _columns(values, recipe, universe)
    scaled = np.empty((len(recipe.items), len(index)))
    for row, (item, column) in enumerate(zip(recipe.items, columns, strict=True)):
        scaled[row] = normalise(column, recipe.normalisation, item.direction, item.bounds)
    return _assemble(recipe, index, scaled)


def _columns(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None
) -> tuple[list[FloatArray], pd.Index]:
    absent = [code for code in recipe.codes if code not in values.columns]
    if absent:
        message = f"indicateurs : absent des données : {', '.join(absent)}."
        raise InvalidRequest(message)
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()][0]
        message = f"La clé « {twice} » est donnée deux fois : une ligne par territoire."
        raise InvalidRequest(message)
    index, positions = _universe(values.index, universe)
    columns = []
    for code in recipe.codes:
        column = values[code].to_numpy(dtype=float, na_value=np.nan)
        if np.isinf(column).any():
            message = f"indicateurs : « {code} » contient une valeur infinie."
            raise InvalidRequest(message)
        columns.append(column if positions is None else column[positions])
    return columns, index


def _universe(
    places: pd.Index, universe: pd.Index | Sequence[str] | None
) -> tuple[pd.Index, npt.NDArray[np.intp] | None]:
    if universe is None or universe is places:
        return places, None
    wanted = pd.Index(universe)
    positions = places.get_indexer(wanted)
    if (positions < 0).any():
        unknown = ", ".join(map(str, wanted[positions < 0][:5]))
        message = f"Territoire absent des données : {unknown}."
        raise InvalidRequest(message)
    if not wanted.is_unique:
        message = f"Territoire donné deux fois : {wanted[wanted.duplicated()][0]}."
        raise InvalidRequest(message)
    return wanted, positions


def _assemble(recipe: Recipe, index: pd.Index, scaled: FloatArray) -> NeedIndex:
    weighed: Weighed = AGGREGATIONS[recipe.aggregation](scaled, recipe.weights)
    unranked = (weighed.coverage < recipe.min_coverage - 1e-9) | np.isnan(weighed.score)
    weighed.score[unranked] = np.nan
    if unranked.any():
        weighed.contributions[:, unranked] = np.nan
    ranks = min_ranks(np.round(weighed.score, SCORE_DECIMALS))
    return NeedIndex(
        recipe=recipe,
        score=pd.Series(weighed.score, index=index, name="score"),
        rank=pd.Series(whole_numbers(ranks), index=index, name="rang"),
        coverage=pd.Series(weighed.coverage, index=index, name="couverture"),
        contributions=_frame(weighed.contributions, index, recipe),
        normalised=_frame(scaled, index, recipe),
    )


def _frame(rows: FloatArray, index: pd.Index, recipe: Recipe) -> pd.DataFrame:
    """Show (items, places) as places × items, without copying: both arrays are ours alone."""
    return pd.DataFrame(rows.T, index=index, columns=list(recipe.codes), copy=False)
