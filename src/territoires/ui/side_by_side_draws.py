"""Rank intervals of the places compared, drawn beside the page and shown when they are there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.indicators import format_share
from territoires.needs import DrawPlan
from territoires.shortlist.side_by_side import Reference, drawn_intervals, level_of
from territoires.territory import Territoire
from territoires.ui.background import Awaited, Progress, jobs
from territoires.ui.kept import Kept

DRAWS = DrawPlan(count=500)
_PATIENCE_SECONDS = 0.6
_EVERY_SECONDS = 0.3
_STOPPED = "comparer.arret"
_INTERRUPTED = "calcul arrêté."
_awaited = Awaited("comparer.attendue")
Intervals = Mapping[str, tuple[int, int]]

_drawn: Kept[Hashable, Intervals] = Kept(most=24)


@dataclass(frozen=True)
class Draws:
    """What is known of the intervals of some places under some recipe, at one moment.

    Attributes
    ----------
    key : hashable
        What they are drawn for.
    intervals : Mapping of str to (int, int), or None
        By typed code; ``None``: not drawn, or not yet.
    problem : str
        Why they are not drawn, French; empty otherwise.
    """

    key: Hashable
    intervals: Intervals | None = None
    problem: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether they are being drawn."""
        return not self.problem and self.intervals is None

    def wait(self, tell: Callable[[float], object]) -> Draws:
        """Wait for the end, telling the share done several times a second.

        Streamlit leaves the page at any call of its own when the person does something else: what
        ``tell`` draws is what lets them.
        """
        job = jobs.find(self.key)
        while job is not None and not job.wait(_EVERY_SECONDS):
            tell(job.share)
        return Draws(self.key, _drawn.get(self.key), job.problem if job else "").settled()

    def settled(self) -> Draws:
        """Return what is known now, for who does not wait any longer."""
        drawn = self.intervals or _drawn.get(self.key)
        return Draws(self.key, drawn, "" if drawn is not None else self.problem or _INTERRUPTED)


def draws_of(
    references: Mapping[str, Reference], places: Sequence[Territoire], key: Hashable
) -> Draws:
    """Return the intervals if they are kept, else start drawing them.

    Parameters
    ----------
    key : hashable
        Everything they depend on: places, recipe, data.
    """
    _awaited.leave(but=key)
    job, drawn = jobs.find(key), _drawn.get(key)
    if drawn is not None:
        return Draws(key, drawn)
    if st.session_state.get(_STOPPED) == key:
        return Draws(key, problem=_INTERRUPTED)
    st.session_state.pop(_STOPPED, None)
    if job is not None and job.problem:
        return Draws(key, problem=job.problem)

    def work(progress: Progress) -> object:
        _drawn.put(key, _intervals(references, places, progress))
        return None

    try:
        _awaited.start(key, work).wait(_PATIENCE_SECONDS)
    except InvalidRequest as error:  # too many wait already
        return Draws(key, problem=str(error))
    return Draws(key, _drawn.get(key))


def stop_draws(key: Hashable) -> None:
    """Stop drawing, at the person's wish."""
    st.session_state[_STOPPED] = key
    _awaited.leave()


def progress_words(share: float) -> str:
    """Say how far the draws are."""
    return f"Intervalles des rangs : {format_share(share)} des tirages"


def _intervals(
    references: Mapping[str, Reference], places: Sequence[Territoire], progress: Progress
) -> Intervals:
    """Draw level after level: communes, which take nearly all the time, tell the progress."""
    told: dict[str, tuple[int, int]] = {}
    for level, reference in references.items():
        own = [place for place in places if level_of(place) == level]
        steps = progress if level == "commune" else None
        told |= drawn_intervals(reference, own, DRAWS, steps)
    return told
