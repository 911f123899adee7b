"""Offline geocoding: rows per second and accuracy, against a pandas merge in the same run.

Run with ``python -m bench geocodage``; ``python -m bench.geocodage --seuils`` prints instead the
measurement behind ``data/geocodage/seuils.toml``. The process is kept on one core where the system
allows it.

- Clean rows are drawn, with replacement, from the register: each commune under its official name
  and one of its postcodes; the addresses are all different. Its point is its mairie: one in four
  hundred stands in the next commune, or seems to, for boundaries are simplified.
- Noisy rows have one letter of their name changed, lost, added or swapped with the next.
- The peer is what a careful analyst writes in ten lines: names upper-cased, accents and
  punctuation stripped, ``SAINT`` spelt out, then ``merge`` on name and postcode. Its reference
  table is normalised before anything is timed, as our gazetteer is built before.
- The list of France services, when the official samples are beside the checkout, is judged on the
  commune code that it gives itself.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from territoires.communes import Register, load_register
from territoires.geocoding import NOT_FOUND, SURE, Evidence, Gazetteer, decide, geocode_table
from territoires.geocoding.normalise import read_town
from territoires.geocoding.toponyms import Kind
from territoires.settings import shipped_data_dir
from territoires.tables import TypedTable, read_table_file

ROWS = 100_000
ROUNDS = 3
SEED = 20260101
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SAMPLE = Path("shared") / "samples" / "france-services" / "liste-fs-20240801.csv"


def typo(name: str, chance: random.Random) -> str:
    """Change one letter, as a hand does."""
    at = chance.randrange(len(name))
    kind = chance.choice(("change", "perte", "ajout", "interversion"))
    if kind == "change":
        return name[:at] + chance.choice(LETTERS) + name[at + 1 :]
    if kind == "perte":
        return name[:at] + name[at + 1 :]
    if kind == "ajout":
        return name[:at] + chance.choice(LETTERS) + name[at:]
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


def draw(register: Register) -> pd.DataFrame:
    """Draw the clean rows: truth, name, postcode, département, point."""
    communes = register.communes[register.communes["codes_postaux"].fillna("") != ""]
    rows = communes.sample(ROWS, replace=True, random_state=SEED).reset_index()
    chance = random.Random(SEED)
    rows["cp"] = [chance.choice(codes.split(";")) for codes in rows["codes_postaux"]]
    rows["faute"] = [typo(name, chance) for name in rows["nom"]]
    return rows


def layouts(rows: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Arrange the same rows in the ways that lists are arranged."""
    cp, nom, dep = rows["cp"].tolist(), rows["nom"].tolist(), rows["code_departement"].tolist()
    lines = [f"{i} rue des Lilas {p} {n}" for i, (p, n) in enumerate(zip(cp, nom, strict=True))]
    point = {
        "longitude": [f"{value:.6f}" for value in rows["longitude"]],
        "latitude": [f"{value:.6f}" for value in rows["latitude"]],
    }
    code = {"code_insee": rows["code_commune"].tolist()}
    return {
        "code": code,
        "code postal et nom": {"cp": cp, "ville": nom},
        "code, code postal et nom": {**code, "cp": cp, "ville": nom},
        "département et nom": {"dep": dep, "ville": nom},
        "adresse sur une ligne": {"adresse": lines},
        "coordonnées": point,
        "code, code postal, nom, coordonnées": {**code, "cp": cp, "ville": nom, **point},
        "code postal et nom, une faute": {"cp": cp, "ville": rows["faute"].tolist()},
        "département et nom, une faute": {"dep": dep, "ville": rows["faute"].tolist()},
    }


def merge_key(names: pd.Series) -> pd.Series:
    """Normalise names as the peer does."""
    upper = names.str.upper().str.replace("Œ", "OE", regex=False)
    ascii_only = upper.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    words = ascii_only.str.replace(r"[^A-Z0-9]+", " ", regex=True).str.strip()
    saints = words.str.replace(r"\bST\b", "SAINT", regex=True)
    return saints.str.replace(r"\bSTE\b", "SAINTE", regex=True)


class Peer:
    """``merge`` on normalised name and postcode."""

    def __init__(self, register: Register) -> None:
        known = register.communes[["nom", "codes_postaux"]].reset_index()
        known["cp"] = known["codes_postaux"].str.split(";")
        known = known.explode("cp")
        known["cle"] = merge_key(known["nom"])
        self.known = known[["cle", "cp", "code_commune"]].drop_duplicates(["cle", "cp"], keep=False)

    def geocode(self, cp: list[str], names: list[str]) -> pd.Series:
        """Return one code per row, NaN when there is none."""
        rows = pd.DataFrame({"cp": cp, "cle": merge_key(pd.Series(names, dtype="str"))})
        return rows.merge(self.known, how="left", on=["cle", "cp"])["code_commune"]


def seconds(task: Callable[[], object]) -> float:
    """Median duration over the rounds, after one for warmth."""
    task()
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        task()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def judged(codes: pd.Series, sure: pd.Series, truth: pd.Series) -> str:
    """Tell right, sure, wrong among sure."""
    right = codes.to_numpy(object) == truth.to_numpy(object)
    wrong = int((~right & sure.to_numpy(bool)).sum())
    share = wrong / max(1, int(sure.sum()))
    return (
        f"justes {right.mean():8.3%}  sûres {sure.mean():8.3%}  fausses parmi les sûres {wrong} "
        f"({share:.4%})"
    )


def spaced(speed: float) -> str:
    return f"{speed:9,.0f}".replace(",", " ")


def as_table(columns: dict[str, list[str]] | pd.DataFrame) -> TypedTable:
    return TypedTable(pd.DataFrame(columns, dtype="str"), "utf-8", ",")


def measure_rows(gazetteer: Gazetteer, peer: Peer) -> None:
    rows = draw(gazetteer.register)
    truth = rows["code_commune"]
    for name, columns in layouts(rows).items():
        table = as_table(columns)
        placed = geocode_table(table, gazetteer)
        speed = ROWS / seconds(lambda table=table: geocode_table(table, gazetteer))
        told = judged(placed["geo_code_commune"], placed["geo_statut"] == SURE, truth)
        print(f"  {name:38s} {spaced(speed)} lignes/s  {told}")
    for name, column in (("nom", "nom"), ("nom, une faute", "faute")):
        cp, names = rows["cp"].tolist(), rows[column].tolist()
        codes = peer.geocode(cp, names)
        speed = ROWS / seconds(lambda cp=cp, names=names: peer.geocode(cp, names))
        told = judged(codes, codes.notna(), truth)
        print(f"  pair, code postal et {name:17s} {spaced(speed)} lignes/s  {told}")


def measure_france_services(path: Path, gazetteer: Gazetteer, peer: Peer) -> None:
    frame = read_table_file(path, 20_000_000).frame
    truth = frame["insee_com"].map(lambda code: decide(Evidence(code=code), gazetteer).code)
    frame, truth = frame[truth != ""].reset_index(drop=True), truth[truth != ""]
    cells = frame[["adresse", "code_postal", "lib_com"]]
    arrangements = {
        "adresse, code postal, nom": cells,
        "adresse sur une ligne": cells.agg(" ".join, axis=1).to_frame("adresse"),
        "tout sauf le code": frame.drop(columns="insee_com"),
        "coordonnées": frame[["longitude", "latitude"]],
    }
    print(f"France services, {len(frame)} lignes")
    for name, columns in arrangements.items():
        placed = geocode_table(as_table(columns), gazetteer)
        lost = (placed["geo_statut"] == NOT_FOUND).mean()
        told = judged(placed["geo_code_commune"], placed["geo_statut"] == SURE, truth)
        print(f"  {name:38s} {told}  non trouvées {lost:.3%}")
    codes = peer.geocode(frame["code_postal"].tolist(), frame["lib_com"].tolist())
    print(f"  {'pair, code postal et nom':38s} {judged(codes, codes.notna(), truth)}")


def measure_thresholds(gazetteer: Gazetteer) -> None:
    """Print, by threshold and margin, what would be accepted and what of it would be wrong."""
    communes = [
        toponym
        for toponym in gazetteer.toponyms
        if toponym.kind is Kind.COMMUNE and toponym.postcodes
    ]
    for scope in ("code postal", "département"):
        for typos in (1, 2):
            likeness = _likenesses(communes, scope, typos, gazetteer)
            print(f"{scope}, {typos} faute(s), {len(likeness)} noms mal écrits")
            for limit in (0.7, 0.75, 0.8, 0.85, 0.9):
                for margin in (0.0, 0.1, 0.2):
                    kept = likeness[(likeness[:, 0] >= limit) & (likeness[:, 1] >= margin)]
                    wrong = int((kept[:, 2] == 0).sum())
                    print(
                        f"  ressemblance {limit:.2f}, marge {margin:.1f} : acceptés "
                        f"{len(kept) / len(likeness):.2%}, faux {wrong / max(1, len(kept)):.3%}"
                    )


def _likenesses(communes: list, scope: str, typos: int, gazetteer: Gazetteer) -> np.ndarray:
    chance = random.Random(SEED + typos)
    rows = []
    for toponym in chance.sample(communes, 15_000):
        name = toponym.nom
        for _ in range(typos):
            name = typo(name, chance)
        index = (
            gazetteer.in_postcode(chance.choice(toponym.postcodes))
            if scope == "code postal"
            else gazetteer.in_departement(toponym.departements[0])
        )
        town = read_town(name)
        if index.spelt(town):
            continue
        found = index.alike(town, 0.5)
        right = found is not None and {c for t in found.alive for c in t.communes} == {toponym.code}
        rows.append((found.likeness, found.margin, right) if found else (0.0, 0.0, False))
    return np.array(rows, dtype=float)


@contextmanager
def one_core() -> Iterator[None]:
    """Keep the process on one core, where the system allows it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def main() -> None:
    with one_core():
        measure()


def measure() -> None:
    register = load_register(shipped_data_dir())
    start = time.perf_counter()
    gazetteer = Gazetteer.from_register(register)
    built = time.perf_counter() - start
    print(f"index des noms : {len(gazetteer.toponyms)} noms, construit en {built:.2f} s")
    if "--seuils" in sys.argv[1:]:
        measure_thresholds(gazetteer)
        return
    register.locate([2.35], [48.85])  # both answers are judged with the outlines already decoded
    peer = Peer(register)
    print(f"{ROWS} lignes tirées du registre, médiane de {ROUNDS}, un cœur")
    measure_rows(gazetteer, peer)
    sample = Path(__file__).resolve().parents[2] / SAMPLE
    if sample.is_file():
        measure_france_services(sample, gazetteer, peer)
    else:
        print("France services : échantillon absent")


if __name__ == "__main__":
    main()
