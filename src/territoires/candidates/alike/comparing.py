"""What is alike and what differs between a place and its reference, figure by figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from territoires.candidates.alike.finding import AlikeList
from territoires.indicators import Indicator, format_value


@dataclass(frozen=True)
class Comparison:
    """One indicator of a place beside that of its reference.

    Attributes
    ----------
    indicator : Indicator
        Its meaning.
    value, reference_value : float
        Both known.
    status, reference_status : str
        Their statuses: a floor is written as one.
    gap : float
        Share of the places compared that stand between the two, 0–1.
    is_close, is_far : bool
        Whether the two may be told alike, or different; neither for what lies between.
    """

    indicator: Indicator
    value: float
    reference_value: float
    status: str
    reference_status: str
    gap: float
    is_close: bool
    is_far: bool


def comparisons(alike: AlikeList, place: str) -> tuple[Comparison, ...]:
    """Compare a place with the reference that is nearest to it.

    Parameters
    ----------
    alike : AlikeList
        The search.
    place : str
        One of the places compared.

    Returns
    -------
    tuple of Comparison
        The indicators known on both sides, in the order of the query.

    Raises
    ------
    InvalidRequest
        The place was not compared.
    """
    row, figures, limits = alike.row_of(place), alike.figures, alike.rules.thresholds
    target = alike.target_of(place)
    found = []
    for column, code in enumerate(alike.query.codes):
        gap = float(figures.gaps[row, column])
        if math.isnan(gap):
            continue
        indicator = alike.places.catalogue[code]
        value, reference = float(figures.values[row, column]), float(target.values[code])
        apart = _apart(indicator, value, reference, float(alike.scale.spreads[column]))
        found.append(
            Comparison(
                indicator=indicator,
                value=value,
                reference_value=reference,
                status=str(figures.statuses[row, column]),
                reference_status=str(target.statuses[code]),
                gap=gap,
                is_close=gap <= limits.close and apart <= limits.close_spread,
                is_far=gap >= limits.far and apart >= limits.far_spread,
            )
        )
    return tuple(found)


def written_alike(indicator: Indicator, value: float, reference: float) -> bool:
    """Tell whether two values look the same once rounded for the reader."""
    return format_value(indicator, value) == format_value(indicator, reference)


def _apart(indicator: Indicator, value: float, reference: float, spread: float) -> float:
    """Return how far two values are, in ranges between deciles; what is written alike is not."""
    if written_alike(indicator, value, reference):
        return 0.0
    if indicator.is_ordinal or not spread > 0:
        return math.inf
    return abs(value - reference) / spread


def unknown_indicators(alike: AlikeList, place: str) -> tuple[Indicator, ...]:
    """Return the indicators of the query that could not be compared for a place."""
    compared = {one.indicator.code for one in comparisons(alike, place)}
    missing = (code for code in alike.query.codes if code not in compared)
    return tuple(alike.places.catalogue[code] for code in missing)


def closest(found: Sequence[Comparison], most: int) -> tuple[Comparison, ...]:
    """Return the closest indicators, closest first; classes come last, for many share them."""
    close = [one for one in found if one.is_close]
    return tuple(sorted(close, key=lambda one: (one.indicator.is_ordinal, one.gap))[:most])


def most_different(found: Sequence[Comparison], most: int) -> tuple[Comparison, ...]:
    """Return the indicators that differ most, the largest gap first."""
    far = [one for one in found if one.is_far]
    return tuple(sorted(far, key=lambda one: -one.gap)[:most])
