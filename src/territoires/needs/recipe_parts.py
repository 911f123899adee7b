"""What a recipe is made of: its indicators, its dimensions, and the weights between them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.fields import check_choice, check_finite, check_weight, refuse
from territoires.needs.scaling import NO_TRANSFORMATION, TRANSFORMATIONS

FloatArray = npt.NDArray[np.float64]

_DIMENSION_CODE = re.compile(r"[a-z][a-z0-9_]{0,79}")


@dataclass(frozen=True)
class RecipeItem:
    """One indicator of a recipe.

    Attributes
    ----------
    code : str
        Indicator.
    direction : int
        1: the higher the value (or its distance to the ideal), the greater the need; -1: the lower.
    weight : float
        Relative weight inside its dimension, 0 or more.
    bounds : tuple of float, optional
        Values worth 0 and 1 under the normalisation ``bornes``, in the unit of the indicator (of
        the distance, when there is an ideal); beyond, clipped.
    reason : str
        Why this indicator, in French.
    dimension : str
        Code of its dimension; empty when the recipe has none.
    transformation : str
        A key of ``TRANSFORMATIONS``.
    ideal : float, optional
        Value from which the distance is measured, whichever the side.
    threshold, percentile : float, optional
        Under the mode ``regle``: the value, or the percentile of need (0 to 100) in the universe,
        from which the criterion is met. One of the two.
    linked : tuple of str
        Criteria that must be met as well for this one to count.

    Raises
    ------
    InvalidRequest
        A field is out of range; the message starts with the field's name in the file.
    """

    code: str
    direction: int = 1
    weight: float = 1.0
    bounds: tuple[float, float] | None = None
    reason: str = ""
    dimension: str = ""
    transformation: str = NO_TRANSFORMATION
    ideal: float | None = None
    threshold: float | None = None
    percentile: float | None = None
    linked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.code:
            refuse("code", "le code d’un indicateur est attendu")
        if self.direction not in (-1, 1):
            refuse("sens", f"1 ou -1 attendu, « {self.direction} » lu")
        check_weight(self.weight)
        check_choice("transformation", self.transformation, TRANSFORMATIONS)
        check_finite("ideal", self.ideal)
        check_finite("seuil", self.threshold)
        if self.percentile is not None and not 0.0 <= self.percentile <= 100.0:
            refuse("centile", f"un nombre de 0 à 100 est attendu, « {self.percentile} » lu")
        if self.threshold is not None and self.percentile is not None:
            refuse("seuil", "donnez « seuil » ou « centile », pas les deux")
        if self.ideal is not None and self.transformation != NO_TRANSFORMATION:
            refuse("ideal", "une valeur idéale ne se combine pas avec une transformation")
        if self.bounds is not None:
            self._check_bounds(self.bounds)

    def _check_bounds(self, bounds: tuple[float, float]) -> None:
        low, high = bounds
        if not (math.isfinite(low) and math.isfinite(high)):
            refuse("bornes", "deux nombres finis sont attendus")
        if low >= high:
            problem = f"la première doit être plus petite que la seconde, « {low}, {high} » lu"
            refuse("bornes", problem)
        if TRANSFORMATIONS[self.transformation].positive_only and low <= 0:
            refuse("bornes", f"la transformation {self.transformation} veut des bornes positives")

    def measured(self, values: FloatArray) -> FloatArray:
        """Return what the recipe looks at: the values, or their distances to the ideal."""
        return values if self.ideal is None else np.abs(values - self.ideal)

    def need(self, values: FloatArray) -> FloatArray:
        """Return numbers that grow with the need, in the order of the values measured."""
        return self.measured(values) * float(self.direction)

    @property
    def is_criterion(self) -> bool:
        """Whether it says from where it is met."""
        return self.threshold is not None or self.percentile is not None


@dataclass(frozen=True)
class Dimension:
    """A named group of indicators, weighed as one.

    Attributes
    ----------
    code, name : str
        Identifier, and French name.
    weight : float
        Relative weight among the dimensions, 0 or more.
    aggregation : str
        How its indicators are averaged: a key of ``AGGREGATIONS``; empty for that of the recipe.
    """

    code: str
    name: str = ""
    weight: float = 1.0
    aggregation: str = ""

    def __post_init__(self) -> None:
        if not _DIMENSION_CODE.fullmatch(self.code):
            problem = "minuscules sans accent, chiffres et _ attendus, par exemple « emploi »"
            refuse("code", f"{problem}, « {self.code:.40} » lu")
        check_weight(self.weight)
        if self.aggregation:
            check_choice("agregation", self.aggregation, AGGREGATIONS)

    @property
    def label(self) -> str:
        """Its name, or its code without one."""
        return self.name or self.code


@dataclass(frozen=True, eq=False)
class Block:
    """A dimension as the computation needs it.

    Attributes
    ----------
    dimension : Dimension
        Which one; a recipe without dimensions has a single block.
    positions : array of int
        Its items, by their position in the recipe.
    weights : array of float
        Their weights, of sum 1; all 0 when each is.
    share : float
        Its part of the whole; the shares sum to 1.
    aggregation : str
        How its items are averaged.
    """

    dimension: Dimension
    positions: npt.NDArray[np.intp]
    weights: FloatArray
    share: float
    aggregation: str

    @property
    def rows(self) -> slice | npt.NDArray[np.intp]:
        """Its items as an index of arrays; a slice, which copies nothing, where they follow."""
        if (
            len(self.positions)
            and self.positions[-1] - self.positions[0] == len(self.positions) - 1
        ):
            return slice(int(self.positions[0]), int(self.positions[-1]) + 1)
        return self.positions


def shares_of(weights: Sequence[float]) -> FloatArray:
    """Bring weights to a sum of 1; all zero when they are."""
    numbers = np.array(weights, dtype=float)
    highest = numbers.max(initial=0.0)
    if highest <= 0:
        return np.zeros(len(numbers))
    # The greatest first, so that tiny or huge scales neither vanish nor overflow.
    numbers /= highest
    shares: FloatArray = numbers / numbers.sum()
    return shares
