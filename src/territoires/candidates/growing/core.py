"""Joins the communes that a territory must contain through as few inhabitants as can be."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from territoires.candidates.growing.area import Area


def joined(area: Area, wanted: Sequence[int]) -> tuple[int, ...] | None:
    """Return connected places that hold all those wanted, few inhabitants beside them.

    From each wanted place in turn, the nearest of the others, counted in inhabitants to cross, is
    joined until none is left (Takahashi and Matsuyama, 1980: exact for two places, at most twice
    the least for more); the least populated result is kept.

    Returns
    -------
    tuple of int or None
        Places, rising; ``None`` when no path joins them.
    """
    attempts = [_joined_from(area, start, wanted) for start in wanted]
    found = [attempt for attempt in attempts if attempt is not None]
    if not found:
        return None
    return min(found, key=lambda places: (sum(area.sums[place][0] for place in places), places))


def _joined_from(area: Area, start: int, wanted: Sequence[int]) -> tuple[int, ...] | None:
    inside = {start}
    missing = set(wanted) - inside
    while missing:
        path = _nearest_path(area, inside, missing)
        if path is None:
            return None
        inside.update(path)
        missing -= inside
    return tuple(sorted(inside))


def _nearest_path(area: Area, inside: set[int], missing: set[int]) -> list[int] | None:
    """Dijkstra over places, from a group to the nearest wanted one; the path without the group."""
    cost = dict.fromkeys(inside, 0.0)
    came_from: dict[int, int] = {}
    heap = [(0.0, place) for place in sorted(inside)]
    done: set[int] = set()
    while heap:
        so_far, place = heapq.heappop(heap)
        if place in done:
            continue
        done.add(place)
        if place in missing:
            return _path_to(place, came_from)
        for other, _ in area.ties[place]:
            # One more than its inhabitants: through deserted communes, the shortest way.
            through = so_far + area.sums[other][0] + 1.0
            if through < cost.get(other, float("inf")):
                cost[other] = through
                came_from[other] = place
                heapq.heappush(heap, (through, other))
    return None


def _path_to(place: int, came_from: dict[int, int]) -> list[int]:
    path = [place]
    while (previous := came_from.get(path[-1])) is not None:
        path.append(previous)
    return path
