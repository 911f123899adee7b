"""The option that takes a list through its review: decisions read from a file, doubts put in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from territoires.cli.findings import tell_first
from territoires.cli.telling import say
from territoires.errors import InvalidRequest, InvalidTable
from territoires.geocoding import Columns, Gazetteer
from territoires.geocoding.review import (
    Doubt,
    Review,
    Words,
    apply_review,
    doubts_of,
    gathered,
    words_of,
)
from territoires.geocoding.review.entries import MAX_BYTES, MOST_DOUBTS
from territoires.tables.system_errors import french_reason
from territoires.tables.writing import write_file

if TYPE_CHECKING:
    import pandas as pd


def review_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--revue`` to a command."""
    option = click.option(
        "--revue",
        metavar="FICHIER",
        help="Applique les décisions de FICHIER (.csv ou .json) s'il existe, et y écrit les doutes "
        "qui restent, avec leurs candidates, à remplir.",
    )
    return option(command)


def check_apart(review: str | None, *others: str) -> None:
    """Refuse a review that would take the place of another file of the command.

    Raises
    ------
    InvalidRequest
        It is one of them, or its name is not that of a review.
    """
    if review is None:
        return
    # The packages of exports draw maps: half a second that a list without review does not need.
    from territoires.exports.review_file import check_review_name

    check_review_name(review)
    if Path(review).resolve() in {Path(other).resolve() for other in others}:
        message = f"{review} : la revue est un fichier à part, donnez-lui un autre nom."
        raise InvalidRequest(message)


class ReviewStep:
    """Takes the pieces of a geocoded list through a review, when there is one.

    Parameters
    ----------
    path : str or None
        File of the review, which may not be there yet; ``None`` leaves pieces as they are.
    gazetteer : Gazetteer
        That pieces are placed with.

    Raises
    ------
    InvalidTable
        The file is there and is no review.
    """

    def __init__(self, path: str | None, gazetteer: Gazetteer) -> None:
        self._path = None if path is None else Path(path)
        self._gazetteer = gazetteer
        self._review = Review() if self._path is None else _read(self._path)
        self._doubts: list[Sequence[Doubt]] = []
        self._words: list[Words] = []
        self._rows, self._decided, self._lapsed = 0, 0, set[Words]()

    def columns_of(self, headings: Sequence[str]) -> Columns | None:
        """Return what the columns of a list say, when it was corrected in the review."""
        return self._review.columns_of(headings)

    def decide(self, placed: pd.DataFrame, columns: Columns) -> pd.DataFrame:
        """Apply the decisions to a piece that was placed offline."""
        if self._path is None:
            return placed
        self._words = words_of(placed, columns)
        return apply_review(placed, self._words, self._review, self._gazetteer).frame

    def settle(self, placed: pd.DataFrame) -> pd.DataFrame:
        """Apply them again to that piece, taken to its addresses, and note its doubts."""
        if self._path is None:
            return placed
        reviewed = apply_review(placed, self._words, self._review, self._gazetteer)
        doubts = doubts_of(reviewed.frame, self._words)
        self._doubts.append(
            [replace(one, rows=tuple(self._rows + row for row in one.rows)) for one in doubts]
        )
        self._rows += len(placed)
        self._decided += reviewed.decided
        self._lapsed |= reviewed.lapsed.keys()
        return reviewed.frame

    def write(self, *, excel: bool) -> None:
        """Write the decisions and what remains to be decided, and say how much it is.

        Raises
        ------
        InvalidRequest
            The file cannot be written.
        """
        if self._path is None:
            return
        from territoires.exports.review_file import write_review

        doubts = gathered(self._doubts)
        content = write_review(self._review, doubts, self._gazetteer, self._path.name, excel=excel)
        write_file(self._path, content)
        say(self._summary(doubts))

    def _summary(self, doubts: Sequence[Doubt]) -> str:
        rows = sum(len(doubt.rows) for doubt in doubts)
        told = [f"Revue : {_count(self._decided, 'ligne décidée', 'lignes décidées')}."]
        if self._lapsed:
            lapsed = _count(len(self._lapsed), "décision", "décisions")
            told.append(f"{lapsed} à refaire : la commune choisie n'existe plus.")
        if not doubts:
            told.append("Il ne reste rien à décider.")
            return " ".join(told)
        asked = _count(len(doubts), "question", "questions")
        told.append(
            f"{asked} ({_count(rows, 'ligne', 'lignes')}) à décider : remplissez « choix » dans "
            f"{self._path}, puis relancez."
        )
        if len(doubts) > MOST_DOUBTS:
            told.append(f"Seules les {MOST_DOUBTS} premières y sont.")
        return " ".join(told)


def _read(path: Path) -> Review:
    if not path.exists():
        return Review()
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidTable(f"{path} : fichier illisible ({french_reason(error)}).") from error
    from territoires.exports.review_file import read_review

    read = read_review(content, path.name)
    tell_first(read.findings)
    return read.review


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {several if number > 1 else one}"
