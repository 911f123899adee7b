"""References: as a person types one, and the territories of initiatives that may serve as one."""

from __future__ import annotations

from dataclasses import dataclass

from territoires.candidates.member_codes import CodeReader
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.initiatives import Directory
from territoires.initiatives.perimeter import WHOLE, perimeter_of
from territoires.territory import Territoire, find_territory, territory_from_code

_COMMUNE_LENGTHS = (4, 5)  # a spreadsheet may have eaten the leading zero


@dataclass(frozen=True)
class TypedReference:
    """What was typed, understood.

    Attributes
    ----------
    territory : Territoire
        Whole communes, or a part.
    note : str
        French: what was understood beyond the obvious; empty otherwise.
    """

    territory: Territoire
    note: str = ""


def read_reference(register: Register, text: str) -> TypedReference:
    """Find the territory that a person looks like.

    Parameters
    ----------
    register : Register
        The communes in force.
    text : str
        Typed code (``com:30350``, ``epci:…``), bare code of a commune, in force or former, SIREN,
        or a name that only one territory has.

    Raises
    ------
    InvalidRequest
        A bare code stands for no commune; the message says what it was, if anything.
    UnknownTerritory, AmbiguousTerritory
        As :func:`find_territory`.
    """
    token = text.strip()
    if len(token) not in _COMMUNE_LENGTHS or not CodeReader(register).looks_like_code(token):
        return TypedReference(find_territory(register, token))
    answer = CodeReader(register).read(token)
    if not answer.codes:
        message = (
            f"« {token} » : {answer.problem}. Un code INSEE a cinq caractères, par exemple 30350 "
            "ou 2A004 ; un code d'autre sorte s'écrit avec son type : epci:…, dep:30, reg:76."
        )
        raise InvalidRequest(message)
    note = f"« {token} » : {answer.note}." if answer.note else ""
    return TypedReference(territory_from_code(register, f"com:{answer.codes[0]}"), note)


def initiative_territories(register: Register, directory: Directory) -> dict[str, Territoire]:
    """Return the territories of initiatives whose perimeter is exactly whole communes.

    Of the others (a quartier, a perimeter to be checked), no figure is known: none is a reference.

    Parameters
    ----------
    register : Register
        The communes.
    directory : Directory
        Already filtered to the types and statuses wanted.

    Returns
    -------
    dict of str to Territoire
        By identifier of the initiative, rising.
    """
    perimeters = directory.frame["perimetre"]
    whole = sorted(perimeters.index[perimeters == WHOLE])
    found = {one: perimeter_of(register, directory, one) for one in whole}
    return {one: territory for one, territory in found.items() if territory is not None}
