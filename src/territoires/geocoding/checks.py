"""Asks the clues that were not needed whether they agree with the answer."""

from __future__ import annotations

from dataclasses import replace

from territoires.geocoding.evidence import Clues, departements_of_postcode
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.names import Match, NameIndex
from territoires.geocoding.search import Answer, communes_of
from territoires.geocoding.toponyms import Kind, Toponym
from territoires.tables.text import of_name

_MANY = 5  # communes of a name beyond which naming them as candidates helps nobody


def check(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    """Compare an answer with the other clues of its row.

    Parameters
    ----------
    answer : Answer
        From the strongest clue.
    clues : Clues
        All of them.
    gazetteer : Gazetteer
        What they may mean.

    Returns
    -------
    Answer
        More precise where a clue names a part of the commune; with notes, doubts and candidates.
    """
    if answer.method == "code" and clues.town.key:
        answer = _check_town(answer, clues, gazetteer)
    if clues.postcode:
        answer = _check_postcode(answer, clues, gazetteer)
    if clues.departement:
        answer = _check_departement(answer, clues, gazetteer)
    if not (clues.notes or clues.doubts):
        return answer
    return replace(answer, notes=clues.notes + answer.notes, doubts=clues.doubts + answer.doubts)


def _check_town(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    coded = answer.toponyms[0]
    if clues.town.key == coded.key:
        return answer
    names = NameIndex(
        toponym for code in coded.communes for toponym in gazetteer.in_commune(code).toponyms
    )
    if clues.in_line:
        # An address says much besides its town: what is not understood in it contradicts nothing.
        found = names.spelt(clues.town)
        return _refined(answer, found) if found else answer
    found = names.spelt(clues.town) or names.started(clues.town)
    found = found or names.alike(clues.town, gazetteer.thresholds.nom_concordant)
    if found:
        return _refined(answer, found)
    return _name_of_others(answer, clues, gazetteer)


def _refined(answer: Answer, found: Match) -> Answer:
    """Keep the more precise of the place of the code and the place of the name."""
    coded, named = answer.toponyms[0], found.toponyms[0]
    note = f"Nom concordant : {named.described}."
    if coded.kind is named.kind is Kind.ARRONDISSEMENT and coded is not named:
        doubt = f"Le nom désigne un autre arrondissement : {named.nom}."
        return replace(answer, doubts=(*answer.doubts, doubt))
    if len(coded.communes) > 1 and len(communes_of(found.alive)) == 1:
        return replace(answer, toponyms=found.alive[:1], sure=True, notes=(*answer.notes, note))
    if coded.kind is Kind.COMMUNE and named.kind in (Kind.DELEGUEE, Kind.ASSOCIEE):
        return replace(answer, toponyms=(named,), notes=(*answer.notes, note))
    if coded.kind is Kind.COMMUNE and named.kind is Kind.ARRONDISSEMENT:
        return replace(answer, toponyms=(named,), notes=(*answer.notes, note))
    if found.how in ("debut", "ressemblance") or named.kind is not Kind.COMMUNE:
        return replace(answer, notes=(*answer.notes, note))
    return answer


def _name_of_others(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    doubt = f"Le nom {clues.typed} n'est pas celui de la commune du code."
    near = gazetteer.in_departement(answer.toponyms[0].departements[0]).spelt(clues.town)
    found = near or gazetteer.in_france.spelt(clues.town)
    others: tuple[Toponym, ...] = ()
    if found and len(communes_of(found.alive)) <= _MANY:
        others = found.alive
        doubt += f" Il désigne {', '.join(toponym.described for toponym in others)}."
    return replace(
        answer, sure=False, doubts=(*answer.doubts, doubt), others=answer.others + others
    )


def _check_postcode(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    postcode = clues.postcode
    holders = tuple(toponym for toponym in answer.toponyms if postcode in toponym.postcodes)
    if holders:
        return _narrowed(answer, clues, gazetteer)
    if answer.method != "code":
        return answer  # the search has already said what it made of this postcode
    coded = answer.toponyms[0]
    if any(postcode in gazetteer.postcodes_of(code) for code in coded.communes):
        return answer
    same = any(each in coded.departements for each in departements_of_postcode(postcode))
    if same and (clues.town.cedex or not gazetteer.knows_postcode(postcode)):
        note = f"Code postal {postcode} inconnu (CEDEX ou spécial), département concordant."
        return replace(answer, notes=(*answer.notes, note))
    return _postcode_of_others(answer, postcode, gazetteer)


def _narrowed(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    """Use a postcode to choose among the heirs of a former commune, or an arrondissement."""
    toponym = answer.toponyms[0]
    arrondissement = gazetteer.arrondissement_of_postcode(clues.postcode)
    if toponym.kind is Kind.COMMUNE and arrondissement and len(answer.toponyms) == 1:
        return replace(answer, toponyms=(arrondissement,))
    return answer


def _postcode_of_others(answer: Answer, postcode: str, gazetteer: Gazetteer) -> Answer:
    communes = gazetteer.communes_of_postcode(postcode)
    if communes:
        names = ", ".join(of_name(gazetteer.toponym_of_commune(code).nom) for code in communes[:3])
        more = "…" if len(communes) > 3 else ""
        doubt = f"Le code postal {postcode} est celui {names}{more}."
    else:
        doubt = f"Le code postal {postcode} est inconnu, et d'un autre département."
    few = communes if len(communes) <= _MANY else ()
    others = tuple(gazetteer.toponym_of_commune(code) for code in few)
    return replace(
        answer, sure=False, doubts=(*answer.doubts, doubt), others=answer.others + others
    )


def _check_departement(answer: Answer, clues: Clues, gazetteer: Gazetteer) -> Answer:
    if any(clues.departement in toponym.departements for toponym in answer.toponyms):
        return answer
    if not answer.toponyms[0].communes:
        return answer
    name = gazetteer.departement_name(clues.departement)
    doubt = f"La ligne dit le département {clues.departement} ({name})."
    return replace(answer, sure=False, doubts=(*answer.doubts, doubt))
