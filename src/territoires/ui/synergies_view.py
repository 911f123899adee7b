"""The view « Avec qui ? »: for one initiative, those around that bring what it does not have."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.exports import ExportBundle, exporter
from territoires.indicators import format_number
from territoires.initiatives import Directory, synergies, synergies_table
from territoires.ui.directory_store import session_directory
from territoires.ui.listing import list_mark
from territoires.ui.markup import escape_markdown
from territoires.ui.provenance import provenance
from territoires.ui.state import PageState
from territoires.ui.synergies_map import synergies_map
from territoires.ui.widgets import choose, choose_number
from territoires.workspace import Workspace

_DEFAULT_RADIUS_KM = 30
_MOST_KM = 500
_ROWS_SHOWN, _LIST_PIXELS = 14, 520
_NOBODY = ""
_COLUMNS = {
    "numero": "N°", "nom": "Initiative", "distance_km": "À (km)", "apport": "Apport",
    "axes_apportes": "Axes apportés", "type": "Type", "commune": "Commune",
}  # fmt: skip


def synergies_tab(state: PageState, workspace: Workspace, directory: Directory) -> None:
    """Draw the choice of an initiative and of a distance, then who completes it.

    Parameters
    ----------
    directory : Directory
        Filtered: among whom the initiative is chosen. Those around are looked for in all that
        this visit knows.
    """
    located = directory.located.frame.sort_values("nom", kind="stable")
    if located.empty:
        st.info("Aucune initiative localisée ici : choisissez un autre lieu à gauche.")
        return
    left, right = st.columns([3, 1])
    with left:
        chosen = _choose_initiative(state, located)
    with right:
        radius = choose_number(
            state, "portee", "À moins de (km)", default=_DEFAULT_RADIUS_KM, least=1,
            most=_MOST_KM, step=10,
        ) or _DEFAULT_RADIUS_KM  # fmt: skip
    st.caption(
        "Avec qui travailler : les initiatives alentour d'un autre axe du réseau, puis celles du "
        "même axe, ou d'axe inconnu, d'un autre métier. Les filtres de gauche ne jouent que sur le "
        "choix de l'initiative. Distances à vol d'oiseau, à la commune quand le lieu exact n'est "
        "pas montré ; l'annuaire n'est pas complet."
    )
    if chosen:
        _around(state, workspace, chosen, radius)


def _choose_initiative(state: PageState, located: pd.DataFrame) -> str:
    labels = {_NOBODY: "Choisir…"} | {
        str(code): f"{row['nom']} · {row['geo_commune']}" for code, row in located.iterrows()
    }
    return choose(
        state, "initiative", "Une initiative", tuple(labels), show=lambda code: labels[code]
    )


def _around(state: PageState, workspace: Workspace, chosen: str, radius: int) -> None:
    directory = session_directory(workspace)
    found = synergies(workspace.register, directory, chosen, radius)
    told = synergies_table(found, workspace.vocabularies)
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        name = str(directory.frame.loc[chosen, "nom"])
        row = _list(state, workspace, told, name, radius)
    with right:
        synergies_map(state, workspace, directory, chosen, radius, found, told, row)


def _list(
    state: PageState, workspace: Workspace, told: pd.DataFrame, name: str, radius: int
) -> int | None:
    """Draw the list and its download; return the row that is ticked."""
    if told.empty:
        st.info(
            "Personne de complémentaire n'est recensé à cette distance : élargissez-la. Cela ne "
            "veut pas dire qu'il n'y a personne."
        )
        return None
    plural = "s" if len(told) > 1 else ""
    st.markdown(
        f"**{format_number(len(told))}** initiative{plural} complémentaire{plural} autour de "
        f"**{escape_markdown(name)}**. Cochez une ligne pour la voir sur la carte."
    )
    event = st.dataframe(
        told[list(_COLUMNS)].rename(columns=_COLUMNS), hide_index=True,
        key=state.key(f"complementaires.{list_mark(told['id'])}"), on_select="rerun",
        selection_mode="single-row", height="content" if len(told) <= _ROWS_SHOWN else _LIST_PIXELS,
        column_config={
            "N°": st.column_config.NumberColumn(width=45, help="Le même sur la carte"),
            "Initiative": st.column_config.TextColumn(width=170),
            "À (km)": st.column_config.NumberColumn(format="localized", width=65),
            "Apport": st.column_config.TextColumn(width=155),
        },
    )  # fmt: skip
    st.download_button(
        "Télécharger cette liste (CSV pour Excel)",
        lambda: synergies_file(workspace, told, name, radius),
        "territoires-avec-qui.csv", "text/csv", on_click="ignore",
    )  # fmt: skip
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows else None


def synergies_file(workspace: Workspace, told: pd.DataFrame, name: str, radius: int) -> bytes:
    """Return the list as a file for Excel, which says what was asked and where it comes from."""
    asked = (
        f"Initiatives complémentaires à moins de {format_number(radius)} km, à vol d'oiseau, de : "
        f"{' '.join(name.split())}"
    )
    bundle = ExportBundle("Avec qui travailler", told, (asked, *provenance(workspace)))
    return exporter("csv_excel").write(bundle)
