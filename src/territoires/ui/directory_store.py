"""The directory a session looks at: the shipped one, and the file this person added."""

from __future__ import annotations

import streamlit as st

from territoires.initiatives import Directory, merge_directories
from territoires.workspace import Workspace

_KEY = "annuaire_personnel"


def session_directory(workspace: Workspace) -> Directory:
    """Return the shipped directory, with the person's own rows when they added a file."""
    own = _own()
    return workspace.directory if own is None else merge_directories(workspace.directory, own)


def keep_own_directory(own: Directory | None) -> None:
    """Keep the rows of an uploaded file for this session, or forget them."""
    st.session_state[_KEY] = own


def has_own_directory() -> bool:
    """Tell whether this session added a file."""
    return _own() is not None


def _own() -> Directory | None:
    return st.session_state.get(_KEY)
