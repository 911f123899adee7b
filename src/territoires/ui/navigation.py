"""The script Streamlit runs: six pages, one bar."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from territoires.ui.appearance import apply_style

# Not "pages": Streamlit would take such a folder for its own and show it before our navigation.
_SCREENS = Path(__file__).with_name("screens")

st.set_page_config(page_title="Territoires", page_icon="🗺️", layout="wide")
apply_style()

_selected = len(st.session_state.get("selection_codes", ()))
_pages = [
    st.Page(_SCREENS / "carte.py", title="Carte", url_path="carte", default=True),
    st.Page(_SCREENS / "indice.py", title="Indice de besoins", url_path="indice"),
    st.Page(_SCREENS / "candidats.py", title="Territoires candidats", url_path="candidats"),
    st.Page(
        _SCREENS / "selection.py",
        title=f"Ma sélection ({_selected})" if _selected else "Ma sélection",
        url_path="selection",
    ),
    st.Page(_SCREENS / "initiatives.py", title="Initiatives", url_path="initiatives"),
    st.Page(_SCREENS / "donnees.py", title="Données et méthode", url_path="donnees"),
]
st.navigation(_pages, position="top").run()
