"""The map in the page: tiles of all France, the chosen place, points, and the click."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import streamlit as st
from streamlit_folium import st_folium

from territoires.candidates.wording import plural
from territoires.communes import Register
from territoires.maps import (
    MAINLAND,
    MapSpec,
    choropleth_layer,
    france_map,
    outline_layer,
    outline_legend,
    selected_territory_layer,
)
from territoires.territory import Territoire, territory_from_code
from territoires.ui.area_drawing import drawing_bar, drawing_layers, has_corners, on_click
from territoires.ui.filters import Scope
from territoires.ui.map_click import new_click
from territoires.ui.members_box import shown_members
from territoires.ui.server import base_path
from territoires.ui.state import PageState
from territoires.ui.view import Bounds, current_view, first_view, look_at, view_of, window_size
from territoires.workspace import Workspace

_FRANCE = "pays:FR"
_AROUND = 0.1  # degrees left around the communes looked at
_OVER_BASE_MAP = 0.75  # opacity of the choropleth when a base map lies under it


def clicked_commune(state: PageState, workspace: Workspace) -> str | None:
    """Return the commune of a click that no earlier run has answered, else ``None``."""
    at = new_click(state)
    if at is None:
        return None
    code = workspace.register.locate([at[0]], [at[1]])[0]
    if code is None:
        st.toast("Ce point n'est dans aucune commune française.")
        return None
    return str(code)


def follow_area(state: PageState, workspace: Workspace, code: str) -> None:
    """Move the map when the area that is looked at has changed.

    Parameters
    ----------
    code : str
        Typed code; ``pays:FR`` shows the mainland.
    """
    if code == _FRANCE:
        bounds = MAINLAND.bounds
    else:
        outline = territory_from_code(workspace.register, code).outline(workspace.register)
        bounds = outline.bounds
    follow_bounds(state, bounds)


def follow_scope(state: PageState, workspace: Workspace, scope: Scope) -> None:
    """Move the map when where a page looks has changed: to an area, or to the members in it."""
    if scope.members is None or scope.communes is None:
        follow_area(state, workspace, scope.code)
    else:
        follow_communes(state, workspace.register, scope.communes)


def follow_communes(state: PageState, register: Register, codes: Sequence[str]) -> None:
    """Move the map to communes, those on the same side of the seas as the first of them."""
    places = register.communes.loc[list(codes)]
    near = places[places["epsg_local"] == places["epsg_local"].iloc[0]]
    west, east = near["longitude"].min() - _AROUND, near["longitude"].max() + _AROUND
    south, north = near["latitude"].min() - _AROUND, near["latitude"].max() + _AROUND
    follow_bounds(state, (float(west), float(south), float(east), float(north)))


def follow_bounds(state: PageState, bounds: Bounds) -> None:
    """Move the map when what it should show has changed since the last run."""
    if has_corners(state):
        return
    before = st.session_state.get(state.key("zone"), MAINLAND.bounds)
    st.session_state[state.key("zone")] = bounds
    if bounds != before:
        look_at(state, view_of(state, bounds))


def draw_map(
    state: PageState, workspace: Workspace, spec: MapSpec, points: Sequence[folium.FeatureGroup],
    places: Sequence[Territoire] = (),
) -> None:  # fmt: skip
    """Draw the map; its layers change without reloading it. While an area is drawn, clicks draw.

    Parameters
    ----------
    spec : MapSpec
        What colours it.
    points : sequence of folium.FeatureGroup
        Initiatives, needs, candidates.
    places : sequence of Territoire
        Outlined.
    """
    with st.container():  # there even when empty: the map keeps its place in the page
        drawing_bar(state, workspace.register)
    first, view = first_view(state), current_view(state)
    base = workspace.settings.base_map_url
    layers = [choropleth_layer(spec, base_path=base_path(), opacity=_OVER_BASE_MAP if base else 1)]
    members = shown_members(state)
    if members is not None:
        version = workspace.colours.version
        layers.append(outline_layer(members.code, version=version, base_path=base_path()))
    layers += [selected_territory_layer(one.outline(workspace.register), one.nom) for one in places]
    st_folium(
        france_map(
            first.latitude, first.longitude, first.zoom, base_map_url=base, base_path=base_path()
        ),
        key=state.key("plan"), feature_group_to_add=[*layers, *drawing_layers(state), *points],
        center=(view.latitude, view.longitude), zoom=view.zoom,
        returned_objects=["last_clicked"], use_container_width=True, height=window_size(state)[1],
        on_change=on_click(state),
    )  # fmt: skip
    if members is not None:
        count = plural(len(members.communes), "commune", "communes")
        st.html(outline_legend(f"nos adhérents ({count})"))
