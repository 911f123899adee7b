"""INSEE's base du comparateur: census, jobs, employers and incomes, one row by commune.

The wide CSV keeps what is masked empty. Since 2026 a long Parquet is published in its place.
"""

from __future__ import annotations

import pandas as pd

from territoires.sources.cells import Cells, measures_table, numbers, outside_scope
from territoires.sources.declaration import (
    Layout,
    Measure,
    PublishedTotal,
    Reading,
    Source,
    Workbench,
    at,
)
from territoires.sources.insee import (
    CENSUS_COLUMNS,
    CENSUS_GAPS,
    CENSUS_MEASURES,
    COMMUNE_LEVELS,
    LICENCE,
    census_communes_year,
    census_vintage,
    is_whole,
    long_measures,
    only_latest,
    wide_census,
)
from territoires.sources.opening import OpenedTable

PAGE = "https://www.insee.fr/fr/statistiques/2521169"
_INCOMES = {"niveau_vie_median": "MED", "taux_pauvrete": "TP60"}
_NO_INCOMES_IN = ("971", "973", "976")
_SIZES_OF_EMPLOYERS = (r"ETTEF1\d\d", r"ETTEFP10\d\d")
"""Establishments of 1 to 9 employees, then of 10 or more, each with its year."""
_LONG = {name: code for code, name in CENSUS_COLUMNS.items()}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return _wide(file) if "CODGEO" in file.columns else _long(file)


def _wide(file: OpenedTable) -> Reading:
    vintage = census_vintage(file, "CHOM1564")
    census = wide_census(file, vintage, CENSUS_COLUMNS)
    rows = file.rows  # each of the next readings counts them again
    year, incomes = _incomes(file)
    vintages, economy = _economy(file, vintage)
    return Reading(
        vintage=vintage,
        cog_year=census_communes_year(vintage),
        measures=pd.concat([census, incomes, economy], ignore_index=True),
        complete=is_whole(census["code_commune"]),
        rows=rows,
        vintages=dict.fromkeys(_INCOMES, year) | vintages,
        notes=(f"Revenus : Filosofi {year} ; vide veut dire masqué.",),
    )


def _incomes(file: OpenedTable) -> tuple[str, pd.DataFrame]:
    columns = {code: file.column(rf"{name}\d\d") for code, name in _INCOMES.items()}
    rows = file.frame(["CODGEO", *columns.values()])
    cells = {
        code: outside_scope(
            numbers(
                rows[name], secret=("", "s"), unavailable=("nd",), where=f"{file.name}, {name}"
            ),
            rows["CODGEO"],
            _NO_INCOMES_IN,
        )
        for code, name in columns.items()
    }
    return f"20{columns['taux_pauvrete'][-2:]}", measures_table(rows["CODGEO"], cells)


def _economy(file: OpenedTable, vintage: str) -> tuple[dict[str, str], pd.DataFrame]:
    """Read jobs at the census compared with, and employers; an edition may lack them."""
    jobs = [name for name in file.columns_like(r"P\d\d_EMPLT") if f"20{name[1:3]}" < vintage]
    sizes = [name for size in _SIZES_OF_EMPLOYERS for name in file.columns_like(size)]
    rows = file.frame(["CODGEO", *jobs, *sizes])
    vintages: dict[str, str] = {}
    cells: dict[str, Cells] = {}
    if jobs:
        latest = max(jobs)
        vintages["emplois_recensement_precedent"] = f"20{latest[1:3]}"
        cells["emplois_recensement_precedent"] = numbers(
            rows[latest], where=f"{file.name}, {latest}"
        )
    if len(sizes) == len(_SIZES_OF_EMPLOYERS):
        vintages["etablissements_employeurs"] = f"20{sizes[0][-2:]}"
        cells["etablissements_employeurs"] = _sum_of(
            *(numbers(rows[name], where=f"{file.name}, {name}") for name in sizes)
        )
    return vintages, measures_table(rows["CODGEO"], cells) if cells else pd.DataFrame()


def _sum_of(first: Cells, second: Cells) -> Cells:
    """Add two counts: known where both are."""
    values, status = first
    return values + second[0], status.where(status != "publie", second[1])


def _long(file: OpenedTable) -> Reading:
    wanted = ["GEO", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    rows = file.frame(wanted, keep={"GEO_OBJECT": COMMUNE_LEVELS})
    measure = rows["TAB_MEASURE"].str.replace(r"^P\d\d_", "", regex=True).map(_LONG)
    vintage, rows = only_latest(rows[measure.notna()], file.name)
    measure = rows["TAB_MEASURE"].str.replace(r"^P\d\d_", "", regex=True).map(_LONG)
    measures = long_measures(rows, measure, file.name)
    return Reading(
        vintage=vintage,
        cog_year=census_communes_year(vintage),
        measures=measures,
        complete=is_whole(measures["code_commune"]),
        rows=file.rows,
        notes=("Forme longue : codes de mesure non vérifiés sur un fichier réel.",),
    )


SOURCE = Source(
    code="insee_comparateur",
    label="Base du comparateur de territoires",
    producer="Insee",
    licence=LICENCE,
    page_url=PAGE,
    locate=at("https://www.insee.fr/fr/statistiques/fichier/2521169/base_cc_comparateur_csv.zip"),
    read=_read,
    layouts=(
        Layout(
            "CSV large (une ligne par commune)",
            "csv",
            (
                "CODGEO",
                r"P\d\d_CHOM1564",
                r"P\d\d_ACT1564",
                r"P\d\d_LOGVAC",
                r"NBMENFISC\d\d",
                r"MED\d\d",
                r"TP60\d\d",
            ),
            member="base_cc_*.csv",
        ),
        Layout(
            "Parquet long (une ligne par chiffre)",
            "parquet",
            ("GEO_OBJECT", "GEO", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE"),
            without=("CONF_STATUS", "ID_TAB"),
        ),
    ),
    measures=(
        *CENSUS_MEASURES,
        Measure("emplois_recensement_precedent"),
        Measure("etablissements_employeurs"),
        Measure(
            "niveau_vie_median", "valeur", lowest=1000, highest=200_000, not_covered=_NO_INCOMES_IN
        ),
        Measure("taux_pauvrete", "valeur", highest=100, floor=5.0, not_covered=_NO_INCOMES_IN),
    ),
    totals=(PublishedTotal("2018", "population_municipale", "france", 66_732_538, 0.0005, PAGE),),
    gaps=CENSUS_GAPS,
)
