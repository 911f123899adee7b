"""Thresholds of need and initiatives around: which communes pass, and by how much others do not."""

from __future__ import annotations

import numpy as np

from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.context import BoolArray, SearchContext
from territoires.candidates.counted import counted_words
from territoires.candidates.wording import format_km, listing, plural
from territoires.indicators import format_share, format_value


def reaches_all(context: SearchContext) -> BoolArray:
    """Return the communes that reach every threshold of the query."""
    kept: BoolArray = np.logical_and.reduce(context.reaches)
    return kept


def below_thresholds(context: SearchContext, code: str) -> str:
    """Say which thresholds a commune does not reach, with its value."""
    position = context.places.get_loc(code)
    failed = [
        _threshold_words(context, threshold, code)
        for threshold, reached in zip(context.query.thresholds, context.reaches, strict=True)
        if not reached[position]
    ]
    return listing(failed)


def _threshold_words(context: SearchContext, threshold: NeedThreshold, code: str) -> str:
    indicator = context.indicators.indicator(threshold.indicator)
    value = float(context.indicators.comparable[indicator.code][code])
    if np.isnan(value):
        return f"« {indicator.label} » n'y est pas connu, et un seuil le demande"
    if threshold.percentile is not None:
        share = format_share(1.0 - threshold.percentile / 100.0)
        asked = f"les {share} où le besoin est le plus grand sont demandés"
    else:
        bounds = [("au moins", threshold.at_least), ("au plus", threshold.at_most)]
        asked = listing([
            f"{words} {format_value(indicator, bound)}"
            for words, bound in bounds if bound is not None
        ]) + " demandé"  # fmt: skip
    return f"« {indicator.label} » y est de {format_value(indicator, value)}, {asked}"


def has_capacity(context: SearchContext) -> BoolArray:
    """Return the communes that have around them what every condition asks."""
    each = [
        (counts.to_numpy() > 0) == condition.present
        for condition, counts in zip(context.query.capacities, context.around, strict=True)
    ]
    kept: BoolArray = np.logical_and.reduce(each)
    return kept


def wrong_capacity(context: SearchContext, code: str) -> str:
    """Say which conditions on initiatives a commune does not meet, with what it has."""
    failed = []
    for condition, counts in zip(context.query.capacities, context.around, strict=True):
        count = int(counts[code])
        if (count > 0) != condition.present:
            known = plural(count, "initiative connue", "initiatives connues")
            asked = "au moins une" if condition.present else "aucune"
            kinds = capacity_words(context, condition)
            distance = format_km(condition.within_km)
            failed.append(f"{known} ({kinds}) à moins de {distance}, {asked} demandée")
    return listing(failed)


def capacity_words(context: SearchContext, condition: CapacityCondition) -> str:
    """Name the initiatives of a condition: ``axe 2, jardin partagé, active``."""
    words = context.directory.vocabularies
    return counted_words(words, condition.axes, condition.types, condition.statuses)
