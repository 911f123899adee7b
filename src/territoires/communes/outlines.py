"""Outlines of the register, decoded when they are first asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from territoires.communes.schema import INFERIOR_FILE, OUTLINES_FILE
from territoires.errors import DataFileError


def read_outlines(folder: Path, codes: pd.Index) -> npt.NDArray[np.object_]:
    """Decode the outlines of communes.

    Parameters
    ----------
    folder : Path
        ``data/communes``.
    codes : pd.Index of str
        The communes of the register, in its order.

    Returns
    -------
    np.ndarray of shapely geometries, shape (codes,), read only
        EPSG:4326, none missing.

    Raises
    ------
    DataFileError
        The file cannot be read, or is not that of these communes.
    """
    path = folder / OUTLINES_FILE
    table = _read(path, ["code_commune", "geometry"])
    if table["code_commune"].to_pylist() != codes.tolist():
        raise DataFileError(path, "les contours ne sont pas ceux des communes du registre")
    geometries = _decode(path, table)
    if shapely.is_missing(geometries).any() or shapely.is_empty(geometries).any():
        raise DataFileError(path, "des communes n'ont pas de contour")
    return geometries


def read_inferior_outlines(folder: Path, count: int) -> npt.NDArray[np.object_]:
    """Decode the outlines of the units below the communes, ``None`` where there is none.

    Raises
    ------
    DataFileError
        The file cannot be read, or has another number of rows than the register.
    """
    path = folder / INFERIOR_FILE
    table = _read(path, ["geometry"])
    if table.num_rows != count:
        raise DataFileError(path, f"{table.num_rows} contours pour {count} unités du registre")
    return _decode(path, table)


def bounds(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Return west, south, east, north of each geometry: shape (n, 4), NaN where missing."""
    corners: npt.NDArray[np.float64] = shapely.bounds(geometries)
    corners.flags.writeable = False
    return corners


def _read(path: Path, columns: list[str]) -> pa.Table:
    try:
        return pq.read_table(path, columns=columns)
    except FileNotFoundError as error:
        raise DataFileError(path, "fichier absent") from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataFileError(path, f"fichier Parquet illisible ({error})") from error


def _decode(path: Path, table: pa.Table) -> npt.NDArray[np.object_]:
    try:
        wkb = table["geometry"].to_numpy(zero_copy_only=False)
        geometries: npt.NDArray[np.object_] = shapely.from_wkb(wkb)
    except (shapely.errors.GEOSException, TypeError) as error:
        raise DataFileError(path, f"un contour est illisible ({error})") from error
    geometries.flags.writeable = False
    return geometries
