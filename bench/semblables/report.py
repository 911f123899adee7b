"""What is printed, and what is published: the page, its curve, and the verdict that is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.semblables import curve, page
from bench.semblables.packs import ROOT
from bench.semblables.study import (
    DEFAULT_METHOD,
    METHODS,
    PRINCIPAL,
    UNIVERSES,
    Result,
    decide,
    median_and_range,
)
from territoires.indicators import format_share
from territoires.manifest import write_manifest
from territoires.tables.writing import write_file

PAGE = ROOT / "docs" / "methode" / "semblables.md"
CURVE = ROOT / "docs" / "captures" / "semblables.svg"
VERDICT = ROOT / "data" / "semblables" / "epreuve.toml"
RULE = (
    "Avec chaque jeu de données, parmi les communes des mêmes classes de taille, la ressemblance "
    "doit retrouver plus de communes cachées dans le premier dixième que la population seule "
    "employée au mieux (médiane de vingt tirages), et l'intervalle à 95 % de leur différence, "
    "territoires laissés de côté tour à tour, doit être au-dessus de 0."
)


def show(results: Sequence[Result]) -> None:
    """Print medians and intervals."""
    for result in results:
        print(
            f"\n{result.pack.label} : {result.territories} territoires de communes entières, "
            f"{result.communes} communes ; retrouvées dans le premier dixième, médiane de "
            "vingt tirages [19 sur 20]"
        )
        for universe, where in UNIVERSES.items():
            print(f"  {where} ({result.compared[universe]} comparées)")
            for method, how in METHODS.items():
                middle, low, high = median_and_range(result.recalls(universe, method))
                print(f"    {how} : {middle:.0%} [{low:.0%} à {high:.0%}]")
            more, fewer = result.wins(universe)
            print(f"    ressemblance au-dessus de la population : {more} fois, dessous : {fewer}")
        mean, low, high = result.paired_difference()
        print(
            f"  tour à tour, ressemblance moins population seule : {mean:+.2f} "
            f"[{low:+.2f} à {high:+.2f}]"
        )
    print(f"\nproposée par défaut : {'oui' if decide(results) else 'non'}")


def write(results: Sequence[Result], scales: dict[tuple[str, str], float]) -> None:
    """Write the page, the curve and the verdict, and the digests of the data."""
    PAGE.parent.mkdir(exist_ok=True)
    _write(PAGE, page.text(results, scales, RULE))
    _write(CURVE, curve.draw(results))
    _write(VERDICT, verdict(results, date.today()))
    write_manifest(ROOT / "data")


def verdict(results: Sequence[Result], day: date) -> str:
    """Return the file that the page and ``territoires semblables`` read."""
    lines = [
        "# Ce que vaut le classement par ressemblance : écrit par",
        "# « python -m bench.semblables --ecrire ». Méthode : docs/methode/semblables.md.",
        f"date = {day.isoformat()}",
        f"proposee_par_defaut = {'true' if decide(results) else 'false'}",
        f"regle = {json.dumps(RULE, ensure_ascii=False)}",
        f"phrase = {json.dumps(sentence(results), ensure_ascii=False)}",
    ]
    for result in results:
        for universe in UNIVERSES:
            lines += ["", "[[mesures]]", *_measure(result, universe)]
    return "\n".join(lines) + "\n"


def sentence(results: Sequence[Result]) -> str:
    """Say the result in one or two sentences, to be shown beside the ranking."""
    best = max(_median(one, one.best_population(PRINCIPAL)) for one in results)
    mine = [f"{format_share(_median(one, DEFAULT_METHOD))} ({one.pack.label})" for one in results]
    beaten = "fait mieux" if decide(results) else "ne fait pas sûrement mieux"
    return (
        f"Éprouvé sur {results[0].territories} territoires zéro chômeur faits de communes "
        f"entières, ce classement {beaten} que la population seule : parmi les 10\u00a0% de "
        f"communes les plus semblables, il retrouve {' ou '.join(mine)} des communes cachées, la "
        f"population seule {format_share(best)}. Il dit avec qui comparer, pas où cela marchera."
    )


def _measure(result: Result, universe: str) -> list[str]:
    best = result.best_population(universe)
    figures = {
        "ressemblance": median_and_range(result.recalls(universe, DEFAULT_METHOD)),
        "population_seule": median_and_range(result.recalls(universe, best)),
        "hasard": median_and_range(result.recalls(universe, "hasard")),
    }
    lines = [
        f'donnees = "{result.pack.code}"',
        f'univers = "{universe}"',
        f"territoires = {result.territories}",
        f"communes_comparees = {result.compared[universe]}",
    ]
    for name, (middle, low, high) in figures.items():
        lines += [f"{name} = {middle:.3f}", f"{name}_intervalle = [{low:.3f}, {high:.3f}]"]
    if universe == PRINCIPAL:
        mean, low, high = result.paired_difference()
        lines += [f"difference = {mean:.3f}", f"difference_intervalle = [{low:.3f}, {high:.3f}]"]
    return lines


def _median(result: Result, method: str) -> float:
    return float(np.median(result.recalls(PRINCIPAL, method)))


def _write(path: Path, text: str) -> None:
    write_file(path, text.encode("utf-8"))
    print(f"écrit : {path.relative_to(ROOT)}")
