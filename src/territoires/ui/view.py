"""Where the map looks: moved by a search, an area or an overseas button, never by a pan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from territoires.maps import MAINLAND, ZOOM_STEP
from territoires.ui.state import PageState

Bounds = tuple[float, float, float, float]

_TILE = 256
_CLOSEST = 12
_DESKTOP = {  # pixels, by page
    "carte": (700, 600), "indice": (560, 480), "candidats": (460, 560), "donnees": (560, 520),
    "initiatives": (440, 520),
}  # fmt: skip
_PHONE = (360, 380)  # a finger must still find the page around
_VIEW = "plan_vue"  # not "vue", the name that pages give to their own views in the address


def window_size(state: PageState) -> tuple[int, int]:
    """Return the width a map can count on and the height it is given, in pixels."""
    on_a_phone = "Mobi" in st.context.headers.get("User-Agent", "")
    return _PHONE if on_a_phone else _DESKTOP[state.page]


@dataclass(frozen=True)
class View:
    """Centre and zoom of a map (degrees, Leaflet zoom)."""

    latitude: float
    longitude: float
    zoom: float


def view_of(state: PageState, bounds: Bounds) -> View:
    """Return the view that holds a box.

    Parameters
    ----------
    bounds : tuple
        West, south, east, north, in degrees (EPSG:4326).
    """
    west, south, east, north = bounds
    wide = max((east - west) / 360, 1e-6)
    high = max((_mercator(north) - _mercator(south)) / (2 * math.pi), 1e-6)
    width, height = window_size(state)
    exact = min(math.log2(width / _TILE / wide), math.log2(height / _TILE / high))
    zoom = math.floor(exact / ZOOM_STEP) * ZOOM_STEP
    return View(_middle(south, north), (west + east) / 2, max(4, min(_CLOSEST, zoom)))


def current_view(state: PageState) -> View:
    """Return the view this session asked for last."""
    return _kept(state, _VIEW, lambda: view_of(state, MAINLAND.bounds))


def first_view(state: PageState) -> View:
    """Return the view a map is made with: another one would make the browser load it again."""
    return _kept(state, "plan_vue_premiere", lambda: current_view(state))


def _kept(state: PageState, name: str, first: Callable[[], View]) -> View:
    key = state.key(name)
    if key not in st.session_state:
        st.session_state[key] = first()
    view: View = st.session_state[key]
    return view


def look_at(state: PageState, view: View) -> None:
    """Move the map; asking the same view again still brings a panned map back."""
    if view == st.session_state.get(state.key(_VIEW)):
        view = View(view.latitude + 1e-6, view.longitude, view.zoom)
    st.session_state[state.key(_VIEW)] = view


def _middle(south: float, north: float) -> float:
    """Return the latitude drawn half-way between two others."""
    middle = (_mercator(south) + _mercator(north)) / 2
    return math.degrees(2 * math.atan(math.exp(middle)) - math.pi / 2)


def _mercator(latitude: float) -> float:
    bounded = max(-85.0, min(85.0, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(bounded) / 2))
