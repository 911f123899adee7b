"""Reads the CSV that the service answers: by name of column, each row by its own number."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from territoires.errors import UnexpectedFormat
from territoires.geocoding.service import Failure, Found, Question, Reply, Unknown

ROW, ADDRESS, CODE = "ligne", "adresse", "code"
_NEEDED = (
    ROW, "longitude", "latitude", "result_score", "result_type", "result_label", "result_citycode",
)  # fmt: skip
_OK, _NOT_THERE = {"ok", ""}, {"not-found", "skipped"}


def read_answers(content: bytes, questions: Mapping[str, Question]) -> dict[str, Reply]:
    """Read an answer.

    Parameters
    ----------
    content : bytes
        As received.
    questions : mapping
        What was asked, by number of row.

    Returns
    -------
    dict
        Replies by number of row. A row that is cut, repeated with another answer, or that is not
        that of its question is not there: it is for the caller to ask again.

    Raises
    ------
    UnexpectedFormat
        Not such a CSV; the message is a reason, without a full stop.
    """
    records = _records(content)
    if not records:
        raise UnexpectedFormat("réponse vide ou coupée dès son début")
    header = [name.strip() for name in records[0]]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise UnexpectedFormat(f"colonnes absentes de la réponse : {', '.join(missing)}")
    replies: dict[str, Reply] = {}
    repeated: set[str] = set()
    for record in records[1:]:
        row = dict(zip(header, record, strict=False))
        number = row.get(ROW, "")
        if len(record) != len(header) or not _is_that_of(row, questions.get(number)):
            continue
        reply = _reply(row)
        if reply is None:
            continue
        if replies.setdefault(number, reply) != reply:
            repeated.add(number)
    return {number: reply for number, reply in replies.items() if number not in repeated}


def _records(content: bytes) -> list[list[str]]:
    """Split into records; the last one, when no end of line closes it, may be cut: left out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnexpectedFormat("la réponse n'est pas en UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnexpectedFormat("la réponse n'est pas un CSV") from error
    return records if text.endswith(("\n", "\r")) else records[:-1]


def _is_that_of(row: Mapping[str, str], question: Question | None) -> bool:
    """Whether a row bears the address that was asked under its number, if it says it again."""
    return question is not None and row.get(ADDRESS, question.text).split() == question.text.split()


def _reply(row: Mapping[str, str]) -> Reply | None:
    status = row.get("result_status", "").strip().lower()
    if status in _NOT_THERE or (not status and not row["result_score"]):
        return Unknown()
    if status not in _OK:
        return Failure(f"le service signale une erreur sur la ligne ({status[:40]})")
    score = _number(row["result_score"])
    if math.isnan(score):
        return None
    street = row.get("result_street") or row.get("result_name") or row["result_label"]
    return Found(
        label=row["result_label"],
        kind=row["result_type"],
        street=street,
        number=row.get("result_housenumber", ""),
        code=row["result_citycode"].strip().upper(),
        longitude=_number(row["longitude"]),
        latitude=_number(row["latitude"]),
        score=min(max(score, 0.0), 1.0),
        next_score=_next_score(row),
    )


def _next_score(row: Mapping[str, str]) -> float:
    """Read the score of the second best address: 0 when there is none, or when it says nothing."""
    number = _number(row.get("result_score_next", ""))
    return 0.0 if math.isnan(number) else min(max(number, 0.0), 1.0)


def _number(text: str) -> float:
    """Read a number; NaN for anything else, infinity included."""
    try:
        number = float(text.strip())
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def write_questions(questions: Sequence[tuple[str, Question]]) -> bytes:
    """Write a batch: every cell quoted, and a last row that asks nothing.

    An answer that is cut loses its end: with that row, what it loses was not asked for.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow((ROW, ADDRESS, CODE))
    writer.writerows((number, question.text, question.code) for number, question in questions)
    writer.writerow(("fin", "", ""))
    return stream.getvalue().encode()
