"""Communes of the programme Petites villes de demain."""

from __future__ import annotations

from territoires.sources.programmes import programme_source

SOURCE = programme_source(
    "anct_pvd",
    "Communes du programme Petites villes de demain",
    measure="petite_ville_de_demain",
    identifier="id_pvd",
    page_url="https://www.data.gouv.fr/datasets/programme-petites-villes-de-demain",
    file_url="https://www.data.gouv.fr/api/1/datasets/r/1fa831ec-d912-4277-8b95-a8b998bf951e",
    file_name="petites_villes_de_demain.csv",
    whole_from=1_200,  # about 1,640 in 2026; the list only grows
)
