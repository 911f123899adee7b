"""People registered with France Travail (categories A, B, C), by commune, fourth quarters.

The file has no category A and no length of registration. Age and sex are not crossed. Paris, Lyon
and Marseille are there twice: both rows are passed on, the conversion keeps the commune's.
"""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, numbers
from territoires.sources.country import COMMUNE_CODE, is_whole
from territoires.sources.declaration import (
    Layout,
    Measure,
    PublishedTotal,
    Reading,
    Source,
    Workbench,
    at,
)
from territoires.sources.opening import OpenedTable
from territoires.sources.periods import latest_rows

PAGE = (
    "https://www.data.gouv.fr/datasets/"
    "inscrits-a-france-travail-donnees-communales-trimestrielles-brutes"
)
_EXPORT = (
    "https://data.dares.travail-emploi.gouv.fr/api/explore/v2.1/catalog/datasets/"
    "dares_defm_communales-brutes/exports/csv?use_labels=true"
)
_MEASURES = {
    "Total": "demandeurs_emploi_abc",
    "Moins de 25 ans": "demandeurs_emploi_moins_25",
    "50 ans et plus": "demandeurs_emploi_50_plus",
}
_KEPT = {"Type de données": {"Brutes"}, "Catégorie": {"ABC"}, "Sexe": {"Total"}}
_QUARTER = r"\d{4}-T[1-4]"


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    age, count = file.column("Tranche d.âge"), file.column("Nombre de demandeurs d.emploi")
    columns = ["Date", "Code commune", age, count]
    quarter, rows = latest_rows(file, columns, "Date", _QUARTER, _KEPT)
    rows = rows[rows["Code commune"].str.fullmatch(COMMUNE_CODE)]
    measures = pd.concat(
        [_of_age(rows[rows[age] == label], code, count, file.name, label)
         for label, code in _MEASURES.items()],
        ignore_index=True,
    )  # fmt: skip
    return Reading(
        vintage=quarter,
        cog_year=int(quarter[:4]),
        measures=measures,
        complete=is_whole(rows["Code commune"]),
        rows=file.rows,
    )


def _of_age(rows: pd.DataFrame, measure: str, count: str, name: str, label: str) -> pd.DataFrame:
    if rows.empty:
        message = f"{name} : aucune ligne pour la tranche d'âge « {label} »."
        raise UnexpectedFormat(message)
    if rows["Code commune"].duplicated().any():
        message = f"{name} : une commune a deux lignes pour la tranche d'âge « {label} »."
        raise UnexpectedFormat(message)
    cells = numbers(rows[count], where=f"{name}, {count}")
    return measures_table(rows["Code commune"], {measure: cells})


SOURCE = Source(
    code="dares_communes",
    label="Inscrits à France Travail, données communales trimestrielles brutes",
    producer="Dares, France Travail",
    licence="Licence Ouverte 2.0",
    page_url=PAGE,
    locate=at(_EXPORT, "dares_defm_communales-brutes.csv"),
    read=_read,
    layouts=(
        Layout(
            "CSV long (une ligne par commune, sexe ou tranche d'âge)",
            "csv",
            (
                "Date", "Code commune", "Type de données", "Catégorie", "Sexe",
                "Tranche d.âge", "Nombre de demandeurs d.emploi",
            ),
            without=("Ancienneté", "Code zone d.emploi"),
        ),
    ),
    measures=tuple(Measure(code) for code in _MEASURES.values()),
    totals=(
        PublishedTotal("2024-T4", "demandeurs_emploi_abc", "dep:33", 142_570),
        PublishedTotal("2024-T4", "demandeurs_emploi_abc", "33063", 29_190),
        PublishedTotal("2024-T4", "demandeurs_emploi_abc", "75056", 196_995),
    ),
    gaps=(
        "Effectifs arrondis à 5 par la Dares : dans une petite commune, l’arrondi pèse autant que "
        "l’évolution.",
        "Moyenne des trois mois du quatrième trimestre, sans correction des variations "
        "saisonnières.",
        "Être inscrit à France Travail n’est pas être chômeur au sens du recensement ni du Bureau "
        "international du travail : une part des inscrits travaille (catégories B et C), et des "
        "chômeurs ne sont pas inscrits.",
        "Rupture en 2025 : les bénéficiaires du RSA sont inscrits automatiquement depuis le "
        "1er janvier 2025 ; les effectifs ne se comparent pas de part et d’autre.",
    ),
)  # fmt: skip
