"""``/tuiles/contours/{z}/{x}/{y}.png``: the outline of a set of communes, over a map."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import (
    ONE_BROWSER,
    answers_in_text,
    content,
    etag,
    not_modified,
    unchanged,
)
from territoires.api.data import GetData
from territoires.api.tiles import check_version, tile_position
from territoires.errors import InvalidRequest
from territoires.maps.outline_tiles import STYLE, render_outline_tile

_NAMES = ("territoire", "v", "style")


def contour_tile_routes(get_data: GetData) -> list[Route]:
    """Return the route of these tiles, to be put before that of the choropleths."""

    @answers_in_text
    def tile(request: Request) -> Response:
        position, fine = tile_position(request.path_params["rest"])
        fields = _fields(request)
        data = get_data()
        check_version(fields.get("v", ""), data.colours.version)
        inside = data.colours.inside(fields["territoire"])
        tag = etag(data.colours.version, request.url.path, fields["territoire"], STYLE)
        if unchanged(request, tag):
            return not_modified(tag, ONE_BROWSER)
        drawn = render_outline_tile(data.tiles, inside, position, fine=fine)
        return content(drawn, "image/png", tag, ONE_BROWSER)

    return [Route("/tuiles/contours/{rest:path}", tile)]


def _fields(request: Request) -> dict[str, str]:
    fields = dict(request.query_params.multi_items())
    unknown = [name for name in fields if name not in _NAMES]
    if unknown:
        message = f"Paramètre : « {unknown[0]:.60} » ; inconnu."
        raise InvalidRequest(message)
    if not fields.get("territoire"):
        message = "territoire : le code d'un territoire est attendu."
        raise InvalidRequest(message)
    return fields
