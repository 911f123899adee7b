"""The directory a session looks at: the shipped one, and the file this person added."""

from __future__ import annotations

import streamlit as st

from territoires.initiatives import Directory, merge_directories
from territoires.workspace import Workspace

_KEY, _MERGED = "annuaire_personnel", "annuaire_complete"


def session_directory(workspace: Workspace) -> Directory:
    """Return the shipped directory, with the person's own rows when they added a file.

    The same object from one run to the next: a search is known by the directory it looks at.
    """
    own = _own()
    if own is None:
        return workspace.directory
    if _MERGED not in st.session_state:
        st.session_state[_MERGED] = merge_directories(workspace.directory, own)
    merged: Directory = st.session_state[_MERGED]
    return merged


def keep_own_directory(own: Directory | None) -> None:
    """Keep the rows of an uploaded file for this session, or forget them."""
    st.session_state[_KEY] = own
    st.session_state.pop(_MERGED, None)


def has_own_directory() -> bool:
    """Tell whether this session added a file."""
    return _own() is not None


def _own() -> Directory | None:
    return st.session_state.get(_KEY)
