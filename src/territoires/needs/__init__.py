"""Needs: a recipe says which indicators count and how; the index says where needs are greatest.

Need is never added to capacity (initiatives): the two are read side by side.
"""

from territoires.needs.index import NeedIndex, compute_index
from territoires.needs.normalise import NORMALISERS, Normaliser
from territoires.needs.recipe import Recipe, RecipeItem, check_recipe
from territoires.needs.recipe_file import (
    load_recipe,
    recipe_from_toml,
    recipe_to_toml,
    recipes_available,
)

__all__ = [
    "NORMALISERS",
    "NeedIndex",
    "Normaliser",
    "Recipe",
    "RecipeItem",
    "check_recipe",
    "compute_index",
    "load_recipe",
    "recipe_from_toml",
    "recipe_to_toml",
    "recipes_available",
]
