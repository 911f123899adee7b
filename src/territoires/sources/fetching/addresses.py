"""Addresses: the mirror that stands for the producers, and where one may be sent."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from territoires.errors import SourceUnavailable

_LONGEST_NAME = 120


@dataclass(frozen=True)
class Route:
    """How a producer's address is reached.

    Attributes
    ----------
    mirror : str or None
        Base address asked in place of every producer.
    """

    mirror: str | None

    def to(self, url: str) -> str:
        """Return the address really asked.

        Raises
        ------
        SourceUnavailable
            Not an http(s) address.
        """
        parts = _parts(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = f"{url} : seule une adresse http ou https est acceptée."
            raise SourceUnavailable(message)
        if self.mirror is None or self.is_mirror(url):
            return url
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.mirror.rstrip('/')}/{parts.netloc}{parts.path}{query}"

    def is_mirror(self, url: str) -> bool:
        """Whether an address is one of the mirror."""
        # With its slash: http://miroir.example is not http://miroir.example.org.
        return self.mirror is not None and url.startswith(f"{self.mirror.rstrip('/')}/")


def next_address(asked: str, location: str) -> str:
    """Return where a redirection leads, absolute.

    Raises
    ------
    SourceUnavailable
        It is not an address.
    """
    try:
        return urljoin(asked, location)
    except ValueError as error:
        message = f"{asked} : redirection illisible ({location:.80}), refusée."
        raise SourceUnavailable(message) from error


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        message = f"{url} : cette adresse n'est pas bien formée. Vérifiez-la."
        raise SourceUnavailable(message) from error


def check_redirect(url: str, asked: str, target: str, hosts: Collection[str], route: Route) -> None:
    """Refuse to be sent elsewhere than to the same host or to one of those allowed.

    Raises
    ------
    SourceUnavailable
        The message names the host.
    """
    sent_to = (_parts(target).hostname or "").lower()
    same = sent_to in {urlsplit(url).hostname, urlsplit(asked).hostname} and (
        not route.mirror or route.is_mirror(target) or sent_to == urlsplit(url).hostname
    )
    if same or sent_to in hosts:
        return
    message = (
        f"{url} : redirection vers un autre serveur ({sent_to or target:.80}), refusée. "
        "Téléchargez le fichier vous-même et donnez-le avec --depuis."
    )
    raise SourceUnavailable(message)


def safe_name(name: str) -> str:
    """Return a file name that stays in its folder, whatever an address holds."""
    kept = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).lstrip(".")[-_LONGEST_NAME:]
    return kept or "fichier"
