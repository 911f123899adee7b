"""Communes classed France ruralités revitalisation, from the Observatoire des territoires.

No file was at hand. The CSV writes -9999 for a commune that is not classed; the workbook, whose
heading comes after some lines of title, leaves the cell blank.
"""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, numbers, published
from territoires.sources.country import COMMUNE_CODE, is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable

_YEAR = 2025  # of the communes asked for in the address; the file does not say it
_ADDRESS = (
    "https://www.observatoire-des-territoires.gouv.fr/outils/cartographie-interactive/api/v1/"
    f"functions/GC_API_download.php?type=stat&nivgeo=com{_YEAR}&dataset=frr&indic=codefrr&format=csv"
)
_NOT_CLASSED = ("-9999", "")
_CLASSES = (0.0, 1.0, 2.0, 4.0, 5.0)


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    rows = file.frame(("codgeo", "codefrr"))
    rows = rows[rows["codgeo"].str.fullmatch(COMMUNE_CODE)]
    where = f"{file.name}, codefrr"
    values, _status = numbers(rows["codefrr"], secret=(), unavailable=_NOT_CLASSED, where=where)
    classes = values.fillna(0.0)
    unknown = classes[~classes.isin(_CLASSES)]
    if len(unknown):
        message = f"{where} : classe {unknown.iloc[0]:g} inconnue (connues : 1, 2, 4, 5)."
        raise UnexpectedFormat(message)
    return Reading(
        vintage=str(_YEAR),
        cog_year=_YEAR,
        measures=measures_table(rows["codgeo"], {"zonage_frr": published(classes)}),
        complete=is_whole(rows["codgeo"]),
        rows=file.rows,
        notes=_undocumented(classes),
    )


def _undocumented(classes: pd.Series) -> tuple[str, ...]:
    count = int((classes == 2.0).sum())
    if not count:
        return ()
    return (f"{count} communes ont la classe 2, que la documentation ne définit pas.",)


SOURCE = Source(
    code="anct_frr",
    label="Zonage France ruralités revitalisation (FRR)",
    producer="DGCL, Observatoire des territoires (ANCT)",
    licence="Licence Ouverte 2.0",
    page_url="https://www.observatoire-des-territoires.gouv.fr/frr-france-ruralites-revitalisation",
    locate=at(_ADDRESS, f"frr_communes_{_YEAR}.csv"),
    read=_read,
    layouts=(
        Layout("CSV", "csv", ("codgeo", "libgeo", "codefrr")),
        Layout("classeur XLSX", "xlsx", ("codgeo", "codefrr"), heading_row=5),
    ),
    measures=(Measure("zonage_frr", "classe", 0.0, 5.0),),
    verified=False,
    gaps=(
        "Ce que vaut la classe 2 du fichier n’est pas documenté.",
        "Classement de 2025 : les arrêtés postérieurs n’y sont pas.",
    ),
)
