"""The open list as files: taken back from one of our exports, and written in each format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from territoires.candidates import CandidateList, why
from territoires.exports import Exporter, read_shortlist, territory_bundle
from territoires.indicators import format_number
from territoires.shortlist import Shortlist, shortlist_table
from territoires.territory import territory_from_code
from territoires.ui.candidate_search import found_again
from territoires.ui.directory_store import session_directory
from territoires.ui.export_buttons import offer_files
from territoires.ui.provenance import provenance
from territoires.ui.selection_store import change_binder, current_selection, last_search
from territoires.ui.sheets import selection_pdf
from territoires.workspace import Workspace


def take_back(workspace: Workspace) -> None:
    """Draw the way back: a file of ours becomes a list, or joins the one that is open."""
    with st.expander("Reprendre un fichier de Territoires"):
        st.caption("Tout fichier téléchargé d'ici : ses lieux, notes, étiquettes et statuts.")
        limit = workspace.settings.upload_limit_bytes
        upload = st.file_uploader(
            "Sélection enregistrée", label_visibility="collapsed", key="selection.fichier"
        )
        if upload is None:
            return
        name = upload.name.rpartition(".")[0].strip()[:100] or current_selection().nom
        taken = read_shortlist(upload.getvalue(), upload.name, limit_bytes=limit, nom=name)
        st.caption(f"{format_number(len(taken))} lieux dans ce fichier.")
        with st.container(horizontal=True):
            st.button("En faire une liste", type="primary", on_click=_as_list, args=(taken,))
            st.button("Ajouter à la liste ouverte", on_click=_into_open, args=(taken,))


def _as_list(taken: Shortlist) -> None:
    change_binder(lambda binder: binder.add(taken))


def _into_open(taken: Shortlist) -> None:
    change_binder(lambda binder: binder.with_current(binder.current.add(*taken.items)))


def downloads(workspace: Workspace, selection: Shortlist) -> None:
    """Draw one button per format."""
    with st.container(horizontal=True):
        offer_files(
            selection.nom,
            len(selection),
            partial(_file, workspace, selection),
            "selection.fichiers",
        )


def _file(workspace: Workspace, selection: Shortlist, kind: Exporter) -> bytes:
    register, catalogue = workspace.register, workspace.indicators.catalogue
    directory, query = session_directory(workspace), last_search()
    found = None if query is None else found_again(workspace, directory, query)
    table = shortlist_table(
        selection, register, workspace.indicators, directory, tuple(catalogue), found
    )
    if found is not None:
        table["pourquoi_ici"] = [_reason(found, code) for code in selection.codes]
    places = [territory_from_code(register, code) for code in selection.codes]
    lines = provenance(workspace, tuple(catalogue.values()), query=query)
    bundle = territory_bundle(
        selection.nom, table, places, register, catalogue, lines, date.today(),
        with_map=kind.draws,
    )  # fmt: skip
    booklet = partial(selection_pdf, workspace, directory, selection, found)
    return kind.write(replace(bundle, booklet=booklet))


def _reason(found: CandidateList, code: str) -> str | None:
    ranked = found.ranked_code(code)
    return None if ranked is None else why(found, ranked)
