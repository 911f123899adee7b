"""« Semblables à… »: who already does it in a place like mine, and where else it could be done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.candidates.alike import (
    account_lines,
    alike_table,
    compared_sentence,
    load_likeness_rules,
    reservations,
)
from territoires.candidates.wording import plural
from territoires.errors import InvalidRequest
from territoires.exports import ExportBundle, exporter
from territoires.indicators import MISSING_TEXT
from territoires.maps import MapSpec, legend_html
from territoires.ui.alike_form import (
    PRESENCES,
    choose_comparison,
    choose_kinds,
    choose_presence,
)
from territoires.ui.alike_list import DISTANCE, NEAREST, alike_rows, readable
from territoires.ui.alike_points import alike_layer, place_of
from territoires.ui.alike_references import choose_references
from territoires.ui.alike_search import AlikeFound, AlikeQuestion, find
from territoires.ui.alike_verdict import EMBEDDED, OFFICIAL, say_verdict
from territoires.ui.alike_words import likeness_html
from territoires.ui.appearance import ACCENT
from territoires.ui.listing import list_mark, territory_list
from territoires.ui.map_view import draw_map, follow_scope
from territoires.ui.markup import axes_legend, escape_markdown, paragraph
from territoires.ui.members_box import choose_scope
from territoires.ui.provenance import indicators_of, provenance
from territoires.ui.selection_store import add_to_selection
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_MOST_OUTLINED = 40
_MOST_TOLD = 3


def alike_view(workspace: Workspace, state: PageState) -> None:
    """Draw the question, what the ranking is worth, and the places alike.

    Raises
    ------
    DataFileError
        The rules of likeness are missing or damaged.
    """
    rules = load_likeness_rules(workspace.settings.data_dir)
    with st.sidebar:
        kinds = choose_kinds(state, workspace)
    references = choose_references(state, workspace, kinds.directory)
    presence = choose_presence(state)
    with st.sidebar:
        query = choose_comparison(state, workspace, rules, references)
        st.subheader("Où")
        scope = choose_scope(state, workspace, only_members=True)
    question = AlikeQuestion(references, query, scope, presence, kinds)
    say_verdict(rules.verdict, EMBEDDED if workspace.data_version is None else OFFICIAL)
    found = None
    if not references:
        st.info(
            "Cherchez d'abord un lieu, le vôtre par exemple : les lieux qui lui ressemblent "
            "s'afficheront ici."
        )
    else:
        try:
            found = find(workspace, rules, question)
        except InvalidRequest as error:
            st.error(escape_markdown(str(error)))
    if found is None:
        _map(workspace, state, question, None, [])
    else:
        _results(workspace, state, found)


def _map(
    workspace: Workspace, state: PageState, question: AlikeQuestion, found: AlikeFound | None,
    chosen: list[str],
) -> None:  # fmt: skip
    """Draw the needs, the references and the ticked rows outlined, the places alike as circles."""
    recipe = workspace.recipes[workspace.default_recipe]
    spec = MapSpec.for_recipe(recipe, version=workspace.colours.version)
    follow_scope(state, workspace, question.scope)
    points, ticked = [], []
    if found is not None:
        points = [alike_layer(found.alike, workspace.register)]
        ticked = [place_of(workspace.register, found.level, code) for code in chosen]
    outlined = [*question.references, *ticked][:_MOST_OUTLINED]
    draw_map(state, workspace, spec, points, outlined)
    dots = axes_legend([(ACCENT, "lieu semblable ; contour : la référence, les lignes cochées")])
    st.html(legend_html(workspace.colours, spec, recipe.name) + (dots if points else ""))


def _results(workspace: Workspace, state: PageState, found: AlikeFound) -> None:
    alike = found.alike
    shown = plural(len(alike.frame), "lieu", "lieux")
    st.html(paragraph(f"{shown} sur {compared_sentence(alike)}."))
    for reservation in reservations(alike):
        st.caption(escape_markdown(reservation))
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        chosen = _table(workspace, state, found)
        _actions(workspace, found, chosen)
        _twin(readable(workspace, found))
    with right:
        _map(workspace, state, found.question, found, chosen)
    st.subheader("Ce qui se ressemble, ce qui diffère")
    for code in chosen or [str(place) for place in alike.frame.index[:_MOST_TOLD]]:
        st.html(likeness_html(workspace, found, code))
    if not chosen and len(alike.frame) > _MOST_TOLD:
        st.caption("Les trois premiers. Cochez des lignes de la liste pour lire les leurs.")


def _table(workspace: Workspace, state: PageState, found: AlikeFound) -> list[str]:
    """Draw the places alike; return those that are ticked."""
    table = readable(workspace, found)
    columns, rows = alike_rows(found, table)
    key = state.key(f"semblables.{list_mark(table.index)}")
    return territory_list(columns, rows, key=key, caption="Lieux semblables")


def _twin(table: pd.DataFrame) -> None:
    with st.expander("Même chose en tableau"):
        numbers = {
            title: st.column_config.NumberColumn(format="localized")
            for title in ("Habitants", DISTANCE, NEAREST)
        }
        st.dataframe(table, hide_index=True, placeholder=MISSING_TEXT, column_config=numbers)


def _actions(workspace: Workspace, found: AlikeFound, chosen: list[str]) -> None:
    places = [place_of(workspace.register, found.level, code) for code in chosen]
    with st.container(horizontal=True):
        st.button(
            f"Ajouter à ma sélection ({len(chosen)})" if chosen else "Ajouter à ma sélection",
            type="primary", disabled=not chosen, on_click=add_to_selection, args=tuple(places),
        )  # fmt: skip
        st.download_button(
            "Télécharger (CSV pour Excel)", lambda: alike_file(workspace, found),
            "territoires-semblables.csv", "text/csv", on_click="ignore",
        )  # fmt: skip


def alike_file(workspace: Workspace, found: AlikeFound) -> bytes:
    """Return the list as a French spreadsheet opens it, every figure and its origin with it."""
    alike, question = found.alike, found.question
    used = indicators_of(workspace, alike.query.codes)
    lines = (
        *provenance(workspace, used),
        *account_lines(alike),
        question_line(question),
    )
    table = alike_table(workspace.register, alike, found.here, details=True)
    return exporter("csv_excel").write(ExportBundle("Territoires semblables", table, lines))


def question_line(question: AlikeQuestion) -> str:
    """Say where one looked, and which initiatives counted."""
    kinds = question.initiatives
    return (
        f"Univers : {question.scope.label} ; question : {PRESENCES[question.presence]} ; "
        f"initiatives : types {', '.join(kinds.types) or 'tous'}, statuts "
        f"{', '.join(kinds.statuses) or 'tous'}"
    )
