"""One indicator of a recipe in the left column: which way it reads, how much it counts."""

from __future__ import annotations

import streamlit as st

from territoires.indicators import Indicator, format_share
from territoires.needs import Recipe, RecipeItem
from territoires.needs.editing import FIRST_PERCENTILE, changed_item, percentile_value, reweighted
from territoires.needs.story_items import reading
from territoires.ui.markup import text, without_markdown
from territoires.ui.recipe_use import Change, edit
from territoires.ui.recipe_widgets import hold, number_box, on_change, row, weight_row
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_LIMITS = {"centile": "par centile", "valeur": "par valeur"}


def draw_item(
    state: PageState, workspace: Workspace, recipe: Recipe, item: RecipeItem, share: float | None
) -> None:
    """Draw an indicator with what can be changed of it.

    Parameters
    ----------
    share : float or None
        Its part of the score; ``None`` when it does not take part here.
    """
    indicator = workspace.indicators.indicator(item.code)
    with st.container(gap=None, key=state.key(f"item.{item.code}")):
        st.html(_heading(indicator, item, recipe, share))
        if recipe.is_rule:
            _criterion_row(state, workspace, item, indicator)
            with row():
                _counts(state, workspace, item)
                _remove(state, workspace, recipe, item, indicator.label)
        else:
            _weight_row(state, workspace, recipe, item, indicator)
        if recipe.normalisation == "bornes" and not recipe.is_rule and item.bounds is not None:
            _bounds_row(state, workspace, item, indicator, item.bounds)


def _heading(indicator: Indicator, item: RecipeItem, recipe: Recipe, share: float | None) -> str:
    marks = [reading(item, indicator)]
    marks += [f"chiffre {indicator.of_place}"] if indicator.is_wider else []
    marks += [indicator.caution] if indicator.caution else []
    if share is None:
        marks.append("laissé de côté")
    counted = "" if recipe.is_rule or share is None else f"<span>{format_share(share, 1)}</span>"
    return (
        f'<div class="t-item"><b title="{text(indicator.definition)}">{text(indicator.label)}</b>'
        f"{counted}<small>{text(' · '.join(marks))}</small></div>"
    )


def _weight_row(
    state: PageState, workspace: Workspace, recipe: Recipe, item: RecipeItem, indicator: Indicator
) -> None:
    def change(weight: float) -> Change:
        return lambda r: reweighted(r, item.code, weight)

    label = f"Poids de {without_markdown(indicator.label)}"
    heaviest = max(one.weight for one in recipe.items)
    with row():
        key = state.key(f"poids.{item.code}")
        weight_row(workspace, key, label, item.weight, heaviest, change)
        _remove(state, workspace, recipe, item, indicator.label)


def _criterion_row(
    state: PageState, workspace: Workspace, item: RecipeItem, indicator: Indicator
) -> None:
    """Draw the threshold of a criterion: a percentile of need, or a value in its unit."""
    by_value = item.threshold is not None
    with row("bottom"):
        key = state.key(f"seuil_par.{item.code}")
        hold(key, "valeur" if by_value else "centile")
        st.selectbox(
            "Seuil", tuple(_LIMITS), format_func=lambda one: _LIMITS[one], width="stretch",
            **on_change(workspace, key, lambda kind: _limit_kind(workspace, item, kind)),
        )  # fmt: skip
        number = item.threshold if item.threshold is not None else item.percentile
        unit = indicator.unit if by_value else "de 0 à 100"

        def change(limit: float) -> Change:
            field = "threshold" if by_value else "percentile"
            return lambda r: changed_item(r, item.code, **{field: limit})

        number_box(
            workspace, state.key(f"seuil.{item.code}"), unit or "valeur", number or 0.0, change,
            width=104, visible=True,
        )  # fmt: skip
    if item.linked:
        catalogue = workspace.indicators.catalogue
        others = " et ".join(f"« {catalogue[code].label} »" for code in item.linked)
        st.html(f'<p class="t-note">Ne compte que rempli avec {text(others)}.</p>')


def _limit_kind(workspace: Workspace, item: RecipeItem, kind: str) -> Change:
    if kind == "centile":
        return lambda r: changed_item(
            r, item.code, threshold=None, percentile=item.percentile or FIRST_PERCENTILE
        )
    values = item.measured(workspace.indicators.comparable[item.code].to_numpy(dtype=float))
    decimals = workspace.indicators.indicator(item.code).decimals
    limit = percentile_value(values, item.direction, item.percentile or FIRST_PERCENTILE)
    return lambda r: changed_item(r, item.code, percentile=None, threshold=round(limit, decimals))


def _counts(state: PageState, workspace: Workspace, item: RecipeItem) -> None:
    key = state.key(f"compte.{item.code}")
    hold(key, item.weight > 0)
    st.checkbox(
        "Ce critère compte",
        **on_change(
            workspace, key, lambda yes: lambda r: reweighted(r, item.code, 1.0 if yes else 0.0)
        ),
    )


def _bounds_row(
    state: PageState, workspace: Workspace, item: RecipeItem, indicator: Indicator,
    bounds: tuple[float, float],
) -> None:  # fmt: skip
    unit = f" ({indicator.unit})" if indicator.unit else ""
    with row():
        for at, name in enumerate(("De", "À")):

            def change(bound: float, at: int = at) -> Change:
                low, high = (bound if k == at else bounds[k] for k in (0, 1))
                return lambda r: changed_item(r, item.code, bounds=(low, high))

            number_box(
                workspace, state.key(f"borne_{at}.{item.code}"), f"{name}{unit}", bounds[at],
                change, width="stretch", visible=True,
            )  # fmt: skip


def _remove(
    state: PageState, workspace: Workspace, recipe: Recipe, item: RecipeItem, label: str
) -> None:
    """Draw a small cross; who does not see it hears the whole label."""
    if len(recipe.items) > 1:
        st.button(
            f"Retirer {without_markdown(label)}", type="tertiary",
            key=state.key(f"retirer.{item.code}"),
            on_click=edit, args=(workspace, lambda r: r.without([item.code])),
        )  # fmt: skip
