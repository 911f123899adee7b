"""From values and a recipe to scores, ranks, coverage and contributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators.ranks import min_ranks, whole_numbers
from territoires.needs.aggregate import weigh
from territoires.needs.imputation import NO_IMPUTATION, impute
from territoires.needs.recipe import Recipe
from territoires.needs.rule import UNDECIDED, VERDICT_WORDS, judge
from territoires.needs.scaling import scale_item

FloatArray = npt.NDArray[np.float64]

# Scores that differ by less than this differ by the order of additions only: they are tied.
SCORE_DECIMALS = 12
COVERAGE_TOLERANCE = 1e-9
"""What a sum of weights may lack of the least coverage asked for, and still reach it."""
UNRANKED = "non classé"
TIERS = ("très fort", "fort", "moyen", "faible", "très faible")
"""Classes of need: a fifth of the ranked places each, ties kept together."""


@dataclass(frozen=True, eq=False)
class NeedIndex:
    """An index of needs over a universe.

    Attributes
    ----------
    recipe : Recipe
        How it was made.
    score : Series of float
        Index: place; 0 to 1 (unbounded under ``z``), higher is greater need; NaN: not ranked.
        Under the mode ``regle``, the share of the criteria that are met.
    rank : Series of Int64
        1 is the greatest need; ties share the best rank; ``<NA>``: not ranked.
    coverage : Series of float
        Share of the recipe's effective weight that is known, 0 to 1; what was imputed is not known.
    contributions : DataFrame of float
        Places × indicators; NaN where missing; each ranked row adds up to its score.
    normalised : DataFrame of float
        Places × indicators on the common scale, direction applied; NaN where missing. Under the
        mode ``regle``, 1 where the criterion is met, else 0.
    dimensions : DataFrame of float
        Places × dimensions, the score of each; no column for a recipe without dimensions.
    verdict : Series of str
        Under the mode ``regle``: ``retenu``, ``non_retenu`` or ``indetermine``; else empty texts.
    imputed : DataFrame of bool
        Places × indicators: where the value was filled, as the recipe asks.
    """

    recipe: Recipe
    score: pd.Series
    rank: pd.Series
    coverage: pd.Series
    contributions: pd.DataFrame
    normalised: pd.DataFrame
    dimensions: pd.DataFrame
    verdict: pd.Series
    imputed: pd.DataFrame

    @property
    def count(self) -> int:
        """How many places are ranked."""
        return int(self.rank.notna().sum())

    @property
    def classes(self) -> pd.Series:
        """Class of need of each place, in French: one of ``TIERS``, or the verdict of a rule."""
        if self.recipe.is_rule:
            return self.verdict.map(VERDICT_WORDS).rename("classe")
        ranks = self.rank.to_numpy(dtype=float, na_value=np.nan)
        unranked = np.isnan(ranks)
        fifth = (np.where(unranked, 1.0, ranks) - 1.0) * len(TIERS) // max(self.count, 1)
        names = np.array(TIERS, dtype=object)[fifth.astype(int)]
        return pd.Series(np.where(unranked, UNRANKED, names), self.rank.index, name="classe")

    @property
    def filled(self) -> pd.Series:
        """Codes of the indicators that were filled for each place, joined by ``;``."""
        codes = np.array(self.recipe.codes, dtype=object)
        joined = [";".join(codes[row]) for row in self.imputed.to_numpy(dtype=bool)]
        return pd.Series(joined, self.rank.index, name="remplis", dtype=object)


@dataclass(frozen=True, eq=False)
class Prepared:
    """The values of a recipe over a universe, ready to be scaled.

    Attributes
    ----------
    index : Index
        Places, in the order asked.
    columns : list of array of float, (places,)
        One per item of the recipe; NaN where missing, after imputation if it is asked.
    imputed : array of bool, (items, places)
        Where a value was filled.
    """

    index: pd.Index
    columns: list[FloatArray]
    imputed: npt.NDArray[np.bool_]


def compute_index(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    *, groups: pd.Series | None = None,
) -> NeedIndex:  # fmt: skip
    """Compute a composite index on any table.

    Parameters
    ----------
    values : DataFrame of float
        Index: place, without duplicates; one column per indicator; NaN is missing. Give values
        that may be compared (``IndicatorTable.comparable``).
    recipe : Recipe
        Indicators, weights, scale.
    universe : Index or sequence of str, optional
        Places compared with one another; all by default. Scales are computed inside it.
    groups : Series of str, optional
        Index: place; places alike, for a recipe that fills what is missing.

    Returns
    -------
    NeedIndex
        Over the universe, in its order.

    Raises
    ------
    InvalidRequest
        An indicator or a place is not in ``values``, a place is given twice, a value is infinite
        or has no image by its transformation, or groups are needed and not given.
    """
    return index_of_prepared(recipe, prepare(values, recipe, universe, groups))


def index_of_prepared(recipe: Recipe, prepared: Prepared) -> NeedIndex:
    """Compute an index on values that :func:`prepare` took for the same recipe.

    Raises
    ------
    InvalidRequest
        A value has no image by its transformation.
    """
    if recipe.is_rule:
        return _by_rule(recipe, prepared)
    scaled = np.stack([
        scale_item(column, item, recipe.normalisation)
        for item, column in zip(recipe.items, prepared.columns, strict=True)
    ])  # fmt: skip
    return _by_score(recipe, prepared, scaled)


def prepare(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    groups: pd.Series | None = None,
) -> Prepared:  # fmt: skip
    """Take from a table what a recipe needs; parameters and errors as :func:`compute_index`."""
    columns, index = _columns(values, recipe, universe)
    if recipe.imputation == NO_IMPUTATION:
        return Prepared(index, columns, np.zeros((len(columns), len(index)), dtype=bool))
    if groups is None:
        message = (
            f"imputation : « {recipe.imputation} » demande de savoir quels territoires se "
            "ressemblent, ce que cette table ne dit pas. Retirez-la de la recette."
        )
        raise InvalidRequest(message)
    filled, marks = impute(columns, recipe.imputation, groups.reindex(index))
    return Prepared(index, filled, marks)


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


def _by_score(recipe: Recipe, prepared: Prepared, scaled: FloatArray) -> NeedIndex:
    weighed = weigh(scaled, recipe)
    unranked = (weighed.coverage < recipe.min_coverage - COVERAGE_TOLERANCE) | np.isnan(
        weighed.score
    )
    weighed.score[unranked] = np.nan
    if unranked.any():
        weighed.contributions[:, unranked] = np.nan
    coverage = weighed.coverage
    if prepared.imputed.any():
        # An imputed value lets a place be ranked; it is not known for all that.
        coverage = np.round(coverage - recipe.weights @ prepared.imputed, SCORE_DECIMALS)
    return _assemble(
        recipe, prepared, score=weighed.score, coverage=coverage, scaled=scaled,
        contributions=weighed.contributions, dimensions=weighed.dimensions,
    )  # fmt: skip


def _by_rule(recipe: Recipe, prepared: Prepared) -> NeedIndex:
    judged = judge(prepared.columns, recipe)
    contributions = judged.contributions
    contributions[:, judged.verdict == UNDECIDED] = np.nan
    return _assemble(
        recipe, prepared, score=judged.score, coverage=judged.coverage, scaled=judged.met,
        contributions=contributions, verdict=judged.verdict,
    )  # fmt: skip


def _assemble(
    recipe: Recipe, prepared: Prepared, *, score: FloatArray, coverage: FloatArray,
    scaled: FloatArray, contributions: FloatArray, dimensions: FloatArray | None = None,
    verdict: npt.NDArray[np.object_] | None = None,
) -> NeedIndex:  # fmt: skip
    index = prepared.index
    names = [one.code for one in recipe.dimensions] if dimensions is not None else []
    shown = dimensions if dimensions is not None and names else np.empty((0, len(index)))
    ranks = min_ranks(np.round(score, SCORE_DECIMALS))
    return NeedIndex(
        recipe=recipe,
        score=pd.Series(score, index=index, name="score"),
        rank=pd.Series(whole_numbers(ranks), index=index, name="rang"),
        coverage=pd.Series(coverage, index=index, name="couverture"),
        contributions=_frame(contributions, index, recipe.codes),
        normalised=_frame(scaled, index, recipe.codes),
        dimensions=_frame(shown, index, names),
        verdict=pd.Series("" if verdict is None else verdict, index=index, name="verdict"),
        imputed=_frame(prepared.imputed, index, recipe.codes),
    )


def _frame(rows: npt.NDArray[np.generic], index: pd.Index, names: Sequence[str]) -> pd.DataFrame:
    """Show (items, places) as places × items, without copying: the arrays are ours alone."""
    return pd.DataFrame(rows.T, index=index, columns=list(names), copy=False)
