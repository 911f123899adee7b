"""The register given to anyone: communes as CSV, GeoJSON, GeoPackage or GeoParquet.

Columns are in the order of :data:`COLUMNS`; outlines are in EPSG:4326; a CSV has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pyogrio.errors import DataLayerError, DataSourceError

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.tables.writing import whole_file, write_csv, write_file

if TYPE_CHECKING:
    import geopandas as gpd

COLUMNS = (
    "code_commune",
    "nom",
    "code_departement",
    "nom_departement",
    "code_region",
    "nom_region",
    "code_arrondissement",
    "code_epci",
    "nom_epci",
    "code_ept",
    "codes_postaux",
    "population",
    "population_millesime",
    "population_2016",
    "superficie_km2",
    "longitude",
    "latitude",
    "reference",
)

_LAYER = "communes"
_DECIMALS = 6  # of a degree: 10 cm, finer than the outlines


def communes_table(register: Register, codes: Iterable[str] | None = None) -> pd.DataFrame:
    """Return communes as the table that is exported.

    Parameters
    ----------
    register : Register
        The communes.
    codes : iterable of str, optional
        In the order wanted; all by default.

    Returns
    -------
    pd.DataFrame
        RangeIndex, columns of :data:`COLUMNS`; populations are ``Int32``, empty when unknown.

    Raises
    ------
    UnknownTerritory
        A code is not that of a commune in force.
    """
    communes = register.communes
    if codes is not None:
        communes = communes.iloc[register.positions(codes)]
    names = {
        f"nom_{level}": communes[f"code_{level}"].map(register.tables[level]["nom"])
        for level in ("departement", "region", "epci")
    }
    return communes.assign(**names).reset_index()[list(COLUMNS)]


def write_communes(
    register: Register, codes: Iterable[str] | None, path: Path, *, excel: bool = False
) -> None:
    """Write communes to a file, in the format that its name says.

    Parameters
    ----------
    register : Register
        The communes.
    codes : iterable of str, optional
        In the order wanted; ``None`` for all.
    path : Path
        ``.csv``, ``.geojson``, ``.gpkg`` or ``.parquet``; replaced in one go.
    excel : bool
        For a CSV, in the dialect of a French Excel.

    Raises
    ------
    InvalidRequest
        The format is unknown, or the file cannot be written.
    UnknownTerritory
        A code is not that of a commune in force.
    """
    wanted = None if codes is None else list(codes)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_file(path, write_csv(communes_table(register, wanted), excel=excel))
        return
    write = GEOGRAPHIC_FORMATS.get(suffix)
    if write is None:
        formats = ", ".join([".csv", *GEOGRAPHIC_FORMATS])
        message = f"Format inconnu : « {suffix or path.name} ». Formats possibles : {formats}."
        raise InvalidRequest(message)
    _write_whole(path, communes_with_outlines(register, wanted), write)


def communes_with_outlines(
    register: Register, codes: Iterable[str] | None = None
) -> gpd.GeoDataFrame:
    """Return :func:`communes_table` with a ``geometry`` column, EPSG:4326."""
    import geopandas as gpd  # slow to import, and a CSV never needs it

    table = communes_table(register, codes)
    outlines = register.geometries[register.positions(table["code_commune"])]
    return gpd.GeoDataFrame(table, geometry=outlines, crs="EPSG:4326")


def _write_whole(
    path: Path, frame: gpd.GeoDataFrame, write: Callable[[gpd.GeoDataFrame, Path], None]
) -> None:
    with whole_file(path) as partial:
        try:
            write(frame, partial)
        except (DataSourceError, DataLayerError) as error:
            message = (
                f"Impossible d'écrire {path}. Vérifiez que le dossier existe, qu'il est ouvert en "
                "écriture et qu'il reste de la place."
            )
            raise InvalidRequest(message) from error


def _write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.to_file(
        path,
        driver="GeoJSON",
        layer=_LAYER,  # otherwise named after the partial file
        engine="pyogrio",
        RFC7946="YES",
        COORDINATE_PRECISION=_DECIMALS,
    )


def _write_geopackage(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.to_file(path, driver="GPKG", layer=_LAYER, engine="pyogrio")


def _write_parquet(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.to_parquet(path, index=False, compression="zstd")


GEOGRAPHIC_FORMATS: Mapping[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_geopackage,
    ".parquet": _write_parquet,
}
