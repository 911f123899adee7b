"""An area while it is drawn, and once it is: lines and corners that let clicks through."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template

from territoires.maps.script import for_leaflet, to_script

_STEP_DEGREES = 0.1
"""Edges are straight in longitude and latitude: on the map, long ones bend a little."""

Position = tuple[float, float]


class _Drawing(MacroElement):
    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var under = {color: "#ffffff", weight: 6, opacity: 0.9, fill: false,
                         interactive: false};
            var over = {color: "#b3261e", weight: 2.5, fill: false, interactive: false};
            var last = {color: "#b3261e", weight: 2, dashArray: "3 6", interactive: false};
            var group = L.layerGroup(), lines = {{ this.lines }}, closing = {{ this.closing }};
            lines.forEach(function (line) {
                group.addLayer(L.polyline(line, under)).addLayer(L.polyline(line, over));
            });
            if (closing.length) { group.addLayer(L.polyline(closing, last)); }
            {{ this.corners }}.forEach(function (corner) {
                group.addLayer(L.circleMarker(corner, {
                    radius: 5, weight: 2.5, color: "#b3261e", fillColor: "#ffffff",
                    fillOpacity: 1, interactive: false, className: "sommet"
                }));
            });
            return group;
        })();
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, lines: object, closing: object, corners: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Dessin"
        self.lines, self.closing = to_script(lines), to_script(closing)
        self.corners = to_script(corners)


def trace_layer(trace: Sequence[Position]) -> folium.FeatureGroup:
    """Return an outline that is being drawn: its corners, its edges, and the edge to come.

    Parameters
    ----------
    trace : sequence of (float, float)
        Longitude and latitude, degrees (EPSG:4326); not closed, possibly empty.
    """
    line = [_bent(trace)] if len(trace) > 1 else []
    closing = _bent([trace[-1], trace[0]]) if len(trace) > 2 else []
    return _layer(line, closing, for_leaflet(np.array(trace).reshape(-1, 2)))


def area_layer(area: shapely.Geometry) -> folium.FeatureGroup:
    """Return the outline of a drawn area (polygon or multipolygon, EPSG:4326)."""
    lines = [
        _bent(shapely.get_coordinates(ring))
        for polygon in shapely.get_parts(area)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return _layer(lines, [], [])


def _layer(lines: object, closing: object, corners: object) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="Zone dessinée", control=False)
    _Drawing(lines, closing, corners).add_to(group)
    return group


def _bent(vertices: Sequence[Position]) -> list[list[float]]:
    line = shapely.LineString(vertices).segmentize(_STEP_DEGREES)
    return for_leaflet(shapely.get_coordinates(line))
