"""Geocodes a whole table: each distinct place is decided once, then given to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidTable
from territoires.geocoding.address import AddressParts, split_address
from territoires.geocoding.columns import Columns, heading_key, recognise_columns
from territoires.geocoding.decide import NOT_FOUND, SURE, TO_CHECK, Decision, decide
from territoires.geocoding.evidence import Evidence
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.metres import system_told
from territoires.geocoding.points import Points, Sight, read_points, sights
from territoires.geocoding.reconcile import reconcile
from territoires.geocoding.typed_points import split_points
from territoires.tables.reading import TypedTable

GEO_COLUMNS = (
    "geo_code_commune",
    "geo_commune",
    "geo_longitude",
    "geo_latitude",
    "geo_precision",
    "geo_methode",
    "geo_score",
    "geo_marge",
    "geo_statut",
    "geo_motif",
    "geo_candidats",
)
_Floats = npt.NDArray[np.float64]
_DECIMALS = 6  # of a degree: 10 cm, finer than any point known here
_NO_ADDRESS = AddressParts("", "", "")


def geocode_table(
    table: TypedTable, gazetteer: Gazetteer, columns: Columns | None = None
) -> pd.DataFrame:
    """Give each row of a table its commune.

    Parameters
    ----------
    table : TypedTable
        As read: every cell is text.
    gazetteer : Gazetteer
        All that a list may call a commune.
    columns : Columns, optional
        Which column says what; recognised from the headings by default.

    Returns
    -------
    pd.DataFrame
        Input columns and rows in their order, then :data:`GEO_COLUMNS` (which replace those of a
        former geocoding). Index of the input. ``geo_longitude`` and ``geo_latitude`` (degrees,
        EPSG:4326, six decimals), ``geo_score`` and ``geo_marge`` are floats, NaN when unknown; the
        rest is text, ``""`` when unknown.

    Raises
    ------
    InvalidTable
        No column says a place. The message lists what is understood.
    """
    frame = table.frame.drop(columns=[name for name in GEO_COLUMNS if name in table.frame])
    columns = columns or recognise_columns(list(frame.columns))
    if not columns.usable:
        raise InvalidTable(_unusable(list(frame.columns)))
    evidence = _evidence(frame, columns)
    decided = {each: decide(each, gazetteer) for each in dict.fromkeys(evidence)}
    decisions = [decided[each] for each in evidence]
    points = _points(frame, columns, [each.code for each in decisions], gazetteer)
    if points is not None:
        decisions = _reconciled(decisions, points, gazetteer)
    return frame.assign(**_geo_columns(decisions, points))


def typed_headings(frame: pd.DataFrame) -> list[str]:
    """Return the headings of a table, without those of a former geocoding."""
    return [name for name in frame.columns if name not in GEO_COLUMNS]


def geocoding_summary(placed: pd.DataFrame) -> str:
    """Tell, in one French sentence, how many rows are placed, doubtful, lost.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`geocode_table`.
    """
    counts = placed["geo_statut"].value_counts()
    total = len(placed)
    if not total:
        return "Aucune ligne à placer."
    parts = [
        f"{_number(count)} {several if count > 1 else one} ({_percent(count / total)})"
        for status, one, several in (
            (SURE, "placée sûrement", "placées sûrement"),
            (TO_CHECK, "à vérifier", "à vérifier"),
            (NOT_FOUND, "non trouvée", "non trouvées"),
        )
        for count in (int(counts.get(status, 0)),)
    ]
    return f"{_number(total)} ligne{'s' if total > 1 else ''} : {', '.join(parts)}."


def _unusable(headings: Sequence[str]) -> str:
    shown = ", ".join(f"« {heading[:40]} »" for heading in headings[:10])
    return (
        f"Aucune colonne ne dit un lieu (colonnes lues : {shown}). Nommez-en une « code_commune », "
        "« commune » (avec « code_postal » ou « departement »), « adresse », ou « longitude » et "
        "« latitude »."
    )


def _evidence(frame: pd.DataFrame, columns: Columns) -> list[Evidence]:
    """Gather what each row says; equal rows give equal evidence, so that each is decided once."""
    code, postcode, town, departement, address = (
        _cells(frame, heading)
        for heading in (
            columns.code,
            columns.postcode,
            columns.town,
            columns.departement,
            columns.address,
        )
    )
    # An address is only read where it adds to the other cells: it makes each row distinct.
    lines = [
        split_address(line) if line and not (name and (insee or digits)) else _NO_ADDRESS
        for insee, digits, name, line in zip(code, postcode, town, address, strict=True)
    ]
    cells = zip(code, postcode, town, departement, lines, strict=True)
    return [Evidence(*row[:4], *row[4]) for row in cells]


def _cells(frame: pd.DataFrame, heading: str | None) -> list[str]:
    if heading is None:
        return [""] * len(frame)
    cells: list[str] = frame[heading].tolist()
    return cells


def _points(
    frame: pd.DataFrame, columns: Columns, codes: Sequence[str], gazetteer: Gazetteer
) -> Points | None:
    register = gazetteer.register
    if columns.longitude is None or columns.latitude is None:
        if columns.point is None:
            return None
        return read_points(*split_points(frame[columns.point]), register, codes=codes)
    told = system_told(heading_key(columns.longitude)) or system_told(heading_key(columns.latitude))
    x, y = frame[columns.longitude], frame[columns.latitude]
    return read_points(x, y, register, told=told, codes=codes)


def _reconciled(
    decisions: Sequence[Decision], points: Points, gazetteer: Gazetteer
) -> list[Decision]:
    register = gazetteer.register
    # Outlines fetched from the producer are much finer than those that are shipped.
    tolerance = gazetteer.thresholds.contours_embarques_km if register.finer is None else 0.0
    codes = [decision.code for decision in decisions]
    seen = sights(points, codes, register, outlines_km=tolerance)
    known: dict[tuple[int, Sight], Decision] = {}
    result: list[Decision] = []
    for decision, sight in zip(decisions, seen, strict=True):
        key = (id(decision), sight)
        if key not in known:
            known[key] = reconcile(decision, sight, gazetteer)
        result.append(known[key])
    return result


def _geo_columns(decisions: Sequence[Decision], points: Points | None) -> dict[str, Any]:
    longitude, latitude = (np.round(each, _DECIMALS) for each in _positions(decisions, points))
    texts = {
        "geo_code_commune": [decision.code for decision in decisions],
        "geo_commune": [decision.nom for decision in decisions],
        "geo_precision": [decision.precision for decision in decisions],
        "geo_methode": [decision.method for decision in decisions],
        "geo_statut": [decision.status for decision in decisions],
        "geo_motif": [decision.reason for decision in decisions],
        "geo_candidats": [";".join(decision.candidates) for decision in decisions],
    }
    filled = {name: pd.array(values, dtype="str") for name, values in texts.items()}
    numbers = {
        "geo_longitude": longitude,
        "geo_latitude": latitude,
        "geo_score": np.round([decision.score for decision in decisions], 3),
        "geo_marge": np.round([decision.margin for decision in decisions], 3),
    }
    return {name: filled[name] if name in filled else numbers[name] for name in GEO_COLUMNS}


def _positions(decisions: Sequence[Decision], points: Points | None) -> tuple[_Floats, _Floats]:
    given = [decision.point or (np.nan, np.nan) for decision in decisions]
    positions = np.array(given, dtype=np.float64).reshape(len(given), 2)
    longitude, latitude = positions[:, 0], positions[:, 1]
    if points is None:
        return longitude, latitude
    own = np.array([decision.point is None for decision in decisions], dtype=bool)
    return np.where(own, points.longitude, longitude), np.where(own, points.latitude, latitude)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
