"""Web Mercator as integers: one world of 2³¹ units a side, tiles by bit shifts.

A unit is about 2 cm at the equator. Two communes that share a vertex share it exactly here, which
is what makes neighbouring tiles, and neighbouring communes within a tile, fit without a seam.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WORLD_BITS = 31
WORLD = 1 << WORLD_BITS
MAX_ZOOM = 18
_MAX_LATITUDE = 85.051128


def to_world(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Project degrees (EPSG:4326) to world units, y downwards.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees; latitudes beyond ±85.05° are brought to that bound.

    Returns
    -------
    tuple of ndarray of int32
        x and y, each in [0, 2³¹ − 1].
    """
    sine = np.sin(np.radians(np.clip(latitude, -_MAX_LATITUDE, _MAX_LATITUDE)))
    x = (np.asarray(longitude, dtype=float) + 180.0) / 360.0
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return _whole(x), _whole(y)


def _whole(share: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    return np.clip(np.rint(share * WORLD), 0, WORLD - 1).astype(np.int32)


def to_degrees(
    x: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Bring world units back to longitude and latitude (degrees, EPSG:4326)."""
    longitude = np.asarray(x, dtype=float) / WORLD * 360.0 - 180.0
    share = np.asarray(y, dtype=float) / WORLD
    latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * share))))
    return longitude, latitude


def tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Return the column and the row of the tile that holds a point at a zoom."""
    x, y = to_world([longitude], [latitude])
    shift = WORLD_BITS - zoom
    return int(x[0]) >> shift, int(y[0]) >> shift
