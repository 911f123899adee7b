"""Presets: the rules of a scheme, dated and sourced, in ``data/presets/*.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.wording import format_date

COMMUNE, GROUP, EPCI = "commune", "groupe", "epci"
UNITS = {
    COMMUNE: "une commune",
    GROUP: "une commune ou un groupe de communes voisines",
    EPCI: "un EPCI entier",
}
"""What a candidate is."""
INSIDE_EPCI, FREE = "dans_un_epci", "libre"
PERIMETERS = {
    INSIDE_EPCI: "les communes d'un groupe sont du même EPCI",
    FREE: "un groupe peut passer d'un EPCI à l'autre",
}
"""How a group may be drawn."""


@dataclass(frozen=True)
class UnmeasuredCriterion:
    """A rule of the scheme that no open data can apply: said, never guessed.

    Attributes
    ----------
    criterion, reason : str
        In French: the rule, and why it is not applied.
    """

    criterion: str
    reason: str


@dataclass(frozen=True)
class Preset:
    """The rules of one scheme, as they stood between two dates.

    Attributes
    ----------
    code : str
        File name without its extension.
    name : str
        French name.
    population_min, population_max : int or None
        Inhabitants, both included; ``None`` for no bound.
    distance_min_km : float or None
        Least distance to an initiative of the types and statuses below; 0 only excludes communes
        already inside the perimeter of one; ``None`` excludes nothing.
    initiative_types, initiative_statuses : tuple of str
        Codes of the vocabularies; empty for any.
    valid_from : datetime.date
        First day of these rules.
    valid_until : datetime.date or None
        Last day; ``None`` when nothing says so.
    call_closed_on : datetime.date or None
        Last day on which one could apply.
    source_url : str
        Where the rules are written; empty when there is no scheme.
    other_sources : tuple of str
        Further addresses.
    notes : tuple of str
        What the reader must know, in French.
    unmeasured : tuple of UnmeasuredCriterion
        Rules that cannot be applied.
    unit : str
        A key of ``UNITS``.
    perimeter : str
        A key of ``PERIMETERS``.
    excluded : tuple of str
        Typed codes of territories where the scheme does not apply.
    thresholds : tuple of NeedThreshold
        Needs that a place must show.
    capacities : tuple of CapacityCondition
        Initiatives that must be around it, or must not.
    is_proposal : bool
        The rules are a starting point that we propose, not those of a text.
    """

    code: str
    name: str
    valid_from: date
    population_min: int | None = None
    population_max: int | None = None
    distance_min_km: float | None = None
    initiative_types: tuple[str, ...] = ()
    initiative_statuses: tuple[str, ...] = ()
    valid_until: date | None = None
    call_closed_on: date | None = None
    source_url: str = ""
    other_sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unmeasured: tuple[UnmeasuredCriterion, ...] = ()
    unit: str = COMMUNE
    perimeter: str = FREE
    excluded: tuple[str, ...] = ()
    thresholds: tuple[NeedThreshold, ...] = ()
    capacities: tuple[CapacityCondition, ...] = ()
    is_proposal: bool = False


def is_outdated(preset: Preset, today: date) -> bool:
    """Tell whether the rules of a preset have passed their last day.

    Parameters
    ----------
    preset : Preset
        The scheme.
    today : datetime.date
        Given by the caller: this package has no clock.
    """
    return preset.valid_until is not None and today > preset.valid_until


def preset_warnings(preset: Preset, today: date) -> tuple[str, ...]:
    """Say in French what the date of the day changes for a preset.

    Returns
    -------
    tuple of str
        Empty when the rules hold and one may still apply.
    """
    warnings = []
    if today < preset.valid_from:
        warnings.append(f"Ces règles ne valent qu'à partir du {format_date(preset.valid_from)}.")
    if preset.call_closed_on is not None and today > preset.call_closed_on:
        day = format_date(preset.call_closed_on)
        warnings.append(f"L'appel à candidatures est clos depuis le {day}.")
    if preset.valid_until is not None and is_outdated(preset, today):
        day = format_date(preset.valid_until)
        warnings.append(f"Ces règles ne valent plus depuis le {day} : vérifiez-les à la source.")
    return tuple(warnings)
