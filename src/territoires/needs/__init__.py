"""Needs: a recipe says which indicators count and how; the index says where needs are greatest.

Need is never added to capacity (initiatives): the two are read side by side.
"""

from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.coherence import Correlation, correlations
from territoires.needs.draws import DrawPlan
from territoires.needs.imputation import IMPUTATIONS
from territoires.needs.index import TIERS, UNRANKED, NeedIndex, compute_index
from territoires.needs.influence import Influence, choice_label, influences
from territoires.needs.normalise import NORMALISERS, Normaliser
from territoires.needs.of_table import index_of, robustness_of, usable_recipe, wider_codes
from territoires.needs.recipe import MODES, Recipe, check_recipe
from territoires.needs.recipe_parts import Dimension, RecipeItem
from territoires.needs.recipe_reading import load_recipe, recipe_from_toml, recipes_available
from territoires.needs.recipe_writing import recipe_to_toml
from territoires.needs.robustness import Robustness, assess
from territoires.needs.scaling import TRANSFORMATIONS

__all__ = [
    "AGGREGATIONS",
    "IMPUTATIONS",
    "MODES",
    "NORMALISERS",
    "TIERS",
    "TRANSFORMATIONS",
    "UNRANKED",
    "Correlation",
    "Dimension",
    "DrawPlan",
    "Influence",
    "NeedIndex",
    "Normaliser",
    "Recipe",
    "RecipeItem",
    "Robustness",
    "assess",
    "check_recipe",
    "choice_label",
    "compute_index",
    "correlations",
    "index_of",
    "influences",
    "load_recipe",
    "recipe_from_toml",
    "recipe_to_toml",
    "recipes_available",
    "robustness_of",
    "usable_recipe",
    "wider_codes",
]
