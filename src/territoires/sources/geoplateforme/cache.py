"""Answers already had, kept on this machine by their content: a list asked twice is asked once."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from territoires.errors import SourceUnavailable
from territoires.geocoding.service import Found, Question, Reply, Unknown

_TABLE = "CREATE TABLE IF NOT EXISTS reponses (cle TEXT PRIMARY KEY, reponse TEXT, le TEXT)"
_AT_ONCE = 500  # keys of a query
_BUSY_SECONDS = 30.0


class AnswerCache:
    """A file of answers, found again by service, text and code.

    Failures are never kept. A killed run leaves what it had: each batch is written as it comes.

    Parameters
    ----------
    path : Path
        SQLite file, made when absent; begun anew when it is not one.
    service : str
        Address of the service that answers.
    today : date
        Day that new answers bear.
    days : int
        How long an answer is good.

    Raises
    ------
    SourceUnavailable
        The folder cannot be written to.
    """

    def __init__(self, path: Path, service: str, today: date, days: int) -> None:
        self._service = service
        self._today = today
        self._since = (today - timedelta(days=days)).isoformat()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = _opened(path)
        except (OSError, sqlite3.Error) as error:
            message = (
                f"{path} : le cache des adresses ne peut être ouvert ({error}). Libérez-le, ou "
                "relancez avec --sans-cache."
            )
            raise SourceUnavailable(message) from error

    def known(self, questions: Sequence[Question]) -> dict[Question, Reply]:
        """Return the answers that are here, of those questions."""
        keys = {self._key(question): question for question in questions}
        found: dict[Question, Reply] = {}
        listed = list(keys)
        for start in range(0, len(listed), _AT_ONCE):
            part = listed[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT cle, reponse FROM reponses WHERE le >= ? AND cle IN ({marks})"  # noqa: S608
            for key, text in self._base.execute(query, (self._since, *part)):
                reply = _read(text)
                if reply is not None:
                    found[keys[key]] = reply
        return found

    def keep(self, replies: Mapping[Question, Reply]) -> None:
        """Write answers; failures are left out."""
        day = self._today.isoformat()
        rows = [
            (self._key(question), _written(reply), day)
            for question, reply in replies.items()
            if isinstance(reply, (Found, Unknown))
        ]
        with self._base:
            self._base.executemany("INSERT OR REPLACE INTO reponses VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _key(self, question: Question) -> str:
        content = "\n".join((self._service, question.code, question.text))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _checked(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        path.unlink()  # not a SQLite file, or a damaged one: nothing in it is worth a refusal
        return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        base.execute(_TABLE)
        (state,) = base.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(state)
    except sqlite3.Error:
        base.close()
        raise
    return base


def _written(reply: Found | Unknown) -> str:
    return json.dumps(asdict(reply) if isinstance(reply, Found) else {})


def _read(text: str) -> Reply | None:
    """Read a kept answer; nothing when another version wrote it otherwise: it is asked again."""
    try:
        content = json.loads(text)
        return Found(**content) if content else Unknown()
    except (ValueError, TypeError):
        return None
