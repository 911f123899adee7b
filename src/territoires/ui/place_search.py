"""The search box: a commune, a postcode, a code, an EPCI; one choice moves the map."""

from __future__ import annotations

import streamlit as st

from territoires.communes import Place, Register
from territoires.ui.state import PageState


def search_box(state: PageState, register: Register, verb: str = "Rechercher") -> str | None:
    """Draw the search box and return the typed code of a place just chosen, else ``None``."""
    key = state.key("recherche")
    words = st.text_input(
        f"{verb} une commune, un code postal, un code INSEE, un EPCI",
        key=key, placeholder="Le Vigan, 30120, CC du Pays viganais…", max_chars=100,
    )  # fmt: skip
    if not words.strip():
        st.session_state.pop(state.key("recherche_faite"), None)
        return None
    found = register.search(words, limit=8)
    if not found:
        st.info("Aucune commune ni EPCI de ce nom. Essayez le code postal ou le code INSEE.")
        return None
    return _choice(state, words, found)


def _choice(state: PageState, words: str, found: list[Place]) -> str | None:
    codes = {place.territory: place for place in found}
    chosen = None
    if len(codes) > 1:
        chosen = st.pills(
            "Plusieurs lieux répondent :", tuple(codes),
            format_func=lambda code: codes[code].label, key=state.key(f"choix.{words}"),
        )  # fmt: skip
    elif codes:
        chosen = next(iter(codes))
    # The same answer on every run of the page would undo a later click on the map.
    done_key = state.key("recherche_faite")
    if chosen is None or st.session_state.get(done_key) == (words, chosen):
        return None
    st.session_state[done_key] = (words, chosen)
    return chosen
