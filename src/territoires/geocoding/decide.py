"""From what a row says to one decision: a commune, how sure, and why, in French."""

from __future__ import annotations

from dataclasses import dataclass, replace

from territoires.geocoding.checks import check
from territoires.geocoding.evidence import (
    Clues,
    Evidence,
    departements_of_postcode,
    read_clues,
)
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.groups import Group, intercommunal
from territoires.geocoding.search import Answer, communes_of, search
from territoires.geocoding.toponyms import LABELS, Kind, Toponym
from territoires.tables.text import of_name

SURE, TO_CHECK, NOT_FOUND = "sur", "a_verifier", "non_trouve"


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a row is, as far as can be known.

    Attributes
    ----------
    code : str
        Current commune, or ``""``.
    nom : str
        Its name; that of the overseas collectivity where one was recognised.
    point : tuple of float or None
        Longitude and latitude, EPSG:4326; ``None`` for the coordinates of the row itself.
    precision : str
        ``coordonnees``, ``arrondissement``, ``commune_ancienne``, ``commune`` or ``""``.
    method : str
        ``code``, ``coordonnees``, ``hors_ligne`` or ``""``.
    score : float
        0 to 1.
    status : str
        ``sur``, ``a_verifier`` or ``non_trouve``.
    reason : str
        In French: what was matched, repaired, contradicted.
    candidates : tuple of str
        Communes to choose from when it is to be checked, the likeliest first.
    contradicted : bool
        Cells of the row contradict one another: no further clue can make it ``sur``.
    margin : float
        Advance over the second commune: 1 when the row designates no other, 0 when others are as
        good or when its cells contradict one another, else the difference in likeness of the
        names; NaN when nothing is found.
    """

    code: str
    nom: str
    point: tuple[float, float] | None
    precision: str
    method: str
    score: float
    status: str
    reason: str
    candidates: tuple[str, ...] = ()
    contradicted: bool = False
    margin: float = float("nan")


NOWHERE = (float("nan"), float("nan"))
NOTHING_SAID = "La ligne ne dit aucun lieu."


def decide(evidence: Evidence, gazetteer: Gazetteer) -> Decision:
    """Decide where a row is from its texts: code, postcode, name, département, address.

    Parameters
    ----------
    evidence : Evidence
        Cells as typed: any text, of any length.
    gazetteer : Gazetteer
        Names and codes.

    Returns
    -------
    Decision
        ``a_verifier`` when the clues contradict one another, or designate several communes;
        ``non_trouve`` when they designate none. Never raises.
    """
    clues = read_clues(evidence, gazetteer)
    answer = search(clues, gazetteer)
    if answer is None or not (answer.sure or answer.doubts):
        group = intercommunal(clues, gazetteer)
        if group:
            return _group_to_detail(group, clues, gazetteer)
    if answer is None:
        return _not_found(clues, evidence, gazetteer)
    answer = check(answer, clues, gazetteer)
    if not communes_of(answer.toponyms):
        return _overseas(answer)
    return _conclude(answer, gazetteer)


def _group_to_detail(group: Group, clues: Clues, gazetteer: Gazetteer) -> Decision:
    """Say that a name is that of an EPCI: its communes are the candidates."""
    ranked = gazetteer.by_population(group.communes)
    narrowed = [code for code in ranked if clues.postcode in gazetteer.postcodes_of(code)]
    candidates = tuple(dict.fromkeys((*narrowed, *ranked)))[: gazetteer.thresholds.candidats]
    notes = (*clues.notes, f"Intercommunalité et non commune : {group.nom} ({group.code}).")
    reason = " ".join((*notes, _to_choose(len(ranked), len(candidates), bool(narrowed))))
    score = gazetteer.thresholds.scores.a_choisir
    return Decision(
        "", "", NOWHERE, "", "hors_ligne", score, TO_CHECK, reason, candidates, margin=0.0
    )


def _not_found(clues: Clues, evidence: Evidence, gazetteer: Gazetteer) -> Decision:
    notes = [*clues.notes, *clues.doubts]
    if clues.town.key:
        notes.append(f"Nom {clues.typed} non reconnu.")
    if clues.postcode:
        notes.append(_unknown_postcode(clues.postcode, gazetteer))
    if not any(evidence):
        notes.append(NOTHING_SAID)
    reason = " ".join(notes) or "Aucune commune n'est désignée."
    return Decision("", "", NOWHERE, "", "", 0.0, NOT_FOUND, reason)


def _unknown_postcode(postcode: str, gazetteer: Gazetteer) -> str:
    """Say the département, all that a CEDEX or business postcode tells."""
    where = [
        f"{gazetteer.departement_name(code)} ({code})"
        for code in departements_of_postcode(postcode)
        if code in gazetteer.register.departements.index
    ]
    if not where:
        return f"Code postal {postcode} inconnu."
    return f"Code postal {postcode} inconnu (CEDEX ou spécial) : {' ou '.join(where)}."


def _overseas(answer: Answer) -> Decision:
    """Say that a collectivity is recognised, though the register has nothing to place it on."""
    if any(toponym.kind is not Kind.COLLECTIVITE for toponym in answer.toponyms):
        reason = " ".join((*answer.notes, "Ancienne commune dont l'héritière n'est pas connue."))
        return Decision("", "", NOWHERE, "", "", 0.0, NOT_FOUND, reason)
    names = ", ".join(dict.fromkeys(toponym.nom for toponym in answer.toponyms))
    said = "Collectivité d'outre-mer : reconnue, mais sans contour ni indicateurs ici."
    reason = " ".join((*answer.notes, *answer.doubts, said))
    return Decision("", names, NOWHERE, "", "", 0.0, NOT_FOUND, reason)


def _conclude(answer: Answer, gazetteer: Gazetteer) -> Decision:
    ranked = gazetteer.by_population(communes_of(answer.toponyms))
    others = gazetteer.by_population(communes_of(answer.others) - set(ranked))
    code = _standing_out(answer, ranked, gazetteer)
    sure = answer.sure and not answer.doubts and len(ranked) == 1
    candidates = () if sure else (*ranked, *others)[: int(gazetteer.thresholds.candidats)]
    if sure or code:
        return _placed(answer, code, candidates, gazetteer, sure=sure)
    reason = _reason(
        answer, (_to_choose(len(ranked) + len(others), len(candidates), bool(others)),)
    )
    score = min(answer.score, gazetteer.thresholds.scores.a_choisir)
    doubtful = bool(answer.doubts)
    method = answer.method
    return Decision(
        "", "", NOWHERE, "", method, score, TO_CHECK, reason, candidates, doubtful, margin=0.0
    )


def _to_choose(possible: int, listed: int, ordered: bool) -> str:
    """Say how many communes there are to choose from, and how many are listed."""
    if possible == listed:
        return f"{possible} communes possibles : à choisir."
    best = "vraisemblables" if ordered else "peuplées"
    return f"{possible} communes possibles, les {listed} plus {best} sont listées : à choisir."


def _standing_out(answer: Answer, ranked: tuple[str, ...], gazetteer: Gazetteer) -> str:
    """Return the only commune, or the one far more populated than its namesakes together."""
    if len(ranked) == 1:
        return ranked[0]
    if answer.method == "code":
        return ""  # the heirs of a former commune: their size says nothing of the right one
    populations = [gazetteer.population[code] for code in ranked]
    dominant = populations[0] >= gazetteer.thresholds.population_dominante * sum(populations[1:])
    return ranked[0] if dominant else ""


def _placed(
    answer: Answer,
    code: str,
    candidates: tuple[str, ...],
    gazetteer: Gazetteer,
    *,
    sure: bool,
) -> Decision:
    toponym = next(each for each in answer.toponyms if code in each.communes)
    point, precision = gazetteer.position(toponym, code)
    nom = gazetteer.toponym_of_commune(code).nom
    now = () if nom == toponym.nom else (_today(answer, toponym, nom, code),)
    decision = Decision(
        code, nom, point, precision, answer.method, answer.score, SURE, _reason(answer, now)
    )
    if sure:
        return replace(decision, margin=answer.margin)
    scores = gazetteer.thresholds.scores
    tied = answer.doubts or len(candidates) > 1
    limit = scores.contradiction if answer.doubts else scores.propose
    return replace(
        decision,
        status=TO_CHECK,
        score=min(answer.score, limit),
        candidates=candidates,
        contradicted=bool(answer.doubts),
        margin=min(answer.margin, answer.score) if not tied else _margin_over_others(answer),
    )


def _margin_over_others(answer: Answer) -> float:
    """Return what a likeness says of the best against the others; 0 against a contradiction."""
    return answer.margin if answer.margin < 1.0 and not answer.doubts else 0.0


def _today(answer: Answer, toponym: Toponym, nom: str, code: str) -> str:
    """Say which commune a former or smaller place belongs to today."""
    named = any(toponym.nom in note for note in answer.notes)
    if toponym.kind is Kind.ARRONDISSEMENT:
        return f"Commune {of_name(nom)} ({code})." if named else f"{toponym.nom} ({toponym.code})."
    nature = LABELS[toponym.kind]
    return f"{nature[:1].upper()}{nature[1:]}, aujourd'hui {nom} ({code})."


def _reason(answer: Answer, more: tuple[str, ...]) -> str:
    doubts = tuple(f"Contradiction : {doubt[:1].lower()}{doubt[1:]}" for doubt in answer.doubts)
    return " ".join((*answer.notes, *more, *doubts))
