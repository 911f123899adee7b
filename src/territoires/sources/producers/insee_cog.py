"""The official geographic code: communes of the year, and their movements since 1943.

It changes nothing by itself: it tells the maintainer whether the register is the one in force.
"""

from __future__ import annotations

import pandas as pd

from territoires.sources.cells import no_measures
from territoires.sources.country import WHOLE_COUNTRY
from territoires.sources.declaration import Layout, Reading, Source, Workbench, at
from territoires.sources.insee import LICENCE
from territoires.sources.opening import OpenedTable

PAGE = "https://www.insee.fr/fr/information/8740222"
_FILES = "https://www.insee.fr/fr/statistiques/fichier/8740222"
_SHOWN = 8


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    if "COM_AV" in file.columns:
        return _movements(file, bench)
    return _communes(file, bench)


def _communes(file: OpenedTable, bench: Workbench) -> Reading:
    rows = file.frame(["COM", "DEP", "REG", "LIBELLE"], keep={"TYPECOM": ("COM",)})
    table = rows.rename(columns={"COM": "code_commune"}).set_index("code_commune").sort_index()
    return Reading(
        vintage=str(bench.register.cog),
        cog_year=bench.register.cog,
        measures=no_measures(),
        complete=len(table) > WHOLE_COUNTRY,
        rows=file.rows,
        references={"communes_cog": table},
        notes=_differences(table, bench),
    )


def _movements(file: OpenedTable, bench: Workbench) -> Reading:
    columns = ["MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP", "LIBELLE_AP"]
    table = file.frame(columns)
    newest = int(table["DATE_EFF"].max()[:4])
    notes = [f"Mouvements jusqu'au {table['DATE_EFF'].max()}."]
    if newest > bench.register.cog:
        notes.append(
            f"Des communes ont changé en {newest}, après le registre ({bench.register.cog}) : "
            "reconstruisez-le, puis les passages : territoires construire-donnees"
        )
    return Reading(
        vintage=str(bench.register.cog),
        cog_year=bench.register.cog,
        measures=no_measures(),
        complete=True,
        rows=file.rows,
        references={"mouvements": table},
        notes=tuple(notes),
    )


def _differences(table: pd.DataFrame, bench: Workbench) -> tuple[str, ...]:
    here, there = set(bench.register.communes.index), set(table.index)
    parts = [("absentes du registre", there - here), ("absentes du fichier", here - there)]
    told = [
        f"{len(codes)} communes {what} : {', '.join(sorted(codes)[:_SHOWN])}"
        for what, codes in parts
        if codes
    ]
    names = table["LIBELLE"].reindex(bench.register.communes.index)
    renamed = int((names.notna() & (names != bench.register.communes["nom"])).sum())
    if renamed:
        told.append(f"{renamed} noms diffèrent")
    return tuple(told) or ("Le registre a les mêmes communes et les mêmes noms.",)


SOURCE = Source(
    code="insee_cog",
    label="Code officiel géographique : communes et mouvements",
    producer="Insee",
    licence=LICENCE,
    page_url=PAGE,
    locate=at(f"{_FILES}/v_mvt_commune_2026.csv"),
    read=_read,
    layouts=(
        Layout(
            "Mouvements", "csv", ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP")
        ),
        Layout("Communes", "csv", ("TYPECOM", "COM", "REG", "DEP", "NCC", "LIBELLE", "COMPARENT")),
    ),
    references=("communes_cog", "mouvements"),
)
