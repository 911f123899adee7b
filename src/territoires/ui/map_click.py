"""The click on the map that no earlier run has answered."""

from __future__ import annotations

from typing import Any

import streamlit as st

from territoires.ui.state import PageState


def new_click(state: PageState) -> tuple[float, float] | None:
    """Return longitude and latitude of a new click, which counts as answered from then on."""
    answer: dict[str, Any] = st.session_state.get(state.key("plan")) or {}
    click = answer.get("last_clicked")
    if not click or click == st.session_state.get(state.key("clic")):
        return None
    st.session_state[state.key("clic")] = click
    return float(click["lng"]), float(click["lat"])
