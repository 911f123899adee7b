"""Where in France: the country, or the overseas département, in the space of a stamp."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely

from territoires.communes import Register
from territoires.communes.projection import METROPOLE
from territoires.maps.static_frame import ACCENT, Frame, path_of, svg
from territoires.maps.static_ground import main_commune, own_outline, system_of
from territoires.territory import Territoire
from territoires.territory.shape import outline_of

_LAND, _LINE = "#e3e9e7", "#aab5b2"
_DETAIL = 0.7
_EDGE = 3.0
_DOT = 2.6


def locator_map(register: Register, place: Territoire, size: float = 84.0) -> str:
    """Draw where a territory is: in mainland France and Corsica, or in its overseas département.

    Parameters
    ----------
    register : Register
        The communes.
    place : Territoire
        Filled, and marked by a dot at its reference point, for most are too small to be seen.
    size : float
        Side of the square, in units.

    Returns
    -------
    str
        An ``<svg>`` element, without ground.
    """
    epsg, members = system_of(register, place)
    frame, land = _land(register, epsg, _departement(register, place, epsg), size)
    outline = own_outline(register, place, members)
    own = path_of(frame.shapes(np.array([outline], dtype=object))[0].simplify(_DETAIL / 2))
    x, y = frame.points(*([value] for value in place.reference_point(register)))
    return svg(
        size,
        size,
        f'<path d="{land}" fill="{_LAND}" stroke="{_LINE}" stroke-width=".5"/>'
        f'<path d="{own}" fill="{ACCENT}" fill-opacity=".75"/>'
        f'<circle cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="{_DOT}" fill="{ACCENT}" stroke="#fff" '
        'stroke-width=".8"/>',
        ground="none",
    )


def locator_name(register: Register, place: Territoire) -> str:
    """Return what :func:`locator_map` draws, in French: ``France métropolitaine``, ``Mayotte``."""
    departement = _departement(register, place, system_of(register, place)[0])
    return register.name_of("departement", departement) if departement else "France métropolitaine"


def _departement(register: Register, place: Territoire, epsg: int) -> str:
    """Return the overseas département to be drawn; empty for the mainland."""
    if epsg == METROPOLE:
        return ""
    return str(register.communes["code_departement"][main_commune(register, place)])


@lru_cache(maxsize=8)
def _land(register: Register, epsg: int, departement: str, size: float) -> tuple[Frame, str]:
    communes = register.communes
    kept = communes["epsg_local"] == epsg
    if departement:
        kept &= communes["code_departement"] == departement
    whole = outline_of(register, tuple(communes.index[kept]))
    metres = Frame(epsg, 0.0, 0.0, 1.0, 1.0, 1.0).shapes(np.array([whole], dtype=object))
    west, top, east, bottom = shapely.total_bounds(metres)
    scale = (size - 2 * _EDGE) / max(east - west, bottom - top)
    slack = (size / scale - np.array([east - west, bottom - top])) / 2
    frame = Frame(epsg, float(west - slack[0]), float(slack[1] - top), scale, size, size)
    return frame, path_of(frame.shapes(np.array([whole], dtype=object))[0].simplify(_DETAIL))
