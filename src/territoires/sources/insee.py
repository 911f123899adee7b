"""What INSEE's files share: census vintages and communes, wide tables, levels mixed in one file."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import Cells, measures_table, numbers
from territoires.sources.declaration import Measure
from territoires.sources.opening import OpenedTable

LICENCE = "Licence Ouverte 2.0"
COMMUNE_LEVELS = ("COM", "ARM")
"""Values of ``GEO_OBJECT`` that are kept: a file holds EPCI, départements, régions besides."""

WHOLE_COUNTRY = 30_000
"""Communes above which a file is about the whole country."""

CENSUS_MEASURES = (
    Measure("population_municipale"),
    Measure("population_15_64"),
    Measure("actifs_15_64"),
    Measure("chomeurs_15_64"),
    Measure("emplois"),
    Measure("logements"),
    Measure("logements_vacants"),
    Measure("residences_principales"),
    Measure("residences_secondaires"),
)
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

CENSUS_GAPS = (
    "Recensement : cinq années d’enquête ramenées à leur milieu ; dans les communes de moins de "
    "2 000 habitants, un chiffre de quelques unités est une estimation.",
    "Mayotte : non disponible dans ce fichier.",
)


def census_communes_year(vintage: str) -> int:
    """Return the year of the communes of a census file: the third after its vintage (INSEE)."""
    return int(vintage) + 3


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


def wide_census(file: OpenedTable, vintage: str, wanted: Mapping[str, str]) -> pd.DataFrame:
    """Read counts of a wide table: one row by commune, one column by figure.

    Parameters
    ----------
    file : OpenedTable
        Its codes are in ``CODGEO``.
    vintage : str
        ``2018``.
    wanted : mapping of str to str
        Measure to the name of its column after the prefix; those that the file lacks are left.

    Returns
    -------
    DataFrame
        Measures by commune, long.
    """
    prefix = f"P{vintage[2:]}_"
    columns = {code: prefix + name for code, name in wanted.items()}
    columns = {code: name for code, name in columns.items() if name in file.columns}
    rows = file.frame(["CODGEO", *columns.values()])
    cells: dict[str, Cells] = {
        code: numbers(rows[name], where=f"{file.name}, {name}") for code, name in columns.items()
    }
    return measures_table(rows["CODGEO"], cells)


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
        ``GEO``, ``OBS_VALUE``.
    measure : Series of str
        Measure of each row; missing for a row to leave out.
    where : str
        File, for messages.
    """
    kept = measure.notna()
    rows, measure = rows[kept], measure[kept]
    values, status = numbers(rows["OBS_VALUE"], where=f"{where}, OBS_VALUE")
    return pd.DataFrame(
        {
            "code_commune": rows["GEO"].to_numpy(),
            "code_mesure": measure.to_numpy(),
            "valeur": values.to_numpy(),
            "statut": status.to_numpy(),
        }
    )


def is_whole(codes: pd.Series) -> bool:
    """Whether as many communes are there as the country has."""
    return int(codes.nunique()) > WHOLE_COUNTRY
