"""What persons decided of doubtful rows, known by the words of the row: it serves the next list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from territoires.errors import InvalidRequest
from territoires.geocoding.columns import Columns
from territoires.geocoding.review.words import Words

MOST_CHOICES = 50_000
MOST_LAYOUTS = 100
LONGEST_NOTE = 500
NONE_OF_THEM = ""
"""Code of a choice that says: no commune of the register."""

Headings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said of some words.

    Attributes
    ----------
    code : str or None
        A commune; :data:`NONE_OF_THEM`; ``None`` while nothing but a note was given.
    note : str
        One line; see :func:`clean_note`.
    """

    code: str | None
    note: str = ""

    @property
    def is_made(self) -> bool:
        """Tell whether it decides anything."""
        return self.code is not None


@dataclass(frozen=True, eq=True)
class Review:
    """Choices by words, and the columns that were corrected by headings.

    Attributes
    ----------
    choices : mapping of Words to Choice
        In the order they were made.
    layouts : mapping of tuple of str to Columns
        Headings of a file, in order, without those that geocoding adds → what each says.
    """

    choices: Mapping[Words, Choice] = field(default_factory=dict)
    layouts: Mapping[Headings, Columns] = field(default_factory=dict)

    @property
    def made(self) -> int:
        """How many choices decide something."""
        return sum(choice.is_made for choice in self.choices.values())

    def choose(self, several: Iterable[Words], choice: Choice) -> Review:
        """Decide of some words, in place of what was decided before.

        Raises
        ------
        InvalidRequest
            There are too many decisions already.
        """
        return _bounded(replace(self, choices={**self.choices, **dict.fromkeys(several, choice)}))

    def forget(self, several: Iterable[Words]) -> Review:
        """Take back what was decided of some words."""
        gone = set(several)
        kept = {words: choice for words, choice in self.choices.items() if words not in gone}
        return replace(self, choices=kept)

    def correct_columns(self, headings: Sequence[str], columns: Columns) -> Review:
        """Remember what the columns of a file say; the oldest files are forgotten first."""
        layouts = {key: value for key, value in self.layouts.items() if key != tuple(headings)}
        layouts[tuple(headings)] = columns
        last = islice(layouts.items(), max(0, len(layouts) - MOST_LAYOUTS), None)
        return replace(self, layouts=dict(last))

    def forget_columns(self, headings: Sequence[str]) -> Review:
        """Let the columns of a file be recognised again."""
        gone = tuple(headings)
        return replace(self, layouts={k: v for k, v in self.layouts.items() if k != gone})

    def columns_of(self, headings: Sequence[str]) -> Columns | None:
        """Return what the columns of a file were said to say, if they were."""
        return self.layouts.get(tuple(headings))

    def joined(self, newer: Review) -> Review:
        """Add the decisions of another review, which wins where both decide."""
        told = {
            words: choice
            for words, choice in newer.choices.items()
            if choice.is_made or words not in self.choices
        }
        joined = _bounded(replace(self, choices={**self.choices, **told}))
        for headings, columns in newer.layouts.items():
            joined = joined.correct_columns(headings, columns)
        return joined


def _bounded(review: Review) -> Review:
    """Return a review that is not too large, or raise InvalidRequest."""
    if len(review.choices) > MOST_CHOICES:
        raise InvalidRequest(
            f"Une revue garde au plus {MOST_CHOICES} décisions : enregistrez celle-ci et "
            "commencez-en une autre."
        )
    return review


def clean_note(text: str) -> str:
    """Return a note on one line, without control characters, bounded."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_NOTE])
    return " ".join(shown.split())
