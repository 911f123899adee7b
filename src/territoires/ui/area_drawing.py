"""An area drawn by clicks on the map, or given as a file: a place where one looks, as any other.

It is chosen beside région, département and EPCI, drawn above the map (which a phone shows without
the left column), and kept in the address. While it is drawn, a click adds a corner and chooses no
commune.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import folium
import streamlit as st

from territoires.communes import Register
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.indicators import MISSING_TEXT, format_number
from territoires.maps.drawing import area_layer, trace_layer
from territoires.territory import (
    Territoire,
    Zone,
    fitted_zone,
    read_zone_file,
    territory_from_code,
    zone_from_code,
)
from territoires.territory.zone import MAX_VERTICES, ZONE_PREFIX, Position
from territoires.ui.map_click import new_click
from territoires.ui.markup import escape_markdown
from territoires.ui.one_file import read_once
from territoires.ui.state import PageState

_IN_ADDRESS = "zone"
_CHOSEN, _TRACE, _REFUSAL, _FILE = "zone_choisie", "zone_trace", "zone_refus", "zone_depots"
_LEAST_CORNERS = 3
_RULE = "Une commune est dedans quand sa mairie (son point de référence) y est."


def drawn_area(state: PageState, register: Register) -> Territoire | None:
    """Return the area in use, drawn under « Où » with what one can do of it; else ``None``.

    An area that the address tells wrongly is said, and left out.
    """
    key = state.key(_CHOSEN)
    if key not in st.session_state:
        asked = state.first_value(_IN_ADDRESS)
        st.session_state[key] = f"{ZONE_PREFIX}:{asked}" if asked else ""
    code: str = st.session_state[key]
    try:
        area = territory_from_code(register, code) if code else None
    except UnknownTerritory as error:
        st.warning(f"La zone de cette adresse n'est pas utilisable. {escape_markdown(str(error))}")
        area = st.session_state[key] = None
    state.keep(_IN_ADDRESS, "" if area is None else area.code.partition(":")[2])
    if area is not None:
        _tell(state, area)
    return area


def offer_to_draw(state: PageState, register: Register) -> None:
    """Draw the two ways to give an area: clicks on the map, or a file."""
    if is_drawing(state):
        st.caption("Zone en cours de dessin : les boutons sont au-dessus de la carte.")
        return
    with st.expander("Ou une zone à vous"):
        st.button("Dessiner une zone", key=state.key("zone_dessiner"), on_click=_start,
                  args=(state,), width="stretch")  # fmt: skip
        read_once(
            "Ou déposer son contour (GeoJSON)", state.key(_FILE), partial(_given, state, register)
        )
        st.caption(_RULE)
    _say_refusal(state)


def is_drawing(state: PageState) -> bool:
    """Tell whether clicks on the map draw an area."""
    return state.key(_TRACE) in st.session_state


def has_corners(state: PageState) -> bool:
    """Tell whether an area has begun: from then on, only the person moves the map."""
    return bool(st.session_state.get(state.key(_TRACE)))


def drawing_bar(state: PageState, register: Register) -> None:
    """Draw, above the map, what one does while drawing; nothing otherwise."""
    if not is_drawing(state):
        return
    corners = len(_trace(state))
    st.markdown(
        "**Cliquez la carte : un clic, un sommet.** Terminer referme le contour. "
        f"{corners} sommet{'s' if corners > 1 else ''}."
    )
    with st.container(horizontal=True, gap="small"):
        _button(state, "Terminer", "finir", _finish, register, kind="primary",
                disabled=corners < _LEAST_CORNERS)  # fmt: skip
        _button(state, "Annuler le dernier point", "defaire", _undo, disabled=not corners)
        _button(state, "Effacer", "effacer", _leave)
    _say_refusal(state)


def take_click(state: PageState) -> None:
    """Make a corner of the click that the map tells."""
    at = new_click(state)
    if at is None or not is_drawing(state):
        return
    st.session_state.pop(state.key(_REFUSAL), None)
    if len(_trace(state)) >= MAX_VERTICES:
        _refuse(state, f"{MAX_VERTICES} sommets au plus : terminez, ou annulez des points.")
        return
    _trace(state).append(at)


def on_click(state: PageState) -> Callable[[], None] | None:
    """Return what a map does of a click while an area is drawn."""
    return (lambda: take_click(state)) if is_drawing(state) else None


def drawing_layers(state: PageState) -> list[folium.FeatureGroup]:
    """Return the outline on the map: being drawn, or in use."""
    if is_drawing(state):
        return [trace_layer(_trace(state))]
    code = st.session_state.get(state.key(_CHOSEN))
    return [area_layer(zone_from_code(code).shape)] if code else []


def _tell(state: PageState, area: Territoire) -> None:
    people = MISSING_TEXT if area.population is None else f"{format_number(area.population)} hab."
    st.markdown(f"**{escape_markdown(area.nom)}**")
    st.caption(
        f"{escape_markdown(people)} {_RULE} La zone prend la place de la région, du département "
        "et de l'EPCI."
    )
    with st.container(horizontal=True, gap="small"):
        if len(zone_from_code(area.code).rings) == 1:
            _button(state, "Modifier", "modifier", _change, area.code)
        _button(state, "Effacer la zone", "oter", _forget)


def _button(
    state: PageState, label: str, name: str, act: Callable[..., None], *given: object,
    kind: Literal["primary", "secondary"] = "secondary", disabled: bool = False,
) -> None:  # fmt: skip
    st.button(label, key=state.key(f"zone_{name}"), type=kind, on_click=act, args=(state, *given),
              disabled=disabled)  # fmt: skip


def _trace(state: PageState) -> list[Position]:
    trace: list[Position] = st.session_state.get(state.key(_TRACE), [])
    return trace


def _start(state: PageState) -> None:
    new_click(state)  # a click of before draws nothing
    st.session_state.pop(state.key(_REFUSAL), None)
    st.session_state[state.key(_TRACE)] = []


def _change(state: PageState, code: str) -> None:
    _start(state)
    st.session_state[state.key(_TRACE)] = list(zone_from_code(code).rings[0])
    _choose(state, "")


def _undo(state: PageState) -> None:
    st.session_state.pop(state.key(_REFUSAL), None)
    del _trace(state)[-1:]


def _leave(state: PageState) -> None:
    st.session_state.pop(state.key(_REFUSAL), None)
    st.session_state.pop(state.key(_TRACE), None)


def _forget(state: PageState) -> None:
    _choose(state, "")


def _finish(state: PageState, register: Register) -> None:
    try:
        zone = Zone((tuple(_trace(state)),))
        zone.communes(register)
    except InvalidRequest as error:
        _refuse(state, str(error))
        return
    _leave(state)
    _choose(state, zone.code)


def _given(state: PageState, register: Register, content: bytes, name: str) -> None:
    """Take the outline of a file, or say why not."""
    st.session_state.pop(state.key(_REFUSAL), None)
    try:
        zone = fitted_zone(register, read_zone_file(content, name))
    except InvalidRequest as error:
        _refuse(state, str(error))
        return
    if zone is None:
        _refuse(state, f"{name} : {MAX_VERTICES} sommets ne suffisent pas à dire quelles "
                "communes sont dedans. Simplifiez le contour, ou passez par la commande "
                "territoires candidats --zone, qui n'a pas cette limite.")  # fmt: skip
        return
    _choose(state, zone.code)


def _choose(state: PageState, code: str) -> None:
    st.session_state[state.key(_CHOSEN)] = code


def _refuse(state: PageState, problem: str) -> None:
    st.session_state[state.key(_REFUSAL)] = problem


def _say_refusal(state: PageState) -> None:
    if problem := st.session_state.get(state.key(_REFUSAL)):
        st.warning(escape_markdown(problem))
