"""GeoPackage: outlines, reference points, definitions, sources, and styles that QGIS opens.

QGIS reads the default style of a layer from a table ``layer_styles`` of the same file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio

from territoires.errors import InvalidRequest
from territoires.exports.bundle import SIGNATURE, ExportBundle
from territoires.exports.qml import outline_style, point_style
from territoires.shortlist.identity import NAME

if TYPE_CHECKING:
    import geopandas as gpd

OUTLINES, POINTS = "contours", "points"
DEFINITIONS, SOURCES, STYLES = "definitions", "sources", "layer_styles"
"""Names of the tables."""

_UNDATED = date(1980, 1, 1)
_CRS = "EPSG:4326"
_GEOMETRY = "geom"
_VERSION = "1.3"  # GDAL's own choice is newer than what QGIS 3.22 knows in full
_one_at_a_time = Lock()  # the date that GDAL writes is a setting of the whole process


def write_geopackage(bundle: ExportBundle) -> bytes:
    """Write layers ``contours`` and ``points``, tables ``definitions`` and ``sources``, styles.

    Returns
    -------
    bytes
        GeoPackage, EPSG:4326; a row without outline has an empty geometry, a missing value is
        ``NULL``.

    Raises
    ------
    InvalidRequest
        The export has neither outlines nor points.
    """
    layers = _layers(bundle)
    if not layers:
        raise InvalidRequest("Cet export n'a pas de contours : choisissez un format de tableau.")
    produced_on = bundle.produced_on or _UNDATED
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder, _dated(produced_on):
        path = Path(folder) / "export.gpkg"
        for name, frame in layers.items():
            _write_layer(path, name, frame, bundle)
        for name, table in _tables(bundle).items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG")
        styles = _styles(bundle, tuple(layers), produced_on)
        pyogrio.write_dataframe(
            styles, path, layer=STYLES, driver="GPKG", layer_options={"FID": "id"}
        )
        return path.read_bytes()


def _layers(bundle: ExportBundle) -> dict[str, gpd.GeoDataFrame]:
    import geopandas as gpd
    import shapely

    table = bundle.table.reset_index(drop=True)
    layers = {}
    if bundle.has_outlines:
        outlines = np.array([*(bundle.outlines or ())], dtype=object)
        layers[OUTLINES] = gpd.GeoDataFrame(table, geometry=outlines, crs=_CRS)
    if any(point is not None for point in bundle.points or ()):
        points = [None if at is None else shapely.Point(at) for at in bundle.points or ()]
        layers[POINTS] = gpd.GeoDataFrame(table, geometry=np.array(points, dtype=object), crs=_CRS)
    return layers


def _write_layer(path: Path, name: str, frame: gpd.GeoDataFrame, bundle: ExportBundle) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=name, driver="GPKG",
        dataset_options={"VERSION": _VERSION} if not path.exists() else None,
        geometry_type="MultiPolygon" if name == OUTLINES else "Point",
        promote_to_multi=name == OUTLINES,
        layer_options={"GEOMETRY_NAME": _GEOMETRY, "IDENTIFIER": f"{bundle.title} ({name})"},
        layer_metadata={f"source_{n:03d}": line for n, line in enumerate(bundle.header_lines)},
    )  # fmt: skip


def _tables(bundle: ExportBundle) -> dict[str, pd.DataFrame]:
    columns = bundle.described
    definitions = pd.DataFrame(
        {
            "colonne": [one.name for one in columns],
            "intitule": [one.heading for one in columns],
            "description": [one.description for one in columns],
            "unite": [one.unit for one in columns],
            "millesime": [one.vintage for one in columns],
            "source": [one.source for one in columns],
            "licence": [one.licence for one in columns],
        },
        dtype="str",
    )
    return {
        DEFINITIONS: definitions,
        SOURCES: pd.DataFrame({"ligne": list(bundle.header_lines)}, dtype="str"),
    }


def _styles(bundle: ExportBundle, layers: tuple[str, ...], day: date) -> pd.DataFrame:
    """Lay out the table where QGIS looks for styles; its empty texts are empty, not missing."""
    made = {OUTLINES: _outline_style(bundle), POINTS: _point_style(bundle)}
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer,
            "f_geometry_column": _GEOMETRY,
            "styleName": SIGNATURE,
            "styleQML": made[layer],
            "styleSLD": "",
            "useAsDefault": True,
            "description": bundle.style.title if bundle.style else bundle.title,
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(day, tz="UTC"),
        }
        for layer in layers
    ]
    return pd.DataFrame(rows)


def _outline_style(bundle: ExportBundle) -> str:
    style = bundle.style
    if style is None:
        return outline_style(None, 0.0, 0.0, holes=False)
    values = bundle.table[style.column].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = values[np.isfinite(values)]
    return outline_style(
        style, float(known.min()), float(known.max()), holes=len(known) < len(values)
    )


def _point_style(bundle: ExportBundle) -> str:
    return point_style(NAME if NAME in bundle.table.columns else None)


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Make GDAL write a day rather than the clock: the same export gives the same bytes."""
    with _one_at_a_time:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
