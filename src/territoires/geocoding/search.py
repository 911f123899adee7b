"""From clues to an answer: the strongest evidence first, nothing guessed between equals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from territoires.geocoding.evidence import Clues, departements_of_postcode
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.names import Match
from territoires.geocoding.toponyms import Toponym
from territoires.tables.text import of_name

_SHORTEST_TOWN = 4  # letters: "Eu" or "Sens" start too many sentences


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clues designate, before the other clues are asked whether they agree.

    Attributes
    ----------
    toponyms : tuple of Toponym
        Equally good; usually one.
    method : str
        ``code`` or ``hors_ligne``.
    score : float
        0 to 1, before doubts.
    sure : bool
        The evidence is enough by itself.
    notes, doubts : tuple of str
        French sentences: what was matched, what contradicts.
    others : tuple of Toponym
        Less good answers, kept as candidates.
    margin : float
        By how much, in likeness, the name beats that of the next commune; 1 when it is as typed.
    """

    toponyms: tuple[Toponym, ...]
    method: str
    score: float
    sure: bool
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    others: tuple[Toponym, ...] = ()
    margin: float = 1.0


def search(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    """Search the place that clues designate.

    Parameters
    ----------
    clues : Clues
        What the row says.
    gazetteer : Gazetteer
        Where to look.

    Returns
    -------
    Answer or None
        ``None`` when nothing in the row leads anywhere.
    """
    if clues.coded:
        return _by_code(clues, clues.coded, gazetteer)
    if not clues.town.key:
        return _by_postcode_alone(clues, gazetteer)
    if clues.postcode:
        return _by_postcode(clues, gazetteer)
    if clues.departement:
        return _by_departement(clues, gazetteer)
    return _by_name(clues, gazetteer)


def communes_of(toponyms: Iterable[Toponym]) -> set[str]:
    """Return the current communes behind some toponyms."""
    return {code for toponym in toponyms for code in toponym.communes}


def _by_code(clues: Clues, coded: Toponym, gazetteer: Gazetteer) -> Answer:
    return Answer(
        (coded,),
        "code",
        gazetteer.thresholds.scores.code,
        len(coded.communes) == 1,
        (f"Code commune {clues.code} : {coded.nom}.",),
    )


def _by_postcode(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    index = gazetteer.in_postcode(clues.postcode)
    base = gazetteer.thresholds.scores.code_postal_et_nom
    if found := index.spelt(clues.town):
        return _answer(clues, found, base, f"dans le code postal {clues.postcode}")
    return (
        _beside_postcode(clues, gazetteer)
        or _within_line(clues, gazetteer)
        or _alike_in_postcode(clues, gazetteer)
        or _elsewhere(clues, gazetteer)
        or _alike_in_departements(clues, gazetteer)
        or _by_postcode_alone(clues, gazetteer)
    )


def _within_line(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    """Find the town among the words of an address, where a postcode narrows what it may be."""
    if not clues.in_line:
        return None
    index = gazetteer.in_postcode(clues.postcode)
    words = clues.town.key.split()
    found = index.leading(words) if clues.in_line == "apres" else index.trailing(words)
    if found is None:
        return None
    match, taken = found
    # Words left over may belong to a longer name ("Saint-Martin" of "Saint-Martin-le-Beau"), or to
    # a street: only a postcode of a single commune leaves no doubt.
    alone = len(gazetteer.communes_of_postcode(clues.postcode)) == 1
    place = f"dans le code postal {clues.postcode}"
    answer = _answer(
        clues, match, gazetteer.thresholds.scores.code_postal_et_nom, place, sure=alone
    )
    rest = words[taken:] if clues.in_line == "apres" else words[: len(words) - taken]
    if alone or not rest:
        return answer
    return _noted(answer, f"Mots non reconnus à côté du nom : « {' '.join(rest)[:60]} ».")


def _beside_postcode(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    """Find the name, well spelt, in the département of its postcode."""
    departements = _departements(clues, gazetteer)
    found = [
        match
        for code in departements
        if (match := gazetteer.in_departement(code).spelt(clues.town))
    ]
    if not found:
        return None
    place = f"dans le département {' ou '.join(departements)}"
    base = gazetteer.thresholds.scores.departement_et_nom
    answer = _answer(clues, found[0], base, place)
    coded = gazetteer.by_code(clues.postcode)
    if coded and coded.communes and communes_of(answer.toponyms) == set(coded.communes):
        note = f"{clues.postcode} est son code commune, non son code postal."
        return _noted(answer, note)
    if not gazetteer.knows_postcode(clues.postcode):
        note = f"Code postal {clues.postcode} inconnu (CEDEX ou spécial) : lu comme un département."
        return _noted(answer, note)
    if clues.town.cedex:
        return _noted(answer, f"Code postal {clues.postcode} : CEDEX, lu comme un département.")
    return _against_postcode(answer, clues.postcode, gazetteer)


def _alike_in_postcode(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    limits = gazetteer.thresholds
    index = gazetteer.in_postcode(clues.postcode)
    found = index.alike(clues.town, limits.verifier_code_postal)
    sure = bool(
        found
        and found.likeness >= limits.sur_code_postal
        and found.margin >= limits.marge
        # "Bergholt" is near Bergholtz, and the start of Bergholtzzell.
        and not index.begun(clues.town, communes_of(found.toponyms))
    )
    if not sure:
        found = index.started(clues.town) or found
    if not found:
        return None
    place = f"dans le code postal {clues.postcode}"
    return _answer(clues, found, limits.scores.code_postal_et_nom, place, sure=sure)


def _elsewhere(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    """Find the name, well spelt, in another département than that of its postcode."""
    found = gazetteer.in_france.spelt(clues.town)
    if not found:
        return None
    answer = _answer(clues, found, gazetteer.thresholds.scores.nom_unique, "en France", sure=False)
    if not gazetteer.knows_postcode(clues.postcode):
        doubt = f"Le code postal {clues.postcode} est inconnu, et d'un autre département."
        return replace(answer, sure=False, doubts=(*answer.doubts, doubt))
    return _against_postcode(answer, clues.postcode, gazetteer)


def _alike_in_departements(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    if gazetteer.knows_postcode(clues.postcode):
        return None
    for code in _departements(clues, gazetteer):
        index = gazetteer.in_departement(code)
        found = index.alike(clues.town, gazetteer.thresholds.verifier_departement)
        found = found or index.started(clues.town)
        if found:
            base = gazetteer.thresholds.scores.departement_et_nom
            answer = _answer(clues, found, base, f"dans le département {code}", sure=False)
            return _noted(answer, f"Code postal {clues.postcode} inconnu.")
    return None


def _by_departement(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    limits = gazetteer.thresholds
    index = gazetteer.in_departement(clues.departement)
    place = f"dans le département {clues.departement}"
    base = limits.scores.departement_et_nom
    if found := index.spelt(clues.town):
        # "Le Bourg" is a commune, and the address of half of the villages.
        beside = bool(clues.town.departement) or not clues.in_line
        return _answer(clues, found, base, place, sure=beside)
    found = index.alike(clues.town, limits.verifier_departement)
    if found:
        near = found.likeness >= limits.sur_departement and found.margin >= limits.marge
        sure = near and not clues.in_line
        return _answer(clues, found, base, place, sure=sure)
    if found := index.started(clues.town):
        return _answer(clues, found, base, place, sure=False)
    # The same name elsewhere is worth proposing; a name that merely looks like it is not.
    elsewhere = gazetteer.in_france.meant(clues.town)
    if not elsewhere:
        return None
    return _answer(clues, elsewhere, limits.scores.nom_unique, "en France", sure=False)


def _by_name(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    limits = gazetteer.thresholds
    index = gazetteer.in_france
    found = index.meant(clues.town)
    if not found:
        found = index.alike(clues.town, limits.verifier_france)
        if not found:
            return _first_words(clues, gazetteer)
        return _answer(clues, found, limits.scores.nom_unique, "en France", sure=False)
    alone = len(communes_of(found.toponyms)) == 1 and found.toponyms[0].kind.rank < 2
    # A name that stands in an address may be a street or a hamlet: it is only proposed.
    sure = alone and not clues.in_line
    answer = _answer(clues, found, limits.scores.nom_unique, "en France", sure=sure)
    if alone:
        return answer
    if not communes_of(found.toponyms):
        return answer
    if len(communes_of(found.toponyms)) == 1:
        return _noted(answer, "C'est le nom d'une ancienne commune : à confirmer.")
    return _noted(answer, "Ni code postal ni département pour distinguer les homonymes.")


def _first_words(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    """Propose the town that starts a cell of names: "Nîmes et environs"."""
    words = clues.town.key.split()
    found = None if clues.in_line else gazetteer.in_france.leading(words)
    if found is None or len(" ".join(words[: found[1]])) < _SHORTEST_TOWN:
        return None
    match, taken = found
    base = gazetteer.thresholds.scores.a_choisir
    answer = _answer(clues, match, base, "en France", sure=False)
    return _noted(answer, f"Mots non reconnus à côté du nom : « {' '.join(words[taken:])[:60]} ».")


def _by_postcode_alone(clues: Clues, gazetteer: Gazetteer) -> Answer | None:
    toponyms = tuple(
        toponym
        for toponym in gazetteer.in_postcode(clues.postcode).toponyms
        if toponym.kind.rank == 0
    )
    if not toponyms:
        return None
    said = f"Nom {clues.typed} non reconnu. " if clues.town.key else "Pas de nom de commune. "
    note = f"{said}Code postal {clues.postcode} seul."
    score = gazetteer.thresholds.scores.code_postal_seul
    return Answer(toponyms, "hors_ligne", score, False, (note,))


def _departements(clues: Clues, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the départements of a postcode: by its digits, and by the communes that have it."""
    known = (
        departement
        for toponym in gazetteer.in_postcode(clues.postcode).toponyms
        if toponym.kind.rank == 0
        for departement in toponym.departements
    )
    return tuple(dict.fromkeys((*departements_of_postcode(clues.postcode), *known)))


def _answer(clues: Clues, found: Match, base: float, place: str, *, sure: bool = True) -> Answer:
    alive = found.alive
    others = tuple(toponym for toponym in found.toponyms if toponym not in alive)
    only = len(communes_of(alive)) == 1
    note = _matched(clues, found, alive, place)
    score = base * found.likeness
    sure = sure and only
    return Answer(alive, "hors_ligne", score, sure, (note,), others=others, margin=found.margin)


def _matched(clues: Clues, found: Match, alive: tuple[Toponym, ...], place: str) -> str:
    what = {
        "exact": "Nom trouvé",
        "article": "Nom trouvé, à l'article près,",
        "espaces": "Nom trouvé, aux espaces près,",
        "debut": f"Nom incomplet ou trop long ({clues.typed}), trouvé",
        "ressemblance": f"Nom proche de {clues.typed}",
    }[found.how]
    names = ", ".join(dict.fromkeys(toponym.nom for toponym in alive[:3]))
    more = "…" if len({toponym.nom for toponym in alive}) > 3 else ""
    return f"{what} {place} : {names}{more}."


def _postcode_of_others(postcode: str, gazetteer: Gazetteer) -> str:
    communes = gazetteer.communes_of_postcode(postcode)
    if not communes:
        return f"Le code postal {postcode} est celui d'une autre collectivité."
    names = ", ".join(of_name(gazetteer.toponym_of_commune(code).nom) for code in communes[:3])
    more = "…" if len(communes) > 3 else ""
    return f"Le code postal {postcode} est celui {names}{more}."


def _noted(answer: Answer, note: str) -> Answer:
    return replace(answer, notes=(*answer.notes, note))


def _against_postcode(answer: Answer, postcode: str, gazetteer: Gazetteer) -> Answer:
    """Say that a name is not of its postcode: the communes that are may have been meant."""
    doubt = _postcode_of_others(postcode, gazetteer)
    theirs = tuple(each for each in gazetteer.in_postcode(postcode).toponyms if each.kind.rank == 0)
    return replace(
        answer, sure=False, doubts=(*answer.doubts, doubt), others=(*answer.others, *theirs)
    )
