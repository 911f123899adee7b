"""What is said of need and capacity: under a map, over a place, above a chart; plain French."""

from __future__ import annotations

import math

from territoires.candidates.counted import counted_words
from territoires.candidates.quadrants import UNPLACED, Crossed, QuadrantRules
from territoires.candidates.wording import format_km
from territoires.indicators import format_number
from territoires.initiatives import Vocabularies

INCOMPLETE = (
    "Rien de recensé ne veut pas dire qu'il n'y a rien : l'annuaire est incomplet, et plus ou "
    "moins selon les départements."
)
NEVER_ADDED = "Le besoin et la capacité sont mis côte à côte, jamais additionnés."


def need_sentence(crossed: Crossed) -> str:
    """Say from when on a need is strong."""
    if math.isnan(crossed.limits.need):
        return "Aucun lieu n'est classé par cet indice : il n'y a pas de quadrant."
    return (
        f"Besoin fort : les {crossed.rules.strong_percent} % de lieux classés où l'indice est le "
        f"plus grand, soit {format_number(crossed.limits.need * 100, 1)} sur 100 ou plus (ex æquo "
        "compris)."
    )


def capacity_sentence(crossed: Crossed, words: Vocabularies) -> str:
    """Say which initiatives count, how far, and from when on there are some."""
    rules = crossed.rules
    counted = (
        f"Capacité : initiatives recensées ({kinds(rules, words)}) à moins de "
        f"{_distance(rules)} de la mairie, à vol d'oiseau ; sur place une initiative compte pour "
        "1, à mi-distance pour un demi."
    )
    if crossed.limits.capacity == 0:
        return f"{counted} Une seule à portée suffit."
    floor = format_number(crossed.limits.capacity, 2)
    return f"{counted} Il faut plus que la médiane des lieux qui en ont, {floor}."


def kinds(rules: QuadrantRules, words: Vocabularies) -> str:
    """Name the initiatives that count: ``axe 2, jardin partagé, sauf close, refusée``."""
    named = counted_words(words, rules.axes, rules.types, ())
    left_out = [code for code in words.statuses.codes if code not in rules.statuses]
    if not rules.statuses or not left_out:
        return named
    if len(left_out) <= len(rules.statuses):
        return f"{named}, sauf {_labels(words, left_out)}"
    return f"{named} ; {_labels(words, rules.statuses)}"


def _labels(words: Vocabularies, statuses: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words.statuses.label(code).lower() for code in statuses)


def _distance(rules: QuadrantRules) -> str:
    reach = rules.reach_km
    return f"{format_number(reach)}\u00a0km" if reach == round(reach) else format_km(reach)


def quadrant_sentence(crossed: Crossed, place: str) -> str:
    """Say of a place its quadrant, its need and its capacity; ``Non classée`` without a need."""
    if place not in crossed.quadrant.index:
        return "Besoin et capacité : non classé"
    capacity = format_number(float(crossed.capacity[place]), 1)
    quadrant = str(crossed.quadrant[place])
    if quadrant == UNPLACED:
        return f"Besoin non classé ; présence d'initiatives : {capacity}"
    need = format_number(float(crossed.need[place]) * 100, 1)
    label = crossed.rules.label(quadrant)
    return f"{label} (besoin {need} sur 100, présence d'initiatives {capacity})"
