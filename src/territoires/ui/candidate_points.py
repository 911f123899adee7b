"""Candidates as numbered circles of the map."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import folium

from territoires.candidates import CandidateList
from territoires.communes import Register
from territoires.indicators import format_number, format_rank
from territoires.maps import MapPoint, points_layer
from territoires.ui.appearance import ACCENT


def candidates_layer(found: CandidateList, register: Register) -> folium.FeatureGroup:
    """Return one circle per candidate shown, at its reference point; it says rank, name, score."""
    points = []
    for code, row in zip(found.frame.index, found.frame.to_dict("records"), strict=True):
        longitude, latitude = found.context.territory(str(code)).reference_point(register)
        points.append(MapPoint(longitude, latitude, 1, ACCENT, _lines(row)))
    return points_layer(points, "Candidats")


def _lines(row: dict[Hashable, Any]) -> tuple[str, ...]:
    rank, score = int(row["rang"]), float(row["score"])
    return (
        f"{format_rank(rank)} : {row['nom']}",
        f"besoin {format_number(score * 100, 1)} sur 100",
    )
