"""One place in an index: everything its sheet says, read once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from territoires.indicators import Indicator
from territoires.needs import NeedIndex
from territoires.ui.need_results import NeedQuestion, Tested


@dataclass(frozen=True, eq=False)
class PlaceReading:
    """One place in an index.

    Attributes
    ----------
    question : NeedQuestion
        The index.
    code : str
        The place.
    top : int
        How many are the first ones.
    detailed : bool
        Whether values, vintages and ranks of the indicators are wanted.
    """

    question: NeedQuestion
    code: str
    top: int = 0
    detailed: bool = False

    @cached_property
    def index(self) -> NeedIndex:
        """The index of all places."""
        return self.question.index()

    @property
    def is_compared(self) -> bool:
        """Whether the index knows this place."""
        return self.code in self.index.score.index

    @cached_property
    def score(self) -> float:
        """Its score, 0 to 1; NaN when it is not ranked."""
        return float(self.index.score[self.code])

    @cached_property
    def points(self) -> dict[str, float]:
        """What each indicator brings to the score; NaN where it is missing."""
        return self._row(self.index.contributions)

    @cached_property
    def scaled(self) -> dict[str, float]:
        """Each indicator on the common scale, or whether a criterion is met; NaN: not known."""
        return self._row(self.index.normalised)

    @cached_property
    def dimensions(self) -> dict[str, float]:
        """Score of each dimension, 0 to 1."""
        return self._row(self.index.dimensions)

    @cached_property
    def filled(self) -> dict[str, float]:
        """Above 0 for the indicators whose value was filled, as the recipe asks."""
        return self._row(self.index.imputed)

    @cached_property
    def known_part(self) -> dict[str, float]:
        """Share of the inhabitants on which each figure of the place stands, 0 to 1."""
        return self._row(self.question.table.coverage)

    def _row(self, frame: pd.DataFrame) -> dict[str, float]:
        numbers = frame.loc[[self.code]].to_numpy(dtype=float)[0]
        return dict(zip(map(str, frame.columns), numbers.tolist(), strict=True))

    @cached_property
    def standing(self) -> dict[Hashable, dict[Hashable, Any]]:
        """Value, status and rank on every indicator: rows of ``IndicatorTable.standing``."""
        return self.question.table.standing(self.code, self.question.universe).to_dict("index")

    @property
    def tested(self) -> Tested | None:
        """What was found when the recipe was put to the test."""
        return self.question.tested()

    def indicator(self, code: str) -> Indicator:
        """Return a catalogue entry."""
        return self.question.table.indicator(code)
