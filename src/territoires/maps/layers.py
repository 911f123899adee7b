"""What folium draws: the base map, the choropleth, the chosen place, the initiatives.

Nothing here asks anything of anyone else's server, the optional base map aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import folium
import shapely
from branca.element import Element, Figure

from territoires.initiatives import Directory
from territoires.maps.elements import (
    MAX_ZOOM,
    MIN_ZOOM,
    STYLE,
    ChoroplethTiles,
    FrenchControls,
    HoveredOutline,
    LeafletMap,
    Outline,
    Points,
)
from territoires.maps.points import MANY, MapPoint, cells_of, points_of
from territoires.maps.script import for_leaflet
from territoires.maps.spec import MapSpec

ZOOM_STEP = 0.25
_OUTLINE_POINTS = 2_000  # an outline is drawn on a screen about that wide


def france_map(
    latitude: float = 46.6, longitude: float = 2.5, zoom: float = 6,
    *, base_map_url: str | None = None, base_path: str = "",
) -> folium.Map:  # fmt: skip
    """Return a map without layers.

    Parameters
    ----------
    latitude, longitude : float
        Centre, degrees (EPSG:4326).
    zoom : int
        Leaflet zoom.
    base_map_url : str, optional
        XYZ address of a base map: the only thing that may be asked of another server.
    base_path : str
        Path under which the server is published, without a final slash.
    """
    # folium gives these bounds to its own base map only, and there is none.
    # Quarters of a zoom level let a whole territory fit the window as closely as it can.
    bounds = {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM, "zoomSnap": ZOOM_STEP}
    drawn = LeafletMap(
        base_path, location=(latitude, longitude), zoom_start=zoom, tiles=None,
        zoom_control=False, font_size="13px", **bounds,
    )  # fmt: skip
    figure = drawn.get_root()
    if isinstance(figure, Figure):
        figure.header.add_child(Element(STYLE), name="territoires_style")
    if base_map_url:
        base_map_layer(base_map_url).add_to(drawn)
    FrenchControls(base_path).add_to(drawn)
    HoveredOutline(base_path).add_to(drawn)
    return drawn


def base_map_layer(url: str) -> folium.TileLayer:
    """Return the optional base map, named after the server it is asked of."""
    host = urlsplit(url).hostname or "fond de carte"
    name = "IGN, Géoplateforme" if host.endswith("geopf.fr") else host
    return folium.TileLayer(
        url, attr=f"Fond de carte : {name}", name="Fond de carte", max_zoom=MAX_ZOOM, control=False
    )


def choropleth_layer(
    spec: MapSpec, *, base_path: str = "", opacity: float = 1.0
) -> folium.FeatureGroup:
    """Return the tiles of a choropleth, to be given to ``feature_group_to_add``.

    Parameters
    ----------
    spec : MapSpec
        What is shown; its version must be that of the data (``data_version``).
    base_path : str
        Path under which the server is published, without a final slash.
    opacity : float
        Less than 1 lets a base map through.
    """
    group = folium.FeatureGroup(name="Choroplèthe", control=False)
    ChoroplethTiles(spec, base_path, opacity).add_to(group)
    return group


def selected_territory_layer(outline: shapely.Geometry, label: str) -> folium.FeatureGroup:
    """Return the outline of a place, drawn crisply.

    Parameters
    ----------
    outline : Polygon or MultiPolygon
        EPSG:4326.
    label : str
        Name, plain text.
    """
    group = folium.FeatureGroup(name="Territoire choisi", control=False)
    drawn = as_drawn(outline)
    Outline([_rings(polygon) for polygon in shapely.get_parts(drawn)], label).add_to(group)
    return group


def as_drawn(outline: shapely.Geometry) -> shapely.Geometry:
    """Return an outline with no more detail than a screen shows, EPSG:4326."""
    west, south, east, north = outline.bounds
    return outline.simplify(max(east - west, north - south) / _OUTLINE_POINTS)


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    """Return the rings of a polygon, as Leaflet takes them."""
    rings = [polygon.exterior, *polygon.interiors]
    return [for_leaflet(shapely.get_coordinates(ring)) for ring in rings]


def initiatives_layer(directory: Directory) -> folium.FeatureGroup:
    """Return the located initiatives as circles coloured by axis.

    Parameters
    ----------
    directory : Directory
        Already filtered. Beyond ``MANY`` points, they are gathered when seen from afar.
    """
    return points_layer(points_of(directory))


def points_layer(
    points: Sequence[MapPoint], name: str = "Initiatives", noun: str = "initiatives"
) -> folium.FeatureGroup:
    """Return points as circles; each says its lines, as plain text, when pointed at.

    Parameters
    ----------
    points : sequence of MapPoint
        Beyond ``MANY``, they are gathered when seen from afar.
    name : str
        Of the layer.
    noun : str
        What the points stand for, in the plural.
    """
    group = folium.FeatureGroup(name=name, control=False)
    Points(points, cells_of(points, noun) if len(points) > MANY else ()).add_to(group)
    return group
