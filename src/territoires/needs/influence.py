"""Which choice of a recipe moves the ranks most: each is changed alone, the others kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.needs.aggregate import AGGREGATIONS
from territoires.needs.batch import Ranks, competition_ranks, scores_by_variant
from territoires.needs.draws import (
    DrawPlan,
    Method,
    Variants,
    base_weights,
    draw_variants,
    methods_for,
)
from territoires.needs.index import index_of_prepared, prepare
from territoires.needs.normalise import NORMALISERS
from territoires.needs.recipe import Recipe

WEIGHTS, NORMALISATION, AGGREGATION, LEFT_OUT = "poids", "normalisation", "agregation", "retrait"
_WEIGHT_DRAWS = 50


@dataclass(frozen=True)
class Influence:
    """What one choice does to the ranks.

    Attributes
    ----------
    kind : str
        ``poids``, ``normalisation``, ``agregation`` or ``retrait``.
    choice : str
        What is chosen instead: a margin, a key of a registry, or the indicator left out.
    mean_shift : float
        Ranks by which a place moves on average, up or down.
    share : float
        The same over the number of places ranked, 0 to 1.
    """

    kind: str
    choice: str
    mean_shift: float
    share: float


def influences(
    values: pd.DataFrame, recipe: Recipe, universe: pd.Index | Sequence[str] | None = None,
    *, groups: pd.Series | None = None, plan: DrawPlan | None = None,
) -> tuple[Influence, ...]:  # fmt: skip
    """Measure each choice of a recipe alone.

    Parameters
    ----------
    values, recipe, universe, groups
        As :func:`compute_index`; the recipe is of mode ``score``.
    plan : DrawPlan, optional
        How weights are moved.

    Returns
    -------
    tuple of Influence
        The one that moves most first; empty when fewer than two places are ranked.

    Raises
    ------
    InvalidRequest
        As :func:`compute_index`.
    """
    plan = plan or DrawPlan()
    prepared = prepare(values, recipe, universe, groups)
    rank = index_of_prepared(recipe, prepared).rank
    kept = rank.notna().to_numpy()
    if recipe.is_rule or kept.sum() < 2:
        return ()
    own = rank[kept].to_numpy(dtype=float)
    names, variants = _one_at_a_time(recipe, plan)
    moves: dict[tuple[str, str], list[float]] = {}
    for rows, batch in scores_by_variant(recipe, prepared, kept, variants):
        for row, scores in zip(rows, batch, strict=True):
            moves.setdefault(names[row], []).append(_mean_shift(competition_ranks(scores), own))
    found = [_influence(*name, float(np.mean(each)), len(own)) for name, each in moves.items()]
    return tuple(sorted(found, key=lambda one: (-one.mean_shift, one.kind, one.choice)))


def _influence(kind: str, choice: str, mean_shift: float, count: int) -> Influence:
    return Influence(kind, choice, mean_shift, mean_shift / count)


def _mean_shift(ranks: Ranks, own: npt.NDArray[np.float64]) -> float:
    """Average the moves; a place of which nothing is known any more does not move."""
    return float(np.abs(np.where(ranks == 0, own, ranks) - own).mean())


def _one_at_a_time(recipe: Recipe, plan: DrawPlan) -> tuple[list[tuple[str, str]], Variants]:
    """List the variants that change one choice, and what each changes."""
    inner, outer = base_weights(recipe)
    own, *others = methods_for(recipe)
    changes = [
        (name, method, inner, outer)
        for method in others
        if (name := _single_change(own, method)) is not None
    ]
    counted = np.flatnonzero(inner > 0)
    for position in counted if len(counted) > 1 else []:
        left = np.where(np.arange(len(inner)) == position, 0.0, inner)
        changes.append(((LEFT_OUT, recipe.codes[position]), own, left, outer))
    only_weights = replace(plan, count=_WEIGHT_DRAWS, leave_out=0.0, vary_method=False)
    noisy = draw_variants(recipe, only_weights)
    for rows in zip(noisy.inner, noisy.outer, strict=True):
        changes.append(((WEIGHTS, plan.weights), own, *rows))
    names, methods, inners, outers = zip(*changes, strict=True)
    distinct = tuple(dict.fromkeys(methods))
    at = np.array([distinct.index(method) for method in methods])
    return list(names), Variants(distinct, at, np.vstack(inners), np.vstack(outers))


def _single_change(own: Method, other: Method) -> tuple[str, str] | None:
    if other.aggregation == own.aggregation:
        return NORMALISATION, other.normalisation
    if other.normalisation == own.normalisation:
        return AGGREGATION, other.aggregation
    return None


def choice_label(influence: Influence, labels: dict[str, str]) -> str:
    """Say a choice in French.

    Parameters
    ----------
    influence : Influence
        Which one.
    labels : dict of str
        Name of each indicator, by code.
    """
    if influence.kind == LEFT_OUT:
        return f"retirer « {labels.get(influence.choice, influence.choice)} »"
    if influence.kind == NORMALISATION:
        return f"normaliser par « {NORMALISERS[influence.choice].label} »"
    if influence.kind == AGGREGATION:
        return f"agréger par « {AGGREGATIONS[influence.choice].label} »"
    return "faire varier les poids"
