"""What a person is writing of an initiative, before they save it: it survives a change of tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from territoires.initiatives import Directory
from territoires.initiatives.own import (
    FIELDS,
    OwnInitiatives,
    free_identifier,
    natural_identifier,
    own_from_rows,
    typed_fields,
    written,
)
from territoires.initiatives.schema import REQUIRED
from territoires.ui.directory_store import (
    keep_own_initiatives,
    own_initiatives,
    session_directory,
)
from territoires.workspace import Workspace

NEW = " nouvelle"
"""Stands for the identifier of an initiative that has none yet: none begins with a blank."""

_DRAFTS, _CLOSED = "initiatives.brouillons", "initiatives.brouillon_ferme"


@dataclass(frozen=True)
class Draft:
    """An initiative as it would be saved now.

    Attributes
    ----------
    identifier : str
        Its own, or :data:`NEW`.
    saved : mapping
        Column → text, as this visit knows it.
    changes : mapping
        What was written since, where it differs.
    """

    identifier: str
    saved: Mapping[str, str]
    changes: Mapping[str, str]

    @property
    def is_new(self) -> bool:
        """Whether it was never saved."""
        return self.identifier == NEW

    @property
    def fields(self) -> dict[str, str]:
        """Every field, the changes made."""
        return {**self.saved, **self.changes}

    @property
    def lacks(self) -> tuple[str, ...]:
        """Columns without which it cannot be saved."""
        return tuple(column for column in REQUIRED if not self.fields[column])


def draft_of(directory: Directory, identifier: str) -> Draft:
    """Return what is being written of an initiative of a directory, or of a new one."""
    saved = _saved(directory, own_initiatives(), identifier)
    changes = _drafts().get(identifier, {})
    differing = {column: typed for column, typed in changes.items() if typed != saved[column]}
    return Draft(identifier, saved, differing)


def open_drafts() -> None:
    """Take what is written from now on; to be called by each run before it draws a form."""
    st.session_state.pop(_CLOSED, None)


def note(identifier: str, column: str, typed: str) -> None:
    """Keep what was just written in a field.

    A browser that is quick tells a field and a click together, in any order: what is told of a
    draft after it was saved or dropped is of that draft, and never of the next one.
    """
    if st.session_state.get(_CLOSED) == identifier:
        return
    _drafts().setdefault(identifier, {})[column] = written(typed)


def drop_draft(identifier: str) -> None:
    """Forget what was written and not saved."""
    _drafts().pop(identifier, None)
    st.session_state[_CLOSED] = identifier


def unsaved(directory: Directory) -> frozenset[str]:
    """Return the identifiers of those that were written in and not saved."""
    known = [one for one in _drafts() if one == NEW or one in directory.frame.index]
    return frozenset(one for one in known if draft_of(directory, one).changes)


def save_draft(workspace: Workspace, identifier: str) -> str:
    """Put an initiative among those of this person; return its identifier.

    One that is shipped keeps its identifier: the person's row stands in its place.
    """
    directory, own = session_directory(workspace), own_initiatives()
    draft = draft_of(directory, identifier)
    given = free_identifier(draft.fields, directory.frame.index) if draft.is_new else identifier
    row = own_from_rows([{**draft.fields, "id": given}], workspace.gazetteer)
    keep_own_initiatives(workspace, own.joined(row))
    drop_draft(identifier)
    return given


def namesake(directory: Directory, draft: Draft) -> str:
    """Return the initiative that a new one seems to be: same type, name, commune; else ``""``."""
    if not draft.is_new or draft.lacks:
        return ""
    same = natural_identifier(draft.fields)
    return same if same in directory.frame.index else ""


def _saved(directory: Directory, own: OwnInitiatives, identifier: str) -> dict[str, str]:
    if identifier == NEW:
        return dict.fromkeys(FIELDS, "")
    if identifier in own:
        return own.fields(identifier)
    return typed_fields(directory, identifier)


def _drafts() -> dict[str, dict[str, str]]:
    drafts: dict[str, dict[str, str]] = st.session_state.setdefault(_DRAFTS, {})
    return drafts
