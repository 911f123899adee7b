"""``/tuiles/{z}/{x}/{y}.png``: choropleth tiles; ``{y}@2x.png`` for fine screens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import (
    ASK_AGAIN,
    FOR_GOOD,
    ONE_BROWSER,
    NotHereError,
    OtherVersionError,
    answers_in_text,
    content,
    etag,
    not_modified,
    unchanged,
)
from territoires.api.data import GetData
from territoires.errors import InvalidRequest
from territoires.maps import MapColours, MapSpec, render_tile, spec_from_query, spec_to_query
from territoires.maps.mercator import MAX_ZOOM
from territoires.maps.spec import STYLE

_PATH = re.compile(r"([^/]+)/([^/]+)/([^/@]+)(@2x)?\.png")
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def tile_routes(get_data: GetData) -> list[Route]:
    """Return the routes of the tiles, and of nothing else below ``/tuiles``."""

    @answers_in_text
    def tile(request: Request) -> Response:
        position, fine = tile_position(request.path_params["rest"])
        pairs = request.query_params.multi_items()
        spec = spec_from_query(pairs)
        data = get_data()
        check_version(spec.version, data.colours.version)
        tag = etag(data.colours.version, request.url.path, spec_to_query(spec))
        cache = _cache(spec, data.colours, pairs)
        if unchanged(request, tag):
            return not_modified(tag, cache)
        drawn = render_tile(data.tiles, data.colours, spec, position, fine=fine)
        return content(drawn, "image/png", tag, cache)

    # A text parameter, checked by hand: what a typed one refuses would fall through to the pages.
    return [Route("/tuiles/{rest:path}", tile), Route("/tuiles", tile_root)]


@answers_in_text
def tile_root(_request: Request) -> Response:
    """Say what is below this address."""
    message = "Rien à cette adresse. Les tuiles sont à /tuiles/{z}/{x}/{y}.png."
    raise NotHereError(message)


def tile_position(path: str) -> tuple[tuple[int, int, int], bool]:
    """Read zoom, column, row, and whether the screen is fine.

    Raises
    ------
    NotHereError
        It is not the path of a tile.
    InvalidRequest
        A number is out of range.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        message = "Rien à cette adresse. Les tuiles sont à /tuiles/{z}/{x}/{y}.png."
        raise NotHereError(message)
    zoom = _between("zoom", found[1], MAX_ZOOM)
    last = (1 << zoom) - 1
    return (zoom, _between("x", found[2], last), _between("y", found[3], last)), bool(found[4])


def _between(name: str, text: str, last: int) -> int:
    if not _WHOLE.fullmatch(text) or not 0 <= int(text) <= last:
        message = f"{name} : « {text:.20} » ; un nombre entier de 0 à {last} est attendu."
        raise InvalidRequest(message)
    return int(text)


def _cache(spec: MapSpec, colours: MapColours, pairs: Sequence[tuple[str, str]]) -> str:
    """Say who may keep a tile: everyone when the address says all of it, nobody for long else."""
    if colours.is_personal(spec):
        return ONE_BROWSER
    says_directory = spec.quadrants is None or spec.quadrants.directory
    says_all = spec.version and says_directory and ("style", STYLE) in pairs
    return FOR_GOOD if says_all else ASK_AGAIN


def check_version(asked: str, here: str) -> None:
    """Refuse an address that was made with other data; one that says nothing passes.

    Raises
    ------
    OtherVersionError
        The version asked is not the one that is here.
    """
    if asked and asked != here:
        message = (
            f"Cette adresse a été faite avec les données « {asked:.80} » ; ce serveur a les "
            f"données « {here} ». Rechargez la page."
        )
        raise OtherVersionError(message)
