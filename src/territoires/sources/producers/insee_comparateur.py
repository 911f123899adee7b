"""INSEE's base du comparateur: census, jobs and incomes side by side, one row by commune.

The wide CSV keeps what is masked empty. Since 2026 a long Parquet is published in its place; it has
no unemployment, which comes from the census file of Melodi.
"""

from __future__ import annotations

from territoires.sources.cells import measures_table, number_columns
from territoires.sources.declaration import (
    Layout,
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
    INCOME_MEASURES,
    LICENCE,
    census_columns,
    census_reading,
    census_vintage,
)
from territoires.sources.insee_tables import COLUMNS, read_tables
from territoires.sources.opening import OpenedTable

PAGE = "https://www.insee.fr/fr/statistiques/2521169"
_INCOMES = {"niveau_vie_median": r"MED\d\d", "taux_pauvrete": r"TP60\d\d"}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return _wide(file) if "CODGEO" in file.columns else read_tables(file)


def _wide(file: OpenedTable) -> Reading:
    vintage = census_vintage(file, "CHOM1564")
    counts = census_columns(file, vintage, tuple(CENSUS_COLUMNS))
    incomes = {code: file.column(pattern) for code, pattern in _INCOMES.items()}
    year = f"20{incomes['taux_pauvrete'][-2:]}"
    rows = file.frame(["CODGEO", *counts.values(), *incomes.values()])
    cells = {
        **number_columns(rows, counts, file.name),
        **number_columns(rows, incomes, file.name, secret=("", "s"), unavailable=("nd",)),
    }
    return census_reading(
        file,
        vintage,
        measures_table(rows["CODGEO"], cells),
        vintages=dict.fromkeys(_INCOMES, year),
        notes=(f"Revenus : Filosofi {year} ; vide veut dire masqué.",),
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
                *_INCOMES.values(),
            ),
            member="base_cc_*.csv",
        ),
        Layout(
            "Parquet long (une ligne par chiffre)",
            "parquet",
            COLUMNS,
            without=("ID_TAB",),  # the dossier complet
            verified=False,
        ),
    ),
    measures=(*CENSUS_MEASURES, *INCOME_MEASURES),
    totals=(PublishedTotal("2018", "population_municipale", "france", 66_732_538, 0.0005, PAGE),),
    gaps=CENSUS_GAPS,
)
