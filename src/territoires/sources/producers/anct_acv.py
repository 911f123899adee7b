"""Communes of the programme Action cœur de ville."""

from __future__ import annotations

from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.sources.programmes import programme_reading

_MEASURE = "action_coeur_de_ville"
_AT_LEAST = 200  # 245 in 2026


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return programme_reading(file, _MEASURE, _AT_LEAST)


SOURCE = Source(
    code="anct_acv",
    label="Communes du programme Action cœur de ville",
    producer="ANCT",
    licence="Licence Ouverte 2.0",
    page_url="https://www.data.gouv.fr/datasets/programme-action-coeur-de-ville",
    locate=at(
        "https://www.data.gouv.fr/api/1/datasets/r/8b6f422b-cbdf-459a-9a16-d6be4b92d91a",
        "action_coeur_de_ville.csv",
    ),
    hosts=("static.data.gouv.fr",),
    read=_read,
    layouts=(Layout("CSV (une ligne par commune)", "csv",
                    ("insee_com", "lib_com", "id_acv", "date_signature")),),
    measures=(Measure(_MEASURE, "effectif", absent_is_zero=True),),
    gaps=("Bénéficier du programme ne dit rien de ce qui y a été fait.",),
)  # fmt: skip
