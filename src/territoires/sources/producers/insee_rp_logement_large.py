"""Census, dwellings: the wide table of the vintages before Melodi."""

from __future__ import annotations

from territoires.sources.declaration import Measure, Reading, Source, Workbench, by_hand
from territoires.sources.insee import CENSUS_GAPS, LICENCE, wide_census, wide_census_layout
from territoires.sources.opening import OpenedTable

PAGE = "https://www.insee.fr/fr/statistiques/8581474"
_WANTED = ("logements", "logements_vacants", "residences_principales", "residences_secondaires")


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return wide_census(file, "LOGVAC", _WANTED)


SOURCE = Source(
    code="insee_rp_logement_large",
    label="Recensement, logement (fichier large)",
    producer="Insee",
    licence=LICENCE,
    page_url=PAGE,
    locate=by_hand(PAGE),
    read=_read,
    layouts=(wide_census_layout("base-cc-logement*.csv", "LOG", "LOGVAC", "RP", "RSECOCC"),),
    measures=tuple(Measure(code) for code in _WANTED),
    verified=False,
    gaps=CENSUS_GAPS,
)
