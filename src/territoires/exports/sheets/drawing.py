"""Intervals of the ranks of the territories that are printed, drawn once for all their sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from territoires.exports.sheets.source import SheetSource, among
from territoires.needs import DrawPlan
from territoires.shortlist.side_by_side import Reference, drawn_intervals, level_of
from territoires.territory import Territoire


def with_drawn_intervals(
    source: SheetSource, places: Sequence[Territoire], plan: DrawPlan | None,
    progress: Callable[[float], None] | None = None,
) -> SheetSource:  # fmt: skip
    """Draw the intervals that the sheets of some territories lack.

    Parameters
    ----------
    source : SheetSource
        What they are written from; the levels that it put to the test are not drawn again.
    places : sequence of Territoire
        Those to print. A group is ranked with the communes.
    plan : DrawPlan or None
        What is varied; ``None`` draws nothing.
    progress : callable, optional
        Told the share done of each level, 0 to 1; may raise to stop.

    Returns
    -------
    SheetSource
        The same, which knows the intervals.
    """
    told = dict(source.intervals)
    for level in {level_of(place): None for place in places}:
        index = source.index(level)
        lacking = [
            place for place in places
            if level_of(place) == level and among(place) and not _is_known(source, place)
        ]  # fmt: skip
        if index is not None and plan is not None and lacking:
            reference = Reference(level, source.indicators_by(level), index)
            told |= drawn_intervals(reference, lacking, plan, progress)
    return replace(source, intervals=told)


def _is_known(source: SheetSource, place: Territoire) -> bool:
    return place.niveau in source.robustness or place.code in source.intervals
