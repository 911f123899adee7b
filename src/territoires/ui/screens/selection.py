"""Ma sélection: the territories kept, their notes, and the files one can send."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from territoires.candidates.wording import plural
from territoires.errors import UnknownTerritory
from territoires.shortlist import known_part
from territoires.territory import territory_from_code
from territoires.ui.markup import escape_markdown
from territoires.ui.members_box import members_here
from territoires.ui.page import Finish, run_page
from territoires.ui.place_search import search_box
from territoires.ui.selection_cards import cards
from territoires.ui.selection_files import downloads, take_back
from territoires.ui.selection_lists import lists_bar
from territoires.ui.selection_store import add_to_selection, current_selection
from territoires.ui.side_by_side_view import side_by_side_view
from territoires.ui.state import PageState, join, split
from territoires.ui.widgets import choose_one_of_few
from territoires.workspace import Workspace

_COMPARE = "comparer"
_VIEWS = {"lieux": "Lieux", _COMPARE: "Comparer"}


def _draw(workspace: Workspace, state: PageState) -> Finish | None:
    st.title("Ma sélection")
    _restore_from_address(workspace, state)
    lists_bar()
    take_back(workspace)
    _add_by_name(workspace, state)
    _offer_members(workspace, state)
    selection = current_selection()
    if not state.keep("lieux", join(selection.codes)):
        st.caption(
            "Cette liste est trop longue pour une adresse : pour la partager, envoyez un de ses "
            "fichiers, que *Reprendre un fichier de Territoires* relit."
        )
    if not selection.items and not state.first_value("compares"):
        st.info(
            "Cette liste est vide. Ajoutez-y des lieux par leur nom ci-dessus, ou depuis les "
            "pages Carte et Territoires candidats."
        )
        return None
    if _view(state) == _COMPARE:
        return side_by_side_view(workspace, state, selection)
    cards(workspace, state, selection)
    known = known_part(current_selection(), workspace.register)
    if known.items:
        downloads(workspace, known)
    return None


def _view(state: PageState) -> str:
    """Draw the switch between the list and its places side by side."""
    return choose_one_of_few(
        state, "vue", "Vue", tuple(_VIEWS), show=lambda view: _VIEWS[view]
    )  # fmt: skip


def _restore_from_address(workspace: Workspace, state: PageState) -> None:
    """Open the places of the address, once, in a session that has none yet."""
    if state.key("ouverte") in st.session_state:
        return
    st.session_state[state.key("ouverte")] = True
    asked = split(state.first_value("lieux"))
    if not asked or current_selection().items:
        return
    known = []
    for code in asked:
        try:
            known.append(territory_from_code(workspace.register, code))
        except UnknownTerritory as error:
            st.warning(f"Un lieu de cette adresse n'existe pas ici. {escape_markdown(str(error))}")
    add_to_selection(*known)


def _add_by_name(workspace: Workspace, state: PageState) -> None:
    code = search_box(state, workspace.register, "Ajouter")
    if code:
        place = territory_from_code(workspace.register, code)
        add_to_selection(place)
        st.toast(f"{place.nom} : dans la liste.")


def _offer_members(workspace: Workspace, state: PageState) -> None:
    """Offer the members that the open list does not hold yet; nothing without any."""
    listed = set(current_selection().codes)
    codes = [code for one in members_here(workspace) if (code := f"com:{one}") not in listed]
    if codes:
        count = plural(len(codes), "commune", "communes")
        st.button(
            f"Ajouter nos adhérents à la liste ({count})", key=state.key("adherents"),
            on_click=_add, args=(workspace, codes),
        )  # fmt: skip


def _add(workspace: Workspace, codes: Sequence[str]) -> None:
    add_to_selection(*(territory_from_code(workspace.register, code) for code in codes))


run_page("selection", _draw)
