"""A recipe: which indicators, which way, how heavy, brought to one scale how."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from territoires.errors import InvalidRequest
from territoires.indicators import Indicator
from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.normalise import NORMALISERS

DEFAULT_MIN_COVERAGE = 0.66


@dataclass(frozen=True)
class RecipeItem:
    """One indicator of a recipe.

    Attributes
    ----------
    code : str
        Indicator.
    direction : int
        1: the higher the value, the greater the need; -1: the lower.
    weight : float
        Relative weight, 0 or more.
    bounds : tuple of float, optional
        Values worth 0 and 1 under the normalisation ``bornes``; beyond, clipped.
    reason : str
        Why this indicator, in French.

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

    def __post_init__(self) -> None:
        if not self.code:
            _refuse("code", "le code d’un indicateur est attendu")
        if self.direction not in (-1, 1):
            _refuse("sens", f"1 ou -1 attendu, « {self.direction} » lu")
        if not math.isfinite(self.weight) or self.weight < 0:
            _refuse("poids", f"un nombre positif ou nul est attendu, « {self.weight} » lu")
        if self.bounds is not None:
            _check_bounds(self.bounds)


@dataclass(frozen=True)
class Recipe:
    """A composite index, complete: the same recipe on the same values gives the same scores.

    Attributes
    ----------
    name : str
        French name.
    items : tuple of RecipeItem
        At least one, each indicator once, at least one positive weight.
    normalisation : str
        A key of ``NORMALISERS``.
    aggregation : str
        A key of ``AGGREGATIONS``.
    min_coverage : float
        Share of the weight that must be known for a place to be ranked, 0 to 1.
    description, rationale, date : str
        For the reader: what it measures, why it is built so, since when (ISO date).
    sources : tuple of str
        Where the idea and the figures come from.

    Raises
    ------
    InvalidRequest
        A field is out of range; the message names it as the file does.
    """

    name: str
    items: tuple[RecipeItem, ...]
    normalisation: str = "rang"
    aggregation: str = "arithmetique"
    min_coverage: float = DEFAULT_MIN_COVERAGE
    description: str = ""
    rationale: str = ""
    date: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            _refuse("nom", "un nom est attendu")
        _check_choice("normalisation", self.normalisation, NORMALISERS)
        _check_choice("agregation", self.aggregation, AGGREGATIONS)
        if not 0.0 <= self.min_coverage <= 1.0:
            _refuse("couverture_min", f"une part de 0 à 1 est attendue, « {self.min_coverage} » lu")
        self._check_items()

    def _check_items(self) -> None:
        if not self.items:
            _refuse("indicateurs", "au moins un indicateur est attendu")
        for position, item in enumerate(self.items, start=1):
            field = f"indicateurs n° {position} ({item.code})"
            if item.code in self.codes[: position - 1]:
                _refuse(field, "cet indicateur est donné deux fois")
            if NORMALISERS[self.normalisation].needs_bounds and item.bounds is None:
                _refuse(field, "bornes attendues, car la normalisation est « bornes »")
        if not any(item.weight > 0 for item in self.items):
            _refuse("indicateurs", "tous les poids sont nuls : au moins un doit être positif")

    @property
    def codes(self) -> tuple[str, ...]:
        """Indicators, in order."""
        return tuple(item.code for item in self.items)

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        """Weights brought to a sum of 1, in the order of the items."""
        weights = np.array([item.weight for item in self.items], dtype=float)
        # The greatest first, so that tiny or huge scales neither vanish nor overflow.
        weights /= weights.max()
        shares: npt.NDArray[np.float64] = weights / weights.sum()
        return shares

    def with_weights(self, weights: Mapping[str, float]) -> Recipe:
        """Return the same recipe with other weights; indicators not named keep theirs.

        Raises
        ------
        InvalidRequest
            A weight is negative, all are zero, or an indicator is not in the recipe.
        """
        unknown = [code for code in weights if code not in self.codes]
        if unknown:
            _refuse("poids", f"indicateur absent de la recette : {', '.join(unknown)}")
        items = (replace(item, weight=weights.get(item.code, item.weight)) for item in self.items)
        return replace(self, items=tuple(items))


def check_recipe(recipe: Recipe, catalogue: Mapping[str, Indicator]) -> None:
    """Check that every indicator of a recipe may be used.

    Raises
    ------
    InvalidRequest
        An indicator is not in the catalogue, or must not be ranked.
    """
    for position, item in enumerate(recipe.items, start=1):
        field = f"indicateurs n° {position} (code)"
        if item.code not in catalogue:
            known = ", ".join(catalogue)
            _refuse(field, f"indicateur inconnu « {item.code} ». Connus : {known}")
        if not catalogue[item.code].rankable:
            _refuse(field, f"« {catalogue[item.code].label} » ne se classe pas")


def _check_bounds(bounds: tuple[float, float]) -> None:
    low, high = bounds
    if not (math.isfinite(low) and math.isfinite(high)):
        _refuse("bornes", "deux nombres finis sont attendus")
    if low >= high:
        _refuse("bornes", f"la première doit être plus petite que la seconde, « {low}, {high} » lu")


def _check_choice(field: str, value: str, known: Mapping[str, object]) -> None:
    if value not in known:
        _refuse(field, f"« {value} » inconnu. Choix : {', '.join(known)}")


def _refuse(field: str, problem: str) -> None:
    message = f"{field} : {problem}."
    raise InvalidRequest(message)
