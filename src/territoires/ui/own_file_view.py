"""The view « Vérifier et placer mon fichier »: one's own list checked, placed, put on the map."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.errors import TerritoiresError
from territoires.exports.placed_list import placed_csv, placed_xlsx
from territoires.indicators import format_number
from territoires.initiatives import has_initiative_columns
from territoires.initiatives.own import no_initiatives, own_from_table
from territoires.tables.findings import Finding
from territoires.ui.address_service import address_service
from territoires.ui.directory_store import keep_own_initiatives, own_initiatives
from territoires.ui.list_columns import columns_box
from territoires.ui.markup import escape_markdown
from territoires.ui.placed_list import (
    ReviewedList,
    UploadedList,
    findings_of,
    forget_list,
    placed_list,
    reviewed_list,
    uploaded_list,
)
from territoires.ui.placed_view import placed_figures, placed_map, placed_table
from territoires.ui.review_files import review_files
from territoires.ui.review_queue import first_question, review_queue
from territoires.ui.state import PageState
from territoires.ui.widgets import choose_one_of_few
from territoires.workspace import Workspace

_FINDINGS_SHOWN = 200
_DOUBTS, _MAP = "questions", "carte"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def own_file_tab(state: PageState, workspace: Workspace, *, is_open: bool) -> None:
    """Draw the choice of a file, then what is said of it and what can be done with it.

    Parameters
    ----------
    is_open : bool
        In a closed tab, the file is kept and nothing is drawn of it: a map there has no size.
    """
    limit = workspace.settings.upload_limit_bytes
    st.markdown(
        "Une liste d'adresses, de communes ou d'initiatives (CSV, TSV, XLSX, ODS ou GeoJSON) : "
        "chaque ligne est placée dans sa commune, sans envoyer vos données ailleurs. Ce qui est "
        "douteux vous est demandé, jamais deviné. Taille maximale\u00a0: "
        f"{limit // 1_000_000}\u00a0Mo."
    )
    upload = st.file_uploader(
        "Liste à placer", label_visibility="collapsed", key=state.key("fichier"),
        on_change=first_question, args=(state,),
    )  # fmt: skip
    if not is_open:
        return
    _own_on_the_map(workspace)
    if upload is None:
        forget_list()
        review_files(state, workspace, ())
        return
    try:
        uploaded = uploaded_list(upload.file_id, upload.name, upload.getvalue(), limit)
        _report(state, workspace, uploaded)
    except TerritoiresError as error:
        st.error(escape_markdown(str(error)))


def _own_on_the_map(workspace: Workspace) -> None:
    own = own_initiatives()
    if not len(own):
        return
    count = plural(len(own), "initiative à vous est", "initiatives à vous sont")
    st.info(
        f"{count} dans l'annuaire de cette visite, et sur la carte. L'onglet « Une fiche » les "
        "complète, les rend en CSV, et dit si ce navigateur les garde."
    )
    st.button(
        "Les retirer de la carte", on_click=keep_own_initiatives,
        args=(workspace, no_initiatives()),
    )  # fmt: skip


def _report(state: PageState, workspace: Workspace, uploaded: UploadedList) -> None:
    columns_box(state, uploaded)
    _show_findings(findings_of(workspace, uploaded))
    if not uploaded.columns.usable:
        st.caption("Dites ci-dessus quelle colonne donne un lieu, ou changez les intitulés :")
    listed = reviewed_list(workspace, placed_list(workspace, uploaded))
    if listed.frame.empty:
        st.info("Ce fichier n'a que sa ligne de titres : rien à placer.")
        return
    st.html(placed_figures(listed))
    _downloads(state, workspace, listed)
    view = _choose_view(state, listed)
    if view == _DOUBTS:
        review_queue(state, workspace, listed)
    else:
        placed_map(state, workspace, listed)
        placed_table(state, listed)
    address_service(state, workspace, listed)
    review_files(state, workspace, listed.doubts)


def _choose_view(state: PageState, listed: ReviewedList) -> str:
    asked = plural(len(listed.doubts), "question à décider", "questions à décider")
    labels = {_DOUBTS: asked if listed.doubts else "Rien à décider", _MAP: "Carte et tableau"}
    return choose_one_of_few(state, "revue", "Voir", tuple(labels), show=lambda name: labels[name])


def _downloads(state: PageState, workspace: Workspace, listed: ReviewedList) -> None:
    table = listed.placed.uploaded.table
    stem = f"{listed.placed.uploaded.name.rsplit('.', 1)[0][:80]}-place"
    frame = listed.frame
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Télécharger le fichier placé (CSV pour Excel)", lambda: placed_csv(frame),
            f"{stem}.csv", "text/csv", type="primary", on_click="ignore",
            key=state.key("placee.csv"),
        )  # fmt: skip
        st.download_button(
            "Le même en classeur (XLSX)", lambda: placed_xlsx(frame), f"{stem}.xlsx", _XLSX,
            on_click="ignore", key=state.key("placee.xlsx"),
        )  # fmt: skip
        if has_initiative_columns(table):
            st.button(
                "Montrer ces lignes sur la carte", on_click=_show_on_map, args=(workspace, listed)
            )
    if told := _about_the_map(listed):
        st.caption(told)


def _about_the_map(listed: ReviewedList) -> str:
    if not has_initiative_columns(listed.placed.uploaded.table):
        return (
            "Pour ajouter ces lignes à l'annuaire de votre visite, il faut les colonnes « nom » "
            "et « type »."
        )
    mine = own_initiatives()
    if not len(mine):
        return ""
    return (
        "Les lignes montrées sur la carte s'ajoutent à vos initiatives ; même identifiant, la "
        "ligne du fichier remplace la vôtre."
    )


def _show_on_map(workspace: Workspace, listed: ReviewedList) -> None:
    table = listed.placed.uploaded.table
    added = own_from_table(table, workspace.register, listed.frame)
    keep_own_initiatives(workspace, own_initiatives().joined(added))
    located = int((added.frame["geo_code_commune"] != "").sum())
    told = plural(located, "initiative ajoutée", "initiatives ajoutées")
    st.toast(f"{told} à la carte de cette visite.")


def _show_findings(findings: tuple[Finding, ...]) -> None:
    if not findings:
        return
    title = plural(len(findings), "remarque sur le fichier", "remarques sur le fichier")
    with st.expander(title, icon=":material/info:"):
        shown = findings[:_FINDINGS_SHOWN]
        table = pd.DataFrame(
            {
                "Niveau": [finding.level for finding in shown],
                "Ligne": [finding.line for finding in shown],
                "Champ": [finding.field or "" for finding in shown],
                "Valeur": [(finding.value or "")[:200] for finding in shown],
                "Message": [finding.message for finding in shown],
            }
        )
        st.dataframe(table, hide_index=True)
        if len(findings) > len(shown):
            st.caption(f"Les {len(shown)} premières sur {format_number(len(findings))}.")
