"""The recipe in use on the page Indice de besoins, and each change a person makes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.needs import Recipe
from territoires.needs.recipe_upload import MAX_TEXT, check_size
from territoires.ui.markup import escape_markdown
from territoires.ui.recipe_store import (
    MINE,
    adopt_shared_recipe,
    keep_my_recipe,
    my_recipe,
    show_in_address,
)
from territoires.ui.state import PageState
from territoires.workspace import Workspace

Change = Callable[[Recipe], Recipe]

_USED, _BASE = "recette.en_cours", "recette.depart"
_BEFORE, _PROBLEM = "recette.precedente", "recette.probleme"
_MODIFIED = " (modifiée)"


def recipe_in_use(state: PageState, workspace: Workspace) -> tuple[str, Recipe]:
    """Return the recipe that the address, else the visit, else the data say; keep the address.

    Returns
    -------
    str, Recipe
        File name of a shipped recipe, or ``MINE``; and the recipe.
    """
    if adopt_shared_recipe(workspace):
        st.session_state[_USED] = MINE
    elif _USED not in st.session_state:
        st.session_state[_USED] = _asked(workspace)
    code, recipe = _current(workspace)
    if code == MINE:
        show_in_address(state, recipe)
    else:
        state.keep("recette", code, workspace.default_recipe)
    return code, recipe


def _asked(workspace: Workspace) -> str:
    code = str(st.query_params.get("recette", ""))
    if code in workspace.waiting_recipes:
        name = escape_markdown(workspace.known_recipes[code].name)
        st.warning(
            f"La recette « {name} » attend les données officielles (`territoires actualiser`) : "
            "une autre est montrée."
        )
    return code


def _current(workspace: Workspace) -> tuple[str, Recipe]:
    code = st.session_state.get(_USED, "")
    mine = my_recipe()
    if code == MINE and mine is not None:
        return MINE, mine
    code = code if code in workspace.recipes else workspace.default_recipe
    return code, workspace.recipes[code]


def use(code: str) -> None:
    """Take a shipped recipe, or the person's own."""
    st.session_state[_USED] = code


def edit(workspace: Workspace, change: Change) -> None:
    """Change the recipe in use: a shipped one becomes the person's own; a refusal is kept to say.

    Parameters
    ----------
    change : callable
        Gives another recipe, or raises :class:`InvalidRequest`.
    """
    code, before = _current(workspace)
    try:
        after = change(before)
        check_size(after)
    except InvalidRequest as error:
        st.session_state[_PROBLEM] = str(error)
        return
    if after == before:
        return
    if code != MINE:
        after = _forked(before, after)
        start_from(after, code)
    keep_my_recipe(after)


def start_from(recipe: Recipe, base: str) -> None:
    """Make a recipe the person's own and the one in use; the one they had can be taken back."""
    previous = my_recipe()
    if previous is not None:
        st.session_state[_BEFORE] = previous
    st.session_state[_BASE] = base
    keep_my_recipe(recipe)
    use(MINE)


def _forked(before: Recipe, after: Recipe) -> Recipe:
    """Say in the texts of a changed recipe that its reasons were those of another."""
    reason = f"D’après « {before.name} », modifiée. {before.rationale}".strip()[:MAX_TEXT]
    name = after.name if after.name != before.name else f"{before.name}{_MODIFIED}"
    return replace(after, name=name, rationale=reason, date=date.today().isoformat())


def take_file(workspace: Workspace, recipe: Recipe | None, problem: str) -> None:
    """Take the recipe of a file a person has just given, or keep why it is refused, to say."""
    if recipe is not None:
        start_from(recipe, workspace.default_recipe)
    else:
        st.session_state[_PROBLEM] = problem


def base_recipe(workspace: Workspace) -> str:
    """Return the shipped recipe that the person's own was made from, else the default one."""
    code = st.session_state.get(_BASE, "")
    return code if code in workspace.recipes else workspace.default_recipe


def previous_recipe() -> Recipe | None:
    """Return the person's own recipe that another has replaced, if any."""
    return st.session_state.get(_BEFORE)


def take_back() -> None:
    """Exchange the person's own recipe and the one it replaced."""
    previous, current = previous_recipe(), my_recipe()
    if previous is not None:
        st.session_state[_BEFORE] = current
        keep_my_recipe(previous)
        use(MINE)


def refusal() -> str:
    """Return why the last change was refused, once; empty when it was not."""
    return str(st.session_state.pop(_PROBLEM, ""))
