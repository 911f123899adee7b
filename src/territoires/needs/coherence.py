"""Whether the indicators of a dimension go together: too alike, they count the same thing twice.

Opposed, they cancel one another. Checked before any question of robustness, as the OECD/JRC
Handbook asks (step 4); thresholds as in COINr.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.indicators.ranks import rank_correlation
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
                pair = scaled[[first.code, second.code]].dropna().to_numpy()
                r = rank_correlation(*pair.T)
                if len(pair) >= _FEWEST and not np.isnan(r):
                    found.append(Correlation(first.code, second.code, label, r, len(pair)))
    return tuple(found)
