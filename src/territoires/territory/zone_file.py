"""Reads the outline of an area from a GeoJSON that a person gives: nothing is repaired in silence.

What is refused is said with its place (feature, ring, vertex) and what to do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

import shapely

from territoires.errors import InvalidRequest
from territoires.territory.zone import Position, crossing, said

MAX_BYTES = 20_000_000
MAX_POSITIONS = 200_000
MAX_FEATURES = 5_000

_WGS84 = ("crs84", "4326")
_POLYGONS = ("Polygon", "MultiPolygon")
_LEAST_POSITIONS = 4  # a triangle, closed
_EXPORT = "Exportez-le en GeoJSON, EPSG:4326 (WGS 84)"


def read_zone_file(content: bytes, name: str) -> shapely.Geometry:
    """Read the polygons of a GeoJSON as one area.

    Parameters
    ----------
    content : bytes
        Polygon, MultiPolygon, Feature or FeatureCollection; UTF-8.
    name : str
        File name, for the messages.

    Returns
    -------
    Polygon or MultiPolygon
        EPSG:4326, valid, not empty: the union of the polygons. Altitudes are left out.

    Raises
    ------
    InvalidRequest
        Too large, not a GeoJSON of polygons, another coordinate system, a position that is not on
        Earth, an outline that crosses itself or has no surface.
    """
    if len(content) > MAX_BYTES:
        _refuse(name, f"plus de {MAX_BYTES // 1_000_000} Mo. Simplifiez le contour")
    document = _parsed(content, name)
    _check_system(document, name)
    polygons = list(_Reader(name).polygons(document))
    if not polygons:
        _refuse(name, "aucun polygone. Donnez le contour de la zone")
    area = shapely.union_all(polygons)
    if not area.area > 0:
        _refuse(name, "la zone n'a pas de surface. Donnez un contour fermé")
    return area


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(name, f"octet {error.start + 1} : ce n'est pas un texte UTF-8. {_EXPORT}")
    try:
        document = json.loads(text, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        _refuse(name, f"{where} : ce n'est pas du JSON. {_EXPORT}")
    except (ValueError, RecursionError):  # a number without end, or lists in lists in lists…
        _refuse(name, f"un nombre démesuré ou des listes sans fin. {_EXPORT}")
    if not isinstance(document, dict):
        _refuse(name, f"ce n'est pas un objet GeoJSON. {_EXPORT}")
    return document


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(text)


def _check_system(document: dict[str, Any], name: str) -> None:
    """Refuse another coordinate system; since RFC 7946, GeoJSON has one only and names none."""
    system = document.get("crs")
    if system is None:
        return
    known = json.dumps(system, ensure_ascii=False)
    if not any(mark in known.lower() for mark in _WGS84):
        _refuse(name, f"crs : autre système de coordonnées ({known:.60}). {_EXPORT}")


class _Reader:
    """Walks through a document, counting what it reads."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._positions = 0

    def polygons(self, document: dict[str, Any]) -> Iterator[shapely.Polygon]:
        """Give each polygon of a document."""
        if document.get("type") != "FeatureCollection":
            yield from self._of_feature(document, "")
            return
        features = document.get("features")
        if not isinstance(features, list):
            self._refuse("", "features : une liste d'éléments est attendue")
        if len(features) > MAX_FEATURES:
            self._refuse("", f"{len(features)} éléments, {MAX_FEATURES} au plus. Réunissez-les")
        for number, feature in enumerate(features, start=1):
            yield from self._of_feature(feature, f"élément {number}")

    def _of_feature(self, feature: object, where: str) -> Iterator[shapely.Polygon]:
        if not isinstance(feature, dict):
            self._refuse(where, "un élément GeoJSON est attendu")
        geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in _POLYGONS:
            found = f"« {kind!s:.30} »" if kind else "rien"
            self._refuse(where, f"un Polygon ou un MultiPolygon est attendu, {found} lu")
        listed = geometry.get("coordinates")
        parts = listed if kind == "MultiPolygon" else [listed]
        if not isinstance(parts, list):
            self._refuse(where, "coordinates : une liste de polygones est attendue")
        for number, part in enumerate(parts, start=1):
            at = _joined(where, f"polygone {number}" if len(parts) > 1 else "")
            yield self._polygon(part, at)

    def _polygon(self, rings: object, where: str) -> shapely.Polygon:
        if not isinstance(rings, list) or not rings:
            self._refuse(where, "coordinates : une liste d'anneaux est attendue")
        read = [
            self._ring(ring, _joined(where, f"anneau {number}"))
            for number, ring in enumerate(rings, start=1)
        ]
        polygon = shapely.Polygon(read[0], read[1:])
        if problem := crossing(polygon):
            self._refuse(where, problem)
        return polygon

    def _ring(self, positions: object, where: str) -> list[Position]:
        if not isinstance(positions, list) or len(positions) < _LEAST_POSITIONS:
            self._refuse(where, f"{_LEAST_POSITIONS} sommets au moins, le dernier égal au premier")
        self._positions += len(positions)
        if self._positions > MAX_POSITIONS:
            self._refuse(where, f"plus de {MAX_POSITIONS} sommets. Simplifiez le contour")
        ring = [self._position(one, where, rank) for rank, one in enumerate(positions, start=1)]
        if ring[0] != ring[-1]:
            self._refuse(where, "le dernier sommet n'est pas le premier. Fermez le contour")
        return ring

    def _position(self, position: object, where: str, rank: int) -> Position:
        at = _joined(where, f"sommet {rank}")
        if not isinstance(position, list) or len(position) < 2:
            self._refuse(at, "[longitude, latitude] est attendu")
        for value in position[:2]:
            if isinstance(value, bool) or not isinstance(value, int | float):
                self._refuse(at, f"« {value!s:.30} » n'est pas un nombre")
        longitude, latitude = _finite(position[0]), _finite(position[1])
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            shown = said(longitude, latitude) if math.isfinite(longitude + latitude) else "l'infini"
            self._refuse(at, f"{shown[:80]} n'est pas sur Terre. {_EXPORT}")
        return longitude, latitude

    def _refuse(self, where: str, problem: str) -> NoReturn:
        _refuse(_joined(self._name, where), problem)


def _finite(value: float) -> float:
    """Return a whole number as a float, infinite when it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _refuse(where: str, problem: str) -> NoReturn:
    raise InvalidRequest(f"{where} : {problem}.")
