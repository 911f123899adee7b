"""The outline of any set of communes over a map: its folium layer, its mark in a legend."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import folium
from folium.template import Template

from territoires.maps.elements import MAX_ZOOM, MIN_ZOOM, Piece, tile_addresses
from territoires.maps.identifiers import TILE_PIXELS
from territoires.maps.outline_tiles import OUTLINE_COLOUR, STYLE

_LEGEND_STYLE = (
    "display:inline-block;flex:none;width:1.1rem;height:.8rem;margin-right:.4rem;"
    f"border:2px solid {OUTLINE_COLOUR};border-radius:2px"
)


class _OutlineTiles(Piece):
    """Tiles over those of the choropleth, under every circle and line."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.tileLayer(
            L.Browser.retina ? {{ this.values.fine }} : {{ this.values.plain }},
            {
                minZoom: {{ this.values.min_zoom }}, maxZoom: {{ this.values.max_zoom }},
                tileSize: {{ this.values.side }}, zIndex: 5, className: "adherents"
            }
        );
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, query: str, base_path: str) -> None:
        super().__init__(
            "Adherents",
            **tile_addresses(f"{base_path}/tuiles/contours", query),
            min_zoom=MIN_ZOOM,
            max_zoom=MAX_ZOOM,
            side=TILE_PIXELS,
        )


def outline_layer(code: str, *, version: str, base_path: str = "") -> folium.FeatureGroup:
    """Return the outline of a set of communes, to be given to ``feature_group_to_add``.

    Parameters
    ----------
    code : str
        Typed code, ``prive:…`` for a list that only its owner's visit knows.
    version : str
        That of the data (``data_version``).
    base_path : str
        Path under which the server is published, without a final slash.
    """
    group = folium.FeatureGroup(name="Nos adhérents", control=False)
    query = urlencode({"territoire": code, "v": version, "style": STYLE}, safe=":")
    _OutlineTiles(query, base_path).add_to(group)
    return group


def outline_legend(label: str) -> str:
    """Return the mark of an outline and what it is, as HTML."""
    mark = f'<i style="{_LEGEND_STYLE}" aria-hidden="true"></i>'
    return f'<ul class="t-axes" aria-label="Contour"><li>{mark}{escape(label)}</li></ul>'
