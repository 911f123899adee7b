"""A drawn area: a polygon short enough for an address, that stands for the communes inside it.

A commune is inside when its reference point is (its mairie, else an interior point), on the line
included: an area holds whole communes, whatever the outline cuts through. Edges are straight in
longitude and latitude, as RFC 7946 has them.

The code is ``zone:3.605_44.002~3.7_44.1~3.5_44.2``: longitude and latitude in degrees (EPSG:4326),
four decimals at most (11 m), ``~`` between two vertices and ``~~`` between two rings. A ring inside
another one is a hole. All its characters stay as they are in an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes import Register
from territoires.errors import InvalidRequest

ZONE_PREFIX = "zone"
MAX_VERTICES = 100
DECIMALS = 4
MAX_LENGTH = 2_000
"""Characters of the longest code: an address keeps no more."""

_BETWEEN_VERTICES, _BETWEEN_RINGS = "~", "~~"
_VERTEX = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,4})?)_(-?[0-9]{1,2}(?:\.[0-9]{1,4})?)")
_WHERE = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)\]")
_LEAST_VERTICES = 3

Position = tuple[float, float]
Ring = tuple[Position, ...]


@dataclass(frozen=True)
class Zone:
    """An area drawn on the map.

    Attributes
    ----------
    rings : tuple of tuple of (float, float)
        Longitude and latitude of the vertices of each ring, degrees (EPSG:4326), rounded; the
        first vertex is not repeated at the end.

    Raises
    ------
    InvalidRequest
        No vertex or too many, out of range, without surface, self-crossing or overlapping.
    """

    rings: tuple[Ring, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rings", tuple(_tidy(ring) for ring in self.rings))
        count = self.vertices
        if count > MAX_VERTICES:
            raise InvalidRequest(
                f"Zone dessinée : {count} sommets, {MAX_VERTICES} au plus. Simplifiez le contour."
            )
        if not self.rings:
            raise InvalidRequest("Zone dessinée : aucun sommet. Dessinez au moins un triangle.")
        for number, ring in enumerate(self.rings, start=1):
            _check_ring(ring, f"contour {number}, " if len(self.rings) > 1 else "")
        _check_apart([shapely.Polygon(ring) for ring in self.rings])

    @property
    def vertices(self) -> int:
        """How many vertices there are, all rings together."""
        return sum(map(len, self.rings))

    @property
    def code(self) -> str:
        """The typed code, in one way only."""
        rings = (_BETWEEN_VERTICES.join(map(_written, ring)) for ring in self.rings)
        return f"{ZONE_PREFIX}:{_BETWEEN_RINGS.join(rings)}"

    @cached_property
    def shape(self) -> shapely.Geometry:
        """The area, a valid polygon or multipolygon, EPSG:4326."""
        return reduce(shapely.symmetric_difference, map(shapely.Polygon, self.rings))

    def communes(self, register: Register) -> tuple[str, ...]:
        """Return the communes inside.

        Raises
        ------
        InvalidRequest
            There is none.
        """
        inside = communes_inside(register, self.shape)
        if not inside:
            raise InvalidRequest(nothing_inside(register, self.shape))
        return inside


def zone_from_code(code: str) -> Zone:
    """Read a drawn area from its code, with or without ``zone:``.

    Raises
    ------
    InvalidRequest
        Not the code of an area, or of one that :class:`Zone` refuses.
    """
    bare = code.strip().removeprefix(f"{ZONE_PREFIX}:")
    if len(bare) > MAX_LENGTH:
        raise InvalidRequest(
            f"Zone dessinée : {len(bare)} caractères, {MAX_LENGTH} au plus. Simplifiez le contour."
        )
    if not bare:
        raise InvalidRequest("Zone dessinée : aucun sommet. Dessinez au moins un triangle.")
    return Zone(tuple(_read_ring(ring) for ring in bare.split(_BETWEEN_RINGS)))


def communes_inside(register: Register, area: shapely.Geometry) -> tuple[str, ...]:
    """Return the communes whose reference point is in an area, on its line included.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        EPSG:4326.

    Returns
    -------
    tuple of str
        Codes, rising; possibly none.
    """
    points = reference_points(register)
    west, south, east, north = shapely.bounds(area)
    x, y = points.T
    near = np.flatnonzero((west <= x) & (x <= east) & (south <= y) & (y <= north))
    shapely.prepare(area)
    inside = near[shapely.intersects_xy(area, x[near], y[near])]
    return tuple(register.communes.index[inside])


def reference_points(register: Register) -> npt.NDArray[np.float64]:
    """Return longitude and latitude of the reference point of each commune: (communes, 2)."""
    return register.communes[["longitude", "latitude"]].to_numpy(dtype="float64")


def nothing_inside(register: Register, area: shapely.Geometry) -> str:
    """Say that no commune is in an area, and why when coordinates were exchanged."""
    exchanged = shapely.transform(area, lambda points: points[:, ::-1])
    if communes_inside(register, exchanged):
        return (
            "Aucune commune dans cette zone : latitudes et longitudes y sont échangées. "
            "Donnez la longitude d'abord, comme le veut GeoJSON."
        )
    return (
        "Aucune commune dans cette zone : il y faut au moins un point de référence (la mairie "
        "d'une commune française). Agrandissez-la ou déplacez-la."
    )


def crossing(shape: shapely.Geometry) -> str:
    """Say where a polygon crosses itself, ``""`` when it does not."""
    if shape.is_valid:
        return ""
    found = _WHERE.search(shapely.is_valid_reason(shape))
    where = f" près de {said(float(found[1]), float(found[2]))}" if found else ""
    return f"le contour se croise{where} ; déplacez ou retirez un sommet voisin"


def said(longitude: float, latitude: float) -> str:
    """Write a position for people: ``longitude 3,605, latitude 44,002``."""
    return f"longitude {_number(longitude)}, latitude {_number(latitude)}".replace(".", ",")


def _read_ring(text: str) -> Ring:
    found = [(one, _VERTEX.fullmatch(one)) for one in text.split(_BETWEEN_VERTICES)]
    for one, vertex in found:
        if vertex is None:
            raise InvalidRequest(
                f"Zone dessinée : « {one[:40]} » n'est pas un sommet ; longitude_latitude en "
                f"degrés, {DECIMALS} décimales au plus (3.605_44.002), est attendu."
            )
    return tuple((float(vertex[1]), float(vertex[2])) for _, vertex in found if vertex)


def _tidy(ring: Iterable[Position]) -> Ring:
    """Round, and leave out what repeats the vertex before, or closes the ring on the first."""
    rounded = [(round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0) for x, y in ring]
    kept = [one for n, one in enumerate(rounded) if n == 0 or one != rounded[n - 1]]
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return tuple(kept)


def _check_ring(ring: Ring, which: str) -> None:
    for number, (longitude, latitude) in enumerate(ring, start=1):
        # Written so that what is not a number fails too.
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise InvalidRequest(
                f"Zone dessinée, {which}sommet {number} : {said(longitude, latitude)} n'est pas "
                "sur Terre. Donnez des degrés (EPSG:4326), longitude d'abord."
            )
    if len(ring) < _LEAST_VERTICES or _is_flat(ring):
        raise InvalidRequest(
            f"Zone dessinée, {which}{len(ring)} sommet{'s' if len(ring) > 1 else ''} sans surface "
            "entre eux. Il en faut au moins trois, qui ne soient pas alignés."
        )
    if problem := crossing(shapely.Polygon(ring)):
        raise InvalidRequest(f"Zone dessinée, {which}{problem}.")


def _is_flat(ring: Ring) -> bool:
    steps = np.rint(np.asarray(ring) * 10**DECIMALS)  # whole numbers: nothing is lost below
    return bool(np.linalg.matrix_rank(steps - steps[0]) < 2)


def _check_apart(polygons: Sequence[shapely.Polygon]) -> None:
    for number, polygon in enumerate(polygons, start=1):
        for other, before in enumerate(polygons[: number - 1], start=1):
            if polygon.overlaps(before) or polygon.equals(before):
                raise InvalidRequest(
                    f"Zone dessinée : les contours {other} et {number} se recouvrent. "
                    "Réunissez-les en un seul."
                )


def _written(vertex: Position) -> str:
    return "_".join(map(_number, vertex))


def _number(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
