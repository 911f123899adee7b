"""Puts the decisions of a review in place of the doubts of a geocoded list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from territoires.geocoding.decide import NOT_FOUND, NOWHERE, SURE, TO_CHECK, Decision
from territoires.geocoding.decision_rows import read_decisions, write_decisions
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.points import USABLE, Points, read_points, sights
from territoires.geocoding.review.model import Choice, Review
from territoires.geocoding.review.words import Words

METHOD = "revue"
"""``geo_methode`` of a row that a person decided."""

_NONE = "Aucune commune, décidé en revue par une personne."


@dataclass(frozen=True)
class Reviewed:
    """A geocoded list after its review.

    Attributes
    ----------
    frame : pd.DataFrame
        Rows, columns and index of the table that was given; only ``geo_*`` cells changed.
    decided : int
        Rows that a person decided.
    lapsed : mapping of Words to str
        Decisions whose commune is no more: the code that had been chosen. They are asked again.
    """

    frame: pd.DataFrame
    decided: int
    lapsed: Mapping[Words, str]


def apply_review(
    placed: pd.DataFrame, words: Sequence[Words], review: Review, gazetteer: Gazetteer
) -> Reviewed:
    """Give each row that was decided the commune that a person chose.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`, taken to the address or not. Applying
        the same review again changes nothing more.
    words : sequence of Words
        Of each row.
    review : Review
        What was decided.
    gazetteer : Gazetteer
        That the table was placed with.

    Returns
    -------
    Reviewed
        A decided row is ``sur`` (``non_trouve`` where no commune was the right one), by the method
        :data:`METHOD`; its reason says that a person chose, their note, and what was found without
        them. It stands at the place found for that commune, else at its own coordinates when they
        are in it, else at the reference point of the commune.
    """
    chosen = {
        row: choice
        for row, said in enumerate(words)
        if (choice := review.choices.get(said)) is not None and choice.is_made
    }
    decisions = read_decisions(placed, chosen)
    lapsed = {row: choice.code for row, choice in chosen.items() if _is_gone(choice, gazetteer)}
    points = _own_points([row for row in chosen if row not in lapsed], chosen, words, gazetteer)
    settled: dict[int, Decision] = {}
    for row, choice in chosen.items():
        if row in lapsed:
            settled[row] = _to_ask_again(decisions[row], str(choice.code), gazetteer)
        else:
            settled[row] = _decided(decisions[row], choice, points.get(row), gazetteer)
    gone = {words[row]: str(code) for row, code in lapsed.items()}
    return Reviewed(write_decisions(placed, settled), len(chosen) - len(lapsed), gone)


def _is_gone(choice: Choice, gazetteer: Gazetteer) -> bool:
    return bool(choice.code) and choice.code not in gazetteer.population


def _decided(
    decision: Decision,
    choice: Choice,
    point: tuple[float, float] | None,
    gazetteer: Gazetteer,
) -> Decision:
    code = choice.code or ""
    sentence = _sentence(choice, gazetteer)
    before = decision.reason
    reason = before if sentence in before else f"{sentence} {before}".strip()
    if not code:
        return Decision("", "", NOWHERE, "", METHOD, 0.0, NOT_FOUND, reason)
    settled = replace(
        decision, method=METHOD, score=1.0, status=SURE, reason=reason, candidates=(), margin=1.0
    )
    if decision.code == code:
        return settled
    return replace(
        settled,
        code=code,
        nom=gazetteer.toponym_of_commune(code).nom,
        point=point or gazetteer.points[code],
        precision="coordonnees" if point else "commune",
    )


def _sentence(choice: Choice, gazetteer: Gazetteer) -> str:
    note = f" Note : « {choice.note} »." if choice.note else ""
    if not choice.code:
        return f"{_NONE}{note}"
    nom = gazetteer.toponym_of_commune(choice.code).nom
    return f"Choisie en revue par une personne : {nom} ({choice.code}).{note}"


def _to_ask_again(decision: Decision, code: str, gazetteer: Gazetteer) -> Decision:
    """Say that the commune that had been chosen is no more, and propose what became of it."""
    toponym = gazetteer.by_code(code)
    heirs = toponym.communes if toponym else ()
    names = ", ".join(f"{gazetteer.toponym_of_commune(heir).nom} ({heir})" for heir in heirs)
    today = f", aujourd'hui {names}" if names else ""
    sentence = f"Décision de revue à refaire : {code} n'est plus une commune{today}."
    if sentence in decision.reason:
        return decision
    said = replace(decision, reason=f"{sentence} {decision.reason}".strip())
    if decision.status == SURE and decision.code in heirs:
        return said
    candidates = dict.fromkeys(filter(None, (*heirs, decision.code, *decision.candidates)))
    limit = gazetteer.thresholds.scores.propose
    return replace(
        said,
        status=TO_CHECK,
        score=min(decision.score, limit),
        candidates=tuple(candidates)[: gazetteer.thresholds.candidats],
        margin=0.0,
    )


def _own_points(
    rows: Sequence[int],
    chosen: Mapping[int, Choice],
    words: Sequence[Words],
    gazetteer: Gazetteer,
) -> dict[int, tuple[float, float]]:
    """Return the coordinates of rows that have some in, or beside, the commune that was chosen."""
    located = [row for row in rows if words[row].longitude and words[row].latitude]
    if not located:
        return {}
    points: Points = read_points(
        pd.Series([words[row].longitude for row in located], dtype="str"),
        pd.Series([words[row].latitude for row in located], dtype="str"),
        gazetteer.register,
    )
    codes = [chosen[row].code or "" for row in located]
    seen = sights(points, codes, gazetteer.register)
    return {
        row: (float(points.longitude[at]), float(points.latitude[at]))
        for at, (row, sight) in enumerate(zip(located, seen, strict=True))
        if sight.state == USABLE and 0 <= sight.gap_km <= gazetteer.thresholds.ecart_tolere_km
    }
