"""The person's lists: in the session, and on their own device from one visit to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from territoires.candidates import CandidateQuery
from territoires.errors import TerritoiresError
from territoires.shortlist import (
    Binder,
    Shortlist,
    ShortlistItem,
    binder_from_json,
    binder_to_json,
)
from territoires.territory import Territoire
from territoires.ui.memory import MOST_KEPT, DeviceMemory
from territoires.ui.state import PageState

_KEY = "classeur"
_SEARCH = "derniere_recherche"
_CODES = "selection_codes"  # read by the navigation bar before any data is loaded
_PROBLEM = "classeur.probleme"
_TOUCHED, _UNREAD = "classeur.touche", "classeur.illisible"
FIELDS = "selection.champ."
"""Beginning of the keys of the fields that show the open list: they go when another opens."""


@dataclass(frozen=True)
class Unread:
    """What this browser keeps and this program cannot read: it stays there until told otherwise.

    Attributes
    ----------
    text : str
        As it is kept.
    problem : str
        Why, in French.
    """

    text: str
    problem: str


def current_binder() -> Binder:
    """Return the lists of this session."""
    if _KEY not in st.session_state:
        replace_binder(Binder())
    binder: Binder = st.session_state[_KEY]
    return binder


def replace_binder(binder: Binder) -> None:
    """Keep a new state of the lists; the fields show what was typed before no more."""
    _keep(binder)
    for key in [key for key in st.session_state if str(key).startswith(FIELDS)]:
        del st.session_state[key]


def change_binder(change: Callable[[Binder], Binder]) -> None:
    """Change the lists, or say why it cannot be."""
    try:
        replace_binder(change(current_binder()))
    except TerritoiresError as error:
        st.session_state[_PROBLEM] = str(error)


def current_selection() -> Shortlist:
    """Return the list that is open."""
    return current_binder().current


def replace_selection(selection: Shortlist) -> None:
    """Keep a new state of the list that is open."""
    _keep(current_binder().with_current(selection))


def _keep(binder: Binder) -> None:
    if _KEY in st.session_state:  # the first state of a session is nobody's doing
        st.session_state[_TOUCHED] = True
    st.session_state[_KEY] = binder
    st.session_state[_CODES] = binder.current.codes


def take_problem() -> str:
    """Return why the last change could not be, once."""
    return str(st.session_state.pop(_PROBLEM, ""))


def keep_on_device() -> None:
    """Have the browser keep the lists; to be drawn once by every page."""
    text = binder_to_json(current_binder())
    # A list that this visit filled, then emptied, is empty on the device too.
    untouched = _TOUCHED not in st.session_state and not device_memory().is_read
    held = untouched or is_too_large(text) or unread_lists() is not None
    device_memory().keep(None if held else text)


def unread_lists() -> Unread | None:
    """Return the lists that this browser keeps and that could not be read, if there are any."""
    unread: Unread | None = st.session_state.get(_UNREAD)
    return unread


def forget_unread_lists() -> None:
    """Let the lists of this visit take the place of those that could not be read."""
    st.session_state.pop(_UNREAD, None)


def device_memory() -> DeviceMemory:
    """Return what keeps the lists on the device."""
    return DeviceMemory("listes", _adopt)


def is_too_large(text: str) -> bool:
    """Tell whether the lists, as text, are more than a browser should be given each time."""
    return len(text) > MOST_KEPT


def _adopt(text: str | None, is_first: bool) -> None:
    """Take the lists of an earlier visit, with what this one added; or those of another page."""
    if text is None:
        return
    try:
        kept = binder_from_json(text)
        mine = current_binder()
        replace_binder(kept.joined(mine) if is_first and not mine.is_untouched else kept)
        forget_unread_lists()
    except TerritoiresError as error:
        st.session_state[_UNREAD] = Unread(text, str(error))


def add_to_selection(*places: Territoire) -> None:
    """Add territories to the open list; those that are there already stay as they are."""
    try:
        added = [ShortlistItem(place.code, place.nom) for place in places]
        replace_selection(current_selection().add(*added))
    except TerritoiresError as error:  # too many
        st.toast(str(error))


def offer_to_select(state: PageState, place: Territoire) -> None:
    """Draw the button that adds a place, or say that it is there."""
    if is_selected(place.code):
        st.caption("✓ Dans ma sélection")
    else:
        st.button(
            "Ajouter à ma sélection", type="primary", key=state.key("ajouter"),
            on_click=add_to_selection, args=(place,),
        )  # fmt: skip


def remember_search(query: CandidateQuery) -> None:
    """Keep the last search of candidates: the selection's file tells rank and reasons by it."""
    st.session_state[_SEARCH] = query


def last_search() -> CandidateQuery | None:
    """Return the last search of candidates of this session."""
    return st.session_state.get(_SEARCH)


def is_selected(code: str) -> bool:
    """Tell whether a territory is in the open list."""
    return code in current_selection()
