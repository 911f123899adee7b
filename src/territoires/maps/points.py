"""Initiatives as points: those of one place make one point; seen from afar, cells of many."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from territoires.initiatives import Directory, Vocabularies

MANY = 300
CELL_DEGREES = 0.5
NAMES_SHOWN = 6
NEAR_ZOOM = 8
"""From this zoom on, points are shown one by one even when they are many."""

MIXED_COLOUR = "#ffffff"
"""Several axes at one point: white within a dark line, where the others are the reverse."""


@dataclass(frozen=True)
class MapPoint:
    """A circle of the map.

    Attributes
    ----------
    longitude, latitude : float
        Degrees, EPSG:4326.
    count : int
        Initiatives it stands for.
    colour : str
        ``#rrggbb``.
    lines : tuple of str
        What it says when pointed at: plain text, as typed, escaped by whoever writes it out.
    mark : str
        A few characters written over it, such as its number in a list; nothing by default.
    """

    longitude: float
    latitude: float
    count: int
    colour: str
    lines: tuple[str, ...]
    mark: str = ""


def points_of(directory: Directory) -> tuple[MapPoint, ...]:
    """Return one point for each place where initiatives stand.

    Parameters
    ----------
    directory : Directory
        Already filtered; what is not located is left out.
    """
    located = directory.located.frame
    if located.empty:
        return ()
    place = [located["longitude"].round(4), located["latitude"].round(4)]
    return tuple(_point(directory, rows) for _, rows in located.groupby(place, sort=True))


def _point(directory: Directory, rows: pd.DataFrame) -> MapPoint:
    words = directory.vocabularies
    colours = {words.axis_colour(axes) for axes in rows["axes"]}
    lines = [_line(words, row) for row in rows.to_dict("records")]
    return MapPoint(
        float(rows["longitude"].iloc[0]),
        float(rows["latitude"].iloc[0]),
        len(rows),
        colours.pop() if len(colours) == 1 else MIXED_COLOUR,
        shortened(lines, str(rows["geo_commune"].iloc[0])),
    )


def _line(words: Vocabularies, row: Mapping[Hashable, Any]) -> str:
    told = [words.types.label(row["type"]), words.axis_label(row["axes"])]
    if row["perimetre"]:
        told.append(f"périmètre : {words.perimeters.label(row['perimetre']).lower()}")
    return f"{row['nom']} — {', '.join(told)}"


def shortened(lines: Sequence[str], place: str) -> tuple[str, ...]:
    """Return the first lines, how many there are more, and the place when it has a name."""
    more = len(lines) - NAMES_SHOWN
    tail = (f"et {more} autre{'s' if more > 1 else ''}",) if more > 0 else ()
    return (*lines[:NAMES_SHOWN], *tail, *((place,) if place else ()))


def cells_of(points: Sequence[MapPoint], noun: str = "initiatives") -> tuple[MapPoint, ...]:
    """Gather points by cells of half a degree, each at the mean place of what it holds.

    Parameters
    ----------
    points : sequence of MapPoint
        One by one.
    noun : str
        What they stand for, in the plural.
    """
    cells: dict[tuple[int, int], list[MapPoint]] = {}
    for point in points:
        key = (int(point.longitude // CELL_DEGREES), int(point.latitude // CELL_DEGREES))
        cells.setdefault(key, []).append(point)
    return tuple(_gathered(cells[key], noun) for key in sorted(cells))


def _gathered(points: Sequence[MapPoint], noun: str) -> MapPoint:
    if len(points) == 1:
        return points[0]
    count = sum(point.count for point in points)
    colours = {point.colour for point in points}
    return MapPoint(
        sum(point.longitude * point.count for point in points) / count,
        sum(point.latitude * point.count for point in points) / count,
        count,
        colours.pop() if len(colours) == 1 else MIXED_COLOUR,
        (f"{count} {noun} : rapprochez-vous pour les voir une à une",),
    )
