"""Census, dwellings by occupation (Melodi DS_RP_LOGEMENT_PRINC), other dimensions at ``_T``."""

from __future__ import annotations

from territoires.sources.declaration import Measure, Reading, Source, Workbench
from territoires.sources.insee import CENSUS_GAPS, LICENCE, melodi_census
from territoires.sources.melodi import HOSTS, melodi, melodi_layout
from territoires.sources.opening import OpenedTable

_OCCUPATION = {
    "_T": "logements",
    "DW_VAC": "logements_vacants",
    "DW_MAIN": "residences_principales",
    "DW_SEC_DW_OCC": "residences_secondaires",
}
_WHOLE = ("L_STAY", "TDW", "CARS", "CARPARK", "NOR", "TSH", "BUILD_END", "NRG_SRC")
_KEPT = {"RP_MEASURE": ("DWELLINGS",), **dict.fromkeys(_WHOLE, ("_T",))}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return melodi_census(file, "OCS", _OCCUPATION, _KEPT)


SOURCE = Source(
    code="insee_rp_logement",
    label="Recensement, logements (Melodi)",
    producer="Insee",
    licence=LICENCE,
    page_url="https://catalogue-donnees.insee.fr/fr/catalogue/recherche/DS_RP_LOGEMENT_PRINC",
    locate=melodi("DS_RP_LOGEMENT_PRINC"),
    hosts=HOSTS,
    read=_read,
    layouts=(melodi_layout("OCS", "RP_MEASURE", *_WHOLE),),
    measures=tuple(Measure(code) for code in _OCCUPATION.values()),
    gaps=CENSUS_GAPS,
)
