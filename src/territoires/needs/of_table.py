"""The index of a table of indicators: what its catalogue says of each figure is respected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable
from territoires.needs.draws import DrawPlan
from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.index import NeedIndex, compute_index
from territoires.needs.recipe import Recipe, check_recipe
from territoires.needs.robustness import Progress, Robustness, assess


def index_of(
    table: IndicatorTable, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None
) -> NeedIndex:
    """Compute a recipe over the places of a table of indicators.

    Parameters
    ----------
    table : IndicatorTable
        Of communes, EPCI, départements or any territories.
    recipe : Recipe
        Without its wider figures when it says so (:func:`usable_recipe`).
    universe : Index or sequence of str, optional
        Places compared; all by default.

    Raises
    ------
    InvalidRequest
        An indicator is unknown or must not be ranked, a place is unknown, or the recipe has nothing
        left.
    """
    check_recipe(recipe, table.catalogue)
    usable = usable_recipe(recipe, table)
    return compute_index(table.comparable, usable, universe, groups=table.alike)


def robustness_of(
    table: IndicatorTable, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    *, plan: DrawPlan | None = None, progress: Progress | None = None,
) -> Robustness:  # fmt: skip
    """Rank the places of a table under many variants of a recipe.

    Parameters
    ----------
    table, recipe, universe
        As :func:`index_of`.
    plan, progress
        As :func:`territoires.needs.robustness.assess`.

    Raises
    ------
    InvalidRequest
        As :func:`index_of`.
    """
    check_recipe(recipe, table.catalogue)
    usable = usable_recipe(recipe, table)
    return assess(
        table.comparable, usable, universe, groups=table.alike, plan=plan, progress=progress
    )


def usable_recipe(recipe: Recipe, table: IndicatorTable) -> Recipe:
    """Return the recipe as it applies to a table.

    Without figures of wider places, when it leaves them out; without filling what is missing, when
    the places are not communes, since no other place is known to be like them.

    Raises
    ------
    InvalidRequest
        Nothing would be left.
    """
    if table.alike is None:
        recipe = replace(recipe, imputation=NO_IMPUTATION)
    wider = wider_codes(recipe, table)
    if recipe.wider_values or not wider:
        return recipe
    try:
        return recipe.without(wider)
    except InvalidRequest as error:
        message = (
            f"Sans les chiffres départementaux ou de zone d’emploi, la recette « {recipe.name} » "
            "n’a plus d’indicateur. Gardez-les, ou ajoutez un indicateur communal."
        )
        raise InvalidRequest(message) from error


def wider_codes(recipe: Recipe, table: IndicatorTable) -> tuple[str, ...]:
    """List the indicators of a recipe that communes carry from a wider place."""
    catalogue = table.catalogue
    return tuple(code for code in recipe.codes if code in catalogue and catalogue[code].is_wider)
