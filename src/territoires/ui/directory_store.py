"""The directory a session looks at: the shipped one, and the initiatives this person added.

They are kept by the person's own browser from one visit to the next, unless told not to.
"""

from __future__ import annotations

import streamlit as st

from territoires.errors import TerritoiresError
from territoires.initiatives import Directory, merge_directories
from territoires.initiatives.own import OwnInitiatives, no_initiatives
from territoires.initiatives.own_file import own_from_json, own_to_json
from territoires.ui import selection_store
from territoires.ui.memory import MOST_KEPT, DeviceMemory
from territoires.ui.server import shared_workspace
from territoires.workspace import Workspace

_KEY, _MERGED = "annuaire_personnel", "annuaire_complete"
_TYPED, _PROBLEM = "initiatives_personnelles", "initiatives_personnelles.probleme"
_KEPT, _UNREAD = "initiatives_personnelles.texte", "initiatives_personnelles.illisible"


def session_directory(workspace: Workspace) -> Directory:
    """Return the shipped directory, with the person's own rows when they added some.

    The same object from one run to the next: a search is known by the directory it looks at.
    """
    own = _own_directory()
    if own is None:
        return workspace.directory
    if _MERGED not in st.session_state:
        st.session_state[_MERGED] = merge_directories(workspace.directory, own)
    merged: Directory = st.session_state[_MERGED]
    return merged


def own_initiatives() -> OwnInitiatives:
    """Return the initiatives that this person added, as they typed them."""
    own: OwnInitiatives | None = st.session_state.get(_TYPED)
    return no_initiatives() if own is None else own


def keep_own_initiatives(workspace: Workspace, own: OwnInitiatives) -> None:
    """Keep what a person added for this session; none forgets them."""
    st.session_state[_TYPED] = own
    st.session_state[_KEY] = (
        own.directory(workspace.register, workspace.vocabularies) if len(own) else None
    )
    st.session_state.pop(_MERGED, None)
    st.session_state.pop(_KEPT, None)


def keep_on_device() -> None:
    """Have the browser keep what this person added; to be drawn once by every page."""
    memory, text = rows_memory(), _as_text()
    if not may_keep_anything():
        memory.allow(False)
    untouched = _TYPED not in st.session_state and not memory.is_read
    # What could not be read stays where it is, until this visit has something to keep.
    unread = _UNREAD in st.session_state and not len(own_initiatives())
    memory.keep(None if untouched or unread or is_too_much_to_keep() else text)


def rows_memory() -> DeviceMemory:
    """Return what keeps a person's initiatives on their device."""
    return DeviceMemory("initiatives", _adopt)


def may_keep_anything() -> bool:
    """Tell whether this device may keep lists: who refuses that keeps no initiatives either."""
    return selection_store.device_memory().is_allowed


def is_too_much_to_keep() -> bool:
    """Tell whether the initiatives, as text, are more than a browser should be given each time."""
    return len(_as_text()) > MOST_KEPT


def take_rows_problem() -> str:
    """Return why the initiatives that the browser kept could not be taken back, once."""
    return str(st.session_state.pop(_PROBLEM, ""))


def _adopt(text: str | None, is_first: bool) -> None:
    """Take the initiatives of an earlier visit, with what this one added; or those of a page."""
    if text is None:
        return
    try:
        workspace, mine = shared_workspace(), own_initiatives()
        kept = own_from_json(text, workspace.gazetteer)
        keep_own_initiatives(workspace, kept.joined(mine) if is_first else kept)
    except TerritoiresError as error:
        st.session_state[_UNREAD] = True
        st.session_state[_PROBLEM] = (
            f"Les initiatives gardées par ce navigateur n'ont pas pu être reprises. {error}"
        )


def _as_text() -> str:
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = own_to_json(own_initiatives())
    return str(st.session_state[_KEPT])


def _own_directory() -> Directory | None:
    return st.session_state.get(_KEY)
