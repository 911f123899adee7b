"""Point → commune, in batches: a grid of candidates, then the exact test on sorted points.

A tree asks one question per point and needs a point object for each. A grid answers all points
with a few array operations; sorting them first keeps the polygons they share in the processor's
cache, which halves the cost of the exact test (``bench/point_dans_commune.py``).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

_CELL_DEGREES = 0.05  # about a commune: smaller cells cost memory and gain nothing
_CELLS_PER_ROW = round(360 / _CELL_DEGREES) + 1
_CHUNK = 200_000  # points at a time: bounds the memory to some tens of megabytes

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


class PointLocator:
    """Finds the polygon under each point.

    Parameters
    ----------
    geometries : np.ndarray of shapely geometries, shape (n,)
        Polygons in EPSG:4326; their position is what :meth:`positions` returns.
    bounds : np.ndarray of float, shape (n, 4)
        West, south, east, north of each.
    """

    def __init__(self, geometries: npt.NDArray[np.object_], bounds: _Floats) -> None:
        self._geometries = geometries
        self._bounds = bounds
        self._cells, self._starts, self._candidates = _grid(bounds)

    def positions(self, longitude: _Floats, latitude: _Floats) -> _Ints:
        """Locate points.

        Parameters
        ----------
        longitude, latitude : np.ndarray of float, shape (m,)
            Degrees, EPSG:4326. Anything that is not a place on Earth is nowhere.

        Returns
        -------
        np.ndarray of int, shape (m,)
            Position of the polygon, −1 for none; the lowest where several touch the point.
        """
        found = np.full(len(longitude), -1, dtype=np.int64)
        for start in range(0, len(longitude), _CHUNK):
            part = slice(start, start + _CHUNK)
            found[part] = self._locate_chunk(longitude[part], latitude[part])
        return found

    def _locate_chunk(self, longitude: _Floats, latitude: _Floats) -> _Ints:
        found = np.full(len(longitude), -1, dtype=np.int64)
        on_earth = np.flatnonzero((np.abs(longitude) <= 180) & (np.abs(latitude) <= 90))
        cells = _cell(longitude[on_earth], latitude[on_earth])
        order = np.argsort(cells, kind="stable")
        points, cells = on_earth[order], cells[order]
        x, y = longitude[points], latitude[points]
        point, polygon = self._pairs(cells, x, y)
        # Pairs come by point, then by rising polygon: ask the first of each point, then the second
        # of those still nowhere, so that the first to answer is the lowest and few are asked.
        while len(point):
            asked = np.diff(point, prepend=-1) != 0
            here, there = point[asked], polygon[asked]
            hit = shapely.intersects_xy(self._geometries[there], x[here], y[here])
            found[points[here[hit]]] = there[hit]
            left = ~asked & (found[points[point]] < 0)
            point, polygon = point[left], polygon[left]
        return found

    def _pairs(self, cells: _Ints, x: _Floats, y: _Floats) -> tuple[_Ints, _Ints]:
        """Pair each point with the polygons whose bounding box holds it."""
        slot = np.searchsorted(self._cells, cells)
        slot[slot == len(self._cells)] = 0
        known = np.flatnonzero(self._cells[slot] == cells)
        starts = self._starts[slot[known]]
        counts = self._starts[slot[known] + 1] - starts
        point, rank = _expand(known, counts)
        polygon = self._candidates[np.repeat(starts, counts) + rank]
        west, south, east, north = self._bounds[polygon].T
        px, py = x[point], y[point]
        inside = (west <= px) & (px <= east) & (south <= py) & (py <= north)
        return point[inside], polygon[inside]


def _cell(longitude: _Floats, latitude: _Floats) -> _Ints:
    column = np.floor((longitude + 180) / _CELL_DEGREES).astype(np.int64)
    row = np.floor((latitude + 90) / _CELL_DEGREES).astype(np.int64)
    cell: _Ints = row * _CELLS_PER_ROW + column
    return cell


def _expand(items: _Ints, counts: _Ints) -> tuple[_Ints, _Ints]:
    """Repeat each item ``count`` times, with its rank among its own copies."""
    repeated = np.repeat(items, counts)
    rank = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
    return repeated, rank


def _grid(bounds: _Floats) -> tuple[_Ints, _Ints, _Ints]:
    """List, for each cell that a bounding box touches, the polygons concerned, rising."""
    corner = _cell(bounds[:, 0], bounds[:, 1])
    widths = _cell(bounds[:, 2], bounds[:, 1]) - corner + 1
    heights = (_cell(bounds[:, 0], bounds[:, 3]) - corner) // _CELLS_PER_ROW + 1
    polygon, rank = _expand(np.arange(len(bounds)), widths * heights)
    cells = corner[polygon] + rank // widths[polygon] * _CELLS_PER_ROW + rank % widths[polygon]
    order = np.argsort(cells, kind="stable")
    distinct, starts = np.unique(cells[order], return_index=True)
    return distinct, np.append(starts, len(order)), polygon[order]
