"""From communes to territories: numerators over denominators, never an average of rates.

One function per rule, one registry. Each receives the known communes of every group at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.indicators.catalogue import Indicator

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

NOT_MERGED = "aucune"
NOT_MERGED_WORDS = "non calculé : cette valeur ne se combine pas entre communes"
WEIGHTED_MEAN = "moyenne des communes, pondérée par leur population"


@dataclass(frozen=True, eq=False)
class Members:
    """The communes of all groups whose value is known, one row each.

    Attributes
    ----------
    group : array of int
        Position of the commune's group.
    count : int
        How many groups there are.
    value, numerator, denominator : array of float
        As published; numerator and denominator may be NaN.
    population : array of float
        Inhabitants, without NaN.
    communes : array of int
        Communes of each group, known or not; length ``count``.
    """

    group: IntArray
    count: int
    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    population: FloatArray
    communes: IntArray

    def total(self, amounts: FloatArray) -> FloatArray:
        """Sum amounts by group."""
        return totals(self.group, amounts, self.count)

    @property
    def sizes(self) -> IntArray:
        """Number of known communes of each group."""
        return np.bincount(self.group, minlength=self.count)


@dataclass(frozen=True, eq=False)
class Aggregate:
    """One value per group; NaN where a group has no known commune."""

    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray


@dataclass(frozen=True)
class Aggregator:
    """A rule: how it computes, and how it is told to the reader."""

    compute: Callable[[Members, Indicator], Aggregate]
    method: str


def aggregate(members: Members, indicator: Indicator) -> Aggregate:
    """Apply the rule of an indicator.

    Parameters
    ----------
    members : Members
        Known communes only.
    indicator : Indicator
        Its ``aggregation`` names the rule.

    Returns
    -------
    Aggregate
        Arrays of length ``members.count``.
    """
    result = AGGREGATORS[indicator.aggregation].compute(members, indicator)
    # A group of one commune says what the commune says, to the last digit. One commune known among
    # several does not speak for them: a median would then be that of its town.
    alone = members.communes[members.group] == 1
    result.value[members.group[alone]] = members.value[alone]
    return result


def method_text(indicator: Indicator, commune_count: int, departements: int = 1) -> str:
    """Tell in French how the value of a territory was obtained.

    Parameters
    ----------
    indicator : Indicator
        Its level and rule.
    commune_count : int
        Communes of the territory.
    departements : int
        Départements they belong to.
    """
    if indicator.level == "departement" and departements == 1:
        return "valeur du département, la même pour toutes ses communes"
    if indicator.is_wider and commune_count == 1:
        return f"valeur {indicator.of_place}, la même pour toutes ses communes"
    if commune_count == 1:
        return "valeur de la commune"
    return AGGREGATORS[indicator.aggregation].method


def totals(group: IntArray, amounts: FloatArray, count: int) -> FloatArray:
    """Sum amounts by group."""
    sums: FloatArray = np.bincount(group, weights=amounts, minlength=count).astype(np.float64)
    return sums


def _sum(members: Members, _indicator: Indicator) -> Aggregate:
    total = _nan_if_empty(members, members.total(members.value))
    return Aggregate(total, total.copy(), np.full(members.count, np.nan))


def _ratio(members: Members, indicator: Indicator) -> Aggregate:
    numerator, denominator = _sums(members)
    return Aggregate(_divide(numerator, denominator) * indicator.factor, numerator, denominator)


def _yearly_rate(members: Members, indicator: Indicator) -> Aggregate:
    numerator, denominator = _sums(members)
    growth = _divide(numerator, denominator) ** (1.0 / indicator.years)
    return Aggregate((growth - 1.0) * 100.0, numerator, denominator)


def _weighted_mean(members: Members, _indicator: Indicator) -> Aggregate:
    weights = _weights(members)
    value = _divide(members.total(members.value * weights), members.total(weights))
    missing = np.full(members.count, np.nan)
    return Aggregate(value, missing, missing.copy())


def _departemental(members: Members, indicator: Indicator) -> Aggregate:
    mean = _weighted_mean(members, indicator)
    lowest = np.full(members.count, np.inf)
    highest = np.full(members.count, -np.inf)
    np.minimum.at(lowest, members.group, members.value)
    np.maximum.at(highest, members.group, members.value)
    # One département, one figure: returned as published, not as a rounded mean of itself.
    mean.value[lowest == highest] = lowest[lowest == highest]
    return mean


def _majority(members: Members, indicator: Indicator) -> Aggregate:
    classes = np.array([value for value, _label in indicator.modalities])
    weights = _weights(members)
    inhabitants = np.stack(
        [members.total(np.where(members.value == value, weights, 0.0)) for value in classes]
    )
    # Equal populations: the class of greater need, the last one, wins.
    winner = len(classes) - 1 - np.argmax(inhabitants[::-1], axis=0)
    missing = np.full(members.count, np.nan)
    return Aggregate(_nan_if_empty(members, classes[winner]), missing, missing.copy())


def _not_merged(members: Members, _indicator: Indicator) -> Aggregate:
    return Aggregate(*(np.full(members.count, np.nan) for _ in range(3)))


def _sums(members: Members) -> tuple[FloatArray, FloatArray]:
    return (
        _nan_if_empty(members, members.total(members.numerator)),
        _nan_if_empty(members, members.total(members.denominator)),
    )


def _weights(members: Members) -> FloatArray:
    """Weigh by inhabitants; communes count alike where nobody lives in the whole group."""
    deserted = members.total(members.population) == 0
    return np.where(deserted[members.group], 1.0, members.population)


def _nan_if_empty(members: Members, amounts: FloatArray) -> FloatArray:
    return np.where(members.sizes > 0, amounts, np.nan)


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    result = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator > 0)
    return result


AGGREGATORS: dict[str, Aggregator] = {
    "somme": Aggregator(_sum, "somme des communes"),
    "ratio": Aggregator(
        _ratio, "somme des numérateurs divisée par la somme des dénominateurs des communes"
    ),
    "taux_annuel": Aggregator(
        _yearly_rate,
        "taux annuel calculé sur les sommes de début et de fin de période des communes",
    ),
    "moyenne_ponderee": Aggregator(_weighted_mean, WEIGHTED_MEAN),
    "modalite_majoritaire": Aggregator(
        _majority, "classe où vit le plus grand nombre d’habitants du territoire"
    ),
    "departementale": Aggregator(
        _departemental, "moyenne des valeurs portées par les communes, pondérée par la population"
    ),
    NOT_MERGED: Aggregator(_not_merged, NOT_MERGED_WORDS),
}
