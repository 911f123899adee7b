"""Carte: what the territories live with, who acts where, and the sheet of one place."""

from __future__ import annotations

import streamlit as st

from territoires.maps import (
    MapSpec,
    initiatives_layer,
    legend_html,
)
from territoires.territory import Territoire
from territoires.ui.around import initiatives_block, needs_block
from territoires.ui.colour_choice import (
    choose_colour,
    choose_level,
    colour_title,
    map_spec,
    recipe_of,
)
from territoires.ui.directory_store import session_directory
from territoires.ui.filters import InitiativeFilter, Scope, initiative_filter
from territoires.ui.index_sheet import index_block
from territoires.ui.initiatives_legend import initiatives_legend
from territoires.ui.map_reading import choose_reading
from territoires.ui.map_view import draw_map, follow_scope
from territoires.ui.members_box import choose_scope
from territoires.ui.need_points import needs_layer
from territoires.ui.official_notice import official_notice
from territoires.ui.page import run_page
from territoires.ui.place_choice import current_place, outlined, quick_views
from territoires.ui.place_sheet import heading, indicators_block, mairie_block, sources_block
from territoires.ui.selection_store import offer_to_select
from territoires.ui.sheets import offer_place_sheet
from territoires.ui.state import PageState
from territoires.ui.table_twin import table_twin
from territoires.ui.widgets import choose_number
from territoires.workspace import Workspace

_DEFAULT_RADIUS_KM = 20


def _draw(workspace: Workspace, state: PageState) -> None:
    with st.sidebar:
        st.subheader("Couleur de la carte")
        colour = choose_colour(state, workspace)
        level = choose_level(state)
        st.subheader("Initiatives")
        chosen = initiative_filter(state, workspace.vocabularies)
        st.subheader("Où")
        scope = choose_scope(state, workspace)
        reading = choose_reading(state, scope)
    follow_scope(state, workspace, scope)
    place = current_place(state, workspace, level)
    official_notice(workspace)
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        spec = reading.of(map_spec(workspace, colour, level))
        title = colour_title(workspace, colour)
        _map_column(state, workspace, spec, title, chosen, scope, place)
    with right:
        _sheet_column(state, workspace, chosen, place, colour)
    table_twin(state, workspace, spec, title, scope)


def _map_column(
    state: PageState, workspace: Workspace, spec: MapSpec, title: str, chosen: InitiativeFilter,
    scope: Scope, place: Territoire | None,
) -> None:  # fmt: skip
    directory = session_directory(workspace)
    shown = chosen.apply(directory, scope.communes)
    quick_views(state)
    points = [initiatives_layer(shown)]
    if len(workspace.needs_observed):
        points.append(needs_layer(workspace, scope.communes))
    draw_map(state, workspace, spec, points, outlined(workspace, scope, place))
    st.html(
        legend_html(workspace.colours, spec, title) + initiatives_legend(workspace.vocabularies)
    )
    unlocated = len(chosen.apply(directory).unlocated)
    st.caption(_count_sentence(len(shown.located), unlocated, scope))


def _count_sentence(located: int, unlocated: int, scope: Scope) -> str:
    where = "" if scope.communes is None else f" · {scope.label}"
    plural = "s" if located > 1 else ""
    hidden = ""
    if unlocated and scope.communes is None:
        hidden = f" ; {unlocated} autres ne sont pas localisées (page Initiatives)"
    return f"{located} initiative{plural} sur la carte{where}{hidden}."


def _sheet_column(
    state: PageState, workspace: Workspace, chosen: InitiativeFilter, place: Territoire | None,
    colour: str,
) -> None:  # fmt: skip
    if place is None:
        st.markdown(
            "**Cliquez un lieu sur la carte**, ou cherchez-le : sa fiche s'ouvre ici, avec ses "
            "indicateurs, leurs rangs, les initiatives autour et la mairie."
        )
        return
    st.html(heading(workspace, place))
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_to_select(state, place)
        offer_place_sheet(
            workspace, session_directory(workspace), place, recipe_of(workspace, colour)
        )
    figures, initiatives, mairie = st.tabs(["Indicateurs", "Initiatives", "Mairie et sources"])
    with figures:
        st.html(
            index_block(workspace, place, recipe_of(workspace, colour))
            + indicators_block(workspace, place)
        )
    with initiatives:
        directory = chosen.apply(session_directory(workspace))
        radius = choose_number(
            state, "rayon", "Rayon (km)", default=_DEFAULT_RADIUS_KM, least=1, most=200, step=5
        )
        st.html(
            initiatives_block(workspace, directory, place, radius or _DEFAULT_RADIUS_KM)
            + needs_block(workspace, place)
        )
    with mairie:
        st.html(mairie_block(workspace.register, place) + sources_block(workspace))


run_page("carte", _draw)
