"""A member list as JSON, the way the browser of its owner keeps it, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from territoires.candidates.members import MemberList, parse_members
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.tables.kept_document import KeptFormat

FORMAT = KeptFormat(
    "territoires.adherents", version=1, max_characters=1_000_000, label="Liste d'adhérents",
    too_large="Liste d'adhérents trop grande", foreign="n'est pas une liste d'adhérents",
)  # fmt: skip
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
    return FORMAT.write(
        nom=members.nom, remarques=members.remarques, communes=" ".join(members.communes)
    )


def members_from_json(text: str) -> NamedMembers:
    """Read a list.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    InvalidRequest
        What it holds cannot be a member list.
    """
    document = FORMAT.read(text)
    communes = tuple(FORMAT.field(document, "communes", str).split())
    nom, findings = FORMAT.field(document, "nom", str), FORMAT.field(document, "remarques", int)
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
