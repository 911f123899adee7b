"""The form of an initiative: every column of the file, checked as a file is."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from territoires.communes.places import ARM_KIND, FORMER_KIND
from territoires.geocoding import Gazetteer
from territoires.initiatives import Vocabulary
from territoires.initiatives.own import MOST_LETTERS, findings_by_field
from territoires.initiatives.schema import LIST_SEPARATOR, split_list
from territoires.tables import Finding
from territoires.ui.initiative_draft import Draft, note
from territoires.ui.initiative_fields import (
    PRECISELY,
    SECTIONS,
    SOURCE,
    WHAT,
    WHERE,
    WHO,
    FormField,
)
from territoires.ui.markup import text
from territoires.ui.recipe_widgets import hold
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_LEVELS = {"erreur": "Erreur : ", "avertissement": "À regarder : ", "information": ""}
_COMMUNES = ("commune", ARM_KIND, FORMER_KIND)
_ANSWERS = 8
_LONGEST_PIECE = 60
_AREA_PIXELS = 110


class InitiativeForm:
    """The form of one draft.

    Attributes
    ----------
    state : PageState
        Of the page.
    workspace : Workspace
        Vocabularies, communes.
    draft : Draft
        What the fields hold.
    """

    def __init__(self, state: PageState, workspace: Workspace, draft: Draft) -> None:
        self.state, self.workspace, self.draft = state, workspace, draft
        self._mark = zlib.crc32(draft.identifier.encode())
        # Nothing is wrong with a form that nobody has begun to fill in.
        self._findings: Mapping[str, Sequence[Finding]] = {}
        if draft.changes or not draft.is_new:
            self._findings = findings_by_field(
                draft.fields, workspace.vocabularies, workspace.gazetteer
            )

    def draw(self) -> None:
        """Draw every section."""
        st.subheader("Qui")
        self._grid(WHO)
        st.subheader("Où")
        with st.container():
            self._search()
        self._grid(WHERE)
        is_open = any(self.draft.fields[one.column] for one in PRECISELY)
        with st.expander("Point exact, périmètre", expanded=is_open):
            self._grid(PRECISELY)
        st.subheader("Ce qu'elle fait")
        for one in WHAT:
            self._field(one)
        st.subheader("Source")
        self._grid(SOURCE)
        self._say("")

    def take_all(self) -> None:
        """Note every field as it is in the browser: the last one may be told with a click."""
        for fields in SECTIONS.values():
            for one in fields:
                told = st.session_state.get(self._key(one), self._held(one))
                if told != self._held(one):
                    self._noted(one)

    def _grid(self, fields: Sequence[FormField]) -> None:
        """Draw short fields, two on a line where there is room."""
        for pair in (fields[at : at + 2] for at in range(0, len(fields), 2)):
            for column, one in zip(st.columns(2), pair, strict=False):
                with column:
                    self._field(one)

    def _field(self, one: FormField) -> None:
        # What is said of a field must not move the next ones: their boxes would be made again.
        with st.container():
            if one.words is None:
                self._text(one)
            else:
                self._choice(one, one.words(self.workspace.vocabularies))
            self._say(one.column)

    def _text(self, one: FormField) -> None:
        hold(self._key(one), self._held(one))
        shared: dict[str, Any] = {
            "key": self._key(one), "max_chars": MOST_LETTERS, "placeholder": one.example,
            "on_change": self._noted, "args": (one,),
        }  # fmt: skip
        if one.is_long:
            st.text_area(one.label, height=_AREA_PIXELS, **shared)
            st.html(f'<p class="t-note t-under">{text(one.help)}</p>')
        else:
            st.text_input(one.label, help=one.help or None, **shared)

    def _choice(self, one: FormField, words: Vocabulary) -> None:
        """Draw a choice among the words of a vocabulary, and what a file may hold instead."""
        held = self._held(one)
        chosen = held if isinstance(held, list) else filter(None, [held])
        codes = list(dict.fromkeys([*words.codes, *chosen]))
        shared: dict[str, Any] = {
            "key": self._key(one), "help": one.help or None, "on_change": self._noted,
            "args": (one,), "format_func": lambda code: _label(one, words, code),
        }  # fmt: skip
        hold(self._key(one), held)
        if one.is_list:
            st.multiselect(one.label, codes, placeholder=one.nothing, select_all=False, **shared)
        else:
            st.selectbox(one.label, ["", *codes], **shared)

    def _held(self, one: FormField) -> str | list[str]:
        """Return the value of the widget of a field, as the draft has it."""
        typed = self.draft.fields[one.column]
        return list(dict.fromkeys(split_list(typed))) if one.is_list else typed

    def _key(self, one: FormField) -> str:
        return self.state.key(f"champ.{one.column}.{self._mark}")

    def _noted(self, one: FormField) -> None:
        typed = st.session_state[self._key(one)]
        written = LIST_SEPARATOR.join(typed) if one.is_list else typed or ""
        note(self.draft.identifier, one.column, written)

    def _say(self, column: str) -> None:
        """Write what the check has to say under the field."""
        for finding in self._findings.get(column, ()):
            about = self._part(finding)
            told = f"{_LEVELS[finding.level]}{f'« {about} ». ' if about else ''}{finding.message}"
            st.html(f'<p class="t-finding t-{finding.level}">{text(told)}</p>')

    def _part(self, finding: Finding) -> str:
        """Return the piece of its field that a finding is on; ``""`` for the whole of it."""
        whole, piece = self.draft.fields.get(finding.field or "", ""), finding.value or ""
        return piece[:_LONGEST_PIECE] if piece != whole and piece in whole else ""

    def _search(self) -> None:
        """Draw the search of a commune; the one that is chosen fills its name and its code."""
        key = self.state.key(f"lieu.{self._mark}")
        words = st.text_input(
            "Chercher sa commune", key=key, max_chars=100,
            placeholder="Le Vigan, 30120, Saint-Denis Réunion…",
        )  # fmt: skip
        if not words.strip():
            return
        found = self.workspace.register.search(words, limit=_ANSWERS)
        names = {one.code: one.label for one in found if one.kind in _COMMUNES}
        if not names:
            st.caption("Aucune commune de ce nom : essayez le code postal ou le code Insee.")
            return
        st.pills(
            "Laquelle ?", tuple(names), format_func=lambda code: names[code],
            key=f"{key}.choix.{words}", on_change=self._placed, args=(key, words),
        )  # fmt: skip

    def _placed(self, key: str, words: str) -> None:
        code = st.session_state[f"{key}.choix.{words}"]
        if not code:
            return
        note(self.draft.identifier, "code_commune", code)
        note(self.draft.identifier, "commune", _name(self.workspace.gazetteer, code))
        st.session_state[key] = ""


def _label(one: FormField, words: Vocabulary, code: str) -> str:
    if not code:
        return one.nothing
    label = words.label(code)
    return f"{code} · {label}" if one.is_list and label != code else label


def _name(gazetteer: Gazetteer, code: str) -> str:
    found = gazetteer.by_code(code)
    return found.nom if found else ""


def lacking_words(draft: Draft) -> str:
    """Say what a draft lacks to be saved; ``""`` when nothing."""
    labels = {one.column: one.label.lower() for fields in SECTIONS.values() for one in fields}
    lacks = [labels[column] for column in draft.lacks]
    return f"Il manque : {' et '.join(lacks)}." if lacks else ""
