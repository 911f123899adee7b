"""The lines of a review as people read and fill them in, whatever the file: words, choice, note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from territoires.errors import InvalidTable
from territoires.geocoding.columns import Columns
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.review.model import (
    MOST_CHOICES,
    NONE_OF_THEM,
    Choice,
    Headings,
    Review,
    clean_note,
)
from territoires.geocoding.review.queue import Doubt, described
from territoires.geocoding.review.words import Words
from territoires.tables.findings import Finding
from territoires.tables.text import plain

FORMAT = "territoires.revue"
VERSION = 1
MAX_BYTES = 20_000_000
NONE_WORD = "aucune"
"""What is written as a choice when no commune is the right one."""
MOST_DOUBTS = 20_000
"""Doubts that a file tells: nobody answers more of them at once."""

_CHOSEN_CODE = re.compile(r"(\d[\dab]\d{3}|\d{4})\b")


@dataclass(frozen=True)
class Entry:
    """One line of a review.

    Attributes
    ----------
    words : Words
        What the rows of a list say.
    choice : str
        ``""`` while it is to be decided, else a commune code or :data:`NONE_WORD`.
    note : str
        Of the person.
    name : str
        Of the commune that was chosen, for the reader.
    rows : int
        Rows of the list that say it; 0 when it is not of this list.
    reason : str
        Why it is not decided.
    candidates : tuple of str
        ``"30350 Le Vigan (Gard)"``, the likeliest first.
    """

    words: Words
    choice: str
    note: str = ""
    name: str = ""
    rows: int = 0
    reason: str = ""
    candidates: tuple[str, ...] = ()


class ReadReview(NamedTuple):
    """A review that was read, and the lines of it that could not be understood."""

    review: Review
    findings: tuple[Finding, ...]


def entries_of(review: Review, doubts: Sequence[Doubt], gazetteer: Gazetteer) -> tuple[Entry, ...]:
    """Return what is to be decided, the first :data:`MOST_DOUBTS`, then what is decided."""
    asked = {doubt.words for doubt in doubts}
    pending = (_pending(doubt, review, gazetteer) for doubt in doubts[:MOST_DOUBTS])
    made = (
        _made(words, choice, gazetteer)
        for words, choice in review.choices.items()
        if choice.is_made and words not in asked
    )
    return (*pending, *made)


def review_of(
    lines: Iterable[tuple[int, Words, str, str]], layouts: Mapping[Headings, Columns]
) -> ReadReview:
    """Make a review of lines that were read: line of the file, words, choice, note.

    Raises
    ------
    InvalidTable
        There are too many lines.
    """
    choices: dict[Words, Choice] = {}
    findings: list[Finding] = []
    for line, words, typed, note in lines:
        if not words.say_something:
            findings.append(_finding(line, "", "cette ligne ne dit aucun lieu"))
            continue
        code = read_choice(typed)
        if code is None and typed.strip():
            why = f"choix illisible : donnez un code commune, ou « {NONE_WORD} »"
            findings.append(_finding(line, typed, why))
        kept = Choice(code, clean_note(note))
        if kept.is_made or (kept.note and words not in choices):
            choices[words] = kept
        if len(choices) > MOST_CHOICES:
            raise InvalidTable(f"Cette revue a plus de {MOST_CHOICES} décisions : découpez-la.")
    return ReadReview(Review(choices, layouts), tuple(findings))


def read_choice(typed: str) -> str | None:
    """Read a choice: a code, alone or with its name, or that there is none; ``None`` otherwise."""
    text = plain(typed[:100])
    if text == NONE_WORD or text.startswith(f"{NONE_WORD} "):
        return NONE_OF_THEM
    found = _CHOSEN_CODE.match(text)
    return found[1].upper().zfill(5) if found else None


def _finding(line: int, value: str, why: str) -> Finding:
    message = f"Revue, ligne {line} : {why}."
    return Finding("avertissement", line, "choix", value[:100], message)


def _pending(doubt: Doubt, review: Review, gazetteer: Gazetteer) -> Entry:
    noted = review.choices.get(doubt.words, Choice(None)).note
    candidates = tuple(f"{code} {described(code, gazetteer)}" for code in doubt.candidates)
    return Entry(doubt.words, "", noted, "", len(doubt.rows), doubt.reason, candidates)


def _made(words: Words, choice: Choice, gazetteer: Gazetteer) -> Entry:
    if not choice.code:
        return Entry(words, NONE_WORD, choice.note)
    known = choice.code in gazetteer.population
    name = described(choice.code, gazetteer) if known else "n'est plus une commune"
    return Entry(words, choice.code, choice.note, name)
