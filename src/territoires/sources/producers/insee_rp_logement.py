"""Census, dwellings by occupation (Melodi DS_RP_LOGEMENT_PRINC), other dimensions at ``_T``."""

from __future__ import annotations

from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench
from territoires.sources.insee import (
    CENSUS_GAPS,
    COMMUNE_LEVELS,
    LICENCE,
    census_communes_year,
    is_whole,
    long_measures,
    only_latest,
)
from territoires.sources.melodi import HOSTS, melodi
from territoires.sources.opening import OpenedTable

_OCCUPATION = {
    "_T": "logements",
    "DW_VAC": "logements_vacants",
    "DW_MAIN": "residences_principales",
    "DW_SEC_DW_OCC": "residences_secondaires",
}
_WHOLE = ("L_STAY", "TDW", "CARS", "CARPARK", "NOR", "TSH", "BUILD_END", "NRG_SRC")
_KEPT = {
    "GEO_OBJECT": COMMUNE_LEVELS,
    "RP_MEASURE": ("DWELLINGS",),
    "OCS": tuple(_OCCUPATION),
    **dict.fromkeys(_WHOLE, ("_T",)),
}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    rows = file.frame(["GEO", "OCS", "TIME_PERIOD", "OBS_VALUE"], keep=_KEPT)
    vintage, rows = only_latest(rows, file.name)
    return Reading(
        vintage=vintage,
        cog_year=census_communes_year(vintage),
        measures=long_measures(rows, rows["OCS"].map(_OCCUPATION), file.name),
        complete=is_whole(rows["GEO"]),
        rows=file.rows,
    )


SOURCE = Source(
    code="insee_rp_logement",
    label="Recensement, logements (Melodi)",
    producer="Insee",
    licence=LICENCE,
    page_url="https://catalogue-donnees.insee.fr/fr/catalogue/recherche/DS_RP_LOGEMENT_PRINC",
    locate=melodi("DS_RP_LOGEMENT_PRINC"),
    hosts=HOSTS,
    read=_read,
    layouts=(
        Layout(
            "CSV long de Melodi",
            "csv",
            ("GEO", "GEO_OBJECT", "OCS", "RP_MEASURE", *_WHOLE, "TIME_PERIOD", "OBS_VALUE"),
            member="*_data.csv",
        ),
    ),
    measures=tuple(Measure(code) for code in _OCCUPATION.values()),
    gaps=CENSUS_GAPS,
)
