"""INSEE's long Parquet files of 2026 (comparateur, dossier complet): one row by figure.

Both name their figures alike (``TAB_MEASURE``), each with years of its own.
"""

from __future__ import annotations

import re

import pandas as pd

from territoires.sources.country import is_whole
from territoires.sources.declaration import Reading
from territoires.sources.insee import (
    COMMUNE_LEVELS,
    INCOME_CODES,
    census_communes_year,
    long_measures,
    only_latest,
)
from territoires.sources.opening import OpenedTable

COLUMNS = ("GEO", "GEO_OBJECT", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE")
_CENSUS = {
    "POP": "population_municipale",
    "POP_AGE_Y15T64": "population_15_64",
    "POP_EMPSTA_ENQ_1T2_AGE_Y15T64": "actifs_15_64",
    "POP_EMPSTA_ENQ_2_AGE_Y15T64": "chomeurs_15_64",
    "DWELLINGS": "logements",
    "DWELLINGS_OCS_DW_VAC": "logements_vacants",
    "DWELLINGS_OCS_DW_MAIN": "residences_principales",
    "DWELLINGS_OCS_DW_SEC_DW_OCC": "residences_secondaires",
}
_MEASURES = {**_CENSUS, **INCOME_CODES}


def read_tables(file: OpenedTable) -> Reading:
    """Read the figures of communes that are measures of ours, each at its latest year.

    Raises
    ------
    UnexpectedFormat
        None of them is there, or a period is not a year.
    """
    told = [name for name in ("CONF_STATUS", "GEO_REF") if name in file.columns]
    rows = file.frame(
        ["GEO", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE", *told],
        keep={"GEO_OBJECT": COMMUNE_LEVELS, "TAB_MEASURE": tuple(_MEASURES)},
    )
    # The dossier complet gives a figure again in each of its tables that shows it.
    rows = rows.drop_duplicates(ignore_index=True)
    census, _rows = only_latest(rows[rows["TAB_MEASURE"].isin(_CENSUS)], file.name)
    years, latest = _latest_of_each(rows, file.name)
    return Reading(
        vintage=census,
        cog_year=_communes_year(latest, census),
        measures=long_measures(latest, latest["TAB_MEASURE"].map(_MEASURES), file.name),
        complete=is_whole(latest["GEO"]),
        rows=file.rows,
        vintages={code: year for code, year in years.items() if year != census},
    )


def _latest_of_each(rows: pd.DataFrame, where: str) -> tuple[dict[str, str], pd.DataFrame]:
    years, kept = {}, []
    for name, figures in rows.groupby("TAB_MEASURE"):
        years[_MEASURES[str(name)]], newest = only_latest(figures, where)
        kept.append(newest)
    return years, pd.concat(kept, ignore_index=True)


def _communes_year(rows: pd.DataFrame, census: str) -> int:
    """Return the year of the communes: the file may say it (``GEO_REF``), the census implies it."""
    said = {str(year) for year in rows.get("GEO_REF", ())}
    years = [found[0] for text in said if (found := re.search(r"20\d\d", text))]
    return int(max(years)) if years else census_communes_year(census)
