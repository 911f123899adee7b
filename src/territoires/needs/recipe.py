"""A recipe: which indicators, which way, how heavy, brought to one scale how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from territoires.indicators import Indicator
from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.fields import check_choice, refuse
from territoires.needs.imputation import IMPUTATIONS, NO_IMPUTATION
from territoires.needs.normalise import NORMALISERS
from territoires.needs.recipe_parts import Block, Dimension, RecipeItem, shares_of

FloatArray = npt.NDArray[np.float64]

DEFAULT_MIN_COVERAGE = 0.66
DEFAULT_GEOMETRIC_SHIFT = 0.01
SCORE, RULE = "score", "regle"
MODES = {
    SCORE: "un score de 0 à 100 et un classement",
    RULE: "au moins tant de critères au-delà d’un seuil",
}


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
        A key of ``AGGREGATIONS``: between dimensions, and inside those that do not say.
    min_coverage : float
        Share of the weight that must be known for a place to be ranked, 0 to 1.
    description, rationale, date : str
        For the reader: what it measures, why it is built so, since when (ISO date).
    sources : tuple of str
        Where the idea and the figures come from.
    dimensions : tuple of Dimension
        Every item then names one of them; none for a flat recipe.
    mode : str
        ``score``, or ``regle``: at least ``at_least`` criteria beyond their threshold.
    at_least : int
        Criteria to meet under ``regle``; 0 under ``score``.
    geometric_shift : float
        ε of the geometric mean (Π(ε + (1 − ε)x)^w − ε) / (1 − ε), 0 to 0.5: above 0, one indicator
        at the bottom of its scale does not erase all the others.
    imputation : str
        A key of ``IMPUTATIONS``: what is done of missing values; nothing by default.
    wider_values : bool
        Whether figures of a département or zone d'emploi carried by communes take part.
    axis : str
        Axis of the network that the recipe speaks to; empty for none.

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
    dimensions: tuple[Dimension, ...] = ()
    mode: str = SCORE
    at_least: int = 0
    geometric_shift: float = DEFAULT_GEOMETRIC_SHIFT
    imputation: str = NO_IMPUTATION
    wider_values: bool = True
    axis: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            refuse("nom", "un nom est attendu")
        check_choice("mode", self.mode, MODES)
        check_choice("normalisation", self.normalisation, NORMALISERS)
        check_choice("agregation", self.aggregation, AGGREGATIONS)
        check_choice("imputation", self.imputation, IMPUTATIONS)
        if not 0.0 <= self.min_coverage <= 1.0:
            refuse("couverture_min", f"une part de 0 à 1 est attendue, « {self.min_coverage} » lu")
        if not 0.0 <= self.geometric_shift <= 0.5:
            problem = f"un nombre de 0 à 0,5 est attendu, « {self.geometric_shift} » lu"
            refuse("decalage_geometrique", problem)
        self._check_items()
        self._check_dimensions()
        self._check_scale()
        self._check_rule()

    def _check_items(self) -> None:
        if not self.items:
            refuse("indicateurs", "au moins un indicateur est attendu")
        for position, item in enumerate(self.items, start=1):
            field = _item_field(position, item)
            if item.code in self.codes[: position - 1]:
                refuse(field, "cet indicateur est donné deux fois")
            if NORMALISERS[self.normalisation].needs_bounds and item.bounds is None:
                refuse(field, "bornes attendues, car la normalisation est « bornes »")
        if not any(item.weight > 0 for item in self.items):
            refuse("indicateurs", "tous les poids sont nuls : au moins un doit être positif")

    def _check_dimensions(self) -> None:
        known = [dimension.code for dimension in self.dimensions]
        for position, code in enumerate(known, start=1):
            if code in known[: position - 1]:
                refuse(f"dimensions n° {position} ({code})", "cette dimension est donnée deux fois")
        for position, item in enumerate(self.items, start=1):
            if self.dimensions and item.dimension not in known:
                problem = f"dimension « {item.dimension} » inconnue. Choix : {', '.join(known)}"
                refuse(_item_field(position, item), problem)
            if not self.dimensions and item.dimension:
                problem = f"dimension « {item.dimension} » sans table [[dimensions]] qui la décrive"
                refuse(_item_field(position, item), problem)
        if not any(block.share > 0 for block in self.blocks):
            refuse("dimensions", "tous les poids sont nuls : au moins un doit être positif")

    def _check_scale(self) -> None:
        unbounded = not NORMALISERS[self.normalisation].unit_scale
        if unbounded and not self.is_arithmetic:
            problem = (
                "une moyenne géométrique veut des valeurs de 0 à 1, que la normalisation "
                f"« {self.normalisation} » ne donne pas"
            )
            refuse("agregation", problem)

    def _check_rule(self) -> None:
        if self.mode == SCORE:
            if self.at_least:
                refuse("au_moins", "ne vaut que pour le mode « regle »")
            return
        for position, item in enumerate(self.items, start=1):
            field = _item_field(position, item)
            if not item.is_criterion:
                refuse(field, "« seuil » ou « centile » attendu, car le mode est « regle »")
            unknown = [code for code in item.linked if code not in self.codes or code == item.code]
            if unknown:
                refuse(field, f"avec : « {unknown[0]} » n’est pas un autre critère de la recette")
        counted = sum(item.weight > 0 for item in self.items)
        if not 1 <= self.at_least <= counted:
            refuse("au_moins", f"un nombre de 1 à {counted} est attendu, « {self.at_least} » lu")

    @property
    def codes(self) -> tuple[str, ...]:
        """Indicators, in order."""
        return tuple(item.code for item in self.items)

    @property
    def is_rule(self) -> bool:
        """Whether places are chosen by criteria rather than scored."""
        return self.mode == RULE

    @property
    def is_arithmetic(self) -> bool:
        """Whether every mean, at both levels, is arithmetic."""
        ways = {self.aggregation, *(d.aggregation for d in self.dimensions if d.aggregation)}
        return ways == {"arithmetique"}

    def chain(self, position: int) -> list[int]:
        """Return the positions of a criterion and of those that must be met with it."""
        return [position, *map(self.codes.index, self.items[position].linked)]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The dimensions with their items and shares, in order; one block for a flat recipe."""
        groups = self._groups()
        weights = [shares_of([self.items[k].weight for k in positions]) for _, positions in groups]
        # A dimension whose indicators all weigh nothing weighs nothing.
        outer = shares_of([
            dimension.weight if inner.any() else 0.0
            for (dimension, _), inner in zip(groups, weights, strict=True)
        ])  # fmt: skip
        return tuple(
            Block(
                dimension, np.array(positions, dtype=np.intp), inner, float(share),
                dimension.aggregation or self.aggregation,
            )
            for (dimension, positions), inner, share in zip(groups, weights, outer, strict=True)
        )  # fmt: skip

    def _groups(self) -> list[tuple[Dimension, list[int]]]:
        if not self.dimensions:
            return [(Dimension("ensemble"), list(range(len(self.items))))]
        return [
            (one, [k for k, item in enumerate(self.items) if item.dimension == one.code])
            for one in self.dimensions
        ]

    @property
    def weights(self) -> FloatArray:
        """Effective weights: dimension × indicator, of sum 1, in the order of the items."""
        weights = np.zeros(len(self.items))
        for block in self.blocks:
            weights[block.positions] = block.share * block.weights
        return weights

    def with_weights(
        self, weights: Mapping[str, float], dimensions: Mapping[str, float] | None = None
    ) -> Recipe:
        """Return the same recipe with other weights; what is not named keeps its own.

        Parameters
        ----------
        weights : mapping of str to float
            By indicator.
        dimensions : mapping of str to float, optional
            By dimension.

        Raises
        ------
        InvalidRequest
            A weight is negative, all are zero, or something is not in the recipe.
        """
        others = dimensions or {}
        _refuse_absent("indicateur", weights, self.codes)
        _refuse_absent("dimension", others, [one.code for one in self.dimensions])
        return replace(
            self,
            items=tuple(replace(i, weight=weights.get(i.code, i.weight)) for i in self.items),
            dimensions=tuple(
                replace(one, weight=others.get(one.code, one.weight)) for one in self.dimensions
            ),
        )

    def without(self, codes: Iterable[str]) -> Recipe:
        """Return the recipe without some of its indicators.

        Raises
        ------
        InvalidRequest
            Nothing would be left.
        """
        left_out = set(codes)
        items = tuple(item for item in self.items if item.code not in left_out)
        if not any(item.weight > 0 for item in items):
            refuse("indicateurs", "il n’en resterait aucun")
        used = {item.dimension for item in items}
        counted = sum(item.weight > 0 for item in items)
        return replace(
            self,
            items=tuple(
                replace(i, linked=tuple(c for c in i.linked if c not in left_out)) for i in items
            ),
            dimensions=tuple(one for one in self.dimensions if one.code in used),
            at_least=min(self.at_least, counted),
        )


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
            refuse(field, f"indicateur inconnu « {item.code} ». Connus : {known}")
        if not catalogue[item.code].rankable:
            refuse(field, f"« {catalogue[item.code].label} » ne se classe pas")


def _item_field(position: int, item: RecipeItem) -> str:
    return f"indicateurs n° {position} ({item.code})"


def _refuse_absent(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    unknown = [code for code in given if code not in known]
    if unknown:
        refuse("poids", f"{what} absent de la recette : {', '.join(unknown)}")
