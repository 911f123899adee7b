"""The decisions of a person as a file: downloaded, taken back, forgotten; where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from territoires.candidates.wording import plural
from territoires.errors import TerritoiresError
from territoires.exports.review_file import read_review, write_review
from territoires.geocoding.review import Doubt, Review
from territoires.ui.markup import escape_markdown
from territoires.ui.recipe_widgets import hold
from territoires.ui.review_store import (
    change_review,
    current_review,
    device_memory,
    is_too_much_to_keep,
    may_keep_anything,
    take_problem,
    tell_problem,
)
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_TURN = "revue.tour"  # the field of a file that was taken is empty again
_FILE = "revue"
_MANY_FINDINGS = 5


def review_files(state: PageState, workspace: Workspace, doubts: Sequence[Doubt]) -> None:
    """Draw what can be had of the decisions, and where they are kept.

    Parameters
    ----------
    doubts : sequence of Doubt
        What is still asked: it is written with the decisions, to be filled in elsewhere.
    """
    review = current_review()
    st.markdown("**Mes décisions**")
    if problem := take_problem():
        st.warning(escape_markdown(problem))
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.made or doubts:
            _downloads(state, workspace, review, doubts)
        _take_back(state)
        if review.choices or review.layouts:
            _offer_to_forget(state)
        _offer_to_keep(state)
    st.caption(f"{_count_words(review)} {_kept_words()}")


def _downloads(
    state: PageState, workspace: Workspace, review: Review, doubts: Sequence[Doubt]
) -> None:
    for label, name, kind in (
        ("Télécharger la revue (CSV pour Excel)", f"{_FILE}.csv", "text/csv"),
        ("La même en JSON", f"{_FILE}.json", "application/json"),
    ):
        st.download_button(
            label,
            partial(write_review, review, doubts, workspace.gazetteer, name, excel=True),
            name, kind, key=state.key(f"revue.{name}"), on_click="ignore",
        )  # fmt: skip


def _take_back(state: PageState) -> None:
    turn = st.session_state.get(_TURN, 0)
    key = state.key(f"revue.reprendre.{turn}")
    with st.popover("Reprendre une revue"):
        st.caption(
            "Le fichier téléchargé ici, rempli ou non dans un tableur (colonne « choix »), ou "
            "celui de la commande « territoires geocoder --revue »."
        )
        st.file_uploader(
            "Revue (CSV ou JSON)", key=key, label_visibility="collapsed",
            on_change=_take, args=(key,),
        )  # fmt: skip


def _take(key: str) -> None:
    """Add the decisions of a file to those of this visit, or say why it cannot be."""
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    try:
        read = read_review(upload.getvalue(), upload.name[-80:])
    except TerritoiresError as error:
        tell_problem(str(error))
        return
    if not change_review(lambda review: review.joined(read.review)):
        return
    told = plural(read.review.made, "décision reprise", "décisions reprises")
    st.toast(f"{told}.")
    if read.findings:
        tell_problem(" ".join(one.message for one in read.findings[:_MANY_FINDINGS]))


def _offer_to_forget(state: PageState) -> None:
    with st.popover("Tout oublier"):
        st.caption("Les décisions gardées et les colonnes corrigées, sur cet appareil aussi.")
        st.button("Oublier toutes mes décisions", key=state.key("revue.oublier"), on_click=_forget)


def _forget() -> None:
    change_review(lambda _review: Review())


def _offer_to_keep(state: PageState) -> None:
    memory, key = device_memory(), state.key("revue.garder")
    hold(key, memory.is_allowed and may_keep_anything())
    st.checkbox(
        "Garder dans ce navigateur", key=key, width="content", disabled=not may_keep_anything(),
        on_change=lambda: memory.allow(bool(st.session_state[key])),
    )  # fmt: skip


def _count_words(review: Review) -> str:
    made = review.made
    if not made:
        return (
            "Aucune pour l'instant. Une décision sert aussi pour les fichiers suivants : la même "
            "ligne ne sera pas demandée deux fois."
        )
    count = plural(made, "décision gardée", "décisions gardées")
    return f"{count} : la même ligne d'un autre fichier ne sera pas demandée de nouveau."


def _kept_words() -> str:
    memory = device_memory()
    if not may_keep_anything():
        return (
            "Ce navigateur ne garde rien, comme vous l'avez demandé page Ma sélection : "
            "téléchargez la revue."
        )
    if not memory.is_allowed:
        return "Elles ne vivent que dans cette visite : téléchargez la revue pour les garder."
    if memory.is_full or is_too_much_to_keep():
        return "⚠ C'est trop pour ce navigateur, ou il refuse de garder : téléchargez la revue."
    return (
        "Elles restent sur cet appareil : les mots qui disent le lieu, la commune choisie, votre "
        "note ; rien n'est gardé sur le serveur."
    )
