"""What an exporter is given: a table, where its figures come from, and outlines when there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from shapely.geometry.base import BaseGeometry

from territoires.errors import InvalidRequest

SIGNATURE = "Territoires"


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

    Raises
    ------
    InvalidRequest
        There is nothing to export.
    ValueError
        The outlines are not as many as the rows.
    """

    title: str
    table: pd.DataFrame
    provenance: tuple[str, ...] = ()
    outlines: Sequence[BaseGeometry | None] | None = None

    def __post_init__(self) -> None:
        if self.table.empty:
            raise InvalidRequest(
                f"Rien à exporter : « {self.title} » est vide. Ajoutez au moins une ligne."
            )
        if self.outlines is not None and len(self.outlines) != len(self.table):
            message = f"{len(self.outlines)} outlines for {len(self.table)} rows"
            raise ValueError(message)

    @property
    def header_lines(self) -> tuple[str, ...]:
        """Title then provenance, as every text format writes them first."""
        return (f"{SIGNATURE} : {self.title}", *self.provenance)
