"""Communes: our offline engine against addok, on the rows of ``bench geocodage``, fewer of them."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from bench.geocodage import lists, rows
from bench.geocodage.rows import Trial
from bench.geocodage_addok.asking import addok_alone
from territoires.geocoding import Gazetteer, geocode_table
from territoires.geocoding.toponyms import departement_of
from territoires.tables import TypedTable

ROWS = 500  # of each list: addok answers some hundreds a second


def compare(gazetteer: Gazetteer, url: str) -> None:
    """Print right, wrong for sure, and rows per second, of both."""
    print(f"{'':58}{'nous : juste':>14}{'faux sûr':>10}{'lignes/s':>10}", end="")
    print(f"{'addok : juste':>16}{'faux':>8}{'lignes/s':>10}")
    for trial in _trials(gazetteer):
        begin = time.perf_counter()
        ours = geocode_table(TypedTable(trial.cells, "utf-8", ","), gazetteer)
        took = time.perf_counter() - begin
        truth = trial.truth.to_numpy(object)
        sure = (ours["geo_statut"] == "sur").to_numpy(bool)
        right = _judged(ours["geo_code_commune"], trial) == truth
        columns = {"cp": trial.postcodes, "ville": trial.towns}
        codes, their_seconds = addok_communes(columns, gazetteer, url)
        theirs = _judged(codes, trial)
        wrong = (theirs != truth) & (theirs != "")
        print(
            f"{f'{trial.group}, {trial.name}'[:57]:58}{right.mean():>14.2%}"
            f"{(sure & ~right).mean():>10.2%}{len(truth) / took:>10,.0f}"
            f"{(theirs == truth).mean():>16.2%}{wrong.mean():>8.2%}"
            f"{len(truth) / their_seconds:>10,.0f}"
        )


def addok_communes(
    columns: Mapping[str, Sequence[str]], gazetteer: Gazetteer, url: str
) -> tuple[pd.Series, float]:
    """Place rows in their communes by addok, taken at its word.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Those that make the address, in order: ``{"cp": …, "ville": …}``.
    gazetteer : Gazetteer
        To bring the code of an arrondissement to its commune.
    url : str
        Of the engine.

    Returns
    -------
    codes : pd.Series of str
        ``""`` where addok finds nothing.
    seconds : float
        What it took, network on loopback included.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    begin = time.perf_counter()
    answer = addok_alone(stream.getvalue().encode(), list(columns), url)
    took = time.perf_counter() - begin
    known = {
        code: toponym.communes[0]
        for code in answer["result_citycode"].dropna().unique()
        if (toponym := gazetteer.by_code(code)) and toponym.communes
    }
    return answer["result_citycode"].map(known).fillna(""), took


def _trials(gazetteer: Gazetteer) -> Iterator[Trial]:
    """Yield the lists that have postcodes and names, their first rows only."""
    for trial in (*rows.trials(gazetteer.register), *lists.trials(gazetteer)):
        if trial.towns:
            yield Trial(
                trial.group,
                trial.name,
                trial.cells.head(ROWS),
                trial.truth.head(ROWS),
                trial.judged_on,
                list(trial.postcodes)[:ROWS],
                list(trial.towns)[:ROWS],
            )


def _judged(codes: pd.Series, trial: Trial) -> object:
    if trial.judged_on == "departement":
        codes = codes.map(lambda code: departement_of(code) if code else "")
    return codes.to_numpy(object)
