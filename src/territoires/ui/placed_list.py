"""The list that a person uploaded, read and placed once, then kept for this visit."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from territoires.geocoding import Columns, geocode_table, recognise_columns
from territoires.geocoding.review import (
    Doubt,
    Reviewed,
    Words,
    apply_review,
    doubts_of,
    words_of,
)
from territoires.geocoding.service import Refined
from territoires.geocoding.table import typed_headings
from territoires.indicators import format_number
from territoires.initiatives import has_initiative_columns, validate_initiatives
from territoires.tables.findings import Finding
from territoires.tables.reading import TypedTable
from territoires.ui.list_reading import read_upload
from territoires.ui.review_store import current_review
from territoires.workspace import Workspace

_READ, _NOTICED, _PIECES = "liste.lue", "liste.remarques", "liste.morceaux"
_PLACED, _REFINED, _REVIEWED = "liste.placee", "liste.adresses", "liste.revue"
_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True, eq=False)
class UploadedList:
    """A list as it was read.

    Attributes
    ----------
    identity : str
        Of the upload: another upload of the same file has another.
    name : str
        Of the file.
    table : TypedTable
        As typed; columns of a former geocoding left out.
    """

    identity: str
    name: str
    table: TypedTable

    @property
    def headings(self) -> list[str]:
        """Headings of the list, as typed."""
        return list(self.table.frame.columns)

    @property
    def columns(self) -> Columns:
        """What each column says: as it was corrected, else as it is recognised."""
        return current_review().columns_of(self.headings) or recognise_columns(self.headings)


@dataclass(frozen=True, eq=False)
class PlacedList:
    """A list placed offline.

    Attributes
    ----------
    key : hashable
        What it depends on.
    uploaded : UploadedList
        What was placed.
    columns : Columns
        By which it was placed.
    offline : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`.
    words : list of Words
        Of each row.
    """

    key: Hashable
    uploaded: UploadedList
    columns: Columns
    offline: pd.DataFrame
    words: list[Words]


@dataclass(frozen=True, eq=False)
class ReviewedList:
    """A placed list, with what persons decided, and what they are still asked."""

    placed: PlacedList
    reviewed: Reviewed
    doubts: tuple[Doubt, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The list as it is downloaded."""
        return self.reviewed.frame


def uploaded_list(identity: str, name: str, content: bytes, limit_bytes: int) -> UploadedList:
    """Read an upload, once.

    Raises
    ------
    TerritoiresError
        It cannot be read; the message says why.
    """
    known: UploadedList | None = st.session_state.get(_READ)
    if known is None or known.identity != identity:
        typed = read_upload(content, name, limit_bytes)
        frame = typed.frame[typed_headings(typed.frame)]
        known = st.session_state[_READ] = UploadedList(identity, name, replace(typed, frame=frame))
    return known


def placed_list(workspace: Workspace, uploaded: UploadedList) -> PlacedList:
    """Place a list, once for the columns that are understood.

    Raises
    ------
    InvalidTable
        No column says a place.
    """
    columns = uploaded.columns
    key = (uploaded.identity, columns, workspace.colours.version)
    bar = st.empty()  # there even when unused: what is below keeps its place in the page
    known: PlacedList | None = st.session_state.get(_PLACED)
    if known is None or known.key != key:
        offline = _placed(workspace, uploaded.table, columns, key, bar)
        words = words_of(offline, columns)
        known = st.session_state[_PLACED] = PlacedList(key, uploaded, columns, offline, words)
    return known


def _placed(
    workspace: Workspace, table: TypedTable, columns: Columns, key: Hashable, bar: DeltaGenerator
) -> pd.DataFrame:
    """Place a list piece by piece, with its progress: who clicks meanwhile loses no piece."""
    begun = st.session_state.get(_PIECES)
    if begun is None or begun[0] != key:
        begun = st.session_state[_PIECES] = (key, [])
    pieces: list[pd.DataFrame] = begun[1]
    rows = len(table.frame)
    while not pieces or sum(map(len, pieces)) < rows:
        start = sum(map(len, pieces))
        if start:
            told = f"Placement : {format_number(start)} lignes sur {format_number(rows)}"
            bar.progress(start / rows, text=told)
        some = table.frame.iloc[start : start + _ROWS_AT_A_TIME]
        pieces.append(geocode_table(replace(table, frame=some), workspace.gazetteer, columns))
    bar.empty()
    del st.session_state[_PIECES]
    return pd.concat(pieces)


def findings_of(workspace: Workspace, uploaded: UploadedList) -> tuple[Finding, ...]:
    """Return what was noticed in a list, checked as a directory where it is one; once."""
    known = st.session_state.get(_NOTICED)
    if known is None or known[0] != uploaded.identity:
        table = uploaded.table
        found = list(table.findings)
        if has_initiative_columns(table):
            found += validate_initiatives(
                table, workspace.vocabularies, workspace.register, gazetteer=workspace.gazetteer
            )
        known = st.session_state[_NOTICED] = (uploaded.identity, tuple(found))
    findings: tuple[Finding, ...] = known[1]
    return findings


def reviewed_list(workspace: Workspace, placed: PlacedList) -> ReviewedList:
    """Apply the decisions of this visit, to the addresses of the service when it was asked."""
    refined = refined_list(placed)
    base = placed.offline if refined is None else refined.frame
    review = current_review()
    known = st.session_state.get(_REVIEWED)
    if known is None or known[0] is not base or known[1] is not review:
        reviewed = apply_review(base, placed.words, review, workspace.gazetteer)
        made = ReviewedList(placed, reviewed, doubts_of(reviewed.frame, placed.words))
        known = st.session_state[_REVIEWED] = (base, review, made)
    found: ReviewedList = known[2]
    return found


def refined_list(placed: PlacedList) -> Refined | None:
    """Return what the address service made of this list in this visit, if it was asked."""
    known = st.session_state.get(_REFINED)
    return known[1] if known is not None and known[0] == placed.key else None


def keep_refined(placed: PlacedList, refined: Refined) -> None:
    """Keep what the address service made of a list."""
    st.session_state[_REFINED] = (placed.key, refined)


def forget_list() -> None:
    """Let go of a list that is no more uploaded."""
    for key in (_READ, _NOTICED, _PIECES, _PLACED, _REFINED, _REVIEWED):
        st.session_state.pop(key, None)
