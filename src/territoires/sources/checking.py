"""Whether what was read of a file can be believed: codes, statuses, published totals."""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.indicators import STATUSES
from territoires.indicators.format import format_number
from territoires.sources.declaration import MEASURE_COLUMNS, PublishedTotal, Reading, Source

_ARRONDISSEMENTS = r"(?:751|6938|132)\d+"
_PLM = ("75056", "69123", "13055")


def check_reading(source: Source, reading: Reading, *, whole: bool) -> None:
    """Refuse a reading that contradicts its declaration or its producer.

    Parameters
    ----------
    source : Source
        What was promised.
    reading : Reading
        What was read, in the communes of its year.
    whole : bool
        The file came from the producer and must be about the whole country.

    Raises
    ------
    UnexpectedFormat
        Nothing was read, a column or a status is not one of ours, a file that should be whole is
        not, or a published total is not found again.
    """
    table = reading.measures
    if reading.rows == 0 or (table.empty and not reading.references):
        _refuse(source, "aucune ligne exploitable")
    if not table.empty:
        _check_words(source, table)
    if whole and not reading.complete:
        places = table["code_commune"].nunique() if len(table) else reading.rows
        _refuse(source, f"fichier incomplet : {format_number(places)} communes seulement")
    for total in source.totals:
        if total.vintage == reading.vintage:
            _check_total(source, table, total, complete=reading.complete)


def _check_words(source: Source, table: pd.DataFrame) -> None:
    missing = [name for name in MEASURE_COLUMNS if name not in table.columns]
    if missing:
        _refuse(source, f"colonnes absentes de la lecture : {', '.join(missing)}")
    declared = {measure.code for measure in source.measures}
    for column, allowed in (("code_mesure", declared), ("statut", set(STATUSES))):
        unknown = set(map(str, table[column].unique())) - allowed
        if unknown:
            _refuse(source, f"{column} inattendu : {', '.join(sorted(unknown)[:5])}")


def _check_total(
    source: Source, table: pd.DataFrame, total: PublishedTotal, *, complete: bool
) -> None:
    if total.place == "france" and not complete:
        return
    rows = table[table["code_mesure"] == total.measure]
    rows = rows[_of_place(rows["code_commune"], total.place)]
    if rows.empty:
        return  # an extract that does not hold this place
    found = float(rows["valeur"].sum())
    if abs(found - total.value) > total.tolerance * abs(total.value) + 1e-6:
        _refuse(
            source,
            f"{total.measure}, {total.place} : {format_number(found)} au lieu des "
            f"{format_number(total.value)} publiés ({total.source_url or source.page_url})",
        )


def _of_place(codes: pd.Series, place: str) -> pd.Series:
    """Select the communes of a place, municipal arrondissements left out when the city is there."""
    kind, _, code = place.rpartition(":")
    if place != "france" and kind != "dep":
        return codes == place
    both = set(_PLM) & set(codes)
    inside = pd.Series(data=True, index=codes.index)
    if both:
        inside = ~codes.str.fullmatch(_ARRONDISSEMENTS)
    if kind == "dep":
        inside &= codes.str.startswith(code)
    return inside


def _refuse(source: Source, problem: str) -> None:
    message = (
        f"{source.label} ({source.code}) : {problem}. Le fichier est refusé ; vérifiez-le, ou "
        f"signalez ce changement. Page du producteur : {source.page_url}"
    )
    raise UnexpectedFormat(message)
