"""A group being made: its members, its neighbours, and the sums that its value depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from territoires.candidates.growing.area import Area

Sums = tuple[float, float, float, float, float]


class Group:
    """Communes of an area, kept with their frontier as they come and go.

    Parameters
    ----------
    area : Area
        Where it is.
    blocked : sequence of bool
        By place: communes that it may not take.
    members : iterable of int
        Places to start with.

    Attributes
    ----------
    members : set of int
        Places inside.
    frontier : dict of int to float
        Places that may join, and the border (km) shared with the group.
    sums : tuple of float
        As ``Goal.value`` reads them, for the group as it is.
    """

    __slots__ = ("_area", "_blocked", "frontier", "members", "sums")

    def __init__(self, area: Area, blocked: Sequence[bool], members: Iterable[int] = ()) -> None:
        self._area = area
        self._blocked = blocked
        self.members: set[int] = set()
        self.frontier: dict[int, float] = {}
        self.sums: Sums = (0.0, 0.0, 0.0, 0.0, 0.0)
        # In the order of places, so that the same members always give the same sums.
        for place in sorted(members):
            self.add(place)

    def add(self, place: int) -> list[int]:
        """Take a commune in; return the neighbours of which more is surrounded than before."""
        shared = self.frontier.pop(place, 0.0)
        self.sums = self.sums_with(place, shared)
        members, frontier, blocked = self.members, self.frontier, self._blocked
        members.add(place)
        touched = []
        for other, border in self._area.ties[place]:
            if other not in members and not blocked[other]:
                frontier[other] = frontier.get(other, 0.0) + border
                touched.append(other)
        return touched

    def remove(self, place: int) -> None:
        """Let a commune go; it becomes a neighbour again."""
        self.sums = self.sums_without(place)
        members, frontier, ties = self.members, self.frontier, self._area.ties
        members.discard(place)
        for other, border in ties[place]:
            if other in frontier:
                frontier[other] -= border
                if not any(near in members for near, _ in ties[other]):
                    del frontier[other]
        if any(other in members for other, _ in ties[place]):
            frontier[place] = self.border_of(place)

    def border_of(self, place: int) -> float:
        """Return the border (km) that a commune shares with the others of the group."""
        members = self.members
        return sum(border for other, border in self._area.ties[place] if other in members)

    def touches_without(self, place: int, gone: int) -> bool:
        """Tell whether a neighbour would still touch the group without one of its members."""
        members = self.members
        return any(near in members and near != gone for near, _ in self._area.ties[place])

    def sums_with(self, place: int, shared: float) -> Sums:
        """Return the sums with one more commune, which shares so much border."""
        population, known, needs, surface, outline = self.sums
        more = self._area.sums[place]
        return (
            population + more[0],
            known + more[1],
            needs + more[2],
            surface + more[3],
            outline + more[4] - 2.0 * shared,
        )

    def sums_without(self, place: int) -> Sums:
        """Return the sums with one commune less."""
        population, known, needs, surface, outline = self.sums
        less = self._area.sums[place]
        return (
            population - less[0],
            known - less[1],
            needs - less[2],
            surface - less[3],
            outline - less[4] + 2.0 * self.border_of(place),
        )

    @property
    def value(self) -> float:
        """The objective of the group as it is."""
        return self._area.goal.value(self.sums)


def exact_sums(area: Area, members: Iterable[int]) -> Sums:
    """Return the sums of members taken in the order of places: what is shown to people."""
    group = Group(area, (), ())
    for place in sorted(members):
        group.sums = group.sums_with(place, group.border_of(place))
        group.members.add(place)
    return group.sums
