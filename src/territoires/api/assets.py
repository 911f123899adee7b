"""``/actifs/…``: Leaflet, served by ourselves so that the page asks nothing of anyone else."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import (
    FOR_A_DAY,
    NotHereError,
    answers_in_text,
    content,
    etag,
    not_modified,
    unchanged,
)
from territoires.errors import DataFileError

_PACKAGE = "js_lib_leaflet"
_JAVASCRIPT, _CSS, _PNG = "text/javascript", "text/css", "image/png"

ASSETS = {
    "leaflet.js": _JAVASCRIPT,
    "leaflet.css": _CSS,
    "images/layers.png": _PNG,
    "images/layers-2x.png": _PNG,
    "images/marker-icon.png": _PNG,
    "images/marker-icon-2x.png": _PNG,
    "images/marker-shadow.png": _PNG,
}
"""What may be asked, and as what it is answered; nothing else of the package is served."""


def asset_routes() -> list[Route]:
    """Return the routes of the assets, and of nothing else below ``/actifs``."""
    return [Route("/actifs/{name:path}", asset), Route("/actifs", asset)]


@answers_in_text
def asset(request: Request) -> Response:
    """Answer one file of Leaflet."""
    name = request.path_params.get("name", "")
    if name not in ASSETS:
        message = "Rien à cette adresse."
        raise NotHereError(message)
    body, tag = _read(name)
    if unchanged(request, tag):
        return not_modified(tag, FOR_A_DAY)
    return content(body, ASSETS[name], tag, FOR_A_DAY)


@lru_cache(maxsize=len(ASSETS))
def _read(name: str) -> tuple[bytes, str]:
    file = files(_PACKAGE).joinpath("static", _PACKAGE, *name.split("/"))
    try:
        body = file.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(name, "fichier de Leaflet absent", "Réinstallez Territoires") from error
    return body, etag(name, body.hex())
