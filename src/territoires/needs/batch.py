"""Scores of all places under many variants of a recipe at once, and their ranks.

Single precision and ranks by counting keep a thousand rankings of all communes within a few
seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from territoires.needs.draws import Method, Variants
from territoires.needs.index import Prepared
from territoires.needs.recipe import Recipe
from territoires.needs.recipe_parts import Block
from territoires.needs.scaling import scale_item

Floats = npt.NDArray[np.float32]
Ranks = npt.NDArray[np.uint32]
Scores = Iterator[tuple[npt.NDArray[np.intp], Floats]]
"""Batches: the numbers of some draws, and their scores (draws, places); NaN: nothing known."""

BINS = 1 << 18
"""Steps between the lowest and the highest score of a variant: closer scores are tied."""
_BATCH = 50
_LEAST = 1e-30  # the logarithm of zero, as single precision can hold it


def scores_by_variant(
    recipe: Recipe, prepared: Prepared, kept: npt.NDArray[np.bool_], variants: Variants
) -> Scores:
    """Score the places under each variant.

    Parameters
    ----------
    recipe : Recipe
        Of mode ``score``: its items, blocks and geometric shift.
    prepared : Prepared
        Values of the universe in which the scales are made.
    kept : array of bool, (universe,)
        Places to score.
    variants : Variants
        Weights and methods.

    Yields
    ------
    array of int, array of float32
        Rows of ``variants``, and their scores (rows, places kept); every row comes once.
    """
    for at, method in enumerate(variants.methods):
        rows = np.flatnonzero(variants.method == at)
        if not len(rows):
            continue
        scorer = _Scorer(recipe, prepared, kept, method)
        for part in _parts(rows):
            yield part, scorer.scores(variants.inner[part], variants.outer[part])


def competition_ranks(scores: Floats) -> Ranks:
    """Rank by counting how many places stand in a higher step of the scale.

    Parameters
    ----------
    scores : array of float32, (places,)
        NaN where nothing is known.

    Returns
    -------
    array of uint32, (places,)
        1 is the highest, ties share the best rank; 0 where nothing is known.
    """
    known = ~np.isnan(scores)
    if not known.all():
        ranks = np.zeros(scores.shape, dtype=np.uint32)
        ranks[known] = competition_ranks(scores[known]) if known.any() else 0
        return ranks
    low, high = scores.min(), scores.max()
    if low == high:
        return np.ones(scores.shape, dtype=np.uint32)
    steps = ((high - scores) * np.float32((BINS - 1) / (high - low))).astype(np.int32)
    held = np.bincount(steps, minlength=BINS)
    above = np.cumsum(held) - held
    counted: Ranks = (above[steps] + 1).astype(np.uint32)
    return counted


def _parts(rows: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


class _Scorer:
    """Values of one method, scaled once, then weighed many times."""

    def __init__(
        self, recipe: Recipe, prepared: Prepared, kept: npt.NDArray[np.bool_], method: Method
    ) -> None:
        scaled = np.stack([
            scale_item(column, item, method.normalisation)[kept]
            for item, column in zip(recipe.items, prepared.columns, strict=True)
        ])  # fmt: skip
        known = ~np.isnan(scaled)
        self._shift = np.float32(recipe.geometric_shift)
        self._outer_logs = method.aggregation == "geometrique"
        self._blocks = recipe.blocks
        self._complete = [bool(known[block.positions].all()) for block in recipe.blocks]
        self._there = known.astype(np.float32)
        self._values = np.where(known, scaled, 0.0).astype(np.float32)
        self._inner_logs = [
            (block.dimension.aggregation or method.aggregation) == "geometrique"
            for block in recipe.blocks
        ]
        for block, logs in zip(recipe.blocks, self._inner_logs, strict=True):
            if logs:
                self._values[block.rows] = self._log(self._values[block.rows])
        self._values *= self._there

    def scores(self, inner: npt.NDArray[np.float64], outer: npt.NDArray[np.float64]) -> Floats:
        """Return the scores (variants, places); NaN where nothing is known."""
        total = np.zeros((len(inner), self._values.shape[1]), dtype=np.float32)
        known = np.zeros_like(total)
        for position, block in enumerate(self._blocks):
            weights = inner[:, block.positions].astype(np.float32)
            share = np.where(weights.any(axis=1), outer[:, position], 0.0).astype(np.float32)
            if not share.any():
                continue
            mean, there = self._block(block, position, weights)
            total += mean * share[:, np.newaxis]
            known += there * share[:, np.newaxis]
        with np.errstate(invalid="ignore", divide="ignore"):
            total /= known
        return self._as_score(total)

    def _block(self, block: Block, position: int, weights: Floats) -> tuple[Floats, Floats]:
        """Return the mean of a block, 0 where nothing of it is known, and where it is known."""
        total = weights.sum(axis=1, keepdims=True)
        weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
        mean: Floats = weights @ self._values[block.rows]
        if self._complete[position]:
            return self._as_outer(mean, position), np.ones((len(mean), 1), dtype=np.float32)
        there: Floats = weights @ self._there[block.rows]
        np.divide(mean, there, out=mean, where=there > 0)
        known = (there > 0).astype(np.float32)
        return self._as_outer(mean, position) * known, known

    def _as_outer(self, mean: Floats, position: int) -> Floats:
        """Bring the mean of a block to what the outer mean adds up: itself, or its logarithm."""
        inside, outside = self._inner_logs[position], self._outer_logs
        if inside == outside:
            return mean
        return self._unlog(mean) if inside else self._log(mean)

    def _as_score(self, total: Floats) -> Floats:
        return self._unlog(total) if self._outer_logs else total

    def _log(self, values: Floats) -> Floats:
        logs: Floats = np.log(np.maximum(self._shift + (1 - self._shift) * values, _LEAST))
        return logs

    def _unlog(self, logs: Floats) -> Floats:
        values: Floats = (np.exp(logs) - self._shift) / (1 - self._shift)
        return values
