"""Ma sélection: the territories kept, their notes, and the file one can send."""

from __future__ import annotations

from functools import partial

import streamlit as st

from territoires.candidates import CandidateList, find_candidates, why
from territoires.candidates.wording import shortened
from territoires.exports import ExportBundle, Exporter, exporter, read_shortlist
from territoires.indicators import MISSING_TEXT, format_number
from territoires.shortlist import MAX_NOTE_LENGTH, STATUSES, Shortlist, shortlist_table
from territoires.territory import Territoire, territory_from_code
from territoires.territory.making import GROUP_LEVEL
from territoires.ui.directory_store import session_directory
from territoires.ui.markup import escape_markdown
from territoires.ui.page import run_page
from territoires.ui.place_sheet import belonging
from territoires.ui.provenance import provenance
from territoires.ui.selection_store import (
    add_to_selection,
    current_selection,
    last_search,
    remove_from_selection,
    replace_selection,
)
from territoires.ui.state import PageState, join, split
from territoires.workspace import Workspace

_MEMBERS_NAMED = 12
_FIELDS = ("selection.note.", "selection.statut.")


def _draw(workspace: Workspace, state: PageState) -> None:
    st.title("Ma sélection")
    _restore_from_address(workspace, state)
    _take_back(workspace)
    selection = current_selection()
    state.keep("lieux", join(selection.codes))
    if not selection.items:
        st.info(
            "Votre sélection est vide. Ajoutez-y des lieux depuis la page Carte ou la page "
            "Territoires candidats."
        )
        return
    st.caption(
        "L'adresse de cette page garde les lieux ; les notes et les statuts vivent dans cette "
        "visite : téléchargez le fichier pour les garder. Rien n'est enregistré sur le serveur."
    )
    for position, item in enumerate(selection.items):
        _card(workspace, selection, position, item.code)
    _downloads(workspace, current_selection())


def _restore_from_address(workspace: Workspace, state: PageState) -> None:
    """Open the places of the address, once, in a session that has none yet."""
    if state.key("ouverte") in st.session_state:
        return
    st.session_state[state.key("ouverte")] = True
    asked = split(state.first_value("lieux"))
    if asked and not current_selection().items:
        add_to_selection(*(territory_from_code(workspace.register, code) for code in asked))


def _take_back(workspace: Workspace) -> None:
    with st.expander("Reprendre une sélection enregistrée (CSV de cette page)"):
        limit = workspace.settings.upload_limit_bytes
        upload = st.file_uploader(
            "Sélection enregistrée", label_visibility="collapsed", key="selection.fichier"
        )
        if upload is None:
            return
        taken = read_shortlist(
            upload.getvalue(), upload.name, limit_bytes=limit, nom=current_selection().nom
        )
        st.caption(f"{len(taken)} lieux dans ce fichier.")
        st.button("Remplacer ma sélection", on_click=_put_in_place, args=(taken,))


def _put_in_place(taken: Shortlist) -> None:
    for key in [key for key in st.session_state if str(key).startswith(_FIELDS)]:
        del st.session_state[key]  # else the fields would show what was typed before
    replace_selection(taken)


def _card(workspace: Workspace, selection: Shortlist, position: int, code: str) -> None:
    place = territory_from_code(workspace.register, code)
    item = selection.items[position]
    with st.container(border=True):
        name, note, tools = st.columns([1.4, 2, 0.7])
        population = (
            MISSING_TEXT if place.population is None else f"{format_number(place.population)} hab."
        )
        name.markdown(f"**{position + 1}. {place.nom}**{_short_code(place)}")
        name.caption(f"{belonging(workspace.register, place)} · {population}")
        if place.niveau == GROUP_LEVEL:
            name.caption(_members(workspace, place))
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


def _short_code(place: Territoire) -> str:
    """Return the code that tells a place from its namesakes; a group has as many as communes."""
    return "" if place.niveau == GROUP_LEVEL else f" ({place.code.partition(':')[2]})"


def _members(workspace: Workspace, place: Territoire) -> str:
    names = workspace.register.communes.loc[list(place.communes), "nom"]
    return escape_markdown(shortened([str(name) for name in names], _MEMBERS_NAMED))


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
    directory, query = session_directory(workspace), last_search()
    found = query and find_candidates(register, workspace.indicators, directory, query)
    table = shortlist_table(
        selection, register, workspace.indicators, directory, tuple(catalogue), found or None
    )
    if found:
        table["pourquoi_ici"] = [_reason(found, code) for code in selection.codes]
    outlines = [territory_from_code(register, code).outline(register) for code in selection.codes]
    lines = provenance(workspace, tuple(catalogue.values()), query=query)
    return kind.write(ExportBundle(selection.nom, table, lines, outlines))


def _reason(found: CandidateList, code: str) -> str | None:
    commune = code.removeprefix("com:")
    return why(found, commune) if commune in found.ranked.index else None


run_page("selection", _draw)
