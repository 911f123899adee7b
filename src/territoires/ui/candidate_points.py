"""Candidates on a map: where it looks, and a circle for each."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import folium

from territoires.candidates import CandidateList
from territoires.communes import Register
from territoires.indicators import format_number, format_rank
from territoires.maps import MapPoint, points_layer
from territoires.ui.appearance import ACCENT
from territoires.ui.map_view import follow_area, follow_communes
from territoires.ui.state import PageState
from territoires.workspace import Workspace


def candidates_layer(found: CandidateList, register: Register) -> folium.FeatureGroup:
    """Return one circle per candidate shown, at its reference point; it says rank, name, score."""
    points = []
    for code, row in zip(found.frame.index, found.frame.to_dict("records"), strict=True):
        longitude, latitude = found.context.territory(str(code)).reference_point(register)
        points.append(MapPoint(longitude, latitude, 1, ACCENT, _lines(row)))
    return points_layer(points, "Candidats")


def look_at_candidates(state: PageState, workspace: Workspace, found: CandidateList) -> None:
    """Show the area that was asked for, or the members where the best of them stand."""
    query = found.query
    if query.members is None:
        follow_area(state, workspace, query.universe[0])
        return
    territories = [found.context.territory(str(code)) for code in found.frame.index]
    shown = [commune for one in territories for commune in one.communes]
    follow_communes(state, workspace.register, shown)


def _lines(row: dict[Hashable, Any]) -> tuple[str, ...]:
    rank, score = int(row["rang"]), float(row["score"])
    return (
        f"{format_rank(rank)} : {row['nom']}",
        f"besoin {format_number(score * 100, 1)} sur 100",
    )
