"""The communes that a doubt may be about: those listed, near names, the one clicked or searched."""

from __future__ import annotations

from dataclasses import dataclass

from territoires.communes import Register
from territoires.geocoding import Gazetteer
from territoires.geocoding.review import Doubt, Words, described
from territoires.indicators import format_number
from territoires.maps import MAINLAND, MapPoint, MapSpec, points_layer
from territoires.ui.appearance import ACCENT
from territoires.ui.map_view import draw_map, follow_bounds
from territoires.ui.state import PageState
from territoires.ui.view import Bounds
from territoires.workspace import Workspace

_OTHER, _OWN_POINT = "#4a5755", "#c46a00"
_MOST_NEAR = 5
_MARGIN = 0.15  # share of the width kept free on each side
_CLOSE = 0.15  # degrees kept around a commune alone


@dataclass(frozen=True)
class Candidate:
    """A commune to choose.

    Attributes
    ----------
    code, label : str
        ``30350``, ``Le Vigan (Gard)``.
    detail : str
        What tells it from its namesakes.
    stands_out : bool
        It is the one that was proposed.
    """

    code: str
    label: str
    detail: str
    stands_out: bool


def candidates_of(doubt: Doubt, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Return the communes that a doubt lists; near names when it lists none."""
    codes = doubt.candidates or near_names(doubt.words, gazetteer.register)
    return tuple(candidate(code, gazetteer, doubt.code) for code in codes)


def near_names(words: Words, register: Register) -> tuple[str, ...]:
    """Return communes whose name resembles what a row says, closest first."""
    told = words.town or " ".join(words.address.split()[-3:])
    return searched(told, register) if told else ()


def searched(text: str, register: Register) -> tuple[str, ...]:
    """Return the communes that a search finds, present ones only, in order."""
    found = (place for place in register.search(text, limit=4 * _MOST_NEAR))
    codes = dict.fromkeys(place.code for place in found if place.territory == f"com:{place.code}")
    return tuple(code for code in codes if code in register.communes.index)[:_MOST_NEAR]


def candidate(code: str, gazetteer: Gazetteer, proposed: str = "") -> Candidate:
    """Describe a commune."""
    postcodes = gazetteer.postcodes_of(code)
    told = [f"code {code}"]
    if postcodes:
        more = "…" if len(postcodes) > 1 else ""
        told.append(f"CP {postcodes[0]}{more}")
    if population := gazetteer.population.get(code):
        told.append(f"{format_number(population)} hab.")
    return Candidate(code, described(code, gazetteer), " · ".join(told), code == proposed)


def candidates_map(
    state: PageState, workspace: Workspace, doubt: Doubt, candidates: tuple[Candidate, ...]
) -> None:
    """Draw the candidates, numbered as in the list, and the point of the row if it has one."""
    points = _points(workspace.gazetteer, doubt, candidates)
    follow_bounds(state, _bounds(points) if points else MAINLAND.bounds)
    spec = MapSpec.for_outlines(version=workspace.colours.version)
    draw_map(state, workspace, spec, [points_layer(points, "Candidates", "communes")])


def _points(
    gazetteer: Gazetteer, doubt: Doubt, candidates: tuple[Candidate, ...]
) -> tuple[MapPoint, ...]:
    points = []
    for number, each in enumerate(candidates, start=1):
        longitude, latitude = gazetteer.points[each.code]
        colour = ACCENT if each.stands_out else _OTHER
        lines = (f"{number}. {each.label}", each.detail)
        points.append(MapPoint(longitude, latitude, 1, colour, lines, str(number)))
    own = _own_point(doubt.words)
    if own is not None:
        points.append(MapPoint(*own, 1, _OWN_POINT, ("Point donné par la ligne",), "✕"))
    return tuple(points)


def _own_point(words: Words) -> tuple[float, float] | None:
    """Return the point of a row, when it is one of the globe in degrees."""
    try:
        longitude, latitude = float(words.longitude), float(words.latitude)
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 85 else None


def _bounds(points: tuple[MapPoint, ...]) -> Bounds:
    west, east = (pick(point.longitude for point in points) for pick in (min, max))
    south, north = (pick(point.latitude for point in points) for pick in (min, max))
    wide = max((east - west) * _MARGIN, _CLOSE)
    high = max((north - south) * _MARGIN, _CLOSE)
    return west - wide, south - high, east + wide, north + high
