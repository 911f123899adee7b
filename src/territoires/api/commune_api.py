"""``/api/v1/…``: one commune, the place under a point, the search box, as JSON."""

from __future__ import annotations

import math
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import (
    ASK_AGAIN,
    FOR_A_DAY,
    ONE_BROWSER,
    NotHereError,
    answers_in_json,
    known,
    to_json,
)
from territoires.api.data import GetData, ServedData
from territoires.communes.levels import LEVELS
from territoires.errors import InvalidRequest
from territoires.indicators import Indicator, format_number, format_value
from territoires.maps import Colouring, MapColours, MapSpec, quadrant_sentence, spec_from_query
from territoires.maps.spec import OUTLINES

MAX_PLACES = 20
DEFAULT_PLACES = 8
_POINT = ("lon", "lat")


def api_routes(get_data: GetData) -> list[Route]:
    """Return the routes of the API, and of nothing else below ``/api``."""

    @answers_in_json
    def commune(request: Request) -> Response:
        data = get_data()
        code = str(request.path_params["code"])
        data.register.positions([code])
        return to_json(_sheet(data, code))

    @answers_in_json
    def point(request: Request) -> Response:
        pairs = request.query_params.multi_items()
        place = dict(pair for pair in pairs if pair[0] in _POINT)
        longitude, latitude = _degrees(place, "lon", 180), _degrees(place, "lat", 90)
        what = [pair for pair in pairs if pair[0] not in _POINT]
        data = get_data()
        spec = spec_from_query(what) if what else None
        code = data.register.locate([longitude], [latitude])[0]
        return to_json(_under(data, code, spec), cache=_cache(data.colours, spec))

    @answers_in_json
    def search(request: Request) -> Response:
        text = request.query_params.get("q", "")
        limit = _limit(request.query_params.get("limite", str(DEFAULT_PLACES)))
        places = get_data().register.search(text, limit)
        return to_json([_found(place) for place in places])

    return [
        Route("/api/v1/communes/{code}", commune),
        Route("/api/v1/point", point),
        Route("/api/v1/recherche", search),
        Route("/api/{rest:path}", nothing),
        Route("/api", nothing),
    ]


@answers_in_json
def nothing(_request: Request) -> Response:
    """Say that nothing is here, rather than let a page answer."""
    message = "Rien à cette adresse."
    raise NotHereError(message)


# One commune


def _sheet(data: ServedData, code: str) -> dict[str, Any]:
    row = data.register.communes.loc[code]
    indicators = data.indicators
    return {
        "donnees": data.colours.version,
        "commune": {"code_commune": code, **{name: known(row[name]) for name in row.index}},
        "indicateurs": [
            _figure(data, indicator, code) for indicator in indicators.catalogue.values()
        ],
    }


def _figure(data: ServedData, indicator: Indicator, code: str) -> dict[str, Any]:
    table, name = data.indicators, indicator.code
    return {
        "code": name,
        "libelle": indicator.label,
        "valeur": known(table.values.at[code, name]),
        "unite": indicator.unit,
        "numerateur": known(table.numerators.at[code, name]),
        "denominateur": known(table.denominators.at[code, name]),
        "statut": str(table.statuses.at[code, name]),
        "millesime": indicator.vintage,
        "producteur": indicator.producer,
        "source": indicator.source,
        "source_url": indicator.source_url,
        "licence": indicator.licence,
    }


# The place under a point


def _cache(colours: MapColours, spec: MapSpec | None) -> str:
    if spec is None:
        return ASK_AGAIN
    return ONE_BROWSER if colours.is_personal(spec) else FOR_A_DAY


def _under(data: ServedData, code: str | None, spec: MapSpec | None) -> dict[str, Any]:
    """Return the commune of a point and, when a map is named, what it shows there."""
    if code is None:
        return {"code_commune": None, "nom": None, "titre": None, "valeur": None}
    row = data.register.communes.loc[code]
    place = {"code_commune": code, "nom": row["nom"], "titre": f"{row['nom']} ({code})"}
    if spec is None:
        return {**place, "valeur": None}
    colouring = data.colours.colouring(spec)
    level = LEVELS[colouring.spec.level]
    group = row[level.column] if level.column else None
    if isinstance(group, str):
        place["titre"] = data.register.name_of(level.name, group)
    if colouring.spec.subject == OUTLINES:
        return {**place, "valeur": None}
    return {**place, "valeur": _shown(data.colours, colouring, code)}


def _shown(colours: MapColours, colouring: Colouring, code: str) -> str:
    """Return what the map shows of a commune, with its unit: ``Densité : 42 hab./km²``."""
    position = int(colours.register.positions([code])[0])
    row = int(colouring.places[position])
    value = float(colouring.values.iloc[row]) if row >= 0 else math.nan
    if colouring.indicator is not None:
        label = colouring.indicator.label
        return f"{label} : {format_value(colouring.indicator, value)}"
    if colouring.crossed is not None and row >= 0:
        return quadrant_sentence(colouring.crossed, str(colouring.values.index[row]))
    score = "non classé" if math.isnan(value) else f"{format_number(value, 1)} sur 100"
    return f"Indice : {score}"


def _degrees(place: dict[str, str], name: str, most: int) -> float:
    text = place.get(name, "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        message = f"{name} : « {text:.30} » ; un nombre de -{most} à {most} est attendu."
        raise InvalidRequest(message)
    return value


# The search box


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MAX_PLACES):
        message = f"limite : « {text:.20} » ; un nombre entier de 1 à {MAX_PLACES} est attendu."
        raise InvalidRequest(message)
    return int(text)


def _found(place: Any) -> dict[str, Any]:
    return {
        "niveau": place.kind,
        "code": place.code,
        "territoire": place.territory,
        "libelle": place.label,
        "longitude": known(place.longitude),
        "latitude": known(place.latitude),
        "emprise": [known(bound) for bound in place.bounds],
    }
