"""Conditions a scheme or a person may add: thresholds of need, initiatives around or not."""

from __future__ import annotations

import math
from dataclasses import dataclass

from territoires.errors import InvalidRequest

FARTHEST_KM = 20_000.0
"""Half the Earth's circumference."""


@dataclass(frozen=True)
class NeedThreshold:
    """A value or a percentile that a place must reach on one indicator.

    Attributes
    ----------
    indicator : str
        Code.
    at_least, at_most : float or None
        Bounds of the value, in the unit of the indicator, included.
    percentile : float or None
        Percentile of need, 0 to 100, from which a place qualifies: 80 keeps the fifth where the
        need is greatest, in the direction of the indicator.

    Raises
    ------
    InvalidRequest
        None of the three is given, a percentile stands with a bound, or a number is out of range.
    """

    indicator: str
    at_least: float | None = None
    at_most: float | None = None
    percentile: float | None = None

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if bool(bounds) == (self.percentile is not None):
            raise InvalidRequest(
                f"Seuil sur « {self.indicator} » : donnez une borne (au moins, au plus) ou un "
                "centile, l'un des deux."
            )
        if not all(math.isfinite(bound) for bound in bounds) or bounds != sorted(bounds):
            raise InvalidRequest(f"Seuil sur « {self.indicator} » : bornes impossibles.")
        if self.percentile is not None and not 0.0 <= self.percentile <= 100.0:
            raise InvalidRequest(
                f"Seuil sur « {self.indicator} » : centile de 0 à 100, « {self.percentile} » lu."
            )


@dataclass(frozen=True)
class CapacityCondition:
    """Initiatives that must be around, or must not.

    Attributes
    ----------
    within_km : float
        Straight line from the reference point of the place, bound included.
    present : bool
        ``True``: at least one; ``False``: none.
    axes, types, statuses : tuple of str
        Which initiatives count; empty for any.

    Raises
    ------
    InvalidRequest
        The distance is negative, not a number, or longer than half the Earth.
    """

    within_km: float
    present: bool = True
    axes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.within_km) or not 0 <= self.within_km <= FARTHEST_KM:
            raise InvalidRequest(
                f"Condition sur les initiatives : une distance de 0 à {FARTHEST_KM:.0f} km est "
                f"attendue, « {self.within_km} » lu."
            )
