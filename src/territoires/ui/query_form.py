"""The left column of the candidates page: scheme, weights, bounds, distance, where."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territoires.candidates import (
    CandidateQuery,
    Preset,
    parse_members,
)
from territoires.candidates.presets import COMMUNE, EPCI, FREE, GROUP, INSIDE_EPCI
from territoires.indicators import format_number
from territoires.needs import Recipe, RecipeItem
from territoires.ui.findings import tell_findings
from territoires.ui.members_box import choose_scope
from territoires.ui.recipe_choice import choose_recipe
from territoires.ui.recipe_store import MINE
from territoires.ui.state import PageState, join, split
from territoires.ui.widgets import choose, choose_many, choose_number, choose_one_of_few
from territoires.workspace import Workspace

_DEFAULT_PRESET = "tzcld"
_DEFAULT_COUNT = 20
_MAX_COUNT = 500
_WEIGHTS = tuple(quarters / 4 for quarters in range(13))
_UNITS = {COMMUNE: "Commune", GROUP: "Groupe", EPCI: "EPCI"}
_APART, _SHARED = "separes", "partages"
_SHARING = {_APART: "rester séparés", _SHARED: "partager des communes"}
_PERIMETERS = {FREE: "passer d'un EPCI à l'autre", INSIDE_EPCI: "seulement rester dans un EPCI"}
_MAX_TYPED = 1_000


def choose_preset(state: PageState, workspace: Workspace) -> Preset:
    """Draw the choice of a scheme; changing it brings its own rules into the form."""
    presets = workspace.presets
    before = st.session_state.get(state.key("dispositif"))
    code = choose(
        state, "dispositif", "Dispositif", tuple(presets), show=lambda key: presets[key].name,
        default=_DEFAULT_PRESET,
    )  # fmt: skip
    if before is not None and before != st.session_state.get(state.key("dispositif_avant"), before):
        _forget_rules(state)
    st.session_state[state.key("dispositif_avant")] = code
    return presets[code]


def _forget_rules(state: PageState) -> None:
    for name in (
        "unite",
        "perimetre",
        "recouvrement",
        "pop_min",
        "pop_max",
        "distance",
        "types",
        "statuts",
    ):
        st.session_state.pop(state.key(name), None)
        state.forget(name)


def choose_weighed_recipe(state: PageState, workspace: Workspace) -> Recipe:
    """Draw the choice of an index and of its weights; a weight of 0 leaves an indicator out."""
    code, recipe = choose_recipe(state, workspace)
    if code == MINE:
        st.caption("Ses poids se règlent sur la page Indice de besoins.")
        return recipe
    with st.expander("Poids des indicateurs"):
        weights = _weights(state, workspace, recipe, code)
    base = {item.code: item.weight for item in recipe.items}
    if all(weight == base.get(name, 0.0) for name, weight in weights.items()):
        return recipe
    if not any(weights.values()):
        st.warning("Tous les poids sont à zéro : ceux de la recette sont repris.")
        return recipe
    return _reweighted(workspace, recipe, weights)


def _weights(state: PageState, workspace: Workspace, recipe: Recipe, code: str) -> dict[str, float]:
    """Draw one slider per indicator that can be ranked; the address keeps what was moved."""
    base = {item.code: item.weight for item in recipe.items}
    asked = dict(part.split(":", 1) for part in split(state.first_value("poids")) if ":" in part)
    weights = {}
    for name, indicator in workspace.indicators.catalogue.items():
        if not indicator.rankable or not indicator.direction:
            continue
        if recipe.dimensions and name not in base:
            continue  # in which dimension is said on the page Indice de besoins
        marks = [indicator.caution] if indicator.caution else []
        if indicator.is_wider and "(" not in indicator.label:
            marks.append(indicator.of_place)
        mark = f" ({', '.join(marks)})" if marks else ""
        key = state.key(f"poids.{code}.{name}")
        if key not in st.session_state:
            st.session_state[key] = _weight(asked.get(name), base.get(name, 0.0))
        weights[name] = st.select_slider(
            indicator.label + mark, _WEIGHTS, key=key, format_func=_weight_label
        )
    moved = [f"{name}:{w:g}" for name, w in weights.items() if w != base.get(name, 0.0)]
    state.keep("poids", join(moved))
    return weights


def _reweighted(workspace: Workspace, recipe: Recipe, weights: dict[str, float]) -> Recipe:
    base = {item.code: item for item in recipe.items}
    items = tuple(
        replace(base.get(name) or _new_item(workspace, name), weight=weight)
        for name, weight in weights.items()
        if weight > 0
    )
    return replace(recipe, name=f"{recipe.name} (poids modifiés)", items=items)


def _new_item(workspace: Workspace, code: str) -> RecipeItem:
    return RecipeItem(code, workspace.indicators.indicator(code).direction)


def _weight(text: str | None, default: float) -> float:
    """Read a weight of the address, or the default; brought to a step of the slider."""
    asked = float(text) if text and text.replace(".", "", 1).isdecimal() else default
    return min(_WEIGHTS, key=lambda step: abs(step - asked))


def _weight_label(weight: float) -> str:
    return format_number(weight, 2).rstrip("0").rstrip(",")


def choose_query(
    state: PageState, workspace: Workspace, recipe: Recipe, preset: Preset
) -> CandidateQuery:
    """Draw bounds, distance and area; return the whole question.

    Raises
    ------
    InvalidRequest
        Impossible bounds, or an empty list of members.
    """
    unit, perimeter, overlapping = _choose_unit(state, preset)
    st.subheader("Population")
    low = choose_number(
        state, "pop_min", "Au moins (habitants)", default=preset.population_min, step=500
    )
    high = choose_number(
        state, "pop_max", "Au plus (habitants)", default=preset.population_max, step=500
    )
    st.subheader("Ce qui existe déjà")
    types, statuses = choose_initiatives(state, workspace, preset)
    distance = choose_number(
        state, "distance", "À plus de (km)", most=500, step=5,
        default=None if preset.distance_min_km is None else int(preset.distance_min_km),
        help_text="0 : écarte seulement les communes déjà dans le périmètre d'une initiative "
        "choisie. Vide : n'écarte rien.",
    )  # fmt: skip
    st.subheader("Où")
    scope = choose_scope(state, workspace, only_members=True)
    must, excluded = _contents(state, workspace, unit)
    return CandidateQuery(
        recipe=recipe, universe=(scope.public_code,), members=scope.members,
        unit=unit, perimeter=perimeter, overlapping=overlapping, must_contain=must,
        excluded=(*preset.excluded, *excluded),
        thresholds=preset.thresholds, capacities=preset.capacities,
        population_min=low, population_max=high, initiative_types=types,
        initiative_statuses=statuses, distance_min_km=distance,
        count=choose_number(
            state, "nombre", "Nombre de candidats", default=_DEFAULT_COUNT, least=1, most=_MAX_COUNT
        ) or _DEFAULT_COUNT,
    )  # fmt: skip


def choose_initiatives(
    state: PageState, workspace: Workspace, preset: Preset
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw which initiatives count; return types and statuses, those of the scheme at first."""
    words = workspace.vocabularies
    types = choose_many(
        state, "types", "Types d'initiative", tuple(words.types.labels),
        show=words.types.label, default=preset.initiative_types,
    )  # fmt: skip
    statuses = choose_many(
        state, "statuts", "Statuts", tuple(words.statuses.labels),
        show=words.statuses.label, default=preset.initiative_statuses,
    )  # fmt: skip
    return types, statuses


def _choose_unit(state: PageState, preset: Preset) -> tuple[str, str, bool]:
    """Draw what a candidate is; for groups, whether each stays in one EPCI, and if they share."""
    unit = choose_one_of_few(
        state, "unite", "Un candidat est", tuple(_UNITS), show=lambda code: _UNITS[code],
        default=preset.unit,
    )  # fmt: skip
    if unit != GROUP:
        return unit, preset.perimeter, False
    perimeter = choose(
        state, "perimetre", "Un groupe peut", tuple(_PERIMETERS),
        show=lambda code: _PERIMETERS[code], default=preset.perimeter,
    )  # fmt: skip
    sharing = choose(
        state, "recouvrement", "Deux groupes peuvent", tuple(_SHARING),
        show=lambda code: _SHARING[code], default=_APART,
    )  # fmt: skip
    return unit, perimeter, sharing == _SHARED


def _contents(
    state: PageState, workspace: Workspace, unit: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw which communes must be there and which must not; return bare, then typed codes."""
    with st.expander("Communes exigées ou exclues"):
        must: tuple[str, ...] = ()
        if unit == GROUP:
            must = _choose_codes(state, workspace, "contient", "Doit contenir (codes INSEE)")
        never = _choose_codes(state, workspace, "exclut", "Exclure (codes INSEE ou SIREN)")
    return must, tuple(f"com:{code}" for code in never)


def _choose_codes(state: PageState, workspace: Workspace, name: str, label: str) -> tuple[str, ...]:
    key = state.key(name)
    if key not in st.session_state:
        st.session_state[key] = state.first_value(name)
    typed = st.text_input(label, key=key, max_chars=_MAX_TYPED)
    if not typed.strip():
        return ()
    listed = parse_members(typed, workspace.register)
    tell_findings(listed.findings)
    state.keep(name, join(listed.communes))
    return listed.communes
