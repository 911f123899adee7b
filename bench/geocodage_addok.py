"""Addresses: our way of asking a service, against the service taken at its word, on the same rows.

Run with ``python -m bench geocodage_addok``; ``python -m bench.geocodage_addok --seuils`` prints
instead the measurement behind ``data/geocodage/service.toml``. Needs Redis and addok
(``tests/addok``): an engine of the family of the national service, loaded with every commune and
with streets made for the purpose, so that the truth of each row is known.

- The peer is addok itself, as it is used by hand: the file is sent whole, columns ``adresse``,
  ``cp``, ``ville``, and each row that comes back with coordinates is taken.
- Ours is the command: offline commune first, then the cleaned address, asked within that commune,
  and judged.
- A row is right when its street (and its number, where the street has it) is the one meant; wrong
  when another one is given for sure. Rows of a kind "voie absente" name a street that the commune
  does not have: any street given for sure is wrong.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import requests
from tests.addok import MadeAddress, made_addresses, missing, running_engine, write_documents

from bench.geocodage import typo
from territoires.communes import Register, load_register
from territoires.geocoding import Gazetteer, geocode_table
from territoires.geocoding.service import Found, Question, ServiceRules, load_service_rules, refine
from territoires.geocoding.service.streets import another_way, likeness
from territoires.settings import shipped_data_dir
from territoires.sources.fetching import Limits, Poster
from territoires.sources.geoplateforme import NationalService
from territoires.sources.geoplateforme.service import SEARCH
from territoires.tables import read_table

ROWS = 250  # of each kind
SEED = 20261127
SHORT = {
    "Avenue": "av.", "Boulevard": "bd", "Chemin": "ch.", "Impasse": "imp.", "Route": "rte",
    "Place": "pl.", "Allée": "all.", "Saint": "St", "Sainte": "Ste", "Général": "Gal",
    "Docteur": "Dr",
}  # fmt: skip
NOWHERE = ("de la Baleine Bleue", "Anatole Quelconque", "du Télésiège", "des Kangourous")


@dataclass(frozen=True)
class Case:
    """A row, and what it means."""

    kind: str
    address: str
    postcode: str
    town: str
    truth: MadeAddress | None


def cases(register: Register) -> list[Case]:
    """Make the rows: every kind from other addresses."""
    chance = random.Random(SEED)
    made = made_addresses(register)
    houses = [each for each in made if each.kind == "housenumber"]
    streets = {(each.commune, each.street): each for each in made if each.kind == "street"}
    rows: list[Case] = []
    for kind, spoil in _KINDS.items():
        for each in chance.sample(houses, ROWS):
            line = spoil(each, chance)
            away = kind in ("voie absente", "autre sorte de voie")
            if away and (each.commune, line.partition(" ")[2]) in streets:
                continue
            meant = streets[each.commune, each.street] if kind == "numéro absent" else each
            truth = None if away else meant
            rows.append(Case(kind, line, each.postcode, each.city, truth))
    return rows


def _shortened(each: MadeAddress, _chance: random.Random) -> str:
    return " ".join(SHORT.get(word, word) for word in each.first_line.split())


def _dressed(each: MadeAddress, chance: random.Random) -> str:
    before = chance.choice(("Maison des associations, ", "Bât. B, ", "2e étage, "))
    return f"{before}{each.first_line}, BP {chance.randrange(10, 999)}"


def _misspelt(each: MadeAddress, chance: random.Random) -> str:
    kind, _, name = each.street.partition(" ")
    return f"{each.number} {kind} {typo(name, chance)}"


def _other_kind(each: MadeAddress, chance: random.Random) -> str:
    kinds = [kind for kind in ("Rue", "Avenue", "Place", "Chemin") if kind not in each.street]
    return f"{each.number} {chance.choice(kinds)} {each.street.partition(' ')[2]}"


_KINDS: dict[str, Callable[[MadeAddress, random.Random], str]] = {
    "juste": lambda each, _chance: each.first_line,
    "sans accents, en capitales": lambda each, _chance: _bare(each.first_line),
    "abrégée": _shortened,
    "avec bâtiment et BP": _dressed,
    "une faute": _misspelt,
    "numéro absent": lambda each, _chance: f"{int(each.number) + 200} {each.street}",
    "autre sorte de voie": _other_kind,
    "voie absente": lambda each, chance: f"{each.number} Rue {chance.choice(NOWHERE)}",
}


def _bare(text: str) -> str:
    folded = pd.Series([text]).str.normalize("NFKD").str.encode("ascii", "ignore")
    return str(folded.str.decode("ascii").iloc[0]).upper()


def is_right(case: Case, longitude: float, latitude: float) -> bool:
    """Whether a point is that of the address meant, or of its street when it has no such number."""
    return (
        case.truth is not None
        and abs(longitude - case.truth.longitude) < 1e-5
        and abs(latitude - case.truth.latitude) < 1e-5
    )


def main() -> None:
    """Run the engine, then the comparison or the thresholds."""
    if reason := missing():
        print(f"sauté : {reason}")
        return
    register = load_register(shipped_data_dir())
    rules = load_service_rules(shipped_data_dir())
    rows = cases(register)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_engine(Path(folder), lambda path: write_documents(path, register)) as engine,
    ):
        print(f"addok chargé en {engine.loading_seconds:.0f} s ; {len(rows)} lignes")
        if "--seuils" in sys.argv[1:]:
            thresholds(rows, register, engine.url, rules)
        else:
            compare(rows, register, engine.url, rules)


def compare(rows: list[Case], register: Register, url: str, rules: ServiceRules) -> None:
    """Print right and wrong, by kind of row, and rows per second, of both."""
    gazetteer = Gazetteer.from_register(register)
    register.locate([2.35], [48.85])  # outlines decoded before anything is timed
    content = as_csv(rows)
    begin = time.perf_counter()
    table = read_table(content, "banc.csv", limit_bytes=100_000_000)
    refined = refine(geocode_table(table, gazetteer), gazetteer, service(url, rules), rules)
    ours_seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    theirs = addok_alone(content, url)
    theirs_seconds = time.perf_counter() - begin
    ours = refined.frame
    print(f"{'':28}{'nous : juste':>14}{'faux':>6}{'à vérif.':>9}{'commune':>9}", end="")
    print(f"{'addok : juste':>16}{'faux':>6}{'rien':>6}")
    for kind in _KINDS:
        at = [number for number, case in enumerate(rows) if case.kind == kind]
        print(f"{kind:28}{_ours(rows, ours, at)}{_theirs(rows, theirs, at)}")
    wrong = [
        number
        for number, case in enumerate(rows)
        if not register_agrees(case, ours["geo_code_commune"].iloc[number])
    ]
    print(f"commune fausse parmi les nôtres : {len(wrong)}")
    print(f"nous {len(rows) / ours_seconds:.0f} lignes/s, addok {len(rows) / theirs_seconds:.0f}")


def register_agrees(case: Case, code: str) -> bool:
    """Whether a commune is that of the row, or none is said."""
    return not code or case.truth is None or code == case.truth.commune


def _ours(rows: list[Case], placed: pd.DataFrame, at: list[int]) -> str:
    counts = dict.fromkeys(("juste", "faux", "vérifier", "commune"), 0)
    for number in at:
        cells = placed.iloc[number]
        if cells["geo_methode"] != "ban":
            counts["commune"] += 1
        elif cells["geo_statut"] != "sur":
            counts["vérifier"] += 1
        else:
            right = is_right(rows[number], cells["geo_longitude"], cells["geo_latitude"])
            counts["juste" if right else "faux"] += 1
    juste, faux, verifier, commune = (_share(count, at) for count in counts.values())
    return f"{juste:>14}{faux:>6}{verifier:>9}{commune:>9}"


def _theirs(rows: list[Case], answer: pd.DataFrame, at: list[int]) -> str:
    counts = dict.fromkeys(("juste", "faux", "rien"), 0)
    for number in at:
        cells = answer.iloc[number]
        nothing = np.isnan(cells["longitude"]) or cells["result_type"] == "municipality"
        right = is_right(rows[number], cells["longitude"], cells["latitude"])
        counts["rien" if nothing else "juste" if right else "faux"] += 1
    juste, faux, rien = (_share(count, at) for count in counts.values())
    return f"{juste:>16}{faux:>6}{rien:>6}"


def _share(count: int, at: list[int]) -> str:
    return f"{100 * count / len(at):.1f}"


def as_csv(rows: list[Case]) -> bytes:
    """Write the rows as a member would send them."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(("adresse", "cp", "ville"))
    writer.writerows((case.address, case.postcode, case.town) for case in rows)
    return stream.getvalue().encode()


def service(url: str, rules: ServiceRules) -> NationalService:
    """Ask the engine as the command does, without its cache; no pause: the engine is ours."""
    poster = Poster(
        url + SEARCH,
        Limits(silence_seconds=300.0),
        max_bytes=rules.manners.reponse_max_octets,
        tell=print,
        per_second=1000.0,
    )
    return NationalService(poster, rules.manners, None)


def addok_alone(content: bytes, url: str) -> pd.DataFrame:
    """Send the whole file, and read what comes back."""
    form = [("data", ("banc.csv", content, "text/csv"))]
    form += [
        ("columns", (None, name.encode(), "text/plain")) for name in ("adresse", "cp", "ville")
    ]
    answer = requests.post(url + SEARCH, files=form, timeout=600)
    answer.raise_for_status()
    return pd.read_csv(io.BytesIO(answer.content), dtype={"result_citycode": "str"})


def thresholds(rows: list[Case], register: Register, url: str, rules: ServiceRules) -> None:
    """Print, for each pair of thresholds, the rows accepted, and the wrong ones among them."""
    del register
    asked = [
        Question(f"{each.address} {each.postcode} {each.town}", each.truth.citycode)
        if each.truth
        else Question(f"{each.address} {each.postcode} {each.town}", "")
        for each in rows
    ]
    replies = service(url, rules)(asked)
    judged = [
        (case, reply, likeness(question.text, reply.street))
        for case, question, reply in zip(rows, asked, replies, strict=True)
        if isinstance(reply, Found) and not another_way(question.text, reply.street)
    ]
    meant = sum(case.truth is not None for case in rows)
    print("score  ressemblance  acceptées  fausses parmi elles  (voies absentes comprises)")
    for score in (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        for like in (0.0, 0.7, 0.75, 0.8, 0.85, 0.9):
            taken = [
                is_right(case, reply.longitude, reply.latitude)
                for case, reply, alike in judged
                if reply.score >= score and alike >= like
            ]
            wrong = len(taken) - sum(taken)
            share = 100 * wrong / max(1, len(taken))
            print(f"{score:5.2f}  {like:12.2f}  {100 * sum(taken) / meant:8.1f} %  {share:8.2f} %")


if __name__ == "__main__":
    main()
