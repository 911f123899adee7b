"""Reference populations, in force on 1 January: the communes' file, and Mayotte's, apart."""

from __future__ import annotations

import re

import pandas as pd

from territoires.sources.cells import measures_table, number_columns
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench
from territoires.sources.insee import COMMUNE_LEVELS, LICENCE, long_measures, only_latest
from territoires.sources.melodi import HOSTS, melodi, melodi_layout
from territoires.sources.opening import OpenedTable

_COLUMNS = {"population_municipale": "PMUN", "population_totale": "PTOT"}
_MAYOTTE = "976"
_COG_AFTER = 2  # populations of 2023 are published in the communes of 2025


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    if "GEO" in file.columns:
        return _long(file)
    rows = file.frame(["DEP", "CODCOM", "COM", *_COLUMNS.values()])
    # Mayotte's file leaves COM empty; the code is in two parts, overseas as elsewhere.
    codes = rows["COM"].where(rows["COM"] != "", rows["DEP"].str[:2] + rows["CODCOM"])
    cog = bench.passages.likely_year(
        codes, bench.register.communes.index, min(bench.register.cog, bench.passages.last_year)
    )
    named = re.search(r"20\d\d", file.path.name)
    vintage = named[0] if named else str(cog - _COG_AFTER)
    return Reading(
        vintage=vintage,
        cog_year=cog,
        measures=measures_table(codes, number_columns(rows, _COLUMNS, file.name)),
        complete=is_whole(codes),
        rows=file.rows,
        notes=_notes(codes),
    )


def _notes(codes: pd.Series) -> tuple[str, ...]:
    if codes.str.startswith(_MAYOTTE).all():
        return ("Mayotte : recensement de 2017, dans un fichier à part.",)
    if not codes.str.startswith(_MAYOTTE).any():
        return ("Sans Mayotte, que l'Insee publie dans un fichier à part.",)
    return ()


def _long(file: OpenedTable) -> Reading:
    wanted = ["GEO", "POPREF_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    rows = file.frame(
        wanted, keep={"GEO_OBJECT": COMMUNE_LEVELS, "POPREF_MEASURE": ("PMUN", "PTOT")}
    )
    vintage, rows = only_latest(rows, file.name)
    names = {name: code for code, name in _COLUMNS.items()}
    measures = long_measures(rows, rows["POPREF_MEASURE"].map(names), file.name)
    return Reading(
        vintage=vintage,
        cog_year=int(vintage) + _COG_AFTER,
        measures=measures,
        complete=is_whole(measures["code_commune"]),
        rows=file.rows,
    )


SOURCE = Source(
    code="insee_populations",
    label="Populations de référence",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/8680726?sommaire=8681011",
    locate=melodi("DS_POPULATIONS_REFERENCE"),
    hosts=HOSTS,
    read=_read,
    layouts=(
        Layout("CSV des communes", "csv", ("DEP", "COM", "CODCOM", "PMUN", "PCAP", "PTOT")),
        melodi_layout("POPREF_MEASURE", verified=False),
    ),
    measures=tuple(Measure(code) for code in _COLUMNS),
    gaps=("Mayotte : population de 2017, dernier recensement publié.",),
)
