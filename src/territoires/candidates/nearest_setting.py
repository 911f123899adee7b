"""Nothing was found: which single rule, eased by how much, would give a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.context import BoolArray, SearchContext
from territoires.candidates.rules import Rule
from territoires.candidates.wording import format_inhabitants, format_km, listing
from territoires.indicators import format_share, format_value

_FARTHEST_KM = 2_000  # beyond, nothing is « around »
_Suggest = Callable[[SearchContext, BoolArray], str]


def nearest_settings(context: SearchContext, rules: Sequence[Rule]) -> str:
    """Say in French what would give a result where nothing does.

    Parameters
    ----------
    context : SearchContext
        A query that no place answers.
    rules : sequence of Rule
        Those that the places were put to.

    Returns
    -------
    str
        ``Ce qui donnerait un résultat : …``. Each setting is that of a place which obeys every
        other rule, so that changing it alone is enough; without any, two rules at least leave
        everybody out, and that is what is said.
    """
    asked = [rule for rule in rules if rule.applies(context.query)]
    kept = {rule.code: rule.keeps(context) for rule in asked}
    suggestions = []
    for rule in sorted(asked, key=lambda one: one.code == "hors_univers"):  # elsewhere comes last
        others = [mask for code, mask in kept.items() if code != rule.code]
        nearly = np.logical_and.reduce([np.ones(len(context.places), dtype=bool), *others])
        if nearly.any() and (words := _SUGGESTIONS[rule.code](context, nearly)):
            suggestions.append(words)
    if suggestions:
        return f"Ce qui donnerait un résultat : {' ; '.join(suggestions)}."
    return "Changer une seule règle ne suffit pas : élargissez d'abord le lieu et la taille."


def _wider_area(_context: SearchContext, _nearly: BoolArray) -> str:
    return "un lieu plus large"


def _without_members(_context: SearchContext, _nearly: BoolArray) -> str:
    return "la même recherche sans la liste d'adhérents"


def _fewer_exclusions(_context: SearchContext, _nearly: BoolArray) -> str:
    return "moins de territoires exclus"


def _population(context: SearchContext, nearly: BoolArray) -> str:
    """Return the bound nearest to those asked that holds a place."""
    query = context.query
    known = context.population[nearly].dropna()
    bounds: list[tuple[float, str]] = []
    if query.population_min is not None:
        below = known[known < query.population_min]
        if len(below):
            missing = (query.population_min - below.max()) / query.population_min
            bounds.append((missing, f"un minimum de {format_inhabitants(below.max())}"))
    if query.population_max is not None:
        above = known[known > query.population_max]
        if len(above):
            beyond = (above.min() - query.population_max) / max(query.population_max, 1)
            bounds.append((beyond, f"un maximum de {format_inhabitants(above.min())}"))
    return listing([words for _, words in sorted(bounds)], "ou")


def _other_initiatives(_context: SearchContext, _nearly: BoolArray) -> str:
    return "d'autres types ou statuts d'initiatives à éviter, ou aucune distance"


def _nearer(context: SearchContext, nearly: BoolArray) -> str:
    distance = context.nearest["distance_km"].to_numpy(dtype=float)[nearly]
    farthest = np.floor(np.nanmax(distance) * 10.0) / 10.0
    return f"une distance de {format_km(farthest)} au plus"


def _other_conditions(context: SearchContext, nearly: BoolArray) -> str:
    """Return the distance at which a single condition on the initiatives around would hold."""
    conditions = context.query.capacities
    reach = _eased_reach(context, nearly, conditions[0]) if len(conditions) == 1 else None
    if reach is None:
        return "des conditions moins exigeantes sur les initiatives autour"
    some = "au moins une initiative" if conditions[0].present else "aucune initiative"
    asked = format_km(conditions[0].within_km)
    return f"{some} à moins de {format_km(reach)}, au lieu de {asked}"


def _eased_reach(
    context: SearchContext, nearly: BoolArray, condition: CapacityCondition
) -> int | None:
    """Find the distance, in whole kilometres, nearest to the one asked at which a place passes."""

    def passes(km: int) -> bool:
        around = context.count_around(replace(condition, within_km=float(km))).to_numpy()[nearly]
        return bool(((around > 0) == condition.present).any())

    fails = int(condition.within_km)
    good = 0 if not condition.present else max(2 * fails, 1)
    while condition.present and not passes(good) and good < _FARTHEST_KM:
        fails, good = good, min(2 * good, _FARTHEST_KM)
    if not passes(good):
        return None
    while abs(good - fails) > 1:
        middle = (good + fails) // 2
        good, fails = (middle, fails) if passes(middle) else (good, middle)
    return good


def _lower_threshold(context: SearchContext, nearly: BoolArray) -> str:
    thresholds = context.query.thresholds
    if len(thresholds) > 1:
        return "des seuils de besoin moins exigeants"
    (threshold,) = thresholds
    return _best_value(context, threshold, nearly) or "un seuil de besoin moins exigeant"


def _best_value(context: SearchContext, threshold: NeedThreshold, nearly: BoolArray) -> str:
    """Write the bound that the place nearest to the one asked would reach; empty when unclear."""
    indicator = context.indicators.indicator(threshold.indicator)
    values = context.indicators.comparable[indicator.code].to_numpy(dtype=float)[nearly]
    if threshold.percentile is not None or np.isnan(values).all():
        return ""
    label = indicator.label[:1].lower() + indicator.label[1:]
    if threshold.at_most is None:
        return f"un seuil de {format_value(indicator, float(np.nanmax(values)))} ({label})"
    if threshold.at_least is None:
        return f"un seuil de {format_value(indicator, float(np.nanmin(values)))} ({label})"
    return ""


def _less_known(context: SearchContext, nearly: BoolArray) -> str:
    recipe = context.index.recipe
    coverage = context.index.coverage.reindex(context.places).to_numpy(dtype=float)[nearly]
    if recipe.is_rule or np.isnan(coverage).all() or not np.nanmax(coverage):
        return "un autre indice de besoin"
    # Rounded down: what is written must be enough.
    best = np.floor(np.nanmax(coverage) * 100.0) / 100.0
    return (
        f"un indice dont les chiffres sont connus ici (« {recipe.name} » l'y est à "
        f"{format_share(best)} de son poids au mieux, il en demande "
        f"{format_share(recipe.min_coverage)})"
    )


_SUGGESTIONS: Mapping[str, _Suggest] = MappingProxyType(
    {
        "hors_univers": _wider_area,
        "hors_liste": _without_members,
        "exclue": _fewer_exclusions,
        "population": _population,
        "deja_couverte": _other_initiatives,
        "trop_proche": _nearer,
        "capacite": _other_conditions,
        "seuil": _lower_threshold,
        "non_classee": _less_known,
    }
)
