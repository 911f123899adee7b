"""The search of the candidates page: kept for every visit, and never in the way when it is long."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from territoires.candidates import (
    CandidateList,
    CandidateQuery,
    find_territories,
    with_intervals,
)
from territoires.candidates.presets import COMMUNE, EPCI, GROUP
from territoires.errors import InvalidRequest
from territoires.indicators import format_share
from territoires.initiatives import Directory
from territoires.needs import DrawPlan
from territoires.ui.background import Awaited, Progress, jobs
from territoires.ui.kept import Kept
from territoires.ui.state import PageState
from territoires.workspace import Workspace

DRAWS = DrawPlan(count=500)
MOST_PUT_TO_THE_TEST = 3_000
"""Candidates above which intervals are not drawn: the search is too wide for them to mean much."""
_PATIENCE_SECONDS = 2.5
_EVERY_SECONDS = 0.4
_GROWTH_SHARE = 0.9  # of the whole work, the rest being the draws
_SOUGHT = {COMMUNE: "communes", GROUP: "groupes de communes", EPCI: "EPCI"}
_awaited = Awaited("candidats.attendue")

_found: Kept[Hashable, CandidateList] = Kept(most=12)


def search(
    state: PageState, workspace: Workspace, directory: Directory, query: CandidateQuery
) -> CandidateList | None:
    """Return what a query finds; draw its progress and return ``None`` while it is sought.

    Raises
    ------
    InvalidRequest
        The query is impossible; the message says what would work.
    """
    key = (query, workspace.colours.version, directory)
    _awaited.leave(but=key)
    found = _found.get(key)
    if found is not None:
        return found

    def work(progress: Progress) -> object:
        _found.put(key, _sought(workspace, directory, query, progress))
        return None

    job = jobs.find(key)
    if job is None or not job.problem:
        job = _awaited.start(key, work)
    job.wait(_PATIENCE_SECONDS)
    if job.problem:
        jobs.forget(key)
        raise InvalidRequest(job.problem)
    found = _found.get(key)
    if found is None:
        _draw_progress(state, key, f"Recherche des {_SOUGHT[query.unit]}")
    return found


def found_again(workspace: Workspace, directory: Directory, query: CandidateQuery) -> CandidateList:
    """Return what a query found, sought again when it is not kept any more.

    Raises
    ------
    InvalidRequest
        The query is impossible.
    """
    key = (query, workspace.colours.version, directory)
    found = _found.get(key)
    if found is None:
        found = _sought(workspace, directory, query, lambda _share: None)
        _found.put(key, found)
    return found


def _sought(
    workspace: Workspace, directory: Directory, query: CandidateQuery, progress: Progress
) -> CandidateList:
    found = find_territories(
        workspace.register, workspace.indicators, directory, query, workspace.ground,
        lambda share: progress(share * _GROWTH_SHARE),
    )  # fmt: skip
    if len(found.ranked) > MOST_PUT_TO_THE_TEST:
        return found
    rest = 1.0 - _GROWTH_SHARE
    return with_intervals(found, DRAWS, lambda share: progress(_GROWTH_SHARE + share * rest))


@st.fragment(run_every=_EVERY_SECONDS)
def _draw_progress(state: PageState, key: Hashable, what: str) -> None:
    """Draw the progress alone, several times a second; then the page, once it is over."""
    if not _awaited.is_for(key):
        st.info("Recherche arrêtée. Changez une règle, ou restreignez le lieu, pour la relancer.")
        return
    job = jobs.find(key)
    if job is None or job.is_over:  # none: stopped with the data it worked on
        st.rerun()
    st.progress(min(job.share, 1.0), text=f"{what} : {format_share(job.share)}")
    st.button("Arrêter", key=state.key("arreter"), on_click=_awaited.leave)
