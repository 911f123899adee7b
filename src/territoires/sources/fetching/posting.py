"""Sends a file to a service and reads its answer: with patience, and with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import requests

from territoires.errors import SourceUnavailable
from territoires.sources.fetching.answers import (
    PassingError,
    check_beginning,
    check_passing,
    pieces,
    reason,
)
from territoires.sources.fetching.limits import Limits
from territoires.sources.fetching.session import open_session

Part = tuple[str, tuple[str | None, bytes, str]]
"""Of a form: its name, then file name (``None`` for a field), content and content type."""


class Refused(SourceUnavailable):
    """The service understood the request, and does not want it: asking again changes nothing."""


class NoAnswer(SourceUnavailable):
    """No answer came in the time and the attempts allowed."""


class Poster:
    """Posts forms to one address.

    Parameters
    ----------
    url : str
        Of the service.
    limits : Limits
        Patience.
    max_bytes : int
        Largest answer.
    tell : callable
        Receives French lines.
    per_second : float
        Requests in a second, at most.
    """

    def __init__(
        self,
        url: str,
        limits: Limits,
        *,
        max_bytes: int,
        tell: Callable[[str], None],
        per_second: float,
    ) -> None:
        self.url = url
        self._limits = limits
        self._max_bytes = max_bytes
        self._tell = tell
        self._interval = 1.0 / per_second
        self._next_moment = 0.0
        self._session = open_session()

    def post(self, form: Sequence[Part]) -> bytes:
        """Send a form, and wait for its answer.

        Raises
        ------
        Refused
            The service does not want this form; the message is a reason, without a full stop.
        NoAnswer
            It cannot be reached, is in trouble, or asks to wait longer than we may.
        """
        wait = self._limits.first_wait_seconds
        deadline = time.monotonic() + self._limits.whole_seconds
        for number in range(1, self._limits.attempts + 1):
            try:
                return self._attempt(form, deadline)
            except PassingError as error:
                pause = max(wait, error.wait)
                if pause > self._limits.longest_wait_seconds:
                    # It said when to come back: coming sooner is what gets a client banned.
                    message = f"{error}, et demande d'attendre {pause:.0f} s"
                    raise NoAnswer(message) from error
                if number == self._limits.attempts or time.monotonic() + pause > deadline:
                    raise NoAnswer(f"{error} ({number} essais)") from error
                self._tell(f"  {error} ; nouvel essai dans {pause:.0f} s")
                time.sleep(pause)
                wait *= 2
        raise AssertionError  # the loop returns or raises

    def _attempt(self, form: Sequence[Part], deadline: float) -> bytes:
        self._take_turn()
        timeout = (self._limits.connect_seconds, self._limits.silence_seconds)
        try:
            with self._session.post(
                self.url, files=list(form), stream=True, timeout=timeout, allow_redirects=False
            ) as answer:
                return self._read(answer, deadline)
        except requests.RequestException as error:
            raise PassingError(reason(error)) from error

    def _take_turn(self) -> None:
        """Wait until the service may be asked again."""
        now = time.monotonic()
        if now < self._next_moment:
            time.sleep(self._next_moment - now)
        self._next_moment = time.monotonic() + self._interval

    def _read(self, answer: requests.Response, deadline: float) -> bytes:
        check_passing(answer)
        if answer.is_redirect:
            raise Refused("le service renvoie vers une autre adresse, ce qui n'est pas suivi")
        if answer.status_code != 200:
            raise Refused(f"le service refuse la demande ({answer.status_code})")
        content = bytearray()
        for piece in pieces(answer, deadline):
            content += piece
            if len(content) > self._max_bytes:
                raise Refused("réponse plus longue que ce qui est attendu")
        announced = answer.headers.get("Content-Length", "")
        if announced.isdecimal() and len(content) < int(announced):
            raise PassingError(f"réponse coupée à {len(content)} octets sur {announced}")
        try:
            check_beginning(self.url, bytes(content[:512]))
        except SourceUnavailable as error:
            raise Refused("une page web est arrivée à la place de la réponse") from error
        return bytes(content)
