"""Checks on coordinates: readable, in France, in the commune that the code says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from territoires.geocoding import points as geo
from territoires.initiatives.checks_places import Atlas
from territoires.initiatives.rows import Row
from territoires.tables import Finding
from territoires.tables.text import of_name


def check_points(rows: Sequence[Row], atlas: Atlas) -> Iterator[Finding]:
    """Report coordinates that cannot be used, or that contradict the code of their row.

    All rows at once: points are compared with the boundaries of France in one pass.
    """
    typed = [row for row in rows if row.get("longitude") or row.get("latitude")]
    if not typed:
        return
    longitude = pd.Series([row.get("longitude") for row in typed], dtype="str")
    latitude = pd.Series([row.get("latitude") for row in typed], dtype="str")
    codes = [_current_code(row, atlas) for row in typed]
    points = geo.read_points(longitude, latitude, atlas.register, codes=codes)
    for row, code, sight in zip(
        typed, codes, geo.sights(points, codes, atlas.register), strict=True
    ):
        if sight.state != geo.USABLE:
            yield _unusable(row, sight.state)
        elif sight.swapped:
            message = (
                f"Longitude et latitude échangées ? Ce serait alors {atlas.name(sight.commune)}."
            )
            yield row.finding("erreur", "longitude", message)
        elif not sight.commune:
            yield _outside(row, sight, atlas)
        elif code and sight.commune != code:
            yield _contradiction(row, code, sight, atlas)


def _current_code(row: Row, atlas: Atlas) -> str:
    """Return the commune in force that the code of a row designates, ``""`` without certainty."""
    toponym = atlas.gazetteer.by_code(row.get("code_commune").upper())
    return toponym.communes[0] if toponym and len(toponym.communes) == 1 else ""


def _unusable(row: Row, state: str) -> Finding:
    if state == geo.INCOMPLETE:
        missing = "latitude" if row.get("longitude") else "longitude"
        return row.finding("erreur", missing, "Longitude et latitude vont ensemble.")
    message = f"Coordonnées {state} : degrés attendus, comme 4.835 et 45.764 ; sinon, cases vides."
    return row.finding("erreur", "longitude", message)


def _outside(row: Row, sight: geo.Sight, atlas: Atlas) -> Finding:
    if sight.nearest and sight.nearest_km <= atlas.gazetteer.thresholds.littoral_km:
        message = (
            f"Point à {_km(sight.nearest_km)} {of_name(atlas.name(sight.nearest))}, hors de "
            "son contour simplifié (littoral ou frontière)."
        )
        return row.finding("information", "longitude", message)
    return row.finding("erreur", "longitude", "Ce point n'est dans aucune commune de France.")


def _contradiction(row: Row, code: str, sight: geo.Sight, atlas: Atlas) -> Finding:
    under, said = atlas.name(sight.commune), atlas.name(code)
    if sight.gap_km <= atlas.gazetteer.thresholds.ecart_tolere_km:
        message = (
            f"Point dans {under}, à {_km(sight.gap_km)} {of_name(said)} que dit le code : accepté, "
            "les contours sont simplifiés."
        )
        return row.finding("information", "longitude", message)
    message = f"Le point est dans {under}, le code dit {said}."
    return row.finding("avertissement", "longitude", message)


def _km(distance: float) -> str:
    return "moins de 0,1 km" if distance < 0.1 else f"{distance:.1f} km".replace(".", ",")
