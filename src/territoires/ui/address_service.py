"""The national address service, offered for an uploaded list: nothing leaves without a click."""

from __future__ import annotations

import os
from collections.abc import Hashable
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.geocoding import Columns
from territoires.geocoding.service import Refined
from territoires.indicators import format_share
from territoires.settings import load_settings
from territoires.sources.geoplateforme import AddressGuide
from territoires.sources.geoplateforme.placing import withheld_rows
from territoires.ui.background import Awaited, Progress, jobs
from territoires.ui.kept import Kept
from territoires.ui.markup import escape_markdown
from territoires.ui.placed_list import ReviewedList, keep_refined, refined_list
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 1.0
_awaited = Awaited("initiatives.adresses")
# Only until the visit that asked takes it, which is at once: addresses do not stay on the server.
_done: Kept[Hashable, Refined] = Kept(most=8)


def address_service(state: PageState, workspace: Workspace, listed: ReviewedList) -> None:
    """Draw the offer to ask the service, its progress, and what it answered.

    Nothing where the settings forbid the service, or where the list has no address.
    """
    url = load_settings(os.environ).geocoder_url
    columns = listed.placed.columns
    if url is None or columns.address is None:
        return
    key = (listed.placed.key, st.session_state.get(state.key("adresses.essai"), 0))
    _awaited.leave(but=key)
    with st.container(border=True):
        if _awaited.is_for(key) and _waiting(state, listed, key):
            return
        refined = refined_list(listed.placed)
        if refined is not None:
            _told(refined)
        _offer(state, workspace, listed, urlsplit(url).hostname or url)


def _offer(state: PageState, workspace: Workspace, listed: ReviewedList, host: str) -> None:
    again = refined_list(listed.placed) is not None
    count = asked_rows(listed.frame, listed.placed.columns)
    st.markdown(
        f"**Jusqu'à l'adresse.** {plural(count, 'ligne donne', 'lignes donnent')} une adresse : le "
        "service national (Géoplateforme) peut dire où elle est dans sa commune."
    )
    st.caption(
        f"Ce qui sort de cette machine, vers {escape_markdown(host)} et nulle part ailleurs : "
        "l'adresse, le code postal, le nom et le code de la commune de ces lignes. Ni les autres "
        "colonnes, ni ce qui n'est pas public (visibilité, axe 4)."
    )
    st.button(
        "Demander de nouveau au service national" if again
        else "Préciser les adresses avec le service national (Géoplateforme)",
        key=state.key("adresses.demander"), disabled=not count,
        on_click=_start, args=(state, workspace, listed),
    )  # fmt: skip


def asked_rows(placed: pd.DataFrame, columns: Columns) -> int:
    """Return how many rows have an address that may be asked."""
    if columns.address is None:
        return 0
    asked = (placed[columns.address] != "") & (placed["geo_precision"] != "coordonnees")
    return int((asked.to_numpy(bool) & ~withheld_rows(placed)).sum())


def _start(state: PageState, workspace: Workspace, listed: ReviewedList) -> None:
    turn_key = state.key("adresses.essai")
    st.session_state[turn_key] = st.session_state.get(turn_key, 0) + 1
    key = (listed.placed.key, st.session_state[turn_key])
    frame, columns = listed.frame, listed.placed.columns

    def work(progress: Progress) -> object:
        settings = load_settings(os.environ)
        with AddressGuide(
            workspace.gazetteer, settings, keep=False, tell=lambda _line: None, progress=progress
        ) as guide:
            _done.put(key, guide.place(frame, columns))
        return None

    _awaited.start(key, work)


def _waiting(state: PageState, listed: ReviewedList, key: Hashable) -> bool:
    """Tell whether the answers are still awaited; take them when they are there."""
    job = jobs.find(key)
    if job is not None and not job.wait(_PATIENCE_SECONDS):
        _draw_progress(state, key)
        return True
    if job is not None and job.problem:
        st.error(escape_markdown(job.problem))
    refined = _done.pop(key)
    _awaited.leave()
    if refined is not None:
        keep_refined(listed.placed, refined)
        st.rerun()
    return False


def _told(refined: Refined) -> None:
    summary = escape_markdown(refined.summary)
    if refined.failed:
        st.warning(
            f"{summary} Les lignes sans réponse gardent leur place hors ligne, et le disent dans "
            "la colonne geo\\_motif."
        )
    else:
        st.success(summary)


@st.fragment(run_every=_EVERY_SECONDS)
def _draw_progress(state: PageState, key: Hashable) -> None:
    """Draw the progress alone, several times a second; then the page, once it is over."""
    job = jobs.find(key)
    if not _awaited.is_for(key) or job is None or job.is_over:
        st.rerun()
    text = f"Adresses demandées au service national : {format_share(job.share)}"
    st.progress(min(job.share, 1.0), text=text)
    st.button("Arrêter", key=state.key("adresses.arreter"), on_click=_awaited.leave)
