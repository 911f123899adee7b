"""A recipe computed by pandas alone, dimension by dimension: what the engine must give back."""

from __future__ import annotations

import pandas as pd

from territoires.needs import Recipe


def plain_index(needs: pd.DataFrame, recipe: Recipe) -> tuple[pd.DataFrame, pd.Series]:
    """Weigh the percentile ranks of needs (places × indicators, the higher the greater the need).

    Returns
    -------
    (DataFrame, Series)
        What each indicator brings to the score, NaN where missing; share of the weight known.
    """
    scaled = (needs.rank(method="average") - 1) / (needs.notna().sum() - 1)
    heavy = {one.code: one.weight for one in recipe.dimensions} or {"": 1.0}
    brought, known, coverage = [], 0.0, 0.0
    for code, weight in heavy.items():
        inner = pd.Series({i.code: i.weight for i in recipe.items if i.dimension == code})
        inner, share = inner / inner.sum(), weight / sum(heavy.values())
        part = scaled[list(inner.index)]
        there = (part.notna() * inner).sum(axis=1)
        brought.append((part * inner * share).div(there.where(there > 0), axis=0))
        known = known + (there > 0) * share
        coverage = coverage + there * share
    points = pd.concat(brought, axis=1)[list(recipe.codes)]
    return points.div(known.where(known > 0), axis=0), coverage
