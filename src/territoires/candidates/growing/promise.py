"""In which order starts are tried: the most promising first, for effort is bounded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from territoires.candidates.growing.area import Area

Start = tuple[int, ...]

# Neighbours of neighbours, four times: about what a group of a few thousand inhabitants spans.
_RINGS = 4


def promising_first(area: Area, starts: Sequence[Start]) -> list[int]:
    """Order starts by the mean need of the inhabitants a few communes around, highest first.

    Returns
    -------
    list of int
        Positions in ``starts``.
    """
    if not len(area):
        return []
    sums = np.array(area.sums)
    known, needs = sums[:, 1], sums[:, 2]
    degrees = [len(ties) for ties in area.ties]
    here = np.repeat(np.arange(len(area)), degrees)
    there = np.array([other for ties in area.ties for other, _ in ties], dtype=np.int64)
    for _ in range(_RINGS):
        known = known + np.bincount(here, known[there], len(area))
        needs = needs + np.bincount(here, needs[there], len(area))
    mean = np.divide(needs, known, out=np.full(len(area), -np.inf), where=known > 0)
    promise = [float(mean[start[0]]) for start in starts]
    return sorted(range(len(starts)), key=lambda number: (-promise[number], number))
