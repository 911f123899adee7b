"""What INSEE's files share: census vintages and communes, wide tables, levels mixed in one file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, number_columns, numbers
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Measure, Reading
from territoires.sources.opening import OpenedTable

LICENCE = "Licence Ouverte 2.0"
COMMUNE_LEVELS = ("COM", "ARM")
"""Values of ``GEO_OBJECT`` that are kept: a file holds EPCI, départements, régions besides."""

NO_INCOMES_IN = ("971", "973", "976")
"""Départements that Filosofi leaves out, in whatever file its figures are published."""

INCOME_MEASURES = (
    Measure("niveau_vie_median", "valeur", 1000, 200_000, not_covered=NO_INCOMES_IN),
    # A rate under 5 % is published as 5.
    Measure("taux_pauvrete", "valeur", highest=100, floor=5.0, not_covered=NO_INCOMES_IN),
)
INCOME_COLUMNS = {"niveau_vie_median": r"MED\d\d", "taux_pauvrete": r"TP60\d\d"}
"""Measure to the pattern of its column in the wide tables, the vintage at its end."""

INCOME_CODES = {"MED_SL": "niveau_vie_median", "PR_MD60": "taux_pauvrete"}
"""Name of a figure in the long files to measure."""

CENSUS_COLUMNS = {
    "population_municipale": "POP",
    "population_15_64": "POP1564",
    "actifs_15_64": "ACT1564",
    "chomeurs_15_64": "CHOM1564",
    "emplois": "EMPLT",
    "logements": "LOG",
    "logements_vacants": "LOGVAC",
    "residences_principales": "RP",
    "residences_secondaires": "RSECOCC",
}
"""Measure to the name of its column in the wide tables, after the prefix of the vintage."""

CENSUS_MEASURES = tuple(Measure(code) for code in CENSUS_COLUMNS)
CENSUS_GAPS = (
    "Recensement : cinq années d’enquête ramenées à leur milieu ; dans les communes de moins de "
    "2 000 habitants, un chiffre de quelques unités est une estimation.",
    "Mayotte : non disponible dans ce fichier.",
)
_MASKED = "C"


def census_communes_year(vintage: str) -> int:
    """Return the year of the communes of a census file: the third after its vintage (INSEE)."""
    return int(vintage) + 3


def census_reading(
    file: OpenedTable, vintage: str, measures: pd.DataFrame, **others: Any
) -> Reading:
    """Return the reading of a census file.

    Parameters
    ----------
    file : OpenedTable
        Read to its end.
    vintage : str
        ``2018``.
    measures : DataFrame
        :data:`MEASURE_COLUMNS`.
    **others
        Further fields of :class:`Reading`.
    """
    return Reading(
        vintage=vintage,
        cog_year=census_communes_year(vintage),
        measures=measures,
        complete=is_whole(measures["code_commune"]),
        rows=file.rows,
        **others,
    )


def census_vintage(file: OpenedTable, name: str) -> str:
    """Return the newest vintage of a wide table: ``P18_POP`` and ``P13_POP`` give ``2018``.

    Raises
    ------
    UnexpectedFormat
        No column has this name.
    """
    found = [re.match(r"P(\d\d)_", column) for column in file.columns_like(rf"P\d\d_{name}")]
    years = [f"20{match[1]}" for match in found if match]
    if not years:
        file.column(rf"P\d\d_{name}")
    return max(years)


def census_columns(file: OpenedTable, vintage: str, wanted: Sequence[str]) -> dict[str, str]:
    """Return the column of each measure that a wide table has, among those wanted."""
    prefix = f"P{vintage[2:]}_"
    names = {code: prefix + CENSUS_COLUMNS[code] for code in wanted}
    return {code: name for code, name in names.items() if name in file.columns}


def wide_census_layout(member: str, *names: str) -> Layout:
    """Return the form of a wide table of one theme; the comparateur has its columns too, and more.

    Parameters
    ----------
    member : str
        As :attr:`Layout.member`.
    *names : str
        Columns that it has, after the prefix of their vintage.
    """
    columns = ("CODGEO", *(rf"P\d\d_{name}" for name in names))
    return Layout("CSV large", "csv", columns, without=(r"NBMENFISC\d\d",), member=member)


def wide_census(file: OpenedTable, mark: str, wanted: Sequence[str]) -> Reading:
    """Read counts of a wide table: one row by commune (``CODGEO``), one column by figure.

    Parameters
    ----------
    file : OpenedTable
        Of several vintages, perhaps: the newest is read.
    mark : str
        Name, after its prefix, of a column that the table always has: it gives the vintage.
    wanted : sequence of str
        Measures; those that the file lacks are left.

    Raises
    ------
    UnexpectedFormat
        No column has the name of the mark, or a cell is no number.
    """
    vintage = census_vintage(file, mark)
    columns = census_columns(file, vintage, wanted)
    rows = file.frame(["CODGEO", *columns.values()])
    cells = number_columns(rows, columns, file.name)
    return census_reading(file, vintage, measures_table(rows["CODGEO"], cells))


def melodi_census(
    file: OpenedTable,
    column: str,
    measures: Mapping[str, str],
    keep: Mapping[str, Collection[str]],
) -> Reading:
    """Read counts of a census file of Melodi: one row by figure, several years, every level.

    Parameters
    ----------
    file : OpenedTable
        The latest year is kept, communes and municipal arrondissements alone.
    column : str
        Dimension that tells the figures apart.
    measures : mapping of str to str
        Value of that dimension to measure.
    keep : mapping of str to collection of str
        Values kept of each other dimension.

    Raises
    ------
    UnexpectedFormat
        No row is left, a period is not a year, or a cell is no number.
    """
    kept = {"GEO_OBJECT": COMMUNE_LEVELS, column: tuple(measures), **keep}
    rows = file.frame(["GEO", column, "TIME_PERIOD", "OBS_VALUE"], keep=kept)
    vintage, rows = only_latest(rows, file.name)
    return census_reading(file, vintage, long_measures(rows, rows[column].map(measures), file.name))


def only_latest(rows: pd.DataFrame, where: str) -> tuple[str, pd.DataFrame]:
    """Keep the rows of the latest ``TIME_PERIOD``; return the year and the rows.

    Raises
    ------
    UnexpectedFormat
        No row, or a period that is not a year.
    """
    if rows.empty:
        message = f"{where} : aucune ligne de commune avec les modalités attendues."
        raise UnexpectedFormat(message)
    latest = str(rows["TIME_PERIOD"].max())
    if not re.fullmatch(r"\d{4}", latest):
        message = f"{where}, TIME_PERIOD : « {latest} » n'est pas une année."
        raise UnexpectedFormat(message)
    return latest, rows[rows["TIME_PERIOD"] == latest].reset_index(drop=True)


def long_measures(rows: pd.DataFrame, measure: pd.Series, where: str) -> pd.DataFrame:
    """Lay out rows that hold one figure each.

    Parameters
    ----------
    rows : DataFrame
        ``GEO``, ``OBS_VALUE``; ``CONF_STATUS`` where the file has it (``C``: secret).
    measure : Series of str
        Measure of each row.
    where : str
        File, for messages.

    Returns
    -------
    DataFrame
        :data:`MEASURE_COLUMNS`, one row by row given; NaN unless published.

    Raises
    ------
    UnexpectedFormat
        A cell is no number.
    """
    values, status = numbers(rows["OBS_VALUE"], where=f"{where}, OBS_VALUE")
    if "CONF_STATUS" in rows:
        status = status.mask(rows["CONF_STATUS"] == _MASKED, "secret")
    return pd.DataFrame(
        {
            "code_commune": rows["GEO"].to_numpy(),
            "code_mesure": measure.to_numpy(),
            "valeur": values.where(status == "publie").to_numpy(),
            "statut": status.to_numpy(),
        }
    )
