"""Town halls (DILA, Service-public): public address, telephone and site; no person, no e-mail.

Written from the documented form of the export; no real file has been read.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import no_measures
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable

_DELEGATED = "mairie déléguée"


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    rows = file.frame(["nom", "pivot", "adresse", "telephone", "site_internet"])
    rows = rows[~rows["nom"].str.lower().str.startswith(_DELEGATED)]
    found = [_town_hall(row, file.name) for row in rows.to_dict("records")]
    table = pd.DataFrame([row for row in found if row]).drop_duplicates("code_commune")
    table = table[table["code_commune"].isin(bench.register.communes.index)]
    if table.empty:
        message = f"{file.name} : aucune mairie d'une commune d'aujourd'hui."
        raise UnexpectedFormat(message)
    return Reading(
        vintage=str(bench.register.cog),
        cog_year=bench.register.cog,
        measures=no_measures(),
        complete=is_whole(table["code_commune"]),
        rows=file.rows,
        references={"mairies": table.reset_index(drop=True)},
    )


def _town_hall(row: dict[Any, str], where: str) -> dict[str, str]:
    codes = [
        str(code)
        for pivot in _inside(row["pivot"], where)
        if pivot.get("type_service_local") == "mairie"
        for code in pivot.get("code_insee_commune", [])
    ]
    if not codes:
        return {}
    address = next(iter(_inside(row["adresse"], where)), {})
    lines = [address.get("numero_voie"), address.get("code_postal"), address.get("nom_commune")]
    return {
        "code_commune": codes[0],
        "adresse": ", ".join(str(line) for line in lines if line),
        "telephone": _first(row["telephone"], where),
        "site": _first(row["site_internet"], where),
    }


def _inside(text: str, where: str) -> list[dict[str, Any]]:
    """Read the JSON that a cell holds as text."""
    if not text:
        return []
    try:
        items = json.loads(text)
    except ValueError as error:
        message = f"{where} : une cellule qui devrait contenir du JSON n'en est pas : {text:.40}."
        raise UnexpectedFormat(message) from error
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _first(text: str, where: str) -> str:
    return next((str(item.get("valeur", "")) for item in _inside(text, where)), "")


SOURCE = Source(
    code="dila_mairies",
    label="Annuaire de l'administration : mairies",
    producer="DILA",
    licence="Licence Ouverte 2.0",
    page_url="https://www.data.gouv.fr/datasets/53699fe4a3a729239d206227",
    locate=at(
        "https://api-lannuaire.service-public.fr/api/explore/v2.1/catalog/datasets/"
        "api-lannuaire-administration/exports/json"
        '?where=startswith(pivot,\'[{"type_service_local": "mairie",\')'
        "&select=nom,pivot,adresse,telephone,site_internet",
        "mairies.json",
    ),
    read=_read,
    layouts=(
        Layout(
            "JSON de l'export", "json", ("nom", "pivot", "adresse", "telephone", "site_internet")
        ),
        Layout("CSV de l'export", "csv", ("nom", "pivot", "adresse", "telephone", "site_internet")),
    ),
    references=("mairies",),
    verified=False,
    gaps=("Horaires et coordonnées déclarés par les mairies.",),
)
