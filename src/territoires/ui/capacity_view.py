"""Candidates by need and capacity: a chart and a map of four quadrants, and the same in tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from territoires.candidates import (
    CAPACITY_LIMITS,
    CandidateCrossing,
    CandidateList,
    Preset,
    QuadrantRules,
    crossing_of,
)
from territoires.candidates.presets import EPCI
from territoires.candidates.wording import shortened
from territoires.exports import ExportBundle, exporter
from territoires.indicators import MISSING_TEXT, format_number
from territoires.initiatives import NO_AXIS
from territoires.maps import MapQuadrants, MapSpec, legend_html
from territoires.maps.quadrant_words import capacity_sentence, need_sentence
from territoires.territory import territory_from_code
from territoires.ui.appearance import ACCENT
from territoires.ui.candidate_points import candidates_layer, look_at_candidates
from territoires.ui.capacity_chart import chart_html
from territoires.ui.capacity_tables import (
    AROUND,
    CODES,
    NEED,
    PRESENCE,
    candidate_rows,
    counts_html,
    place_rows,
)
from territoires.ui.map_view import draw_map
from territoires.ui.markup import axes_legend, escape_markdown
from territoires.ui.provenance import indicators_of, provenance
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_many, choose_number
from territoires.workspace import Workspace

Rows = Callable[[CandidateCrossing], pd.DataFrame]

_MOST_KM = 200
_OUTLINED = 40


def capacity_view(
    workspace: Workspace, state: PageState, preset: Preset, found: CandidateList
) -> None:
    """Draw the settings, then the chart and the map beside each other, then the tables."""
    rules = _choose_rules(workspace, state)
    crossing = crossing_of(found, rules)
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        st.html(chart_html(crossing))
    with right:
        _map(workspace, state, crossing)
    st.caption(_counted_sentence(crossing))
    _tables(workspace, preset, crossing)


def _choose_rules(workspace: Workspace, state: PageState) -> QuadrantRules:
    words, shipped = workspace.vocabularies, workspace.quadrant_rules
    axes = {**words.axes.labels, NO_AXIS: words.no_axis.label}
    near, of_axes, of_types = st.columns([0.6, 1, 1], gap="small")
    with near:
        reach = choose_number(
            state, "portee", "À portée (km)", default=int(shipped.reach_km), least=1,
            most=_MOST_KM, step=5, help_text="À vol d'oiseau. Une initiative sur place compte pour "
            "1, à mi-distance pour un demi, à cette distance pour rien.",
        )  # fmt: skip
    with of_axes:
        chosen_axes = choose_many(
            state, "capacite_axes", "Axes comptés", tuple(axes),
            show=lambda code: axes[code] if code == NO_AXIS else f"{code} · {axes[code]}",
        )  # fmt: skip
    with of_types:
        types = choose_many(
            state, "capacite_types", "Types comptés", tuple(words.types.labels),
            show=words.types.label,
        )  # fmt: skip
    percent, limit = _choose_limits(state, shipped)
    return replace(
        shipped, reach_km=float(reach or shipped.reach_km), axes=chosen_axes, types=types,
        strong_percent=percent, capacity_limit=limit,
    )  # fmt: skip


def _choose_limits(state: PageState, shipped: QuadrantRules) -> tuple[int, str]:
    with st.expander("Où les quadrants se séparent"):
        strong, some = st.columns(2, gap="small")
        with strong:
            percent = choose_number(
                state, "besoin_fort", "Besoin fort : les premiers (% des lieux classés)",
                default=shipped.strong_percent, least=1, most=99, step=5,
                help_text="40 % : les classes « très fort » et « fort » de l'indice.",
            )  # fmt: skip
        with some:
            limit = choose(
                state, "capacite_limite", "Capacité : à partir de", tuple(CAPACITY_LIMITS),
                show=lambda code: CAPACITY_LIMITS[code].label, default=shipped.capacity_limit,
            )  # fmt: skip
        st.caption(
            "L'annuaire est plus ou moins rempli selon les départements : entre « rien de "
            "recensé » et « quelque chose », la différence tient ; entre « peu » et « beaucoup », "
            "elle dit surtout qui l'a rempli."
        )
    return percent or shipped.strong_percent, limit


def _map(workspace: Workspace, state: PageState, crossing: CandidateCrossing) -> None:
    found = crossing.found
    context = found.context
    shown = MapQuadrants(crossing.rules, workspace.directories.mark(context.directory))
    spec = MapSpec.for_quadrants(
        found.query.recipe, shown, level="epci" if found.query.unit == EPCI else "commune",
        version=workspace.colours.version,
    )  # fmt: skip
    look_at_candidates(state, workspace, found)
    places = [context.territory(str(code)) for code in found.frame.index[:_OUTLINED]]
    outlined = places if found.query.unit != "commune" else []
    draw_map(state, workspace, spec, [candidates_layer(found, workspace.register)], outlined)
    noun = context.noun
    dots = axes_legend([(ACCENT, f"{noun.singular} {noun.agree('candidat')} du tableau")])
    st.html(legend_html(workspace.colours, spec, found.query.recipe.name) + dots)


def _counted_sentence(crossing: CandidateCrossing) -> str:
    counted = crossing.counted
    placed, lost = len(counted.located), len(counted.unlocated)
    lost_words = f" ; {format_number(lost)} sans lieu connu ne peuvent pas l'être" if lost else ""
    return (
        f"Initiatives comptées : {format_number(placed)}{lost_words}. "
        "Le coin « besoin fort, rien de recensé » n'est donc pas « le bon » : ce peut être le lieu "
        "où tout manque, celui où il n'y a personne pour porter un projet, ou celui que l'annuaire "
        "ne connaît pas."
    )


def _tables(workspace: Workspace, preset: Preset, crossing: CandidateCrossing) -> None:
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        st.subheader(f"Combien dans chaque quadrant : {_area(workspace, crossing)}")
        st.html(counts_html(crossing))
    with right:
        st.subheader("Les candidats")
        table = candidate_rows(crossing).drop(columns=CODES)
        localized = st.column_config.NumberColumn(format="localized")
        st.dataframe(
            table, hide_index=True, placeholder=MISSING_TEXT, height=min(420, 38 + 35 * len(table)),
            column_config=dict.fromkeys((NEED, AROUND, PRESENCE, "Habitants"), localized),
        )  # fmt: skip
    with st.container(horizontal=True):
        _download(workspace, preset, crossing, "candidats", candidate_rows)
        _download(workspace, preset, crossing, crossing.found.asked.noun.plural, place_rows)


def _area(workspace: Workspace, crossing: CandidateCrossing) -> str:
    """Name where places are counted, as the search does."""
    query = crossing.found.query
    names = [territory_from_code(workspace.register, code).nom for code in query.universe]
    members = ", vos adhérents" if query.narrows_to_members else ""
    return escape_markdown(f"{shortened(names)}{members}")


def _download(
    workspace: Workspace, preset: Preset, crossing: CandidateCrossing, what: str, rows: Rows
) -> None:
    writer, title = exporter("csv_excel"), f"Besoin et capacité : {what}"

    def content() -> bytes:
        used = indicators_of(workspace, crossing.found.recipe.codes)
        lines = provenance(workspace, used, query=crossing.found.query, preset=preset)
        words = workspace.vocabularies
        told = (need_sentence(crossing.field), capacity_sentence(crossing.field, words))
        return writer.write(ExportBundle(title, rows(crossing), (*lines, *told)))

    st.download_button(
        f"Télécharger les {what} (CSV pour Excel)", content, writer.file_name(title), "text/csv",
        key=f"candidats.capacite.{what}", on_click="ignore",
    )  # fmt: skip
