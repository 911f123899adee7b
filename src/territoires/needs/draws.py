"""The choices of a recipe that someone else could have made: drawn at random, with a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.errors import InvalidRequest
from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.normalise import NORMALISERS
from territoires.needs.recipe import Recipe

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

MAX_DRAWS = 10_000
WEIGHT_DRAWS = {
    "uniforme": "chaque poids multiplié par un nombre tiré entre 1 − marge et 1 + marge",
    "dirichlet": "poids tirés autour de ceux de la recette, de somme 1 (loi de Dirichlet)",
}
_DIRICHLET_LEAST = 1e-3  # a weight of 0 stays one: only its parameter must be positive


@dataclass(frozen=True)
class DrawPlan:
    """How the choices of a recipe are varied.

    Attributes
    ----------
    count : int
        Draws.
    seed : int
        The same seed gives the same draws.
    weights : str
        A key of ``WEIGHT_DRAWS``.
    margin : float
        For ``uniforme``: weights move by up to this share, 0 to 1.
    concentration : float
        For ``dirichlet``: the higher, the closer to the weights of the recipe; 40 moves a weight of
        a quarter by about 7 points, one standard deviation.
    leave_out : float
        Share of the draws that leave one indicator out, chosen at random.
    vary_method : bool
        Whether normalisation and aggregation are drawn too.

    Raises
    ------
    InvalidRequest
        A field is out of range.
    """

    count: int = 1000
    seed: int = 20260101
    weights: str = "uniforme"
    margin: float = 0.25
    concentration: float = 40.0
    leave_out: float = 0.5
    vary_method: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_DRAWS:
            _refuse(f"de 1 à {MAX_DRAWS} tirages, « {self.count} » demandés")
        if self.seed < 0:
            _refuse(f"la graine est un nombre positif, « {self.seed} » lu")
        if self.weights not in WEIGHT_DRAWS:
            _refuse(f"tirage des poids « {self.weights} » inconnu : {', '.join(WEIGHT_DRAWS)}")
        if not (0.0 <= self.margin < 1.0 and 0.0 <= self.leave_out <= 1.0):
            _refuse("la marge et la part des retraits sont des parts de 0 à 1")
        if not self.concentration > 0:
            _refuse("la concentration est un nombre positif")


@dataclass(frozen=True)
class Method:
    """A normalisation and an aggregation that go together."""

    normalisation: str
    aggregation: str


@dataclass(frozen=True, eq=False)
class Variants:
    """Variants of a recipe, one a row.

    Attributes
    ----------
    methods : tuple of Method
        Those in use.
    method : array of int, (variants,)
        Which of them.
    inner : array of float, (variants, items)
        Weight of each indicator inside its dimension; 0 for the one left out.
    outer : array of float, (variants, blocks)
        Weight of each block.
    """

    methods: tuple[Method, ...]
    method: IntArray
    inner: FloatArray
    outer: FloatArray


def methods_for(recipe: Recipe, *, vary: bool = True) -> tuple[Method, ...]:
    """List the methods a recipe could have used, its own first.

    Fixed bounds are among them when every indicator has some; a geometric mean goes with values
    from 0 to 1 only.
    """
    own = Method(recipe.normalisation, recipe.aggregation)
    if not vary:
        return (own,)
    bounded = all(item.bounds is not None for item in recipe.items)
    scales = [name for name, one in NORMALISERS.items() if bounded or not one.needs_bounds]
    geometric_inside = any(
        one.aggregation and AGGREGATIONS[one.aggregation].unit_scale for one in recipe.dimensions
    )
    possible = [
        Method(scale, mean)
        for scale in scales
        for mean, way in AGGREGATIONS.items()
        if NORMALISERS[scale].unit_scale or not (way.unit_scale or geometric_inside)
    ]
    return (own, *(method for method in possible if method != own))


def draw_variants(recipe: Recipe, plan: DrawPlan) -> Variants:
    """Draw variants of a recipe; reproducible by the seed of the plan."""
    random = np.random.default_rng(plan.seed)
    methods = methods_for(recipe, vary=plan.vary_method)
    method = random.integers(len(methods), size=plan.count)
    base_inner, base_outer = base_weights(recipe)
    inner = np.empty((plan.count, len(recipe.items)))
    for block in recipe.blocks:
        inner[:, block.positions] = _noisy(base_inner[block.positions], plan, random)
    outer = _noisy(base_outer, plan, random)
    _leave_one_out(inner, base_inner, plan, random)
    return Variants(methods, method, inner, outer)


def base_weights(recipe: Recipe) -> tuple[FloatArray, FloatArray]:
    """Return the weights of the recipe itself: of items inside their block, and of blocks."""
    inner = np.zeros(len(recipe.items))
    for block in recipe.blocks:
        inner[block.positions] = block.weights
    return inner, np.array([block.share for block in recipe.blocks])


def _noisy(base: FloatArray, plan: DrawPlan, random: np.random.Generator) -> FloatArray:
    if plan.weights == "dirichlet":
        alpha = np.maximum(base * plan.concentration, _DIRICHLET_LEAST)
        drawn = random.dirichlet(alpha, size=plan.count)
        return np.where(base > 0, drawn, 0.0)
    size = (plan.count, len(base))
    return base * random.uniform(1.0 - plan.margin, 1.0 + plan.margin, size=size)


def _leave_one_out(
    inner: FloatArray, base: FloatArray, plan: DrawPlan, random: np.random.Generator
) -> None:
    """Set to 0 the weight of one indicator in a share of the draws; never the only one."""
    counted = np.flatnonzero(base > 0)
    leaves = random.random(plan.count) < plan.leave_out
    chosen = random.choice(counted, size=plan.count)
    if len(counted) > 1:
        rows = np.flatnonzero(leaves)
        inner[rows, chosen[rows]] = 0.0


def _refuse(problem: str) -> None:
    message = f"Tirages : {problem}."
    raise InvalidRequest(message)
