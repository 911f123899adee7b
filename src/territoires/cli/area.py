"""Where a search looks: a région, a département, an EPCI, or an outline that a person gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from territoires.cli.telling import say
from territoires.errors import InvalidRequest
from territoires.tables.system_errors import french_reason
from territoires.territory import find_territory, fitted_zone, read_zone_file
from territoires.territory.making import GROUP_LEVEL
from territoires.territory.zone import communes_inside
from territoires.territory.zone_file import MAX_BYTES
from territoires.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

_LEVELS = ("region", "departement", "epci")
_OPTIONS = (
    click.option("--region", metavar="CODE|NOM", help="Ne chercher que dans cette région."),
    click.option("--departement", metavar="CODE|NOM", help="Ne chercher que dans ce département."),
    click.option("--epci", metavar="CODE|NOM", help="Ne chercher que dans cet EPCI."),
    click.option(
        "--zone",
        metavar="FICHIER.geojson",
        help="Ne chercher que dans un contour (Polygon, MultiPolygon, Feature ou "
        "FeatureCollection, EPSG:4326) : les communes dont la mairie est dedans.",
    ),
)


def area_options(command: Command) -> Command:
    """Give a command its options ``--region``, ``--departement``, ``--epci`` and ``--zone``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_areas(workspace: Workspace, words: Mapping[str, Any]) -> list[str]:
    """Return the typed code of each area that the words of a command name.

    Raises
    ------
    InvalidRequest
        The file of the outline is missing, too large, or not an outline; or no commune is inside.
    UnknownTerritory, AmbiguousTerritory
        No place of that level has this code or name, or several have.
    """
    asked = {level: words[level] for level in _LEVELS if words[level] is not None}
    found = [find_territory(workspace.register, name, level).code for level, name in asked.items()]
    if words["zone"] is not None:
        found.append(_zone_code(workspace, words["zone"]))
    return found


def _zone_code(workspace: Workspace, path: str) -> str:
    """Return ``zone:…``, or ``groupe:…`` for an outline that no short code can tell; say it."""
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
