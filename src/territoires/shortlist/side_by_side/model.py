"""What is said of territories laid side by side. Plain values: nothing here reads data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from territoires.indicators import RANKED_STATUSES, Indicator
from territoires.needs import Recipe
from territoires.territory import Territoire

Interval = tuple[int, int]
"""Ranks, the best and the worst."""
FEWEST, MOST = 2, 6
"""How many territories a comparison holds."""
STRONGEST, WEAKEST = "plus grand besoin", "plus petit besoin"


@dataclass(frozen=True)
class Figure:
    """One indicator in one territory.

    Attributes
    ----------
    value : float
        NaN: missing; ``status`` says why.
    status : str
        One of ``territoires.indicators.STATUSES``.
    rank : int or None
        1 is the greatest need, among the places of ``Compared.level``; ``None``: not ranked.
    ranked : int
        How many of those places are.
    coverage : float
        Share of the inhabitants whose commune has a comparable figure, 0 to 1.
    method : str
        How the value was obtained, French.
    low, high : float
        Least and greatest comparable value of its communes; NaN when none is known.
    """

    value: float
    status: str
    rank: int | None
    ranked: int
    coverage: float
    method: str
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def comparable(self) -> float:
        """The value, if it may be compared with others; else NaN."""
        return self.value if self.status in RANKED_STATUSES else math.nan


@dataclass(frozen=True)
class Need:
    """The index of needs in one territory.

    Attributes
    ----------
    score : float
        As ``NeedIndex.score``; of other territories than communes, EPCI and départements, the mean
        of their communes weighted by inhabitants. NaN: not ranked.
    rank : int or None
        Among the places of ``Compared.level``; the rank that the score would have, for a mean.
    ranked : int
        How many of those places are ranked.
    interval : (int, int) or None
        Ranks in nine draws out of ten; ``None``: not drawn.
    coverage : float
        Share of the recipe's weight that is known, 0 to 1; a mean as the score.
    verdict : str
        Under the mode ``regle``, for places that the index itself judges; else empty.
    contributions : Mapping of str to float
        By indicator, in the order of the recipe; they add up to the score. NaN: missing.
    """

    score: float
    rank: int | None
    ranked: int
    interval: Interval | None
    coverage: float
    verdict: str
    contributions: Mapping[str, float]

    def within(self, drawn: Interval | None) -> Need:
        """Add the interval of the rank, widened to the rank that the recipe itself gives."""
        if drawn is None or self.rank is None:
            return replace(self, interval=None)
        return replace(self, interval=(min(drawn[0], self.rank), max(drawn[1], self.rank)))


@dataclass(frozen=True)
class Presence:
    """Initiatives recorded in one territory and around it.

    Attributes
    ----------
    here, near : int
        Inside; and outside, within the distance of its reference point.
    here_by_axis, near_by_axis : Mapping of str to int
        Code of an axis, or ``NO_AXIS``; one of two axes counts in both.
    nearest : str
        Name of the nearest one outside; empty when none is in the same projected system.
    nearest_km : float
        NaN when there is none.
    """

    here: int
    here_by_axis: Mapping[str, int]
    near: int
    near_by_axis: Mapping[str, int]
    nearest: str
    nearest_km: float


@dataclass(frozen=True, eq=False)
class Compared:
    """One territory, one column.

    Attributes
    ----------
    place : Territoire
        The territory.
    name : str
        As the person's list calls it.
    where : str
        What it is part of, or what it is made of, French.
    level : str
        ``commune``, ``epci`` or ``departement``: whom its ranks are among.
    area_km2, density : float or None
        Inhabitants per km²; ``None``: not known.
    figures : Mapping of str to Figure
        By indicator.
    need : Need
        Under the recipe chosen.
    presence : Presence
        Initiatives.
    """

    place: Territoire
    name: str
    where: str
    level: str
    area_km2: float | None
    density: float | None
    figures: Mapping[str, Figure]
    need: Need
    presence: Presence

    @property
    def missing(self) -> tuple[str, ...]:
        """Indicators without a value."""
        return tuple(code for code, figure in self.figures.items() if not figure.is_known)

    @property
    def partial(self) -> tuple[str, ...]:
        """Indicators whose value stands on a part of the inhabitants."""
        return tuple(
            code
            for code, figure in self.figures.items()
            if figure.status in RANKED_STATUSES and figure.is_known and figure.coverage < 1.0
        )

    @property
    def is_mean(self) -> bool:
        """Whether its score is a mean of its communes, ranked as if it were one of them."""
        return self.level != self.place.niveau


@dataclass(frozen=True, eq=False)
class SideBySide:
    """From two to six territories, and what is said of each.

    Attributes
    ----------
    columns : tuple of Compared
        In the order asked.
    indicators : Mapping of str to Indicator
        Those that are told, in the order of the catalogue.
    recipe : Recipe
        What the index is made by, as it applies to communes.
    radius_km : float
        Distance within which initiatives are near.
    """

    columns: tuple[Compared, ...]
    indicators: Mapping[str, Indicator]
    recipe: Recipe
    radius_km: float

    def with_intervals(self, drawn: Mapping[str, Interval]) -> SideBySide:
        """Add the intervals of ranks, by typed code, as :func:`drawn_intervals` gives them."""
        columns = tuple(
            replace(column, need=column.need.within(drawn.get(column.place.code)))
            for column in self.columns
        )
        return replace(self, columns=columns)

    @property
    def is_of_one_level(self) -> bool:
        """Whether all are ranked among the same places: only then are scores of one scale."""
        return len({column.level for column in self.columns}) == 1

    def marks(self, code: str) -> tuple[str, ...]:
        """Tell which columns have the greatest and the least need on an indicator.

        Returns
        -------
        tuple of str
            ``STRONGEST``, ``WEAKEST`` or an empty text for each column. A count says nothing of
            need between a commune and a département.
        """
        indicator = self.indicators[code]
        is_size = indicator.aggregation == "somme" and not self.is_of_one_level
        if is_size or not indicator.direction:
            return ("",) * len(self.columns)
        return extremes([
            round(column.figures[code].comparable, indicator.decimals) * indicator.direction
            for column in self.columns
        ])  # fmt: skip

    def need_marks(self) -> tuple[str, ...]:
        """Tell which columns have the greatest and the least score, when they are of one scale."""
        if not self.is_of_one_level:
            return ("",) * len(self.columns)
        return extremes([round(column.need.score, 3) for column in self.columns])


def extremes(needs: Sequence[float]) -> tuple[str, ...]:
    """Mark the greatest and the least of some needs, ties together.

    Parameters
    ----------
    needs : sequence of float
        The higher, the greater the need; NaN is not compared.

    Returns
    -------
    tuple of str
        ``STRONGEST``, ``WEAKEST`` or empty; all empty when there is no difference to tell.
    """
    known = [need for need in needs if not math.isnan(need)]
    if not known or min(known) == max(known):
        return ("",) * len(needs)
    words = {max(known): STRONGEST, min(known): WEAKEST}
    return tuple("" if math.isnan(need) else words.get(need, "") for need in needs)
