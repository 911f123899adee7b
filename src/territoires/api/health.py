"""``/sante``: whether this server can answer, and with which data."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from territoires.api.answers import NEVER_KEPT, NotHereError, answers_in_json, said, to_json
from territoires.api.data import GetData
from territoires.errors import TerritoiresError


def health_routes(get_data: GetData) -> list[Route]:
    """Return the route of the health check."""

    def health(_request: Request) -> Response:
        try:
            data = get_data()
            state = {
                "etat": "pret",
                "donnees": data.colours.version,
                "communes": len(data.register.communes),
                "indicateurs": len(data.indicators.catalogue),
            }
        except TerritoiresError as error:
            unavailable = HTTPStatus.SERVICE_UNAVAILABLE
            state = {"etat": "indisponible", "erreur": said(error)}
            return to_json(state, status=unavailable, cache=NEVER_KEPT)
        return to_json(state, cache=NEVER_KEPT)

    # Without the last two, Streamlit would answer its page to a mistyped address.
    return [
        Route("/sante", health),
        Route("/sante/", nothing_here),
        Route("/sante/{rest:path}", nothing_here),
    ]


@answers_in_json
def nothing_here(_request: Request) -> Response:
    """Answer that there is nothing below ``/sante``."""
    message = "Rien à cette adresse. L'état du serveur est à /sante."
    raise NotHereError(message)
