"""``--zone``: the communes inside an outline that a person gives as a file."""

from __future__ import annotations

from pathlib import Path

import click

from territoires.cli.telling import say
from territoires.errors import InvalidRequest
from territoires.tables.system_errors import french_reason
from territoires.territory import fitted_zone, read_zone_file
from territoires.territory.making import GROUP_LEVEL
from territoires.territory.zone import communes_inside
from territoires.territory.zone_file import MAX_BYTES
from territoires.workspace import Workspace

zone_option = click.option(
    "--zone",
    metavar="FICHIER.geojson",
    help="Chercher dans un contour (Polygon, MultiPolygon, Feature ou FeatureCollection, "
    "EPSG:4326) : les communes dont la mairie est dedans.",
)


def zone_universe(workspace: Workspace, path: str) -> str:
    """Return the typed code of the communes inside the outline of a file, and say how many.

    Returns
    -------
    str
        ``zone:…``; ``groupe:…`` for an outline that no short code can tell.

    Raises
    ------
    InvalidRequest
        The file is missing, too large, or not an outline; or no commune is inside.
    """
    register = workspace.register
    area = read_zone_file(_content(path), path)
    try:
        zone = fitted_zone(register, area)
    except InvalidRequest as error:
        raise InvalidRequest(f"{path} : {error}") from error
    inside = communes_inside(register, area)
    plural = "s" if len(inside) > 1 else ""
    say(f"{path} : {len(inside)} commune{plural} dont le point de référence est dans la zone.")
    return f"{GROUP_LEVEL}:{'-'.join(inside)}" if zone is None else zone.code


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more says that it is too large
    except OSError as error:
        raise InvalidRequest(f"{path} : fichier illisible ({french_reason(error)}).") from error
