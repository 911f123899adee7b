"""The index of needs of one territory, and how its rank holds when the recipe varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from territoires.candidates.intervals import group_scores
from territoires.needs import DrawPlan
from territoires.needs.index import SCORE_DECIMALS, prepare
from territoires.needs.robustness import HIGH, LOW, Progress, draw_scores, rank_quantiles
from territoires.shortlist.side_by_side.model import Interval, Need
from territoires.shortlist.side_by_side.reference import Reference
from territoires.territory import Territoire

Rows = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]


def need_of(place: Territoire, reference: Reference) -> Need:
    """Tell the index of a territory: its own, or the mean of its communes; without interval."""
    index, rows = reference.index, reference.rows_of(place)
    scores = index.score.to_numpy(dtype=float)
    score = float(reference.average(scores, rows))
    own = place.niveau == reference.level
    return Need(
        score=score,
        rank=_rank(scores, score),
        ranked=index.count,
        interval=None,
        coverage=float(reference.average(index.coverage.to_numpy(dtype=float), rows)),
        verdict=str(index.verdict.iloc[rows[0]]) if own else "",
        contributions=_contributions(reference, rows),
    )


def drawn_intervals(
    reference: Reference, places: Sequence[Territoire], plan: DrawPlan,
    progress: Progress | None = None,
) -> Mapping[str, Interval]:  # fmt: skip
    """Rank territories among the places of a level in each draw of a plan.

    Parameters
    ----------
    reference : Reference
        The places; those that the recipe does not rank take no part.
    places : sequence of Territoire
        A territory of another level is worth the mean of its communes, in each draw as in the
        recipe itself.
    plan : DrawPlan
        What is varied.
    progress : callable, optional
        Told the share done, 0 to 1; may raise to stop.

    Returns
    -------
    Mapping of str to (int, int)
        By typed code: 5th and 95th percentiles of the ranks. A territory that the recipe does not
        rank is not there.
    """
    index, table = reference.index, reference.table
    kept = index.rank.notna().to_numpy()
    asked = _positions(reference, places, kept)
    if not asked:
        return {}
    people = reference.people[kept]
    prepared = prepare(table.comparable, index.recipe, None, table.alike)
    ranks = np.zeros((plan.count, len(asked)), dtype=np.uint32)
    done = 0
    for draws, scores in draw_scores(index.recipe, prepared, kept, plan):
        for at, positions in enumerate(asked.values()):
            ranks[draws, at] = _ranks_in_draws(scores, positions, people)
        done += len(draws)
        if progress is not None:
            progress(done / plan.count)
    bounds = rank_quantiles(ranks)[:, [LOW, HIGH]].tolist()
    return {code: (low, high) for code, (low, high) in zip(asked, bounds, strict=True) if low}


def _positions(
    reference: Reference, places: Sequence[Territoire], kept: npt.NDArray[np.bool_]
) -> dict[str, Rows]:
    """Return, by code, where a territory stands among the places that are ranked."""
    renumbered = np.cumsum(kept) - 1
    found = {}
    for place in places:
        rows = reference.rows_of(place)
        ranked = rows[kept[rows]]
        if len(ranked):
            found[place.code] = renumbered[ranked]
    return found


def _ranks_in_draws(
    scores: npt.NDArray[np.float32], positions: Rows, people: FloatArray
) -> npt.NDArray[np.int64]:
    """Rank one territory in each draw: (draws,), 0 where a draw says nothing of it."""
    # A place alone is not averaged: it must tie with itself, to the last digit.
    alone = len(positions) == 1
    own = scores[:, positions[0]] if alone else group_scores(scores, [positions], people)[:, 0]
    above = np.count_nonzero(scores > own[:, np.newaxis], axis=1)
    return np.where(np.isnan(own), 0, above + 1)


def _rank(scores: FloatArray, score: float) -> int | None:
    if np.isnan(score):
        return None
    higher = np.round(scores, SCORE_DECIMALS) > round(score, SCORE_DECIMALS)
    return 1 + int(np.count_nonzero(higher))


def _contributions(reference: Reference, rows: Rows) -> dict[str, float]:
    """Average what each indicator brings to the communes that are ranked, so that it adds up.

    An indicator that a ranked commune lacks brings nothing to the score of that one; it is missing
    here when all of them lack it.
    """
    index = reference.index
    ranked = rows[index.rank.notna().to_numpy()[rows]]
    parts = index.contributions.to_numpy(dtype=float)[ranked]
    if not len(ranked):
        return dict.fromkeys(map(str, index.contributions.columns), float("nan"))
    weights = reference.weights(ranked)
    means = (np.nan_to_num(parts) * weights[:, np.newaxis]).sum(axis=0) / weights.sum()
    told = np.where(np.isnan(parts).all(axis=0), np.nan, means)
    return dict(zip(map(str, index.contributions.columns), told.tolist(), strict=True))
