"""Lists of the communes of a programme: one row per commune, with the day it signed."""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, published
from territoires.sources.country import COMMUNE_CODE
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable

# Lists of the same producer write their days in three ways, and one changed its mind.
_DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


def programme_source(
    code: str, label: str, *, measure: str, identifier: str, page_url: str, file_url: str,
    file_name: str, whole_from: int,
) -> Source:  # fmt: skip
    """Return the source of the communes of a programme of the ANCT.

    Parameters
    ----------
    measure, whole_from
        As :func:`programme_reading`.
    identifier : str
        Column that tells this programme's list from another's.
    """

    def read(file: OpenedTable, _bench: Workbench) -> Reading:
        return programme_reading(file, measure, whole_from)

    columns = ("insee_com", "lib_com", identifier, "date_signature")
    return Source(
        code=code,
        label=label,
        producer="ANCT",
        licence="Licence Ouverte 2.0",
        page_url=page_url,
        locate=at(file_url, file_name),
        hosts=("static.data.gouv.fr",),
        read=read,
        layouts=(Layout("CSV (une ligne par commune)", "csv", columns),),
        measures=(Measure(measure, "effectif", absent_is_zero=True),),
        gaps=("Bénéficier du programme ne dit rien de ce qui y a été fait.",),
    )


def programme_reading(file: OpenedTable, measure: str, whole_from: int) -> Reading:
    """Read the list of the communes of a programme.

    Parameters
    ----------
    file : OpenedTable
        With ``insee_com`` and ``date_signature``.
    measure : str
        1 for each commune of the list.
    whole_from : int
        Number of communes from which the list is the whole one: a shorter one is an extract, and
        says nothing of the communes that it does not name.

    Returns
    -------
    Reading
        Its vintage is the month of the latest signature.

    Raises
    ------
    UnexpectedFormat
        A code is not one of a commune, a day cannot be read, or there is none at all.
    """
    rows = file.frame(("insee_com", "date_signature"))
    codes = rows["insee_com"][rows["insee_com"] != ""]
    wrong = ~codes.str.fullmatch(COMMUNE_CODE)
    if wrong.any():
        message = f"{file.name}, insee_com : « {codes[wrong].iloc[0]} » n'est pas un code commune."
        raise UnexpectedFormat(message)
    latest = _days(rows["date_signature"], file.name).max()
    members = codes.drop_duplicates()
    unsigned = int((rows["date_signature"] == "").sum())
    notes = (f"{unsigned} communes sans date de signature : retenues.",) if unsigned else ()
    return Reading(
        vintage=f"{latest:%Y-%m}",
        cog_year=int(latest.year),
        measures=measures_table(members, {measure: published(pd.Series(1.0, members.index))}),
        complete=len(members) >= whole_from,
        rows=file.rows,
        notes=notes,
    )


def _days(written: pd.Series, name: str) -> pd.Series:
    known = written[written != ""]
    days = pd.Series(pd.NaT, index=known.index, dtype="datetime64[ns]")
    for form in _DAYS:
        days = days.fillna(pd.to_datetime(known, format=form, errors="coerce"))
    if known.empty or days.isna().any():
        shown = known[days.isna()].iloc[0] if len(known) else "aucune date"
        message = f"{name}, date_signature : « {shown} » n'est pas une date connue."
        raise UnexpectedFormat(message)
    return days
