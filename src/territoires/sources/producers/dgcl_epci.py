"""Which commune is in which EPCI, as the DGCL says it: compared with the register."""

from __future__ import annotations

import pandas as pd

from territoires.sources.cells import no_measures
from territoires.sources.country import WHOLE_COUNTRY
from territoires.sources.declaration import (
    Layout,
    Reading,
    Source,
    Workbench,
    by_hand,
)
from territoires.sources.opening import OpenedTable

PAGE = "https://www.collectivites-locales.gouv.fr/etudes-et-statistiques"
_SHOWN = 8
_YEARLY = r"pmun_\d{4}"


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    rows = file.frame(["siren", "raison_sociale", "nature_juridique", "insee"])
    table = rows.rename(columns={"insee": "code_commune", "siren": "code_epci"})
    # Some communes are in two groupings at once (Greater Paris): the first one with own taxes.
    table = table.drop_duplicates("code_commune").set_index("code_commune").sort_index()
    cog = int(file.column(_YEARLY)[-4:])  # the year is in the name of the column
    return Reading(
        vintage=str(cog),
        cog_year=cog,
        measures=no_measures(),
        complete=len(table) > WHOLE_COUNTRY,
        rows=file.rows,
        references={"epci_communes": table},
        notes=_differences(table, bench),
    )


def _differences(table: pd.DataFrame, bench: Workbench) -> tuple[str, ...]:
    communes = bench.register.communes
    theirs = table["code_epci"].reindex(communes.index)
    moved = communes.index[theirs.notna() & (theirs != communes["code_epci"])]
    if moved.empty:
        return ("Aucune différence avec les EPCI du registre.",)
    names = ", ".join(f"{communes['nom'][code]} ({code})" for code in moved[:_SHOWN])
    more = "…" if len(moved) > _SHOWN else ""
    return (f"{len(moved)} communes ont un autre EPCI que dans le registre : {names}{more}.",)


SOURCE = Source(
    code="dgcl_epci",
    label="Composition communale des EPCI",
    producer="DGCL",
    licence="Licence Ouverte 2.0",
    page_url=PAGE,
    locate=by_hand(PAGE),
    read=_read,
    layouts=(
        Layout(
            "Classeur",
            "xlsx",
            ("siren", "raison_sociale", "nature_juridique", "insee", _YEARLY),
        ),
    ),
    references=("epci_communes",),
)
