"""Changes a person makes to a recipe, one at a time: each gives another whole recipe, or refuses.

Indicators are taken out by :meth:`Recipe.without`; the rest is here.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.indicators import Indicator
from territoires.needs.fields import refuse
from territoires.needs.normalise import NORMALISERS
from territoires.needs.recipe import RULE, SCORE, Recipe
from territoires.needs.recipe_address import MAX_ITEMS
from territoires.needs.recipe_parts import Dimension, RecipeItem
from territoires.needs.recipe_upload import check_size
from territoires.tables.text import plain

FloatArray = npt.NDArray[np.float64]
_Part = TypeVar("_Part", RecipeItem, Dimension)

FIRST_PERCENTILE = 75.0
"""Percentile of need from which a criterion is met, until the person says otherwise."""
REST = "Autres indicateurs"
"""Dimension of the indicators that had none, once a recipe has dimensions."""
_USUAL = (5.0, 95.0)  # percentiles proposed as fixed bounds
_LONGEST_CODE = 60


def with_item(
    recipe: Recipe, indicator: Indicator, values: pd.Series, dimension: str = ""
) -> Recipe:
    """Add an indicator, as the catalogue says it reads.

    Parameters
    ----------
    recipe : Recipe
        Without this indicator.
    indicator : Indicator
        One that may be ranked, with a direction.
    values : Series of float
        Its values over the places, for fixed bounds if the recipe needs some.
    dimension : str
        Code of a dimension of the recipe; empty for a recipe without dimensions.

    Raises
    ------
    InvalidRequest
        It is there already, cannot be ranked, or the recipe is full.
    """
    if not (indicator.rankable and indicator.direction):
        refuse("indicateurs", f"« {indicator.label} » ne se classe pas")
    if len(recipe.items) >= MAX_ITEMS:
        refuse("indicateurs", f"{MAX_ITEMS} au plus dans une recette")
    bounded = NORMALISERS[recipe.normalisation].needs_bounds
    item = RecipeItem(
        indicator.code,
        indicator.direction,
        dimension=dimension,
        bounds=usual_bounds(_numbers(values)) if bounded else None,
        percentile=FIRST_PERCENTILE if recipe.is_rule else None,
    )
    return replace(recipe, items=_by_dimension((*recipe.items, item), recipe.dimensions))


def reweighted(recipe: Recipe, code: str, weight: float) -> Recipe:
    """Change the weight of one indicator; a rule never asks for more criteria than there are.

    Raises
    ------
    InvalidRequest
        The weight is negative, or too great, or nothing counts any more.
    """
    items = _with(recipe.items, code, weight=weight)
    counted = sum(item.weight > 0 for item in items)
    least = min(recipe.at_least, max(counted, 1))
    changed = replace(recipe, items=items, at_least=least)
    check_size(changed)
    return changed


def changed_item(recipe: Recipe, code: str, **changes: Any) -> Recipe:
    """Change fields of one indicator.

    Raises
    ------
    InvalidRequest
        A field is out of range.
    """
    return replace(recipe, items=_with(recipe.items, code, **changes))


def changed_dimension(recipe: Recipe, code: str, **changes: Any) -> Recipe:
    """Change the name or the aggregation of one dimension.

    Raises
    ------
    InvalidRequest
        A field is out of range.
    """
    return replace(recipe, dimensions=_with(recipe.dimensions, code, **changes))


def moved_item(recipe: Recipe, code: str, dimension: str) -> Recipe:
    """Put an indicator in another dimension; the one it leaves goes when nothing is left in it."""
    (before,) = (item.dimension for item in recipe.items if item.code == code)
    items = _with(recipe.items, code, dimension=dimension)
    emptied = all(item.dimension != before for item in items)
    kept = tuple(one for one in recipe.dimensions if not (emptied and one.code == before))
    return replace(recipe, items=_by_dimension(items, kept), dimensions=kept)


def with_dimension(recipe: Recipe, name: str) -> Recipe:
    """Add a dimension, empty; the indicators of a recipe that had none go into :data:`REST`.

    Raises
    ------
    InvalidRequest
        The name is empty, or already that of a dimension.
    """
    name = " ".join(name.split())
    if not name:
        refuse("dimensions", "un nom est attendu")
    if any(plain(one.label) == plain(name) for one in recipe.dimensions):
        refuse("dimensions", f"« {name:.60} » y est déjà")
    if len(recipe.dimensions) >= MAX_ITEMS:
        refuse("dimensions", f"{MAX_ITEMS} au plus dans une recette")
    known, items = recipe.dimensions, recipe.items
    if not known:
        known = (Dimension(_code_of(REST, ()), REST),)
        items = tuple(replace(item, dimension=known[0].code) for item in items)
    added = Dimension(_code_of(name, tuple(one.code for one in known)), name)
    return replace(recipe, items=items, dimensions=(*known, added))


def without_dimension(recipe: Recipe, code: str) -> Recipe:
    """Take a dimension out, with its indicators.

    Raises
    ------
    InvalidRequest
        No indicator would be left.
    """
    inside = [item.code for item in recipe.items if item.dimension == code]
    left = recipe.without(inside) if inside else recipe
    return replace(left, dimensions=tuple(one for one in left.dimensions if one.code != code))


def with_normalisation(recipe: Recipe, method: str, values: pd.DataFrame) -> Recipe:
    """Change the common scale; indicators without fixed bounds receive usual ones if it needs some.

    Parameters
    ----------
    values : DataFrame of float
        Places × indicators.

    Raises
    ------
    InvalidRequest
        The aggregation does not go with it.
    """
    items = recipe.items
    if method in NORMALISERS and NORMALISERS[method].needs_bounds:
        items = tuple(
            i if i.bounds else replace(i, bounds=usual_bounds(i.measured(_numbers(values[i.code]))))
            for i in items
        )
    return replace(recipe, normalisation=method, items=items)


def usual_bounds(values: FloatArray) -> tuple[float, float]:
    """Propose fixed bounds: the 5th and 95th percentiles, to three significant figures."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(f"{bound:.3g}") for bound in np.percentile(known, _USUAL))
    return (low, high) if low < high else (low, max(low + 1.0, math.nextafter(low, math.inf)))


def percentile_value(values: FloatArray, direction: int, percentile: float) -> float:
    """Return the value from which a place is at a percentile of need, 0 when none is known.

    Parameters
    ----------
    values : array of float
        NaN where missing.
    direction : int
        1 when a high value is the need, −1 when a low one is.
    percentile : float
        Of need, 0 to 100.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0
    return float(np.percentile(known, percentile if direction > 0 else 100.0 - percentile))


def as_rule(recipe: Recipe) -> Recipe:
    """Choose places by criteria: half of them at least, each from the last quarter by default."""
    items = tuple(
        item if item.is_criterion else replace(item, percentile=FIRST_PERCENTILE)
        for item in recipe.items
    )
    counted = sum(item.weight > 0 for item in items)
    return replace(recipe, items=items, mode=RULE, at_least=max(1, math.ceil(counted / 2)))


def as_score(recipe: Recipe) -> Recipe:
    """Score places; thresholds stay written in the recipe, for a later return to the rule."""
    return replace(recipe, mode=SCORE, at_least=0)


def _with(parts: tuple[_Part, ...], code: str, **changes: Any) -> tuple[_Part, ...]:
    """Change fields of the part that has this code."""
    return tuple(replace(one, **changes) if one.code == code else one for one in parts)


def _numbers(values: pd.Series) -> FloatArray:
    return values.to_numpy(dtype=float, na_value=np.nan)


def _by_dimension(
    items: tuple[RecipeItem, ...], dimensions: tuple[Dimension, ...]
) -> tuple[RecipeItem, ...]:
    """Put items of a dimension side by side: what is read together, and computed together."""
    order = {one.code: at for at, one in enumerate(dimensions)}
    return tuple(sorted(items, key=lambda item: order.get(item.dimension, len(order))))


def _code_of(name: str, taken: tuple[str, ...]) -> str:
    """Make a code of a name, unlike those taken."""
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in plain(name))
    stem = "_".join(part for part in letters.split("_") if part)[:_LONGEST_CODE] or "dimension"
    if not stem[0].isalpha():
        stem = f"d_{stem}"
    numbers = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbers) if code not in taken)
