"""The lists of a person: which one is open, made, renamed, thrown away; where they are kept."""

from __future__ import annotations

import streamlit as st

from territoires.indicators import format_number
from territoires.shortlist import MAX_NAME_LENGTH, Binder, Shortlist, binder_to_json
from territoires.ui.markup import escape_markdown, without_markdown
from territoires.ui.selection_store import (
    change_binder,
    current_binder,
    device_memory,
    forget_unread_lists,
    is_too_large,
    take_problem,
    unread_lists,
)

_NEW, _NAME, _OPEN = "selection.nouvelle", "selection.nom", "selection.liste"


def lists_bar() -> None:
    """Draw the choice of a list, and what can be done with lists."""
    problem = take_problem()
    if problem:
        st.warning(escape_markdown(problem))
    _tell_unread()
    binder = current_binder()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state[_OPEN] = binder.open  # another list may have opened meanwhile
        st.selectbox(
            "Liste", range(len(binder.lists)), key=_OPEN, width=340,
            format_func=lambda at: _label(binder, at), on_change=_open,
        )  # fmt: skip
        with st.popover("Gérer les listes"):
            _manage(binder)
    _where_kept(binder)


def _tell_unread() -> None:
    """Say that this browser keeps lists that cannot be read, and let the person decide of them."""
    unread = unread_lists()
    if unread is None:
        return
    st.warning(
        "Les listes gardées par ce navigateur n'ont pas pu être reprises. "
        f"{escape_markdown(unread.problem)} Elles y sont encore : rien ne les remplace tant que "
        "vous n'en décidez pas."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Télécharger ce qu'il garde", unread.text, "listes-gardees.json", "application/json",
            key="selection.gardees", on_click="ignore",
        )  # fmt: skip
        st.button("Repartir sans elles", key="selection.oublier", on_click=forget_unread_lists)


def _label(binder: Binder, position: int) -> str:
    one = binder.lists[position]
    return f"{without_markdown(one.nom)} ({format_number(len(one))})"


def _open() -> None:
    position = int(st.session_state[_OPEN])
    change_binder(lambda binder: Binder(binder.lists, position))


def _manage(binder: Binder) -> None:
    st.text_input("Nouvelle liste", key=_NEW, max_chars=MAX_NAME_LENGTH, placeholder="Son nom")
    st.button("Créer", key="selection.creer", on_click=_create)
    name = binder.current.nom
    st.text_input("Renommer cette liste", name, key=f"{_NAME}.{name}", max_chars=MAX_NAME_LENGTH)
    st.button("Renommer", key="selection.renommer", on_click=_rename, args=(name,))
    count = len(binder.current)
    st.checkbox(
        f"Oui, supprimer « {escape_markdown(name)} » et ses {format_number(count)} lieux"
        if count > 1 else f"Oui, supprimer « {escape_markdown(name)} »",
        key="selection.sur",
    )  # fmt: skip
    st.button(
        "Supprimer cette liste", key="selection.supprimer", on_click=_delete,
        disabled=not st.session_state.get("selection.sur"),
    )  # fmt: skip


def _create() -> None:
    name = st.session_state[_NEW].strip()
    if name:
        st.session_state[_NEW] = ""
        change_binder(lambda binder: binder.add(Shortlist(name)))


def _rename(before: str) -> None:
    name = st.session_state[f"{_NAME}.{before}"]
    change_binder(lambda binder: binder.with_current(binder.current.renamed(name)))


def _delete() -> None:
    st.session_state["selection.sur"] = False
    change_binder(Binder.without_current)


def _where_kept(binder: Binder) -> None:
    memory = device_memory()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.checkbox(
            "Garder mes listes dans ce navigateur", memory.is_allowed,
            key="selection.garder", on_change=lambda: memory.allow(_asked()), width="content",
        )  # fmt: skip
        st.caption(_kept_words(binder))


def _asked() -> bool:
    return bool(st.session_state["selection.garder"])


def _kept_words(binder: Binder) -> str:
    memory = device_memory()
    if not memory.is_allowed:
        return (
            "Vos listes vivent dans cette visite seulement : téléchargez-les pour les garder. "
            "Rien n'est enregistré sur le serveur."
        )
    if unread_lists() is not None:
        return (
            "⚠ Les listes de cette visite ne sont pas gardées : décidez d'abord de celles qui "
            "n'ont pas pu être reprises, ou téléchargez les nouvelles."
        )
    if memory.is_full or is_too_large(binder_to_json(binder)):
        return (
            "⚠ Ce navigateur ne peut pas garder tant de notes, ou refuse d'en garder : "
            "téléchargez vos listes."
        )
    return (
        "Lieux, notes, étiquettes et statuts restent sur cet appareil, d'une visite à l'autre. "
        "Rien n'est enregistré sur le serveur ; sur un ordinateur partagé, décochez."
    )
