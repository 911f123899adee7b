"""Why here, why not there: French sentences written from the numbers, and from nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territoires.candidates.context import SearchContext
from territoires.candidates.contributions import (
    Contribution,
    contribution_of,
    contribution_words,
)
from territoires.candidates.rules import initiative_name
from territoires.candidates.search import CONTRIBUTION, CandidateList
from territoires.candidates.wording import (
    format_inhabitants,
    format_km,
    listing,
    lowered,
    plural,
    rank_words,
    sentence_start,
)
from territoires.errors import InvalidRequest
from territoires.indicators import (
    STATUS_LABELS,
    format_number,
    format_rank,
    format_share,
)
from territoires.indicators.aggregation import NOT_MERGED

LARGEST = 2


def largest_contributions(
    candidates: CandidateList, code: str, most: int = LARGEST
) -> tuple[Contribution, ...]:
    """Return the indicators that add most to a candidate's score, largest first.

    Parameters
    ----------
    candidates : CandidateList
        The search.
    code : str
        A candidate.
    most : int
        How many at most; an indicator that adds nothing is not one of them.

    Raises
    ------
    InvalidRequest
        The commune is not a candidate.
    """
    row = _row(candidates, code)
    items = candidates.recipe.items
    points = [row[CONTRIBUTION + item.code] for item in items]
    known = [position for position, value in enumerate(points) if value > 0]
    known.sort(key=lambda position: -points[position])
    return tuple(
        contribution_of(candidates.context, code, position, float(points[position]))
        for position in known[:most]
    )


def why(candidates: CandidateList, code: str) -> str:
    """Say in French why a commune is a candidate.

    Parameters
    ----------
    candidates : CandidateList
        The search.
    code : str
        A candidate.

    Returns
    -------
    str
        Inhabitants, rank (with its interval, once drawn) and score, the two largest contributions
        with value, unit, vintage and rank, the nearest chosen initiative, what is not known, what
        else is to be said of it.

    Raises
    ------
    InvalidRequest
        The place is not a candidate: see :func:`why_not`.
    """
    row = _row(candidates, code)
    sentences = [
        _place_sentence(candidates, code, row),
        _contribution_sentence(candidates, code),
        initiative_sentence(candidates.context, code),
        _missing_sentence(candidates.context, code),
        candidates.remarks.get(code, ""),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def why_not(candidates: CandidateList, code: str) -> str:
    """Say in French which rules leave a commune out and by how much, or its place in the list.

    Parameters
    ----------
    candidates : CandidateList
        The search.
    code : str
        Any commune.

    Raises
    ------
    InvalidRequest
        No commune has this code.
    """
    reasons = candidates.reasons(code)
    if not reasons:
        return _rank_in_list(candidates, code)
    name, noun = candidates.asked.name_of(code), candidates.asked.noun
    return f"{name} n'est pas {noun.agree('candidat')} : {' ; '.join(reasons)}."


def initiative_sentence(context: SearchContext, code: str) -> str:
    """Say which chosen initiative is nearest to a commune, never that there is none at all."""
    kind = "initiative des types choisis" if context.query.initiative_types else "initiative"
    covering = context.covering.get(code)
    if covering is not None:
        name = initiative_name(context, covering)
        it = sentence_start(context.noun.pronoun)
        return f"{it} fait déjà partie, en tout ou partie, du périmètre de {name}."
    distance = float(context.nearest["distance_km"][code])
    if np.isnan(distance):
        return (
            f"Aucune {kind} localisée dans l'annuaire n'est mesurable d'ici ; "
            "l'annuaire n'est pas complet."
        )
    name = initiative_name(context, str(context.nearest["id"][code]))
    return f"{sentence_start(kind)} connue la plus proche : {name}, à {format_km(distance)}."


def _row(candidates: CandidateList, code: str) -> pd.Series:
    if code not in candidates.ranked.index:
        noun = candidates.context.noun
        raise InvalidRequest(
            f"« {code!s:.20} » n'est pas parmi les {noun.plural} {noun.agree('candidat')}s."
        )
    row: pd.Series = candidates.ranked.loc[[code]].iloc[0]
    return row


def _place_sentence(candidates: CandidateList, code: str, row: pd.Series) -> str:
    score = format_number(row["score"] * 100.0, 1)
    scope = _scope(candidates)
    reference = format_rank(int(row["rang_reference"]), candidates.reference_count)
    counted = candidates.context.among
    population = row["population"]
    people = "" if pd.isna(population) else f"{format_inhabitants(int(population))}, "
    return (
        f"{candidates.context.name_of(code)} : "
        f"{people}{_rank_among(candidates, row)}{_interval_words(row)}, "
        f"score de besoin {score} sur 100 ({rank_words(reference)}{counted} {scope}), "
        f"calculé sur {format_share(row['couverture'])} du poids de la recette."
    )


def _contribution_sentence(candidates: CandidateList, code: str) -> str:
    contributions = largest_contributions(candidates, code)
    if not contributions:
        return "Aucun indicateur n'y montre un besoin plus grand qu'ailleurs."
    scope = _scope(candidates)
    parts = [contribution_words(candidates.context, one, scope) for one in contributions]
    return f"Ce qui pèse le plus : {' ; '.join(parts)} (1er rang : le besoin le plus grand)."


def _scope(candidates: CandidateList) -> str:
    if candidates.query.reference == "france":
        return "en France"
    noun = candidates.context.noun
    return f"parmi les {noun.plural} {noun.agree('comparé')}s"


def _missing_sentence(context: SearchContext, code: str) -> str:
    missing = [
        _missing_words(context, code, item.code)
        for item in context.index.recipe.items
        if item.weight > 0 and np.isnan(context.indicators.comparable[item.code][code])
    ]
    return f"Non disponible : {listing(missing)}." if missing else ""


def _missing_words(context: SearchContext, code: str, indicator: str) -> str:
    known = context.indicators.indicator(indicator)
    label = lowered(known.label)
    if known.aggregation == NOT_MERGED and not np.isnan(context.spread(known, code)[0]):
        return f"{label} (ne se combine pas entre communes)"
    status = str(context.indicators.statuses.loc[code, indicator])
    return label if status == "non_disponible" else f"{label} ({STATUS_LABELS[status]})"


def _rank_in_list(candidates: CandidateList, asked: str) -> str:
    code = candidates.place_of(asked) or asked
    row = _row(candidates, code)
    shown = code in candidates.frame.index
    displayed = f"{candidates.context.noun.agree('affiché')}s"
    beyond = "" if shown else f", au-delà des {format_number(len(candidates.frame))} {displayed}"
    return (
        f"{_candidate_words(candidates, asked, code)} : "
        f"{_rank_among(candidates, row)}{beyond}, "
        f"score de besoin {format_number(row['score'] * 100.0, 1)} sur 100."
    )


def _candidate_words(candidates: CandidateList, asked: str, code: str) -> str:
    noun = candidates.context.noun
    if asked == code:
        return f"{candidates.context.name_of(code)} est {noun.agree('candidat')}"
    whole = f"{noun.singular} {noun.agree('candidat')}, {candidates.context.name_of(code)}"
    return f"{candidates.asked.name_of(asked)} fait partie d'un {whole}"


def _rank_among(candidates: CandidateList, row: pd.Series) -> str:
    """Write ``12e rang ex æquo sur 1 204 communes candidates``."""
    ranks = candidates.ranked["rang"]
    tied = " ex æquo" if int((ranks == row["rang"]).sum()) > 1 else ""
    noun = candidates.context.noun
    one, many = (
        f"{noun.singular} {noun.agree('candidat')}",
        f"{noun.plural} {noun.agree('candidat')}s",
    )
    count = plural(len(ranks), one, many)
    return f"{format_rank(int(row['rang']))} rang{tied} sur {count}"


def _interval_words(row: pd.Series) -> str:
    """Write `` (du 9e au 31e rang dans neuf tirages sur dix)``; nothing before the draws."""
    if "rang_min" not in row:
        return ""
    low, high = (format_rank(int(row[bound])) for bound in ("rang_min", "rang_max"))
    ranks = low if low == high else f"du {low} au {high}"
    return f" ({ranks} rang dans neuf tirages sur dix)"
