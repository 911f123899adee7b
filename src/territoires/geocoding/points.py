"""Coordinates as typed: read, located, and measured against the communes, all rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.communes import Register
from territoires.geocoding.borderline import communes_across, distances_km
from territoires.geocoding.metres import read_metres
from territoires.geocoding.typed_points import read_numbers

NO_POINT = ""
USABLE = "utilisables"
UNREADABLE = "illisibles"
INCOMPLETE = "incomplètes"
NULL = "nulles (0, 0)"
NOT_DEGREES = "hors des degrés (projetées ?)"

_NEAR_DEGREES = 0.05  # far beyond any tolerance of the data file: the tree must not search further

_Floats = npt.NDArray[np.float64]
_Objects = npt.NDArray[np.object_]


class Sight(NamedTuple):
    """What the coordinates of one row say.

    Attributes
    ----------
    state : str
        ``""`` without coordinates, ``"utilisables"``, else why they are not.
    commune : str
        Commune under the point, or ``""``.
    swapped : bool
        Longitude and latitude had to be swapped to fall in France.
    system : str
        Projected system that the point was typed in (``"Lambert-93"``), ``""`` for degrees.
    gap_km : float
        Distance from the point to the commune that the texts designate, rounded to 0.1; 0 inside,
        −1 when there is nothing to compare.
    nearest : str
        Nearest commune of a point outside of all, or ``""``.
    nearest_km : float
        Its distance, rounded to 0.1; 0 when there is none.
    across : tuple of str
        Communes just across the boundary, nearest first, when the texts designate none and the
        outlines are too simplified to tell.
    either : tuple of str
        Communes where metres fall, when they may be of several projected systems.
    """

    state: str = NO_POINT
    commune: str = ""
    swapped: bool = False
    system: str = ""
    gap_km: float = -1.0
    nearest: str = ""
    nearest_km: float = 0.0
    across: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Points:
    """Coordinates of a table, aligned with its rows.

    Attributes
    ----------
    longitude, latitude : np.ndarray of float, shape (n,)
        Degrees, EPSG:4326, put back in order where they were swapped; NaN where not usable.
    state, commune : np.ndarray of object, shape (n,)
        As in :class:`Sight`.
    swapped : np.ndarray of bool, shape (n,)
    system : np.ndarray of object, shape (n,)
        As in :class:`Sight`.
    either : mapping of int to tuple of str
        As in :class:`Sight`, by row.
    """

    longitude: _Floats
    latitude: _Floats
    state: _Objects
    commune: _Objects
    swapped: npt.NDArray[np.bool_]
    system: _Objects
    either: Mapping[int, tuple[str, ...]]


def read_points(
    longitude: pd.Series[str],
    latitude: pd.Series[str],
    register: Register,
    *,
    told: str = "",
    codes: Sequence[str] = (),
) -> Points:
    """Read two columns of coordinates and find the commune under each point.

    Parameters
    ----------
    longitude, latitude : pd.Series of str
        As typed: degrees with a decimal point or comma, or minutes; metres of a French projected
        system; ``""`` when empty.
    register : Register
        The communes.
    told : str
        Projected system that the headings name, ``""`` for none.
    codes : sequence of str, length n or 0
        Commune of each row by its texts: chooses between two systems that a pair may be of.

    Returns
    -------
    Points
        A point outside of every commune that falls in one when its two numbers are swapped is
        taken swapped, and said to be.
    """
    x, y = read_numbers(longitude), read_numbers(latitude)
    lon, lat, system, swapped, ambiguous, either = read_metres(
        x, y, register.locate, told=told, codes=codes
    )
    state = _state(longitude, latitude, lon, lat)
    unclear = ambiguous != ""
    state[unclear] = [f"ambiguës ({names})" for names in ambiguous[unclear]]
    usable = state == USABLE
    lon, lat = np.where(usable, lon, np.nan), np.where(usable, lat, np.nan)
    commune = np.full(len(lon), "", dtype=object)
    rows = np.flatnonzero(usable)
    found = register.locate(lon[rows], lat[rows])
    # Metres say by themselves which is which: only degrees may be taken the other way round.
    lost = rows[(found == None) & (system[rows] == "")]  # noqa: E711 - element-wise comparison of an array
    commune[rows] = [code or "" for code in found]
    turned = register.locate(lat[lost], lon[lost])
    again = lost[turned != None]  # noqa: E711 - element-wise comparison of an array
    commune[again] = turned[turned != None]  # noqa: E711 - element-wise comparison of an array
    swapped[again] = True
    lon[again], lat[again] = lat[again], lon[again]
    return Points(lon, lat, state, commune, swapped, system, either)


def sights(
    points: Points, codes: list[str], register: Register, *, outlines_km: float = 0.0
) -> list[Sight]:
    """Compare each point with the commune that the texts of its row designate.

    Parameters
    ----------
    points : Points
        Coordinates of n rows.
    codes : list of str, length n
        Current commune of each row by its texts, ``""`` where unknown.
    register : Register
        The communes.
    outlines_km : float
        How far from the real boundaries those of the register may be.

    Returns
    -------
    list of Sight, length n
    """
    gap = np.full(len(codes), -1.0)
    designated = np.array(codes, dtype=object)
    comparable = (points.state == USABLE) & (designated != "")
    gap[comparable & (points.commune == designated)] = 0.0
    apart = np.flatnonzero(comparable & (points.commune != designated))
    gap[apart] = _distances_km(points, apart, designated[apart], register)
    outside = np.flatnonzero((points.state == USABLE) & (points.commune == ""))
    nearest, nearest_km = _nearest(points, outside, register)
    alone = np.flatnonzero((points.commune != "") & (designated == ""))
    across = _across(points, alone, register, outlines_km)
    rows = zip(
        points.state.tolist(),
        points.commune.tolist(),
        points.swapped.tolist(),
        points.system.tolist(),
        np.round(gap, 1).tolist(),
        nearest.tolist(),
        np.round(nearest_km, 1).tolist(),
        across,
        [points.either.get(row, ()) for row in range(len(codes))],
        strict=True,
    )
    return [Sight(*row) for row in rows]


def _state(
    longitude: pd.Series[str], latitude: pd.Series[str], lon: _Floats, lat: _Floats
) -> _Objects:
    no_lon, no_lat = (longitude == "").to_numpy(bool), (latitude == "").to_numpy(bool)
    # Either number may be the longitude, as long as the pair can be one.
    low, high = np.minimum(np.abs(lon), np.abs(lat)), np.maximum(np.abs(lon), np.abs(lat))
    rules = (
        (no_lon & no_lat, NO_POINT),
        (no_lon | no_lat, INCOMPLETE),
        (~np.isfinite(lon) | ~np.isfinite(lat), UNREADABLE),
        ((lon == 0) & (lat == 0), NULL),
        ((low > 90) | (high > 180), NOT_DEGREES),
    )
    state: _Objects = np.select(
        [condition for condition, _ in rules],
        [np.array(name, dtype=object) for _, name in rules],
        default=np.array(USABLE, dtype=object),
    )
    return state


def _nearest(
    points: Points, rows: npt.NDArray[np.intp], register: Register
) -> tuple[_Objects, _Floats]:
    """Find the commune nearest to points that are in none, if one is near."""
    code = np.full(len(points.state), "", dtype=object)
    distance = np.zeros(len(points.state))
    if len(rows):
        tree = shapely.STRtree(register.geometries)
        where = shapely.points(points.longitude[rows], points.latitude[rows])
        pairs = tree.query_nearest(where, max_distance=_NEAR_DEGREES, all_matches=False)
        near = rows[pairs[0]]
        code[near] = register.communes.index.to_numpy(object)[pairs[1]]
        distance[near] = _distances_km(points, near, code[near], register)
    return code, distance


def _across(
    points: Points, rows: npt.NDArray[np.intp], register: Register, within_km: float
) -> list[tuple[str, ...]]:
    """Find, for points that speak alone, the communes just across the boundary."""
    found: list[tuple[str, ...]] = [()] * len(points.state)
    if within_km > 0 and len(rows):
        x, y, codes = points.longitude[rows], points.latitude[rows], points.commune[rows]
        for row, others in zip(
            rows, communes_across(x, y, codes, register, within_km), strict=True
        ):
            found[row] = others
    return found


def _distances_km(
    points: Points, rows: npt.NDArray[np.intp], codes: _Objects, register: Register
) -> _Floats:
    """Measure, in the local projected system of each commune, how far points are from communes."""
    return distances_km(
        points.longitude[rows], points.latitude[rows], register.positions(codes), register
    )
