"""The index of every place in a table: sortable, downloadable; and those that are not ranked."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from territoires.exports import ExportBundle, exporter
from territoires.indicators import MISSING_TEXT, format_number
from territoires.needs.story import Story
from territoires.needs.unranked import unranked
from territoires.territory.levels import AMONG
from territoires.ui.need_results import NeedQuestion
from territoires.ui.provenance import story_provenance
from territoires.ui.table_twin import identity

_SCORE, _RANK, _KNOWN = "Score", "Rang", "Part connue"
_PERCENT = st.column_config.NumberColumn(format="percent")


def table_tab(question: NeedQuestion, story: Story, top: int) -> None:
    """Draw every place compared, by rank."""
    table = index_table(question, top)
    st.caption(
        f"{format_number(len(table))} {AMONG[question.level]}, {question.scope.label}. Cliquez un "
        "en-tête pour trier. Les dernières colonnes sont les points qu'apporte chaque indicateur."
    )
    localized = st.column_config.NumberColumn(format="localized")
    numbers = dict.fromkeys(table.select_dtypes("number").columns, localized)
    st.dataframe(
        table, hide_index=True, height=460, placeholder=MISSING_TEXT,
        column_config={**numbers, _KNOWN: _PERCENT},
    )  # fmt: skip
    download_csv(f"Indice : {question.recipe.name}", lambda: table, question, story)


def index_table(question: NeedQuestion, top: int) -> pd.DataFrame:
    """Return one row per place compared, by rank; what is not ranked comes last.

    Parameters
    ----------
    top : int
        How many are the first ones, when the recipe has been put to the test.
    """
    index, tested = question.index(), question.tested()
    places = index.rank.index
    table = identity(question.workspace.register, question.level).reindex(places)
    table[_SCORE] = (index.score * 100).round(1)
    table[_RANK] = index.rank
    if tested is not None:
        table["Rang, au mieux"] = tested.robustness.best
        table["Rang, au pire"] = tested.robustness.worst
        table[f"Parmi les {top} premiers"] = tested.robustness.frequency(top)
    table[_KNOWN] = index.coverage.round(4)
    table["Classe"] = index.classes
    catalogue = question.table.catalogue
    for code in index.recipe.codes:
        table[f"Points : {catalogue[code].label}"] = (index.contributions[code] * 100).round(2)
    if index.imputed.to_numpy().any():
        table["Rempli, non connu"] = [
            ", ".join(catalogue[code].label for code in filter(None, codes.split(";")))
            for codes in index.filled
        ]
    ordered = table.sort_values(_RANK, na_position="last", kind="stable")
    return ordered.rename_axis("Code").reset_index()


def unranked_list(question: NeedQuestion, story: Story) -> None:
    """Draw, apart, the places that are not ranked, each with its reason."""
    rows = unranked(question.index(), question.table)
    if rows.empty:
        st.caption("Tous les lieux comparés sont classés.")
        return
    several = "s" if len(rows) > 1 else ""
    with st.expander(f"{format_number(len(rows))} non classé{several}, et pourquoi"):
        table = identity(question.workspace.register, question.level).loc[rows.index]
        table[_KNOWN] = rows["couverture"].round(4)
        table["Motif"] = rows["motif"]
        table = table.rename_axis("Code").reset_index()
        st.dataframe(
            table, hide_index=True, height=min(420, 38 + 35 * len(table)),
            placeholder=MISSING_TEXT,
            column_config={
                _KNOWN: _PERCENT, "Motif": st.column_config.TextColumn(width="large"),
                "Population": st.column_config.NumberColumn(format="localized"),
            },
        )  # fmt: skip
        download_csv(f"Non classés : {question.recipe.name}", lambda: table, question, story)


def download_csv(
    title: str, table: Callable[[], pd.DataFrame], question: NeedQuestion, story: Story
) -> None:
    """Draw the download of a table, which says of itself how its index is made.

    Parameters
    ----------
    table : callable
        Makes the table, when it is asked for.
    """
    writer = exporter("csv_excel")

    def content() -> bytes:
        lines = story_provenance(question.workspace, story)
        return writer.write(ExportBundle(title, table(), lines))

    st.download_button(
        "Télécharger (CSV pour Excel)", content, writer.file_name(title), "text/csv",
        key=f"indice.telecharger.{title}", on_click="ignore",
    )  # fmt: skip
