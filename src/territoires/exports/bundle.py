"""What an exporter is given: a table, what it means, where it comes from, outlines if any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from shapely.geometry.base import BaseGeometry

from territoires.errors import InvalidRequest
from territoires.exports.columns import Column, describe
from territoires.exports.style import MapStyle

SIGNATURE = "Territoires"


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What lies under the places of a map that has no base map.

    Attributes
    ----------
    names : tuple of str
        Of the départements, in the order of ``outlines``.
    outlines : sequence of shapely geometry
        EPSG:4326, simplified, without gaps between neighbours.
    """

    names: tuple[str, ...]
    outlines: Sequence[BaseGeometry]


@dataclass(frozen=True, eq=False)
class ExportBundle:
    """One export, whatever its format.

    Attributes
    ----------
    title : str
        French title.
    table : DataFrame
        One row per territory; the index is not exported. Codes are text, missing is missing.
    provenance : tuple of str
        French lines: date, versions, recipe, sources with vintage and licence
        (:class:`territoires.exports.Provenance` writes them).
    outlines : sequence of shapely geometry or None, optional
        EPSG:4326, aligned with the rows; ``None`` for a row without outline.
    points : sequence of (longitude, latitude) or None, optional
        Reference points, degrees, aligned with the rows.
    columns : tuple of Column
        What the columns mean (:func:`territoires.exports.columns.describe`); those that are not
        described are called by their names.
    style : MapStyle, optional
        How a map is coloured; in one colour without it.
    backdrop : callable, optional
        () → :class:`Backdrop`: what a map without network shows under the territories. Only the
        format that draws it has it made.
    produced_on : datetime.date, optional
        For the formats that date themselves; the same bundle always gives the same bytes.
    booklet : callable, optional
        Provenance → PDF of the sheets of the rows
        (:func:`territoires.exports.sheets.write_booklet`).

    Raises
    ------
    InvalidRequest
        There is nothing to export.
    ValueError
        The outlines or the points are not as many as the rows.
    """

    title: str
    table: pd.DataFrame
    provenance: tuple[str, ...] = ()
    outlines: Sequence[BaseGeometry | None] | None = None
    points: Sequence[tuple[float, float] | None] | None = None
    columns: tuple[Column, ...] = ()
    style: MapStyle | None = None
    backdrop: Callable[[], Backdrop] | None = None
    produced_on: date | None = None
    booklet: Callable[[tuple[str, ...]], bytes] | None = None

    def __post_init__(self) -> None:
        if self.table.empty:
            raise InvalidRequest(
                f"Rien à exporter : « {self.title} » est vide. Ajoutez au moins une ligne."
            )
        for what, given in (("outlines", self.outlines), ("points", self.points)):
            if given is not None and len(given) != len(self.table):
                message = f"{len(given)} {what} for {len(self.table)} rows"
                raise ValueError(message)

    @property
    def header_lines(self) -> tuple[str, ...]:
        """Title then provenance, as every text format writes them first."""
        return (f"{SIGNATURE} : {self.title}", *self.provenance)

    @property
    def described(self) -> tuple[Column, ...]:
        """What each column of the table means, in order."""
        told = {column.name: column for column in self.columns}
        return tuple(told.get(one.name, one) for one in describe(self.table, {}))

    @property
    def has_outlines(self) -> bool:
        """Whether at least one row has an outline."""
        return any(outline is not None for outline in self.outlines or ())
