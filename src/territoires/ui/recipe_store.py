"""The recipe a person makes: theirs for the visit, on every page, and in the address of each."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.needs import Recipe, check_recipe
from territoires.needs.recipe_address import (
    RECIPE_FIELDS,
    recipe_from_fields,
    recipe_to_fields,
)
from territoires.needs.recipe_upload import check_size
from territoires.ui.markup import escape_markdown
from territoires.ui.state import PageState
from territoires.workspace import Workspace

MINE = "ma_recette"
"""Stands for the person's own recipe where a shipped one has its file name."""

MAX_ADDRESS = 20_000
"""Characters of all the fields of a recipe in an address."""
_OWN, _SEEN = "recette.mienne", "recette.adresse"


def my_recipe() -> Recipe | None:
    """Return the person's own recipe, if there is one in this visit."""
    return st.session_state.get(_OWN)


def keep_my_recipe(recipe: Recipe) -> None:
    """Keep another state of the person's own recipe."""
    st.session_state[_OWN] = recipe


def my_recipe_label(recipe: Recipe) -> str:
    """Return how a list of recipes names the person's own."""
    return f"Ma recette : {recipe.name}"


def adopt_shared_recipe(workspace: Workspace) -> bool:
    """Take the recipe that the address gives, once; tell whether there was one.

    A recipe that cannot serve here is said, and nothing changes.
    """
    fields = {name: st.query_params[name] for name in RECIPE_FIELDS if name in st.query_params}
    # The file name of a shipped recipe has no colon; « code:sens:poids » has.
    if ":" not in fields.get("recette", "") or fields == st.session_state.get(_SEEN):
        return False
    st.session_state[_SEEN] = fields
    try:
        keep_my_recipe(_read(fields, workspace))
    except InvalidRequest as error:
        st.warning(
            "La recette de cette adresse ne peut pas servir ici : une autre est montrée. "
            f"{escape_markdown(str(error))}"
        )
        return False
    return True


def show_in_address(state: PageState, recipe: Recipe) -> None:
    """Put the person's own recipe into the address of a page."""
    fields = recipe_to_fields(recipe)
    st.session_state[_SEEN] = fields
    state.show(fields)


def _read(fields: Mapping[str, str], workspace: Workspace) -> Recipe:
    if sum(map(len, fields.values())) > MAX_ADDRESS:
        raise InvalidRequest(f"Adresse trop longue : {MAX_ADDRESS} caractères au plus.")
    recipe = recipe_from_fields(fields)
    check_size(recipe)
    check_recipe(recipe, workspace.indicators.catalogue)
    return recipe
