"""Identifier tiles: for each pixel, which commune is there.

A choropleth of all France is a picture whose pixels never move: only their colours do. So a tile
is drawn once as commune numbers, kept, and coloured by a look-up table (:mod:`render`).

Drawing is a scan conversion of all edges at once. Along a line of pixels, crossing the boundary of
commune *k* adds *k*, leaving it takes *k* away: the running sum is the commune at each pixel
centre. Holes and multipolygons need nothing more, since their rings turn the right way.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from territoires.maps.mercator import WORLD_BITS, to_world

TILE_PIXELS = 256
SAMPLES_PER_PIXEL = 2
"""Samples per pixel and side: they smooth edges on plain screens, are the pixels of fine ones."""
MARGIN = 1
"""Samples drawn around the tile, so that a border on its very edge is seen from both sides."""
TILE_SAMPLES = TILE_PIXELS * SAMPLES_PER_PIXEL + 2 * MARGIN

DEFAULT_CACHE_BYTES = 48_000_000
_AT_A_TIME = 2_000
# In a running sum, whole communes are counted above this bit, their numbers added below it.
_COUNT = 1 << 20
_NUMBER_MASK = _COUNT - 1

Identifiers = npt.NDArray[np.uint16]
_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Rings:
    """All boundaries, projected and laid end to end.

    Attributes
    ----------
    x, y : ndarray of int32, shape (vertices,)
        World units.
    closes : ndarray of bool, shape (vertices,)
        The last vertex of a ring: no edge starts from it.
    start : ndarray of int64, shape (communes + 1,)
        Where the vertices of each commune begin.
    box : ndarray of int32, shape (4, communes)
        west, north, east, south; a commune without boundary has an empty box.
    """

    x: npt.NDArray[np.int32]
    y: npt.NDArray[np.int32]
    closes: npt.NDArray[np.bool_]
    start: _Ints
    box: npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Window:
    """The square of the world that a tile and its margin cover, ``size`` samples a side."""

    x: float
    y: float
    sample: float
    size: int = TILE_SAMPLES


class IdentifierTiles:
    """Draw and keep tiles of commune numbers.

    Parameters
    ----------
    geometries : ndarray of shapely geometries, shape (communes,)
        Polygons and multipolygons, EPSG:4326; ``None`` or empty where there is no boundary.
    cache_bytes : int
        Memory the kept tiles may take; the least recently asked go first.

    Notes
    -----
    Safe to share between threads. The boundaries take 9 bytes a vertex.
    """

    def __init__(
        self,
        geometries: Sequence[object] | npt.NDArray[np.object_],
        *,
        cache_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> None:
        shapes = np.asarray(geometries, dtype=object)
        if len(shapes) >= np.iinfo(np.uint16).max:
            message = f"{len(shapes)} shapes do not fit in 16-bit identifiers"
            raise ValueError(message)
        self.count = len(shapes)
        self._rings = _lay_end_to_end(shapes if len(shapes) else np.array([None]))
        self._kept: OrderedDict[tuple[int, int, int], Identifiers] = OrderedDict()
        self._capacity = max(1, cache_bytes // (2 * TILE_SAMPLES * TILE_SAMPLES))
        self._lock = threading.Lock()
        self._sea = np.zeros((TILE_SAMPLES, TILE_SAMPLES), dtype=np.uint16)
        self._sea.setflags(write=False)

    def tile(self, zoom: int, column: int, row: int) -> Identifiers:
        """Return the commune numbers of a tile.

        Parameters
        ----------
        zoom, column, row : int
            Tile of the usual web scheme (row 0 in the north), within its bounds.

        Returns
        -------
        ndarray of uint16, shape (514, 514), read-only
            Position of the commune + 1, 0 where there is none, at the centre of each sample:
            2 × 2 samples a pixel, and one sample of margin on each side.
        """
        key = (zoom, column, row)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        drawn = self._draw(_window(zoom, column, row))
        if drawn is not self._sea:
            self._keep(key, drawn)
        return drawn

    def _keep(self, key: tuple[int, int, int], drawn: Identifiers) -> None:
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)

    def _draw(self, window: _Window) -> Identifiers:
        edges = _edges_in(self._rings, window)
        if edges is None:
            return self._sea
        drawn = _fill(*_crossings(*edges, size=window.size), size=window.size)
        drawn.setflags(write=False)
        return drawn


def _lay_end_to_end(shapes: npt.NDArray[np.object_]) -> _Rings:
    """Flatten the boundaries, some at a time so that no copy of them all is ever made."""
    parts = [_flatten(shapes[at : at + _AT_A_TIME]) for at in range(0, len(shapes), _AT_A_TIME)]
    x, y, closes, lengths = (np.concatenate(column) for column in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return _Rings(x, y, closes, start, _boxes(x, y, start))


def _flatten(
    shapes: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.bool_], _Ints]:
    """Return x, y, whether a vertex closes its ring, and how many vertices each shape has.

    Outer rings all turn one way, holes the other.
    """
    polygons, owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_polygon = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
    coordinates, vertex_ring = shapely.get_coordinates(rings, return_index=True)
    x, y = to_world(coordinates[:, 0], coordinates[:, 1])
    closes = np.ones(len(x), dtype=bool)
    closes[:-1] = vertex_ring[1:] != vertex_ring[:-1]
    lengths = np.bincount(owner[ring_polygon[vertex_ring]], minlength=len(shapes))
    return x, y, closes, lengths.astype(np.int64)


def _boxes(
    x: npt.NDArray[np.int32], y: npt.NDArray[np.int32], start: _Ints
) -> npt.NDArray[np.int32]:
    box = np.empty((4, len(start) - 1), dtype=np.int32)
    box[:2], box[2:] = np.iinfo(np.int32).max, -1
    drawn = start[1:] > start[:-1]
    first = start[:-1][drawn]
    if len(first):
        box[0, drawn], box[1, drawn] = np.minimum.reduceat(x, first), np.minimum.reduceat(y, first)
        box[2, drawn], box[3, drawn] = np.maximum.reduceat(x, first), np.maximum.reduceat(y, first)
    return box


def _window(zoom: int, column: int, row: int) -> _Window:
    shift = WORLD_BITS - zoom
    sample = float(1 << shift) / (TILE_PIXELS * SAMPLES_PER_PIXEL)
    return _Window((column << shift) - MARGIN * sample, (row << shift) - MARGIN * sample, sample)


def _ranges(start: _Ints, length: _Ints) -> _Ints:
    """Concatenate ``start[i], start[i] + 1, … (length[i] of them)``, for all i."""
    before = np.cumsum(length) - length
    ranges: _Ints = np.arange(int(length.sum()), dtype=np.int64) + np.repeat(start - before, length)
    return ranges


def _edges_in(
    rings: _Rings, window: _Window
) -> tuple[_Floats, _Floats, _Floats, _Floats, _Ints] | None:
    """Return the edges that cross a line of samples: x0, y0, x1, y1 (samples), commune number.

    Sample centres are at whole coordinates. ``None`` when no commune reaches the window.
    """
    west, north, east, south = rings.box
    side = window.sample * window.size
    met = (east >= window.x) & (west <= window.x + side)
    met &= (south >= window.y) & (north <= window.y + side)
    communes = np.flatnonzero(met)
    if not len(communes):
        return None
    first, length = rings.start[communes], np.diff(rings.start)[communes]
    vertex, number = _ranges(first, length), np.repeat(communes + 1, length)
    leaves = ~rings.closes[vertex]
    vertex, number = vertex[leaves], number[leaves]
    y0 = (rings.y[vertex] - window.y) / window.sample - 0.5
    y1 = (rings.y[vertex + 1] - window.y) / window.sample - 0.5
    crosses = np.ceil(y0).clip(0, window.size) != np.ceil(y1).clip(0, window.size)
    vertex, number, y0, y1 = vertex[crosses], number[crosses], y0[crosses], y1[crosses]
    x0 = (rings.x[vertex] - window.x) / window.sample - 0.5
    x1 = (rings.x[vertex + 1] - window.x) / window.sample - 0.5
    return x0, y0, x1, y1, number


def _crossings(
    x0: _Floats, y0: _Floats, x1: _Floats, y1: _Floats, number: _Ints, *, size: int
) -> tuple[_Ints, _Floats]:
    """Return where each edge crosses each line of samples, and what the crossing changes.

    Each edge is followed from its upper end, so that the two communes it separates find the very
    same crossing: no gap, no overlap.
    """
    upwards = y1 < y0
    top, bottom = np.where(upwards, y1, y0), np.where(upwards, y0, y1)
    top_x, bottom_x = np.where(upwards, x1, x0), np.where(upwards, x0, x1)
    line0 = np.ceil(top).clip(0, size).astype(np.int64)
    lines = np.ceil(bottom).clip(0, size).astype(np.int64) - line0
    line = _ranges(line0, lines)
    slope = (bottom_x - top_x) / (bottom - top)
    x = np.repeat(top_x, lines) + (line - np.repeat(top, lines)) * np.repeat(slope, lines)
    cell = line * (size + 1) + np.ceil(x).clip(0, size).astype(np.int64)
    # Degrees go up, screen lines go down: an outer ring (anticlockwise) enters by its west side,
    # which it follows downwards.
    change = np.where(upwards, -1.0, 1.0) * (number + _COUNT)
    return cell, np.repeat(change, lines)


def _fill(cell: _Ints, change: _Floats, *, size: int) -> Identifiers:
    """Sum the changes along each line; one column more than ``size`` collects what lies east."""
    changes = np.bincount(cell, weights=change, minlength=size * (size + 1))
    sums = changes.reshape(size, size + 1)[:, :size].cumsum(axis=1).astype(np.int64)
    number = (sums & _NUMBER_MASK).astype(np.uint16)
    overlap = sums >= 2 * _COUNT
    return _take_from_the_left(number, overlap) if overlap.any() else number


def _take_from_the_left(number: Identifiers, doubtful: npt.NDArray[np.bool_]) -> Identifiers:
    """Give the samples of an overlap (two communes, a sliver) the commune to their left."""
    columns = np.broadcast_to(np.arange(number.shape[1]), number.shape)
    source = np.maximum.accumulate(np.where(doubtful, 0, columns), axis=1)
    taken = np.take_along_axis(number, source, axis=1)
    taken[:, 0][doubtful[:, 0]] = 0
    return taken
