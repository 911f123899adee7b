"""Growth: from a commune, or from those that must be there, one neighbour after the other."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from territoires.candidates.growing.area import Area
from territoires.candidates.growing.group import Group

NOTHING = float("-inf")


@dataclass(frozen=True)
class Sprout:
    """What grew from a start.

    Attributes
    ----------
    value : float
        Objective; :data:`NOTHING` when no group within bounds was met.
    members : tuple of int
        Places of the best group met; of all that was taken in when there is none.
    population : float
        Most inhabitants gathered without passing the upper bound.
    steps : int
        Communes taken in.
    refused : bool
        Whether a neighbour was left because it would pass the upper bound: when not, all that
        can be reached was taken in, and nothing better can come of this start.
    """

    value: float
    members: tuple[int, ...]
    population: float
    steps: int
    refused: bool

    @property
    def found(self) -> bool:
        """Whether a group within bounds was met."""
        return self.value > NOTHING


def sprout(area: Area, start: Sequence[int], blocked: Sequence[bool], patience: int) -> Sprout:
    """Grow a group around connected places, taking each time the neighbour most in need.

    Need is counted by inhabitant, so that filling up to the lower bound with the neediest
    neighbours is what raises the mean most; a neighbour already surrounded is preferred by what it
    does to the shape. Past the lower bound, the best group met is kept.

    Parameters
    ----------
    area : Area
        Where.
    start : sequence of int
        Places, connected.
    blocked : sequence of bool
        Places that may not be taken.
    patience : int
        How many communes may be added in vain, in a row, once within bounds.
    """
    grown = _Growing(area, start, blocked)
    vain = 0
    while vain <= patience and grown.take_next():
        vain = 0 if grown.is_best() else vain + (grown.best > NOTHING)
    best = _with_one_more(area, start, blocked) if len(start) == 1 else None
    if best is not None and best[0] > grown.best:
        return Sprout(best[0], best[1], grown.group.sums[0], len(grown.order), grown.refused)
    return grown.sprout()


class _Growing:
    def __init__(self, area: Area, start: Sequence[int], blocked: Sequence[bool]) -> None:
        self._area = area
        self._heap: list[tuple[float, int]] = []
        self.order = list(start)
        self.group = Group(area, blocked, start)
        self.refused = False
        self.best = NOTHING
        self.kept = 0
        self._push(list(self.group.frontier))
        self.is_best()

    def take_next(self) -> bool:
        """Take the most attractive neighbour that fits; tell whether there was one."""
        heap, group, area = self._heap, self.group, self._area
        members, sums, high = group.members, area.sums, area.goal.high
        while heap:
            place = heapq.heappop(heap)[1]
            if place in members:
                continue
            if group.sums[0] + sums[place][0] > high:
                self.refused = True
                continue
            self.order.append(place)
            self._push(group.add(place))
            return True
        return False

    def is_best(self) -> bool:
        """Note the group as it is when it is the best so far; tell whether it is."""
        if self.group.sums[0] < self._area.goal.low:
            return False
        value = self.group.value
        if not self._area.goal.accepts(value) or value <= self.best:
            return False
        self.best, self.kept = value, len(self.order)
        return True

    def sprout(self) -> Sprout:
        """Return what grew."""
        members = self.order[: self.kept] if self.kept else self.order
        population = self.group.sums[0]
        return Sprout(self.best, tuple(members), population, len(self.order), self.refused)

    def _push(self, touched: list[int]) -> None:
        heap, frontier = self._heap, self.group.frontier
        attraction, sums, pull = self._area.attraction, self._area.sums, self._area.goal.pull
        for place in touched:
            # The perimeter is a divisor: never 0, though a commune may be given without any.
            surrounded = pull * frontier[place] / (sums[place][4] or 1.0)
            heapq.heappush(heap, (-attraction[place] - surrounded, place))


def _with_one_more(
    area: Area, start: Sequence[int], blocked: Sequence[bool]
) -> tuple[float, tuple[int, ...]] | None:
    """Return the best group of two communes: growth never ends below it."""
    seed = start[0]
    first = area.sums[seed]
    best: tuple[float, tuple[int, ...]] | None = None
    for place, border in area.ties[seed]:
        second = area.sums[place]
        if blocked[place] or not area.goal.low <= first[0] + second[0] <= area.goal.high:
            continue
        sums = [one + other for one, other in zip(first, second, strict=True)]
        sums[4] -= 2.0 * border
        value = area.goal.value(sums)
        if area.goal.accepts(value) and (best is None or value > best[0]):
            best = (value, (seed, place))
    return best
