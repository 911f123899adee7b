"""Second readings of a cell, for what the first one does not know: habits, swapped columns."""

from __future__ import annotations

import re

from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.normalise import MAX_LENGTH, Town, bare_key, read_town
from territoires.geocoding.toponyms import Toponym
from territoires.tables.text import plain

_TAIL = re.compile(r"(.+?)(?:\s*\(\s*([^()]+?)\s*\)|\s*[,/]\s*([^,/]+)|\s+[-–—]\s+(.+))\s*")
_OFFICE = re.compile(
    r"(?:mairie|commune|ville|municipalite|hotel de ville|ccas|cias|bourg)"
    r" (?:(de la|de l|du|des)|de|d) (.+)"
)
_ARTICLES = {"de la": "la ", "de l": "l ", "du": "le ", "des": "les ", None: ""}


def reread(text: str, gazetteer: Gazetteer) -> Town | None:
    """Read again a town whose name, as a whole, is not known.

    Parameters
    ----------
    text : str
        ``"Le Vigan (Gard)"``, ``"Saint-Denis, La Réunion"``, ``"Mairie du Havre"``.
    gazetteer : Gazetteer
        Names.

    Returns
    -------
    Town or None
        A town of a known name, with the département that was typed beside it, if any; ``None``
        when no second reading is better.
    """
    line = text[:MAX_LENGTH]
    return _before_departement(line, gazetteer) or _after_office(line, gazetteer)


def is_rather_a_postcode(
    code: str, coded: Toponym, town: Town, postcode: str, gazetteer: Gazetteer
) -> bool:
    """Tell whether a commune code is a postcode in the wrong column.

    30120 is the commune code of Gagnières and the postcode of Le Vigan: beside the name of Le
    Vigan, and without a postcode that says otherwise, it is the postcode.
    """
    if not town.key or town.key in coded.keys or not gazetteer.knows_postcode(code):
        return False
    found = gazetteer.in_postcode(code).spelt(town)
    if not found or any(gazetteer.in_commune(each).spelt(town) for each in coded.communes):
        return False
    codes = {each for toponym in found.alive for each in (toponym.code, *toponym.communes)}
    return postcode in {"", code, *codes}


def town_name(town: Town, postcode: str, gazetteer: Gazetteer) -> str:
    """Return the official name of a town within a postcode."""
    found = gazetteer.in_postcode(postcode).spelt(town)
    return found.alive[0].nom if found else town.key


def _before_departement(text: str, gazetteer: Gazetteer) -> Town | None:
    found = _TAIL.fullmatch(text)
    if not found:
        return None
    departement = gazetteer.departement_named(found[2] or found[3] or found[4])
    town = read_town(found[1])
    if not departement or not gazetteer.in_departement(departement).spelt(town):
        return None
    return town._replace(departement=departement)


def _after_office(text: str, gazetteer: Gazetteer) -> Town | None:
    """Leave out "mairie de", whose article goes back to the name: "mairie du Havre"."""
    found = _OFFICE.fullmatch(plain(text).replace("(", " ").replace(")", " "))
    if not found:
        return None
    town = read_town(_ARTICLES[found[1]] + found[2])
    if gazetteer.in_france.spelt(town):
        return town._replace(bare=bare_key(town.key))
    return None
