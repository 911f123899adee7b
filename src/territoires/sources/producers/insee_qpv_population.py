"""Inhabitants of the priority neighbourhoods of 2024, neighbourhood by neighbourhood.

Insee publishes them apart from the list of the neighbourhoods, without the communes' share in one
that lies in several. The form below is described by a public user of the file; no real file has
been read yet.
"""

from __future__ import annotations

import re

import pandas as pd

from territoires.sources.cells import no_measures, numbers
from territoires.sources.declaration import Layout, Reading, Source, Workbench, by_hand
from territoires.sources.insee import LICENCE
from territoires.sources.opening import OpenedTable
from territoires.sources.qpv_codes import check_qpv_codes

_CODE, _PEOPLE = r"(?i)code_?qpv?", r"(?i)pop_?muni?_?qpv?"
_PAGE = "https://www.insee.fr/fr/statistiques/8243167?sommaire=8186144"
_COG_YEAR = 2024
_WHOLE_LIST = 1_300


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    code, people = file.column(_CODE), file.column(_PEOPLE)
    rows = file.frame([code, people]).drop_duplicates(code)
    check_qpv_codes(rows[code].astype("str"), file.name)
    population, _status = numbers(
        rows[people], secret=("s", "ns"), unavailable=("nd", "n/d", "NA", ""),
        where=f"{file.name}, {people}",
    )  # fmt: skip
    year = re.search(r"20\d\d", file.path.name)
    table = pd.DataFrame(
        {
            "code_qp": rows[code].astype("str").to_numpy(),
            "population": population.to_numpy(),
            "annee": year[0] if year else "",
        }
    )
    return Reading(
        vintage=year[0] if year else "non dit par le fichier",
        cog_year=_COG_YEAR,
        measures=no_measures(),
        complete=len(table) >= _WHOLE_LIST,
        rows=file.rows,
        references={"qpv_population": table},
        notes=_notes(population),
    )


def _notes(population: pd.Series) -> tuple[str, ...]:
    unknown = int(population.isna().sum())
    return (f"{unknown} quartiers sans population publiée.",) if unknown else ()


SOURCE = Source(
    code="insee_qpv_population",
    label="Population des quartiers prioritaires (QPV) 2024",
    producer="Insee",
    licence=LICENCE,
    page_url=_PAGE,
    locate=by_hand(_PAGE),
    read=_read,
    layouts=(
        Layout("CSV (une ligne par quartier)", "csv", (_CODE, _PEOPLE), without=("insee_com",)),
        Layout("Classeur (une ligne par quartier)", "xlsx", (_CODE, _PEOPLE)),
    ),
    references=("qpv_population",),
    verified=False,
    gaps=("La population d’un quartier sur plusieurs communes n’est pas répartie entre elles.",),
)
