"""The section of the method that tells how likeness is measured, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.semblables.scales import LARGEST, NEIGHBOURS, SMALLEST
from bench.semblables.study import (
    DEFAULT_METHOD,
    KNOWN_SHARE,
    METHODS,
    PRINCIPAL,
    SEEDS,
    TOP,
    UNIVERSES,
    Result,
    decide,
    median_and_range,
)
from territoires.candidates.alike import LikenessRules
from territoires.indicators import format_number, format_share

TEMPLATE = Path(__file__).with_name("page.md")


def text(results: Sequence[Result], scales: Mapping[tuple[str, str], float], rule: str) -> str:
    """Return the whole section: ``page.md`` with its figures."""
    first, fullest = results[0], results[-1]
    hidden = first.territories - round(first.territories * KNOWN_SHARE)
    return TEMPLATE.read_text("utf-8").format(
        **_choices(fullest),
        scales=_scales(scales),
        neighbours=NEIGHBOURS,
        smallest=format_number(SMALLEST),
        largest=format_number(LARGEST - 1),
        pack=fullest.pack.label,
        territories=first.territories,
        communes=first.communes,
        splits=len(SEEDS),
        last=max(SEEDS),
        top=format_share(TOP),
        rule=rule[:1].lower() + rule[1:],
        tables="\n\n".join(_table(one) for one in results),
        differences="\n".join(_difference(one) for one in results),
        meaning=_meaning(results),
        hidden=hidden,
        one_more=format_share(1 / hidden),
    )


def _choices(result: Result) -> dict[str, str]:
    rules = result.pack.rules
    limits, sizes = rules.thresholds, rules.sizes
    classes = [sizes.told([at]).removesuffix("\u00a0habitants") for at in range(len(sizes.codes))]
    return {
        "min_part": format_share(limits.min_part),
        "min_coverage": format_share(limits.min_coverage),
        "close": format_number(limits.close, 2),
        "far": format_number(limits.far, 2),
        "close_spread": format_share(limits.close_spread),
        "far_spread": format_share(limits.far_spread),
        "sizes": " ; ".join(classes),
        "criteria": ", ".join(_lowered(label) for label in _labels(rules, result)),
        "vintages": ", ".join(_vintages(result)),
    }


def _vintages(result: Result) -> list[str]:
    catalogue = result.pack.table.catalogue
    found = (catalogue[one.code] for one in result.pack.rules.criteria_for(catalogue))
    return [f"{_lowered(one.label)} ({one.vintage})" for one in found]


def _labels(rules: LikenessRules, result: Result) -> list[str]:
    catalogue = result.pack.table.catalogue
    return [
        catalogue[one.code].label if one.code in catalogue else f"`{one.code}`"
        for one in rules.criteria
    ]


def _scales(scales: Mapping[tuple[str, str], float]) -> str:
    names = dict.fromkeys(name for name, _ in scales)
    return "\n".join(
        f"| {name} | {format_share(scales[name, 'mêmes tailles'], 1)} | "
        f"{format_share(scales[name, 'toute la France'], 1)} |"
        for name in names
    )


def _table(result: Result) -> str:
    heads = [f"{where} ({format_number(result.compared[one])})" for one, where in UNIVERSES.items()]
    lines = [
        f"*{result.pack.label.capitalize()}* ({len(result.pack.indicators)} indicateurs)",
        "",
        f"| | {' | '.join(heads)} |",
        "|---|" + "---|" * len(heads),
    ]
    for method, how in METHODS.items():
        cells = [_cell(result, universe, method) for universe in UNIVERSES]
        lines.append(f"| {how} | {' | '.join(cells)} |")
    counts = [result.wins(universe) for universe in UNIVERSES]
    cells = [f"{more} fois au-dessus, {fewer} au-dessous" for more, fewer in counts]
    lines.append(f"| ressemblance contre la meilleure population | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(result: Result, universe: str, method: str) -> str:
    middle, low, high = median_and_range(result.recalls(universe, method))
    return f"{format_share(middle)} [{format_share(low)} ; {format_share(high)}]"


def _difference(result: Result) -> str:
    mean, low, high = (_signed(figure) for figure in result.paired_difference())
    mine = format_share(float(result.left_out[DEFAULT_METHOD].mean()))
    other = format_share(float(result.left_out[result.best_population(PRINCIPAL)].mean()))
    return (
        f"- {result.pack.label} : {mine} par ressemblance, {other} par population seule, "
        f"différence {mean} points [{low} ; {high}]."
    )


def _signed(share: float) -> str:
    text = format_number(share * 100)
    return text if share < 0 else f"+{text}"


def _meaning(results: Sequence[Result]) -> str:
    if decide(results):
        return (
            "La règle est remplie : le classement par ressemblance peut être proposé par défaut "
            "(`proposee_par_defaut = true`)."
        )
    parts = [_judged(one) for one in results]
    return (
        "**La règle n’est pas remplie : le classement par ressemblance n’est pas proposé par "
        "défaut** (`proposee_par_defaut = false`), et la page le dit. "
        + " ".join(parts)
        + " Il reste utile "
        "pour ce qu’il montre : des lieux de même condition, avec les chiffres qui le disent, pour "
        "une visite ou un échange ; pas pour prédire où une expérience marchera."
    )


def _judged(result: Result) -> str:
    mine = float(np.median(result.recalls(PRINCIPAL, DEFAULT_METHOD)))
    other = float(np.median(result.recalls(PRINCIPAL, result.best_population(PRINCIPAL))))
    chance = float(np.median(result.recalls(PRINCIPAL, "hasard")))
    _, low, high = result.paired_difference()
    if high < 0:
        verdict = "fait moins bien que la population seule"
    elif low > 0:
        verdict = "fait mieux que la population seule"
    else:
        verdict = "ne se distingue pas de la population seule, à si peu de territoires"
    return (
        f"Avec les {result.pack.label}, la ressemblance ({format_share(mine)}, contre "
        f"{format_share(other)} pour la population et {format_share(chance)} au hasard) {verdict}."
    )


def _lowered(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
