"""A recipe as a file: downloaded to keep or to send, given back to go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.exports.registry import file_name
from territoires.needs import Recipe, recipe_to_toml
from territoires.needs.recipe_upload import recipe_from_upload
from territoires.ui.one_file import read_once
from territoires.ui.recipe_use import take_file
from territoires.ui.state import PageState
from territoires.workspace import Workspace

Take = Callable[[Recipe | None, str], None]
"""Given the recipe of a file, else why it is refused."""

_MEDIA_TYPE = "application/toml"


def file_form(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    """Draw the download of the recipe in use, and the upload of another."""
    with st.expander("Enregistrer, reprendre, partager", key=state.key("fichier_recette")):
        st.download_button(
            "Enregistrer la recette", lambda: recipe_to_toml(recipe).encode(),
            file_name(recipe.name, ".toml"), _MEDIA_TYPE, on_click="ignore", width="stretch",
        )  # fmt: skip
        recipe_uploader(
            workspace, state.key("reprise"), "Reprendre une recette enregistrée (fichier .toml)",
            partial(take_file, workspace),
        )  # fmt: skip
        st.caption(
            "L'adresse de la page contient la recette : copiez-la pour la partager. Elle laisse de "
            "côté les textes (description, raisons), que le fichier garde."
        )


def recipe_uploader(workspace: Workspace, name: str, label: str, take: Take) -> None:
    """Draw a place for a recipe file; each file is read once, then the place is empty again.

    Parameters
    ----------
    name : str
        Start of its session key.
    take : callable
        What is done of the recipe, or of the refusal.
    """

    def read(content: bytes, file: str) -> None:
        try:
            take(recipe_from_upload(content, file, workspace.indicators.catalogue), "")
        except InvalidRequest as error:
            take(None, str(error))

    read_once(label, name, read)
