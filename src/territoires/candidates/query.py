"""What is asked of a search for candidate communes: one value, complete and hashable."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

from territoires.candidates.presets import Preset
from territoires.errors import InvalidRequest
from territoires.needs import Recipe

Reference = Literal["france", "univers"]
REFERENCES: tuple[str, ...] = get_args(Reference)
ALL_FRANCE = ("pays:FR",)
MAX_COUNT = 40_000  # more than there are communes: "all of them"
_FARTHEST_KM = 20_000.0  # half the Earth's circumference


@dataclass(frozen=True)
class CandidateQuery:
    """A search: what to rank by, where, and what to leave out.

    Attributes
    ----------
    recipe : Recipe
        The index of needs that ranks.
    universe : tuple of str
        Typed codes (``pays:FR``, ``reg:76``, ``dep:30``, ``epci:…``, ``com:…``): a commune is in
        when one of them holds it.
    members : tuple of str or None
        Commune codes of a member list, taken **within** ``universe``; ``None`` for no list.
    population_min, population_max : int or None
        Inhabitants, both included.
    distance_min_km : float or None
        Least straight-line distance to a chosen initiative; 0 only leaves out communes already in
        the perimeter of one; ``None`` leaves out nothing.
    initiative_types, initiative_statuses : tuple of str
        Which initiatives count; empty for any.
    reference : str
        ``france``: scores are computed over all communes and compare from one search to the next;
        ``univers``: over the communes of the universe only.
    count : int
        How many candidates to show.

    Raises
    ------
    InvalidRequest
        Impossible by itself: crossed bounds, negative distance, empty list. Unknown codes are
        found when the search meets the register.
    """

    recipe: Recipe
    universe: tuple[str, ...] = ALL_FRANCE
    members: tuple[str, ...] | None = None
    population_min: int | None = None
    population_max: int | None = None
    distance_min_km: float | None = None
    initiative_types: tuple[str, ...] = ()
    initiative_statuses: tuple[str, ...] = ()
    reference: Reference = "france"
    count: int = 20

    def __post_init__(self) -> None:
        self._check_universe()
        self._check_population()
        self._check_distance()
        if not 1 <= self.count <= MAX_COUNT:
            message = f"Nombre de candidats : entre 1 et {MAX_COUNT}, « {self.count} » est demandé."
            raise InvalidRequest(message)

    @property
    def narrows_to_members(self) -> bool:
        """Whether a member list was given."""
        return self.members is not None

    def _check_universe(self) -> None:
        if not self.universe:
            raise InvalidRequest(
                "Aucun territoire où chercher : choisissez la France, une région, un département "
                "ou un EPCI."
            )
        if self.members is not None and not self.members:
            raise InvalidRequest(
                "La liste d'adhérents est vide : donnez au moins un code de commune ou d'EPCI, "
                "ou cherchez sans liste."
            )
        if self.reference not in REFERENCES:
            raise InvalidRequest(
                f"Référence inconnue : {self.reference!s:.40}. Choix : {', '.join(REFERENCES)}."
            )

    def _check_population(self) -> None:
        low, high = self.population_min, self.population_max
        for name, bound in (("minimale", low), ("maximale", high)):
            if bound is not None and bound < 0:
                raise InvalidRequest(f"La population {name} est négative ({bound}) : 0 ou plus.")
        if low is not None and high is not None and low > high:
            raise InvalidRequest(
                f"La population minimale ({low}) dépasse la population maximale ({high}) : "
                "aucune commune ne peut convenir. Échangez les deux bornes, ou retirez-en une."
            )

    def _check_distance(self) -> None:
        distance = self.distance_min_km
        if distance is None:
            return
        if not math.isfinite(distance) or not 0 <= distance <= _FARTHEST_KM:
            raise InvalidRequest(
                f"La distance minimale doit être de 0 à {_FARTHEST_KM:.0f} km ; "
                f"« {distance} » est demandé."
            )


def query_from_preset(recipe: Recipe, preset: Preset, **choices: Any) -> CandidateQuery:
    """Start a query from the rules of a scheme.

    Parameters
    ----------
    recipe : Recipe
        The index of needs that ranks.
    preset : Preset
        Gives the bounds, the distance and the initiatives.
    **choices
        Fields of :class:`CandidateQuery` that take the place of the preset's.
    """
    fields: dict[str, Any] = {
        "population_min": preset.population_min,
        "population_max": preset.population_max,
        "distance_min_km": preset.distance_min_km,
        "initiative_types": preset.initiative_types,
        "initiative_statuses": preset.initiative_statuses,
    }
    return CandidateQuery(recipe=recipe, **{**fields, **choices})
