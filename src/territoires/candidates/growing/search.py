"""The search: grow from every start, improve the best, choose, grow again around what is taken."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from territoires.candidates.growing.area import Area
from territoires.candidates.growing.promise import Start, promising_first
from territoires.candidates.growing.refine import Effort, Refined, refine
from territoires.candidates.growing.settings import GrowthSettings
from territoires.candidates.growing.sprout import Sprout, sprout

# Share of the progress shown for growth; the rest is for the choice.
_GROWTH_SHARE = 0.8
# Communes taken in between two reports of progress: a few hundredths of a second.
_STEPS_PER_REPORT = 2_000


@dataclass(frozen=True)
class FoundGroup:
    """A group that was chosen.

    Attributes
    ----------
    start : tuple of int
        Places it grew from.
    refined : Refined
        Its members and its objective.
    """

    start: Start
    refined: Refined


@dataclass(frozen=True)
class Outcome:
    """What a search ends with.

    Attributes
    ----------
    groups : tuple of FoundGroup
        In the order in which they were chosen.
    untried : int
        Starts given up for want of effort, the least promising ones.
    most_gathered : float
        Most inhabitants gathered from any start without passing the upper bound.
    best_start : tuple of int
        The start that gathered them; empty without any.
    """

    groups: tuple[FoundGroup, ...]
    untried: int
    most_gathered: float
    best_start: Start


Steps = Generator[float, None, Outcome]


@dataclass(eq=False)
class Search:
    """One search over an area.

    Attributes
    ----------
    area : Area
        Where.
    settings : GrowthSettings
        How hard.
    starts : list of tuple of int
        Connected places to grow from.
    count : int
        How many groups are wanted.
    overlapping : bool
        Whether they may share communes.
    kept : tuple of int
        Places that every group contains: no improvement takes them out, and all may share them.
    keep_start : bool
        Whether the start must stay too.
    """

    area: Area
    settings: GrowthSettings
    starts: Sequence[Start]
    count: int
    overlapping: bool = False
    kept: tuple[int, ...] = ()
    keep_start: bool = False
    _blocked: list[bool] = field(init=False)
    _hopeless: set[int] = field(init=False, default_factory=set)
    _heap: list[tuple[float, int, tuple[int, ...], Refined | None]] = field(
        init=False, default_factory=list
    )
    _pending: list[int] = field(init=False, default_factory=list)
    _missed: list[int] = field(init=False, default_factory=list)
    _chosen: list[FoundGroup] = field(init=False, default_factory=list)
    _covered: set[int] = field(init=False, default_factory=set)
    _rescued: int = field(init=False, default=0)
    _most: float = field(init=False, default=0.0)
    _best_start: Start = field(init=False, default=())

    def __post_init__(self) -> None:
        self._blocked = [False] * len(self.area)

    def run(self) -> Steps:
        """Search, yielding the share done; stop iterating to cancel."""
        yield from self._grow_all()
        yield from self._improve_leaders()
        while len(self._chosen) < self.count and self._advance():
            yield _GROWTH_SHARE + (1 - _GROWTH_SHARE) * len(self._chosen) / self.count
        return Outcome(tuple(self._chosen), len(self._pending), self._most, self._best_start)

    # Growth

    def _grow_all(self) -> Generator[float, None, None]:
        budget = self.settings.steps + self.settings.steps_per_commune * len(self.area)
        order = promising_first(self.area, self.starts)
        spent = reported = 0
        for done, number in enumerate(order):
            if spent > budget:
                # Not forgotten: grown when everything that promised more has been considered.
                self._pending = order[: done - 1 : -1]
                break
            spent += self._grow(number).steps
            if spent - reported >= _STEPS_PER_REPORT:
                reported = spent
                yield _GROWTH_SHARE * done / len(order)
        heapq.heapify(self._heap)

    def _grow(self, number: int) -> Sprout:
        start = self.starts[number]
        if self._hopeless.issuperset(start):
            return _NOTHING_GREW
        grown = sprout(self.area, start, self._blocked, self.settings.patience)
        if grown.population > self._most:
            self._most, self._best_start = grown.population, start
        if grown.found:
            heapq.heappush(self._heap, (-grown.value, number, grown.members, None))
        elif grown.refused:
            self._missed.append(number)
        elif grown.population < self.area.goal.low:
            # All that these communes can reach is too little, and nothing will be unblocked.
            self._hopeless.update(grown.members)
        return grown

    def _refine(self, number: int, members: Sequence[int], swaps: int) -> Refined:
        kept = (*self.kept, *self.starts[number]) if self.keep_start else self.kept
        effort = Effort(self.settings.moves, swaps)
        return refine(self.area, members, self._blocked, kept, effort)

    def _improve_leaders(self) -> Generator[float, None, None]:
        seen: set[frozenset[int]] = set()
        leaders = [heapq.heappop(self._heap) for _ in range(self._leading)]
        for key, number, members, refined in leaders:
            if (group := frozenset(members)) not in seen:
                seen.add(group)
                refined = self._refine(number, members, self.settings.swaps)
                key, members = -refined.value, refined.members
                yield _GROWTH_SHARE
            heapq.heappush(self._heap, (key, number, members, refined))

    @property
    def _leading(self) -> int:
        return min(self.settings.leaders, len(self._heap))

    # Choice

    def _advance(self) -> bool:
        """Do one step of the choice; tell whether there was one left to do."""
        if self._heap:
            self._consider()
        elif self._pending:
            number = self._pending.pop()
            if not self._is_taken(number):
                self._grow(number)
        elif self._missed and self._rescued < self.settings.rescues:
            self._rescued += 1
            self._rescue(self._missed.pop(0))
        else:
            return False
        return True

    def _rescue(self, number: int) -> None:
        """Mend a start that missed the bounds: exchanges may reach what growth jumped over."""
        if self._is_taken(number):
            return
        grown = sprout(self.area, self.starts[number], self._blocked, self.settings.patience)
        if grown.found:
            heapq.heappush(self._heap, (-grown.value, number, grown.members, None))
            return
        refined = self._refine(number, grown.members, len(self.area))
        if self.area.goal.accepts(refined.value):
            heapq.heappush(self._heap, (-refined.value, number, refined.members, refined))

    def _is_taken(self, number: int) -> bool:
        return any(self._blocked[place] for place in self.starts[number])

    def _consider(self) -> None:
        """Choose the best group, or put it back improved, or grown again around what is taken."""
        _, number, members, refined = heapq.heappop(self._heap)
        if any(self._blocked[place] for place in members):
            if not self._is_taken(number):
                self._grow(number)
            return
        if self._repeats(members):
            return
        if refined is None:
            refined = self._refine(number, members, self.settings.swaps)
            heapq.heappush(self._heap, (-refined.value, number, refined.members, refined))
            return
        self._chosen.append(FoundGroup(self.starts[number], refined))
        self._covered.update(members)
        if not self.overlapping:
            for place in members:
                self._blocked[place] = place not in self.kept

    def _repeats(self, members: Sequence[int]) -> bool:
        """Tell whether a group has too much in common with better ones: only overlapping can."""
        if not self.overlapping:
            return False
        shared = [place for place in members if place in self._covered]
        if len(shared) == len(members):
            return True
        inhabitants = sum(self.area.sums[place][0] for place in members)
        common = sum(self.area.sums[place][0] for place in shared)
        return common > self.settings.shared_max * inhabitants


_NOTHING_GREW = Sprout(float("-inf"), (), 0.0, 0, refused=False)
