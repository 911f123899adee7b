"""Brings an outline of any detail to an area that an address can hold, with the same communes.

Vertices go one by one, the one that changes the outline least first (Visvalingam and Whyatt,
"Line generalisation by repeated elimination of points", 1993), and only when no reference point
of a commune and no other vertex stands in the triangle that goes with it: no commune changes
side, and no edge crosses another.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.territory.zone import (
    DECIMALS,
    MAX_VERTICES,
    Ring,
    Zone,
    communes_inside,
    nothing_inside,
    reference_points,
)

_FIRST_TOLERANCES = (0.01, 0.003, 0.001, 0.0003, 0.0001)
"""Degrees, the coarsest first: a quick pass before the fine one."""
_FEW = 400  # vertices under which the quick pass gains nothing

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]


def fitted_zone(register: Register, area: shapely.Geometry) -> Zone | None:
    """Return a drawn area with the communes of an outline.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        Valid, EPSG:4326; any number of vertices.

    Returns
    -------
    Zone or None
        The outline itself when it is short enough, else with fewer vertices and **the same
        communes**; ``None`` when ``MAX_VERTICES`` vertices cannot say it.

    Raises
    ------
    InvalidRequest
        No commune is inside.
    """
    inside = communes_inside(register, area)
    if not inside:
        raise InvalidRequest(nothing_inside(register, area))
    points = reference_points(register)
    rings = _rings(_quickly_simplified(register, area, inside))
    if sum(map(len, rings)) > MAX_VERTICES:
        rings = _thinned([ring for ring in rings if _holds_one(ring, points)], points)
    try:
        zone = Zone(tuple(rings))
    except InvalidRequest:  # too many vertices left, or two of them made one by rounding
        return None
    return zone if communes_inside(register, zone.shape) == inside else None


def _quickly_simplified(
    register: Register, area: shapely.Geometry, inside: tuple[str, ...]
) -> shapely.Geometry:
    if shapely.get_num_coordinates(area) <= _FEW:
        return area
    for tolerance in _FIRST_TOLERANCES:
        simple = area.simplify(tolerance)
        if communes_inside(register, simple) == inside:
            return simple
    return area


def _rings(area: shapely.Geometry) -> list[Ring]:
    """Return the rings of an area, rounded, none closed by its first vertex again."""
    lines = [
        line
        for polygon in shapely.get_parts(area)
        for line in (polygon.exterior, *polygon.interiors)
    ]
    rings = (np.round(shapely.get_coordinates(line)[:-1], DECIMALS).tolist() for line in lines)
    return [tuple((x, y) for x, y in ring) for ring in rings]


def _holds_one(ring: Ring, points: _Floats) -> bool:
    """Tell whether a commune is on one side of a ring because of it."""
    return bool(shapely.intersects_xy(shapely.Polygon(ring), points[:, 0], points[:, 1]).any())


def _thinned(rings: Sequence[Ring], points: _Floats) -> list[Ring]:
    """Take vertices away until ``MAX_VERTICES`` are left, or none can go."""
    outline = _Outline(rings, points)
    queue = [(outline.weight(vertex), vertex) for vertex in range(outline.count)]
    heapq.heapify(queue)
    left = outline.count
    while queue and left > MAX_VERTICES:
        weight, vertex = heapq.heappop(queue)
        if not outline.alive[vertex] or weight != outline.weight(vertex):
            continue  # its neighbours changed since: it is in the queue again
        if outline.can_go(vertex):
            left -= 1
            for neighbour in outline.remove(vertex):
                heapq.heappush(queue, (outline.weight(neighbour), neighbour))
    return outline.rings()


class _Outline:
    """Rings as vertices that know their neighbours, and the points that must keep their side."""

    def __init__(self, rings: Sequence[Ring], points: _Floats) -> None:
        sizes = np.array([len(ring) for ring in rings], dtype=np.int64)
        self.count = int(sizes.sum())
        self._ring = np.repeat(np.arange(len(rings)), sizes)
        self._size = sizes.copy()
        place = np.arange(self.count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        first = np.arange(self.count) - place
        size = np.repeat(sizes, sizes)
        self._before: _Ints = first + (place - 1) % size
        self._after: _Ints = first + (place + 1) % size
        self.alive = np.ones(self.count + len(points), dtype=bool)
        self._xy: _Floats = np.vstack([*(np.asarray(ring) for ring in rings), points])
        self._tree = shapely.STRtree(shapely.points(self._xy))

    def weight(self, vertex: int) -> float:
        """Return twice the surface of the triangle that goes with a vertex."""
        a, b, c = self._xy[self._corners(vertex)]
        return float(abs(_turn(a, b, c)))

    def can_go(self, vertex: int) -> bool:
        """Tell whether nothing stands in the triangle of a vertex, its sides included."""
        if self._size[self._ring[vertex]] <= 3:
            return False
        corners = self._corners(vertex)
        triangle = self._xy[corners]
        box = shapely.box(*triangle.min(axis=0), *triangle.max(axis=0))
        near = self._tree.query(box)
        near = near[self.alive[near] & ~np.isin(near, corners)]
        x, y = self._xy[near].T
        hull = shapely.convex_hull(shapely.MultiPoint(triangle))  # a line when it is flat
        return not shapely.intersects_xy(hull, x, y).any()

    def remove(self, vertex: int) -> tuple[int, int]:
        """Take a vertex away; return its two neighbours."""
        before, _, after = self._corners(vertex)
        self._after[before], self._before[after] = after, before
        self.alive[vertex] = False
        self._size[self._ring[vertex]] -= 1
        return before, after

    def rings(self) -> list[Ring]:
        """Return what is left."""
        kept = [np.flatnonzero(self.alive[: self.count] & (self._ring == ring))
                for ring in range(len(self._size))]  # fmt: skip
        return [tuple((float(x), float(y)) for x, y in self._xy[rows]) for rows in kept]

    def _corners(self, vertex: int) -> list[int]:
        return [int(self._before[vertex]), vertex, int(self._after[vertex])]


def _turn(a: _Floats, b: _Floats, c: _Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
