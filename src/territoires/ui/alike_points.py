"""Places alike as circles of the map."""

from __future__ import annotations

import folium

from territoires.candidates.alike import AlikeList
from territoires.communes import LEVELS, Register
from territoires.indicators import format_number, format_rank
from territoires.maps import MapPoint, points_layer
from territoires.territory import Territoire, territory_from_code
from territoires.ui.appearance import ACCENT

DISTANCE_DECIMALS = 2


def place_of(register: Register, level: str, code: str) -> Territoire:
    """Return one of the places compared as a territory."""
    return territory_from_code(register, f"{LEVELS[level].prefix}:{code}")


def alike_layer(alike: AlikeList, register: Register) -> folium.FeatureGroup:
    """Return one circle per place shown, at its reference point; it says rank, name, distance."""
    points = []
    for code, row in zip(alike.frame.index, alike.frame.to_dict("records"), strict=True):
        place = place_of(register, alike.query.level, str(code))
        longitude, latitude = place.reference_point(register)
        lines = (
            f"{format_rank(int(row['rang']))} : {place.nom}",
            f"distance {format_number(row['distance'], DISTANCE_DECIMALS)}, "
            f"comparé à {alike.targets[int(row['reference'])].nom}",
        )
        points.append(MapPoint(longitude, latitude, 1, ACCENT, lines))
    return points_layer(points, "Lieux semblables")
