"""Reads a GeoJSON as a table: its properties, and where each feature is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely

from territoires.errors import InvalidTable
from territoires.tables.findings import Finding
from territoires.tables.reading import MAX_COLUMNS, MAX_ROWS, TypedTable, table_of_rows

_POINT_COLUMNS = ("longitude", "latitude")
_GEOMETRY_COLUMNS = ("geometrie_longitude", "geometrie_latitude")


def read_features(content: bytes, name: str, *, limit_bytes: int) -> TypedTable:
    """Read a GeoJSON.

    Parameters
    ----------
    content : bytes
        A ``FeatureCollection``, a ``Feature`` or a sequence of them.
    name : str
        File name, for the messages.
    limit_bytes : int
        Size above which the file is refused.

    Returns
    -------
    TypedTable
        One row per feature, properties in the order they appear, as text; then ``longitude`` and
        ``latitude`` (or ``geometrie_longitude``… where properties have these names) of the
        point, or of a point inside the geometry: degrees, or metres where the file is projected.
        ``lines`` numbers the features from 1. An unusable geometry is a finding.

    Raises
    ------
    InvalidTable
        Too large, not UTF-8, not GeoJSON, or without a feature that says anything.
    """
    if len(content) > limit_bytes:
        allowed = f"{limit_bytes / 1_000_000:g}".replace(".", ",")
        raise InvalidTable(f"{name} : GeoJSON trop gros (limite : {allowed} Mo). Gardez l'utile.")
    features = _features(_parsed(content, name), name)
    if len(features) > MAX_ROWS:
        raise InvalidTable(f"{name} a plus de {MAX_ROWS} objets : découpez-le.")
    records = [_properties(feature) for feature in features]
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) > MAX_COLUMNS:
        raise InvalidTable(f"{name} a plus de {MAX_COLUMNS} propriétés différentes.")
    places = _POINT_COLUMNS if not set(_POINT_COLUMNS) & set(keys) else _GEOMETRY_COLUMNS
    findings: list[Finding] = []
    rows = [
        [*(record.get(key, "") for key in keys), *_point(feature, number, findings)]
        for number, (feature, record) in enumerate(zip(features, records, strict=True), start=1)
    ]
    return _table([*keys, *places], rows, name, findings)


def _table(
    headings: list[str], rows: list[list[str]], name: str, findings: list[Finding]
) -> TypedTable:
    table = table_of_rows([headings, *rows], name)
    return TypedTable(
        table.frame,
        "utf-8",
        "",
        1,
        tuple(line - 1 for line in table.lines),
        (*table.findings, *findings),
    )


def _parsed(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        where = f", ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        message = f"{name}{where} : ce n'est pas un GeoJSON lisible. Exportez-le de nouveau."
        raise InvalidTable(message) from error


def _features(parsed: Any, name: str) -> list[Mapping[str, Any]]:
    if isinstance(parsed, Mapping) and parsed.get("type") == "FeatureCollection":
        parsed = parsed.get("features")
    elif isinstance(parsed, Mapping) and parsed.get("type") == "Feature":
        parsed = [parsed]
    if not isinstance(parsed, list) or not all(isinstance(each, Mapping) for each in parsed):
        raise InvalidTable(f"{name} : un GeoJSON d'objets (FeatureCollection) est attendu.")
    return parsed


def _properties(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return {_text(key): _text(value) for key, value in properties.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    # JSON may hold half a character, which no file can be written with.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _point(feature: Mapping[str, Any], number: int, findings: list[Finding]) -> tuple[str, str]:
    geometry = feature.get("geometry")
    if geometry is None:
        return "", ""
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
        inside = shape if shape.geom_type == "Point" else shape.representative_point()
        return repr(float(inside.x)), repr(float(inside.y))
    except (shapely.errors.ShapelyError, TypeError, ValueError, RecursionError):
        message = f"Objet {number} : géométrie illisible ou vide, non utilisée."
        findings.append(Finding("avertissement", number, "geometry", None, message))
        return "", ""
