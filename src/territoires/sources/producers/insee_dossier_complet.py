"""INSEE's dossier complet: a long Parquet of every figure, several years by figure.

Written from its documented form; no real file has been read.
"""

from __future__ import annotations

import pandas as pd

from territoires.sources.cells import numbers
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.insee import (
    COMMUNE_LEVELS,
    LICENCE,
    census_communes_year,
    is_whole,
    only_latest,
)
from territoires.sources.opening import OpenedTable

_MEASURES = {
    "POP_EMPSTA_ENQ_2_AGE_Y15T64": "chomeurs_15_64",
    "POP_EMPSTA_ENQ_1T2_AGE_Y15T64": "actifs_15_64",
    "MED_SL": "niveau_vie_median",
    "PR_MD60": "taux_pauvrete",
}
_CENSUS = "POP_"
_MASKED = "C"


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    wanted = ["GEO", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS"]
    kept = {"GEO_OBJECT": COMMUNE_LEVELS, "TAB_MEASURE": tuple(_MEASURES)}
    rows = file.frame(wanted, keep=kept)
    years, latest = {}, []
    for name, figures in rows.groupby("TAB_MEASURE"):
        year, newest = only_latest(figures, file.name)
        years[str(name)] = year
        latest.append(newest)
    vintage, _rows = only_latest(rows[rows["TAB_MEASURE"].str.startswith(_CENSUS)], file.name)
    return Reading(
        vintage=vintage,
        cog_year=census_communes_year(vintage),
        measures=_measures(pd.concat(latest, ignore_index=True), file.name),
        complete=is_whole(rows["GEO"]),
        rows=file.rows,
        vintages={_MEASURES[name]: year for name, year in years.items()},
    )


def _measures(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    values, status = numbers(rows["OBS_VALUE"], where=f"{where}, OBS_VALUE")
    status = status.mask(rows["CONF_STATUS"] == _MASKED, "secret")
    return pd.DataFrame(
        {
            "code_commune": rows["GEO"],
            "code_mesure": rows["TAB_MEASURE"].map(_MEASURES),
            "valeur": values.where(status == "publie"),
            "statut": status,
        }
    )


SOURCE = Source(
    code="insee_dossier_complet",
    label="Dossier complet",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/5359146",
    locate=at("https://www.insee.fr/fr/statistiques/fichier/5359146/dossier_complet.parquet"),
    read=_read,
    layouts=(
        Layout(
            "Parquet long",
            "parquet",
            ("GEO", "GEO_OBJECT", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS"),
        ),
    ),
    measures=(
        Measure("chomeurs_15_64"),
        Measure("actifs_15_64"),
        Measure("niveau_vie_median", "valeur", lowest=1000, highest=200_000),
        Measure("taux_pauvrete", "valeur", highest=100, floor=5.0),
    ),
    verified=False,
    gaps=("Années différentes selon les chiffres : la plus récente de chacun est gardée.",),
)
