"""The sheet of an indicator: what it is, how much it covers, where it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from territoires.exports import ExportBundle, exporter
from territoires.exports.data_listing import departement_listing, indicator_listing
from territoires.indicators import STATUS_LABELS, STATUSES, Indicator, format_number, format_share
from territoires.indicators.coverage import age_in_months, age_text
from territoires.indicators.format import french_date
from territoires.maps import MapSpec, legend_html
from territoires.ui.map_view import draw_map
from territoires.ui.markup import link, text
from territoires.ui.provenance import provenance
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.workspace import Workspace

READINGS = {
    1: "plus la valeur est haute, plus le besoin est grand",
    -1: "plus la valeur est basse, plus le besoin est grand",
    0: "sans lecture en besoin",
}
_COLUMNS = {
    "libelle": "Indicateur",
    "famille": "Famille",
    "millesime": "Millésime",
    "age": "Âge",
    "cog": "COG",
    "part_communes": "Communes",
    "part_habitants": "Habitants",
    "producteur": "Producteur",
    "licence": "Licence",
    "mention": "Mention",
}
_PACKS = {"embarque": "embarqué", "officiel": "officiel"}


def indicators_tab(state: PageState, workspace: Workspace) -> None:
    """Draw the list of indicators, then the sheet of the chosen one with its coverage."""
    listing = _listing(workspace, workspace.colours.version, date.today())
    _table(listing, workspace)
    catalogue = workspace.indicators.catalogue
    code = choose(
        state, "indicateur", "Le détail de", tuple(catalogue),
        show=lambda one: catalogue[one].label,
    )  # fmt: skip
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        st.html(definition(workspace, catalogue[code]))
    with right:
        spec = MapSpec.for_statuses(code, version=workspace.colours.version)
        draw_map(state, workspace, spec, ())
        st.html(legend_html(workspace.colours, spec))
    _by_departement(workspace, code)


@st.cache_data(max_entries=4, show_spinner=False)
def _listing(_workspace: Workspace, version: str, today: date) -> pd.DataFrame:  # noqa: ARG001
    # Streamlit leaves out of the key what begins with an underscore: the version must not.
    return indicator_listing(_workspace.indicators, today)


def _table(listing: pd.DataFrame, workspace: Workspace) -> None:
    shown = listing.rename(columns=_COLUMNS)[list(_COLUMNS.values())]
    shown.insert(1, "Données", listing["paquet"].map(_PACKS))
    if not listing["mention"].any():
        shown = shown.drop(columns="Mention")
    year = st.column_config.NumberColumn(
        format="%d", help="Année des communes du fichier (code officiel géographique)"
    )
    st.dataframe(
        shown, hide_index=True, height=388,
        column_config={
            "Communes": _share_column("communes"), "Habitants": _share_column("habitants"),
            "COG": year,
            "Indicateur": st.column_config.TextColumn(width=300),
            "Millésime": st.column_config.TextColumn(width=130),
        },
    )  # fmt: skip
    bundle = ExportBundle("Indicateurs et couverture", listing, provenance(workspace))
    st.download_button(
        "Télécharger cette liste (CSV pour Excel)",
        lambda: exporter("csv_excel").write(bundle),
        "territoires-indicateurs.csv", "text/csv", on_click="ignore",
    )  # fmt: skip


def _share_column(what: str) -> Any:
    help_ = f"Part des {what} de France qui ont un chiffre"
    return st.column_config.NumberColumn(format="percent", help=help_)


def definition(workspace: Workspace, indicator: Indicator) -> str:
    """Return the definition sheet of an indicator, as HTML."""
    known = int(workspace.indicators.values[indicator.code].notna().sum())
    total = len(workspace.indicators.values)
    age = age_text(age_in_months(indicator, date.today()))
    caution = f"<b>{text(indicator.caution.capitalize())}</b>" if indicator.caution else ""
    lines = {
        "Attention": caution,
        "Définition": text(indicator.definition),
        "Unité": text(indicator.unit or "classe ou nombre sans unité"),
        "Numérateur": text(indicator.numerator or "sans objet"),
        "Dénominateur": text(indicator.denominator or "sans objet"),
        "Lecture": text(f"{READINGS[indicator.direction]}. {indicator.direction_note}".strip()),
        "Chiffre": text(indicator.of_place),
        "Arrondi": f"effectifs arrondis à {indicator.rounded_to} par le producteur"
        if indicator.rounded_to
        else "",
        "Millésime": text(f"{indicator.vintage} ({age})"),
        "Communes": text(f"communes de {indicator.cog_year}, ramenées à celles d’aujourd’hui"),
        "Obtenu le": text(french_date(indicator.obtained_on) or "livré avec Territoires"),
        "Producteur": text(indicator.producer),
        "Source": link(indicator.source_url, indicator.source),
        "Licence": text(indicator.licence),
        "Communes renseignées": text(f"{format_number(known)} sur {format_number(total)}"),
        "Limites connues": "<br>".join(text(gap) for gap in indicator.gaps) or "aucune signalée",
    }
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td class="t-words">{value}</td></tr>'
        for name, value in lines.items()
        if value
    )
    return f'<table class="t-rows t-sheet t-named">{rows}</table>'


def _by_departement(workspace: Workspace, code: str) -> None:
    with st.expander("Couverture par département"):
        table = departement_listing(workspace.indicators, workspace.register, [code])
        present = [name for name in STATUSES if table[name].sum()]
        names: Mapping[Any, str] = {
            "code_departement": "Code", "departement": "Département", "total": "Communes",
            "part_communes": "Renseignées",
            **{name: STATUS_LABELS[name].partition(" :")[0].capitalize() for name in present},
        }  # fmt: skip
        covered = int((table["part_communes"] > 0).sum())
        st.caption(
            f"{covered} départements sur {len(table)} ont au moins un chiffre ; "
            f"{format_share(float((table['part_communes'] == 1).mean()))} sont couverts en entier."
        )
        st.dataframe(
            table.rename(columns=names)[list(names.values())], hide_index=True, height=388,
            column_config={"Renseignées": st.column_config.NumberColumn(format="percent")},
        )  # fmt: skip
