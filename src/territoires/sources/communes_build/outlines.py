"""Outlines of the communes: restored, completed, made one clean coverage, snapped to a grid.

What the source lacks is repaired from its older edition; each repair is recorded for the report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from territoires.errors import BuildCheckFailed
from territoires.sources.communes_build.inputs import Inputs, outlines_of

GRID = 2.0**-18
"""Step of the coordinates, in degrees: 0.4 m on the ground, exact in binary, compresses well."""

GAP_WIDTH = 0.003
"""Gaps narrower than this, in degrees (about 300 m), are slivers and go to a neighbour."""

_COVERED = 0.5
_REDUCED = {"15141": "15141"}
"""Still drawn whole in the source, though communes left it → the delegated commune it is now."""

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Outlines:
    """Outlines and what was done to have them.

    Attributes
    ----------
    codes : tuple of str
        Communes, sorted.
    exact : array of geometries, shape (communes,)
        EPSG:4326, one coverage without gap or overlap, at the source's precision.
    snapped : array of geometries, shape (communes,)
        The same on the grid: what is written.
    restored : dict
        Commune without an outline in the source → where it was taken.
    absorbed : dict
        Commune whose outline was that of before a merger → codes of the communes added.
    overlaps_before : sequence of (str, str, float)
        Pairs of communes that overlapped before the coverage was cleaned, and by how many km².
    moved_km2 : dict
        Communes whose area changed by more than 0.01 km² when the coverage was cleaned.
    """

    codes: tuple[str, ...]
    exact: Geometries
    snapped: Geometries
    restored: Mapping[str, str] = field(default_factory=dict)
    absorbed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overlaps_before: Sequence[tuple[str, str, float]] = ()
    moved_km2: Mapping[str, float] = field(default_factory=dict)


def build_outlines(inputs: Inputs) -> Outlines:
    """Make the outline of every commune.

    Raises
    ------
    BuildCheckFailed
        A commune has no outline in any edition.
    """
    codes = tuple(row["code"] for row in inputs.communes)
    found = outlines_of(inputs.places, "COM")
    restored = _restore(inputs, codes, found)
    absorbed = _absorb(inputs, found)
    raw = shapely.force_2d(np.array([found[code] for code in codes], dtype=object))
    exact = shapely.coverage_clean(polygonal(raw), gap_width=GAP_WIDTH)
    return Outlines(
        codes=codes,
        exact=exact,
        snapped=snap(exact),
        restored=restored,
        absorbed=absorbed,
        overlaps_before=overlaps(codes, raw),
        moved_km2=_moved(codes, raw, exact),
    )


def _restore(inputs: Inputs, codes: Sequence[str], found: dict[str, Any]) -> dict[str, str]:
    """Give an outline to the communes that have none, from the delegated communes."""
    new, old = outlines_of(inputs.places, "COMD"), outlines_of(inputs.old_places, "COMD")
    told: dict[str, str] = {}
    for code in (code for code in codes if code not in found):
        members = [
            row["code"]
            for row in inputs.cog
            if row["type"] == "commune-deleguee" and row["chefLieu"] == code
        ]
        if members and all(member in new for member in members):
            found[code] = shapely.union_all([new[member] for member in members])
            told[code] = f"communes déléguées {', '.join(members)} (1.1.0)"
        elif not members and code in old:
            found[code] = old[code]
            told[code] = "ancienne commune déléguée (0.14.0)"
        else:
            raise BuildCheckFailed(f"La commune {code} n'a de contour dans aucune édition.")
    for code, piece in _REDUCED.items():
        found[code] = old[piece]
        told[code] = "réduite à son ancienne commune déléguée (0.14.0)"
    return told


def _absorb(inputs: Inputs, found: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Complete the communes that the source still draws as they were before a merger."""
    old = outlines_of(inputs.old_places, "COM")
    added: dict[str, list[str]] = defaultdict(list)
    for row in inputs.communes:
        for former in row.get("anciensCodes") or ():
            if former in old and former not in found:
                covered = shapely.area(shapely.intersection(old[former], found[row["code"]]))
                if covered < _COVERED * shapely.area(old[former]):
                    added[row["code"]].append(former)
    for code, formers in added.items():
        found[code] = shapely.union_all([found[code], *(old[former] for former in formers)])
    return {code: tuple(formers) for code, formers in sorted(added.items())}


def polygonal(geometries: Geometries) -> Geometries:
    """Repair invalid shapes, keeping what has an area."""
    repaired = geometries.copy()
    broken = np.flatnonzero(~shapely.is_valid(geometries) & ~shapely.is_missing(geometries))
    for row in broken:
        parts = shapely.get_parts(shapely.make_valid(geometries[row]))
        kept = [part for part in shapely.get_parts(parts) if shapely.get_dimensions(part) == 2]
        repaired[row] = shapely.union_all(kept)
    return repaired


def snap(geometries: Geometries) -> Geometries:
    """Round coordinates to the grid; shared vertices stay shared."""

    def to_grid(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(coordinates / GRID) * GRID

    rounded = shapely.transform(geometries, to_grid)
    return polygonal(shapely.remove_repeated_points(rounded))


def areas_km2(geometries: Geometries) -> npt.NDArray[np.float64]:
    """Return geodesic areas on the GRS80 ellipsoid, in km²; NaN where missing."""
    ellipsoid = pyproj.Geod(ellps="GRS80")
    return np.array(
        [
            np.nan if outline is None else abs(ellipsoid.geometry_area_perimeter(outline)[0]) / 1e6
            for outline in geometries
        ]
    )


def overlaps(
    codes: Sequence[str], geometries: Geometries, at_least_km2: float = 1e-6
) -> list[tuple[str, str, float]]:
    """Return the pairs of communes that overlap, and by how many km², the largest first."""
    left, right = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.intersection(geometries[left], geometries[right])
    rows = np.flatnonzero(shapely.area(common) > 0)
    areas = areas_km2(common[rows])
    found = [
        (codes[left[row]], codes[right[row]], float(area))
        for row, area in zip(rows, areas, strict=True)
        if area > at_least_km2
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[0]))


def gaps(geometries: Geometries) -> list[tuple[float, float, float]]:
    """Return the holes of the whole: km², longitude and latitude of an inner point."""
    parts = shapely.get_parts(shapely.coverage_union_all(geometries))
    rings = [ring for part in parts for ring in part.interiors]
    holes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    inner = shapely.point_on_surface(holes)
    found = zip(areas_km2(holes), shapely.get_x(inner), shapely.get_y(inner), strict=True)
    return sorted(((float(area), float(x), float(y)) for area, x, y in found), reverse=True)


def _moved(codes: Sequence[str], before: Geometries, after: Geometries) -> dict[str, float]:
    rows = np.flatnonzero(np.abs(shapely.area(after) - shapely.area(before)) > 1e-7).tolist()
    change = areas_km2(after[rows]) - areas_km2(before[rows])
    return {
        codes[row]: float(km2) for row, km2 in zip(rows, change, strict=True) if abs(km2) > 0.01
    }
