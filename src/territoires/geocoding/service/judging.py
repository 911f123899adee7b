"""Judges what an address service answered against what was found without it."""

from __future__ import annotations

from dataclasses import replace

from territoires.geocoding.decide import SURE, TO_CHECK, Decision
from territoires.geocoding.evidence import quote
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.points import USABLE, Sight
from territoires.geocoding.service.cleaning import numbers_in
from territoires.geocoding.service.contract import (
    HAMLET,
    HOUSE,
    STREET,
    Failure,
    Found,
    Question,
    Reply,
    Unknown,
)
from territoires.geocoding.service.rules import Belief
from territoires.geocoding.service.streets import another_way, likeness

PRECISIONS = {HOUSE: "adresse", STREET: "voie", HAMLET: "lieu_dit"}
METHOD = "ban"
_LABELS = {HOUSE: "Adresse", STREET: "Voie", HAMLET: "Lieu-dit"}


def judge(
    decision: Decision,
    question: Question,
    reply: Reply,
    sight: Sight,
    gazetteer: Gazetteer,
    belief: Belief,
) -> Decision:
    """Decide where a row is, now that a service has been asked.

    Parameters
    ----------
    decision : Decision
        Found without it; kept whenever the service fails, doubts or errs.
    question : Question
        What was asked.
    reply : Reply
        What came.
    sight : Sight
        Where the point of the reply falls, and how far from the commune of the decision (of the
        reply, when the decision has none).
    gazetteer : Gazetteer
        Communes, past and present.
    belief : Belief
        From which score a reply is believed.

    Returns
    -------
    Decision
        With the point of the reply only where its commune, its outline and its street agree with
        the row; ``sur`` only if it was so without the service. The reason always says what became
        of the question.
    """
    if isinstance(reply, Failure):
        text = f"Service national sans réponse : {reply.reason}. Placée hors ligne."
        return _said(decision, text)
    if isinstance(reply, Unknown):
        return _said(decision, "Adresse inconnue du service national.")
    refusal = _refusal(question, reply, sight, belief, gazetteer)
    if refusal:
        return _said(decision, refusal)
    communes = gazetteer_communes(reply.code, gazetteer)
    if not decision.code:
        return _proposed(decision, reply, communes, sight, gazetteer, belief)
    if decision.code not in communes:
        return _contradicted(decision, reply, communes, gazetteer)
    if not _near(sight, belief):
        text = f"Contradiction : le point du service est à {_km(sight.gap_km)} de la commune."
        return _doubtful(decision, (decision.code,), text, gazetteer)
    return _agreed(decision, question, reply, gazetteer, belief)


def gazetteer_communes(code: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the communes in force behind a code of the service: an old one, an arrondissement."""
    toponym = gazetteer.by_code(code)
    return toponym.communes if toponym else ()


def _refusal(
    question: Question, reply: Found, sight: Sight, belief: Belief, gazetteer: Gazetteer
) -> str:
    """Say why a reply is no use, or ``""``."""
    near = f"{quote(reply.label)}, score {_decimal(reply.score)}"
    if reply.kind not in PRECISIONS:
        return f"Adresse non retenue : le service national ne connaît que la commune ({near})."
    if not reply.score >= belief.proposer:
        return f"Adresse non retenue : la plus proche serait {near}."
    if likeness(question.text, reply.street) < belief.ressemblance_min:
        return f"Adresse non retenue : la plus proche est une autre voie ({near})."
    if sight.state != USABLE or sight.swapped:
        return f"Adresse non retenue : le service donne des coordonnées inutilisables ({near})."
    if not gazetteer_communes(reply.code, gazetteer):
        code = quote(reply.code) if reply.code else "absent"
        return f"Adresse non retenue : code commune du service inconnu ({code} ; {near})."
    return ""


def _agreed(
    decision: Decision, question: Question, reply: Found, gazetteer: Gazetteer, belief: Belief
) -> Decision:
    """Take the point of a reply that is in the right commune; say what is doubtful in it."""
    doubts = _doubts(question, reply, belief)
    found = replace(
        decision,
        point=(reply.longitude, reply.latitude),
        precision=PRECISIONS[reply.kind],
        method=METHOD,
        score=min(decision.score, reply.score),
    )
    found = _said(found, _named(question, reply))
    if not doubts:
        return found
    text = f"À vérifier : {' ; '.join(doubts)}."
    return _said(_to_check(found, (decision.code,), gazetteer.thresholds.scores.propose), text)


def _named(question: Question, reply: Found) -> str:
    """Say what was found, and that it is the street when a number was asked for."""
    label = f"{_LABELS[reply.kind]} du service national : {quote(reply.label)}"
    text = f"{label}, score {_decimal(reply.score)}."
    if reply.kind == STREET and question.text[:1].isdigit():
        return f"{text} Numéro inconnu : placée à la voie."
    return text


def _doubts(question: Question, reply: Found, belief: Belief) -> list[str]:
    doubts = []
    if reply.score < belief.sur:
        doubts.append(f"score inférieur à {_decimal(belief.sur)}")
    if reply.next_score and reply.score - reply.next_score < belief.marge:
        doubts.append("une autre adresse convient presque autant")
    if reply.kind == HOUSE and not numbers_in(reply.number) <= numbers_in(question.text):
        doubts.append(f"numéro {quote(reply.number)} au lieu de celui de la ligne")
    if way := another_way(question.text, reply.street):
        doubts.append(way)
    if likeness(question.text, reply.street) < belief.ressemblance_sure:
        doubts.append("le nom de la voie n'est pas tout à fait celui de la ligne")
    return doubts


def _proposed(
    decision: Decision,
    reply: Found,
    communes: tuple[str, ...],
    sight: Sight,
    gazetteer: Gazetteer,
    belief: Belief,
) -> Decision:
    """Propose the commune of a reply for a row that had none of its own: never as sure.

    Between namesakes the service is no judge: it knows a street in one of them, that is all.
    """
    told = f"Le service national propose {quote(reply.label)}, score {_decimal(reply.score)}"
    candidates = tuple(dict.fromkeys((*communes, *decision.candidates)))
    candidates = candidates[: gazetteer.thresholds.candidats]
    strong = reply.score >= belief.sur and len(communes) == 1 and _near(sight, belief)
    if decision.candidates or not strong:
        return _said(replace(decision, candidates=candidates, status=TO_CHECK), f"{told}.")
    code = communes[0]
    found = replace(
        decision,
        code=code,
        nom=gazetteer.toponym_of_commune(code).nom,
        point=(reply.longitude, reply.latitude),
        precision=PRECISIONS[reply.kind],
        method=METHOD,
        score=reply.score,
    )
    limit = gazetteer.thresholds.scores.propose
    return _said(_to_check(found, candidates, limit), f"{told} : à confirmer.")


def _contradicted(
    decision: Decision, reply: Found, communes: tuple[str, ...], gazetteer: Gazetteer
) -> Decision:
    """Keep our commune against that of the service; both are candidates."""
    told = ", ".join(gazetteer.toponym_of_commune(code).described for code in communes[:3])
    text = f"Contradiction : le service national place cette adresse à {told}"
    text = f"{text} ({quote(reply.label)}, score {_decimal(reply.score)})."
    return _doubtful(decision, (decision.code, *communes), text, gazetteer)


def _doubtful(
    decision: Decision, candidates: tuple[str, ...], text: str, gazetteer: Gazetteer
) -> Decision:
    limit = gazetteer.thresholds.scores.contradiction
    return _said(replace(_to_check(decision, candidates, limit), contradicted=True), text)


def _to_check(decision: Decision, candidates: tuple[str, ...], limit: float) -> Decision:
    known = decision.candidates if decision.status != SURE else ()
    return replace(
        decision,
        status=TO_CHECK,
        score=min(decision.score, limit),
        candidates=tuple(dict.fromkeys((*candidates, *known))),
    )


def _near(sight: Sight, belief: Belief) -> bool:
    return 0 <= sight.gap_km <= belief.ecart_tolere_km


def _said(decision: Decision, text: str) -> Decision:
    return replace(decision, reason=f"{decision.reason} {text}".strip())


def _decimal(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _km(distance: float) -> str:
    return f"{distance:.1f} km".replace(".", ",")
