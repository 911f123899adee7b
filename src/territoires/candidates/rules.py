"""The rules that leave communes out, in order: one registry, one line of the funnel each.

A rule says when it applies, which communes it keeps, and, for one commune, by how much it fails.
A new rule of a scheme is one more :class:`Rule` in :data:`RULES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.candidates.condition_rules import (
    below_thresholds,
    has_capacity,
    reaches_all,
    wrong_capacity,
)
from territoires.candidates.context import BoolArray, SearchContext
from territoires.candidates.query import ALL_FRANCE, CandidateQuery
from territoires.candidates.wording import (
    format_inhabitants,
    format_km,
    shortened,
)
from territoires.errors import UnknownTerritory
from territoires.indicators import format_share
from territoires.territory import territory_from_code


@dataclass(frozen=True)
class Rule:
    """One reason to leave communes out.

    Attributes
    ----------
    code : str
        Identifier.
    label : str
        What the communes that remain have in common, in French: ``dans les bornes de population``.
    applies : callable
        Whether the query asks for it.
    keeps : callable
        Communes kept, over all of them.
    reason : callable
        For a commune that fails: a French clause that says by how much.
    """

    code: str
    label: str
    applies: Callable[[CandidateQuery], bool]
    keeps: Callable[[SearchContext], BoolArray]
    reason: Callable[[SearchContext, str], str]


def initiative_name(context: SearchContext, identifier: str) -> str:
    """Name an initiative with its type: ``Colombelles (territoire zéro chômeur)``."""
    row = context.directory.frame.loc[identifier]
    label = context.directory.vocabularies.types.label(str(row["type"]))
    return f"« {row['nom']} » ({label})"


def universe_name(context: SearchContext) -> str:
    """Name the territories of the query: ``Occitanie, Gard``."""
    names = []
    for code in context.query.universe[:6]:
        try:
            names.append(territory_from_code(context.register, code).nom)
        except UnknownTerritory:
            names.append(code)
    names += ["…"] * (len(context.query.universe) > len(names))
    return shortened(names)


def _outside_universe(context: SearchContext, _code: str) -> str:
    it, where = context.noun.pronoun, universe_name(context)
    return f"{it} n'est pas dans le territoire où l'on cherche ({where})"


def _not_member(context: SearchContext, _code: str) -> str:
    return f"{context.noun.pronoun} n'est pas dans la liste d'adhérents"


def _has_population(context: SearchContext) -> BoolArray:
    low, high = context.query.population_min, context.query.population_max
    population = context.population.to_numpy()
    # NaN fails every comparison: an unknown population is not within bounds.
    above = population >= (-np.inf if low is None else low)
    below = population <= (np.inf if high is None else high)
    return np.asarray(above & below, dtype=bool)


def _wrong_population(context: SearchContext, code: str) -> str:
    population = context.population[code]
    low, high = context.query.population_min, context.query.population_max
    it = context.noun.pronoun
    if pd.isna(population):
        return "sa population n'est pas connue"
    if low is not None and population < low:
        return (
            f"{it} a {format_inhabitants(population)}, soit {format_inhabitants(low - population)} "
            f"de moins que le minimum de {format_inhabitants(low)}"
        )
    most = population if high is None else high
    return (
        f"{it} a {format_inhabitants(population)}, soit {format_inhabitants(population - most)} "
        f"de plus que le maximum de {format_inhabitants(most)}"
    )


def _already_covered(context: SearchContext, code: str) -> str:
    name = initiative_name(context, context.covering[code])
    return f"{context.noun.pronoun} fait déjà partie, en tout ou partie, du périmètre de {name}"


def _far_enough(context: SearchContext) -> BoolArray:
    distance = context.nearest["distance_km"].to_numpy(dtype=float)
    least = context.query.distance_min_km or 0.0
    # NaN: no initiative to measure from; that does not leave the commune out.
    return np.asarray(~(distance < least), dtype=bool)


def _too_near(context: SearchContext, code: str) -> str:
    distance = float(context.nearest["distance_km"][code])
    least = context.query.distance_min_km or 0.0
    name = initiative_name(context, str(context.nearest["id"][code]))
    return (
        f"{context.noun.pronoun} est à {format_km(distance)} de {name}, soit "
        f"{format_km(least - distance)} de moins que la distance minimale de {format_km(least)}"
    )


def _is_ranked(context: SearchContext) -> BoolArray:
    score = context.index.score.reindex(context.places)
    return score.notna().to_numpy(dtype=bool)


def _not_ranked(context: SearchContext, code: str) -> str:
    it, ranked = context.noun.pronoun, context.noun.agree("classé")
    coverage = context.index.coverage
    if code not in coverage.index:
        return f"{it} n'est pas {context.noun.agree('comparé')} aux autres, étant hors de l'univers"
    if context.index.recipe.is_rule:
        return f"ce qui manque peut changer le verdict de la règle : {it} n'est pas {ranked}"
    known, least = float(coverage[code]), context.query.recipe.min_coverage
    if known >= least:
        return "aucun indicateur de la recette n'y est connu"
    return (
        f"{it} n'est pas {ranked} : {format_share(known)} du poids de la recette est connu, "
        f"il en faut {format_share(least)}"
    )


def _excluded_here(context: SearchContext, _code: str) -> str:
    return f"{context.noun.pronoun} est {context.noun.agree('exclu')} de cette recherche"


RULES: tuple[Rule, ...] = (
    Rule(
        "hors_univers",
        "dans le territoire où l'on cherche",
        lambda query: query.universe != ALL_FRANCE,
        lambda context: context.in_universe,
        _outside_universe,
    ),
    Rule(
        "hors_liste",
        "dans la liste d'adhérents",
        lambda query: query.narrows_to_members,
        lambda context: context.in_members,
        _not_member,
    ),
    Rule(
        "exclue",
        "hors des territoires exclus",
        lambda query: bool(query.excluded),
        lambda context: ~context.is_excluded,
        _excluded_here,
    ),
    Rule(
        "population",
        "dans les bornes de population",
        lambda query: query.population_min is not None or query.population_max is not None,
        _has_population,
        _wrong_population,
    ),
    Rule(
        "deja_couverte",
        "hors du périmètre d'une initiative choisie",
        lambda query: query.distance_min_km is not None,
        lambda context: ~context.is_covered,
        _already_covered,
    ),
    Rule(
        "trop_proche",
        "assez loin d'une initiative choisie",
        lambda query: bool(query.distance_min_km),
        _far_enough,
        _too_near,
    ),
    Rule(
        "capacite",
        "avec les initiatives demandées autour",
        lambda query: bool(query.capacities),
        has_capacity,
        wrong_capacity,
    ),
    Rule(
        "seuil",
        "au-delà des seuils de besoin",
        lambda query: bool(query.thresholds),
        reaches_all,
        below_thresholds,
    ),
    Rule(
        "non_classee",
        "avec assez d'indicateurs connus",
        lambda _query: True,
        _is_ranked,
        _not_ranked,
    ),
)
