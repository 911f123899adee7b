"""Private dwellings vacant for more than two years, by commune. No file was at hand."""

from __future__ import annotations

from territoires.sources import lovac
from territoires.sources.cells import measures_table, number_columns
from territoires.sources.country import COMMUNE_CODE, is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    code = max(file.columns_like(r"CODGEO_\d\d"))
    columns = lovac.newest_columns(file)
    rows = file.frame((code, columns.vacant, columns.dwellings))
    rows = rows[rows[code].str.fullmatch(COMMUNE_CODE)]
    named = {"logements_vacants_2ans": columns.vacant, "logements_prives": columns.dwellings}
    return Reading(
        vintage=str(columns.year),
        cog_year=2000 + int(code[-2:]),
        measures=measures_table(rows[code], number_columns(rows, named, file.name)),
        complete=is_whole(rows[code]),
        rows=file.rows,
        notes=(columns.note,),
    )


SOURCE = Source(
    code="dgaln_lovac_communes",
    label="LOVAC, logements vacants du parc privé par commune",
    producer="DGALN, Cerema",
    licence="Licence Ouverte 2.0",
    page_url=lovac.PAGE,
    locate=at(
        "https://www.data.gouv.fr/api/1/datasets/r/2e0417b4-902d-4c60-90e7-bf5df148cb87",
        "lovac_communes.csv",
    ),
    hosts=("static.data.gouv.fr",),
    read=_read,
    layouts=(
        Layout(
            "CSV (une colonne par année)",
            "csv",
            (r"CODGEO_\d\d", r"pp_vacant_plus_2ans_\d\d", r"(?:ff_)?pp_total_\d\d"),
        ),
    ),
    measures=(Measure("logements_vacants_2ans"), Measure("logements_prives")),
    verified=False,
    gaps=(
        "Secret statistique : un effectif de moins de onze logements n’est pas publié, ce qui "
        "masque environ la moitié des communes.",
        "Parc privé seul : les logements sociaux n’y sont pas.",
        "Logements vacants d’une année rapportés au parc de l’année précédente, dernier publié.",
        lovac.BREAK,
    ),
)
