"""What was compared, and how, in French: said beside a list and at the head of its file."""

from __future__ import annotations

from territoires.candidates.alike.finding import AlikeList
from territoires.candidates.alike.rules import wider_criteria
from territoires.candidates.wording import listing, plural
from territoires.indicators import format_number, format_share

_WEIGHT_DECIMALS = 2


def compared_sentence(alike: AlikeList) -> str:
    """Say how many places were compared, of which size, on how many indicators."""
    return (
        f"{plural(len(alike.ranked), 'comparé', 'comparés')} "
        f"({alike.rules.sizes.told(alike.classes)}), d'après "
        f"{plural(len(alike.query.codes), 'indicateur', 'indicateurs')}"
    )


def reservations(alike: AlikeList) -> tuple[str, ...]:
    """Say what the list cannot tell: places not comparable, figures that many places share."""
    told = []
    if len(alike.aside):
        least = format_share(alike.rules.thresholds.min_coverage)
        count = plural(len(alike.aside), "territoire non comparable", "territoires non comparables")
        told.append(f"{count} : moins de {least} du poids est connu des deux côtés.")
    wider = wider_criteria(alike.query.criteria, alike.places.catalogue)
    if wider:
        names = listing([f"{one.code} (chiffre {one.of_place})" for one in wider])
        told.append(f"Ne distingue pas deux communes d'un même ensemble : {names}.")
    return tuple(told)


def account_lines(alike: AlikeList) -> tuple[str, ...]:
    """Return what a reader needs to make the list again, one statement by line."""
    catalogue = alike.places.catalogue
    names = [f"{one.nom} ({one.code})" for one in alike.references]
    criteria = [
        f"{catalogue[one.code].label} (poids {_weight(one.weight)})" for one in alike.query.kept
    ]
    return (
        f"Semblables à : {', '.join(names)}",
        f"Comparaison : {compared_sentence(alike)} : {', '.join(criteria)}",
        "Distance : racine de la moyenne pondérée des carrés des écarts de rang (0 : pareil ; 1 : "
        f"aux deux bouts), les rangs étant pris parmi {format_number(alike.scale_count)} "
        "territoires",
        *reservations(alike),
        alike.rules.verdict.sentence,
    )


def _weight(weight: float) -> str:
    return format_number(weight, _WEIGHT_DECIMALS).rstrip("0").rstrip(",")
