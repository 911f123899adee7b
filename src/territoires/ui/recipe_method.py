"""The part « Méthode » of the left column: scale, mean, what is missing, score or rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from territoires.indicators import IndicatorTable
from territoires.needs import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISERS,
    Recipe,
    wider_codes,
)
from territoires.needs.editing import as_rule, as_score, with_normalisation
from territoires.needs.recipe import RULE, SCORE
from territoires.ui.recipe_use import Change
from territoires.ui.recipe_widgets import hold, on_change
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_MODES = {SCORE: "Score", RULE: "Règle"}


def method_form(
    state: PageState, workspace: Workspace, recipe: Recipe, table: IndicatorTable
) -> None:
    """Draw the method of a recipe.

    Parameters
    ----------
    table : IndicatorTable
        Of the places compared: proposes fixed bounds.
    """
    with st.expander("Méthode", key=state.key("methode")):
        _mode(state, workspace, recipe)
        if recipe.is_rule:
            _at_least(state, workspace, recipe)
        else:
            _scale(state, workspace, recipe, table)
            _mean(state, workspace, recipe)
            _coverage(state, workspace, recipe)
        _missing(state, workspace, recipe)
        _wider(state, workspace, recipe, table)


def _mode(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    key = state.key("mode")
    hold(key, recipe.mode)
    st.segmented_control(
        "Résultat", tuple(_MODES), format_func=lambda one: _MODES[one], required=True,
        **on_change(workspace, key, lambda mode: as_rule if mode == RULE else as_score),
    )  # fmt: skip
    st.caption(
        "Un territoire est retenu quand assez de critères dépassent leur seuil."
        if recipe.is_rule
        else "Chaque territoire reçoit un score de 0 à 100 et un rang."
    )


def _at_least(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    counted = sum(item.weight > 0 for item in recipe.items)
    key = state.key("au_moins")
    hold(key, recipe.at_least)
    st.number_input(
        f"Critères à remplir, sur {counted}", 1, counted, step=1,
        **on_change(workspace, key, lambda k: lambda r: replace(r, at_least=int(k))),
    )  # fmt: skip


def _scale(state: PageState, workspace: Workspace, recipe: Recipe, table: IndicatorTable) -> None:
    def change(method: str) -> Change:
        return lambda r: with_normalisation(r, method, table.comparable)

    _pick(
        state, workspace, "normalisation", "Mise à la même échelle", recipe.normalisation,
        NORMALISERS, change,
    )  # fmt: skip


def _mean(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    _pick(
        state, workspace, "agregation", "Moyenne", recipe.aggregation, AGGREGATIONS,
        lambda mean: lambda r: replace(r, aggregation=mean),
    )  # fmt: skip


def _missing(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    _pick(
        state, workspace, "imputation", "Remplir ce qui manque", recipe.imputation, IMPUTATIONS,
        lambda way: lambda r: replace(r, imputation=way),
    )  # fmt: skip


def _pick(
    state: PageState, workspace: Workspace, name: str, label: str, value: str,
    registry: dict[str, Any], change: Any,
) -> None:  # fmt: skip
    """Draw a choice in a registry of the engine, and its own explanation of what is chosen."""
    key = state.key(name)
    hold(key, value)
    st.selectbox(
        label, tuple(registry), format_func=lambda one: registry[one].label,
        **on_change(workspace, key, change),
    )  # fmt: skip
    st.caption(registry[value].description)


def _coverage(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    key = state.key("couverture")
    hold(key, round(recipe.min_coverage * 100))
    st.slider(
        "Part du poids à connaître pour classer", 0, 100, step=1, format="%d %%",
        **on_change(workspace, key, lambda p: lambda r: replace(r, min_coverage=p / 100)),
    )  # fmt: skip


def _wider(state: PageState, workspace: Workspace, recipe: Recipe, table: IndicatorTable) -> None:
    if not wider_codes(recipe, table):
        return
    key = state.key("departemental")
    hold(key, recipe.wider_values)
    st.toggle(
        "Chiffres départementaux pris en compte",
        help="Ils sont les mêmes pour toutes les communes d'un département ou d'une zone "
        "d'emploi : ils n'ordonnent pas ces communes entre elles.",
        **on_change(workspace, key, lambda yes: lambda r: replace(r, wider_values=bool(yes))),
    )  # fmt: skip
