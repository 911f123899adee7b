"""Local improvement: a commune comes, goes, or takes the place of another, while it pays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from territoires.candidates.growing.area import Area
from territoires.candidates.growing.cuts import cut_members
from territoires.candidates.growing.group import Group, Sums

# What is gained by less comes from the order of additions only.
_LEAST_GAIN = 1e-9
# Communes looked at in one improvement: keeps that of a very large group under a tenth of a second.
_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Effort:
    """How far an improvement goes.

    Attributes
    ----------
    moves : int
        Moves at most; 0 leaves groups as they grew.
    swaps : int
        Members and neighbours compared for an exchange, on each side.
    """

    moves: int
    swaps: int


@dataclass(frozen=True)
class Refined:
    """A group that no single move improves, unless it was cut short.

    Attributes
    ----------
    value : float
        Objective.
    members : tuple of int
        Places, rising.
    moves : int
        Moves made.
    cut_short : bool
        Whether it stopped at the limit of its effort.
    """

    value: float
    members: tuple[int, ...]
    moves: int
    cut_short: bool


def refine(
    area: Area,
    members: Collection[int],
    blocked: Sequence[bool],
    kept: Collection[int],
    effort: Effort,
) -> Refined:
    """Improve a connected group by the best of all moves, again and again.

    Parameters
    ----------
    area : Area
        Where.
    members : collection of int
        Places, connected; within bounds or not: what is missing is mended first.
    blocked : sequence of bool
        Places that may not be taken.
    kept : collection of int
        Members that must stay.
    effort : Effort
        How far to go.
    """
    group = Group(area, blocked, members)
    most = min(effort.moves, max(1, _LOOKED_AT // max(1, len(group.members))))
    for moves in range(most):
        move = _best_move(area, group, kept, effort.swaps)
        if move is None:
            return Refined(group.value, tuple(sorted(group.members)), moves, cut_short=False)
        gone, come = move
        # The newcomer first: the group stays in one piece all along.
        if come is not None:
            group.add(come)
        if gone is not None:
            group.remove(gone)
    return Refined(group.value, tuple(sorted(group.members)), most, cut_short=True)


Move = tuple[int | None, int | None]


def _best_move(area: Area, group: Group, kept: Collection[int], swaps: int) -> Move | None:
    """Return the member that leaves and the neighbour that comes, or ``None`` when nothing pays."""
    best = _Best(group.value + _LEAST_GAIN)
    attraction = area.attraction
    leaving = sorted(_leaving(area, group, kept), key=lambda place: (attraction[place], place))
    coming = sorted(group.frontier, key=lambda place: (-attraction[place], place))
    without = {gone: group.sums_without(gone) for gone in leaving}
    value = area.goal.value
    for gone in leaving:
        best.offer(value(without[gone]), (gone, None))
    for come in coming:
        best.offer(value(group.sums_with(come, group.frontier[come])), (None, come))
    for come in coming[:swaps]:
        _offer_swaps(area, group, come, {gone: without[gone] for gone in leaving[:swaps]}, best)
    return best.move


class _Best:
    def __init__(self, floor: float) -> None:
        self.value = floor
        self.move: Move | None = None

    def offer(self, value: float, move: Move) -> None:
        if value > self.value:
            self.value, self.move = value, move


def _leaving(area: Area, group: Group, kept: Collection[int]) -> set[int]:
    if len(group.members) == 1:
        return set()
    return group.members - cut_members(area, group.members) - set(kept)


def _offer_swaps(
    area: Area, group: Group, come: int, without: dict[int, Sums], best: _Best
) -> None:
    low, high = area.goal.low, area.goal.high
    more = area.sums[come]
    shared = group.frontier[come]
    ties = dict(area.ties[come])
    in_bounds = low <= group.sums[0] <= high
    for gone, sums in without.items():
        population = sums[0] + more[0]
        # Most exchanges fail here; out of bounds, all are looked at.
        if in_bounds and not low <= population <= high:
            continue
        if gone in ties and not group.touches_without(come, gone):
            continue
        border = shared - ties.get(gone, 0.0)
        best.offer(
            area.goal.value(
                (
                    population,
                    sums[1] + more[1],
                    sums[2] + more[2],
                    sums[3] + more[3],
                    sums[4] + more[4] - 2.0 * border,
                )
            ),
            (gone, come),
        )
