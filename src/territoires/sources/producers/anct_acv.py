"""Communes of the programme Action cœur de ville."""

from __future__ import annotations

from territoires.sources.programmes import programme_source

SOURCE = programme_source(
    "anct_acv",
    "Communes du programme Action cœur de ville",
    measure="action_coeur_de_ville",
    identifier="id_acv",
    page_url="https://www.data.gouv.fr/datasets/programme-action-coeur-de-ville",
    file_url="https://www.data.gouv.fr/api/1/datasets/r/8b6f422b-cbdf-459a-9a16-d6be4b92d91a",
    file_name="action_coeur_de_ville.csv",
    whole_from=200,  # 245 in 2026
)
