"""Indices and their tests, worked out once for every visit that asks the same question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from territoires.indicators import IndicatorTable
from territoires.maps.colouring import data_version
from territoires.needs import (
    Correlation,
    DrawPlan,
    Influence,
    NeedIndex,
    Recipe,
    Robustness,
    correlations,
    index_of,
    influences,
    robustness_of,
    usable_recipe,
)
from territoires.needs.recipe_address import bare
from territoires.ui.filters import EVERYWHERE, Scope
from territoires.ui.kept import Kept
from territoires.workspace import Workspace

KEPT_INDICES = 4  # 8 MB each, for all communes and a dozen indicators
KEPT_TESTS = 2  # 15 MB each

ResultKey = tuple[Recipe, str, str, str]


@dataclass(frozen=True, eq=False)
class NeedQuestion:
    """A recipe, and who is compared.

    Attributes
    ----------
    workspace : Workspace
        The data.
    recipe : Recipe
        As the person wrote it.
    level : str
        ``commune``, ``epci`` or ``departement``.
    scope : Scope
        Places outside take no part.
    """

    workspace: Workspace
    recipe: Recipe
    level: str = "commune"
    scope: Scope = EVERYWHERE
    key: ResultKey = field(init=False)

    def __post_init__(self) -> None:
        version = data_version(self.workspace.register, self.workspace.indicators)
        key = (bare(self.recipe), self.level, self.scope.code, version)
        object.__setattr__(self, "key", key)

    @property
    def table(self) -> IndicatorTable:
        """Indicators of the level."""
        return self.workspace.indicators_by(self.level)

    @property
    def universe(self) -> pd.Index | None:
        """The places compared, in the order of the table; ``None`` for all of them."""
        if self.scope.communes is None:
            return None
        places = self.table.values.index
        if self.level == "commune":
            return places[places.isin(self.scope.communes)]
        column = self.workspace.register.communes[f"code_{self.level}"]
        return places[places.isin(column.loc[list(self.scope.communes)].dropna().unique())]

    def with_recipe(self, recipe: Recipe) -> NeedQuestion:
        """Ask the same of another recipe."""
        return NeedQuestion(self.workspace, recipe, self.level, self.scope)

    def index(self) -> NeedIndex:
        """Return the index, worked out now if it is not kept.

        Raises
        ------
        InvalidRequest
            As :func:`territoires.needs.index_of`.
        """
        bare_one = self.key[0]
        index = _indices.get_or_make(
            self.key, lambda: index_of(self.table, bare_one, self.universe)
        )
        # Kept without its texts, which are those of whoever asks.
        return replace(index, recipe=usable_recipe(self.recipe, self.table))

    def tested(self) -> Tested | None:
        """Return the last test of this index, if it is kept."""
        return tests.get(self.key)


@dataclass(frozen=True, eq=False)
class Tested:
    """What a recipe is worth when its choices are changed.

    Attributes
    ----------
    robustness : Robustness
        Ranks over the draws.
    influences : tuple of Influence
        What each choice does alone, the one that moves most first.
    correlations : tuple of Correlation
        Inside each dimension, named by its code.
    """

    robustness: Robustness
    influences: tuple[Influence, ...]
    correlations: tuple[Correlation, ...]


def put_to_the_test(
    question: NeedQuestion, plan: DrawPlan, progress: Callable[[float], None]
) -> Tested:
    """Test an index: draws, then each choice alone, then what goes together.

    Parameters
    ----------
    progress : callable
        Told the share done, 0 to 1; may raise to stop.

    Raises
    ------
    InvalidRequest
        As :func:`territoires.needs.index_of`.
    """
    table, universe, recipe = question.table, question.universe, question.key[0]
    usable = usable_recipe(recipe, table)
    robustness = robustness_of(
        table, recipe, universe, plan=plan, progress=lambda done: progress(done * 0.9)
    )
    values, groups = table.comparable, table.alike
    alone = influences(values, usable, universe, groups=groups, plan=plan)
    progress(0.97)
    together = correlations(values, usable, universe, groups=groups)
    tested = Tested(_in_less_room(robustness), alone, together)
    tests.put(question.key, tested)
    return tested


def _in_less_room(robustness: Robustness) -> Robustness:
    """Hold ranks in half the memory: there are fewer communes than two bytes can count."""
    if len(robustness.quantiles) > np.iinfo(np.uint16).max:
        return robustness
    return replace(robustness, quantiles=robustness.quantiles.astype(np.uint16))


def forget_results() -> None:
    """Forget every result kept."""
    _indices.clear()
    tests.clear()


_indices: Kept[ResultKey, NeedIndex] = Kept(KEPT_INDICES)
tests: Kept[ResultKey, Tested] = Kept(KEPT_TESTS)
