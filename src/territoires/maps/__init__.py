"""Maps: identifier tiles, classes and colours, legends, folium layers.

A tile is drawn once as commune numbers (:mod:`identifiers`), then coloured by a look-up table
(:mod:`colouring`, :mod:`render`) for whatever a :class:`MapSpec` asks. Its address says everything
(:mod:`spec`): tiles cache, and any server can answer.
"""

from pathlib import Path

from territoires.communes import Register
from territoires.maps.classes import Classes, ClassRules, classify
from territoires.maps.colouring import Colouring, MapColours, data_version
from territoires.maps.identifiers import IdentifierTiles
from territoires.maps.layers import (
    ZOOM_STEP,
    as_drawn,
    base_map_layer,
    choropleth_layer,
    france_map,
    initiatives_layer,
    points_layer,
    selected_territory_layer,
)
from territoires.maps.legend import legend_html
from territoires.maps.limits import METHODS
from territoires.maps.marks import around_layer
from territoires.maps.outline_layer import outline_layer, outline_legend
from territoires.maps.outline_tiles import render_outline_tile
from territoires.maps.palettes import PALETTES, Palette
from territoires.maps.points import MIXED_COLOUR, MapPoint, points_of
from territoires.maps.quadrant_words import quadrant_sentence
from territoires.maps.quadrants import QUADRANT_COLOURS, MapQuadrants
from territoires.maps.render import render_tile
from territoires.maps.spec import MapSpec, spec_from_query, spec_to_query
from territoires.maps.views import MAINLAND, QUICK_VIEWS, QuickView


def load_identifier_tiles(_data_dir: Path, register: Register) -> IdentifierTiles:
    """Return the tiles of the communes of a register.

    They are drawn as they are asked, in milliseconds: nothing is read but the outlines.

    Raises
    ------
    DataFileError
        The outlines are missing or damaged.
    """
    return IdentifierTiles(register.geometries)


__all__ = [
    "MAINLAND",
    "METHODS",
    "MIXED_COLOUR",
    "PALETTES",
    "QUADRANT_COLOURS",
    "QUICK_VIEWS",
    "ZOOM_STEP",
    "ClassRules",
    "Classes",
    "Colouring",
    "IdentifierTiles",
    "MapColours",
    "MapPoint",
    "MapQuadrants",
    "MapSpec",
    "Palette",
    "QuickView",
    "around_layer",
    "as_drawn",
    "base_map_layer",
    "choropleth_layer",
    "classify",
    "data_version",
    "france_map",
    "initiatives_layer",
    "legend_html",
    "load_identifier_tiles",
    "outline_layer",
    "outline_legend",
    "points_layer",
    "points_of",
    "quadrant_sentence",
    "render_outline_tile",
    "render_tile",
    "selected_territory_layer",
    "spec_from_query",
    "spec_to_query",
]
