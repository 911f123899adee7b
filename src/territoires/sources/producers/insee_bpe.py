"""Facilities by commune (BPE): the services of every day, counted under codes that change.

Columns come in another order each year: they are read by name. A commune without a row has none of
it, provided the file is the whole one.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import numbers
from territoires.sources.country import is_whole
from territoires.sources.declaration import Measure, Reading, Source, Workbench
from territoires.sources.insee import LICENCE, only_latest
from territoires.sources.melodi import HOSTS, melodi, melodi_layout
from territoires.sources.opening import OpenedTable

_SERVICES: dict[str, tuple[str, ...]] = {
    "equip_medecin_generaliste": ("D201", "D265"),
    "equip_pharmacie": ("D301", "D307"),
    "equip_ecole": ("C101", "C104", "C107", "C108", "C109"),
    "equip_boulangerie": ("B203", "B207"),
    "equip_commerce_alimentaire": ("B101", "B102", "B104", "B105", "B201", "B202"),
    "equip_poste": ("A206", "A207", "A208"),
    "equip_banque": ("A203",),
    "equip_creche": ("D502",),
}
"""Codes of each service over the vintages: a code that was replaced no longer occurs."""

SERVICE_OF_CODE = {code: service for service, codes in _SERVICES.items() for code in codes}
_KEPT = {
    "GEO_OBJECT": ("COM", "ARM"),
    "BPE_MEASURE": ("FACILITIES",),
    "FACILITY_TYPE": (*SERVICE_OF_CODE, "_T"),
}
_KEYS = ["GEO", "TIME_PERIOD", "service"]


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    vintage, rows = only_latest(_counts(file), file.name)
    complete = is_whole(rows["GEO"])
    services = rows[rows["service"].notna()]
    if complete:
        _check_codes(services, file.name)
    measures = pd.DataFrame(
        {
            "code_commune": services["GEO"].to_numpy(),
            "code_mesure": services["service"].to_numpy(),
            "valeur": services["nombre"].to_numpy(dtype=float),
            "statut": "publie",
        }
    )
    return Reading(
        vintage=vintage,
        cog_year=int(vintage) + 1,
        measures=measures,
        complete=complete,
        rows=file.rows,
        notes=() if complete else ("Extrait : une commune absente n'est pas comptée à zéro.",),
    )


def _counts(file: OpenedTable) -> pd.DataFrame:
    """Sum by commune and service, piece by piece: the file has millions of rows."""
    pieces = [
        _summed(
            batch.assign(
                service=batch["FACILITY_TYPE"].map(SERVICE_OF_CODE),
                nombre=_counted(batch["OBS_VALUE"], file.name),
            )
        )
        for batch in file.batches(["GEO", "FACILITY_TYPE", "TIME_PERIOD", "OBS_VALUE"], keep=_KEPT)
    ]
    columns = [*_KEYS, "nombre"]
    return _summed(pd.concat(pieces)) if pieces else pd.DataFrame(columns=columns, dtype="str")


def _counted(values: pd.Series, where: str) -> pd.Series:
    """Read counts: every row has one, and the quick way says nothing of the cell it trips on."""
    try:
        return values.astype("float64[pyarrow]")
    except (pa.ArrowException, ValueError):
        return numbers(values, secret=(), unavailable=(), where=f"{where}, OBS_VALUE")[0]


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Add up; the subtotals keep their communes in the table, without a service."""
    return rows.groupby(_KEYS, dropna=False, sort=False)["nombre"].sum().reset_index()


def _check_codes(services: pd.DataFrame, where: str) -> None:
    absent = sorted(set(_SERVICES) - set(services["service"].unique()))
    if absent:
        codes = ", ".join(code for service in absent for code in _SERVICES[service])
        message = (
            f"{where} : aucune ligne pour {', '.join(absent)} (codes {codes}). La nomenclature des "
            "équipements a changé : complétez la table des codes."
        )
        raise UnexpectedFormat(message)


SOURCE = Source(
    code="insee_bpe",
    label="Base permanente des équipements",
    producer="Insee",
    licence=LICENCE,
    page_url="https://www.insee.fr/fr/statistiques/8217527",
    locate=melodi("DS_BPE"),
    hosts=HOSTS,
    read=_read,
    layouts=(melodi_layout("FACILITY_TYPE", "BPE_MEASURE"),),
    measures=tuple(Measure(service, absent_is_zero=True) for service in _SERVICES),
    gaps=(
        "Équipement présent ne dit ni ses horaires, ni sa capacité, ni son accès.",
        "Services dont le code n’a pas changé de sens entre 2021 et 2025 seulement.",
    ),
)
