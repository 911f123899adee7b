"""How far the rank of a place depends on the choices of a recipe, said in plain words.

A recipe is one choice among many that are as defensible. Each draw makes others (weights,
normalisation, aggregation, one indicator left out) and ranks all places again; what is said of a
place is what holds in nearly all draws. After the OECD/JRC Handbook on Constructing Composite
Indicators (2008), step 7, and Saisana, Saltelli and Tarantola (2005).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.indicators.ranks import whole_numbers
from territoires.needs.batch import Ranks, Scores, competition_ranks, scores_by_variant
from territoires.needs.draws import DrawPlan, draw_variants
from territoires.needs.index import NeedIndex, Prepared, index_of_prepared, prepare
from territoires.needs.recipe import Recipe
from territoires.needs.rule_draws import rule_scores

LOW, MEDIAN, HIGH = 5, 50, 95
"""Percentiles of the interval of a rank, and its middle."""
ALWAYS, OFTEN, SOMETIMES = 95, 50, 5
"""Per cent of the draws from which a place is always, often, sometimes among the first ones."""
FREQUENCIES = ("toujours", "souvent", "parfois", "rarement ou jamais")
Progress = Callable[[float], None]
"""Told the share done, 0 to 1, several times a second; may raise to stop."""
_CHUNK = 2_000
_TOLD_EVERY = 20  # draws


@dataclass(frozen=True, eq=False)
class Robustness:
    """Ranks of the places over many draws.

    Attributes
    ----------
    index : NeedIndex
        The recipe itself.
    plan : DrawPlan
        What was varied, and the seed.
    quantiles : array of uint32, (places, 101)
        Rank at each percentile of the draws, from the best to the worst; 0 for a place that the
        recipe does not rank.
    """

    index: NeedIndex
    plan: DrawPlan
    quantiles: Ranks

    @property
    def best(self) -> pd.Series:
        """Least rank of the interval, Int64; widened to the rank of the recipe if that is less."""
        return self._bound(LOW, np.minimum).rename("rang_min")

    @property
    def worst(self) -> pd.Series:
        """Greatest rank of the interval, Int64; widened to the rank of the recipe if greater."""
        return self._bound(HIGH, np.maximum).rename("rang_max")

    @property
    def median(self) -> pd.Series:
        """Median rank over the draws, Int64."""
        return self._as_series(self.quantiles[:, MEDIAN].astype(float)).rename("rang_median")

    def interval(self, code: str) -> tuple[int, int] | None:
        """Return the ranks between which a place is; ``None`` for one that has no rank here."""
        best, worst = self.best.get(code), self.worst.get(code)
        return None if pd.isna(best) or pd.isna(worst) else (int(best), int(worst))

    def share_in_top(self, count: int) -> pd.Series:
        """Tell in what share of the draws a place is among the first ones.

        Parameters
        ----------
        count : int
            How many are the first ones.

        Returns
        -------
        Series of float
            0 to 1, to the nearest hundredth; NaN for a place that is not ranked.
        """
        within = (self.quantiles[:, 1:] <= count).mean(axis=1)
        ranked = self.index.rank.notna().to_numpy()
        return pd.Series(np.where(ranked, within, np.nan), index=self.index.rank.index)

    def frequency(self, count: int) -> pd.Series:
        """Say it in a word: ``toujours``, ``souvent``, ``parfois``, ``rarement ou jamais``.

        Returns
        -------
        Series of str
            Empty for a place that is not ranked.
        """
        share = self.share_in_top(count) * 100.0
        words = np.select(
            [share >= ALWAYS, share >= OFTEN, share >= SOMETIMES], FREQUENCIES[:3], FREQUENCIES[3]
        )
        return pd.Series(np.where(share.isna(), "", words), index=share.index, name="frequence")

    def _bound(self, percentile: int, widen: np.ufunc) -> pd.Series:
        own = self.index.rank.to_numpy(dtype=float, na_value=np.nan)
        drawn = self.quantiles[:, percentile].astype(float)
        return self._as_series(widen(drawn, own))

    def _as_series(self, ranks: npt.NDArray[np.float64]) -> pd.Series:
        ranked = self.index.rank.notna().to_numpy()
        return pd.Series(
            whole_numbers(np.where(ranked, ranks, np.nan)), index=self.index.rank.index
        )


def assess(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    *, groups: pd.Series | None = None, plan: DrawPlan | None = None,
    progress: Progress | None = None,
) -> Robustness:  # fmt: skip
    """Rank the places of a universe under many variants of a recipe.

    Parameters
    ----------
    values, recipe, universe, groups
        As :func:`compute_index`. A place that the recipe does not rank takes no part.
    plan : DrawPlan, optional
        What is varied; by default a thousand draws.
    progress : callable, optional
        Told the share done, 0 to 1; may raise to stop.

    Raises
    ------
    InvalidRequest
        As :func:`compute_index`.
    """
    plan = plan or DrawPlan()
    prepared = prepare(values, recipe, universe, groups)
    index = index_of_prepared(recipe, prepared)
    ranked = index.rank.notna().to_numpy()
    quantiles = np.zeros((len(ranked), 101), dtype=np.uint32)
    if ranked.any():
        scores = draw_scores(recipe, prepared, ranked, plan)
        ranks = _draw_ranks(scores, (plan.count, int(ranked.sum())), progress)
        quantiles[ranked] = rank_quantiles(ranks)
    return Robustness(index, plan, quantiles)


def draw_scores(
    recipe: Recipe, prepared: Prepared, kept: npt.NDArray[np.bool_], plan: DrawPlan
) -> Scores:
    """Score some places of a universe in each draw of a plan.

    Parameters
    ----------
    recipe : Recipe
        Of either mode.
    prepared : Prepared
        Values of the universe in which the scales are made.
    kept : array of bool, (universe,)
        Places to score.
    plan : DrawPlan
        What is varied.

    Yields
    ------
    array of int, array of float32
        Numbers of some draws, and their scores (draws, places kept); NaN: nothing known.
    """
    if recipe.is_rule:
        return rule_scores(recipe, prepared, kept, plan)
    return scores_by_variant(recipe, prepared, kept, draw_variants(recipe, plan))


def _draw_ranks(scores: Scores, shape: tuple[int, int], progress: Progress | None) -> Ranks:
    """Rank the places in each draw: (draws, places), 0 where nothing is known."""
    ranks = np.empty(shape, dtype=np.uint32)
    done = told = 0
    for rows, batch in scores:
        for row, line in zip(rows, batch, strict=True):
            ranks[row] = competition_ranks(line)
        done += len(rows)
        if progress is not None and (done - told >= _TOLD_EVERY or done == shape[0]):
            told = done
            progress(done / shape[0])
    return ranks


def rank_quantiles(ranks: Ranks) -> Ranks:
    """Return the rank at each percentile, by place.

    Parameters
    ----------
    ranks : array of uint32, (draws, places)
        0 where a draw says nothing of the place.

    Returns
    -------
    array of uint32, (places, 101)
        Nearest rank; 0 where no draw says anything.
    """
    draws, places = ranks.shape
    steps = np.linspace(0.0, 1.0, 101)
    result = np.empty((places, 101), dtype=np.uint32)
    for start in range(0, places, _CHUNK):
        lines = np.sort(ranks[:, start : start + _CHUNK].T, axis=1)
        silent = np.count_nonzero(lines == 0, axis=1)
        last = np.maximum(draws - 1 - silent, 0)
        at = silent[:, np.newaxis] + np.rint(last[:, np.newaxis] * steps).astype(np.intp)
        result[start : start + _CHUNK] = np.take_along_axis(
            lines, np.minimum(at, draws - 1), axis=1
        )
    return result
