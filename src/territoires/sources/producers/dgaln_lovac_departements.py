"""Private dwellings vacant for more than two years, by département; carried by its communes."""

from __future__ import annotations

import pandas as pd

from territoires.sources import lovac
from territoires.sources.cells import measures_table, numbers
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, by_hand
from territoires.sources.opening import OpenedTable

_DEPARTEMENTS = 100


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    columns = lovac.newest_columns(file)
    rows = file.frame(("DEP", columns.vacant, columns.dwellings)).set_index("DEP")
    vacant, vacant_status = numbers(rows[columns.vacant], where=f"{file.name}, {columns.vacant}")
    every, every_status = numbers(
        rows[columns.dwellings], where=f"{file.name}, {columns.dwellings}"
    )
    share = 100.0 * vacant / every.where(every > 0)
    status = vacant_status.where(vacant_status != "publie", every_status)
    of_commune = bench.register.communes["code_departement"]
    carried = share.reindex(of_commune.to_numpy())
    statuses = status.reindex(of_commune.to_numpy()).where(carried.notna(), "non_disponible")
    return Reading(
        vintage=str(columns.year),
        cog_year=bench.register.cog,
        measures=measures_table(
            pd.Series(of_commune.index), {"part_vacants_2ans_departement": (carried, statuses)}
        ),
        complete=len(rows) > _DEPARTEMENTS - 1,
        rows=file.rows,
        notes=(columns.note, "Chaque commune porte le chiffre de son département."),
    )


SOURCE = Source(
    code="dgaln_lovac_departements",
    label="LOVAC, logements vacants du parc privé par département",
    producer="DGALN, Cerema",
    licence="Licence Ouverte 2.0",
    page_url=lovac.PAGE,
    # The address of the communes' file is documented; that of this one is not.
    locate=by_hand(lovac.PAGE),
    read=_read,
    layouts=(
        Layout(
            "CSV (une colonne par année)",
            "csv",
            ("DEP", "LIB_DEP", r"pp_vacant_plus_2ans_\d\d", r"(?:ff_)?pp_total_\d\d"),
            without=(r"CODGEO_\d\d",),
        ),
    ),
    measures=(Measure("part_vacants_2ans_departement", "valeur", 0.0, 100.0),),
    gaps=(
        "Publié par département : toutes ses communes portent le même chiffre, qui ne les "
        "distingue pas.",
        "Parc privé seul : les logements sociaux n’y sont pas.",
        "Logements vacants d’une année rapportés au parc de l’année précédente, dernier publié.",
        lovac.BREAK,
    ),
)
