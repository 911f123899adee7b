"""Checks on the place of one row: codes present and past, postcode, name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from territoires.communes import Register
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.normalise import read_town
from territoires.geocoding.toponyms import Kind, Toponym
from territoires.initiatives.rows import Row
from territoires.initiatives.schema import PLACE_COLUMNS, split_list
from territoires.tables import Finding
from territoires.tables.text import of_name

_CODE = re.compile(r"(\d{2}|2[AB])\d{3}")
_AGO = (Kind.DELEGUEE, Kind.ASSOCIEE, Kind.ANCIENNE)


@dataclass(frozen=True, eq=False)
class Atlas:
    """What places are checked against.

    Attributes
    ----------
    gazetteer : Gazetteer
        Codes and names, present and past.
    """

    gazetteer: Gazetteer

    @property
    def register(self) -> Register:
        """The communes in force."""
        return self.gazetteer.register

    def name(self, code: str) -> str:
        """Name a commune in force, with its code."""
        return self.gazetteer.toponym_of_commune(code).described


def check_place(row: Row, atlas: Atlas) -> Iterator[Finding]:
    """Everything that can be said of the place of a row."""
    code = row.get("code_commune")
    toponym = atlas.gazetteer.by_code(code.upper()) if code else None
    if not any(row.get(column) for column in PLACE_COLUMNS):
        yield row.finding(
            "information", None, "Aucun lieu : l'initiative restera « non localisée »."
        )
    yield from check_code(row, "code_commune", code, atlas)
    for covered in split_list(row.get("communes_couvertes")):
        yield from check_code(row, "communes_couvertes", covered, atlas)
    yield from _check_postcode(row, toponym, atlas)
    yield from _check_name(row, toponym, atlas)


def check_code(row: Row, column: str, code: str, atlas: Atlas) -> Iterator[Finding]:
    """Report a code that is unknown, or that is not in force any more."""
    if not code:
        return
    toponym = atlas.gazetteer.by_code(code.upper())
    if toponym is None:
        yield row.finding("erreur", column, _unknown_code(code, atlas), code)
    elif toponym.kind is Kind.COLLECTIVITE:
        message = f"{toponym.nom} : collectivité d'outre-mer, reconnue mais hors de la carte."
        yield row.finding("information", column, message, code)
    elif toponym.kind in _AGO:
        message = _not_in_force(toponym, atlas)
        if toponym.kind is Kind.ANCIENNE and atlas.gazetteer.knows_postcode(code):
            message += " C'est aussi un code postal : vérifiez lequel vous vouliez."
        yield row.finding("avertissement", column, message, code)


def _unknown_code(code: str, atlas: Atlas) -> str:
    padded = code.upper().zfill(5)
    if padded != code and _CODE.fullmatch(padded) and atlas.gazetteer.by_code(padded):
        known = atlas.gazetteer.by_code(padded)
        name = known.nom if known else ""
        return f"Code sans son zéro : {padded} est {name}."
    if atlas.gazetteer.knows_postcode(code):
        return "Ce n'est pas un code Insee mais un code postal : mettez-le dans code_postal."
    return f"Code de commune inconnu, au 1er janvier {atlas.register.cog} comme avant."


def _not_in_force(toponym: Toponym, atlas: Atlas) -> str:
    heirs = [atlas.name(code) for code in toponym.communes]
    if len(heirs) == 1:
        return f"Ancien code {of_name(toponym.nom)} : aujourd'hui {heirs[0]}."
    if heirs:
        shared = ", ".join(heirs)
        return f"Ancien code {of_name(toponym.nom)}, partagé entre {shared} : choisissez."
    return f"Ancien code {of_name(toponym.nom)}, sans commune actuelle connue."


def _check_postcode(row: Row, toponym: Toponym | None, atlas: Atlas) -> Iterator[Finding]:
    typed = row.get("code_postal")
    if not typed:
        return
    postcode = typed.replace(" ", "")
    if not re.fullmatch(r"\d{5}", postcode):
        message = "Un code postal a cinq chiffres."
        if re.fullmatch(r"\d{4}", postcode):
            message += f" Écrivez 0{postcode}."
        yield row.finding("erreur", "code_postal", message)
        return
    if toponym is None or not toponym.communes or not atlas.gazetteer.knows_postcode(postcode):
        return  # a business postcode (CEDEX) belongs to no commune: nothing to compare with
    current = [atlas.gazetteer.toponym_of_commune(code) for code in toponym.communes]
    if not any(postcode in place.postcodes for place in (toponym, *current)):
        message = f"Ce code postal n'est pas celui {of_name(current[0].described)}."
        yield row.finding("avertissement", "code_postal", message)


def _check_name(row: Row, toponym: Toponym | None, atlas: Atlas) -> Iterator[Finding]:
    """Report a commune whose name is not that of its code, past names and parts accepted."""
    town = read_town(row.get("commune"))
    if not town.key or toponym is None or not toponym.communes:
        return
    names = [atlas.gazetteer.in_commune(code) for code in toponym.communes]
    if any(index.spelt(town) or index.started(town) for index in names):
        return
    message = f"Le code_commune est celui {of_name(atlas.name(toponym.communes[0]))}."
    yield row.finding("avertissement", "commune", message)
