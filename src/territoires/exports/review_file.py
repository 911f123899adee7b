"""A review in a file: JSON for an editor, CSV for a spreadsheet; the same lines in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from territoires.errors import InvalidRequest, InvalidTable
from territoires.exports.review_sheet import review_from_csv, review_to_csv
from territoires.geocoding import Gazetteer
from territoires.geocoding.review import Doubt, Review
from territoires.geocoding.review.entries import MAX_BYTES, ReadReview
from territoires.geocoding.review.file import review_from_json, review_to_json

Writer = Callable[[Review, Sequence[Doubt], Gazetteer, bool], bytes]

WRITERS: Mapping[str, Writer] = {
    ".json": lambda review, doubts, gazetteer, _excel: review_to_json(
        review, doubts, gazetteer
    ).encode(),
    ".csv": lambda review, doubts, gazetteer, excel: review_to_csv(
        review, doubts, gazetteer, excel=excel
    ),
}
"""By the end of the file's name."""


def read_review(content: bytes, name: str) -> ReadReview:
    """Read a review, JSON or CSV, told apart by what it holds.

    Raises
    ------
    InvalidTable
        It is neither; the message says why.
    """
    if len(content) > MAX_BYTES:
        raise InvalidTable(f"{name} : une revue pèse au plus {MAX_BYTES // 1_000_000} Mo.")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        try:
            return review_from_json(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InvalidTable(f"{name} n'est pas en UTF-8 : enregistrez-le de nouveau.") from error
    return review_from_csv(content, name, limit_bytes=MAX_BYTES)


def check_review_name(name: str) -> None:
    """Refuse a name that would hide what the file is.

    Raises
    ------
    InvalidRequest
        The name ends neither in ``.json`` nor in ``.csv``.
    """
    if suffix_of(name) not in WRITERS:
        raise InvalidRequest(f"{name} : une revue est un fichier {' ou '.join(WRITERS)}.")


def write_review(
    review: Review, doubts: Sequence[Doubt], gazetteer: Gazetteer, name: str, *, excel: bool = False
) -> bytes:
    """Write a review in the form that its name asks for."""
    return WRITERS[suffix_of(name)](review, doubts, gazetteer, excel)


def suffix_of(name: str) -> str:
    """Return the end of a file name, in lower case, with its dot."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot >= 0 else ""
