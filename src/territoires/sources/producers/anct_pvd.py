"""Communes of the programme Petites villes de demain."""

from __future__ import annotations

from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.sources.programmes import programme_reading

_MEASURE = "petite_ville_de_demain"
_AT_LEAST = 1_200  # about 1,640 in 2026; the list only grows


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    return programme_reading(file, _MEASURE, _AT_LEAST)


SOURCE = Source(
    code="anct_pvd",
    label="Communes du programme Petites villes de demain",
    producer="ANCT",
    licence="Licence Ouverte 2.0",
    page_url="https://www.data.gouv.fr/datasets/programme-petites-villes-de-demain",
    locate=at(
        "https://www.data.gouv.fr/api/1/datasets/r/1fa831ec-d912-4277-8b95-a8b998bf951e",
        "petites_villes_de_demain.csv",
    ),
    hosts=("static.data.gouv.fr",),
    read=_read,
    layouts=(Layout("CSV (une ligne par commune)", "csv",
                    ("insee_com", "lib_com", "id_pvd", "date_signature")),),
    measures=(Measure(_MEASURE, "effectif", absent_is_zero=True),),
    gaps=("Bénéficier du programme ne dit rien de ce qui y a été fait.",),
)  # fmt: skip
