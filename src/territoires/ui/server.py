"""What the server holds for every session: the workspace, the routes, the start-up."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config

from territoires.api import FrenchLanguage, SecurityHeaders, SmallerFrontEnd, routes
from territoires.errors import DataFileError, TerritoiresError
from territoires.maps.limits import warm_up
from territoires.settings import load_settings
from territoires.ui.background import jobs
from territoires.versions import current_identifier
from territoires.workspace import Workspace, open_workspace

_log = logging.getLogger(__name__)


LOOK_EVERY_SECONDS = 1.0
_TURN_SECONDS = 0.0005


class _Shared:
    """The one workspace of this process, opened again when other official data come into use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workspace: Workspace | None = None
        self._version = ""
        self._looked_at = 0.0

    def get(self, *, now: bool) -> Workspace:
        with self._lock:
            if self._workspace is None:
                self._looked_at = time.monotonic()
                self._workspace = open_workspace(load_settings(os.environ))
                self._version = self._in_use(self._workspace)
            elif now or time.monotonic() - self._looked_at > LOOK_EVERY_SECONDS:
                self._renew(self._workspace)
            return self._workspace

    def forget(self) -> None:
        """Open everything again at the next request."""
        with self._lock:
            self._workspace = None

    def _renew(self, workspace: Workspace) -> None:
        self._looked_at = time.monotonic()
        version = self._in_use(workspace)
        if version != self._version:
            self._version = version
            self._workspace = workspace.renewed()
            jobs.stop()  # they work on figures that are not in use any more

    @staticmethod
    def _in_use(workspace: Workspace) -> str:
        try:
            return current_identifier(workspace.settings.user_data_dir)
        except DataFileError as error:
            return str(error)  # the pages say it; a repair is another text


_shared = _Shared()


def shared_workspace(*, now: bool = False) -> Workspace:
    """Return the one workspace of this process, with the official data in use.

    Parameters
    ----------
    now : bool
        Look at once which data are in use, rather than once a second: a page must, else its tiles
        could be asked of newer data than it was drawn with.
    """
    return _shared.get(now=now)


def forget_workspace() -> None:
    """Let the next request open everything again."""
    _shared.forget()


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
    # Long searches run in a thread beside the pages: tiles must not wait 5 ms at each of its turns.
    sys.setswitchinterval(_TURN_SECONDS)
    threading.Thread(target=_warm, name="prechauffage", daemon=True).start()
    yield {}
    jobs.stop()


def _warm() -> None:
    try:
        workspace = shared_workspace()
        workspace.check()
        warm_up()  # what cuts the classes of the maps
        workspace.register.search("Paris")  # builds the index of names
        workspace.register.locate([2.35], [48.85])
    except TerritoiresError as error:
        # The pages say it too; a server that is up and explains is better than one that is gone.
        _log.error("%s", error)
