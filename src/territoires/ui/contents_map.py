"""How much is recorded in each département, as circles: as many initiatives, as wide a circle."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from territoires.communes import Register
from territoires.indicators import format_number
from territoires.maps import MAINLAND, MapPoint, MapSpec, points_layer
from territoires.territory import territory_from_code
from territoires.ui.appearance import ACCENT
from territoires.ui.map_view import draw_map, follow_bounds
from territoires.ui.markup import axes_legend
from territoires.ui.place_choice import quick_views
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_SOME_UNLOCATED, _NOTHING = "#c46a00", "#9aa3a1"


def contents_map(state: PageState, workspace: Workspace, table: pd.DataFrame) -> None:
    """Draw one circle for each département, at its most populous commune.

    Parameters
    ----------
    table : pd.DataFrame
        As ``completeness_by_departement`` gives it.
    """
    follow_bounds(state, MAINLAND.bounds)
    quick_views(state)
    version = workspace.colours.version
    spec = MapSpec.for_outlines(level="departement", version=version)
    points = points_layer(contents_points(workspace.register, table), "Annuaire")
    draw_map(state, workspace, spec, [points])
    colours = (
        (ACCENT, "toutes localisées"),
        (_SOME_UNLOCATED, "certaines non localisées"),
        (_NOTHING, "rien de recensé"),
    )
    st.html(axes_legend(colours))
    st.caption(
        "Plus le cercle est grand, plus on a recensé d'initiatives dans le département : leur "
        "nombre se lit en le pointant, et dans le tableau."
    )


def contents_points(register: Register, table: pd.DataFrame) -> tuple[MapPoint, ...]:
    """Return one circle for each département, the widest first: small ones stay seen."""
    known = table[table.index.isin(register.departements.index)]
    ordered = known.sort_values("initiatives", ascending=False, kind="stable")
    rows = zip(ordered.index, ordered.to_dict("records"), strict=True)
    return tuple(_point(register, str(code), row) for code, row in rows)


def _point(register: Register, code: str, row: Mapping[Hashable, Any]) -> MapPoint:
    place = territory_from_code(register, f"dep:{code}")
    longitude, latitude = place.reference_point(register)
    count, located = int(row["initiatives"]), int(row["localisees"])
    colour = _NOTHING if not count else ACCENT if located == count else _SOME_UNLOCATED
    lines = (f"{row['nom']} ({code})", *_told(count, located, row))
    return MapPoint(longitude, latitude, max(count, 1), colour, lines)


def _told(count: int, located: int, row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    known = "inconnu" if pd.isna(row["connues"]) else format_number(row["connues"])
    elsewhere = f"comptées ailleurs : {known}"
    if not count:
        return "rien de recensé : ce n'est pas « aucune initiative »", elsewhere
    plural = "s" if count > 1 else ""
    there = f"{format_number(count)} recensée{plural}, {format_number(located)} sur la carte"
    dated = f"source la plus récente : {row['source_recente'] or 'inconnue'}"
    return there, dated, elsewhere
