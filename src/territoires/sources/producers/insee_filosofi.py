"""Incomes and poverty (Filosofi): the wide table of 2021, the long one of 2023.

A rate under 5 % is published as 5: a floor. Figures of few households are secret. Guadeloupe,
Guyane and Mayotte are not covered.
"""

from __future__ import annotations

import pandas as pd

from territoires.sources.cells import measures_table, number_columns
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench
from territoires.sources.insee import (
    COMMUNE_LEVELS,
    INCOME_CODES,
    INCOME_COLUMNS,
    INCOME_MEASURES,
    LICENCE,
    NO_INCOMES_IN,
    long_measures,
    only_latest,
)
from territoires.sources.melodi import HOSTS, melodi, melodi_layout
from territoires.sources.opening import OpenedTable

_WIDE = {
    **INCOME_COLUMNS,
    "niveau_vie_d1": r"D1\d\d",
    "rapport_interdecile": r"RD\d\d",
    "part_menages_imposes": r"PIMP\d\d",
}
_COG_AFTER = 3  # the communes are those of the third year after: 2021 → 2024, 2023 → 2026


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return _wide(file) if "CODGEO" in file.columns else _long(file)


def _wide(file: OpenedTable) -> Reading:
    columns = {code: file.column(pattern) for code, pattern in _WIDE.items()}
    rows = file.frame(["CODGEO", *columns.values()])
    cells = number_columns(rows, columns, file.name, secret=("s", ""), unavailable=("nd",))
    vintage = f"20{columns['niveau_vie_median'][-2:]}"
    return _reading(vintage, measures_table(rows["CODGEO"], cells), file, ())


def _long(file: OpenedTable) -> Reading:
    wanted = ["GEO", "FILOSOFI_MEASURE", "CONF_STATUS", "TIME_PERIOD", "OBS_VALUE"]
    kept = {"GEO_OBJECT": COMMUNE_LEVELS, "FILOSOFI_MEASURE": tuple(INCOME_CODES)}
    vintage, rows = only_latest(file.frame(wanted, keep=kept), file.name)
    measures = long_measures(rows, rows["FILOSOFI_MEASURE"].map(INCOME_CODES), file.name)
    notes = (
        "Filosofi a changé de méthode en 2023 : ne pas comparer avec 2012-2021.",
        "Neuf communes y sont comptées avec une voisine (Insee).",
    )
    return _reading(vintage, measures, file, notes)


def _reading(
    vintage: str, measures: pd.DataFrame, file: OpenedTable, notes: tuple[str, ...]
) -> Reading:
    return Reading(
        vintage=vintage,
        cog_year=int(vintage) + _COG_AFTER,
        measures=measures,
        complete=is_whole(measures["code_commune"]),
        rows=file.rows,
        notes=notes,
    )


SOURCE = Source(
    code="insee_filosofi",
    label="Revenus et pauvreté des ménages (Filosofi)",
    producer="Insee, DGFiP, Cnaf, Cnav, CCMSA",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/8984752",
    locate=melodi("DS_FILOSOFI_CC"),
    hosts=HOSTS,
    read=_read,
    layouts=(
        melodi_layout("FILOSOFI_MEASURE", "CONF_STATUS", verified=False),
        Layout(
            "CSV large (une ligne par commune)",
            "csv",
            ("CODGEO", r"NBMENFISC\d\d", *_WIDE.values()),
            without=(r"P\d\d_POP",),
            member="cc_filosofi*com*.csv",
        ),
    ),
    measures=(
        *INCOME_MEASURES,
        Measure("niveau_vie_d1", "valeur", -50_000, 200_000, not_covered=NO_INCOMES_IN),
        Measure("rapport_interdecile", "valeur", highest=100, not_covered=NO_INCOMES_IN),
        Measure("part_menages_imposes", "valeur", highest=100, not_covered=NO_INCOMES_IN),
    ),
    gaps=(
        "Secret statistique : pas de médiane sous 50 ménages ou 100 personnes, pas de taux de "
        "pauvreté dans sept communes sur huit.",
        "L’Insee publie 5 pour tout taux de pauvreté plus bas : ces communes sont à égalité.",
        "Guadeloupe, Guyane et Mayotte : hors du champ de la source.",
        "Ménages fiscaux ordinaires : ni foyers, ni prisons, ni personnes sans domicile.",
    ),
)
