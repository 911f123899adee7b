"""A rectangle of ground on a rectangle of paper: what every static map measures itself by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes.projection import project

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

ACCENT, INK, GREY = "#0b5d57", "#1c2826", "#5a6664"
"""As on the pages."""
FONT = "Source Sans Pro"
_GROUND = "#eaf0f2"  # the sea, and the neighbouring countries, which no register draws

_LEAST_WIDTH_M = 14_000.0
_AROUND = 1.4  # of the territory's own size: enough of its neighbours to recognise them
_REACH = 2.2  # of that size again: how far the frame grows to hold a mark
_BLEED = 3.0  # units drawn beyond the edges, so that no line shows where a shape is cut


@dataclass(frozen=True)
class Frame:
    """Which ground is drawn, and how large.

    Attributes
    ----------
    epsg : int
        Projected system of the ground, metres.
    west, north : float
        Upper left corner, metres.
    scale : float
        Units of paper for one metre of ground.
    width, height : float
        Of the paper, in its units (points when printed at its own size).
    """

    epsg: int
    west: float
    north: float
    scale: float
    width: float
    height: float

    @property
    def metres_per_unit(self) -> float:
        """Ground under one unit of paper."""
        return 1.0 / self.scale

    def points(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return where degrees (EPSG:4326) fall on the paper, x rightwards, y downwards."""
        x, y = project(longitude, latitude, self.epsg)
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    def shapes(self, geometries: Shapes) -> Shapes:
        """Return geometries (EPSG:4326) as they are drawn: on the paper, not yet cut."""

        def to_paper(degrees: Floats) -> Floats:
            return np.column_stack(self.points(degrees[:, 0], degrees[:, 1]))

        drawn: Shapes = shapely.transform(geometries, to_paper)
        return drawn

    def holds(self, x: Floats, y: Floats, margin: float = 0.0) -> npt.NDArray[np.bool_]:
        """Tell which points of the paper are inside, a margin away from the edges."""
        across = (x >= margin) & (x <= self.width - margin)
        inside: npt.NDArray[np.bool_] = across & (y >= margin) & (y <= self.height - margin)
        return inside

    def cut(self, shapes: Shapes) -> Shapes:
        """Keep what falls on the paper, and hardly more."""
        low, right, bottom = -_BLEED, self.width + _BLEED, self.height + _BLEED
        kept: Shapes = shapely.clip_by_rect(shapes, low, low, right, bottom)
        return kept


def frame_of(
    epsg: int,
    degrees: npt.NDArray[np.float64],
    size: tuple[float, float],
    marks: Sequence[tuple[float, float]] = (),
    metres_per_unit: float | None = None,
) -> Frame:
    """Frame some ground with what is around it.

    Parameters
    ----------
    epsg : int
        Projected system.
    degrees : ndarray of float, shape (n, 4)
        West, south, east, north of what must be seen, EPSG:4326.
    size : (float, float)
        Width and height of the paper.
    marks : sequence of (float, float)
        Longitude and latitude of points that the frame grows to hold, when they are near.
    metres_per_unit : float, optional
        Scale; by default, the ground and its surroundings fill the paper. Several maps of one
        scale can be compared.
    """
    low, high = _corners(epsg, degrees)
    centre, half = (low + high) / 2, (high - low) / 2 * _AROUND
    half = _grown(epsg, centre, np.maximum(half, _LEAST_WIDTH_M / 2), marks)
    fitted = float((2 * half / np.array(size)).max())
    unit = metres_per_unit or fitted
    corner = centre + np.array([-size[0], size[1]]) / 2 * unit
    return Frame(epsg, float(corner[0]), float(corner[1]), 1.0 / unit, *size)


def _corners(epsg: int, degrees: npt.NDArray[np.float64]) -> tuple[Floats, Floats]:
    west, south, east, north = degrees.T
    x, y = project(
        np.concatenate([west, east, west, east]), np.concatenate([south, south, north, north]), epsg
    )
    return np.array([x.min(), y.min()]), np.array([x.max(), y.max()])


def _grown(epsg: int, centre: Floats, half: Floats, marks: Sequence[tuple[float, float]]) -> Floats:
    if not marks:
        return half
    longitude, latitude = np.array(marks, dtype=float).T
    away = np.abs(np.column_stack(project(longitude, latitude, epsg)) - centre)
    near = away[(away <= half * _REACH).all(axis=1)]
    if not len(near):
        return half
    grown: Floats = np.maximum(half, near.max(axis=0) * 1.12)
    return grown


def path_of(shape: shapely.Geometry) -> str:
    """Write polygons as the ``d`` of an SVG path, to a tenth of a unit; empty for no surface."""
    return "".join(
        f"M{' '.join(f'{x:.1f},{y:.1f}' for x, y in ring[:-1])}Z" for ring in _rings(shape)
    )


def svg(width: float, height: float, content: str, ground: str = _GROUND) -> str:
    """Write a drawing as a whole.

    Parameters
    ----------
    content : str
        SVG elements, every text of which is escaped.
    ground : str
        Colour behind; ``none`` for no ground.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="{FONT}">'
        f'<rect width="{width:g}" height="{height:g}" fill="{ground}"/>{content}</svg>'
    )


def _rings(shape: shapely.Geometry) -> Iterator[list[tuple[float, float]]]:
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        for ring in (part.exterior, *part.interiors):
            yield list(ring.coords)
