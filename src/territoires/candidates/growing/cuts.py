"""What holds together: what one can reach, and the members without which a group falls apart.

The latter are its articulation points (Tarjan, 1972).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from territoires.candidates.growing.area import Area, Tie

_Place = TypeVar("_Place", bound=Hashable)


def cut_members(area: Area, members: set[int]) -> set[int]:
    """Return the members whose leaving would cut a connected group in two, without recursion."""
    root = min(members)
    found = {root: 0}
    lowest = {root: 0}
    cuts: set[int] = set()
    branches = 0
    path: list[tuple[int, int, Iterator[Tie]]] = [(root, -1, iter(area.ties[root]))]
    while path:
        place, parent, ties = path[-1]
        child = _next_unseen(place, parent, ties, members, found, lowest)
        if child is not None:
            found[child] = lowest[child] = len(found)
            path.append((child, place, iter(area.ties[child])))
            continue
        path.pop()
        if parent < 0:
            continue
        lowest[parent] = min(lowest[parent], lowest[place])
        if parent == root:
            branches += 1
        elif lowest[place] >= found[parent]:
            cuts.add(parent)
    if branches > 1:
        cuts.add(root)
    return cuts


def _next_unseen(
    place: int,
    parent: int,
    ties: Iterator[Tie],
    members: set[int],
    found: dict[int, int],
    lowest: dict[int, int],
) -> int | None:
    for other, _ in ties:
        if other == parent or other not in members:
            continue
        seen = found.get(other)
        if seen is None:
            return other
        lowest[place] = min(lowest[place], seen)
    return None


def reachable(area: Area, start: int) -> set[int]:
    """Return the places that ties lead to from one, itself included."""
    return reached(start, lambda place: (other for other, _ in area.ties[place]))


def reached(start: _Place, around: Callable[[_Place], Iterable[_Place]]) -> set[_Place]:
    """Return all that one comes to from a start, neighbour after neighbour, itself included."""
    seen = {start}
    waiting = [start]
    while waiting:
        for other in around(waiting.pop()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
