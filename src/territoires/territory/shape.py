"""The shape of territories: outlines merged, measured, and whether they hold together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes import Register
from territoires.communes.projection import local_epsg, project

_SQUARE_METRES = 1_000_000.0
_AREA_TOLERANCE = 1e-6  # relative: what tells a union that lost or counted twice some ground


@lru_cache(maxsize=256)  # a région takes half a second, and a static map draws all départements
def outline_of(register: Register, communes: tuple[str, ...]) -> shapely.Geometry:
    """Return the outline of communes, EPSG:4326."""
    return dissolve(register.geometries[register.positions(communes)])


def dissolve(geometries: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Merge outlines that touch.

    Parameters
    ----------
    geometries : np.ndarray of shapely polygons
        Neighbours that share their borders exactly are merged as a coverage, twenty times
        faster; when that loses ground or counts it twice, they are merged as any polygons.

    Returns
    -------
    shapely.Geometry
        A valid polygon or multipolygon.
    """
    if len(geometries) == 1:
        return geometries[0]
    expected = float(shapely.area(geometries).sum())
    try:
        merged = shapely.coverage_union_all(geometries)
    except shapely.errors.GEOSException:  # borders that cross: not a coverage
        return shapely.union_all(geometries)
    kept = abs(merged.area - expected) <= _AREA_TOLERANCE * expected
    return merged if kept and merged.is_valid else shapely.union_all(geometries)


def area_km2(register: Register, commune: str, outline: shapely.Geometry) -> float:
    """Measure an outline in the projected system of a commune, in km²."""
    epsg = local_epsg(str(register.communes["code_departement"][commune]))

    def to_metres(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(project(points[:, 0], points[:, 1], epsg))

    return float(shapely.transform(outline, to_metres).area) / _SQUARE_METRES


def connected(register: Register, codes: Sequence[str]) -> bool:
    """Tell whether shared borders lead from any of these communes to any other, inside."""
    starts, neighbours = register.adjacency
    rows = register.positions(codes)
    inside = np.zeros(len(register.communes), dtype=bool)
    inside[rows] = True
    frontier = [int(rows[0])]
    inside[rows[0]] = False
    while frontier:
        row = frontier.pop()
        around = neighbours[starts[row] : starts[row + 1]]
        around = around[inside[around]]
        inside[around] = False
        frontier.extend(around.tolist())
    return not inside.any()
