"""INSEE's dossier complet: a long Parquet of every figure, several years by figure.

Written from its documented form; no real file has been read.
"""

from __future__ import annotations

from territoires.sources.declaration import Layout, Reading, Source, Workbench, at
from territoires.sources.insee import CENSUS_MEASURES, INCOME_MEASURES, LICENCE
from territoires.sources.insee_tables import COLUMNS, read_tables
from territoires.sources.opening import OpenedTable


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return read_tables(file)


SOURCE = Source(
    code="insee_dossier_complet",
    label="Dossier complet",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/5359146",
    locate=at("https://www.insee.fr/fr/statistiques/fichier/5359146/dossier_complet.parquet"),
    read=_read,
    layouts=(Layout("Parquet long", "parquet", (*COLUMNS, "ID_TAB", "CONF_STATUS")),),
    measures=(*CENSUS_MEASURES, *INCOME_MEASURES),
    verified=False,
    gaps=("Années différentes selon les chiffres : la plus récente de chacun est gardée.",),
)
