"""Small maps of several territories at one scale: what is larger there is larger on the ground."""

from __future__ import annotations

from collections.abc import Sequence

from territoires.communes import Register
from territoires.maps.static_frame import FONT, frame_of
from territoires.maps.static_ground import own_bounds, system_of
from territoires.maps.static_map import Mark, territory_map
from territoires.territory import Territoire

SIZE = (210.0, 170.0)
_FALLBACK = f"{FONT}, Source Sans, system-ui, Helvetica, Arial, sans-serif"


def maps_at_one_scale(
    register: Register,
    places: Sequence[Territoire],
    marks: Sequence[Sequence[Mark]] = (),
    *,
    size: tuple[float, float] = SIZE,
) -> tuple[str, ...]:
    """Draw territories, each on its own map, with as many metres to a unit on all of them.

    Parameters
    ----------
    register : Register
        The communes.
    places : sequence of Territoire
        The largest one fills its map; each is drawn in its own projected system.
    marks : sequence of sequence of Mark, optional
        Points of each map, in the order of ``places``.
    size : (float, float)
        Width and height of each map, in units.

    Returns
    -------
    tuple of str
        An ``<svg>`` element for each territory, with its scale bar.
    """
    unit = max((_fitting(register, place, size) for place in places), default=1.0)
    points = marks or [()] * len(places)
    return tuple(
        _for_a_screen(territory_map(register, place, shown, size=size, metres_per_unit=unit))
        for place, shown in zip(places, points, strict=True)
    )


def _fitting(register: Register, place: Territoire, size: tuple[float, float]) -> float:
    """Return the metres to a unit at which a territory and its surroundings fill its map."""
    epsg, members = system_of(register, place)
    return frame_of(epsg, own_bounds(register, place, members), size).metres_per_unit


def _for_a_screen(drawing: str) -> str:
    """Let a reader without our font, which is embedded on paper only, use one of theirs."""
    return drawing.replace(f'font-family="{FONT}"', f'font-family="{_FALLBACK}"', 1)
