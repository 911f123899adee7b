"""The person's selection, kept in the session: theirs alone, until they download it."""

from __future__ import annotations

import streamlit as st

from territoires.candidates import CandidateQuery
from territoires.shortlist import Shortlist, ShortlistItem
from territoires.territory import Territoire
from territoires.ui.state import PageState

_KEY = "selection"
_SEARCH = "derniere_recherche"
_CODES = "selection_codes"  # read by the navigation bar before any data is loaded


def current_selection() -> Shortlist:
    """Return the selection of this session."""
    if _KEY not in st.session_state:
        replace_selection(Shortlist("Ma sélection", ()))
    selection: Shortlist = st.session_state[_KEY]
    return selection


def replace_selection(selection: Shortlist) -> None:
    """Keep a new state of the selection."""
    st.session_state[_KEY] = selection
    st.session_state[_CODES] = tuple(item.code for item in selection.items)


def add_to_selection(*places: Territoire) -> None:
    """Add territories; those that are there already stay as they are."""
    selection = current_selection()
    for place in places:
        selection = selection.add(ShortlistItem(place.code, place.nom))
    replace_selection(selection)


def offer_to_select(state: PageState, place: Territoire) -> None:
    """Draw the button that adds a place, or say that it is there."""
    if is_selected(place.code):
        st.caption("✓ Dans ma sélection")
    else:
        st.button(
            "Ajouter à ma sélection", type="primary", key=state.key("ajouter"),
            on_click=add_to_selection, args=(place,),
        )  # fmt: skip


def remove_from_selection(code: str) -> None:
    """Take a territory out."""
    replace_selection(current_selection().remove(code))


def remember_search(query: CandidateQuery) -> None:
    """Keep the last search of candidates: the selection's file tells rank and reasons by it."""
    st.session_state[_SEARCH] = query


def last_search() -> CandidateQuery | None:
    """Return the last search of candidates of this session."""
    return st.session_state.get(_SEARCH)


def is_selected(code: str) -> bool:
    """Tell whether a territory is in the selection."""
    return any(item.code == code for item in current_selection().items)
