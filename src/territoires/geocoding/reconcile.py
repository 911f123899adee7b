"""Confronts what the texts of a row say with where its coordinates fall."""

from __future__ import annotations

import math
from dataclasses import replace

from territoires.geocoding.decide import NOT_FOUND, NOTHING_SAID, SURE, TO_CHECK, Decision
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.points import NO_POINT, USABLE, Sight
from territoires.tables.text import of_name

_SWAPPED = "Longitude et latitude semblent interverties : lues dans l'autre ordre."


def reconcile(decision: Decision, sight: Sight, gazetteer: Gazetteer) -> Decision:
    """Decide where a row is from its texts and its coordinates.

    Parameters
    ----------
    decision : Decision
        From the texts alone.
    sight : Sight
        From the coordinates.
    gazetteer : Gazetteer
        Names and thresholds.

    Returns
    -------
    Decision
        With ``point`` set to ``None`` when the coordinates of the row are kept. Where texts and
        coordinates part, both are candidates: a code wins over a point, a point over a name.
    """
    if sight.state == NO_POINT:
        return decision
    if sight.state != USABLE:
        text = f"Coordonnées {sight.state} : non utilisées."
        if sight.either:
            return _several_systems(decision, sight, text, gazetteer)
        return _said(decision, text)
    if decision.code and 0 <= sight.gap_km <= gazetteer.thresholds.ecart_tolere_km:
        return _agreed(decision, sight, gazetteer)
    if sight.commune:
        return _elsewhere(decision, sight, gazetteer)
    return _outside(decision, sight, gazetteer)


def _several_systems(decision: Decision, sight: Sight, text: str, gazetteer: Gazetteer) -> Decision:
    """Leave to a person metres that are on land in two systems, where no text chooses."""
    text += " Dites le système dans l'intitulé : « x_lambert2 », « x_utm20 »."
    if decision.status != NOT_FOUND or decision.nom:
        return _said(decision, text)
    scores = gazetteer.thresholds.scores
    asked = replace(
        decision,
        method="coordonnees",
        status=TO_CHECK,
        score=scores.a_choisir,
        candidates=sight.either,
        margin=0.0,
    )
    return _said(asked, text)


def _agreed(decision: Decision, sight: Sight, gazetteer: Gazetteer) -> Decision:
    text = "Coordonnées concordantes."
    if sight.commune != decision.code:
        text = f"Point à {_km(sight.gap_km)} de la commune : concordant (contours simplifiés)."
    text += _how_read(sight)
    # A doubt between namesakes or spellings is lifted by a point in one of them.
    certain = not decision.contradicted
    return replace(
        decision,
        point=None,
        precision="coordonnees",
        method="code" if decision.method == "code" else "coordonnees",
        reason=f"{decision.reason} {text}",
        status=SURE if certain else decision.status,
        score=gazetteer.thresholds.scores.coordonnees if certain else decision.score,
        candidates=() if certain else decision.candidates,
        margin=1.0 if certain else decision.margin,
    )


def _elsewhere(decision: Decision, sight: Sight, gazetteer: Gazetteer) -> Decision:
    """Decide for a point in a commune that is not the one of the texts, if they name one."""
    nom = gazetteer.toponym_of_commune(sight.commune).nom
    scores = gazetteer.thresholds.scores
    found = replace(
        decision,
        code=sight.commune,
        nom=nom,
        point=None,
        precision="coordonnees",
        method="coordonnees",
        candidates=(),
        margin=1.0,
    )
    note = f"Le point est dans {nom} ({sight.commune}).{_how_read(sight)}"
    if not decision.contradicted and decision.candidates:
        here = (sight.commune, *sight.across)
        possible = tuple(code for code in here if code in decision.candidates)
        if possible:
            return _one_of_the_possible(found, possible, note, gazetteer)
    if not decision.code and not decision.candidates:
        if sight.across:
            text = f"{note} {_too_near(sight.across, gazetteer)}"
            return _borderline(found, (sight.commune, *sight.across), text, gazetteer)
        if sight.swapped:
            found = replace(found, candidates=(sight.commune,))
            return _said(replace(found, status=TO_CHECK, score=scores.propose), note)
        return _said(replace(found, status=SURE, score=scores.coordonnees), note)
    return _contradicted(
        decision, found, f"Contradiction : {note[:1].lower()}{note[1:]}", gazetteer
    )


def _one_of_the_possible(
    found: Decision, possible: tuple[str, ...], note: str, gazetteer: Gazetteer
) -> Decision:
    """Choose, among the communes of the texts, the one where the point is, or just across."""
    first = possible[0]
    if len(possible) > 1:
        text = f"{note} {_too_near(possible[1:], gazetteer)}"
        return _borderline(found, possible, text, gazetteer)
    text = f"{note} C'est l'une des communes possibles."
    if first != found.code:
        nom = gazetteer.toponym_of_commune(first).nom
        found = replace(found, code=first, nom=nom)
        text = f"{note} {nom} ({first}), de l'autre côté de la limite, est l'une des possibles."
    score = gazetteer.thresholds.scores.coordonnees
    return _said(replace(found, status=SURE, score=score), text)


def _borderline(
    found: Decision, possible: tuple[str, ...], text: str, gazetteer: Gazetteer
) -> Decision:
    """Leave a point on a simplified line to a person: no text says on which side it is."""
    first = possible[0]
    doubtful = replace(
        found,
        code=first,
        nom=gazetteer.toponym_of_commune(first).nom,
        status=TO_CHECK,
        score=gazetteer.thresholds.scores.propose,
        candidates=possible[: gazetteer.thresholds.candidats],
        margin=0.0,
    )
    return _said(doubtful, text)


def _too_near(across: tuple[str, ...], gazetteer: Gazetteer) -> str:
    metres = round(1000 * gazetteer.thresholds.contours_embarques_km)
    names = [f"{of_name(gazetteer.toponym_of_commune(code).nom)} ({code})" for code in across[:3]]
    return f"À moins de {metres} m {', '.join(names)} : les contours simplifiés ne départagent pas."


def _contradicted(
    decision: Decision, by_point: Decision, text: str, gazetteer: Gazetteer
) -> Decision:
    """Keep the code against the point, the point against a name; both stay candidates."""
    kept = decision if decision.method == "code" and decision.code else by_point
    candidates = dict.fromkeys((kept.code, decision.code, by_point.code, *decision.candidates))
    candidates.pop("", None)
    return _said(
        replace(
            kept,
            status=TO_CHECK,
            score=gazetteer.thresholds.scores.contradiction,
            candidates=tuple(candidates)[: gazetteer.thresholds.candidats],
            contradicted=True,
            margin=0.0,
        ),
        text,
    )


def _outside(decision: Decision, sight: Sight, gazetteer: Gazetteer) -> Decision:
    """Decide for a point in no commune: at sea, abroad, in an overseas collectivity."""
    if sight.nearest and sight.nearest_km <= gazetteer.thresholds.littoral_km:
        return _by_the_shore(decision, sight, gazetteer)
    if decision.nom and not decision.code:
        # An overseas collectivity has no outline here: nothing says that the point is wrong.
        return replace(decision, point=None, precision="coordonnees")
    if not decision.code:
        return _said(decision, "Le point est hors des communes de France.")
    far = "" if math.isinf(sight.gap_km) else f", à {_km(sight.gap_km)} de la commune"
    text = f"Contradiction : le point est hors des communes de France{far}."
    return _contradicted(decision, decision, text, gazetteer)


def _by_the_shore(decision: Decision, sight: Sight, gazetteer: Gazetteer) -> Decision:
    nom = gazetteer.toponym_of_commune(sight.nearest).nom
    where = f"Le point est hors de toute commune, à {_km(sight.nearest_km)} {of_name(nom)}"
    found = replace(
        decision,
        code=sight.nearest,
        nom=nom,
        point=None,
        precision="coordonnees",
        method="coordonnees",
        status=TO_CHECK,
        score=gazetteer.thresholds.scores.propose,
        candidates=(sight.nearest,),
        margin=1.0,
    )
    if decision.status == NOT_FOUND:
        return _said(found, f"{where} (littoral ou frontière).")
    if sight.nearest in decision.candidates and not decision.contradicted:
        return _said(found, f"{where}, l'une des communes possibles.")
    return _contradicted(
        decision, found, f"Contradiction : {where[:1].lower()}{where[1:]}.", gazetteer
    )


def _how_read(sight: Sight) -> str:
    read = f" Coordonnées lues en {sight.system}." if sight.system else ""
    return f"{read} {_SWAPPED}" if sight.swapped else read


def _said(decision: Decision, text: str) -> Decision:
    before = "" if decision.reason == NOTHING_SAID else decision.reason
    return replace(decision, reason=f"{before} {text}".strip())


def _km(distance: float) -> str:
    if distance < 0.1:
        return "moins de 0,1 km"
    return f"{distance:.1f} km".replace(".", ",") if distance < 100 else f"{distance:.0f} km"
