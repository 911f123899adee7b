"""Données et méthode: what each figure is, where it comes from, what it does not say."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.indicators import format_number, format_share
from territoires.sources.waiting import waiting_sentence
from territoires.ui.contents_view import by_type_table
from territoires.ui.data_sheet import READINGS, indicators_tab
from territoires.ui.data_sources import sources_tab
from territoires.ui.markup import escape_markdown
from territoires.ui.official_notice import official_notice
from territoires.ui.page import run_page
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_METHOD = """
**Indice de besoin.** Chaque indicateur est transformé en rang centile, de 0 (moindre besoin) à 1
(plus grand besoin), les ex æquo partageant le rang moyen ; l'indice est la moyenne pondérée des
rangs connus, montrée sur 100. Une valeur manquante n'est jamais comptée comme zéro : la
*couverture* dit quelle part du poids est connue, et sous le seuil de la recette la commune est
« non classée ». Le rang 1 est le plus grand besoin.

**Besoin et capacité ne sont jamais additionnés.** L'indice ne tient pas compte des initiatives ; la
distance à une initiative est une condition à part.

**Distances** à vol d'oiseau, dans la projection officielle de chaque territoire (Lambert-93 en
métropole), de point de référence à point de référence : la mairie, sinon un point intérieur de la
commune.

**Groupes de communes** : un taux est la somme des numérateurs divisée par la somme des
dénominateurs ; quand seul le taux existe, la moyenne est pondérée par la population, et c'est dit.
"""


def _draw(workspace: Workspace, state: PageState) -> None:
    st.title("Données et méthode")
    official_notice(workspace)
    st.markdown(
        f"Données **{workspace.colours.version}** · "
        f"{format_number(len(workspace.register.communes))} communes du code officiel "
        f"géographique au 1er janvier {workspace.register.cog}."
    )
    indicators, sources, index, directory, register = st.tabs(
        ["Indicateurs", "Sources", "Indice et rangs", "Annuaire", "Communes et contours"]
    )
    with indicators:
        indicators_tab(state, workspace)
    with sources:
        sources_tab(workspace)
    with index:
        _index_tab(workspace)
    with directory:
        _directory_tab(workspace)
    with register:
        st.markdown((workspace.settings.data_dir / "communes" / "rapport.md").read_text("utf-8"))


def _index_tab(workspace: Workspace) -> None:
    st.markdown(_METHOD)
    for recipe in workspace.recipes.values():
        st.subheader(recipe.name)
        st.caption(
            f"Non classé quand moins de {format_share(recipe.min_coverage)} du poids est connu."
        )
        st.dataframe(
            pd.DataFrame(
                {
                    "Indicateur": [
                        workspace.indicators.catalogue[item.code].label for item in recipe.items
                    ],
                    "Sens": [READINGS[item.direction] for item in recipe.items],
                    "Poids dans le score": [format_share(share) for share in recipe.weights],
                }
            ),
            hide_index=True,
        )

    for name, codes in workspace.waiting_recipes.items():
        recipe = workspace.known_recipes[name]
        st.subheader(recipe.name)
        st.info(escape_markdown(f"{recipe.description} {waiting_sentence(workspace, codes)}"))


def _directory_tab(workspace: Workspace) -> None:
    st.markdown(
        "L'annuaire livré rassemble des faits publics et sourcés ; il n'est pas exhaustif. "
        "« Inconnu » : personne, à notre connaissance, n'a compté ces initiatives en France. Par "
        "département, avec sa carte : page Initiatives, onglet « Ce que l'annuaire contient »."
    )
    by_type_table(workspace, workspace.directory)


run_page("donnees", _draw)
