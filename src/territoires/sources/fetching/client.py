"""Downloads a producer's file: resumed when cut, asked for again only when it changed.

What comes from outside is bounded in size and in time, and is what it was asked to be: a page of
apologies in place of a table, a redirection to another host, a body shorter than announced are
refused with the reason.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests

from territoires import __version__
from territoires.errors import SourceUnavailable
from territoires.sources.declaration import Address
from territoires.sources.fetching.addresses import Route, check_redirect, safe_name
from territoires.sources.fetching.kept import Kept, digest_of, read_kept, write_kept

Progress = Callable[[int, int | None], None]

_CHUNK = 1 << 16
_MAX_REDIRECTS = 5
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_PAGES = ("text/html", "application/xhtml")


@dataclass(frozen=True)
class Limits:
    """How long one waits, and how often one asks again.

    Attributes
    ----------
    connect_seconds, silence_seconds : float
        To be answered; between two pieces.
    whole_seconds : float
        For one file, attempts included.
    attempts : int
        In all.
    first_wait_seconds, longest_wait_seconds : float
        Before asking again; doubles each time. ``Retry-After`` counts when it is longer.
    json_bytes : int
        Largest JSON answer.
    """

    connect_seconds: float = 15.0
    silence_seconds: float = 60.0
    whole_seconds: float = 1800.0
    attempts: int = 4
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    json_bytes: int = 5_000_000


@dataclass(frozen=True)
class Downloaded:
    """A producer's file, on this machine.

    Attributes
    ----------
    path : Path
        Where it is kept.
    url : str
        The producer's address.
    sha256 : str
        Of its bytes.
    size : int
        In bytes.
    obtained_on : str
        ISO date of the download (not of the last time it was found unchanged).
    unchanged : bool
        The producer says that the file kept here is still the current one.
    """

    path: Path
    url: str
    sha256: str
    size: int
    obtained_on: str
    unchanged: bool


class _PassingError(Exception):
    """Worth asking again: what happened, and how long the server asks to wait."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Client:
    """Asks the producers.

    Parameters
    ----------
    cache_dir : Path
        Where files are kept, one folder by source.
    mirror : str or None
        Base address that stands for every producer: ``{mirror}/{host}{path}``.
    tell : callable
        Receives French lines.
    progress : callable, optional
        Receives bytes done, and in all when known.
    limits : Limits
        Patience.
    today : callable
        Gives the day that downloads bear.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        mirror: str | None,
        tell: Callable[[str], None],
        progress: Progress | None = None,
        limits: Limits | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.cache_dir = cache_dir
        self.limits = limits or Limits()
        self._route = Route(mirror)
        self._tell = tell
        self._progress = progress or (lambda _done, _total: None)
        self._today = today
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"Territoires/{__version__}"
        # Sizes, resumption and digests are those of the bytes that are kept.
        self._session.headers["Accept-Encoding"] = "identity"

    def download(
        self, address: Address, *, hosts: Collection[str], max_bytes: int, key: str
    ) -> Downloaded:
        """Get a file, or learn that the one kept here is still current.

        Parameters
        ----------
        address : Address
            Of the producer.
        hosts : collection of str
            Hosts one may be sent to, besides that of the address.
        max_bytes : int
            Above, refused.
        key : str
            Folder of the cache.

        Raises
        ------
        SourceUnavailable
            It cannot be had; the message names the address, what happened and what to do.
        """
        folder = self.cache_dir / key
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / safe_name(address.file_name)
        job = _Job(address.url, path, frozenset(hosts), max_bytes)
        kept = self._again(address.url, lambda: self._attempt(job))
        unchanged = kept is None
        kept = kept or read_kept(path)
        if kept is None:
            raise SourceUnavailable(
                f"{address.url} : la copie gardée a disparu. Relancez la commande."
            )
        return Downloaded(path, kept.url, kept.sha256, kept.size, kept.obtained_on, unchanged)

    def get_json(self, url: str, *, hosts: Collection[str] = ()) -> Any:
        """Get a small JSON document.

        Raises
        ------
        SourceUnavailable
            No answer, not JSON, or too large.
        """

        def attempt() -> bytes:
            with self._ask(url, frozenset(hosts), {}) as answer:
                _check_status(answer)
                content = b""
                for piece in self._pieces(answer, time.monotonic() + self.limits.whole_seconds):
                    content += piece
                    if len(content) > self.limits.json_bytes:
                        raise SourceUnavailable(
                            f"{url} : réponse trop longue pour ce qui est attendu."
                        )
                return content

        content = self._again(url, attempt)
        try:
            return json.loads(content)
        except ValueError as error:
            message = f"{url} : la réponse n'est pas du JSON. Le service a peut-être changé."
            raise SourceUnavailable(message) from error

    def _again(self, url: str, attempt: Callable[[], Any]) -> Any:
        """Try, wait, try again; give up with the last reason."""
        wait = self.limits.first_wait_seconds
        deadline = time.monotonic() + self.limits.whole_seconds
        for number in range(1, self.limits.attempts + 1):
            try:
                return attempt()
            except _PassingError as error:
                pause = min(max(wait, error.wait), self.limits.longest_wait_seconds)
                if number == self.limits.attempts or time.monotonic() + pause > deadline:
                    message = (
                        f"{url} : {error} ({number} essais). Réessayez plus tard, ou donnez le "
                        "fichier avec --depuis."
                    )
                    raise SourceUnavailable(message) from error
                self._tell(f"  {error} ; nouvel essai dans {pause:.0f} s")
                time.sleep(pause)
                wait *= 2
        raise AssertionError  # the loop returns or raises

    def _attempt(self, job: _Job) -> Kept | None:
        """Ask once. Return what was kept, or nothing when the file here is still current."""
        kept, partial = read_kept(job.path), read_kept(job.partial)
        headers = _headers(job, kept, partial)
        with self._ask(job.url, job.hosts, headers) as answer:
            if answer.status_code == 304 and kept is not None:
                return None
            if answer.status_code == 416:
                job.forget_partial()
                raise _PassingError("la reprise a été refusée")
            _check_status(answer)
            _check_is_data(job.url, answer)
            resumed = answer.status_code == 206 and partial is not None
            return self._keep(job, answer, resumed=resumed)

    def _keep(self, job: _Job, answer: requests.Response, *, resumed: bool) -> Kept:
        done = job.partial.stat().st_size if resumed else 0
        announced = answer.headers.get("Content-Length")
        total = done + int(announced) if announced and announced.isdecimal() else None
        _check_size(job, total or 0)
        about = Kept(
            job.url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
        )
        write_kept(job.partial, about)
        deadline = time.monotonic() + self.limits.whole_seconds
        with job.partial.open("ab" if resumed else "wb") as file:
            for piece in self._pieces(answer, deadline):
                done += len(piece)
                _check_size(job, done)
                file.write(piece)
                self._progress(done, total)
        if total is not None and done < total:
            raise _PassingError(f"transfert coupé à {done} octets sur {total}")
        return self._settle(job, about, done)

    def _settle(self, job: _Job, about: Kept, size: int) -> Kept:
        finished = Kept(
            about.url, about.etag, about.modified, digest_of(job.partial), size,
            self._today().isoformat(),
        )  # fmt: skip
        job.partial.replace(job.path)
        write_kept(job.path, finished)
        job.forget_partial()
        return finished

    def _ask(self, url: str, hosts: frozenset[str], headers: dict[str, str]) -> requests.Response:
        """Send one request, following by hand the redirections that are allowed."""
        asked = self._route.to(url)
        timeout = (self.limits.connect_seconds, self.limits.silence_seconds)
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                answer = self._session.get(
                    asked, headers=headers, stream=True, timeout=timeout, allow_redirects=False
                )
            except requests.RequestException as error:
                raise _PassingError(_reason(error)) from error
            if not answer.is_redirect:
                return answer
            target = requests.compat.urljoin(asked, answer.headers["Location"])
            answer.close()
            check_redirect(url, asked, target, hosts, self._route)
            asked = self._route.to(target)
        raise SourceUnavailable(
            f"{url} : plus de {_MAX_REDIRECTS} redirections, l'adresse tourne en rond."
        )

    def _pieces(self, answer: requests.Response, deadline: float) -> Iterator[bytes]:
        try:
            for piece in answer.iter_content(_CHUNK):
                if time.monotonic() > deadline:
                    limit = self.limits.whole_seconds
                    raise _PassingError(f"transfert trop lent : plus de {limit:.0f} s")
                yield piece
        except requests.RequestException as error:
            raise _PassingError(_reason(error)) from error


@dataclass(frozen=True)
class _Job:
    url: str
    path: Path
    hosts: frozenset[str]
    max_bytes: int

    @property
    def partial(self) -> Path:
        return self.path.with_name(f"{self.path.name}.partiel")

    def forget_partial(self) -> None:
        for path in (self.partial, self.partial.with_name(f"{self.partial.name}.json")):
            path.unlink(missing_ok=True)


def _headers(job: _Job, kept: Kept | None, partial: Kept | None) -> dict[str, str]:
    """Ask for what follows the part that is here, or for what is newer than the file that is."""
    if partial is not None and partial.url == job.url and partial.mark:
        return {"Range": f"bytes={job.partial.stat().st_size}-", "If-Range": partial.mark}
    if kept is None or kept.url != job.url:
        return {}
    headers = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
    return {name: value for name, value in headers.items() if value}


def _check_status(answer: requests.Response) -> None:
    status = answer.status_code
    if status in (200, 206):
        return
    if status in _TRY_AGAIN:
        asked = answer.headers.get("Retry-After", "")
        wait = float(asked) if asked.isdecimal() else 0.0
        raise _PassingError(f"le serveur répond {status}", wait)
    found = "introuvable à cette adresse" if status in (404, 410) else "refusé par le serveur"
    message = f"{answer.url} : {found} ({status}). Le producteur a peut-être déplacé le fichier."
    raise SourceUnavailable(message)


def _check_is_data(url: str, answer: requests.Response) -> None:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _PAGES:
        message = (
            f"{url} : une page web ({kind}) est arrivée à la place du fichier. Ouvrez cette "
            "adresse dans un navigateur pour voir ce qu'en dit le producteur."
        )
        raise SourceUnavailable(message)


def _check_size(job: _Job, size: int) -> None:
    if size > job.max_bytes:
        job.forget_partial()
        message = f"{job.url} : fichier refusé, plus de {job.max_bytes // 1_000_000} Mo."
        raise SourceUnavailable(message)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "pas de réponse dans le délai"
    if isinstance(error, requests.exceptions.SSLError):
        return "certificat du serveur refusé"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "transfert coupé"
    return "connexion impossible ou interrompue"
