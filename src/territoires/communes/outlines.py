"""Outlines of the register, decoded when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from territoires.communes.schema import INFERIOR_FILE, OUTLINES_FILE
from territoires.errors import DataFileError

_BATCH = 4096  # outlines


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
    if _read(path, "code_commune") != codes.tolist():
        raise DataFileError(path, "les contours ne sont pas ceux des communes du registre")
    geometries = _decode(path)
    if shapely.is_missing(geometries).any() or shapely.is_empty(geometries).any():
        raise DataFileError(path, "des communes n'ont pas de contour")
    return geometries


def finer_outlines(
    path: Path, codes: pd.Index, shipped: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Put the outlines of another file in place of those that are shipped.

    Parameters
    ----------
    path : Path
        GeoParquet, EPSG:4326: ``code_commune``, ``geometry``; not necessarily every commune.
    codes : pd.Index of str
        The communes of the register, in its order.
    shipped : np.ndarray of shapely geometries
        In the same order.

    Returns
    -------
    np.ndarray of shapely geometries, read only
        Same order, none missing.

    Raises
    ------
    DataFileError
        The file cannot be read, or is about other communes.
    """
    rows = codes.get_indexer(pd.Index(_read(path, "code_commune")))
    outlines = _decode(path)
    if (rows < 0).any() or shapely.is_missing(outlines).any():
        raise DataFileError(path, "les contours ne sont pas ceux des communes du registre")
    together = shipped.copy()
    together[rows] = outlines
    together.setflags(write=False)
    return together


def read_inferior_outlines(folder: Path, count: int) -> npt.NDArray[np.object_]:
    """Decode the outlines of the units below the communes, ``None`` where there is none.

    Raises
    ------
    DataFileError
        The file cannot be read, or has another number of rows than the register.
    """
    path = folder / INFERIOR_FILE
    geometries = _decode(path)
    if len(geometries) != count:
        raise DataFileError(path, f"{len(geometries)} contours pour {count} unités du registre")
    return geometries


def bounds(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Return west, south, east, north of each geometry: shape (n, 4), NaN where missing."""
    corners: npt.NDArray[np.float64] = shapely.bounds(geometries)
    corners.flags.writeable = False
    return corners


def _read(path: Path, column: str) -> list[object]:
    with _reading(path), pq.ParquetFile(path) as file:
        values: list[object] = file.read(columns=[column])[column].to_pylist()
        return values


def _decode(path: Path) -> npt.NDArray[np.object_]:
    # By batches: all at once, the encoded outlines take as much memory again as the decoded ones.
    with _reading(path), pq.ParquetFile(path) as file:
        batches = [
            shapely.from_wkb(batch.column(0).to_numpy(zero_copy_only=False))
            for batch in file.iter_batches(_BATCH, columns=["geometry"])
        ]
        geometries: npt.NDArray[np.object_] = np.concatenate(batches)
    pa.default_memory_pool().release_unused()
    geometries.flags.writeable = False
    return geometries


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise DataFileError(path, "fichier absent") from error
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise DataFileError(path, f"fichier Parquet illisible ({error})") from error
    except (shapely.errors.GEOSException, TypeError) as error:
        raise DataFileError(path, f"un contour est illisible ({error})") from error
