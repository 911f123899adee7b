"""The map in the page: tiles of all France, the chosen place, the initiatives, and the click."""

from __future__ import annotations

from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from territoires.initiatives import Directory
from territoires.maps import (
    MapSpec,
    choropleth_layer,
    france_map,
    initiatives_layer,
    selected_territory_layer,
)
from territoires.territory import Territoire
from territoires.ui.state import PageState
from territoires.ui.view import METROPOLE, current_view
from territoires.workspace import Workspace

HEIGHT = 600


def clicked_commune(state: PageState, workspace: Workspace) -> str | None:
    """Return the commune of a click that no earlier run has answered, else ``None``."""
    answer: dict[str, Any] = st.session_state.get(state.key("plan")) or {}
    click = answer.get("last_clicked")
    if not click or click == st.session_state.get(state.key("clic")):
        return None
    st.session_state[state.key("clic")] = click
    code = workspace.register.locate([click["lng"]], [click["lat"]])[0]
    if code is None:
        st.toast("Ce point n'est dans aucune commune française.")
    return code


def draw_map(
    state: PageState, workspace: Workspace, spec: MapSpec | None, directory: Directory,
    place: Territoire | None,
) -> None:  # fmt: skip
    """Draw the map; the layers change without reloading it."""
    view = current_view(state)
    layers: list[folium.FeatureGroup] = []
    if spec is not None:
        layers.append(choropleth_layer(spec))
    if place is not None:
        layers.append(selected_territory_layer(place.outline(workspace.register), place.nom))
    layers.append(initiatives_layer(directory))
    st_folium(
        france_map(METROPOLE.latitude, METROPOLE.longitude, METROPOLE.zoom,
                   base_map_url=workspace.settings.base_map_url),
        key=state.key("plan"), feature_group_to_add=layers,
        center=(view.latitude, view.longitude), zoom=view.zoom,
        returned_objects=["last_clicked"], use_container_width=True, height=HEIGHT,
    )  # fmt: skip
