"""Texts that a cell of a workbook cannot hold, cut into cells that can, and put together again.

A cell holds 32,767 characters, counted as UTF-16 does. What goes beyond is written in a sheet of
its own, one piece a row; the cell says so at its end. Two kinds of texts have no form at all in a
workbook: U+FFFE and U+FFFF, which XML forbids, and what already looks like the escape of a
character (``_x000D_``), which readers decode at odds. They go to that sheet too, as JSON strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHEET = "Textes longs"
HEADINGS = ("code_territoire", "colonne", "morceau", "forme", "texte")
PLAIN, ESCAPED = "texte", "json"

CELL_LIMIT = 32_767
_MARK = f" […suite : feuille « {SHEET} »]"
_ROOM = CELL_LIMIT - len(_MARK)
_UNWRITABLE = re.compile("[\ufffe\uffff\ud800-\udfff]|_x[0-9a-fA-F]{4}")


@dataclass(frozen=True)
class Piece:
    """One row of the sheet of long texts.

    Attributes
    ----------
    code, column : str
        Of the cell that it continues.
    number : int
        From 1, in order.
    form : str
        ``texte``, or ``json`` when the pieces put together are a JSON string.
    text : str
        Fits a cell.
    """

    code: str
    column: str
    number: int
    form: str
    text: str


def cut(code: str, column: str, text: str) -> tuple[str, tuple[Piece, ...]]:
    """Cut a text into what its own cell holds and what goes to the sheet of long texts.

    Returns
    -------
    cell : str
        The text itself when it fits.
    pieces : tuple of Piece
        Empty when it fits.
    """
    if _UNWRITABLE.search(text):
        escaped = json.dumps(text).replace("_", "\\u005f")
        return _MARK, _numbered(code, column, ESCAPED, _chunks(escaped, CELL_LIMIT))
    if units(text) <= CELL_LIMIT:
        return text, ()
    head, *rest = _chunks(text, _ROOM)
    return head + _MARK, _numbered(code, column, PLAIN, rest)


def join(cell: str, pieces: Iterable[Piece]) -> str:
    """Put a text together again; a cell whose end a person changed is taken as it is.

    Raises
    ------
    ValueError
        The pieces are no longer what was written.
    """
    ordered = sorted(pieces, key=lambda piece: piece.number)
    if not ordered or not cell.endswith(_MARK):
        return cell
    rest = "".join(piece.text for piece in ordered)
    if ordered[0].form == ESCAPED:
        rest = json.loads(rest)
        if not isinstance(rest, str):
            message = "not a text"
            raise ValueError(message)
    return cell.removesuffix(_MARK) + rest


def by_cell(pieces: Iterable[Piece]) -> Mapping[tuple[str, str], list[Piece]]:
    """Gather pieces by the code and the column of their cell."""
    gathered: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        gathered.setdefault((piece.code, piece.column), []).append(piece)
    return gathered


def units(text: str) -> int:
    """Count the characters of a text as a workbook does: an emoji counts for two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _numbered(code: str, column: str, form: str, texts: Iterable[str]) -> tuple[Piece, ...]:
    return tuple(
        Piece(code, column, number, form, text) for number, text in enumerate(texts, start=1)
    )


def _chunks(text: str, room: int) -> list[str]:
    chunks, start = [], 0
    while start < len(text):
        end = start + room
        while units(text[start:end]) > room:
            end -= max(1, (units(text[start:end]) - room) // 2)
        chunks.append(text[start:end])
        start = min(end, len(text))
    return chunks
