"""A recipe as a file: downloaded to keep or to send, given back to go on."""

from __future__ import annotations

import streamlit as st

from territoires.exports.registry import file_name
from territoires.needs import Recipe, recipe_to_toml
from territoires.ui.recipe_use import load_file
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_MEDIA_TYPE = "application/toml"


def file_form(state: PageState, workspace: Workspace, recipe: Recipe) -> None:
    """Draw the download of the recipe in use, and the upload of another."""
    with st.expander("Enregistrer, reprendre, partager", key=state.key("fichier_recette")):
        st.download_button(
            "Enregistrer la recette", lambda: recipe_to_toml(recipe).encode(),
            file_name(recipe.name, ".toml"), _MEDIA_TYPE, on_click="ignore", width="stretch",
        )  # fmt: skip
        key = state.key("reprise")
        st.file_uploader(
            "Reprendre une recette enregistrée (fichier .toml)", key=key,
            on_change=load_file, args=(workspace, key),
        )  # fmt: skip
        st.caption(
            "L'adresse de la page contient la recette : copiez-la pour la partager. Elle laisse de "
            "côté les textes (description, raisons), que le fichier garde."
        )
