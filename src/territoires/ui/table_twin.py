"""The same thing as the map, in a table: sortable, downloadable, reachable by keyboard."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.communes import Register
from territoires.exports import ExportBundle, exporter
from territoires.indicators import (
    MISSING_TEXT,
    STATUS_LABELS,
    Indicator,
    for_a_table,
    format_number,
    rank_values,
)
from territoires.maps import Colouring, MapSpec
from territoires.needs import Recipe
from territoires.territory.levels import AMONG
from territoires.ui.filters import Scope
from territoires.ui.provenance import indicators_of, provenance
from territoires.ui.state import PageState
from territoires.workspace import Workspace


def table_twin(
    state: PageState, workspace: Workspace, spec: MapSpec, label: str, scope: Scope
) -> None:
    """Draw the table of what the map shows, for the chosen area, when it is asked for.

    Parameters
    ----------
    label : str
        What is shown, with its unit.
    """
    shown = st.toggle("La même chose en tableau", key=state.key("tableau"))
    if not shown:
        return
    table = twin_of(workspace, workspace.colours.colouring(spec), label, scope)
    st.caption(
        f"{format_number(len(table))} {AMONG[spec.level]} · {scope.label}. Cliquez un "
        "en-tête pour trier."
    )
    st.dataframe(
        table, hide_index=True, height=420, placeholder=MISSING_TEXT,
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in table.select_dtypes("number").columns
        },
    )  # fmt: skip
    bundle = ExportBundle(label, table, _lines(workspace, spec))
    st.download_button(
        "Télécharger ce tableau (CSV pour Excel)",
        lambda: exporter("csv_excel").write(bundle),
        f"territoires-{spec.level}.csv", "text/csv", on_click="ignore",
    )  # fmt: skip


def _lines(workspace: Workspace, spec: MapSpec) -> tuple[str, ...]:
    if isinstance(spec.subject, Recipe):
        used = indicators_of(workspace, spec.subject.codes)
        return provenance(workspace, used, recipe=spec.subject)
    return provenance(workspace, indicators_of(workspace, (spec.subject,)))


def twin_of(workspace: Workspace, colouring: Colouring, label: str, scope: Scope) -> pd.DataFrame:
    """Return one row per place of the map: code, name, where, population, value, rank.

    Returns
    -------
    DataFrame
        By rank (1: the greatest need, or the highest value when that has no reading in terms of
        need); what is not ranked comes last, missing stays missing.
    """
    level = colouring.spec.level
    values = colouring.values
    table = identity(workspace.register, level).reindex(values.index)
    table[label] = _shown(colouring.indicator, values)
    if colouring.indicator is not None:
        table = table.assign(**_reasons(workspace, colouring, colouring.indicator))
    table["Rang"] = _ranks(workspace, colouring)
    if scope.communes is not None:
        table = table[table.index.isin(_inside(workspace.register, level, scope.communes))]
    ordered = table.sort_values("Rang", na_position="last", kind="stable")
    return ordered.rename_axis("Code").reset_index()


def _reasons(
    workspace: Workspace, colouring: Colouring, indicator: Indicator
) -> dict[str, pd.Series]:
    """Return why a figure is missing or must be read with care; nothing when none must."""
    statuses = workspace.indicators_by(colouring.spec.level).statuses[indicator.code]
    statuses = statuses.reindex(colouring.values.index).astype("str")
    if (statuses == "publie").all():
        return {}
    return {"Statut du chiffre": statuses.map(STATUS_LABELS)}


def _shown(indicator: Indicator | None, values: pd.Series) -> pd.Series:
    """Return values as a person reads them: rounded, or the name of a class."""
    if indicator is None:
        return values.round(1)
    return for_a_table(indicator, values)


def _ranks(workspace: Workspace, colouring: Colouring) -> pd.Series:
    indicator = colouring.indicator
    if indicator is None:
        return rank_values(colouring.values, 1).ranks
    compared = workspace.indicators_by(colouring.spec.level).comparable[indicator.code]
    return rank_values(compared, indicator.direction).ranks.reindex(colouring.values.index)


def identity(register: Register, level: str) -> pd.DataFrame:
    """Return name, département and population of each place of a level, under French headings."""
    communes = register.communes
    if level == "commune":
        return pd.DataFrame(
            {
                "Nom": communes["nom"],
                "Département": communes["code_departement"],
                "Population": communes["population"],
            }
        )
    column = {"epci": "code_epci", "departement": "code_departement"}[level]
    names = {"epci": register.epci, "departement": register.departements}[level]["nom"]
    population = communes.groupby(column, observed=True)["population"].sum()
    return pd.DataFrame({"Nom": names, "Population": population})


def _inside(register: Register, level: str, communes: tuple[str, ...]) -> set[str]:
    if level == "commune":
        return set(communes)
    column = {"epci": "code_epci", "departement": "code_departement"}[level]
    return set(register.communes.loc[list(communes), column].dropna())
