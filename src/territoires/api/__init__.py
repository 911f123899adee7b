"""The routes that stand beside the pages: tiles, Leaflet, JSON, health.

They take text parameters and check them by hand: Streamlit answers 200 and a page to whatever falls
through, so each of our folders also has its own 404.
"""

from starlette.routing import BaseRoute, Route

from territoires.api.assets import asset_routes
from territoires.api.commune_api import api_routes
from territoires.api.contour_tiles import contour_tile_routes
from territoires.api.data import GetData, ServedData
from territoires.api.health import health_routes
from territoires.api.middleware import FrenchLanguage, SecurityHeaders, SmallerFrontEnd
from territoires.api.outline_api import outline_routes
from territoires.api.tiles import tile_routes


def routes(get_workspace: GetData, base_path: str = "") -> list[BaseRoute]:
    """Return every route.

    Parameters
    ----------
    get_workspace : callable
        Gives the data; asked at each request, so that nothing is loaded before the first.
    base_path : str
        Path under which the server is published (``/carte``), without a final slash: Streamlit
        puts its own routes under ``server.baseUrlPath``, and leaves ours where they are.
    """
    ours = [
        *contour_tile_routes(get_workspace),
        *tile_routes(get_workspace),
        *asset_routes(),
        *outline_routes(get_workspace),
        *api_routes(get_workspace),
        *health_routes(get_workspace),
    ]
    return [Route(base_path + route.path, route.endpoint) for route in ours]


__all__ = [
    "FrenchLanguage",
    "GetData",
    "SecurityHeaders",
    "ServedData",
    "SmallerFrontEnd",
    "routes",
]
