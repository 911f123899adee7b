"""Census, unemployed and active people (Melodi DS_RP_EMPLOI_LR_PRINC): one row by figure.

Three years and seven levels in one file: the latest year, communes and arrondissements are kept.
"""

from __future__ import annotations

from territoires.sources.declaration import Measure, Reading, Source, Workbench
from territoires.sources.insee import CENSUS_GAPS, LICENCE, melodi_census
from territoires.sources.melodi import HOSTS, melodi, melodi_layout
from territoires.sources.opening import OpenedTable

_DATASET = "DS_RP_EMPLOI_LR_PRINC"
_STATUS = {"2": "chomeurs_15_64", "1T2": "actifs_15_64", "_T": "population_15_64"}
_WHOLE = {"SEX": ("_T",), "AGE": ("Y15T64",), "EDUC": ("_T",), "RP_MEASURE": ("POP",)}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return melodi_census(file, "EMPSTA_ENQ", _STATUS, _WHOLE)


SOURCE = Source(
    code="insee_rp_emploi",
    label="Recensement, population active et chômage (Melodi)",
    producer="Insee",
    licence=LICENCE,
    page_url="https://catalogue-donnees.insee.fr/fr/catalogue/recherche/DS_RP_EMPLOI_LR_PRINC",
    locate=melodi(_DATASET),
    hosts=HOSTS,
    read=_read,
    layouts=(melodi_layout("EMPSTA_ENQ", *_WHOLE),),
    measures=tuple(Measure(code) for code in _STATUS.values()),
    gaps=CENSUS_GAPS,
)
