"""The left column of the page Indice de besoins: a recipe chosen, named, weighed, shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable, format_share
from territoires.needs import Dimension, Recipe, RecipeItem, usable_recipe
from territoires.needs.editing import moved_item, with_dimension, with_item, without_dimension
from territoires.needs.recipe_address import MAX_NAME
from territoires.ui.markup import escape_markdown, without_markdown
from territoires.ui.recipe_choice import recipe_names
from territoires.ui.recipe_item import draw_item
from territoires.ui.recipe_use import Change, edit, previous_recipe, take_back, use
from territoires.ui.recipe_widgets import hold, on_change, row, weight_row
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_NOTHING = ""


def choose_and_name(state: PageState, workspace: Workspace, code: str, recipe: Recipe) -> None:
    """Draw the choice of a recipe, its name, and what it measures."""
    names = recipe_names(workspace)
    key = state.key("choix")
    hold(key, code)
    st.selectbox(
        "Recette", tuple(names), key=key, format_func=lambda one: names[one],
        on_change=lambda: use(st.session_state[key]),
    )  # fmt: skip
    name_key = state.key("nom")
    hold(name_key, recipe.name)
    st.text_input(
        "Son nom", max_chars=MAX_NAME,
        **on_change(workspace, name_key, lambda name: lambda r: replace(r, name=name)),
    )  # fmt: skip
    if recipe.description:
        st.caption(escape_markdown(recipe.description))
    _offer_previous(state)


def _offer_previous(state: PageState) -> None:
    previous = previous_recipe()
    if previous is not None:
        st.button(
            f"Reprendre « {escape_markdown(previous.name)} »", type="tertiary",
            key=state.key("reprendre"), on_click=take_back,
            help="Votre recette précédente ; celle d'aujourd'hui reste à reprendre de même.",
        )  # fmt: skip


def indicators_form(
    state: PageState, workspace: Workspace, recipe: Recipe, table: IndicatorTable
) -> None:
    """Draw the dimensions, each with its indicators and their weights.

    Parameters
    ----------
    table : IndicatorTable
        Of the places compared: what does not apply to them weighs nothing.
    """
    shares = effective_shares(recipe, table)
    if not recipe.dimensions:
        with st.expander("Indicateurs", expanded=True, key=state.key("dimension.")):
            _items(state, workspace, recipe, recipe.items, shares)
            _add_indicator(state, workspace, recipe, _NOTHING)
    for position, dimension in enumerate(recipe.dimensions):
        items = [item for item in recipe.items if item.dimension == dimension.code]
        share = sum(shares.get(item.code, 0.0) for item in items)
        label = dimension.label if recipe.is_rule else f"{dimension.label} · {format_share(share)}"
        with st.expander(
            escape_markdown(label), expanded=position == 0,
            key=state.key(f"dimension.{dimension.code}"),
        ):  # fmt: skip
            _dimension_weight(state, workspace, recipe, dimension)
            _items(state, workspace, recipe, items, shares)
            _add_indicator(state, workspace, recipe, dimension.code)
            _remove_dimension(state, workspace, recipe, dimension)
    _new_dimension(state, workspace)


def effective_shares(recipe: Recipe, table: IndicatorTable) -> dict[str, float]:
    """Return the part of the score of each indicator that takes part; none may."""
    try:
        usable = usable_recipe(recipe, table)
    except InvalidRequest:
        return {}  # the page says why, where the map would be
    return {code: float(w) for code, w in zip(usable.codes, usable.weights, strict=True)}


def _dimension_weight(
    state: PageState, workspace: Workspace, recipe: Recipe, dimension: Dimension
) -> None:
    if recipe.is_rule or len(recipe.dimensions) < 2:
        return
    st.html('<p class="t-item"><b>Poids de la dimension</b></p>')

    def change(weight: float) -> Change:
        return lambda r: r.with_weights({}, {dimension.code: weight})

    with row():
        weight_row(
            workspace, state.key(f"poids_dimension.{dimension.code}"),
            f"Poids de la dimension {without_markdown(dimension.label)}", dimension.weight,
            max(one.weight for one in recipe.dimensions), change,
        )  # fmt: skip


def _items(
    state: PageState, workspace: Workspace, recipe: Recipe, items: Sequence[RecipeItem],
    shares: dict[str, float],
) -> None:  # fmt: skip
    for item in items:
        draw_item(state, workspace, recipe, item, shares.get(item.code))


def _add_indicator(state: PageState, workspace: Workspace, recipe: Recipe, dimension: str) -> None:
    labels = {_NOTHING: "Choisir…", **_others(workspace, recipe, dimension)}
    key = state.key(f"ajouter.{dimension}")
    hold(key, _NOTHING)
    st.selectbox(
        "Ajouter un indicateur", tuple(labels), key=key, format_func=lambda code: labels[code],
        on_change=_added, args=(workspace, key, dimension),
    )  # fmt: skip


def _others(workspace: Workspace, recipe: Recipe, dimension: str) -> dict[str, str]:
    """Return the indicators a dimension may receive: of the catalogue, or of another dimension."""
    named = {one.code: one.label for one in recipe.dimensions}
    catalogue = workspace.indicators.catalogue
    here = {item.code: item.dimension for item in recipe.items}
    labels = {}
    for code, indicator in catalogue.items():
        if code in here and here[code] != dimension:
            labels[code] = f"{indicator.label} (de « {named[here[code]]} »)"
        elif code not in here and indicator.rankable and indicator.direction:
            mark = f" ({indicator.caution})" if indicator.caution else ""
            labels[code] = f"{indicator.label}{mark}"
    return labels


def _added(workspace: Workspace, key: str, dimension: str) -> None:
    code = st.session_state[key]
    table = workspace.indicators

    def change(recipe: Recipe) -> Recipe:
        if code in recipe.codes:
            return moved_item(recipe, code, dimension)
        return with_item(recipe, table.indicator(code), table.comparable[code], dimension)

    if code != _NOTHING:
        edit(workspace, change)


def _remove_dimension(
    state: PageState, workspace: Workspace, recipe: Recipe, dimension: Dimension
) -> None:
    if len(recipe.dimensions) > 1:
        st.button(
            "Retirer cette dimension", type="tertiary",
            key=state.key(f"retirer_dimension.{dimension.code}"),
            on_click=edit, args=(workspace, lambda r: without_dimension(r, dimension.code)),
        )  # fmt: skip


def _new_dimension(state: PageState, workspace: Workspace) -> None:
    key = state.key("nouvelle_dimension")
    hold(key, "")
    st.text_input(
        "Nouvelle dimension", max_chars=MAX_NAME, placeholder="Son nom, puis Entrée",
        **on_change(
            workspace, key, lambda name: lambda r: with_dimension(r, name) if name.strip() else r
        ),
    )  # fmt: skip
