"""INSEE's base du comparateur: census, jobs, employers and incomes, one row by commune.

The wide CSV keeps what is masked empty. Since 2026 a long Parquet is published in its place; it has
no unemployment, which comes from the census file of Melodi.
"""

from __future__ import annotations

from territoires.sources.cells import Cells, measures_table, number_columns
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
    INCOME_COLUMNS,
    INCOME_MEASURES,
    LICENCE,
    census_columns,
    census_reading,
    census_vintage,
)
from territoires.sources.insee_tables import COLUMNS, read_tables
from territoires.sources.opening import OpenedTable

PAGE = "https://www.insee.fr/fr/statistiques/2521169"
_JOBS_BEFORE, _EMPLOYERS = "emplois_recensement_precedent", "etablissements_employeurs"
_SIZES_OF_EMPLOYERS = (r"ETTEF1\d\d", r"ETTEFP10\d\d")
"""Establishments of 1 to 9 employees, then of 10 or more, each with its year."""


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return _wide(file) if "CODGEO" in file.columns else read_tables(file)


def _wide(file: OpenedTable) -> Reading:
    vintage = census_vintage(file, "CHOM1564")
    counts = census_columns(file, vintage, tuple(CENSUS_COLUMNS))
    incomes = {code: file.column(pattern) for code, pattern in INCOME_COLUMNS.items()}
    jobs, sizes = _jobs_before(file, vintage), _employers(file)
    rows = file.frame(["CODGEO", *counts.values(), *incomes.values(), *jobs.values(), *sizes])
    cells = {
        **number_columns(rows, {**counts, **jobs}, file.name),
        **number_columns(rows, incomes, file.name, secret=("", "s"), unavailable=("nd",)),
    }
    vintages = dict.fromkeys(INCOME_COLUMNS, _year(incomes["taux_pauvrete"][-2:]))
    vintages |= {code: _year(name[1:3]) for code, name in jobs.items()}
    if sizes:
        by_size = number_columns(rows, {name: name for name in sizes}, file.name)
        cells[_EMPLOYERS] = _sum_of(*by_size.values())
        vintages[_EMPLOYERS] = _year(sizes[0][-2:])
    return census_reading(
        file,
        vintage,
        measures_table(rows["CODGEO"], cells),
        vintages=vintages,
        notes=(f"Revenus : Filosofi {vintages['taux_pauvrete']} ; vide veut dire masqué.",),
    )


def _jobs_before(file: OpenedTable, vintage: str) -> dict[str, str]:
    """Return the column of jobs at the census compared with; an edition may lack it."""
    before = [name for name in file.columns_like(r"P\d\d_EMPLT") if _year(name[1:3]) < vintage]
    return {_JOBS_BEFORE: max(before)} if before else {}


def _employers(file: OpenedTable) -> list[str]:
    """Return the columns of establishments with employees: both sizes, or none."""
    found = [name for size in _SIZES_OF_EMPLOYERS for name in file.columns_like(size)]
    return found if len(found) == len(_SIZES_OF_EMPLOYERS) else []


def _sum_of(first: Cells, second: Cells) -> Cells:
    """Add two counts: known where both are."""
    values, status = first
    return values + second[0], status.where(status != "publie", second[1])


def _year(two_digits: str) -> str:
    return f"20{two_digits}"


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
                *INCOME_COLUMNS.values(),
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
    measures=(
        *CENSUS_MEASURES,
        *INCOME_MEASURES,
        Measure(_JOBS_BEFORE),
        Measure(_EMPLOYERS),
    ),
    totals=(PublishedTotal("2018", "population_municipale", "france", 66_732_538, 0.0005, PAGE),),
    gaps=CENSUS_GAPS,
)
