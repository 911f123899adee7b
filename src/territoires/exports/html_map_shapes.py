"""Outlines for a map that travels by e-mail: simplified to a number of points, as integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

STEPS_PER_DEGREE = 10_000
"""Coordinates are whole numbers of ten-thousandths of a degree: 11 m at most."""
FINEST, MOST_POINTS = 0.0001, 60_000
"""First tolerance tried, in degrees, and points above which it is doubled: 60,000 points weigh
about half a megabyte."""

Ring: TypeAlias = list[int]
Shape: TypeAlias = list[list[Ring]]
"""Polygons of rings; a ring is latitude and longitude of its first point, then differences."""


def pack(outlines: Sequence[BaseGeometry | None], most_points: int = MOST_POINTS) -> list[Shape]:
    """Simplify outlines together until they are light enough, and write them as integers.

    Parameters
    ----------
    outlines : sequence of shapely geometry or None
        EPSG:4326.
    most_points : int
        In all.

    Returns
    -------
    list of Shape
        One per outline, empty for ``None``. Neighbours stay neighbours: when the outlines are a
        coverage, they are simplified as one (Visvalingam), else each by itself (Douglas-Peucker).
    """
    rows = [row for row, outline in enumerate(outlines) if outline is not None]
    shapes: list[Shape] = [[] for _ in outlines]
    if rows:
        given = np.array([outlines[row] for row in rows], dtype=object)
        for row, outline in zip(rows, _simplified(given, most_points), strict=True):
            shapes[row] = _shape(outline)
    return shapes


def _simplified(outlines: npt.NDArray[np.object_], most: int) -> npt.NDArray[np.object_]:
    is_coverage = len(outlines) > 1 and shapely.coverage_is_valid(outlines)
    tolerance = FINEST
    while True:
        if is_coverage:
            simple = shapely.coverage_simplify(outlines, tolerance)
        else:
            simple = shapely.simplify(outlines, tolerance)
        # Beyond a degree only triangles are left: further simplifying changes nothing.
        if shapely.get_num_coordinates(simple).sum() <= most or tolerance > 1.0:
            found: npt.NDArray[np.object_] = simple
            return found
        outlines, tolerance = simple, 2.0 * tolerance  # from what is light already: twice as fast


def _shape(outline: BaseGeometry) -> Shape:
    polygons = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    packed = [
        [ring for ring in map(_ring, (polygon.exterior, *polygon.interiors)) if ring]
        for polygon in polygons
    ]
    return [rings for rings in packed if rings]


def _ring(ring: BaseGeometry) -> Ring:
    """Return the points of a ring, its last one left out; empty when it is too small to be seen."""
    steps = np.rint(shapely.get_coordinates(ring)[:-1, ::-1] * STEPS_PER_DEGREE).astype(np.int64)
    moved = np.ones(len(steps), dtype=bool)
    moved[1:] = (np.diff(steps, axis=0) != 0).any(axis=1)
    steps = steps[moved]
    if len(steps) < 3:
        return []
    steps[1:] = np.diff(steps, axis=0)
    return [int(step) for step in steps.ravel()]
