"""A member list as JSON, the way the browser of its owner keeps it, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from territoires.candidates.members import MemberList, parse_members
from territoires.communes import Register
from territoires.errors import InvalidRequest, InvalidTable

FORMAT = "territoires.adherents"
VERSION = 1
MAX_CHARACTERS = 1_000_000
MAX_NAME_LENGTH = 200
MAX_COMMUNES = 40_000  # more than there are
MAX_FINDINGS = 1_000_000

_CODE = re.compile(r"(\d{2}|2[AB])\d{3}", re.ASCII)


@dataclass(frozen=True)
class NamedMembers:
    """A member list as it is kept.

    Attributes
    ----------
    nom : str
        Of the file it came from, or how it came.
    communes : tuple of str
        Commune codes, each once, never empty; in force when they were read.
    remarques : int
        How many findings its reading gave.

    Raises
    ------
    InvalidRequest
        No commune, too many, one twice, something that cannot be a code, or an impossible count.
    """

    nom: str
    communes: tuple[str, ...]
    remarques: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "nom", " ".join(self.nom.split())[:MAX_NAME_LENGTH])
        if not 1 <= len(self.communes) <= MAX_COMMUNES:
            raise InvalidRequest(
                f"Une liste d'adhérents a de 1 à {MAX_COMMUNES} communes ; "
                f"celle-ci en a {len(self.communes)}."
            )
        wrong = [code for code in self.communes if not _CODE.fullmatch(code)]
        if wrong:
            raise InvalidRequest(
                f"Liste d'adhérents : « {wrong[0]:.40} » n'est pas un code de commune."
            )
        if len(set(self.communes)) < len(self.communes):
            raise InvalidRequest("Liste d'adhérents : une commune y est deux fois.")
        if not 0 <= self.remarques <= MAX_FINDINGS:
            raise InvalidRequest("Liste d'adhérents : un nombre de remarques impossible.")


def members_to_json(members: NamedMembers) -> str:
    """Write a list; :func:`members_from_json` gives the same back."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "nom": members.nom,
        "remarques": members.remarques,
        "communes": " ".join(members.communes),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def members_from_json(text: str) -> NamedMembers:
    """Read a list.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    InvalidRequest
        What it holds cannot be a member list.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidTable(f"Liste d'adhérents trop grande : {len(text)} caractères.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidTable("Ce n'est pas du JSON : la liste d'adhérents est abîmée.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidTable("Ce fichier JSON n'est pas une liste d'adhérents de Territoires.")
    if document.get("version") != VERSION:
        raise InvalidTable(
            f"Liste d'adhérents d'une autre version du format : {document.get('version')!s:.20} ; "
            f"celle-ci lit la version {VERSION}."
        )
    communes = tuple(_of_type(document, "communes", str).split())
    nom, findings = _of_type(document, "nom", str), _of_type(document, "remarques", int)
    return NamedMembers(nom, communes, findings)


def members_in_force(members: NamedMembers, register: Register) -> MemberList:
    """Bring a list kept from an earlier visit to the communes of today.

    Returns
    -------
    MemberList
        A commune that has merged since is read as its heir; one that exists no more is left out.
        Its findings say so, and nothing else.
    """
    known = register.communes.index
    gone = [code for code in members.communes if code not in known]
    if not gone:
        return MemberList(members.communes)
    heirs = parse_members("\n".join(gone), register)
    here = [code for code in members.communes if code in known]
    return MemberList(tuple(dict.fromkeys((*here, *heirs.communes))), heirs.findings)


def _of_type(document: Mapping[str, Any], field: str, kind: type) -> Any:
    value = document.get(field)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidTable(
            f"Liste d'adhérents abîmée : le champ « {field} » manque ou n'est pas du bon type."
        )
    return value
