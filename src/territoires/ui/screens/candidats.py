"""Territoires candidats: where the need, the size and the absence meet, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from territoires.candidates import (
    CandidateList,
    CandidateQuery,
    Preset,
    nearest_settings,
    preset_warnings,
    why_not,
)
from territoires.candidates.presets import EPCI
from territoires.candidates.query import ALL_FRANCE
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.indicators import format_number
from territoires.maps import MapSpec, legend_html
from territoires.needs import Recipe
from territoires.ui.alike_view import alike_view
from territoires.ui.area_drawing import is_drawing
from territoires.ui.candidate_list_view import first_ones, list_and_map
from territoires.ui.candidate_search import search
from territoires.ui.capacity_view import capacity_view
from territoires.ui.directory_store import session_directory
from territoires.ui.map_view import draw_map, follow_area
from territoires.ui.markup import escape_markdown, link, paragraph, reason, text
from territoires.ui.official_notice import official_notice
from territoires.ui.page import run_page
from territoires.ui.query_form import choose_preset, choose_query, choose_weighed_recipe
from territoires.ui.selection_store import remember_search
from territoires.ui.state import PageState
from territoires.ui.widgets import choose_one_of_few
from territoires.workspace import Workspace

_ResultView = Callable[[Workspace, PageState, Preset, CandidateList], None]

# Ways of looking at what a search found: code of the address → label and view.
_RESULT_VIEWS: dict[str, tuple[str, _ResultView]] = {
    "liste": ("Liste et carte", list_and_map),
    "capacite": ("Besoin et capacité", capacity_view),
}
_ALIKE = "semblables"
_VIEWS = {code: label for code, (label, _) in _RESULT_VIEWS.items()} | {_ALIKE: "Semblables à…"}


def _draw(workspace: Workspace, state: PageState) -> None:
    st.title("Territoires candidats")
    official_notice(workspace)
    view = choose_one_of_few(state, "vue", "Vue", tuple(_VIEWS), show=lambda code: _VIEWS[code])
    if view == _ALIKE:
        alike_view(workspace, state)
    else:
        _search_view(workspace, state, view)


def _search_view(workspace: Workspace, state: PageState, view: str) -> None:
    with st.sidebar:
        preset = choose_preset(state, workspace)
        recipe = choose_weighed_recipe(state, workspace)
        query, refusal = _query(state, workspace, recipe, preset)
    _preset_notes(preset)
    found = None
    if query is not None and not is_drawing(state):
        found, refusal = _found(state, workspace, query)
    if refusal:
        st.error(escape_markdown(refusal))
    if found is None:
        _map_meanwhile(workspace, state, recipe, query)
        return
    st.html(paragraph(f"{found.funnel()}{_shown_sentence(found)}"))
    for note in found.notes:
        st.caption(note)
    remember_search(found.query)
    if found.frame.empty:
        noun = found.context.noun
        nothing = f"{noun.agree('Aucun')} {noun.singular} ne remplit toutes les conditions"
        nearest = nearest_settings(found.context, found.rules)
        st.info(escape_markdown(f"{nothing}. {nearest}"))
    else:
        _, draw_results = _RESULT_VIEWS[view]
        draw_results(workspace, state, preset, found)
    _ask_why_not(workspace, state, found)


def _query(
    state: PageState, workspace: Workspace, recipe: Recipe, preset: Preset
) -> tuple[CandidateQuery | None, str]:
    """Draw the form; return the question, or why it cannot be one."""
    try:
        return choose_query(state, workspace, recipe, preset), ""
    except InvalidRequest as error:
        return None, str(error)


def _found(
    state: PageState, workspace: Workspace, query: CandidateQuery
) -> tuple[CandidateList | None, str]:
    """Return what is found, nothing while it is sought; or why nothing can be."""
    try:
        return search(state, workspace, session_directory(workspace), query), ""
    except InvalidRequest as error:
        return None, str(error)


def _map_meanwhile(
    workspace: Workspace, state: PageState, recipe: Recipe, query: CandidateQuery | None
) -> None:
    """Draw the needs while the search goes on, is refused, or an area is drawn: no map waits."""
    state.keep_undrawn()  # the settings of a view are drawn with what was found
    spec = MapSpec.for_recipe(recipe, version=workspace.colours.version)
    follow_area(state, workspace, (query.universe if query else ALL_FRANCE)[0])
    draw_map(state, workspace, spec, [])
    st.html(legend_html(workspace.colours, spec, recipe.name))


def _shown_sentence(found: CandidateList) -> str:
    if len(found.ranked) <= len(found.frame):
        return "."
    shown = f"{len(found.frame)} {first_ones(found)}"
    tied = f", et {format_number(found.tied_beyond)} ex æquo avec la fin de la liste n'y sont pas"
    return (
        f". La liste montre les {shown}{tied if found.tied_beyond else ''} ; "
        "leur nombre se règle à gauche."
    )


def _preset_notes(preset: Preset) -> None:
    for warning in preset_warnings(preset, date.today()):
        st.warning(warning)
    with st.expander(f"Règles : {preset.name}"):
        notes = [*preset.notes]
        if preset.is_proposal:
            notes.insert(0, "Règles proposées par nous, faute d'un texte : changez-les librement.")
        notes += [f"{rule.criterion} : {rule.reason}" for rule in preset.unmeasured]
        st.html("".join(f"<p>{text(note)}</p>" for note in notes) or "<p>Aucune règle.</p>")
        if preset.source_url:
            st.html(f'<p class="t-note">Source : {link(preset.source_url, preset.source_url)}</p>')


def _ask_why_not(workspace: Workspace, state: PageState, found: CandidateList) -> None:
    words = st.text_input(
        "Et ma commune ? (nom ou code)", key=state.key("ma_commune"), max_chars=100
    )
    if not words.strip():
        return
    places = [p for p in workspace.register.search(words, limit=5) if p.kind == "commune"]
    if not places:
        st.info("Aucune commune de ce nom.")
    for place in places[:3]:
        st.html(reason(why_not(found, _asked(workspace.register, found, place.code))))


def _asked(register: Register, found: CandidateList, commune: str) -> str:
    """Return what the list can answer about: a commune, or its EPCI when EPCI are ranked."""
    epci = str(register.communes["code_epci"].fillna("")[commune])
    return f"epci:{epci}" if found.query.unit == EPCI and epci else commune


run_page("candidats", _draw)
