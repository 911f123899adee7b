"""The choice of an index, where one is enough: the shipped recipes, and the person's own."""

from __future__ import annotations

import streamlit as st

from territoires.needs import Recipe
from territoires.ui.recipe_store import (
    MINE,
    adopt_shared_recipe,
    my_recipe,
    my_recipe_label,
    show_in_address,
)
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.workspace import Workspace


def recipe_names(workspace: Workspace) -> dict[str, str]:
    """Return how each recipe that may be chosen is named; the person's own comes last."""
    names = {code: one.name for code, one in workspace.recipes.items()}
    mine = my_recipe()
    return names if mine is None else {**names, MINE: my_recipe_label(mine)}


def choose_recipe(state: PageState, workspace: Workspace) -> tuple[str, Recipe]:
    """Draw the choice of an index; one that the address shares is the first choice.

    Returns
    -------
    str, Recipe
        File name of a shipped recipe, or ``MINE``; and the recipe.
    """
    if adopt_shared_recipe(workspace):
        st.session_state[state.key("recette")] = MINE
    names = recipe_names(workspace)
    code = choose(
        state, "recette", "Indice de besoin", tuple(names), show=lambda key: names[key],
        default=workspace.default_recipe,
    )  # fmt: skip
    mine = my_recipe()
    if code == MINE and mine is not None:
        show_in_address(state, mine)
        return code, mine
    return code, workspace.recipes[code]
