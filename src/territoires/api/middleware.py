"""What every answer goes through: security headers, and French said to be French."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from territoires.api.front_end_words import replaced

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Streamlit's pages and the map's frame evaluate scripts: 'unsafe-inline' and 'unsafe-eval' stay.
# So does that of a component (the list of candidates), which Streamlit imports as a blob.
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:{images}",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self' blob: data:",
    "frame-ancestors 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
_SCRIPTS = "/static/js/"
_SCRIPT_TYPES = ("text/javascript", "application/javascript")  # as the machine knows them
_LARGEST_CHANGED = 4_000_000
_PAGES = {b'<html lang="en"': b'<html lang="fr"'}


class SecurityHeaders:
    """Add to every answer the headers that keep browsers on the safe side.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    base_map_url : str, optional
        XYZ address of the base map: the one other server a page may ask, for pictures only.
    """

    def __init__(self, app: ASGIApp, base_map_url: str | None = None) -> None:
        self._app = app
        policy = "; ".join(_POLICY).format(images=_image_source(base_map_url))
        self._headers = {**_HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers added where the answer does not set them itself."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _image_source(base_map_url: str | None) -> str:
    if not base_map_url:
        return ""
    parts = urlsplit(base_map_url)
    return f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}"


class SmallerFrontEnd:
    """Compress the scripts and styles of Streamlit's front end, which it serves as they are.

    They are 2.5 MB of the 3 MB of a first visit. Fonts and pictures are compressed already.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    base_path : str
        Path under which the server is published, without a final slash.
    """

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self._app = app
        self._compressed = GZipMiddleware(app, minimum_size=1_000, compresslevel=6)
        self._folders = (f"{base_path}{_SCRIPTS}", f"{base_path}/static/css/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, compressed when the browser takes it."""
        small = scope["type"] == "http" and scope["path"].startswith(self._folders)
        await (self._compressed if small else self._app)(scope, receive, send)


class FrenchLanguage:
    """Say ``lang="fr"`` where Streamlit's own pages say ``lang="en"``, and its words in French.

    Screen readers choose their voice by the first. Streamlit has no setting for either.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what is to be changed is held back, changed, and sent with its new length."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        words = replaced(scope["path"]) if _SCRIPTS in scope["path"] else {}
        held = _Held(send, _SCRIPT_TYPES, words) if words else _Held(send, ("text/html",), _PAGES)
        await self._app(scope, receive, held.receive_part)


class _Held:
    """Passes messages through, but for those of one kind of file, which it changes as one."""

    def __init__(
        self, send: Send, media_types: tuple[str, ...], words: Mapping[bytes, bytes]
    ) -> None:
        self._send = send
        self._media_types = media_types
        self._words = words
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def receive_part(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _may_be_changed(message, self._media_types):
            self._start = message
        elif self._start is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_changed(self._start)
        else:  # a file handed to the server whole: nothing to change on the way
            await self._send(self._start)
            self._start = None
            await self._send(message)

    async def _send_changed(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        body = _changed(b"".join(self._parts), self._words, zipped="content-encoding" in headers)
        headers["content-length"] = str(len(body))
        self._start = None
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _may_be_changed(start: Message, media_types: tuple[str, ...]) -> bool:
    headers = MutableHeaders(scope=start)
    length = headers.get("content-length", "0")
    return (
        start["status"] == 200
        and headers.get("content-type", "").startswith(media_types)
        and headers.get("content-encoding", "gzip") == "gzip"
        and length.isdecimal()
        and int(length) <= _LARGEST_CHANGED
    )


def _changed(body: bytes, words: Mapping[bytes, bytes], *, zipped: bool) -> bytes:
    content = gzip.decompress(body) if zipped else body
    for theirs, ours in words.items():
        content = content.replace(theirs, ours)
    return gzip.compress(content, compresslevel=5, mtime=0) if zipped else content
