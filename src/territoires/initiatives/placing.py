"""Gives initiatives their commune: the directory's own columns, handed to the geocoder."""

from __future__ import annotations

import pandas as pd

from territoires.geocoding import Columns, geocode_table
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives.schema import GEO_COLUMNS
from territoires.tables import TypedTable

_NO_PLACE = {"geo_statut": "non_trouve", "geo_motif": "Le fichier n'a aucune colonne de lieu."}


def place_initiatives(frame: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Find where initiatives stand.

    Parameters
    ----------
    frame : pd.DataFrame
        Text, columns of :data:`schema.COLUMNS` (those of a place may be missing).

    Returns
    -------
    pd.DataFrame
        :data:`schema.GEO_COLUMNS` as text, index and row order of ``frame``. The name of an
        initiative is never taken for a place: without a place column, all are ``non_trouve``.
    """
    columns = _columns(frame)
    if not columns.usable:
        cells = {column: _NO_PLACE.get(column, "") for column in GEO_COLUMNS}
        return pd.DataFrame(cells, index=frame.index, dtype="str")
    placed = geocode_table(TypedTable(frame, "utf-8", ","), gazetteer, columns)
    return as_text(placed)


def _columns(frame: pd.DataFrame) -> Columns:
    def present(column: str) -> str | None:
        return column if column in frame.columns else None

    return Columns(
        code=present("code_commune"),
        postcode=present("code_postal"),
        town=present("commune"),
        address=present("adresse"),
        longitude=present("longitude"),
        latitude=present("latitude"),
    )


def as_text(placed: pd.DataFrame) -> pd.DataFrame:
    """Return the ``geo_*`` columns as the text of a file: ``""`` where nothing is known."""
    return placed[list(GEO_COLUMNS)].map(_cell).astype("str")


def _cell(value: object) -> str:
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):
        return "" if pd.isna(value) else repr(round(value, 6))
    return str(value)
