"""The places of the open list, one card each: note, status, tags, order."""

from __future__ import annotations

import streamlit as st

from territoires.candidates.wording import shortened
from territoires.errors import TerritoiresError, UnknownTerritory
from territoires.indicators import MISSING_TEXT, format_number
from territoires.shortlist import (
    MAX_NOTE_LENGTH,
    MAX_TAGS,
    STATUSES,
    Shortlist,
    ShortlistItem,
)
from territoires.territory import territory_from_code
from territoires.territory.levels import WITHOUT_SHORT_CODE
from territoires.ui.markup import escape_markdown, without_markdown
from territoires.ui.place_sheet import belonging
from territoires.ui.selection_store import (
    FIELDS,
    change_binder,
    current_binder,
    current_selection,
    replace_selection,
)
from territoires.ui.state import PageState
from territoires.ui.widgets import choose_many, choose_number
from territoires.workspace import Workspace

_BY_PAGE = 20
_MEMBERS_NAMED = 12
_FILTERED_FROM = 4


def cards(workspace: Workspace, state: PageState, selection: Shortlist) -> None:
    """Draw the places that are asked for, so many at a time."""
    kept = _filtered(state, selection)
    if len(kept) < len(selection):
        st.caption(f"{format_number(len(kept))} sur {format_number(len(selection))} lieux.")
    for item in _of_the_page(state, kept):
        _card(workspace, selection, item)


def _filtered(state: PageState, selection: Shortlist) -> list[ShortlistItem]:
    if len(selection) < _FILTERED_FROM:
        return list(selection.items)
    with st.container(horizontal=True):
        statuses = choose_many(
            state, "statuts", "Statut", tuple(STATUSES), show=lambda code: STATUSES[code]
        )
        tags = set(choose_many(
            state, "etiquettes", "Étiquette", selection.etiquettes, show=without_markdown
        ))  # fmt: skip
    return [
        item
        for item in selection.items
        if (not statuses or item.statut in statuses) and (not tags or tags & set(item.etiquettes))
    ]


def _of_the_page(state: PageState, items: list[ShortlistItem]) -> list[ShortlistItem]:
    pages = -(-len(items) // _BY_PAGE)
    if pages < 2:
        return items
    page = choose_number(
        state, "page", f"Page (sur {pages})", default=1, least=1, most=pages, step=1
    ) or 1  # fmt: skip
    return items[(page - 1) * _BY_PAGE : page * _BY_PAGE]


def _card(workspace: Workspace, selection: Shortlist, item: ShortlistItem) -> None:
    position = selection.codes.index(item.code)
    with st.container(border=True):
        name, note, tools = st.columns([1.4, 2, 0.7])
        with name:
            st.markdown(f"**{position + 1}. {escape_markdown(item.nom)}**{_short_code(item.code)}")
            _where(workspace, item)
            statut = st.selectbox(
                "Statut", tuple(STATUSES), tuple(STATUSES).index(item.statut),
                format_func=lambda key: STATUSES[key], key=f"{FIELDS}statut.{item.code}",
                label_visibility="collapsed",
            )  # fmt: skip
        with note:
            written = st.text_area(
                "Note", item.note, key=f"{FIELDS}note.{item.code}", height=80,
                max_chars=MAX_NOTE_LENGTH, placeholder="Note : pourquoi ce lieu, qui appeler…",
                label_visibility="collapsed",
            )  # fmt: skip
            tags = _tags(selection, item)
        _keep(item, written, statut, tags)
        with tools:
            _tools(item, position)


def _where(workspace: Workspace, item: ShortlistItem) -> None:
    try:
        place = territory_from_code(workspace.register, item.code)
    except UnknownTerritory:
        st.caption("⚠ Ce lieu n'existe pas, ou plus, dans les communes en usage : il reste ici, "
                   "mais n'est ni comparé ni exporté.")  # fmt: skip
        return
    people = MISSING_TEXT if place.population is None else f"{format_number(place.population)} hab."
    st.caption(f"{escape_markdown(belonging(workspace.register, place))} · {people}")
    if place.niveau in WITHOUT_SHORT_CODE:
        names = workspace.register.communes.loc[list(place.communes), "nom"]
        shown = shortened([str(name) for name in names], _MEMBERS_NAMED)
        st.caption(escape_markdown(shown))


def _short_code(code: str) -> str:
    """Return the code that tells a place from its namesakes; a group or an area has none."""
    level, _, bare = code.partition(":")
    return "" if level in WITHOUT_SHORT_CODE else f" ({bare})"


def _tags(selection: Shortlist, item: ShortlistItem) -> list[str]:
    return st.multiselect(
        "Étiquettes", selection.etiquettes, list(item.etiquettes),
        key=f"{FIELDS}etiquettes.{item.code}", accept_new_options=True, max_selections=MAX_TAGS,
        format_func=without_markdown, placeholder="Étiquettes : écrire, puis Entrée",
        label_visibility="collapsed", select_all=False,
    )  # fmt: skip


def _keep(item: ShortlistItem, written: str, statut: str, tags: list[str]) -> None:
    if (written.strip(), statut, tuple(tags)) == (item.note, item.statut, item.etiquettes):
        return
    try:
        changed = current_selection().annotate(item.code, written, statut=statut, etiquettes=tags)
    except TerritoiresError as error:
        st.warning(escape_markdown(str(error)))
    else:
        replace_selection(changed)


def _tools(item: ShortlistItem, position: int) -> None:
    code = item.code
    st.button("Retirer", key=f"selection.retirer.{code}", on_click=_remove, args=(code,))
    if position:
        st.button("Monter", key=f"selection.monter.{code}", on_click=_move_up, args=(code,))
    others = [name for name in current_binder().names if name != current_selection().nom]
    if others:
        with st.popover("Déplacer"):
            for name in others:
                st.button(
                    f"vers {escape_markdown(name)}", key=f"selection.vers.{code}.{name}",
                    on_click=_move_to, args=(code, name),
                )  # fmt: skip


def _remove(code: str) -> None:
    replace_selection(current_selection().remove(code))


def _move_up(code: str) -> None:
    selection = current_selection()
    replace_selection(selection.move(code, selection.codes.index(code) - 1))


def _move_to(code: str, name: str) -> None:
    change_binder(lambda binder: binder.moved(code, name))
