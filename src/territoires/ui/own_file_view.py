"""The view « Vérifier et placer mon fichier »: one's own list checked, placed, put on the map."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.exports.csv_export import unprotected
from territoires.geocoding import geocode_table, geocoding_summary
from territoires.initiatives import has_initiative_columns, validate_initiatives
from territoires.initiatives.own import OwnInitiatives, no_initiatives, own_from_table
from territoires.tables.findings import Finding
from territoires.tables.reading import TypedTable, read_table
from territoires.tables.writing import write_csv
from territoires.ui.directory_store import keep_own_initiatives, own_initiatives
from territoires.workspace import Workspace

_FINDINGS_SHOWN = 200


def own_file_tab(workspace: Workspace) -> None:
    """Draw the choice of a file, then what is said of it and what can be done with it."""
    limit = workspace.settings.upload_limit_bytes
    st.markdown(
        "Un fichier CSV d'adresses, de communes ou d'initiatives : chaque ligne est placée dans sa "
        "commune sans envoyer vos données ailleurs. Ce qui est douteux est dit, jamais deviné. "
        f"Taille maximale : {limit // 1_000_000} Mo."
    )
    upload = st.file_uploader(
        "Fichier CSV", label_visibility="collapsed", key="initiatives.fichier"
    )
    _own_on_the_map(workspace)
    if upload is None:
        return
    typed = read_table(upload.getvalue(), upload.name, limit_bytes=limit)
    # The files that are given here keep a spreadsheet from running a text: taken as it was typed.
    table = replace(typed, frame=unprotected(typed.frame))
    _report(workspace, table, upload.name)


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
        _offer_to_show(workspace, own_from_table(table, workspace.register, placed))
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


def _offer_to_show(workspace: Workspace, added: OwnInitiatives) -> None:
    st.button("Montrer ces lignes sur la carte", on_click=_show_on_map, args=(workspace, added))
    mine = own_initiatives()
    if len(mine):
        same = sum(code in mine.identifiers for code in added.identifiers)
        st.caption(
            "Ces lignes s'ajoutent à vos initiatives. Même identifiant, la ligne du fichier "
            f"remplace la vôtre : {plural(same, 'ligne', 'lignes')}."
        )


def _show_on_map(workspace: Workspace, added: OwnInitiatives) -> None:
    keep_own_initiatives(workspace, own_initiatives().joined(added))
    located = int((added.frame["geo_code_commune"] != "").sum())
    told = plural(located, "initiative ajoutée", "initiatives ajoutées")
    st.toast(f"{told} à la carte de cette visite.")


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
