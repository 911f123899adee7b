"""The pieces of script a map is made of: our own, where names stay text.

folium's markers, tooltips and GeoJSON put names into scripts and HTML as they are; these set them
as the text of an element, and everything they hold went through :func:`to_script`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from territoires.maps.identifiers import TILE_PIXELS
from territoires.maps.palettes import SEA, text_over
from territoires.maps.points import MIXED_COLOUR, NEAR_ZOOM, MapPoint
from territoires.maps.script import to_script
from territoires.maps.spec import MapSpec, spec_to_query

MIN_ZOOM, MAX_ZOOM = 4, 16

STYLE = """<style>
.leaflet-container{background:SEA;
font:13px/1.4 "Source Sans","Source Sans Pro",system-ui,sans-serif}
.leaflet-tooltip{width:max-content;max-width:20rem;white-space:normal;border:0;border-radius:6px;color:#1c2826;
padding:.35rem .55rem;box-shadow:0 1px 6px #0004}
.leaflet-tooltip div+div{margin-top:.15rem}
.leaflet-tooltip.t-name{font-weight:600;padding:.15rem .45rem;max-width:12rem}
.t-mark{font-weight:700;font-size:11px;line-height:16px;text-align:center}
.leaflet-bar a{color:#1c2826}
.leaflet-container img.leaflet-tile{mix-blend-mode:normal;width:256.5px!important;
height:256.5px!important}
.leaflet-container .leaflet-control-attribution,.leaflet-control-scale-line{color:#3a4744;
font-size:11px}
</style>""".replace("SEA", SEA)


class LeafletMap(folium.Map):
    """A folium map whose Leaflet comes from our own server, and nothing from elsewhere."""

    def __init__(self, base_path: str, **options: Any) -> None:
        super().__init__(**options)
        self.default_js = [("leaflet", f"{base_path}/actifs/leaflet.js")]
        self.default_css = [("leaflet_css", f"{base_path}/actifs/leaflet.css")]


class Piece(MacroElement):
    """An element with a name and values for its template, already written as JavaScript."""

    def __init__(self, name: str, **values: str | float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name
        self.values = values


class FrenchControls(Piece):
    """Controls in French, and the name of the place under the pointer, asked of our own route."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function (map) {
            map.attributionControl.setPrefix("Leaflet");
            L.control.zoom({zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer"}).addTo(map);
            L.control.scale({imperial: false}).addTo(map);
            var frame = map.getContainer();
            frame.setAttribute("role", "region");
            frame.setAttribute("aria-label", "Carte ; son contenu est aussi en tableau");
            var tip = L.tooltip({direction: "top", offset: [0, -8], opacity: 0.95});
            var timer = null, asked = 0;
            function hide() { asked += 1; clearTimeout(timer); tip.remove(); }
            function say(at, place) {
                var box = document.createElement("div");
                [place.titre, place.valeur].forEach(function (text) {
                    if (!text) { return; }
                    box.appendChild(document.createElement("div")).textContent = text;
                });
                tip.setLatLng(at).setContent(box).addTo(map);
            }
            function ask(at) {
                var mine = ++asked;
                var where = "?lon=" + at.lng.toFixed(5) + "&lat=" + at.lat.toFixed(5);
                var what = map.territoiresQuery ? "&" + map.territoiresQuery : "";
                fetch({{ this.values.address }} + where + what)
                    .then(function (answer) { return answer.ok ? answer.json() : null; })
                    .then(function (place) {
                        if (place && place.titre && mine === asked) { say(at, place); }
                    })
                    .catch(hide);
            }
            map.on("mousemove", function (event) {
                hide();
                var over = event.originalEvent.target;
                if (over.closest && over.closest(".leaflet-interactive, .leaflet-control")) {
                    return;
                }
                timer = setTimeout(function () { ask(event.latlng); }, 120);
            });
            map.on("mouseout zoomstart movestart", hide);
        })({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, base_path: str) -> None:
        super().__init__("Francais", address=to_script(f"{base_path}/api/v1/point"))


HOVER_EVENT = "territoires:survol"
"""Sent to the window of the page by what lists territories: ``detail.code``, empty to end."""


class HoveredOutline(Piece):
    """The outline of the territory that the page points at elsewhere, in a list for instance."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function (map) {
            var page = window.parent, shown = null, asked = 0, known = {};
            try { page.document; } catch (elsewhere) { return; }
            function clear() {
                if (shown) { shown.remove(); shown = null; }
            }
            function outline(code) {
                known[code] = known[code] || fetch(
                    {{ this.values.address }} + encodeURIComponent(code)
                ).then(function (answer) { return answer.ok ? answer.json() : null; });
                return known[code];
            }
            function draw(feature) {
                function line(colour, weight, filled) {
                    return L.geoJSON(feature, {interactive: false, style: {
                        color: colour, weight: weight, fill: filled, fillColor: "#12211f",
                        fillOpacity: 0.18, className: "survol"
                    }});
                }
                shown = L.layerGroup([line("#ffffff", 8, false), line("#12211f", 4, true)]);
                shown.addTo(map);
            }
            function follow(event) {
                var code = event.detail && event.detail.code, mine = ++asked;
                clear();
                if (!code) { return; }
                outline(code).then(function (feature) {
                    if (feature && mine === asked) { draw(feature); }
                }).catch(function () { delete known[code]; });
            }
            page.addEventListener({{ this.values.event }}, follow);
            window.addEventListener("pagehide", function () {
                page.removeEventListener({{ this.values.event }}, follow);
            });
        })({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, base_path: str) -> None:
        address = to_script(f"{base_path}/api/v1/contours/")
        super().__init__("Survol", address=address, event=to_script(HOVER_EVENT))


class ChoroplethTiles(Piece):
    """Choropleth tiles; the map remembers what they show, for the name under the pointer."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.tileLayer(
            L.Browser.retina ? {{ this.values.fine }} : {{ this.values.plain }},
            {
                minZoom: {{ this.values.min_zoom }}, maxZoom: {{ this.values.max_zoom }},
                tileSize: {{ this.values.side }}, opacity: {{ this.values.opacity }},
                attribution: {{ this.values.attribution }}, className: "choroplethe"
            }
        );
        {{ this.get_name() }}.on("add", function (event) {
            event.target._map.territoiresQuery = {{ this.values.query }};
        });
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, spec: MapSpec, base_path: str, opacity: float) -> None:
        query = spec_to_query(spec)
        super().__init__(
            "Choroplethe",
            **tile_addresses(f"{base_path}/tuiles", query),
            query=to_script(query),
            min_zoom=MIN_ZOOM,
            max_zoom=MAX_ZOOM,
            side=TILE_PIXELS,
            opacity=float(opacity),
            attribution=to_script("Limites : IGN Admin Express"),
        )


def tile_addresses(path: str, query: str) -> dict[str, str]:
    """Return the addresses of tiles, as scripts hold them: ``plain``, and ``fine`` (512 px)."""
    # The braces are for Leaflet: it reads them after JavaScript has decoded them.
    return {
        name: to_script(f"{path}/{{z}}/{{x}}/{last}?{query}")
        for name, last in (("plain", "{y}.png"), ("fine", "{y}@2x.png"))
    }


class Outline(Piece):
    """A line over a lighter, wider one: seen over any colour. Clicks go through to the map."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var shape = {{ this.values.rings }}, box = document.createElement("div");
            box.textContent = {{ this.values.label }};
            var under = {color: "#ffffff", weight: 6, opacity: 0.9, fill: false};
            var over = {color: "#12211f", weight: 2.5, fill: false, interactive: false};
            return L.layerGroup([
                L.polygon(shape, under).bindTooltip(box, {sticky: true}), L.polygon(shape, over)
            ]);
        })();
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, rings: Sequence[object], label: str) -> None:
        super().__init__("Contour", rings=to_script(rings), label=to_script(label))


class Points(Piece):
    """Circles, one by one from close by, gathered from afar when they are many."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            function circle(p) {
                var box = document.createElement("div");
                p[4].forEach(function (text) {
                    box.appendChild(document.createElement("div")).textContent = text;
                });
                var size = Math.min(22, 5 + 2.2 * Math.sqrt(p[2] - 1));
                var dot = L.circleMarker([p[0], p[1]], {
                    radius: p[5] ? Math.max(10, size) : size, weight: 1.5,
                    color: p[3] === {{ this.values.mixed }} ? "#12211f" : "#ffffff",
                    fillColor: p[3], fillOpacity: 0.92, className: "initiative"
                }).on("mouseover click", function () {
                    // Near the upper edge, what is above would be cut.
                    var y = this._map.latLngToContainerPoint(this.getLatLng()).y;
                    this.getTooltip().options.direction = y < 140 ? "bottom" : "top";
                }).bindTooltip(box, {direction: "top"});
                if (!p[5]) { return dot; }
                var mark = document.createElement("span");
                mark.textContent = p[5];
                mark.style.color = p[6];
                return L.layerGroup([dot, L.marker([p[0], p[1]], {
                    icon: L.divIcon({html: mark, className: "t-mark", iconSize: [28, 16]}),
                    interactive: false, keyboard: false
                })]);
            }
            var near = L.layerGroup({{ this.values.near }}.map(circle));
            var far = L.layerGroup({{ this.values.far }}.map(circle));
            var group = L.layerGroup(), map = null;
            function refresh() {
                var close = !far.getLayers().length || map.getZoom() >= {{ this.values.near_zoom }};
                group.removeLayer(close ? far : near).addLayer(close ? near : far);
            }
            group.on("add", function () {
                map = group._map;
                map.on("zoomend", refresh);
                refresh();
            });
            group.on("remove", function () { map.off("zoomend", refresh); });
            return group;
        })();
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, near: Sequence[MapPoint], far: Sequence[MapPoint]) -> None:
        super().__init__(
            "Initiatives",
            near=_points_script(near),
            far=_points_script(far),
            near_zoom=NEAR_ZOOM,
            mixed=to_script(MIXED_COLOUR),
        )


def _points_script(points: Sequence[MapPoint]) -> str:
    return to_script(
        [
            [
                round(p.latitude, 5),
                round(p.longitude, 5),
                p.count,
                p.colour,
                p.lines,
                p.mark,
                text_over(p.colour),
            ]
            for p in points
        ]
    )
