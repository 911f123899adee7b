"""Whether the indicators of a dimension go together: too alike, they count the same thing twice.

Opposed, they cancel one another. Checked before any question of robustness, as the OECD/JRC
Handbook asks (step 4); thresholds as in COINr.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.indicators import percent_ranks
from territoires.needs.index import compute_index
from territoires.needs.recipe import Recipe

TOO_ALIKE = 0.9
_FEWEST = 10  # places known on both sides, for a correlation to mean something


@dataclass(frozen=True)
class Correlation:
    """How two indicators of one dimension go together, each in the direction of need.

    Attributes
    ----------
    first, second : str
        Indicators.
    dimension : str
        Label of their dimension; empty for a recipe without dimensions.
    r : float
        Spearman's rank correlation over the places known on both sides, −1 to 1.
    places : int
        How many those are.
    """

    first: str
    second: str
    dimension: str
    r: float
    places: int

    @property
    def is_too_alike(self) -> bool:
        """Whether they count the same thing twice."""
        return abs(self.r) > TOO_ALIKE

    @property
    def is_opposed(self) -> bool:
        """Whether one is low where the other is high, to two decimals."""
        return round(self.r, 2) < 0


def correlations(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    *, groups: pd.Series | None = None,
) -> tuple[Correlation, ...]:  # fmt: skip
    """Correlate the indicators of each dimension, two by two.

    Parameters
    ----------
    values, recipe, universe, groups
        As :func:`compute_index`.

    Returns
    -------
    tuple of Correlation
        In the order of the recipe; pairs known together in too few places are left out.

    Raises
    ------
    InvalidRequest
        As :func:`compute_index`.
    """
    scaled = compute_index(values, recipe, universe, groups=groups).normalised
    found = []
    for block in recipe.blocks:
        items = [recipe.items[k] for k in block.positions if recipe.items[k].weight > 0]
        label = block.dimension.label if recipe.dimensions else ""
        for at, first in enumerate(items):
            for second in items[at + 1 :]:
                r, places = _spearman(scaled[first.code], scaled[second.code])
                if places >= _FEWEST and not np.isnan(r):
                    found.append(Correlation(first.code, second.code, label, r, places))
    return tuple(found)


def _spearman(first: pd.Series, second: pd.Series) -> tuple[float, int]:
    both = (first.notna() & second.notna()).to_numpy()
    left, right = (percent_ranks(one.to_numpy()[both]) for one in (first, second))
    if len(left) < 2 or left.std() == 0 or right.std() == 0:
        return float("nan"), int(both.sum())
    return float(np.corrcoef(left, right)[0, 1]), int(both.sum())
