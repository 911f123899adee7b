"""Where the map looks: moved by a search, an area or an overseas button, never by a pan."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from territoires.ui.state import PageState

_TILE = 256
_WIDTH, _HEIGHT = 700, 560  # pixels the outline should fit in; the phone shows a little less around
_CLOSEST = 12


@dataclass(frozen=True)
class View:
    """Centre and zoom of a map (degrees, Leaflet zoom)."""

    latitude: float
    longitude: float
    zoom: int


METROPOLE = View(46.6, 2.5, 6)


def view_of(bounds: tuple[float, float, float, float]) -> View:
    """Return the view that holds a box.

    Parameters
    ----------
    bounds : tuple
        West, south, east, north, in degrees (EPSG:4326).
    """
    west, south, east, north = bounds
    wide = max((east - west) / 360, 1e-6)
    high = max((_mercator(north) - _mercator(south)) / (2 * math.pi), 1e-6)
    zoom = math.floor(min(math.log2(_WIDTH / _TILE / wide), math.log2(_HEIGHT / _TILE / high)))
    return View((south + north) / 2, (west + east) / 2, max(4, min(_CLOSEST, zoom)))


def current_view(state: PageState) -> View:
    """Return the view this session asked for last."""
    view: View = st.session_state.setdefault(state.key("vue"), METROPOLE)
    return view


def look_at(state: PageState, view: View) -> None:
    """Move the map; asking the same view again still brings a panned map back."""
    if view == st.session_state.get(state.key("vue")):
        view = View(view.latitude + 1e-6, view.longitude, view.zoom)
    st.session_state[state.key("vue")] = view


def _mercator(latitude: float) -> float:
    bounded = max(-85.0, min(85.0, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(bounded) / 2))
