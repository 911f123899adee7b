"""Index of needs, all communes × 12 indicators, against the same computation in plain pandas.

Run with ``python -m bench indice``. Figures are drawn (seed below) with the shapes of real ones:
spread out, rounded, few distinct values, one in twenty missing. Both ways give the same scores:
this is checked before anything is timed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.timing import median_ms
from territoires.needs import Recipe, RecipeItem, compute_index

COMMUNES = 34_875
INDICATORS = 12
MISSING = 0.05
SEED = 20260101
ROUNDS = 31
BOUND_MS = 20.0


def draw() -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    columns = {}
    for position in range(INDICATORS):
        values = random.lognormal(3.0, 1.0, COMMUNES)
        if position % 3:
            values = np.round(values, 2 - position % 3)
        values[random.random(COMMUNES) < MISSING] = np.nan
        columns[f"indicateur_{position:02d}"] = values
    return pd.DataFrame(columns, index=[f"{code:05d}" for code in range(COMMUNES)])


def recipe() -> Recipe:
    items = [
        RecipeItem(f"indicateur_{position:02d}", (-1) ** position, 1.0 + position / 4)
        for position in range(INDICATORS)
    ]
    return Recipe("banc d’essai", tuple(items), min_coverage=0.66)


def in_plain_pandas(values: pd.DataFrame, recipe: Recipe) -> tuple[pd.Series, pd.Series]:
    """Compute what a careful analyst would write: rank, direct, weigh, cover, rank."""
    codes = list(recipe.codes)
    weights = pd.Series(recipe.weights, index=codes)
    ranks = values[codes].rank(method="average")
    scaled = (ranks - 1).div(ranks.count() - 1, axis=1)
    for item in recipe.items:
        if item.direction < 0:
            scaled[item.code] = 1 - scaled[item.code]
    coverage = scaled.notna().mul(weights, axis=1).sum(axis=1)
    contributions = scaled.mul(weights, axis=1).div(coverage, axis=0)
    score = contributions.sum(axis=1).where(coverage >= recipe.min_coverage)
    return score, score.round(12).rank(method="min", ascending=False)


def main() -> None:
    values, made = draw(), recipe()
    ours = compute_index(values, made)
    score, rank = in_plain_pandas(values, made)
    assert np.allclose(ours.score, score, equal_nan=True)
    assert np.array_equal(ours.rank.to_numpy(float, na_value=np.nan), rank, equal_nan=True)
    mine = median_ms(lambda: compute_index(values, made), ROUNDS)
    peer = median_ms(lambda: in_plain_pandas(values, made), ROUNDS)
    print(f"indice, {COMMUNES} communes × {INDICATORS} indicateurs, médiane de {ROUNDS} calculs")
    print(f"  territoires.needs.compute_index : {mine:6.1f} ms (borne : {BOUND_MS:.0f} ms)")
    print(f"  pandas {pd.__version__}, même calcul écrit simplement : {peer:6.1f} ms")
    print(f"  rapport : {peer / mine:.1f} ×")


if __name__ == "__main__":
    main()
