"""How this program presents itself to a server, and what it never tells."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy

import requests

from territoires import __version__


def open_session() -> requests.Session:
    """Open a session that names the program and nothing of the person who runs it."""
    session = _Session()
    session.headers["User-Agent"] = f"Territoires/{__version__}"
    # Sizes, resumption and digests are those of the bytes that are kept.
    session.headers["Accept-Encoding"] = "identity"
    # Nothing of this person goes out, neither cookies nor a .netrc's passwords.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.auth = _no_credentials
    return session


class _Session(requests.Session):
    """Looks at no redirection: requests would read its whole body, and trip on a bad address."""

    def get_redirect_target(self, _answer: requests.Response) -> None:
        """Return nothing: whoever asks decides where to be sent."""


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
