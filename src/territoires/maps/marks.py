"""Marks that say where to look on a map: a named ring, and how far one looks around it."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import shapely
from folium.template import Template

from territoires.maps.elements import Piece, Points
from territoires.maps.points import MANY, MapPoint, cells_of
from territoires.maps.script import for_leaflet, to_script

CENTRE_COLOUR, LOOKED_AT_COLOUR = "#12211f", "#c2185b"
_ABOVE, _BELOW = "top", "bottom"


class ReachLimit(Piece):
    """The limit of a reach: a dashed line. Clicks and pointing go through to the map."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var shape = {{ this.values.ring }};
            return L.layerGroup([
                L.polygon(shape, {
                    color: "#ffffff", weight: 4, opacity: 0.8, fillColor: "#12211f",
                    fillOpacity: 0.04, smoothFactor: 0, interactive: false
                }),
                L.polygon(shape, {
                    color: "#12211f", weight: 1.5, dashArray: "6 5", fill: false, smoothFactor: 0,
                    interactive: false
                })
            ]);
        })();
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, outline: shapely.Polygon) -> None:
        ring = for_leaflet(shapely.get_coordinates(outline))
        super().__init__("Portee", ring=to_script(ring))


class NamedRing(Piece):
    """A ring around a point, and its name always written; what stands within stays seen."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var at = {{ this.values.at }}, box = document.createElement("div");
            box.textContent = {{ this.values.label }};
            function ring(colour, weight) {
                return L.circleMarker(at, {
                    radius: 15, color: colour, weight: weight, fill: false, interactive: false
                });
            }
            return L.layerGroup([
                ring("#ffffff", 7),
                ring({{ this.values.colour }}, 3.5).bindTooltip(box, {
                    permanent: true, direction: {{ this.values.side }}, className: "t-name",
                    offset: [0, {{ this.values.shift }}]
                })
            ]);
        })();
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, point: MapPoint, colour: str, side: str) -> None:
        super().__init__(
            "Anneau",
            at=to_script([round(point.latitude, 5), round(point.longitude, 5)]),
            label=to_script(" ".join(point.lines)),
            colour=to_script(colour),
            side=to_script(side),
            shift=-14 if side == _ABOVE else 14,
        )


def around_layer(
    centre: MapPoint, reach: shapely.Polygon, around: Sequence[MapPoint],
    looked_at: MapPoint | None = None,
) -> folium.FeatureGroup:  # fmt: skip
    """Return a place, how far one looks around it, and what is found there.

    Parameters
    ----------
    centre : MapPoint
        Its lines are its name, always written.
    reach : Polygon
        EPSG:4326.
    around : sequence of MapPoint
        Circles, each with its lines and its mark; gathered when many are seen from afar.
    looked_at : MapPoint, optional
        One of them, ringed and named.
    """
    group = folium.FeatureGroup(name="Autour", control=False)
    ReachLimit(reach).add_to(group)
    Points([centre], ()).add_to(group)
    Points(around, cells_of(around) if len(around) > MANY else ()).add_to(group)
    NamedRing(centre, CENTRE_COLOUR, _ABOVE).add_to(group)
    if looked_at is not None:
        NamedRing(looked_at, LOOKED_AT_COLOUR, _BELOW).add_to(group)
    return group
