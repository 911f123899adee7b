"""Establishments of the social and solidarity economy, counted by commune (API of Sirene).

The service answers questions, not a file: communes are asked one by one, within its limits. Only
counts are kept: neither names nor directors are asked for. Written from the documented answers.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from territoires.communes import Register
from territoires.errors import SourceUnavailable
from territoires.indicators import format_number
from territoires.sources.cells import measures_table, numbers
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, by_hand
from territoires.sources.fetching import Client
from territoires.sources.opening import OpenedTable
from territoires.sources.present_codes import arrondissements

API = "https://recherche-entreprises.api.gouv.fr/search"
_PAGE = 25
_MOST_PLACES = 100  # establishments of one unit: 10 when not asked for
_QUESTION = (
    "est_ess=true&etat_administratif=A&minimal=true&include=matching_etablissements"
    f"&per_page={_PAGE}&limite_matching_etablissements={_MOST_PLACES}"
)
_SECONDS_BETWEEN = 0.2  # 7 questions a second are allowed: 5 leave room for others
_LARGEST = 10_000
_HEADING = ("code_commune", "etablissements_ess", "annee")
_TOLD_EVERY = 500


def _collect(client: Client, bench: Workbench, path: Path) -> None:
    """Ask for every commune; a count that was interrupted is gone on with, not begun again.

    The file bears its name once it is whole: a later count begins anew.
    """
    unfinished = path.with_name(f"{path.name}.partiel")
    codes = _asked(bench.register)
    counts = _already(unfinished)
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADING)
        writer.writerows((code, count, bench.register.cog) for code, count in counts.items())
        for code in codes:
            if code in counts:
                continue
            counts[code] = str(_count(client, code))
            writer.writerow((code, counts[code], bench.register.cog))
            file.flush()
            if len(counts) % _TOLD_EVERY == 0:
                done, whole = format_number(len(counts)), format_number(len(codes))
                client.tell(f"  {done} communes sur {whole}")
    unfinished.replace(path)


def _asked(register: Register) -> list[str]:
    """Return the codes that Sirene writes: arrondissements for Paris, Lyon and Marseille."""
    parts = arrondissements(register)
    cities = set(parts.values())
    return [*(code for code in register.communes.index if code not in cities), *parts]


def _already(path: Path) -> dict[str, str]:
    """Return what an interrupted count had; its last row may be cut."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == len(_HEADING)]
    return {code: count for code, count, year in rows[1:] if len(year) == len("2026")}


def _count(client: Client, code: str) -> int:
    """Count establishments: the service finds legal units, whose seats may be elsewhere."""
    return sum(
        1
        for unit in _units(client, code)
        for place in unit.get("matching_etablissements", [])
        if place.get("commune") == code and place.get("etat_administratif", "A") == "A"
    )


def _units(client: Client, code: str) -> Iterator[dict[str, Any]]:
    page, pages = 1, 1
    while page <= pages:
        answer = client.get_json(f"{API}?code_commune={code}&{_QUESTION}&page={page}")
        total = int(answer.get("total_results", 0))
        if total >= _LARGEST:
            message = (
                f"{API} : {code} a {total} réponses ou plus, que le service ne donne pas toutes."
            )
            raise SourceUnavailable(message)
        pages = -(-total // _PAGE)
        yield from answer.get("results", [])
        page += 1
        time.sleep(_SECONDS_BETWEEN)


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    rows = file.frame(list(_HEADING))
    cells = numbers(rows["etablissements_ess"], where=f"{file.name}, etablissements_ess")
    return Reading(
        vintage=str(rows["annee"].max()),
        cog_year=min(int(rows["annee"].max()), bench.register.cog),
        measures=measures_table(rows["code_commune"], {"etablissements_ess": cells}),
        complete=is_whole(rows["code_commune"]),
        rows=file.rows,
    )


SOURCE = Source(
    code="recherche_entreprises_ess",
    label="Établissements de l'économie sociale et solidaire (Recherche d'entreprises)",
    producer="DINUM, Insee (Sirene)",
    licence="Licence Ouverte 2.0",
    page_url="https://recherche-entreprises.api.gouv.fr/docs/",
    locate=by_hand("https://recherche-entreprises.api.gouv.fr/docs/"),
    collect=_collect,
    read=_read,
    layouts=(Layout("CSV compté par commune", "csv", _HEADING),),
    measures=(Measure("etablissements_ess"),),
    verified=False,
    gaps=(
        "Établissements dont l'unité est marquée ESS dans Sirene : les associations sans salarié "
        "ni activité déclarée y manquent.",
        "Unités non diffusibles absentes.",
    ),
)
