"""``/api/v1/contours/{code}``: the outline of a territory, as GeoJSON."""

from __future__ import annotations

import json

import numpy as np
import shapely
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import ASK_AGAIN, FOR_A_DAY, answers_in_json, to_json
from territoires.api.data import GetData
from territoires.errors import InvalidRequest
from territoires.maps import as_drawn
from territoires.territory import territory_from_code

MAX_COMMUNES = 1_000
"""Above the largest département: what is larger is merged too slowly for a page that waits."""
_MAX_CODE = 8_000
_DECIMALS = 5


def outline_routes(get_data: GetData) -> list[Route]:
    """Return the route of the outlines."""

    @answers_in_json
    def outline(request: Request) -> Response:
        code = str(request.path_params["code"])
        if len(code) > _MAX_CODE:
            message = f"Code trop long : {len(code)} caractères, {_MAX_CODE} au plus."
            raise InvalidRequest(message)
        place = territory_from_code(get_data().register, code)
        if len(place.communes) > MAX_COMMUNES:
            message = f"{place.nom} : {len(place.communes)} communes, {MAX_COMMUNES} au plus."
            raise InvalidRequest(message)
        drawn = shapely.transform(as_drawn(place.outline(get_data().register)), _rounded)
        kept = FOR_A_DAY if "v" in request.query_params else ASK_AGAIN
        return to_json(
            {
                "type": "Feature",
                "properties": {"code": place.code, "nom": place.nom},
                "geometry": json.loads(shapely.to_geojson(drawn)),
            },
            cache=kept,
        )

    return [Route("/api/v1/contours/{code}", outline)]


def _rounded(points: np.ndarray) -> np.ndarray:
    return np.round(points, _DECIMALS)
