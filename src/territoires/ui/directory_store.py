"""The directory a session looks at: the shipped one, and the file this person added."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.initiatives import Directory
from territoires.workspace import Workspace

_KEY = "annuaire_personnel"


def session_directory(workspace: Workspace) -> Directory:
    """Return the shipped directory and the person's own rows; theirs win over the same id."""
    shipped, own = workspace.directory, _own()
    if own is None:
        return shipped
    kept = shipped.frame[~shipped.frame.index.isin(own.frame.index)]
    return Directory(pd.concat([kept, own.frame]), shipped.vocabularies, shipped.withheld)


def keep_own_directory(own: Directory | None) -> None:
    """Keep the rows of an uploaded file for this session, or forget them."""
    st.session_state[_KEY] = own


def has_own_directory() -> bool:
    """Tell whether this session added a file."""
    return _own() is not None


def _own() -> Directory | None:
    return st.session_state.get(_KEY)
