"""A member's own file, brought to the columns of the directory."""

from __future__ import annotations

import pandas as pd

from territoires.communes import Register
from territoires.errors import InvalidTable
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives.identifiers import distinct, identifier
from territoires.initiatives.placing import as_text, place_initiatives
from territoires.initiatives.schema import COLUMNS, GEO_COLUMNS, REQUIRED, canonical_headings
from territoires.tables import TypedTable


def upload_frame(
    table: TypedTable, register: Register, geocoded: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give a typed table every column of the directory, places and identifiers.

    Parameters
    ----------
    table : TypedTable
        As read; headings may be aliases (``axe``, ``code_insee``…).
    geocoded : pd.DataFrame, optional
        Result of ``geocode_table`` on this table.

    Returns
    -------
    pd.DataFrame
        RangeIndex, row order kept, all text.

    Raises
    ------
    InvalidTable
        No column ``nom``, or ``geocoded`` is not that of this table.
    """
    frame = canonical_frame(table.frame)
    if "nom" not in frame.columns:
        message = "Aucune colonne « nom » : donnez à chaque initiative un nom, dans cette colonne."
        raise InvalidTable(message)
    places = _places(frame, register, geocoded)
    typed = frame.drop(columns=[column for column in GEO_COLUMNS if column in frame.columns])
    complete = typed.reindex(columns=list(COLUMNS), fill_value="").join(places)
    complete["id"] = _identifiers(complete)
    return complete


def has_initiative_columns(table: TypedTable) -> bool:
    """Tell whether a table is one of initiatives: it names them and says their type."""
    columns = canonical_headings([str(heading) for heading in table.frame.columns]).values()
    return set(REQUIRED) <= set(columns)


def canonical_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the columns of the directory, under their own names."""
    headings = canonical_headings(list(frame.columns))
    return frame[list(headings)].rename(columns=headings).reset_index(drop=True)


def _places(frame: pd.DataFrame, register: Register, geocoded: pd.DataFrame | None) -> pd.DataFrame:
    if geocoded is None and set(GEO_COLUMNS) <= set(frame.columns):
        return frame[list(GEO_COLUMNS)]
    if geocoded is None:
        return place_initiatives(frame, Gazetteer.from_register(register))
    if len(geocoded) != len(frame):
        message = f"{len(geocoded)} lignes géocodées pour {len(frame)} lignes du fichier."
        raise InvalidTable(message)
    return as_text(geocoded).reset_index(drop=True)


def _identifiers(frame: pd.DataFrame) -> list[str]:
    typed = frame["id"]
    made = [
        identifier(kind, name, commune)
        for kind, name, commune in zip(frame["type"], frame["nom"], frame["commune"], strict=True)
    ]
    first = (typed != "") & ~typed.duplicated()
    reserved = set(typed[first])
    others = [
        given or own for given, own in zip(typed[~first], pd.Series(made)[~first], strict=True)
    ]
    free = iter(distinct(others, reserved))
    return [given if kept else next(free) for given, kept in zip(typed, first, strict=True)]
