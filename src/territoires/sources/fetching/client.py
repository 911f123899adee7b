"""Downloads a producer's file: resumed when cut, asked for again only when it changed.

What comes from outside is bounded in size and in time, and is what it was asked to be: a page of
apologies in place of a table, a redirection to another host, a body shorter than announced are
refused with the reason.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import requests

from territoires.errors import SourceUnavailable
from territoires.sources.declaration import Address
from territoires.sources.digests import digest_of
from territoires.sources.fetching.addresses import Route, check_redirect, next_address, safe_name
from territoires.sources.fetching.answers import (
    PassingError,
    check_beginning,
    check_is_data,
    check_status,
    is_encoded,
    pieces,
    reason,
)
from territoires.sources.fetching.kept import Kept, read_kept, write_kept
from territoires.sources.fetching.limits import Limits
from territoires.sources.fetching.session import open_session

Progress = Callable[[int, int | None], None]

_Got = TypeVar("_Got")

_MAX_REDIRECTS = 5
_ENOUGH_TO_TELL = 512


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
        self.tell = tell
        self._progress = progress or (lambda _done, _total: None)
        self._today = today
        self._session = open_session()

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
        path = folder / safe_name(address.file_name)
        job = _Job(address.url, path, frozenset(hosts), max_bytes)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = self._again(address.url, lambda deadline: self._attempt(job, deadline))
        except OSError as error:
            message = (
                f"{address.url} : {path} ne peut être écrit ({error.strerror}). Faites de la "
                "place, ou choisissez un autre dossier avec TERRITOIRES_DONNEES."
            )
            raise SourceUnavailable(message) from error
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
        content = self._again(url, lambda deadline: self._small(url, frozenset(hosts), deadline))
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            message = f"{url} : la réponse n'est pas du JSON. Le service a peut-être changé."
            raise SourceUnavailable(message) from error

    def _small(self, url: str, hosts: frozenset[str], deadline: float) -> bytes:
        with self._ask(url, hosts, {}) as answer:
            check_status(url, answer)
            content = b""
            for piece in pieces(answer, deadline):
                content += piece
                if len(content) > self.limits.json_bytes:
                    message = f"{url} : réponse trop longue pour ce qui est attendu."
                    raise SourceUnavailable(message)
            return content

    def _again(self, url: str, attempt: Callable[[float], _Got]) -> _Got:
        """Try, wait, try again; give up with the last reason."""
        wait = self.limits.first_wait_seconds
        deadline = time.monotonic() + self.limits.whole_seconds
        for number in range(1, self.limits.attempts + 1):
            try:
                return attempt(deadline)
            except PassingError as error:
                pause = min(max(wait, error.wait), self.limits.longest_wait_seconds)
                if number == self.limits.attempts or time.monotonic() + pause > deadline:
                    message = (
                        f"{url} : {error} ({number} essais). Réessayez plus tard, ou donnez le "
                        "fichier avec --depuis."
                    )
                    raise SourceUnavailable(message) from error
                self.tell(f"  {error} ; nouvel essai dans {pause:.0f} s")
                time.sleep(pause)
                wait *= 2
        raise AssertionError  # the loop returns or raises

    def _attempt(self, job: _Job, deadline: float) -> Kept | None:
        """Ask once. Return what was kept, or nothing when the file here is still current."""
        kept, partial = read_kept(job.path), read_kept(job.partial)
        headers = _headers(job, kept, partial)
        with self._ask(job.url, job.hosts, headers) as answer:
            if answer.status_code == 304 and kept is not None:
                return None
            if answer.status_code in (206, 416) and not _follows(job, partial, answer):
                job.forget_partial()
                raise PassingError("la reprise ne suit pas ce qui était déjà là")
            check_status(job.url, answer)
            check_is_data(job.url, answer)
            return self._keep(job, answer, deadline)

    def _keep(self, job: _Job, answer: requests.Response, deadline: float) -> Kept:
        resumed = answer.status_code == 206
        done = job.partial.stat().st_size if resumed else 0
        announced = answer.headers.get("Content-Length", "")
        total = done + int(announced) if announced.isdecimal() else None
        if is_encoded(answer):
            total = None
        _check_size(job, total or 0)
        about = Kept(
            job.url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
        )
        if not resumed:
            # Before the marks of the new content are written beside: never those on old bytes.
            job.forget_partial()
            # A body compressed on the way cannot be resumed: without marks it is not.
            write_kept(job.partial, Kept(job.url) if is_encoded(answer) else about)
        with job.partial.open("ab" if resumed else "wb") as file:
            for piece in pieces(answer, deadline):
                done += len(piece)
                _check_size(job, done)
                file.write(piece)
                self._progress(done, total)
        self._progress(done, done if total is None else total)
        if total is not None and done < total:
            raise PassingError(f"transfert coupé à {done} octets sur {total}")
        return self._settle(job, about, done)

    def _settle(self, job: _Job, about: Kept, size: int) -> Kept:
        with job.partial.open("rb") as file:
            beginning = file.read(_ENOUGH_TO_TELL)
        try:
            check_beginning(job.url, beginning)
        except SourceUnavailable:
            job.forget_partial()
            raise
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
                raise PassingError(reason(error)) from error
            if not answer.is_redirect:
                return answer
            answer.close()
            target = next_address(asked, answer.headers["Location"])
            check_redirect(url, asked, target, hosts, self._route)
            asked = self._route.to(target)
        raise SourceUnavailable(
            f"{url} : plus de {_MAX_REDIRECTS} redirections, l'adresse tourne en rond."
        )


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


def _follows(job: _Job, partial: Kept | None, answer: requests.Response) -> bool:
    """Whether a partial answer begins where the part that is here ends, in the same content."""
    if answer.status_code == 416 or partial is None or not partial.mark:
        return False
    begins = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    same = answer.headers.get("ETag", partial.etag) == partial.etag
    return same and begins is not None and int(begins[1]) == job.partial.stat().st_size


def _check_size(job: _Job, size: int) -> None:
    if size > job.max_bytes:
        job.forget_partial()
        message = f"{job.url} : fichier refusé, plus de {job.max_bytes // 1_000_000} Mo."
        raise SourceUnavailable(message)
