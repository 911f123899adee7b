"""Coordinates as people type them: decimals, degrees and minutes, metres, both in one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

_Floats = npt.NDArray[np.float64]

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
