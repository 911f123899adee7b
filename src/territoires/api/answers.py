"""How our routes answer: plain French for people, JSON for programs, never a trace."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from territoires.errors import (
    DataFileError,
    InvalidRequest,
    TerritoiresError,
    UnknownDirectory,
    UnknownGroup,
    UnknownTerritory,
)

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
ASK_AGAIN = "no-cache"
ONE_BROWSER = "private, max-age=86400"
NEVER_KEPT = "no-store"

Endpoint = Callable[[Request], Response]


class NotHereError(TerritoiresError):
    """Nothing answers at this address."""


class OtherVersionError(TerritoiresError):
    """The address was made with other data than those that are here."""


_STATUS: tuple[tuple[type[TerritoiresError], HTTPStatus], ...] = (
    (NotHereError, HTTPStatus.NOT_FOUND),
    (UnknownTerritory, HTTPStatus.NOT_FOUND),
    (OtherVersionError, HTTPStatus.CONFLICT),
    (UnknownDirectory, HTTPStatus.CONFLICT),
    (UnknownGroup, HTTPStatus.CONFLICT),
    (InvalidRequest, HTTPStatus.BAD_REQUEST),
    (DataFileError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: TerritoiresError) -> HTTPStatus:
    """Return the HTTP status that fits one of our errors."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def said(error: TerritoiresError) -> str:
    """Return the message of an error, without telling the world where our files are."""
    if isinstance(error, DataFileError):
        return f"{PurePath(error.path).name} : {error.problem}. {error.remedy}."
    return str(error)


def answers_in_text(endpoint: Endpoint) -> Endpoint:
    """Turn our errors into plain text."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except TerritoiresError as error:
            text, status = said(error), status_of(error)
            return PlainTextResponse(text, status, {"Cache-Control": NEVER_KEPT})

    return answer


def answers_in_json(endpoint: Endpoint) -> Endpoint:
    """Turn our errors into JSON: ``{"erreur": …}``."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except TerritoiresError as error:
            return to_json({"erreur": said(error)}, status=status_of(error), cache=NEVER_KEPT)

    return answer


def to_json(
    content: object, *, status: HTTPStatus = HTTPStatus.OK, cache: str = ASK_AGAIN
) -> JSONResponse:
    """Answer in JSON; what is missing must already be ``None``."""
    return JSONResponse(content, status, {"Cache-Control": cache})


def known(value: Any) -> Any:
    """Return a value as JSON holds it: ``None`` for whatever is missing, plain numbers."""
    if pd.isna(value):
        return None
    item = getattr(value, "item", None)
    plain = item() if callable(item) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def etag(*parts: str) -> str:
    """Return a validator for what the parts decide entirely."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{digest[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Tell whether the browser already has what this tag names."""
    held = request.headers.get("if-none-match", "")
    return tag in {value.strip().removeprefix("W/") for value in held.split(",")}


def not_modified(tag: str, cache: str) -> Response:
    """Answer that nothing changed."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_kept(tag, cache))


def content(body: bytes, media_type: str, tag: str, cache: str) -> Response:
    """Answer a body that may be kept."""
    return Response(body, media_type=media_type, headers=_kept(tag, cache))


def _kept(tag: str, cache: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": cache}
