"""What was understood of the columns of a list, each to be corrected; the next list remembers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from territoires.geocoding import Columns
from territoires.geocoding.columns import LABELS
from territoires.ui.markup import escape_markdown
from territoires.ui.placed_list import UploadedList
from territoires.ui.recipe_widgets import hold
from territoires.ui.review_store import change_review, current_review
from territoires.ui.state import PageState

_NONE = ""
_LONGEST = 60
_IN_A_ROW = 4
_ROLES = tuple(LABELS.items())


def columns_box(state: PageState, uploaded: UploadedList) -> None:
    """Draw what each column was taken for, and the boxes that say otherwise."""
    columns = uploaded.columns
    with st.expander(
        escape_markdown(_title(columns)), icon=":material/view_column:",
        expanded=not columns.usable, key=state.key("colonnes"),
    ):  # fmt: skip
        st.caption(
            "Une colonne mal comprise ? Dites ici laquelle donne quoi : la liste est placée de "
            "nouveau, et ce choix est retenu pour le prochain fichier aux mêmes intitulés."
        )
        for roles in (_ROLES[:_IN_A_ROW], _ROLES[_IN_A_ROW:]):
            for cell, (role, label) in zip(st.columns(_IN_A_ROW), roles, strict=False):
                with cell:
                    _choice(state, uploaded, role, label)
        if current_review().columns_of(uploaded.headings) is not None:
            st.button(
                "Revenir à ce qui était compris", key=state.key("colonnes.oublier"),
                type="tertiary", on_click=_forget, args=(uploaded,),
            )  # fmt: skip


def _choice(state: PageState, uploaded: UploadedList, role: str, label: str) -> None:
    key = state.key(f"colonne.{role}")
    hold(key, getattr(uploaded.columns, role) or _NONE)
    st.selectbox(
        f"{label[:1].upper()}{label[1:]}", (_NONE, *uploaded.headings), key=key,
        format_func=lambda heading: heading[:_LONGEST] or "aucune",
        on_change=_correct, args=(uploaded, role, key),
    )  # fmt: skip


def _title(columns: Columns) -> str:
    found = [
        f"{label} « {heading[:_LONGEST]} »"
        for role, label in LABELS.items()
        if (heading := getattr(columns, role)) is not None
    ]
    return f"Colonnes comprises : {', '.join(found)}" if found else "Aucune colonne de lieu"


def _correct(uploaded: UploadedList, role: str, key: str) -> None:
    chosen = str(st.session_state.get(key) or _NONE) or None
    before = uploaded.columns
    # A column says one thing: what it said before is left out.
    roles: dict[str, Any] = {
        each: None if chosen is not None and heading == chosen else heading
        for each in LABELS
        for heading in (getattr(before, each),)
    }
    columns = Columns(**{**roles, role: chosen})
    change_review(lambda review: review.correct_columns(uploaded.headings, columns))


def _forget(uploaded: UploadedList) -> None:
    change_review(lambda review: review.forget_columns(uploaded.headings))
