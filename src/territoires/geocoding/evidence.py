"""What a row says of its place, cleaned: codes repaired, postcodes read, doubts noted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.normalise import EMPTY, Town, read_town
from territoires.geocoding.rereading import is_rather_a_postcode, reread, town_name
from territoires.geocoding.toponyms import Toponym, departement_of
from territoires.tables.text import of_name, plain

_DIGITS = 5
_LETTERS_OF_A_NAME = 3  # a code of Corsica has one
_SHOWN = 60  # characters of a cell quoted in a reason
_CODE = re.compile(r"\d[\dAB]\d{3}")
_SHORT_CODE = re.compile(r"\d{4}|[1-9][AB]\d{2}")
_POSTCODE = re.compile(r"(?:F-?)?(\d{5})")
_SHORT_POSTCODE = re.compile(r"[1-9]\d{3}")
_SEVERAL_POSTCODES = re.compile(r"\s*(\d{5})(?:\s*[;,/|&+-]\s*\d{5})+\s*$")
_DATE = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b")
_FLOAT_TAIL = re.compile(r"[.,]0+$")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


class Evidence(NamedTuple):
    """The cells of a row that speak of its place, as typed (``""`` when empty or absent).

    Attributes
    ----------
    code, postcode, town, departement : str
        Cells of the columns of these roles.
    line_postcode, line_after, line_before : str
        The address, split: see :class:`territoires.geocoding.address.AddressParts`.
    """

    code: str = ""
    postcode: str = ""
    town: str = ""
    departement: str = ""
    line_postcode: str = ""
    line_after: str = ""
    line_before: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """Evidence, read.

    Attributes
    ----------
    coded : Toponym or None
        What the commune code designates.
    code, postcode, departement : str
        Cleaned; ``""`` when absent or unreadable.
    town : Town
        From the column of names, else from the address.
    in_line : str
        ``""`` when the town has its own cell, else where it stands in the address: ``apres`` the
        postcode or ``avant``.
    typed : str
        The town as typed, fit to be quoted.
    notes : tuple of str
        What was repaired or could not be read.
    doubts : tuple of str
        Cells that contradict one another.
    """

    coded: Toponym | None = None
    code: str = ""
    postcode: str = ""
    departement: str = ""
    town: Town = EMPTY
    in_line: str = ""
    typed: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def quote(text: str) -> str:
    """Quote a cell in a sentence: short, without control characters."""
    shown = _UNPRINTABLE.sub(" ", text[: _SHOWN + 1]).strip()
    if len(text) > _SHOWN:
        shown = shown[:_SHOWN].rstrip() + "…"
    return f"« {shown} »"


def read_clues(evidence: Evidence, gazetteer: Gazetteer) -> Clues:
    """Read the evidence of a row against the gazetteer; never raises."""
    notes: list[str] = []
    evidence = in_their_columns(evidence, gazetteer, notes)
    coded, code = _read_code(evidence.code, gazetteer, notes)
    lost = code if _CODE.fullmatch(code) and not coded else ""
    town, in_line, typed = _read_town(evidence, gazetteer, notes)
    if coded and is_rather_a_postcode(code, coded, town, evidence.postcode, gazetteer):
        notes.append(
            f"{code} est le code postal {of_name(town_name(town, code, gazetteer))}, "
            "non son code commune."
        )
        coded, evidence = None, evidence._replace(postcode="")
    found = [
        _read_postcode(evidence.postcode, notes),
        town.postcode,
        _read_postcode(evidence.line_postcode, notes),
        code if not coded and gazetteer.knows_postcode(code) else "",
    ]
    postcodes = _without_business(list(dict.fromkeys(filter(None, found))), gazetteer, notes)
    town = _without_cedex_number(town, evidence, postcodes)
    doubts: tuple[str, ...] = ()
    if len(postcodes) > 1:
        doubts = (f"Plusieurs codes postaux sur la ligne : {', '.join(postcodes)}.",)
    return Clues(
        coded=coded,
        code=code if coded else "",
        postcode=postcodes[0] if postcodes else "",
        departement=_read_departement(evidence.departement, town, lost, gazetteer, notes),
        town=town,
        in_line=in_line,
        typed=typed,
        notes=tuple(notes),
        doubts=doubts,
    )


def in_their_columns(evidence: Evidence, gazetteer: Gazetteer, notes: list[str]) -> Evidence:
    """Put back in its column a name typed in that of postcodes, or of codes."""
    if _exchanged(evidence.code, evidence.postcode, gazetteer):
        notes.append("Code commune et code postal sont chacun dans la colonne de l'autre.")
        evidence = evidence._replace(code=evidence.postcode, postcode=evidence.code)
    for role in ("postcode", "code"):
        cell = getattr(evidence, role)
        if not cell or cell.isdecimal() or not _looks_like_a_name(cell[:40]):
            continue
        town = read_town(cell)
        if not (town.key and gazetteer.in_france.spelt(town)) or read_town(evidence.town).key:
            continue
        label = "codes postaux" if role == "postcode" else "codes communes"
        notes.append(f"{quote(cell)} est un nom, dans la colonne des {label} : lu comme tel.")
        moved = town.postcode or plain(evidence.town)
        return evidence._replace(**{"town": cell, role: moved})
    return evidence


def _looks_like_a_name(cell: str) -> bool:
    letters = sum(map(str.isalpha, cell))
    return letters >= _LETTERS_OF_A_NAME or (letters > 0 and not any(map(str.isdecimal, cell)))


def _exchanged(code: str, postcode: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a code and a postcode agree only when each is read as the other."""
    if len(code) != _DIGITS or len(postcode) != _DIGITS:
        return False
    straight, turned = gazetteer.by_code(code.upper()), gazetteer.by_code(postcode.upper())
    if straight and postcode in straight.postcodes:
        return False
    return bool(turned and code in turned.postcodes)


def _without_business(postcodes: list[str], gazetteer: Gazetteer, notes: list[str]) -> list[str]:
    """Leave out a CEDEX beside a postcode of the same département: it says nothing more."""
    known = [each for each in postcodes if gazetteer.knows_postcode(each)]
    if len(postcodes) < 2 or not known:
        return postcodes
    here = {each for postcode in known for each in departements_of_postcode(postcode)}
    kept = [
        each for each in postcodes if each in known or not here & {*departements_of_postcode(each)}
    ]
    notes += [
        f"Code postal {each} inconnu (CEDEX), à côté de {known[0]}."
        for each in postcodes
        if each not in kept
    ]
    return kept


def departements_of_postcode(postcode: str) -> tuple[str, ...]:
    """Return where a postcode delivers, from its first digits: Corsica is two départements."""
    if postcode.startswith("20"):
        return {"200": ("2A",), "201": ("2A",), "202": ("2B",), "206": ("2B",)}.get(
            postcode[:3], ("2A", "2B")
        )
    # The CEDEX of La Réunion; Saint-Barthélemy and Saint-Martin have the postcodes of Guadeloupe.
    if postcode.startswith(("977", "978")):
        return ("974",)
    return (departement_of(postcode),)


def _read_code(cell: str, gazetteer: Gazetteer, notes: list[str]) -> tuple[Toponym | None, str]:
    """Return what the code designates, if anything, and the code as cleaned."""
    if not cell:
        return None, ""
    code = _FLOAT_TAIL.sub("", cell[:20].strip().strip("'\"").replace(" ", "").upper())
    toponym = gazetteer.by_code(code) if _CODE.fullmatch(code) else None
    if toponym:
        return toponym, code
    if _SHORT_CODE.fullmatch(code) and (toponym := gazetteer.by_code(f"0{code}")):
        notes.append(f"Code {quote(cell)} lu 0{code} (zéro perdu).")
        return toponym, f"0{code}"
    if gazetteer.knows_postcode(code):
        notes.append(f"{quote(cell)} n'est pas un code commune : lu comme un code postal.")
        return None, code
    notes.append(f"Code commune {quote(cell)} inconnu.")
    return None, code


def _read_town(evidence: Evidence, gazetteer: Gazetteer, notes: list[str]) -> tuple[Town, str, str]:
    """Return the town, where it stands in the address, and how it was typed."""
    kept = EMPTY
    if evidence.town:
        kept = _known_town(evidence.town, gazetteer, notes)
        if kept.key:
            return kept, "", quote(evidence.town)
    if evidence.line_after:
        town = _known_town(evidence.line_after, gazetteer, notes)
        return _with_numbers_of(town, kept), "apres", quote(evidence.line_after)
    if evidence.line_before:
        town = _known_town(evidence.line_before, gazetteer, notes)
        if town.departement.isdecimal() and f"({town.departement}" not in evidence.line_before:
            town = town._replace(departement="")  # a house number is not a département
        return _with_numbers_of(town, kept), "avant", quote(evidence.line_before)
    return kept, "", quote(evidence.town)


def _known_town(text: str, gazetteer: Gazetteer, notes: list[str]) -> Town:
    """Read a town; where its name is not known, leave out what people write around it."""
    town = read_town(text)
    if not town.key or gazetteer.in_france.spelt(town):
        return town
    better = reread(text, gazetteer)
    if better is None:
        return town
    if not better.departement:
        notes.append(f"{quote(text)} lu comme « {better.key} ».")
    return better._replace(
        departement=better.departement or town.departement,
        postcode=better.postcode or town.postcode,
        cedex=better.cedex or town.cedex,
    )


def _without_cedex_number(town: Town, evidence: Evidence, postcodes: list[str]) -> Town:
    """Forget the 9 of "Valence 9": beside a postcode of the Drôme, it is not the Ariège."""
    number = town.departement
    if not number.isdecimal() or not postcodes or f"({number}" in evidence.town:
        return town
    known = {each for postcode in postcodes for each in departements_of_postcode(postcode)}
    return town if number.zfill(2) in known else town._replace(departement="")


def _with_numbers_of(town: Town, cell: Town) -> Town:
    """Add what a cell of names held besides a name: ``"30120"``, ``"(30)"``."""
    if not (cell.postcode or cell.departement):
        return town
    return town._replace(
        postcode=cell.postcode or town.postcode,
        departement=cell.departement or town.departement,
    )


def _read_postcode(cell: str, notes: list[str]) -> str:
    """Return the five digits, or ``""``; say what was repaired or could not be read."""
    if not cell:
        return ""
    if cell.isdecimal() and cell.isascii() and len(cell) == 5:
        return cell
    text = _FLOAT_TAIL.sub("", cell[:20].strip().strip("'\"").replace(" ", "").upper())
    if found := _POSTCODE.fullmatch(text):
        return found[1]
    if _SHORT_POSTCODE.fullmatch(text):
        notes.append(f"Code postal {quote(cell)} lu 0{text} (zéro perdu).")
        return f"0{text}"
    if several := _SEVERAL_POSTCODES.match(cell[:40]):
        notes.append(f"Plusieurs codes postaux dans {quote(cell)} : le premier est lu.")
        return several[1]
    why = " : c'est une date, qu'un tableur a sans doute mise là" if _DATE.match(cell[:30]) else ""
    notes.append(f"Code postal {quote(cell)} illisible{why}.")
    return ""


def _read_departement(
    cell: str, town: Town, code: str, gazetteer: Gazetteer, notes: list[str]
) -> str:
    """Return the département of its column, else that of the name, else that of an unknown code."""
    found = gazetteer.read_departement(cell) if cell else ""
    if cell and not found:
        notes.append(f"Département {quote(cell)} inconnu.")
    if not found and town.departement:
        found = gazetteer.read_departement(town.departement)
    if not found and code:
        found = gazetteer.read_departement(departement_of(code))
    return found
