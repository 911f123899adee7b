"""Ma sélection: the territories kept, their notes, and the file one can send."""

from __future__ import annotations

from functools import partial

import streamlit as st

from territoires.exports import ExportBundle, Exporter, exporter
from territoires.indicators import MISSING_TEXT, format_number
from territoires.shortlist import MAX_NOTE_LENGTH, STATUSES, Shortlist, shortlist_table
from territoires.territory import territory_from_code
from territoires.ui.directory_store import session_directory
from territoires.ui.page import run_page
from territoires.ui.place_sheet import belonging
from territoires.ui.provenance import provenance
from territoires.ui.selection_store import (
    current_selection,
    remove_from_selection,
    replace_selection,
)
from territoires.ui.state import PageState
from territoires.workspace import Workspace


def _draw(workspace: Workspace, _state: PageState) -> None:
    st.title("Ma sélection")
    selection = current_selection()
    if not selection.items:
        st.info(
            "Votre sélection est vide. Ajoutez-y des lieux depuis la page Carte ou la page "
            "Territoires candidats."
        )
        return
    st.caption(
        "Cette liste vit dans cette visite : téléchargez-la pour la garder. Rien n'est enregistré "
        "sur le serveur."
    )
    for position, item in enumerate(selection.items):
        _card(workspace, selection, position, item.code)
    _downloads(workspace, current_selection())


def _card(workspace: Workspace, selection: Shortlist, position: int, code: str) -> None:
    place = territory_from_code(workspace.register, code)
    item = selection.items[position]
    with st.container(border=True):
        name, note, tools = st.columns([1.4, 2, 0.7])
        population = (
            MISSING_TEXT if place.population is None else f"{format_number(place.population)} hab."
        )
        name.markdown(f"**{position + 1}. {place.nom}** ({code.partition(':')[2]})")
        name.caption(f"{belonging(workspace.register, place)} · {population}")
        written = note.text_area(
            "Note", item.note, key=f"selection.note.{code}", height=80,
            max_chars=MAX_NOTE_LENGTH, placeholder="Note : pourquoi ce lieu, qui appeler…",
            label_visibility="collapsed",
        )  # fmt: skip
        statut = name.selectbox(
            "Statut", tuple(STATUSES), tuple(STATUSES).index(item.statut),
            format_func=lambda key: STATUSES[key], key=f"selection.statut.{code}",
            label_visibility="collapsed",
        )  # fmt: skip
        if (written.strip(), statut) != (item.note, item.statut):
            replace_selection(current_selection().annotate(code, written, statut=statut))
        tools.button("Retirer", key=f"selection.retirer.{code}", on_click=remove_from_selection,
                     args=(code,))  # fmt: skip
        if position:
            tools.button("Monter", key=f"selection.monter.{code}", on_click=_move_up, args=(code,))


def _move_up(code: str) -> None:
    selection = current_selection()
    position = [item.code for item in selection.items].index(code)
    replace_selection(selection.move(code, position - 1))


def _downloads(workspace: Workspace, selection: Shortlist) -> None:
    with st.container(horizontal=True):
        for code in ("csv_excel", "geojson"):
            kind = exporter(code)
            st.download_button(
                f"Télécharger : {kind.label}", partial(_file, workspace, selection, kind),
                kind.file_name(selection.nom), kind.media_type, on_click="ignore",
                type="primary" if code == "csv_excel" else "secondary",
            )  # fmt: skip


def _file(workspace: Workspace, selection: Shortlist, kind: Exporter) -> bytes:
    register, catalogue = workspace.register, workspace.indicators.catalogue
    table = shortlist_table(
        selection, register, workspace.indicators, session_directory(workspace), tuple(catalogue)
    )
    outlines = [territory_from_code(register, code).outline(register) for code in selection.codes]
    lines = provenance(workspace, tuple(catalogue.values()))
    return kind.write(ExportBundle(selection.nom, table, lines, outlines))


run_page("selection", _draw)
