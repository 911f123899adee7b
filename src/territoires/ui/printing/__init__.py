"""A button that prints, and what is printed of a page: one block of it, the rest stays on screen.

``st.html`` runs no script, and Streamlit's own menu, which prints, is hidden: it is in English.
"""

from __future__ import annotations

import streamlit as st

from territoires.ui.own_component import own_component

_HTML = '<button class="imprimer" type="button">Imprimer</button>'
_STYLE = """
<style>
.p-only {display: none}
@media print {
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToast"],
  [data-testid="stLayoutWrapper"]:not(:has(.p-printed)),
  [data-testid="stElementContainer"]:not(:has(.p-printed)) {display: none !important}
  .stApp, .stApp > div, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; height: auto !important; overflow: visible !important}
  [data-testid="stMainBlockContainer"] {padding: 0 !important; max-width: none !important}
  [data-testid="stVerticalBlock"] {gap: 0 !important}
  .p-only {display: block}
}
</style>
"""


def printed(content: str) -> str:
    """Wrap the HTML that a page prints; ``class="p-only"`` marks what only paper shows."""
    return f'<div class="p-printed">{content}</div>'


def print_button(key: str) -> None:
    """Draw the button, and the rules by which only :func:`printed` blocks come out on paper."""
    st.html(_STYLE)
    own_component(__package__, "imprimer", _HTML)(key=key, width="content")
