"""What the server holds for every session: the workspace, the routes, the start-up."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config

from territoires.api import FrenchLanguage, SecurityHeaders, SmallerFrontEnd, routes
from territoires.errors import TerritoiresError
from territoires.settings import load_settings
from territoires.workspace import Workspace, open_workspace

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def shared_workspace() -> Workspace:
    """Return the one workspace of this process."""
    return open_workspace(load_settings(os.environ))


def base_path() -> str:
    """Return the path under which the server is published, without a final slash."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def server_routes() -> list[BaseRoute]:
    """Return our own routes: tiles, Leaflet, API, health."""
    return routes(shared_workspace, base_path())


def middleware() -> list[Middleware]:
    """Return what every answer goes through."""
    base_map = load_settings(os.environ).base_map_url
    return [
        Middleware(SecurityHeaders, base_map_url=base_map),
        Middleware(SmallerFrontEnd, base_path=base_path()),
        Middleware(FrenchLanguage),
    ]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Warm the data in the background, so that the first visitor does not pay for it."""
    threading.Thread(target=_warm, name="prechauffage", daemon=True).start()
    yield {}


def _warm() -> None:
    try:
        workspace = shared_workspace()
        workspace.check()
        workspace.register.search("Paris")  # builds the index of names
        workspace.register.locate([2.35], [48.85])
    except TerritoiresError as error:
        # The pages say it too; a server that is up and explains is better than one that is gone.
        _log.error("%s", error)
