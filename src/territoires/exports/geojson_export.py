"""GeoJSON as RFC 7946 wants it: longitude, latitude, rings the right way round, no ``crs``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from territoires.errors import InvalidRequest
from territoires.exports.bundle import ExportBundle

_DECIMALS = 6  # of a degree: 10 cm, finer than the outlines


def write_geojson(bundle: ExportBundle) -> bytes:
    """Write one feature per row of the table.

    Returns
    -------
    bytes
        UTF-8; title and sources as foreign members of the collection; missing values are
        ``null``, and so is the geometry of a row without outline.

    Raises
    ------
    InvalidRequest
        The export has no outlines at all.
    """
    if bundle.outlines is None or all(outline is None for outline in bundle.outlines):
        raise InvalidRequest("Cet export n'a pas de contours : choisissez un format de tableau.")
    names = [str(column) for column in bundle.table.columns]
    rows = bundle.table.itertuples(index=False, name=None)
    features = [
        _feature(dict(zip(names, row, strict=True)), outline)
        for row, outline in zip(rows, bundle.outlines, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "title": bundle.title,
        "sources": list(bundle.provenance),
        "bbox": _bounds([outline for outline in bundle.outlines if outline is not None]),
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")


def _feature(row: Mapping[str, object], outline: BaseGeometry | None) -> dict[str, Any]:
    properties = {name: _json_value(value) for name, value in row.items()}
    geometry = None if outline is None else json.loads(shapely.to_geojson(_prepared(outline)))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _prepared(outline: BaseGeometry) -> BaseGeometry:
    rounded = shapely.transform(outline, _rounded)
    # Rounding may make a spike touch itself: the exact outline is better than an invalid one.
    kept = rounded if rounded.is_valid else outline
    return shapely.orient_polygons(kept, exterior_cw=False)


def _rounded(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.round(points, _DECIMALS)


def _bounds(outlines: Sequence[BaseGeometry]) -> list[float]:
    return [round(float(bound), _DECIMALS) for bound in shapely.total_bounds(outlines)]


def _json_value(value: object) -> str | int | float | bool | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(float(value)) else None
    return str(value)
