"""Where the map looks: moved by a search, an area or an overseas button, never by a pan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from territoires.maps import MAINLAND, ZOOM_STEP
from territoires.maps.mercator import WORLD, to_degrees, to_world
from territoires.ui.state import PageState

Bounds = tuple[float, float, float, float]

_TILE = 256
_WIDEST, _CLOSEST = 4, 12
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
    (left, right), (bottom, top) = (
        side.tolist() for side in to_world([west, east], [south, north])
    )
    wide, high = max(right - left, 1) / WORLD, max(bottom - top, 1) / WORLD
    width, height = window_size(state)
    exact = min(math.log2(width / _TILE / wide), math.log2(height / _TILE / high))
    zoom = math.floor(exact / ZOOM_STEP) * ZOOM_STEP
    _, middle = to_degrees(0, (bottom + top) / 2)
    return View(float(middle), (west + east) / 2, max(_WIDEST, min(_CLOSEST, zoom)))


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
