"""A review as CSV: what remains to be decided, then what is, for a spreadsheet to fill in."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence

import pandas as pd

from territoires.errors import InvalidTable
from territoires.exports.csv_export import protected, unprotected
from territoires.geocoding import Gazetteer
from territoires.geocoding.review import FIELDS, Doubt, Review, words_from
from territoires.geocoding.review.entries import (
    FORMAT,
    NONE_WORD,
    VERSION,
    Entry,
    ReadReview,
    entries_of,
    review_of,
)
from territoires.geocoding.review.file import check_version, layouts_from_json, layouts_to_json
from territoires.tables.decoding import decode
from territoires.tables.reading import read_table
from territoires.tables.writing import write_csv

_CHOICE, _NOTE = "choix", "note"
_SAID = {f"ligne_{name}": name for name in FIELDS.values()}
_HEADINGS = (_CHOICE, _NOTE, "candidats", "motif", "lignes", *_SAID, "commune_choisie")
_COLUMNS = "colonnes "
_HELP = f"choix : un code commune, ou « {NONE_WORD} » ; vide : la question sera posée de nouveau"
_BETWEEN = " | "


def review_to_csv(
    review: Review, doubts: Sequence[Doubt], gazetteer: Gazetteer, *, excel: bool
) -> bytes:
    """Write a review and what remains to be decided; :func:`review_from_csv` reads it.

    Parameters
    ----------
    excel : bool
        For a French Excel.
    """
    rows = [_row(one) for one in entries_of(review, doubts, gazetteer)]
    frame = pd.DataFrame(rows, columns=list(_HEADINGS), dtype="str")
    # A blank inside a heading must come back as it is: comments have single spaces.
    layouts = (
        json.dumps(one, separators=(",", ":")).replace(" ", "\\u0020")
        for one in layouts_to_json(review)
    )
    header = (f"{FORMAT} {VERSION}", _HELP, *(f"{_COLUMNS}{layout}" for layout in layouts))
    return write_csv(protected(frame), excel=excel, header_lines=header)


def review_from_csv(content: bytes, name: str, *, limit_bytes: int) -> ReadReview:
    """Read a review that a spreadsheet may have saved again.

    Raises
    ------
    InvalidTable
        It is not a table, or not a review.
    """
    table = read_table(content, name, limit_bytes=limit_bytes)
    frame = unprotected(table.frame)
    said = {column: name for column, name in _SAID.items() if column in frame}
    if _CHOICE not in frame or not said:
        raise InvalidTable(f"{name} n'est pas une revue : il y manque « choix » ou « ligne_… ».")
    notes = frame[_NOTE].tolist() if _NOTE in frame else [""] * len(frame)
    words = (
        words_from(dict(zip(said.values(), cells, strict=True)))
        for cells in zip(*(frame[column].tolist() for column in said), strict=True)
    )
    lines = zip(table.lines, words, frame[_CHOICE].tolist(), notes, strict=True)
    return review_of(lines, layouts_from_json(_layouts(content, name)))


def _row(entry: Entry) -> list[str]:
    said = entry.words.named()
    return [
        entry.choice,
        entry.note,
        _BETWEEN.join(entry.candidates),
        entry.reason,
        str(entry.rows) if entry.rows else "",
        *(said.get(name, "") for name in FIELDS.values()),
        entry.name,
    ]


def _layouts(content: bytes, name: str) -> list[object]:
    """Read the columns that were corrected, in the comments before the headings."""
    found: list[object] = []
    for comment in _comments(decode(content, name)[0]):
        if comment.startswith(f"{FORMAT} "):
            version = comment.removeprefix(FORMAT).strip()
            check_version(int(version) if version.isdecimal() else version)
        elif comment.startswith(_COLUMNS):
            try:
                found.append(json.loads(comment.removeprefix(_COLUMNS)))
            except (ValueError, RecursionError) as error:
                message = f"{name} : une ligne « # colonnes » est abîmée ; ôtez-la."
                raise InvalidTable(message) from error
    return found


def _comments(text: str) -> list[str]:
    comments = []
    for line in text.splitlines():
        # Saved by a spreadsheet, a comment is a cell like another, with empty ones after it.
        cell = next(csv.reader([line]), [""])[0] if line.startswith('"') else line
        bare = cell.rstrip(";,\t ")
        if bare and not bare.startswith("# "):
            break
        comments.append(bare.removeprefix("# "))
    return comments
