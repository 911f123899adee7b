"""Initiatives: the directory, what it lacks, and one's own file checked and placed."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pandas as pd
import streamlit as st

from territoires.indicators import format_number
from territoires.initiatives import Directory
from territoires.tables.text import plain
from territoires.tables.writing import write_csv
from territoires.ui import review_store
from territoires.ui.contents_view import contents_tab
from territoires.ui.directory_store import session_directory
from territoires.ui.filters import initiative_filter
from territoires.ui.initiative_print import offer_booklet, offer_initiative_sheet
from territoires.ui.initiative_view import initiative_tab, open_sheet
from territoires.ui.markup import escape_markdown
from territoires.ui.members_box import choose_scope
from territoires.ui.own_file_view import own_file_tab
from territoires.ui.page import run_page
from territoires.ui.state import PageState
from territoires.ui.synergies_view import synergies_tab
from territoires.ui.widgets import open_tab
from territoires.workspace import Workspace

TABS = {
    "annuaire": "Annuaire",
    "fiche": "Une fiche",
    "avec_qui": "Avec qui ?",
    "contenu": "Ce que l'annuaire contient",
    "fichier": "Vérifier et placer mon fichier",
}
_STATUS_WORDS = {"sur": "placée", "a_verifier": "à vérifier", "non_trouve": "non localisée"}
_COLUMNS = {
    "nom": "Nom", "type": "Type", "axes": "Axes", "geo_commune": "Commune", "statut": "Statut",
    "porteur": "Porteur", "description": "Description", "perimetre": "Périmètre",
    "geo_statut": "Localisation", "geo_motif": "Motif", "source_url": "Source",
}  # fmt: skip
_LONGEST_NAME = 120


def _draw(workspace: Workspace, state: PageState) -> None:
    with st.sidebar:
        st.subheader("Initiatives")
        chosen = initiative_filter(state, workspace.vocabularies)
        st.subheader("Où")
        scope = choose_scope(state, workspace)
    st.title("Initiatives")
    shown = chosen.apply(session_directory(workspace), scope.communes)
    opened, tabs = open_tab(state, TABS)
    with tabs["annuaire"]:
        _directory_tab(workspace, state, shown)
    with tabs["fichier"]:
        own_file_tab(state, workspace, is_open=opened == "fichier")
    # A map is drawn in an open tab only: in a closed one it would not know its size.
    with tabs[opened]:
        if opened == "fiche":
            initiative_tab(state, workspace, shown)
        elif opened == "avec_qui":
            synergies_tab(state, workspace, shown)
        elif opened == "contenu":
            contents_tab(state, workspace)
    review_store.keep_on_device()


def _directory_tab(workspace: Workspace, state: PageState, directory: Directory) -> None:
    directory = _named(directory)
    rows, placed = directory.frame, len(directory.located)
    st.markdown(
        f"**{format_number(len(rows))} initiatives**, dont {format_number(placed)} placées sur la "
        f"carte et {format_number(len(rows) - placed)} non localisées (leur commune n'est pas "
        "connue). L'annuaire n'est pas exhaustif : une commune sans initiative recensée n'est pas "
        "une commune sans initiative."
    )
    # A tick belongs to a list: another list starts without any.
    listed = zlib.crc32("\n".join(rows.index).encode())
    event = st.dataframe(
        _readable(workspace, rows), hide_index=True, height=520,
        key=state.key(f"annuaire.{listed}"), on_select="rerun", selection_mode="single-row",
        column_config={"Source": st.column_config.LinkColumn(display_text="source")},
    )  # fmt: skip
    ticked = event["selection"]["rows"]
    _offer(workspace, state, directory, str(rows.index[ticked[0]]) if ticked else "")


def _offer(workspace: Workspace, state: PageState, directory: Directory, ticked: str) -> None:
    """Draw what can be had of the rows shown, and of the one that is ticked."""
    if ticked:
        st.markdown(
            f"**{escape_markdown(str(directory.frame.loc[ticked, 'nom'])[:_LONGEST_NAME])}**"
        )
        with st.container(horizontal=True):
            offer_initiative_sheet(workspace, directory, ticked, state.key("fiche_cochee"))
            st.button(
                "Lire et compléter sa fiche", key=state.key("ouvrir_fiche"),
                on_click=open_sheet, args=(state, TABS["fiche"], ticked),
            )  # fmt: skip
    else:
        st.caption("Cochez une ligne pour imprimer sa fiche, ou la compléter.")
    with st.container(horizontal=True):
        st.download_button(
            "Télécharger ces initiatives (CSV pour Excel)",
            write_csv(directory.to_table(), excel=True),
            "initiatives.csv",
            "text/csv",
            on_click="ignore",
        )
        offer_booklet(workspace, directory, state.key("livret"))


def _named(directory: Directory) -> Directory:
    words = plain(st.text_input("Chercher un nom, un porteur, un mot", max_chars=100))
    if not words:
        return directory
    columns = directory.frame[["nom", "porteur", "description", "geo_commune"]]
    texts = columns.agg(" ".join, axis=1).map(plain)
    return replace(directory, frame=directory.frame[texts.str.contains(words, regex=False)])


def _readable(workspace: Workspace, rows: pd.DataFrame) -> pd.DataFrame:
    vocabularies = workspace.vocabularies
    table = rows.reset_index()[list(_COLUMNS)].copy()
    table["type"] = table["type"].map(vocabularies.types.label)
    table["statut"] = table["statut"].map(vocabularies.statuses.label)
    table["perimetre"] = table["perimetre"].map(vocabularies.perimeters.label)
    table["axes"] = table["axes"].str.replace(";", ", ").replace("", "sans axe")
    table["geo_statut"] = table["geo_statut"].map(_STATUS_WORDS)
    return table.rename(columns=_COLUMNS)


run_page("initiatives", _draw)
