"""Reads the decisions that a geocoded table holds, and writes those that changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from territoires.geocoding.decide import Decision
from territoires.geocoding.table import GEO_COLUMNS

_DECIMALS = 6  # of a degree, as in the rest of the table


def read_decisions(placed: pd.DataFrame, rows: Iterable[int]) -> dict[int, Decision]:
    """Read back the decisions of some rows, by row number."""
    numbers = list(rows)
    cells = placed[list(GEO_COLUMNS)].iloc[numbers].itertuples(index=False)
    return {row: _decision(each) for row, each in zip(numbers, cells, strict=True)}


def write_decisions(placed: pd.DataFrame, decisions: Mapping[int, Decision]) -> pd.DataFrame:
    """Return the table with the decisions of some rows in place of those they had."""
    columns = {name: placed[name].tolist() for name in GEO_COLUMNS}
    for row, decision in decisions.items():
        for name, value in _cells(decision).items():
            columns[name][row] = value
    return placed.assign(
        **{
            name: pd.Series(values, index=placed.index, dtype=placed[name].dtype)
            for name, values in columns.items()
        }
    )


def _decision(cells: Any) -> Decision:
    return Decision(
        code=cells.geo_code_commune,
        nom=cells.geo_commune,
        point=(cells.geo_longitude, cells.geo_latitude),
        precision=cells.geo_precision,
        method=cells.geo_methode,
        score=cells.geo_score,
        status=cells.geo_statut,
        reason=cells.geo_motif,
        candidates=tuple(filter(None, cells.geo_candidats.split(";"))),
        margin=cells.geo_marge,
    )


def _cells(decision: Decision) -> dict[str, object]:
    longitude, latitude = decision.point or (math.nan, math.nan)
    return {
        "geo_code_commune": decision.code,
        "geo_commune": decision.nom,
        "geo_longitude": round(longitude, _DECIMALS),
        "geo_latitude": round(latitude, _DECIMALS),
        "geo_precision": decision.precision,
        "geo_methode": decision.method,
        "geo_score": round(decision.score, 3),
        "geo_marge": round(decision.margin, 3),
        "geo_statut": decision.status,
        "geo_motif": decision.reason,
        "geo_candidats": ";".join(decision.candidates),
    }
