"""Initiatives: the directory, what it lacks, and one's own file checked and placed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from territoires.geocoding import geocode_table, geocoding_summary
from territoires.indicators import format_number
from territoires.initiatives import (
    Directory,
    directory_from_table,
    has_initiative_columns,
    validate_initiatives,
)
from territoires.tables.findings import Finding
from territoires.tables.reading import TypedTable, read_table
from territoires.tables.text import plain
from territoires.tables.writing import write_csv
from territoires.ui.contents_view import contents_tab
from territoires.ui.directory_store import (
    has_own_directory,
    keep_own_directory,
    session_directory,
)
from territoires.ui.filters import initiative_filter, scope_filter
from territoires.ui.page import run_page
from territoires.ui.state import PageState
from territoires.ui.synergies_view import synergies_tab
from territoires.ui.widgets import open_tab
from territoires.workspace import Workspace

TABS = {
    "annuaire": "Annuaire",
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
_FINDINGS_SHOWN = 200


def _draw(workspace: Workspace, state: PageState) -> None:
    with st.sidebar:
        st.subheader("Initiatives")
        chosen = initiative_filter(state, workspace.vocabularies)
        st.subheader("Où")
        scope = scope_filter(state, workspace.register)
    st.title("Initiatives")
    shown = chosen.apply(session_directory(workspace), scope.communes)
    opened, tabs = open_tab(state, TABS)
    with tabs["annuaire"]:
        _directory_tab(workspace, shown)
    with tabs["fichier"]:
        _own_file_tab(workspace)
    # A map is drawn in an open tab only: in a closed one it would not know its size.
    with tabs[opened]:
        if opened == "avec_qui":
            synergies_tab(state, workspace, shown)
        elif opened == "contenu":
            contents_tab(state, workspace)


def _directory_tab(workspace: Workspace, directory: Directory) -> None:
    directory = _named(directory)
    rows, placed = directory.frame, len(directory.located)
    st.markdown(
        f"**{format_number(len(rows))} initiatives**, dont {format_number(placed)} placées sur la "
        f"carte et {format_number(len(rows) - placed)} non localisées (leur commune n'est pas "
        "connue). L'annuaire n'est pas exhaustif : une commune sans initiative recensée n'est pas "
        "une commune sans initiative."
    )
    st.dataframe(
        _readable(workspace, rows), hide_index=True, height=520,
        column_config={"Source": st.column_config.LinkColumn(display_text="source")},
    )  # fmt: skip
    st.download_button(
        "Télécharger ces initiatives (CSV pour Excel)",
        write_csv(directory.to_table(), excel=True),
        "initiatives.csv",
        "text/csv",
        on_click="ignore",
    )


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


def _own_file_tab(workspace: Workspace) -> None:
    limit = workspace.settings.upload_limit_bytes
    st.markdown(
        "Un fichier CSV d'adresses, de communes ou d'initiatives : chaque ligne est placée dans sa "
        "commune sans envoyer vos données ailleurs. Ce qui est douteux est dit, jamais deviné. "
        f"Taille maximale : {limit // 1_000_000} Mo."
    )
    upload = st.file_uploader(
        "Fichier CSV", label_visibility="collapsed", key="initiatives.fichier"
    )
    if upload is None:
        if has_own_directory():
            st.info("Vos initiatives sont sur la carte de cette session.")
            st.button("Les retirer de la carte", on_click=keep_own_directory, args=(None,))
        return
    table = read_table(upload.getvalue(), upload.name, limit_bytes=limit)
    _report(workspace, table, upload.name)


def _report(workspace: Workspace, table: TypedTable, name: str) -> None:
    placed = geocode_table(table, workspace.gazetteer)
    if placed.empty:
        st.info("Ce fichier n'a que sa ligne de titres : rien à placer.")
        return
    st.success(geocoding_summary(placed))
    findings = list(table.findings)
    if has_initiative_columns(table):
        findings += validate_initiatives(
            table, workspace.vocabularies, workspace.register, gazetteer=workspace.gazetteer
        )
        own = directory_from_table(table, workspace.register, workspace.vocabularies, placed)
        st.button("Montrer ces lignes sur la carte", on_click=_show_on_map, args=(own,))
    else:
        st.caption(
            "Pour montrer ces lignes sur la carte, il faut les colonnes « nom » et « type »."
        )
    _show_findings(findings)
    st.dataframe(placed.replace("", None), hide_index=True, height=420, placeholder="")
    st.download_button(
        "Télécharger le fichier placé (CSV pour Excel)",
        write_csv(placed, excel=True),
        f"{name.rsplit('.', 1)[0][:80]}-place.csv",
        "text/csv",
        type="primary",
        on_click="ignore",
    )


def _show_on_map(own: Directory) -> None:
    keep_own_directory(own)
    st.toast(f"{len(own.located)} initiatives ajoutées à la carte de cette visite.")


def _show_findings(findings: list[Finding]) -> None:
    if not findings:
        return
    st.subheader(f"{len(findings)} remarque{'s' if len(findings) > 1 else ''} sur le fichier")
    table = pd.DataFrame(
        {
            "Niveau": [finding.level for finding in findings],
            "Ligne": [finding.line for finding in findings],
            "Champ": [finding.field or "" for finding in findings],
            "Valeur": [(finding.value or "")[:200] for finding in findings],
            "Message": [finding.message for finding in findings],
        }
    )
    st.dataframe(table.head(_FINDINGS_SHOWN), hide_index=True)


run_page("initiatives", _draw)
