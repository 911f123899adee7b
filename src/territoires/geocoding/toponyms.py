"""What a name or a code may designate: a commune, a part of one, or one that no longer is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from territoires.geocoding.normalise import bare_key, compact_key


class Kind(IntEnum):
    """Nature of a toponym; the lower, the more alive: a living name wins over a past one."""

    COMMUNE = 0
    ARRONDISSEMENT = 1
    COLLECTIVITE = 2
    DELEGUEE = 3
    ASSOCIEE = 4
    ANCIENNE = 5

    @property
    def rank(self) -> int:
        """0 for what exists, 1 for a part of a commune, 2 for the past."""
        return (0, 0, 0, 1, 1, 2)[self]


LABELS = {
    Kind.COMMUNE: "commune",
    Kind.ARRONDISSEMENT: "arrondissement municipal",
    Kind.COLLECTIVITE: "collectivité d'outre-mer",
    Kind.DELEGUEE: "commune déléguée",
    Kind.ASSOCIEE: "commune associée",
    Kind.ANCIENNE: "ancienne commune",
}


@dataclass(frozen=True, slots=True, eq=False)
class Toponym:
    """One thing that a list may name.

    Attributes
    ----------
    code : str
        Its own code, past or present.
    nom : str
        Official name.
    kind : Kind
        Nature.
    communes : tuple of str
        Current communes that hold it: one; several where history is ambiguous; none for an
        overseas collectivity, which the register does not hold.
    departements : tuple of str
        Where a list may say it is: that of its own code, and those of its communes.
    postcodes : tuple of str
        Those of its communes, or its own when it has some.
    key : str
        Normalised name.
    """

    code: str
    nom: str
    kind: Kind
    communes: tuple[str, ...]
    departements: tuple[str, ...]
    postcodes: tuple[str, ...]
    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The key, and what stands before the parentheses of an official name, if any."""
        before, parenthesis, _ = self.nom.partition(" (")
        if not parenthesis:
            return (self.key,)
        return (self.key, " ".join(self.key.split()[: len(before.replace("-", " ").split())]))

    @property
    def bare(self) -> str:
        """The key without its article."""
        return bare_key(self.key)

    @property
    def compact(self) -> str:
        """The key without its spaces."""
        return compact_key(self.key)

    @property
    def described(self) -> str:
        """Name, code and, unless it is a commune, nature."""
        nature = "" if self.kind is Kind.COMMUNE else f", {LABELS[self.kind]}"
        return f"{self.nom} ({self.code}{nature})"


def departement_of(code: str) -> str:
    """Département, or overseas collectivity, of a commune code: ``"2A"``, ``"974"``, ``"30"``."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]
