"""A placed list on the map and in a table: placed, decided, to check, not found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.geocoding import NOT_FOUND, SURE, TO_CHECK
from territoires.geocoding.review import METHOD
from territoires.indicators import format_number
from territoires.maps import MAINLAND, MapPoint, MapSpec, points_layer
from territoires.ui.appearance import ACCENT
from territoires.ui.map_view import draw_map, follow_bounds
from territoires.ui.markup import axes_legend, key_figures
from territoires.ui.place_choice import quick_views
from territoires.ui.placed_list import ReviewedList
from territoires.ui.state import PageState
from territoires.ui.view import Bounds
from territoires.ui.widgets import choose_one_of_few
from territoires.workspace import Workspace

_DECIDED = "decide"
_LABELS = {
    SURE: "placées", _DECIDED: "décidées par vous", TO_CHECK: "à vérifier",
    NOT_FOUND: "non trouvées",
}  # fmt: skip
_ONE = {
    SURE: "placée", _DECIDED: "décidée par vous", TO_CHECK: "à vérifier",
    NOT_FOUND: "non trouvée",
}  # fmt: skip
_COLOURS = {SURE: ACCENT, _DECIDED: "#5b3fa0", TO_CHECK: "#c46a00"}
_ALL = "toutes"
_ROWS_SHOWN = 1_000
_FEW, _HEIGHT = 10, 420
_LONGEST_CELL = 300
_SAME_PLACE = 4  # decimals of a degree: about ten metres
_MARGIN = 0.1
_LONGEST_REASON, _MOST_REASONS = 160, 2


def states_of(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the state of each row: as ``geo_statut``, and what a person decided apart."""
    return frame["geo_statut"].mask(frame["geo_methode"] == METHOD, _DECIDED)


def placed_figures(listed: ReviewedList) -> str:
    """Return how many rows are in each state."""
    counts = states_of(listed.frame).value_counts()
    figures = [
        (format_number(int(counts.get(name, 0))), label)
        for name, label in _LABELS.items()
        if name != _DECIDED or counts.get(name)
    ]
    total = len(listed.frame)
    return key_figures([(format_number(total), "ligne" if total == 1 else "lignes"), *figures])


def placed_map(state: PageState, workspace: Workspace, listed: ReviewedList) -> None:
    """Draw the rows that have a place."""
    points = points_of_list(listed.frame)
    follow_bounds(state, _bounds(points))
    quick_views(state)
    spec = MapSpec.for_outlines(version=workspace.colours.version)
    draw_map(state, workspace, spec, [points_layer(points, "Liste", "lignes")])
    st.html(axes_legend((colour, _LABELS[name]) for name, colour in _COLOURS.items()))
    lost = int(listed.frame["geo_longitude"].isna().sum())
    if lost:
        st.caption(
            f"{plural(lost, 'ligne n’est pas', 'lignes ne sont pas')} sur la carte : leur commune "
            "n'est pas trouvée, ou est à choisir."
        )


def points_of_list(frame: pd.DataFrame) -> tuple[MapPoint, ...]:
    """Return one circle for each place and state, those to check above the others."""
    located = frame[frame["geo_longitude"].notna()]
    rows = zip(
        states_of(located),
        located["geo_longitude"].round(_SAME_PLACE),
        located["geo_latitude"].round(_SAME_PLACE),
        located["geo_commune"],
        located["geo_motif"],
        strict=True,
    )
    places: dict[tuple[str, float, float], tuple[str, list[str]]] = {}
    for name, longitude, latitude, commune, reason in rows:
        place = places.setdefault((name, longitude, latitude), (commune, []))
        place[1].append(reason)
    order = {name: rank for rank, name in enumerate(_COLOURS)}
    by_state = sorted(places.items(), key=lambda one: order.get(one[0][0], 0))
    return tuple(_point(*key, *place) for key, place in by_state)


def _point(
    name: str, longitude: float, latitude: float, commune: str, reasons: list[str]
) -> MapPoint:
    count = plural(len(reasons), "ligne", "lignes")
    told = [each[:_LONGEST_REASON] for each in dict.fromkeys(reasons)][:_MOST_REASONS]
    lines = (f"{commune} : {count}, {_LABELS.get(name, name)}", *told)
    return MapPoint(longitude, latitude, len(reasons), _COLOURS.get(name, ACCENT), lines)


def _bounds(points: tuple[MapPoint, ...]) -> Bounds:
    """Return where most of the list is: what lies overseas does not draw the map there."""
    west, south, east, north = MAINLAND.bounds
    longitude = np.array([point.longitude for point in points])
    latitude = np.array([point.latitude for point in points])
    near = (longitude > west) & (longitude < east) & (latitude > south) & (latitude < north)
    if not near.any():
        near[:] = True
    if not len(points):
        return MAINLAND.bounds
    west, east = float(longitude[near].min()), float(longitude[near].max())
    south, north = float(latitude[near].min()), float(latitude[near].max())
    return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN


def placed_table(state: PageState, listed: ReviewedList) -> None:
    """Draw the rows of a state as a table, the first ones only: the file has them all."""
    states = states_of(listed.frame)
    present = (_ALL, *(name for name in _LABELS if (states == name).any()))
    chosen = choose_one_of_few(
        state, "lignes", "Lignes", present, show=lambda name: _LABELS.get(name, "toutes")
    )
    rows = listed.frame if chosen == _ALL else listed.frame[states == chosen]
    shown = readable(listed, rows.head(_ROWS_SHOWN), states)
    st.dataframe(
        shown.replace("", None), hide_index=True, placeholder="",
        height=_HEIGHT if len(shown) > _FEW else "auto",
        column_config={
            "geo_ligne": st.column_config.NumberColumn("Ligne", pinned=True),
            "geo_statut": st.column_config.TextColumn("Placement"),
            "geo_commune": st.column_config.TextColumn("Commune trouvée"),
            "geo_motif": st.column_config.TextColumn("Motif", width="large"),
        },
    )  # fmt: skip
    if len(rows) > _ROWS_SHOWN:
        st.caption(
            f"Les {format_number(_ROWS_SHOWN)} premières lignes sur {format_number(len(rows))} ; "
            "le fichier téléchargé les a toutes."
        )


def readable(listed: ReviewedList, rows: pd.DataFrame, states: pd.Series[str]) -> pd.DataFrame:
    """Return rows for a person: line of the file, state, commune, what was typed, why."""
    lines = listed.placed.uploaded.table.lines
    codes = rows["geo_code_commune"]
    named = (rows["geo_commune"] + " (" + codes + ")").where(codes != "", rows["geo_commune"])
    typed = rows[listed.placed.uploaded.headings].map(lambda cell: cell[:_LONGEST_CELL])
    found = {
        "geo_ligne": [lines[row] for row in rows.index],
        "geo_statut": [_ONE[name] for name in states[rows.index]],
        "geo_commune": named,
    }
    return pd.concat([pd.DataFrame(found, index=rows.index), typed, rows[["geo_motif"]]], axis=1)
