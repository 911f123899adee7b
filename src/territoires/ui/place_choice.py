"""The place a page looks at: from a search, a click on the map, or the address."""

from __future__ import annotations

import streamlit as st

from territoires.errors import UnknownTerritory
from territoires.maps import QUICK_VIEWS
from territoires.territory import Territoire, territory_from_code
from territoires.ui.filters import EVERYWHERE, Scope
from territoires.ui.map_view import clicked_commune
from territoires.ui.markup import escape_markdown
from territoires.ui.place_search import search_box
from territoires.ui.state import PageState
from territoires.ui.view import View, look_at, view_of
from territoires.workspace import Workspace


def current_place(state: PageState, workspace: Workspace, level: str) -> Territoire | None:
    """Draw the search box, and answer the newest of: a search, a click on the map, the address."""
    key = state.key("lieu")
    if key not in st.session_state:
        st.session_state[key] = state.first_value("lieu")
        if st.session_state[key] and _known_place(state, workspace, st.session_state[key]):
            look_at_place(state, workspace, st.session_state[key])
    searched = search_box(state, workspace.register)
    clicked = clicked_commune(state, workspace)
    if searched:
        st.session_state[key] = searched
        look_at_place(state, workspace, searched)
    elif clicked:
        st.session_state[key] = typed_place(workspace, clicked, level)
    code: str = st.session_state[key]
    state.keep("lieu", code)
    return _known_place(state, workspace, code) if code else None


def _known_place(state: PageState, workspace: Workspace, code: str) -> Territoire | None:
    try:
        return territory_from_code(workspace.register, code)
    except UnknownTerritory as error:
        st.warning(f"Le lieu de cette adresse n'existe pas ici. {escape_markdown(str(error))}")
        st.session_state[state.key("lieu")] = ""
        state.forget("lieu")
        return None


def typed_place(workspace: Workspace, commune: str, level: str) -> str:
    """Return the typed code of the place of a level that holds a commune."""
    row = workspace.register.communes.loc[commune]
    if level == "departement":
        return f"dep:{row['code_departement']}"
    if level == "epci" and isinstance(row["code_epci"], str):
        return f"epci:{row['code_epci']}"
    return f"com:{commune}"


def at_level(workspace: Workspace, place: Territoire | None, level: str) -> Territoire | None:
    """Return the place of a level that holds a chosen commune; another place as it is."""
    if place is None or place.niveau != "commune" or level == "commune":
        return place
    code = typed_place(workspace, place.communes[0], level)
    return territory_from_code(workspace.register, code)


def outlined(workspace: Workspace, scope: Scope, place: Territoire | None) -> list[Territoire]:
    """Return what a map outlines: the place looked at, and the area compared when it is another."""
    outlined = [] if place is None else [place]
    code = scope.public_code
    if code != EVERYWHERE.code and (place is None or place.code != code):
        outlined.append(territory_from_code(workspace.register, code))
    return outlined


def look_at_place(state: PageState, workspace: Workspace, code: str) -> None:
    """Move the map to a place, with what is around it."""
    outline = territory_from_code(workspace.register, code).outline(workspace.register)
    look_at(state, _a_little_wider(view_of(state, outline.bounds)))


def _a_little_wider(view: View) -> View:
    # A commune alone on the screen says nothing: show what is around it.
    return View(view.latitude, view.longitude, max(5, min(view.zoom - 1, 10)))


def quick_views(state: PageState) -> None:
    """Draw the buttons that move the map to the mainland and to each overseas département."""
    with st.container(horizontal=True, gap="small"):
        for quick in QUICK_VIEWS:
            if st.button(quick.label, key=state.key(f"aller.{quick.code}"), type="tertiary"):
                look_at(state, view_of(state, quick.bounds))
