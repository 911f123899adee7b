"""Census, unemployed and active people: the wide table of the vintages before Melodi."""

from __future__ import annotations

from territoires.sources.declaration import Measure, Reading, Source, Workbench, at
from territoires.sources.insee import CENSUS_GAPS, LICENCE, wide_census, wide_census_layout
from territoires.sources.opening import OpenedTable

_WANTED = ("population_15_64", "actifs_15_64", "chomeurs_15_64", "emplois")


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return wide_census(file, "CHOM1564", _WANTED)


SOURCE = Source(
    code="insee_rp_emploi_large",
    label="Recensement, emploi et population active (fichier large)",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/8581444",
    locate=at(
        "https://www.insee.fr/fr/statistiques/fichier/8581444/"
        "base-cc-emploi-pop-active-2022_csv.zip"
    ),
    read=_read,
    layouts=(
        wide_census_layout("base-cc-emploi*.csv", "POP1564", "ACT1564", "ACTOCC1564", "CHOM1564"),
    ),
    measures=tuple(Measure(code) for code in _WANTED),
    verified=False,
    gaps=CENSUS_GAPS,
)
