"""What is asked of the groups: one value, complete and hashable; impossible ones are refused."""

from __future__ import annotations

import math
from dataclasses import dataclass

from territoires.candidates.query import MAX_COUNT
from territoires.errors import InvalidRequest


@dataclass(frozen=True)
class GrowthRules:
    """The rules that every territory found obeys.

    Attributes
    ----------
    population_min, population_max : int
        Inhabitants, both included.
    inside_epci : bool
        All communes of a group belong to the same EPCI.
    overlapping : bool
        Whether a commune may be in several territories; a territory that has most of its
        inhabitants in common with better ones is not offered.
    must_contain : tuple of str
        Communes that every territory contains, together. Several can then be offered only if they
        may overlap; they share these communes and no other.
    never : tuple of str
        Communes that no territory contains.
    starts : tuple of str
        Communes of which every territory contains at least one: the members of a network, whose
        neighbours may join. Empty for any commune; not looked at with ``must_contain``.
    allow_unranked : bool
        Whether a commune without a known need may join a group. Its inhabitants count in the
        population, not in the need; the coverage tells how many they are.
    compactness_weight : float or None
        What a compactness of 1 is worth, in need (0 to 1); 0 for need alone; ``None`` for the
        setting that is shipped.
    coverage_min : float or None
        Least share of a group's population whose need is known; ``None`` for the setting.
    count : int
        How many territories at most.

    Raises
    ------
    InvalidRequest
        Impossible by itself: crossed bounds, a commune both wanted and refused…
    """

    population_min: int
    population_max: int
    inside_epci: bool = False
    overlapping: bool = False
    must_contain: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    allow_unranked: bool = False
    compactness_weight: float | None = None
    coverage_min: float | None = None
    count: int = 20

    def __post_init__(self) -> None:
        self._check_population()
        self._check_shares()
        both = sorted(set(self.must_contain) & set(self.never))
        if both:
            raise InvalidRequest(
                f"Communes à la fois exigées et refusées : {', '.join(both)}. "
                "Retirez-les de l'une des deux listes."
            )
        if not 1 <= self.count <= MAX_COUNT:
            raise InvalidRequest(
                f"Nombre de territoires : entre 1 et {MAX_COUNT}, « {self.count} » est demandé."
            )

    def _check_population(self) -> None:
        low, high = self.population_min, self.population_max
        if low < 0:
            raise InvalidRequest(f"La population minimale est négative ({low}) : 0 ou plus.")
        if low > high:
            raise InvalidRequest(
                f"La population minimale ({low}) dépasse la population maximale ({high}) : "
                f"aucun territoire ne peut convenir. Échangez les deux bornes : {high} à {low}."
            )

    def _check_shares(self) -> None:
        weight, coverage = self.compactness_weight, self.coverage_min
        if weight is not None and not (math.isfinite(weight) and 0 <= weight <= 1):
            raise InvalidRequest(
                f"Le poids de la compacité va de 0 (le besoin seul) à 1 ; « {weight} » est demandé."
            )
        if coverage is not None and not 0 <= coverage <= 1:
            raise InvalidRequest(
                f"La couverture minimale est une part, de 0 à 1 ; « {coverage} » est demandé."
            )
