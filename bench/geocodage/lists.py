"""Real lists, where they are: lycées, France services, a sample of directories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bench.geocodage.rows import Trial
from territoires.errors import SourceUnavailable
from territoires.geocoding import Evidence, Gazetteer, decide
from territoires.sources.indicateurs_lycees import read_lycees
from territoires.sources.packages import default_store
from territoires.tables import read_table_file

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
_LIMIT = 20_000_000


def trials(gazetteer: Gazetteer) -> Iterator[Trial]:
    """Yield what can be read; what cannot is said."""
    try:
        schools = lycees_of_france()
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


def lycees_of_france() -> pd.DataFrame:
    """Return the rows of the list of lycées that say France, as :func:`read_lycees` gives them.

    Raises
    ------
    SourceUnavailable
        The package cannot be had.
    """
    schools = read_lycees(default_store())
    return schools[schools["pays"] == "FR"].reset_index(drop=True)


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
