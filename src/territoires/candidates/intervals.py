"""Rank of each candidate among the candidates, over many variants of the recipe.

The candidates stay those that were found: what is put to the test is their order. A group is worth
the mean of its communes, weighted by their inhabitants, in each draw as in the recipe itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable
from territoires.indicators.ranks import min_ranks
from territoires.needs import DrawPlan, Recipe
from territoires.needs.batch import competition_ranks
from territoires.needs.index import SCORE_DECIMALS, prepare
from territoires.needs.of_table import usable_recipe
from territoires.needs.robustness import HIGH, LOW, MEDIAN, Progress, draw_scores, rank_quantiles

FloatArray = npt.NDArray[np.float64]


def group_scores(
    scores: npt.NDArray[np.floating], members: Sequence[npt.NDArray[np.intp]], people: FloatArray
) -> FloatArray:
    """Average the scores of communes by territory, weighted by their inhabitants.

    Parameters
    ----------
    scores : array of float, (..., communes)
        NaN where a commune has no score: it takes no part.
    members : sequence of array of int
        Positions of the communes of each territory.
    people : array of float, (communes,)
        Inhabitants; communes count alike where nobody lives.

    Returns
    -------
    array of float, (..., territories)
        NaN where no commune has a score.
    """
    columns = []
    for positions in members:
        values, weights = scores[..., positions], people[positions]
        weights = weights if weights.sum() > 0 else np.ones(len(positions))
        known = ~np.isnan(values)
        total = (known * weights).sum(axis=-1)
        weighed = (np.where(known, values, 0.0) * weights).sum(axis=-1)
        columns.append(np.divide(weighed, total, out=np.full(total.shape, np.nan), where=total > 0))
    return np.stack(columns, axis=-1)


def rank_intervals(
    table: IndicatorTable, recipe: Recipe, territories: Sequence[Sequence[str]],
    scores: FloatArray, *, universe: pd.Index | None = None, plan: DrawPlan | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rank territories among themselves in each draw of a plan.

    Parameters
    ----------
    table : IndicatorTable
        Of communes.
    recipe : Recipe
        What ranks; of either mode.
    territories : sequence of sequence of str
        Communes of each territory; each holds at least one that the recipe scores.
    scores : array of float, (territories,)
        Their scores by the recipe itself, none missing.
    universe : Index of str, optional
        Communes in which the scales are made; all by default.
    plan : DrawPlan, optional
        What is varied; a thousand draws by default.
    progress : callable, optional
        Told the share done, 0 to 1; may raise to stop.

    Returns
    -------
    DataFrame
        One row per territory, in order: ``rang_min``, ``rang_max`` (int; 5th and 95th percentiles,
        widened to the rank that the recipe itself gives) and ``rang_median`` (int).

    Raises
    ------
    InvalidRequest
        A commune is not in the universe.
    """
    plan = plan or DrawPlan()
    used = usable_recipe(recipe, table)
    prepared = prepare(table.comparable, used, universe, table.alike)
    positions = _positions(prepared.index, territories)
    kept = np.zeros(len(prepared.index), dtype=bool)
    kept[np.concatenate(positions)] = True
    # Positions among the communes that are scored, which are few.
    renumbered = np.cumsum(kept) - 1
    members = [renumbered[rows] for rows in positions]
    people = table.population.reindex(prepared.index).to_numpy(dtype=float)[kept]
    alone = all(len(rows) == 1 for rows in members)
    order = np.concatenate(members)
    ranks = np.empty((plan.count, len(territories)), dtype=np.uint32)
    done = 0
    for rows, batch in draw_scores(used, prepared, kept, plan):
        # Places alone have nothing to average.
        lines = batch[:, order] if alone else group_scores(batch, members, people)
        for row, line in zip(rows, lines.astype(np.float32, copy=False), strict=True):
            ranks[row] = competition_ranks(line)
        done += len(rows)
        if progress is not None:
            progress(done / plan.count)
    return _bounds(rank_quantiles(ranks), scores)


def _bounds(quantiles: npt.NDArray[np.uint32], scores: FloatArray) -> pd.DataFrame:
    own = min_ranks(np.round(scores, SCORE_DECIMALS))
    columns = {
        "rang_min": np.minimum(quantiles[:, LOW], own),
        "rang_max": np.maximum(quantiles[:, HIGH], own),
        "rang_median": quantiles[:, MEDIAN],
    }
    return pd.DataFrame({name: ranks.astype("int64") for name, ranks in columns.items()})


def _positions(index: pd.Index, territories: Sequence[Sequence[str]]) -> list[npt.NDArray[np.intp]]:
    codes = [code for communes in territories for code in communes]
    positions = index.get_indexer(pd.Index(codes))
    if (positions < 0).any():
        unknown = [codes[at] for at in np.flatnonzero(positions < 0)[:5]]
        message = f"Commune hors de l'univers comparé : {', '.join(unknown)}."
        raise InvalidRequest(message)
    ends = np.cumsum([len(communes) for communes in territories])
    return np.split(positions, ends[:-1])
