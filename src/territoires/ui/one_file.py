"""A place for a file that is read once: it is then empty again, ready for another."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

Take = Callable[[bytes, str], None]
"""Given what a file holds, and its name."""


def read_once(label: str, name: str, take: Take) -> None:
    """Draw the place of a file.

    Parameters
    ----------
    name : str
        Start of its session keys.
    take : callable
        What is done of each file.
    """
    turns = f"{name}.depots"
    key = f"{name}.{st.session_state.get(turns, 0)}"
    st.file_uploader(label, key=key, on_change=_taken, args=(turns, key, take))


def _taken(turns: str, key: str, take: Take) -> None:
    upload = st.session_state.get(key)
    if upload is not None:
        st.session_state[turns] = st.session_state.get(turns, 0) + 1
        take(upload.getvalue(), upload.name)
