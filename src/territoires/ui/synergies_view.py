"""The tab « Avec qui ? »: for one initiative, those around that bring what it does not have."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.indicators import format_number
from territoires.initiatives import Directory, synergies
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_number
from territoires.workspace import Workspace

_DEFAULT_RADIUS_KM = 30
_NOBODY = ""


def synergies_tab(state: PageState, workspace: Workspace, directory: Directory) -> None:
    """Draw the choice of an initiative and of a distance, then who completes it."""
    located = directory.located.frame.sort_values("nom", kind="stable")
    if located.empty:
        st.info("Aucune initiative localisée ici : choisissez un autre lieu à gauche.")
        return
    labels = {_NOBODY: "Choisir…"} | {
        str(code): f"{row['nom']} · {row['geo_commune']}" for code, row in located.iterrows()
    }
    chosen = choose(
        state, "initiative", "Une initiative", tuple(labels), show=lambda code: labels[code]
    )
    radius = choose_number(
        state, "portee", "À moins de (km)", default=_DEFAULT_RADIUS_KM, least=1, most=500, step=10
    ) or _DEFAULT_RADIUS_KM  # fmt: skip
    st.caption(
        "Avec qui travailler : les initiatives alentour d'un autre axe du réseau, puis celles du "
        "même axe mais d'un autre métier. Les distances sont à vol d'oiseau ; l'annuaire n'est pas "
        "complet."
    )
    if chosen:
        _found(workspace, synergies(workspace.register, workspace.directory, chosen, radius))


def _found(workspace: Workspace, around: pd.DataFrame) -> None:
    if around.empty:
        st.info("Rien de complémentaire n'est recensé à cette distance : élargissez-la.")
        return
    words = workspace.vocabularies
    axes = around["axes_apportes"].str.split(";").map(
        lambda codes: ", ".join(words.axes.label(code) for code in codes if code)
    )  # fmt: skip
    st.markdown(f"**{format_number(len(around))}** initiatives complémentaires.")
    table = pd.DataFrame(
        {
            "Initiative": around["nom"],
            "Apport": around["apport"],
            "Axes apportés": axes,
            "Type": around["type"].map(words.types.label),
            "Commune": around["geo_commune"],
            "À (km)": around["distance_km"].round(1),
        }
    )
    st.dataframe(
        table, hide_index=True,
        column_config={"À (km)": st.column_config.NumberColumn(format="localized")},
    )  # fmt: skip
