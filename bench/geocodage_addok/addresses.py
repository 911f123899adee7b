"""Addresses: right, wrong, to check, by kind of row; and what each pair of thresholds accepts."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from bench.geocodage_addok.asking import addok_alone, service
from bench.geocodage_addok.cases import KINDS, Case, as_csv, is_right
from territoires.geocoding import Gazetteer, geocode_table
from territoires.geocoding.service import Found, Question, ServiceRules, refine
from territoires.geocoding.service.streets import another_way, likeness
from territoires.tables import read_table


def compare(rows: list[Case], gazetteer: Gazetteer, url: str, rules: ServiceRules) -> None:
    """Print right and wrong, by kind of row, and rows per second, of both."""
    content = as_csv(rows)
    begin = time.perf_counter()
    table = read_table(content, "banc.csv", limit_bytes=100_000_000)
    refined = refine(geocode_table(table, gazetteer), gazetteer, service(url, rules), rules)
    ours_seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    theirs = addok_alone(content, ("adresse", "cp", "ville"), url)
    theirs_seconds = time.perf_counter() - begin
    ours = refined.frame
    print(f"{'':28}{'nous : juste':>14}{'faux':>6}{'à vérif.':>9}{'commune':>9}", end="")
    print(f"{'addok : juste':>16}{'faux':>6}{'rien':>6}")
    for kind in KINDS:
        at = [number for number, case in enumerate(rows) if case.kind == kind]
        print(f"{kind:28}{_ours(rows, ours, at)}{_theirs(rows, theirs, at)}")
    wrong = [
        number
        for number, case in enumerate(rows)
        if not commune_agrees(case, ours["geo_code_commune"].iloc[number])
    ]
    print(f"commune fausse parmi les nôtres : {len(wrong)}")
    print(f"nous {len(rows) / ours_seconds:.0f} lignes/s, addok {len(rows) / theirs_seconds:.0f}")


def commune_agrees(case: Case, code: str) -> bool:
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


def thresholds(rows: list[Case], url: str, rules: ServiceRules) -> None:
    """Print, for each pair of thresholds, the rows accepted, and the wrong ones among them."""
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
