"""What one indicator brings to the score of a candidate, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territoires.candidates.context import SearchContext
from territoires.candidates.wording import lowered, rank_words
from territoires.indicators import Indicator, format_number, format_rank, format_value


@dataclass(frozen=True)
class Contribution:
    """How one indicator weighs on the score of one commune.

    Attributes
    ----------
    indicator : Indicator
        Its meaning.
    value : float
        The place's figure; NaN where those of its communes do not merge, or where it was filled.
    low, high : float
        The least and the greatest figure of its communes.
    status : str
        Its status: a floor is written "… ou moins".
    points : float
        What it adds to the score, out of 100.
    rank, count : int
        Rank (1 = greatest need, the way the recipe reads it) among the places compared; for a
        commune or a group, among départements when only they have the indicator. Without a value,
        the rank means nothing.
    """

    indicator: Indicator
    value: float
    low: float
    high: float
    status: str
    points: float
    rank: int
    count: int


def contribution_of(
    context: SearchContext, code: str, position: int, contribution: float
) -> Contribution:
    """Describe what an indicator, by its position in the recipe, adds to a score (0-1)."""
    item = context.index.recipe.items[position]
    indicator = context.indicators.indicator(item.code)
    value = float(context.indicators.comparable[item.code][code])
    compared = context.compared(indicator)
    need = item.need(compared.to_numpy())
    low, high = context.spread(indicator, code)
    return Contribution(
        indicator=indicator,
        value=value,
        low=low,
        high=high,
        status=str(context.indicators.statuses[item.code][code]),
        points=contribution * 100.0,
        rank=1 + int(np.count_nonzero(need > item.need(np.array(value)))),
        count=int(np.count_nonzero(~np.isnan(need))),
    )


def contribution_words(context: SearchContext, contribution: Contribution, scope: str) -> str:
    """Write a contribution: figure, vintage, rank within ``scope``, points."""
    indicator = contribution.indicator
    label = lowered(indicator.label)
    told = "département" in label or "zone d" in label  # by the label itself
    level = f"chiffre {indicator.of_place}, " if indicator.is_wider and not told else ""
    level += f"{indicator.caution}, " if indicator.caution else ""
    said = f"({level}{_without_brackets(indicator.vintage)})"
    points = f"{format_number(contribution.points, 1)} points"
    if np.isnan(contribution.value):
        return f"{label} : {_spread_words(contribution)} {said}, {points}"
    rank = format_rank(contribution.rank, contribution.count) + context.counted(indicator)
    value = format_value(indicator, contribution.value, contribution.status)
    return f"{label} : {value} {said}, {rank_words(rank)} {scope}, {points}"


def _spread_words(contribution: Contribution) -> str:
    """Tell a contribution without a figure of the place: those of its communes, or a filled one."""
    low, high = contribution.low, contribution.high
    if np.isnan(low):
        return "valeur remplie, faute de chiffre"
    ends = [format_value(contribution.indicator, end) for end in (low, high)]
    return (
        f"{ends[0]} là où il est connu"
        if low == high
        else f"de {ends[0]} à {ends[1]} selon les communes"
    )


def _without_brackets(text: str) -> str:
    """Write ``2025-T4 (provisoire)`` as ``2025-T4, provisoire``, to stand between brackets."""
    return text.replace(" (", ", ").replace(")", "")
