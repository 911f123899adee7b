"""How many initiatives, how far: straight lines in metres, never across two projected systems.

An initiative stands at its shown point, a commune at its reference point. Both are measured in the
projected system of the territory they are in (Lambert-93, the UTM zone of an overseas
département): between two of those, no distance is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.communes import Register
from territoires.communes.projection import project, unproject
from territoires.errors import InvalidRequest
from territoires.initiatives.directory import Directory

Floats = npt.NDArray[np.float64]
_CIRCLE_SIDES = 360
_STRIP = 128  # communes measured at once, neighbours in x: few initiatives to compare with


@dataclass(frozen=True, eq=False)
class _Points:
    """Points of one projected system, in metres."""

    rows: npt.NDArray[np.int64]
    x: Floats
    y: Floats


def count_within(
    register: Register, directory: Directory, codes: Sequence[str], radius_km: float
) -> pd.Series[int]:
    """Count the initiatives within a distance of communes.

    Parameters
    ----------
    codes : sequence of str
        Communes in force.
    radius_km : float
        Straight line, bound included.

    Returns
    -------
    pd.Series of int
        Index ``code_commune`` in the order given. Unlocated initiatives are never counted.

    Raises
    ------
    InvalidRequest
        The radius is negative or not a number.
    UnknownTerritory
        A code is not that of a commune in force.
    """
    radius = _metres(radius_km)
    counts = _summed(register, directory, codes, radius, np.ones_like)
    return counts.astype(np.int64)


def presence(
    register: Register, directory: Directory, codes: Sequence[str], reach_km: float
) -> pd.Series[float]:
    """Measure how present initiatives are around communes, fading with the distance.

    Parameters
    ----------
    codes : sequence of str
        Communes in force.
    reach_km : float
        Straight line at which an initiative no longer counts. On the spot it counts for 1, halfway
        for a half.

    Returns
    -------
    pd.Series of float
        Index ``code_commune`` in the order given; 0 says that none is *recorded* within reach.

    Raises
    ------
    InvalidRequest
        The reach is not above 0, or not a number.
    UnknownTerritory
        A code is not that of a commune in force.
    """
    reach = _metres(reach_km)
    if reach == 0:
        raise InvalidRequest("Portée impossible : 0 km ; donnez une distance positive.")
    return _summed(register, directory, codes, reach, lambda squares: 1 - np.sqrt(squares) / reach)


def _summed(
    register: Register, directory: Directory, codes: Sequence[str], radius: float,
    weigh: Callable[[Floats], Floats],
) -> pd.Series[float]:  # fmt: skip
    sums = np.zeros(len(codes))
    for places, initiatives in _by_system(register, directory, codes):
        sums[places.rows] = _sum_within(places, initiatives, radius, weigh)
    return pd.Series(sums, index=pd.Index(list(codes), name="code_commune", dtype="str"))


def nearest(register: Register, directory: Directory, codes: Sequence[str]) -> pd.DataFrame:
    """Find the initiative nearest to each commune.

    Returns
    -------
    pd.DataFrame
        Index ``code_commune`` in the order given; ``id`` (missing when no initiative is in the
        same projected system) and ``distance_km`` (NaN then). Among equals, the first of the
        directory.

    Raises
    ------
    UnknownTerritory
        A code is not that of a commune in force.
    """
    found = np.full(len(codes), -1, dtype=np.int64)
    distance = np.full(len(codes), np.nan)
    for places, initiatives in _by_system(register, directory, codes):
        if len(initiatives.rows):
            nearest_rows, metres = _nearest(places, initiatives)
            found[places.rows] = nearest_rows
            distance[places.rows] = metres / 1000
    known = directory.frame.index.tolist()
    identifiers = [known[row] if row >= 0 else None for row in found]
    return pd.DataFrame(
        {"id": pd.array(identifiers, dtype="str"), "distance_km": distance},
        index=pd.Index(list(codes), name="code_commune", dtype="str"),
    )


def within(
    register: Register, directory: Directory, place: str | tuple[float, float], radius_km: float
) -> pd.DataFrame:
    """List the initiatives around a place, nearest first.

    Parameters
    ----------
    place : str or (float, float)
        Code of a commune in force, or longitude and latitude (EPSG:4326); a point is measured in
        the system of the commune whose reference point is nearest.
    radius_km : float
        Straight line, bound included.

    Returns
    -------
    pd.DataFrame
        Rows of ``directory.frame`` and ``distance_km``; equals in the order of the directory.

    Raises
    ------
    InvalidRequest
        The radius is negative, or the point is not one.
    UnknownTerritory
        The code is not that of a commune in force.
    """
    radius = _metres(radius_km)
    epsg, x, y = _position(register, place)
    initiatives = _initiatives(register, directory).get(epsg, _none())
    distance = np.hypot(initiatives.x - x, initiatives.y - y)
    order = np.argsort(distance, kind="stable")
    kept = order[distance[order] <= radius]
    frame = directory.frame.iloc[initiatives.rows[kept]]
    return frame.assign(distance_km=distance[kept] / 1000)


def reach_outline(
    register: Register, place: str | tuple[float, float], radius_km: float
) -> shapely.Polygon:
    """Return what lies within a distance of a place, as :func:`within` measures it.

    Parameters
    ----------
    place, radius_km
        As for :func:`within`.

    Returns
    -------
    Polygon
        EPSG:4326. A circle of the local projected system: not quite one of the globe.

    Raises
    ------
    InvalidRequest
        The radius is not above 0, or the point is not one.
    UnknownTerritory
        The code is not that of a commune in force.
    """
    radius = _metres(radius_km)
    if radius == 0:
        raise InvalidRequest("Rayon impossible : 0 km ; donnez une distance positive.")
    epsg, x, y = _position(register, place)
    turn = np.linspace(0, 2 * np.pi, _CIRCLE_SIDES, endpoint=False)
    longitude, latitude = unproject(x + radius * np.cos(turn), y + radius * np.sin(turn), epsg)
    return shapely.Polygon(np.column_stack([longitude, latitude]))


def _metres(radius_km: float) -> float:
    if not (np.isfinite(radius_km) and radius_km >= 0):
        raise InvalidRequest(f"Rayon impossible : {radius_km!s:.20} km.")
    return float(radius_km) * 1000


def _by_system(
    register: Register, directory: Directory, codes: Sequence[str]
) -> Iterator[tuple[_Points, _Points]]:
    """Yield the communes asked for and the initiatives of each projected system."""
    communes = register.communes.iloc[register.positions(codes)]
    system = communes["epsg_local"].to_numpy(dtype=np.int64)
    x, y = communes["x_local"].to_numpy(), communes["y_local"].to_numpy()
    initiatives = _initiatives(register, directory)
    for epsg in np.unique(system):
        rows = np.flatnonzero(system == epsg)
        yield _Points(rows, x[rows], y[rows]), initiatives.get(int(epsg), _none())


def _initiatives(register: Register, directory: Directory) -> dict[int, _Points]:
    frame = directory.frame
    located = np.flatnonzero(frame["longitude"].notna().to_numpy())
    chosen = frame.iloc[located]
    system = register.communes["epsg_local"].reindex(chosen["geo_code_commune"])
    systems = system.to_numpy(dtype=np.int64)
    longitude, latitude = chosen["longitude"].to_numpy(), chosen["latitude"].to_numpy()
    points = {}
    for epsg in np.unique(systems):
        here = systems == epsg
        x, y = project(longitude[here], latitude[here], int(epsg))
        points[int(epsg)] = _Points(located[here], x, y)
    return points


def _none() -> _Points:
    return _Points(np.array([], dtype=np.int64), np.array([]), np.array([]))


def _sum_within(
    places: _Points, initiatives: _Points, radius: float, weigh: Callable[[Floats], Floats]
) -> Floats:
    """Sum, by place, what each initiative within a radius weighs for its squared distance."""
    sums = np.zeros(len(places.rows))
    order = np.argsort(places.x, kind="stable")
    by_x = np.argsort(initiatives.x, kind="stable")
    xs, ys = initiatives.x[by_x], initiatives.y[by_x]
    for start in range(0, len(order), _STRIP):
        strip = order[start : start + _STRIP]
        first = np.searchsorted(xs, places.x[strip[0]] - radius, "left")
        last = np.searchsorted(xs, places.x[strip[-1]] + radius, "right")
        east = xs[first:last] - places.x[strip, None]
        north = ys[first:last] - places.y[strip, None]
        squares = east * east + north * north
        sums[strip] = np.where(squares <= radius * radius, weigh(squares), 0.0).sum(axis=1)
    return sums


def _nearest(places: _Points, initiatives: _Points) -> tuple[npt.NDArray[np.int64], Floats]:
    # Many initiatives share the point of their mairie: one stands for all, the first.
    points = np.column_stack([initiatives.x, initiatives.y])
    _, first = np.unique(points, axis=0, return_index=True)
    first = np.sort(first)
    tree = shapely.STRtree(shapely.points(points[first]))
    asked = shapely.points(places.x, places.y)
    who, whom = tree.query_nearest(asked, all_matches=True)
    best = np.full(len(asked), len(first), dtype=np.int64)
    np.minimum.at(best, who, whom)
    chosen = first[best]
    distance = np.hypot(places.x - initiatives.x[chosen], places.y - initiatives.y[chosen])
    return initiatives.rows[chosen], distance


def _position(register: Register, place: str | tuple[float, float]) -> tuple[int, float, float]:
    communes = register.communes
    if isinstance(place, str):
        here = communes.iloc[int(register.positions([place])[0])]
        return int(here["epsg_local"]), float(here["x_local"]), float(here["y_local"])
    longitude, latitude = place
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise InvalidRequest("Le point n'a pas de longitude et de latitude en degrés.")
    squeeze = np.cos(np.radians(latitude))
    away = ((communes["longitude"] - longitude) * squeeze) ** 2 + (
        communes["latitude"] - latitude
    ) ** 2
    epsg = int(communes["epsg_local"].iloc[int(away.to_numpy().argmin())])
    x, y = project(np.array([longitude]), np.array([latitude]), epsg)
    return epsg, float(x[0]), float(y[0])
