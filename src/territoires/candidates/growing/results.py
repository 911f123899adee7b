"""What a search returns: territories, why each stopped, the verdict on every commune."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from territoires.candidates.growing.contiguity import Link
from territoires.candidates.growing.rules import GrowthRules
from territoires.candidates.wording import format_inhabitants
from territoires.errors import InvalidRequest

COMMUNE, GROUP, PART = "commune", "groupe", "partie"

RETAINED = "retenue"
VERDICTS: dict[str, str] = {
    RETAINED: "elle est dans un territoire retenu",
    "refusee": "elle est dans la liste des communes refusées",
    "population_inconnue": "sa population n'est pas connue",
    "non_classee": "elle n'est pas classée : son besoin n'est pas assez connu",
    "ailleurs": "d'autres territoires ont été préférés, ou ont pris ses voisines",
    "seule": "elle convient seule, mais d'autres territoires ont été préférés",
    "trop_peuplee": "une partie suffirait, mais d'autres territoires ont été préférés",
    "ile": "île, sans liaison déclarée",
    "isolee": "tout ce qui peut la rejoindre ne suffit pas",
    "hors_depart": "elle ne peut pas être groupée, et n'est pas une commune de départ",
    "hors_demande": "elle n'est pas dans le territoire qui contient les communes exigées",
}
"""Why a commune is in no territory, in French, by code of verdict."""
OUTDONE = ("ailleurs", "seule", "trop_peuplee")
"""Verdicts on communes that keep every rule, and that other territories were preferred to."""


@dataclass(frozen=True)
class Part:
    """A part of a commune that is above the upper bound.

    Attributes
    ----------
    code, nom, nature : str
        ``nature``: ``arrondissement_municipal``, ``qpv``…
    population : int or None
        Inhabitants.
    fits : bool
        Whether its population is known and within the bounds.
    """

    code: str
    nom: str
    nature: str
    population: int | None
    fits: bool


@dataclass(frozen=True)
class GrownTerritory:
    """One territory found.

    Attributes
    ----------
    nature : str
        ``commune``, ``groupe``, or ``partie``: of one commune too large to be taken whole.
    codes : tuple of str
        Communes, rising.
    population : int or None
        Inhabitants; ``None`` for a part that remains to be chosen.
    score : float
        Mean need of the inhabitants whose need is known. For a part that remains to be chosen, the
        need of the whole commune.
    coverage : float
        Share of the population whose need is known, 0 to 1.
    compactness : float
        Polsby and Popper, 0 to 1; of the commune, for a part.
    objective : float
        ``score`` plus the compactness at its weight: what was maximised.
    stop : str
        French: why it is not larger, smaller, or other.
    start : tuple of str
        Communes it grew from.
    links : tuple of Link
        Declared links without which its communes would not touch.
    part : str
        Code of the part, when it is a part with a need of its own; else empty.
    parts : tuple of Part
        For a part that remains to be chosen: what there is to choose from.
    """

    nature: str
    codes: tuple[str, ...]
    population: int | None
    score: float
    coverage: float
    compactness: float
    objective: float
    stop: str
    start: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    part: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, eq=False)
class Growth:
    """The territories found, and what became of every commune.

    Attributes
    ----------
    rules : GrowthRules
        What was asked.
    territories : tuple of GrownTerritory
        Those with the highest objectives, listed from the greatest need.
    verdicts : Series of str
        Index: every commune of the area; keys of :data:`VERDICTS`.
    reachable : Series of float
        Index: communes that may be grouped; inhabitants of all that may be grouped with each, from
        neighbour to neighbour: what falls short when its verdict is ``isolee`` or ``ile``.
    tried, startable : int
        Starts that growth was tried from, and those there were.
    notes : tuple of str
        French: what the reader must know.
    """

    rules: GrowthRules
    territories: tuple[GrownTerritory, ...]
    verdicts: pd.Series
    reachable: pd.Series
    tried: int
    startable: int
    notes: tuple[str, ...] = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The territories as a table: one row each, from the greatest need; RangeIndex.

        ``rang`` (ties share the best), ``nature``, ``codes_communes`` (joined by ``;``), ``partie``
        (code, or empty), ``population`` (Int64), ``score``, ``couverture``, ``compacite``,
        ``objectif``, ``liaisons`` (``code-code nature``, joined by ``;``), ``arret``.
        """
        rows = self.territories
        score = pd.Series([row.score for row in rows], dtype="float64")
        return pd.DataFrame(
            {
                "rang": score.rank(method="min", ascending=False).astype("int64"),
                "nature": [row.nature for row in rows],
                "codes_communes": [";".join(row.codes) for row in rows],
                "partie": [row.part for row in rows],
                "population": pd.array([row.population for row in rows], dtype="Int64"),
                "score": score,
                "couverture": [row.coverage for row in rows],
                "compacite": [row.compactness for row in rows],
                "objectif": [row.objective for row in rows],
                "liaisons": [";".join(map(_link_text, row.links)) for row in rows],
                "arret": [row.stop for row in rows],
            }
        )

    def reason(self, code: str) -> str:
        """Return the verdict on a commune, in French, with what falls short.

        Raises
        ------
        InvalidRequest
            The commune is not in the area.
        """
        if code not in self.verdicts.index:
            raise InvalidRequest(f"La commune « {code!s:.20} » n'est pas dans la zone.")
        verdict = str(self.verdicts[code])
        if verdict not in ("isolee", "ile"):
            return VERDICTS[verdict]
        least, reached = self.rules.population_min, float(self.reachable[code])
        return (
            f"{VERDICTS[verdict]} : {format_inhabitants(reached)}, soit "
            f"{format_inhabitants(least - reached)} de moins que le minimum de "
            f"{format_inhabitants(least)}"
        )


def _link_text(link: Link) -> str:
    return f"{'-'.join(link.ends)} {link.nature}"
