"""The doubts of a list, one after the other, and what was decided of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.geocoding.review import METHOD, Words
from territoires.indicators import format_number
from territoires.ui.placed_list import ReviewedList
from territoires.ui.review_card import doubt_card
from territoires.ui.review_store import can_undo, decide, undo
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_AT = "doute"
_PAGE = 50
_FEW, _TALL = 8, 320
_MOST_DECIDED = 2_000
_STATUSES = {"a_verifier": "à vérifier", "non_trouve": "non trouvée"}


def review_queue(state: PageState, workspace: Workspace, listed: ReviewedList) -> None:
    """Draw the doubt that is looked at, the way to the others, and what was decided."""
    doubts = listed.doubts
    if doubts:
        at = min(int(st.session_state.get(state.key(_AT), 0)), len(doubts) - 1)
        _way(state, at, len(doubts))
        doubt_card(state, workspace, listed, doubts[at])
        _all_doubts(state, listed, at)
    else:
        _nothing_left(state, listed)
    _decided(state, listed)


def first_question(state: PageState) -> None:
    """Look at the first doubt: another list has come."""
    st.session_state.pop(state.key(_AT), None)


def _way(state: PageState, at: int, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**Question {format_number(at + 1)} sur {format_number(count)}**", width="content"
        )
        _move(state, "‹ Précédente", "precedente", at - 1, at == 0)
        _move(state, "Passer ›", "passer", at + 1, at >= count - 1)
        _undo(state)


def _undo(state: PageState) -> None:
    if can_undo():
        st.button(
            "Annuler ma dernière décision", key=state.key("annuler"), type="tertiary", on_click=undo
        )


def _move(state: PageState, label: str, name: str, to: int, disabled: bool) -> None:
    st.button(
        label, key=state.key(f"doute.{name}"), disabled=disabled,
        on_click=_go, args=(state, to),
    )  # fmt: skip


def _go(state: PageState, to: int) -> None:
    st.session_state[state.key(_AT)] = to


def _nothing_left(state: PageState, listed: ReviewedList) -> None:
    silent = int((listed.frame["geo_statut"] != "sur").sum()) - _decided_as_none(listed)
    told = "Il ne reste rien à décider : chaque ligne qui dit un lieu est placée, ou décidée."
    if silent:
        count = plural(silent, "ligne ne dit", "lignes ne disent")
        told += f" {count} aucun lieu : complétez-les dans votre fichier."
    st.success(told)
    with st.container(horizontal=True):
        _undo(state)


def _decided_as_none(listed: ReviewedList) -> int:
    frame = listed.frame
    return int(((frame["geo_methode"] == METHOD) & (frame["geo_code_commune"] == "")).sum())


def _all_doubts(state: PageState, listed: ReviewedList, at: int) -> None:
    """Draw the doubts as a table, a page at a time; a tick opens one."""
    doubts, first = listed.doubts, at // _PAGE * _PAGE
    page = doubts[first : first + _PAGE]
    shown = f"{format_number(first + 1)} à {format_number(first + len(page))}"
    title = f"Toutes les questions ({shown} sur {format_number(len(doubts))})"
    with st.expander(title, key=state.key("doutes")):
        table = pd.DataFrame(
            {
                "N°": range(first + 1, first + len(page) + 1),
                "Ce que dit la ligne": [said(doubt.words) for doubt in page],
                "Lignes": [len(doubt.rows) for doubt in page],
                "État": [_STATUSES.get(doubt.status, doubt.status) for doubt in page],
                "Motif": [doubt.reason[:300] for doubt in page],
            }
        )
        key = state.key(f"doutes.{first}.{len(doubts)}")
        st.dataframe(
            table, hide_index=True, height=_height(len(table)), key=key,
            selection_mode="single-row",
            on_select=lambda: _open(state, key, first),
        )  # fmt: skip
        with st.container(horizontal=True):
            _move(state, "‹ 50 précédentes", "page_avant", first - _PAGE, first == 0)
            _move(
                state, "50 suivantes ›", "page_apres", first + _PAGE,
                first + _PAGE >= len(doubts),
            )  # fmt: skip


def _height(rows: int) -> int | Literal["auto"]:
    return _TALL if rows > _FEW else "auto"


def _open(state: PageState, key: str, first: int) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        _go(state, first + rows[0])


def said(words: Words) -> str:
    """Return the words of a row on one line."""
    return " · ".join(words.named().values())[:160]


def _decided(state: PageState, listed: ReviewedList) -> None:
    """Draw what was decided of this list; a tick asks again."""
    made = _made(listed)
    if not made:
        return
    count = plural(len(made), "question décidée", "questions décidées")
    with st.expander(f"{count} de ce fichier", key=state.key("decidees")):
        shown = list(made.items())[:_MOST_DECIDED]
        table = pd.DataFrame(
            {
                "Ce que dit la ligne": [said(words) for words, _ in shown],
                "Décision": [where for _, where in shown],
            }
        )
        event = st.dataframe(
            table, hide_index=True, height=_height(len(table)),
            key=state.key(f"decidees.{len(made)}"), on_select="rerun", selection_mode="multi-row",
        )  # fmt: skip
        ticked = [shown[row][0] for row in event["selection"]["rows"] if row < len(shown)]
        st.button(
            "Poser de nouveau les questions cochées", key=state.key("reposer"),
            disabled=not ticked, on_click=_ask_again, args=(tuple(ticked),),
        )  # fmt: skip


def _made(listed: ReviewedList) -> Mapping[Words, str]:
    frame = listed.frame
    rows = (frame["geo_methode"] == METHOD).to_numpy().nonzero()[0]
    names, codes = frame["geo_commune"].tolist(), frame["geo_code_commune"].tolist()
    return {
        listed.placed.words[row]: f"{names[row]} ({codes[row]})" if codes[row] else "aucune commune"
        for row in rows
    }


def _ask_again(ticked: tuple[Words, ...]) -> None:
    decide(lambda review: review.forget(ticked))
