"""What is asked of a search for candidate communes: one value, complete and hashable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from territoires.candidates.conditions import FARTHEST_KM, CapacityCondition, NeedThreshold
from territoires.candidates.presets import COMMUNE, FREE, PERIMETERS, UNITS, Preset
from territoires.errors import InvalidRequest
from territoires.indicators import format_number
from territoires.needs import Recipe

Reference = Literal["france", "univers"]
REFERENCES: tuple[str, ...] = get_args(Reference)
ALL_FRANCE = ("pays:FR",)
MAX_COUNT = 40_000  # more than there are communes: "all of them"


@dataclass(frozen=True)
class CandidateQuery:
    """A search: what to rank by, where, and what to leave out.

    Attributes
    ----------
    recipe : Recipe
        The index of needs that ranks.
    universe : tuple of str
        Typed codes (``pays:FR``, ``reg:76``, ``dep:30``, ``epci:…``, ``com:…``, ``zone:…`` for a
        drawn area): a commune is in when one of them holds it.
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
    unit : str
        A key of ``UNITS``: communes, groups of communes, or EPCI.
    perimeter : str
        A key of ``PERIMETERS``: how a group may be drawn.
    overlapping : bool
        Whether groups may share communes; one that is mostly in better ones is not offered.
    must_contain : tuple of str
        Communes that a group must hold, all of them.
    excluded : tuple of str
        Typed codes of territories whose communes never take part.
    thresholds : tuple of NeedThreshold
        Needs that a place must show.
    capacities : tuple of CapacityCondition
        Initiatives that must be around it, or must not.

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
    unit: str = COMMUNE
    perimeter: str = FREE
    overlapping: bool = False
    must_contain: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    thresholds: tuple[NeedThreshold, ...] = ()
    capacities: tuple[CapacityCondition, ...] = ()

    def __post_init__(self) -> None:
        self._check_universe()
        self._check_population()
        self._check_distance()
        _check_choice("Nature de territoire", self.unit, UNITS)
        _check_choice("Règle de périmètre", self.perimeter, PERIMETERS)
        if not 1 <= self.count <= MAX_COUNT:
            message = (
                f"Nombre de candidats : entre 1 et {format_number(MAX_COUNT)}, « {self.count} » "
                "est demandé."
            )
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
                f"La population minimale ({format_number(low)}) dépasse la population maximale "
                f"({format_number(high)}) : rien ne peut convenir. Échangez les deux bornes, ou "
                "retirez-en une."
            )

    def _check_distance(self) -> None:
        distance = self.distance_min_km
        if distance is None:
            return
        if not math.isfinite(distance) or not 0 <= distance <= FARTHEST_KM:
            raise InvalidRequest(
                f"La distance minimale doit être de 0 à {FARTHEST_KM:.0f} km ; "
                f"« {distance} » est demandé."
            )


def _check_choice(what: str, value: str, known: Mapping[str, str]) -> None:
    if value not in known:
        raise InvalidRequest(f"{what} : « {value!s:.40} » inconnu. Choix : {', '.join(known)}.")


def query_from_preset(recipe: Recipe, preset: Preset, **choices: Any) -> CandidateQuery:
    """Start a query from the rules of a scheme.

    Parameters
    ----------
    recipe : Recipe
        The index of needs that ranks.
    preset : Preset
        Gives the unit, the bounds, the distance, the initiatives and the other conditions.
    **choices
        Fields of :class:`CandidateQuery` that take the place of the preset's.
    """
    fields: dict[str, Any] = {
        "population_min": preset.population_min,
        "population_max": preset.population_max,
        "distance_min_km": preset.distance_min_km,
        "initiative_types": preset.initiative_types,
        "initiative_statuses": preset.initiative_statuses,
        "unit": preset.unit,
        "perimeter": preset.perimeter,
        "excluded": preset.excluded,
        "thresholds": preset.thresholds,
        "capacities": preset.capacities,
    }
    return CandidateQuery(recipe=recipe, **{**fields, **choices})
