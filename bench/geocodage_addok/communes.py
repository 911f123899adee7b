"""Communes: our offline engine against addok, on the register and on France services."""

from __future__ import annotations

import csv
import io
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.geocodage_addok.asking import addok_alone
from bench.geocodage_addok.cases import SEED, typo
from territoires.geocoding import Gazetteer, geocode_table
from territoires.tables import TypedTable, read_table_file

ROWS = 1500
SAMPLE = Path("shared") / "samples" / "france-services" / "liste-fs-20240801.csv"


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


def compare(gazetteer: Gazetteer, url: str) -> None:
    """Print right, wrong, to check and rows per second of both, on the same rows."""
    print(f"{'':32}{'nous : juste':>14}{'faux sûr':>10}{'lignes/s':>10}", end="")
    print(f"{'addok : juste':>16}{'faux':>7}{'lignes/s':>10}")
    for name, (columns, truth) in _lists(gazetteer).items():
        begin = time.perf_counter()
        table = TypedTable(pd.DataFrame(columns, dtype="str"), "utf-8", ",")
        ours = geocode_table(table, gazetteer)
        took = time.perf_counter() - begin
        sure = (ours["geo_statut"] == "sur").to_numpy(bool)
        right = ours["geo_code_commune"].to_numpy(object) == truth
        codes, their_seconds = addok_communes(columns, gazetteer, url)
        theirs = codes.to_numpy(object)
        lost = (theirs != truth) & (theirs != "")
        print(
            f"{name:32}{right.mean():>14.2%}{(sure & ~right).mean():>10.2%}"
            f"{len(truth) / took:>10,.0f}{(theirs == truth).mean():>16.2%}{lost.mean():>7.2%}"
            f"{len(truth) / their_seconds:>10,.0f}"
        )


def _lists(gazetteer: Gazetteer) -> dict[str, tuple[dict[str, list[str]], np.ndarray]]:
    communes = gazetteer.register.communes
    known = communes[communes["codes_postaux"].fillna("") != ""]
    rows = known.sample(ROWS, random_state=SEED)
    chance = random.Random(SEED)
    names, truth = rows["nom"].tolist(), rows.index.to_numpy(object)
    postcodes = [chance.choice(codes.split(";")) for codes in rows["codes_postaux"]]
    wrong = [typo(name, chance) for name in names]
    bare = pd.Series(names).str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    lists = {
        "code postal et nom": ({"cp": postcodes, "ville": names}, truth),
        "… sans accents, en capitales": (
            {"cp": postcodes, "ville": bare.str.upper().tolist()},
            truth,
        ),
        "… à une faute": ({"cp": postcodes, "ville": wrong}, truth),
        "nom seul": ({"ville": names}, truth),
    }
    sample = Path(__file__).resolve().parents[3] / SAMPLE
    if sample.is_file():
        frame = read_table_file(sample, 10_000_000).frame
        columns = {"adresse": "adresse", "code_postal": "code_postal", "ville": "lib_com"}
        cells = {name: frame[column].tolist() for name, column in columns.items()}
        lists["France services"] = (cells, frame["insee_com"].to_numpy(object))
    return lists
