"""What is compared: from two to six places of the open list, or those that an address names."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from territoires.errors import TerritoiresError
from territoires.shortlist import Shortlist, ShortlistItem
from territoires.shortlist.side_by_side import MOST
from territoires.territory import Territoire, territory_from_code
from territoires.ui.markup import escape_markdown, without_markdown
from territoires.ui.state import PageState, join, split
from territoires.workspace import Workspace

_CHOSEN = "compares"
_AT_FIRST = 4
Named = tuple[Territoire, str]


def chosen_places(workspace: Workspace, state: PageState, selection: Shortlist) -> list[Named]:
    """Draw the choice of places; return those that exist, each with what the list calls it.

    A place that the address names is compared even when it is not in the open list.
    """
    asked = split(state.first_value(_CHOSEN))
    offered = _offered(workspace, selection, _from_address(state, asked))
    options = tuple(offered)
    usual = tuple(code for code in options if code in selection)[:_AT_FIRST]
    key = state.key(_CHOSEN)
    before = st.session_state.get(key)
    kept = [code for code in (asked if before is None else before) if code in offered]
    # What was chosen in another list is not a choice in this one; to choose nothing is.
    st.session_state[key] = kept[:MOST] if kept or before == [] else list(usual)
    chosen = st.multiselect(
        f"Comparer (de 2 à {MOST})", options, key=key, max_selections=MOST,
        format_func=lambda code: _label(offered, code), placeholder="Choisissez des lieux",
        select_all=False,
    )  # fmt: skip
    state.keep(_CHOSEN, join(chosen), join(usual))
    return [offered[code] for code in chosen]


def _from_address(state: PageState, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the address of this visit named first: it stays on offer, in any list."""
    first: tuple[str, ...] = st.session_state.setdefault(state.key("compares_venus"), asked)
    return first


def _offered(workspace: Workspace, selection: Shortlist, come: tuple[str, ...]) -> dict[str, Named]:
    """Return the places one may choose, by code; those that are no more are said."""
    places: dict[str, Named] = {}
    gone: list[str] = []
    for item in (*selection.items, *_others(come, selection, gone)):
        try:
            place = territory_from_code(workspace.register, item.code)
        except TerritoiresError:
            gone.append(item.nom)
        else:
            name = place.nom if item.nom == item.code else item.nom
            places[item.code] = (place, name)
    if gone:
        names = ", ".join(escape_markdown(f"{name:.60}") for name in dict.fromkeys(gone))
        st.warning(
            f"N'existe plus dans les communes d'aujourd'hui, et n'est pas comparé : {names}. "
            "Ajoutez à la place la commune qui a pris la suite."
        )
    return places


def _others(codes: tuple[str, ...], selection: Shortlist, gone: list[str]) -> list[ShortlistItem]:
    """Return the places of the address that are not in the list; what is no code is said gone."""
    others = []
    for code in codes:
        try:
            if code not in selection:
                others.append(ShortlistItem(code, code))
        except TerritoiresError:
            gone.append(code)
    return others


def _label(offered: Mapping[str, Named], code: str) -> str:
    """Name a place as a widget can, with the code that tells it from its namesakes."""
    place, name = offered[code]
    shown = without_markdown(name) or code
    bare = place.code.partition(":")[2]
    return f"{shown} ({bare})" if len(bare) < 12 else shown
