"""Which communes share a border, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.communes.projection import project
from territoires.sources.communes_build.outlines import GRID

_COLUMNS = ["code_commune", "code_voisin", "frontiere_m"]


def shared_borders(
    codes: Sequence[str], outlines: npt.NDArray[np.object_], epsg: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Return every pair of neighbours, both ways.

    Parameters
    ----------
    codes : sequence of str
        Communes, sorted.
    outlines : array of geometries
        A coverage snapped to the grid, EPSG:4326: a border is the same segments on both sides.
    epsg : array of int
        Local projected system of each commune.

    Returns
    -------
    DataFrame
        ``code_commune``, ``code_voisin``, ``frontiere_m`` (metres in the local system, on the
        simplified outlines), sorted by the two codes.
    """
    segments = _segments(outlines)
    sides = segments.merge(segments, on=["start", "end"], suffixes=("", "_there"))
    sides = sides[sides["owner"] != sides["owner_there"]]
    lengths = _lengths(sides, epsg)
    pairs = lengths.groupby([sides["owner"], sides["owner_there"]]).sum().reset_index()
    names = np.asarray(codes, dtype=object)
    return pd.DataFrame(
        {
            "code_commune": names[pairs["owner"]],
            "code_voisin": names[pairs["owner_there"]],
            "frontiere_m": pairs["metres"].round(1),
        },
        columns=_COLUMNS,
    )


def _segments(outlines: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Return the undirected segments of all rings: owner, start and end as grid numbers."""
    parts, commune_of_part = shapely.get_parts(outlines, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    cells = np.round(coordinates / GRID).astype(np.int64)
    vertex = (cells[:, 0] << 32) + cells[:, 1]
    same_ring = ring[:-1] == ring[1:]
    here, there = vertex[:-1][same_ring], vertex[1:][same_ring]
    return pd.DataFrame(
        {
            "owner": commune_of_part[part_of_ring[ring[:-1][same_ring]]],
            "start": np.minimum(here, there),
            "end": np.maximum(here, there),
        }
    )


def _lengths(sides: pd.DataFrame, epsg: npt.NDArray[np.int64]) -> pd.Series:
    metres = np.zeros(len(sides))
    system_of_side = epsg[sides["owner"].to_numpy()]
    for system in np.unique(epsg):
        rows = system_of_side == system
        x, y = _project(sides["start"].to_numpy()[rows], int(system))
        there_x, there_y = _project(sides["end"].to_numpy()[rows], int(system))
        metres[rows] = np.hypot(x - there_x, y - there_y)
    return pd.Series(metres, index=sides.index, name="metres")


def _project(
    vertices: npt.NDArray[np.int64], system: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    latitude = (vertices << 32) >> 32  # the low half, with its sign
    longitude = (vertices - latitude) >> 32
    return project(longitude * GRID, latitude * GRID, system)
