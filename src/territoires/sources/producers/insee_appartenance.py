"""To which zones each commune belongs: EPCI, zone d'emploi, aire d'attraction, bassin de vie."""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, numbers
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.insee import LICENCE
from territoires.sources.opening import OpenedTable

_ZONES = ("EPCI", "ZE2020", "UU2020", "AAV2020", "CATEAAV2020", r"BV20\d\d")
_NO_EPCI = "ZZZZZZZZZ"
_SHOWN = 5


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    columns = [file.column(pattern) for pattern in _ZONES]
    rows = file.frame(["CODGEO", *columns]).set_index("CODGEO")
    if rows.index.has_duplicates:
        message = f"{file.name} : une commune est donnée deux fois."
        raise UnexpectedFormat(message)
    today = bench.register.communes.index
    cog = bench.passages.likely_year(rows.index, today, bench.register.cog)
    zones, divided = _to_current(rows, cog, bench)
    return Reading(
        vintage=str(cog),
        cog_year=cog,
        measures=_category(rows, file.name),
        complete=is_whole(rows.index.to_series()),
        rows=file.rows,
        references={"appartenance": zones},
        notes=_notes(zones, divided, bench),
    )


def _to_current(
    rows: pd.DataFrame, cog: int, bench: Workbench
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give each present commune the zones of what it is made of; missing where they differ."""
    merged, split = bench.passages.merged(cog), bench.passages.split(cog)
    now = rows.index.map(lambda code: merged.get(code, code))
    grouped = rows.groupby(now)
    differ = grouped.min() != grouped.max()
    agreed = grouped.first().where(~differ)
    divided = {str(name): int(differ[name].sum()) for name in rows.columns}
    parents = {child: parent for child, parent in split.items() if child not in agreed.index}
    children = agreed.reindex(list(parents.values())).set_axis(list(parents))
    whole = pd.concat([agreed, children]).reindex(bench.register.communes.index)
    return whole.rename_axis("code_commune").fillna(""), divided


def _category(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    codes = rows.index.to_series().reset_index(drop=True)
    cells = numbers(
        rows["CATEAAV2020"].reset_index(drop=True), unavailable=("",), where=f"{where}, CATEAAV2020"
    )
    return measures_table(codes, {"categorie_aav": cells})


def _notes(zones: pd.DataFrame, divided: dict[str, int], bench: Workbench) -> tuple[str, ...]:
    here = bench.register.communes["code_epci"].fillna("")
    there = zones["EPCI"].replace(_NO_EPCI, "")
    changed = int(((here != there) & (there != "")).sum())
    notes = [f"EPCI : {changed} communes en ont un autre que dans le registre, plus récent."]
    unsure = [f"{name} ({count})" for name, count in divided.items() if count]
    if unsure:
        notes.append(
            f"Communes nées de zones différentes, sans zone : {', '.join(unsure[:_SHOWN])}."
        )
    return tuple(notes)


SOURCE = Source(
    code="insee_appartenance",
    label="Table d'appartenance géographique des communes",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/information/7671844",
    locate=at(
        "https://www.insee.fr/fr/statistiques/fichier/7671844/"
        "table-appartenance-geo-communes-2024.zip"
    ),
    read=_read,
    layouts=(
        Layout(
            "Classeur, feuille COM",
            "xlsx",
            ("CODGEO", "LIBGEO", *_ZONES),
            member="table-appartenance-geo-communes*.xlsx",
            sheet="COM",
            heading_row=6,
        ),
    ),
    measures=(Measure("categorie_aav", "classe", lowest=11, highest=30),),
    references=("appartenance",),
    gaps=("Zonages de 2020 : ils ne suivent pas les communes chaque année.",),
)
