"""Rank intervals of the places compared, drawn beside the page, which never waits for them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.indicators import format_share
from territoires.needs import DrawPlan
from territoires.shortlist.side_by_side import Reference, drawn_intervals, level_of
from territoires.territory import Territoire
from territoires.ui.background import Awaited, Progress, jobs
from territoires.ui.kept import Kept
from territoires.ui.state import PageState

DRAWS = DrawPlan(count=500)
_PATIENCE_SECONDS = 1.0
_EVERY_SECONDS = 0.4
_awaited = Awaited("comparer.attendue")
Intervals = Mapping[str, tuple[int, int]]

_drawn: Kept[Hashable, Intervals] = Kept(most=24)


@dataclass(frozen=True)
class Draws:
    """What is known of the intervals.

    Attributes
    ----------
    key : hashable
        What they are drawn for.
    intervals : Mapping of str to (int, int), or None
        ``None``: not drawn, or not yet.
    problem : str
        Why they cannot be, French; empty otherwise.
    """

    key: Hashable
    intervals: Intervals | None
    problem: str = ""


def intervals_of(
    references: Mapping[str, Reference], places: Sequence[Territoire], key: Hashable
) -> Draws:
    """Return the intervals, or start drawing them.

    Parameters
    ----------
    key : hashable
        Everything they depend on: places, recipe, data.
    """
    _awaited.leave(but=key)
    found = _drawn.get(key)
    if found is not None:
        return Draws(key, found)

    def work(progress: Progress) -> object:
        _drawn.put(key, _intervals(references, places, progress))
        return None

    job = jobs.find(key)
    if job is not None and job.problem:
        return Draws(key, None, job.problem)
    try:
        _awaited.start(key, work).wait(_PATIENCE_SECONDS)
    except InvalidRequest as error:  # too many wait already
        return Draws(key, None, str(error))
    return Draws(key, _drawn.get(key))


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


def draw_progress(state: PageState, draws: Draws) -> None:
    """Say where the draws are; nothing when they are done."""
    if draws.intervals is None and not draws.problem:
        _progress(state, draws.key)
    elif draws.problem:
        st.caption(f"Intervalles des rangs : {draws.problem}")


@st.fragment(run_every=_EVERY_SECONDS)
def _progress(state: PageState, key: Hashable) -> None:
    """Draw the progress alone, several times a second; then the page, once it is over."""
    if not _awaited.is_for(key):
        st.caption("Intervalles des rangs : calcul arrêté.")
        return
    job = jobs.find(key)
    if job is None or job.is_over:
        st.rerun()
    text = f"Intervalles des rangs : {format_share(job.share)} des tirages"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(job.share, 1.0), text=text, width=360)
        st.button("Arrêter", key=state.key("comparer.arreter"), on_click=_awaited.leave)
