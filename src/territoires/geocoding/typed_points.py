"""Coordinates as people type them: decimals, degrees and minutes, metres, both in one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes.projection import METROPOLE, local_epsg, unproject

_Floats = npt.NDArray[np.float64]
_Objects = npt.NDArray[np.object_]

LAMBERT_93 = "Lambert-93"


class _Grid(NamedTuple):
    """Where the communes of one projected system are, metres, with some room around."""

    epsg: int
    name: str
    x: tuple[float, float]
    y: tuple[float, float]


# Their northings do not overlap: a pair of metres says by itself in which system it is.
_GRIDS = (
    _Grid(METROPOLE, LAMBERT_93, (80_000, 1_260_000), (6_030_000, 7_130_000)),
    _Grid(local_epsg("971"), "UTM 20 Nord", (600_000, 740_000), (1_570_000, 2_020_000)),
    _Grid(local_epsg("973"), "UTM 22 Nord", (100_000, 470_000), (220_000, 660_000)),
    _Grid(local_epsg("974"), "UTM 40 Sud", (300_000, 390_000), (7_620_000, 7_700_000)),
    _Grid(local_epsg("976"), "UTM 38 Sud", (490_000, 550_000), (8_540_000, 8_630_000)),
)
_ANGLE = re.compile(
    r"(?P<before>[NSEWO])?\s*(?P<sign>[+-]?)(?P<degrees>\d{1,3}(?:\.\d+)?)\s*°\s*"
    r"(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['’′]\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|’’)\s*)?(?P<after>[NSEWO])?",
    re.IGNORECASE,
)
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"[(\[]?\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*[)\]]?")
_WKT = re.compile(rf"(?:SRID=\d+;)?\s*POINT\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)", re.IGNORECASE)
_LONGEST = 60  # characters of a cell of coordinates


def read_numbers(column: pd.Series[str]) -> _Floats:
    """Read a column of coordinates.

    Parameters
    ----------
    column : pd.Series of str
        Decimal point or comma, spaces between thousands, or an angle: ``3°36'20"E``.

    Returns
    -------
    np.ndarray of float, shape (n,)
        NaN where the cell is not a number.
    """
    text = column.str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64).copy()
    for row in np.flatnonzero(np.isnan(numbers) & (text != "").to_numpy(bool)):
        numbers[row] = _number(text.iloc[row][:_LONGEST])
    return numbers


def split_points(column: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    """Cut a column of points into longitudes and latitudes.

    Parameters
    ----------
    column : pd.Series of str
        ``"43.99, 3.60"`` (latitude first, as open data portals do) or ``"POINT(3.60 43.99)"``.

    Returns
    -------
    longitude, latitude : pd.Series of str
        Index of the column; the cell itself in both where it is no point, so that it is reported.
    """
    pairs = [_pair(cell) for cell in column]
    return (
        pd.Series([x for x, _ in pairs], index=column.index, dtype="str"),
        pd.Series([y for _, y in pairs], index=column.index, dtype="str"),
    )


def from_metres(x: _Floats, y: _Floats) -> tuple[_Floats, _Floats, _Objects, npt.NDArray[np.bool_]]:
    """Turn metres of the French projected systems into degrees; leave the rest as it is.

    Parameters
    ----------
    x, y : np.ndarray of float, shape (n,)
        As typed: metres, degrees, or anything.

    Returns
    -------
    longitude, latitude : np.ndarray of float, shape (n,)
        Degrees, EPSG:4326, where the pair was metres; else as given.
    system : np.ndarray of object, shape (n,)
        ``"Lambert-93"``, ``"UTM 20 Nord"``…, ``""`` where the pair was no metres.
    swapped : np.ndarray of bool, shape (n,)
        X and Y had to be swapped.
    """
    longitude, latitude = x.copy(), y.copy()
    system = np.full(len(x), "", dtype=object)
    swapped = np.zeros(len(x), dtype=bool)
    for grid in _GRIDS:
        for turned, (east, north) in enumerate(((x, y), (y, x))):
            rows = np.flatnonzero(_within(east, grid.x) & _within(north, grid.y) & (system == ""))
            if len(rows):
                found = unproject(east[rows], north[rows], grid.epsg)
                longitude[rows], latitude[rows] = found
                system[rows], swapped[rows] = grid.name, bool(turned)
    return longitude, latitude, system, swapped


def _within(values: _Floats, limits: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return (values >= limits[0]) & (values <= limits[1])


def _number(text: str) -> float:
    compact = re.sub(r"\s", "", text)
    if re.fullmatch(_NUMBER, compact):
        return float(compact)
    found = _ANGLE.fullmatch(text.strip())
    return _angle(found.groupdict()) if found else float("nan")


def _angle(parts: Mapping[str, str | None]) -> float:
    degrees = (
        float(parts["degrees"] or 0)
        + float(parts["minutes"] or 0) / 60
        + float(parts["seconds"] or 0) / 3600
    )
    side = (parts["before"] or parts["after"] or "").upper()
    # The French write O for ouest; S and W are negative everywhere.
    return (
        -degrees if (parts["sign"] == "-") != (side in {"S", "W", "O"} and side != "") else degrees
    )


def _pair(cell: str) -> tuple[str, str]:
    text = cell[:_LONGEST].strip()
    if found := _WKT.fullmatch(text):
        return found[1], found[2]
    if found := _PAIR.fullmatch(text):
        return found[2], found[1]
    return cell, cell
