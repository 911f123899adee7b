"""What a server answered: worth reading, worth asking again, or refused with the reason."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from territoires.errors import SourceUnavailable

_CHUNK = 1 << 16
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_BEGINNINGS = (b"<!doctype html", b"<html")
_BY_HAND = "Téléchargez le fichier vous-même et donnez-le avec --depuis."


class PassingError(Exception):
    """Worth asking again: what happened, and how long the server asks to wait (seconds)."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def pieces(answer: requests.Response, deadline: float) -> Iterator[bytes]:
    """Read a body as it comes, until a moment of the monotonic clock.

    ``read1`` gives what has arrived: a server that sends one byte now and then cannot hold us
    past the deadline, as it would by filling a whole buffer.

    Raises
    ------
    PassingError
        The connection was cut, or is too slow.
    """
    try:
        while piece := answer.raw.read1(_CHUNK, decode_content=True):
            yield piece
            if time.monotonic() > deadline:
                raise PassingError("transfert trop lent, arrêté à la durée maximale")
    except (HTTPError, OSError) as error:
        late = isinstance(error, (ReadTimeoutError, TimeoutError))
        raise PassingError(
            "plus rien ne vient du serveur" if late else "transfert coupé"
        ) from error


def check_status(url: str, answer: requests.Response) -> None:
    """Let through an answer that has a body to read.

    Raises
    ------
    PassingError
        Too many requests, or the server is in trouble.
    SourceUnavailable
        The file is not there, or not for us.
    """
    status = answer.status_code
    if status in (200, 206):
        return
    check_passing(answer)
    found = "introuvable à cette adresse" if status in (404, 410) else "refusé par le serveur"
    message = (
        f"{url} : {found} ({status}). Le producteur a peut-être déplacé le fichier. {_BY_HAND}"
    )
    raise SourceUnavailable(message)


def check_passing(answer: requests.Response) -> None:
    """Notice an answer that another attempt may better.

    Raises
    ------
    PassingError
        Too many requests, or the server is in trouble.
    """
    if answer.status_code in _TRY_AGAIN:
        raise PassingError(f"le serveur répond {answer.status_code}", _asked_wait(answer))


def _asked_wait(answer: requests.Response) -> float:
    """Return the seconds of ``Retry-After``, a number or a date by the server's own clock."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        now = parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (parsedate_to_datetime(asked) - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def check_is_data(url: str, answer: requests.Response) -> None:
    """Refuse a web page, by what the server says of it."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _PAGES:
        raise SourceUnavailable(_page(url, kind))


def check_beginning(url: str, beginning: bytes) -> None:
    """Refuse a web page, by its first bytes: some are sent as ``text/csv``."""
    start = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_PAGE_BEGINNINGS):
        text = beginning[:60].decode("utf-8", "replace").split()
        raise SourceUnavailable(_page(url, " ".join(text)))


def _page(url: str, seen: str) -> str:
    return (
        f"{url} : une page web ({seen}) est arrivée à la place du fichier. Ouvrez cette adresse "
        "dans un navigateur pour voir ce qu'en dit le producteur."
    )


def is_encoded(answer: requests.Response) -> bool:
    """Whether the body is compressed on the way: its length is not that of the file."""
    return answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity")


def reason(error: requests.RequestException) -> str:
    """Say in French why no answer came."""
    if isinstance(error, requests.Timeout):
        return "pas de réponse dans le délai"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificat du serveur refusé"
    return "connexion impossible ou interrompue"
