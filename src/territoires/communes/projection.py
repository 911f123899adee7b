"""Local projected systems: where distances and areas are measured."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj

METROPOLE = 2154  # RGF93 / Lambert-93
_OVERSEAS = {
    "971": 5490,  # RGAF09 / UTM 20N
    "972": 5490,
    "973": 2972,  # RGFG95 / UTM 22N
    "974": 2975,  # RGR92 / UTM 40S
    "976": 4471,  # RGM04 / UTM 38S
}

FloatArray = npt.NDArray[np.float64]


def local_epsg(code_departement: str) -> int:
    """Return the EPSG code of the official projection of a département."""
    return _OVERSEAS.get(code_departement, METROPOLE)


def project(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, epsg: int
) -> tuple[FloatArray, FloatArray]:
    """Project points to metres.

    Parameters
    ----------
    longitude, latitude : array of float
        Degrees, EPSG:4326.
    epsg : int
        Target system, as :func:`local_epsg` gives it.

    Returns
    -------
    x, y : arrays of float
        Metres, same shape; infinite outside the system's domain, NaN where the input is NaN.
    """
    x, y = _transformer(epsg).transform(
        np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    )
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def unproject(x: npt.ArrayLike, y: npt.ArrayLike, epsg: int) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude, degrees (EPSG:4326), of points in metres of a local system."""
    longitude, latitude = _transformer(epsg).transform(
        np.asarray(x, dtype=float), np.asarray(y, dtype=float), direction="INVERSE"
    )
    return np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)


@lru_cache(maxsize=32)
def _transformer(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
