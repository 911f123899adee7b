"""The view « Ce que l'annuaire contient »: by type and by département, beside other counts."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from territoires.exports import ExportBundle, exporter
from territoires.indicators import format_number, format_share
from territoires.initiatives import Directory, ExternalCount
from territoires.initiatives.completeness import (
    EVERY_TYPE,
    completeness_by_departement,
    completeness_by_type,
    counted_in_france,
)
from territoires.ui.contents_map import contents_map
from territoires.ui.directory_store import session_directory
from territoires.ui.markup import escape_markdown
from territoires.ui.provenance import provenance
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.workspace import Workspace

UNKNOWN = "inconnu"
_SHARE_DECIMALS, _SHARE_SHOWN = 4, 2
_COUNTS = ("Recensées", "Localisées")
_BY_TYPE = {
    "libelle": "Type", "recensees": "Recensées", "localisees": "Localisées",
    "connues": "Comptées ailleurs", "part": "Part recensée", "qui": "Qui compte, quand",
}  # fmt: skip
_BY_DEPARTEMENT = {
    "code_departement": "Code", "nom": "Département", "initiatives": "Recensées",
    "localisees": "Localisées", "part_localisees": "Part localisée",
    "connues": "Comptées ailleurs", "source_recente": "Source la plus récente",
}  # fmt: skip


def contents_tab(state: PageState, workspace: Workspace) -> None:
    """Draw what this visit knows of initiatives, by type, then by département with its map."""
    directory = session_directory(workspace)
    st.markdown(
        "L'annuaire rassemble des faits publics et sourcés, et vos lignes si vous en avez ajouté ; "
        "il n'est pas exhaustif. Un zéro veut dire « rien de recensé ici », jamais « aucune "
        "initiative ». «\u00a0Inconnu\u00a0» : personne, à notre connaissance, n'a compté. Les "
        "filtres de gauche ne jouent pas ici."
    )
    st.subheader("Par type, en France")
    by_type_table(workspace, directory)
    st.subheader("Par département")
    kind = _choose_type(state, workspace, directory)
    table = completeness_by_departement(
        directory, workspace.register, workspace.external_counts, kind
    )
    st.markdown(_sentence(workspace, table, kind))
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        _departements(workspace, table.reset_index(), kind)
    with right:
        contents_map(state, workspace, table)


def by_type_table(workspace: Workspace, directory: Directory) -> None:
    """Draw what is recorded of each type, beside what others have counted, and its download."""
    table = completeness_by_type(directory, workspace.vocabularies, workspace.external_counts)
    told = (table["source"] + ", " + table["date"]).str.strip(", ")
    _table(table.assign(qui=told.where(told != "", None)), _BY_TYPE, height="content")
    _download(workspace, "L'annuaire par type", table, "territoires-annuaire-types.csv")


def _choose_type(state: PageState, workspace: Workspace, directory: Directory) -> str:
    there = set(directory.frame["type"])
    labels = workspace.vocabularies.types.labels
    # A member's file may have types of its own.
    kinds = {code: labels.get(code, code) for code in [*labels, *sorted(there - set(labels))]}
    shown = {EVERY_TYPE: "Tous les types"} | {k: v for k, v in kinds.items() if k in there}
    return choose(
        state, "type", "Type d'initiative compté", tuple(shown), show=lambda code: shown[code]
    )


def _sentence(workspace: Workspace, table: pd.DataFrame, kind: str) -> str:
    """Say how many are recorded, how many there are for others, and where nothing is recorded."""
    recorded, located = int(table["initiatives"].sum()), int(table["localisees"].sum())
    silent = int((table["initiatives"].iloc[:-1] == 0).sum())
    known = counted_in_france(workspace.external_counts, kind)
    return (
        f"**{format_number(recorded)}** recensées en France, dont {format_number(located)} "
        f"localisées ; comptées ailleurs : {_counted(known, recorded)}. Rien de recensé dans "
        f"{format_number(silent)} départements sur {format_number(len(table) - 1)}."
    )


def _counted(known: ExternalCount | None, recorded: int) -> str:
    if known is None:
        return f"**{UNKNOWN}**"
    share = f", soit {format_share(recorded / known.number)} de recensées" if known.number else ""
    told = escape_markdown(f"{known.source}, {known.date}")
    return f"**{format_number(known.number)}** ({told}){share}"


def _departements(workspace: Workspace, table: pd.DataFrame, kind: str) -> None:
    shown = table.assign(source_recente=table["source_recente"].replace("", None))
    _table(shown, _BY_DEPARTEMENT, height=520)
    label = workspace.vocabularies.types.label(kind) if kind else "tous les types"
    title = f"L'annuaire par département : {label}"
    _download(workspace, title, table, "territoires-annuaire-departements.csv")


def _table(table: pd.DataFrame, columns: dict[str, str], height: int | Literal["content"]) -> None:
    """Draw a table whose missing cells say « inconnu », and sort as numbers."""
    share = st.column_config.NumberColumn(format="percent", width=95)
    st.dataframe(
        table[list(columns)].round(_SHARE_SHOWN).rename(columns=columns), hide_index=True,
        placeholder=UNKNOWN, height=height,
        column_config={
            "Part recensée": share, "Part localisée": share,
            "Code": st.column_config.TextColumn(width=50),
            "Département": st.column_config.TextColumn(width=150),
            "Type": st.column_config.TextColumn(width=250),
            **{name: st.column_config.NumberColumn(width=85) for name in _COUNTS},
            "Comptées ailleurs": st.column_config.NumberColumn(width=115),
        },
    )  # fmt: skip


def _download(workspace: Workspace, title: str, table: pd.DataFrame, name: str) -> None:
    st.download_button(
        "Télécharger ce tableau (CSV pour Excel)", lambda: _file(workspace, title, table), name,
        "text/csv", on_click="ignore", key=name,
    )  # fmt: skip


def _file(workspace: Workspace, title: str, table: pd.DataFrame) -> bytes:
    counted = table["connues"].astype("str").where(table["connues"].notna(), UNKNOWN)
    others = tuple(
        f"Compté ailleurs : {one.type}, {one.number} ({one.source}, {one.date}, {one.source_url})"
        for one in workspace.external_counts
    )
    written = table.round(_SHARE_DECIMALS).assign(connues=counted)
    lines = (*provenance(workspace), *others)
    return exporter("csv_excel").write(ExportBundle(title, written, lines))
