"""Candidates as numbered circles of the map."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import folium
import pandas as pd

from territoires.communes import Register
from territoires.indicators import format_number, format_rank
from territoires.maps import MapPoint, points_layer
from territoires.ui.appearance import ACCENT


def candidates_layer(register: Register, frame: pd.DataFrame) -> folium.FeatureGroup:
    """Return one circle per candidate, at its reference point; it says rank, name and score.

    Parameters
    ----------
    frame : DataFrame
        ``CandidateList.frame``.
    """
    places = register.communes.loc[frame.index]
    points = [
        MapPoint(float(longitude), float(latitude), 1, ACCENT, _lines(row))
        for longitude, latitude, row in zip(
            places["longitude"], places["latitude"], frame.to_dict("records"), strict=True
        )
    ]
    return points_layer(points, "Candidats")


def _lines(row: dict[Hashable, Any]) -> tuple[str, ...]:
    rank, score = int(row["rang"]), float(row["score"])
    return (
        f"{format_rank(rank)} : {row['nom']}",
        f"besoin {format_number(score * 100, 1)} sur 100",
    )
