"""The doubts of a geocoded list: what a person is asked, once for the rows that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from territoires.geocoding.decide import SURE
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.review.applying import METHOD
from territoires.geocoding.review.words import Words


@dataclass(frozen=True)
class Doubt:
    """One question for a person.

    Attributes
    ----------
    words : Words
        What the rows say.
    rows : tuple of int
        Their numbers, from 0.
    status : str
        ``a_verifier`` or ``non_trouve``.
    reason : str
        Why it is not decided, in French.
    code : str
        Commune that stands out, or ``""``.
    candidates : tuple of str
        Communes to choose from, the likeliest first.
    """

    words: Words
    rows: tuple[int, ...]
    status: str
    reason: str
    code: str
    candidates: tuple[str, ...]


def doubts_of(placed: pd.DataFrame, words: Sequence[Words]) -> tuple[Doubt, ...]:
    """Gather the rows that nobody has decided yet, in their order.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`, once reviewed.
    words : sequence of Words
        Of each row. Rows that say nothing are no question.
    """
    cells = zip(
        words,
        placed["geo_statut"].tolist(),
        placed["geo_methode"].tolist(),
        placed["geo_motif"].tolist(),
        placed["geo_code_commune"].tolist(),
        placed["geo_candidats"].tolist(),
        strict=True,
    )
    found: dict[Words, Doubt] = {}
    rows: dict[Words, list[int]] = {}
    for row, (said, status, method, reason, code, candidates) in enumerate(cells):
        if status == SURE or method == METHOD or not said.say_something:
            continue
        if said not in found:
            listed = dict.fromkeys(filter(None, (code, *candidates.split(";"))))
            found[said] = Doubt(said, (), status, reason, code, tuple(listed))
        rows.setdefault(said, []).append(row)
    return tuple(replace(doubt, rows=tuple(rows[said])) for said, doubt in found.items())


def gathered(pieces: Iterable[Sequence[Doubt]]) -> tuple[Doubt, ...]:
    """Join the doubts of the pieces of a list: the same words are asked once."""
    found: dict[Words, Doubt] = {}
    for doubt in (each for piece in pieces for each in piece):
        known = found.get(doubt.words)
        found[doubt.words] = replace(known, rows=known.rows + doubt.rows) if known else doubt
    return tuple(found.values())


def described(code: str, gazetteer: Gazetteer) -> str:
    """Name a commune so that no other can be meant: ``Le Vigan (Gard)``."""
    toponym = gazetteer.toponym_of_commune(code)
    return f"{toponym.nom} ({gazetteer.departement_name(toponym.departements[0])})"
