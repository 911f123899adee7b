"""Points so near a boundary that simplified outlines cannot say on which side they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes import Register
from territoires.communes.projection import project

_KM_PER_DEGREE = 111.0  # of a meridian, at the least: what is far in degrees is far in kilometres

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.intp]
_Objects = npt.NDArray[np.object_]


def communes_across(
    longitude: _Floats, latitude: _Floats, codes: _Objects, register: Register, within_km: float
) -> list[tuple[str, ...]]:
    """Find the other communes that points may be in, for all that the outlines can tell.

    Parameters
    ----------
    longitude, latitude : np.ndarray of float, shape (n,)
        Degrees, EPSG:4326.
    codes : np.ndarray of object, shape (n,)
        Commune under each point.
    register : Register
        The communes.
    within_km : float
        How far from the real boundary its simplified line may be.

    Returns
    -------
    list of tuple of str, length n
        Communes less than ``within_km`` away, the nearest first; empty for nearly all points, and
        by the sea, where there is no commune across.
    """
    across: list[tuple[str, ...]] = [()] * len(codes)
    own = register.positions(codes)
    reach = within_km / (_KM_PER_DEGREE * np.cos(np.radians(latitude)))
    near = np.flatnonzero(_degrees_to_line(longitude, latitude, own, register) <= reach)
    points = shapely.points(longitude[near], latitude[near])
    tree = shapely.STRtree(register.geometries)
    pairs, others = tree.query(points, predicate="dwithin", distance=reach[near])
    foreign = others != own[near][pairs]
    rows, others = near[pairs[foreign]], others[foreign]
    distances = distances_km(longitude[rows], latitude[rows], others, register)
    kept = np.flatnonzero(distances <= within_km)
    names = register.communes.index.to_numpy(object)
    for at in kept[np.argsort(distances[kept], kind="stable")]:
        across[rows[at]] += (str(names[others[at]]),)
    return across


def distances_km(
    longitude: _Floats, latitude: _Floats, positions: _Ints, register: Register
) -> _Floats:
    """Measure how far points are from communes, each in the projected system of the commune.

    Parameters
    ----------
    longitude, latitude : np.ndarray of float, shape (n,)
        Degrees, EPSG:4326.
    positions : np.ndarray of int, shape (n,)
        Of the communes, in the register.
    register : Register
        The communes.

    Returns
    -------
    np.ndarray of float, shape (n,)
        Kilometres; 0 inside; infinite where a point has no place in the system.
    """
    distances = np.zeros(len(positions))
    systems = register.communes["epsg_local"].to_numpy(dtype=np.int64)[positions]
    for epsg in np.unique(systems):
        mine = np.flatnonzero(systems == epsg)
        outlines = shapely.transform(
            register.geometries[positions[mine]],
            lambda xy, epsg=int(epsg): np.column_stack(project(xy[:, 0], xy[:, 1], epsg)),
        )
        x, y = project(longitude[mine], latitude[mine], int(epsg))
        # A point at the other end of the world has no place in a local system.
        distances[mine] = np.where(
            np.isfinite(x) & np.isfinite(y),
            shapely.distance(outlines, shapely.points(x, y)),
            np.inf,
        )
    return distances / 1000.0


def _degrees_to_line(
    longitude: _Floats, latitude: _Floats, own: _Ints, register: Register
) -> _Floats:
    """Measure points to the outline that holds them: rough, and cheap enough for all of them."""
    communes, which = np.unique(own, return_inverse=True)
    lines = shapely.boundary(register.geometries[communes])
    found: _Floats = shapely.distance(lines[which], shapely.points(longitude, latitude))
    return found
