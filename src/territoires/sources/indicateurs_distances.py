"""Straight-line distances between reference points, never across projected systems."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

METROPOLE_EPSG = 2154
TOWN_POPULATION = 10_000

FloatArray = npt.NDArray[np.float64]


def distance_to_nearest_town(communes: pd.DataFrame) -> pd.Series:
    """Measure from each commune to the nearest town.

    Parameters
    ----------
    communes : DataFrame
        Index code_commune; ``population``, ``epsg_local``, ``code_departement``, ``x_local``,
        ``y_local`` (metres).

    Returns
    -------
    Series of float
        Kilometres; 0 for a town; NaN where its island has none.
    """
    is_town = communes["population"].fillna(0).to_numpy(dtype=float) >= TOWN_POPULATION
    result = distance_to_nearest(communes, communes[is_town])
    result[is_town] = 0.0
    return result


def distance_to_nearest(communes: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Measure from each commune to the nearest of some places.

    Parameters
    ----------
    communes, places : DataFrame
        ``epsg_local``, ``code_departement``, ``x_local``, ``y_local`` (metres).

    Returns
    -------
    Series of float
        Index of ``communes``; kilometres; NaN where its island has none.
    """
    result = np.full(len(communes), np.nan)
    there = _islands(places)
    for name, rows in _islands(communes).items():
        if name in there:
            nearest = _nearest(_points(communes, rows), _points(places, there[name]))
            result[rows] = nearest / 1000.0
    return pd.Series(result, index=communes.index)


def distance_to_seat(communes: pd.DataFrame, seats: pd.Series) -> pd.Series:
    """Measure from each commune to its seat.

    Parameters
    ----------
    communes : DataFrame
        As above.
    seats : Series of str
        Aligned with ``communes``: code of the seat of each, or missing.

    Returns
    -------
    Series of float
        Kilometres; 0 for the seat; NaN without a seat, or in another projected system.
    """
    at = communes.index.get_indexer(pd.Index(seats.fillna("")))
    known = at >= 0
    epsg = communes["epsg_local"].to_numpy(dtype=int)
    known &= epsg == epsg[at]
    x, y = communes["x_local"].to_numpy(), communes["y_local"].to_numpy()
    metres = np.hypot(x - x[at], y - y[at])
    return pd.Series(np.where(known, metres / 1000.0, np.nan), index=communes.index)


def _islands(communes: pd.DataFrame) -> dict[str, npt.NDArray[np.intp]]:
    """Separate what one measures together: the métropole, and each overseas département.

    Guadeloupe and Martinique share a projected system, and a sea.
    """
    metropole = communes["epsg_local"].to_numpy(dtype=int) == METROPOLE_EPSG
    names = np.where(metropole, "metropole", communes["code_departement"].to_numpy(dtype=object))
    return {name: np.flatnonzero(names == name) for name in sorted(set(names))}


def _points(communes: pd.DataFrame, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
    x = communes["x_local"].to_numpy()[rows]
    y = communes["y_local"].to_numpy()[rows]
    points: npt.NDArray[np.object_] = shapely.points(x, y)
    return points


def _nearest(origins: npt.NDArray[np.object_], places: npt.NDArray[np.object_]) -> FloatArray:
    (found, _), metres = shapely.STRtree(places).query_nearest(
        origins, return_distance=True, all_matches=False
    )
    result = np.full(len(origins), np.nan)
    result[found] = metres
    return result
