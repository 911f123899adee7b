"""One doubt before a person: what the row says, its candidates, one click to decide, a note."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from territoires.candidates.wording import plural
from territoires.geocoding import Columns
from territoires.geocoding.columns import LABELS
from territoires.geocoding.review import (
    LONGEST_NOTE,
    NONE_OF_THEM,
    Choice,
    Doubt,
    Words,
    clean_note,
)
from territoires.ui.map_view import clicked_commune
from territoires.ui.markup import escape_markdown, text
from territoires.ui.placed_list import ReviewedList
from territoires.ui.review_candidates import (
    Candidate,
    candidate,
    candidates_map,
    candidates_of,
    searched,
)
from territoires.ui.review_store import decide
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_LONGEST_CELL = 160
_MOST_OTHER_CELLS = 12
_LINES_SHOWN = 6
_CLICKED = "doute.clic"


def doubt_card(state: PageState, workspace: Workspace, listed: ReviewedList, doubt: Doubt) -> None:
    """Draw a doubt, its candidates on a map, and the ways to decide it."""
    candidates = candidates_of(doubt, workspace.gazetteer)
    said, shown = st.columns([6, 5], gap="large")
    with said:
        _said(listed, doubt)
        _choices(state, workspace, listed, doubt, candidates)
    with shown:
        _follow_click(state, workspace, doubt)
        candidates_map(state, workspace, doubt, candidates)
        st.caption(
            "Les numéros sont ceux des communes proposées. Un clic sur la carte propose la commune "
            "qui est dessous."
        )


def _said(listed: ReviewedList, doubt: Doubt) -> None:
    """Draw what the rows say, and why it is not decided."""
    frame, columns = listed.placed.offline, listed.placed.columns
    row = frame.iloc[doubt.rows[0]]
    st.html(
        f'<div class="t-doubt"><p class="t-sub">{text(_lines(listed, doubt))}</p>'
        f'<table class="t-rows t-named">{_cells(row, columns)}</table>'
        f"{_others(row, columns, listed.placed.uploaded.headings)}"
        f'<p class="t-why">{text(doubt.reason[:600])}</p></div>'
    )


def _lines(listed: ReviewedList, doubt: Doubt) -> str:
    numbers = listed.placed.uploaded.table.lines
    first = ", ".join(str(numbers[row]) for row in doubt.rows[:_LINES_SHOWN])
    if len(doubt.rows) == 1:
        return f"Ligne {first} du fichier"
    more = "…" if len(doubt.rows) > _LINES_SHOWN else ""
    return f"{len(doubt.rows)} lignes disent la même chose : {first}{more}"


def _cells(row: pd.Series, columns: Columns) -> str:
    told = [
        (label, str(row[heading]))
        for role, label in LABELS.items()
        if (heading := getattr(columns, role)) is not None and row[heading]
    ]
    return "".join(_cell(f"{label[:1].upper()}{label[1:]}", cell) for label, cell in told)


def _others(row: pd.Series, columns: Columns, headings: Sequence[str]) -> str:
    """Return the other cells of the row, folded: they help who knows the list."""
    spoken = {getattr(columns, role) for role in LABELS}
    others = [each for each in headings if each not in spoken and row[each]][:_MOST_OTHER_CELLS]
    if not others:
        return ""
    cells = "".join(_cell(heading[:60], str(row[heading])) for heading in others)
    return (
        "<details><summary>Le reste de la ligne</summary>"
        f'<table class="t-rows t-named">{cells}</table></details>'
    )


def _cell(heading: str, cell: str) -> str:
    shown = cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"
    return f'<tr><th>{text(heading)}</th><td class="t-words">{text(shown)}</td></tr>'


def _choices(
    state: PageState, workspace: Workspace, listed: ReviewedList, doubt: Doubt,
    candidates: tuple[Candidate, ...],
) -> None:  # fmt: skip
    mark = f"{zlib.crc32(repr(doubt.words).encode('utf-8', 'replace')):08x}"
    note_key, alike_key = state.key(f"note.{mark}"), state.key(f"pareil.{mark}")
    alike = _alike(listed.doubts, doubt)
    chosen = (note_key, alike_key, doubt.words, alike)
    # Before the buttons: a click on one of them decides, with the note and for those rows.
    st.text_input(
        "Note à garder avec la décision (facultative)", key=note_key, max_chars=LONGEST_NOTE,
        placeholder="Confirmé par téléphone…",
    )  # fmt: skip
    if alike:
        others = plural(len(alike), "autre adresse", "autres adresses")
        st.checkbox(f"Décider de même pour {others} qui disent la même commune", key=alike_key)
    if candidates:
        listing = "Communes possibles" if doubt.candidates else "Noms proches"
        st.markdown(f"**{listing} : un clic décide**")
    with st.container(key=state.key("candidates"), gap="small"):
        for number, each in enumerate(candidates, start=1):
            _button(state, f"{number}. ", each, f"choisir.{mark}.{each.code}", chosen)
        clicked = st.session_state.get(state.key(_CLICKED))
        if clicked is not None and clicked[0] == doubt.words:
            each = candidate(clicked[1], workspace.gazetteer)
            _button(state, "Cliquée sur la carte : ", each, f"cliquee.{mark}", chosen)
        st.button(
            "Aucune de ces communes" if candidates else "Ce n'est aucune commune",
            key=state.key(f"aucune.{mark}"), width="stretch",
            on_click=_decide, args=(NONE_OF_THEM, *chosen),
        )  # fmt: skip
        _search(state, workspace, mark, chosen)


def _button(
    state: PageState, before: str, each: Candidate, key: str,
    chosen: tuple[str, str, Words, tuple[Words, ...]],
) -> None:  # fmt: skip
    label = f"{escape_markdown(before)}**{escape_markdown(each.label)}**"
    st.button(
        f"{label} :small[{escape_markdown(each.detail)}]", key=state.key(key), width="stretch",
        type="primary" if each.stands_out else "secondary",
        on_click=_decide, args=(each.code, *chosen),
    )  # fmt: skip


def _search(
    state: PageState, workspace: Workspace, mark: str,
    chosen: tuple[str, str, Words, tuple[Words, ...]],
) -> None:  # fmt: skip
    words = st.text_input(
        "Une autre commune", key=state.key(f"autre.{mark}"), max_chars=100,
        placeholder="Nom, code postal ou code INSEE",
    )  # fmt: skip
    if not words.strip():
        return
    found = searched(words, workspace.register)
    if not found:
        st.info("Aucune commune de ce nom. Essayez le code postal ou le code INSEE.")
    for code in found:
        each = candidate(code, workspace.gazetteer)
        _button(state, "", each, f"trouvee.{mark}.{code}", chosen)


def _follow_click(state: PageState, workspace: Workspace, doubt: Doubt) -> None:
    """Propose the commune of a new click on the map: it is drawn with the others next time."""
    clicked = clicked_commune(state, workspace)
    if clicked is not None:
        st.session_state[state.key(_CLICKED)] = (doubt.words, clicked)
        st.rerun()


def _alike(doubts: Sequence[Doubt], doubt: Doubt) -> tuple[Words, ...]:
    """Return the other doubts that say the same place, at other addresses."""
    place = doubt.words.place
    if not place.say_something:
        return ()
    return tuple(
        other.words for other in doubts if other.words != doubt.words and other.words.place == place
    )


def _decide(
    code: str, note_key: str, alike_key: str, words: Words, alike: tuple[Words, ...]
) -> None:
    note = clean_note(str(st.session_state.get(note_key) or ""))
    several = (words, *alike) if st.session_state.get(alike_key) else (words,)
    if decide(lambda review: review.choose(several, Choice(code, note))):
        st.toast("Décision gardée : elle servira aussi pour les prochains fichiers.")
