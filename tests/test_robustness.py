"""Robustness: what draws say of a rank must follow from the draws, and from nothing else."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.needs import (
    Dimension,
    DrawPlan,
    Recipe,
    RecipeItem,
    assess,
    choice_label,
    compute_index,
    correlations,
    influences,
    recipes_available,
    robustness_of,
)
from territoires.needs.batch import competition_ranks, scores_by_variant
from territoires.needs.draws import WEIGHT_DRAWS, Variants, base_weights, draw_variants, methods_for
from territoires.needs.index import prepare
from territoires.needs.robustness import FREQUENCIES, rank_quantiles

CODES = ("a", "b", "c", "d")
FEW = DrawPlan(count=60, seed=7)
figures = st.one_of(st.just(math.nan), st.floats(-1e6, 1e6), st.integers(-3, 3).map(float))
tables = hnp.arrays(float, st.tuples(st.integers(1, 40), st.just(4)), elements=figures)


def frame(values):
    return pd.DataFrame(values, columns=list(CODES), index=[f"{i:05d}" for i in range(len(values))])


def recipe(*, dimensions=False, aggregation="arithmetique", bounds=(-10.0, 10.0), **others):
    groups = ("un", "deux", "un", "deux") if dimensions else ("",) * 4
    items = tuple(
        RecipeItem(code, (-1) ** k, 1.0 + k, bounds, dimension=group)
        for k, (code, group) in enumerate(zip(CODES, groups, strict=True))
    )
    named = (Dimension("un", weight=2.0), Dimension("deux")) if dimensions else ()
    return Recipe("essai", items, aggregation=aggregation, dimensions=named, **others)


@pytest.fixture(scope="module")
def comparable(data_dir, register):
    return load_indicators(data_dir, register)


# Ranks of a variant are those of the recipe it stands for


@pytest.mark.parametrize("dimensions", [False, True])
@settings(max_examples=40, deadline=None)
@given(values=tables)
def test_each_variant_ranks_as_its_recipe_does(dimensions, values):
    made = recipe(dimensions=dimensions, min_coverage=0.0)
    prepared = prepare(frame(values), made)
    everyone = np.ones(len(values), dtype=bool)
    inner, outer = base_weights(made)
    for method in methods_for(made):
        same = dataclasses.replace(
            made, normalisation=method.normalisation, aggregation=method.aggregation
        )
        variants = Variants((method,), np.zeros(1, np.intp), inner[np.newaxis], outer[np.newaxis])
        (_rows, scores), *more = scores_by_variant(made, prepared, everyone, variants)
        assert not more
        index = compute_index(frame(values), same)
        assert np.allclose(scores[0], index.score, rtol=1e-4, atol=1e-4, equal_nan=True)
        _assert_same_order(competition_ranks(scores[0]), index.score.to_numpy())


def _assert_same_order(ranks, scores):
    """Whoever is clearly above is ranked before; single precision may tie what is close."""
    known = ~np.isnan(scores)
    assert np.array_equal(ranks == 0, ~known)
    ranks, scores = ranks[known].astype(int), scores[known]
    width = max(scores.max() - scores.min(), 1e-9) if len(scores) else 1.0
    for one, score in zip(ranks, scores, strict=True):
        clearly_above = int(np.count_nonzero(scores > score + 1e-3 * width))
        not_below = int(np.count_nonzero(scores >= score - 1e-3 * width))
        assert clearly_above < one <= max(not_below, 1)


def test_ranks_of_all_communes_are_those_of_the_index(comparable, data_dir):
    made = recipes_available(data_dir)["deprise_eloignement"]
    index = compute_index(comparable.comparable, made)
    kept = index.rank.notna().to_numpy()
    inner, outer = base_weights(made)
    own = methods_for(made, vary=False)
    variants = Variants(own, np.zeros(1, np.intp), inner[np.newaxis], outer[np.newaxis])
    prepared = prepare(comparable.comparable, made)
    ((_rows, scores),) = scores_by_variant(made, prepared, kept, variants)
    ranks = competition_ranks(scores[0])
    assert np.abs(ranks - index.rank[kept].to_numpy(float)).max() <= 3  # ties of close scores


# What the draws say


@settings(max_examples=30, deadline=None)
@given(values=tables, weights=st.sampled_from(sorted(WEIGHT_DRAWS)))
def test_the_interval_holds_the_rank_and_stays_among_the_ranked(values, weights):
    plan = dataclasses.replace(FEW, weights=weights)
    found = assess(frame(values), recipe(dimensions=True, min_coverage=0.5), plan=plan)
    ranked = found.index.rank.notna()
    assert found.best.notna().equals(ranked)
    assert found.worst.notna().equals(ranked)
    assert (found.best[ranked] <= found.index.rank[ranked]).all()
    assert (found.index.rank[ranked] <= found.worst[ranked]).all()
    assert found.best[ranked].between(1, ranked.sum()).all()
    assert found.worst[ranked].between(1, ranked.sum()).all()
    assert set(found.frequency(3)[~ranked]) <= {""}
    assert set(found.frequency(3)[ranked]) <= set(FREQUENCIES)


def test_draws_are_reproducible_by_their_seed(comparable, data_dir):
    made = recipes_available(data_dir)["deprise_eloignement"]
    drome = comparable.departements.index[comparable.departements == "26"]
    first, second, other = (
        robustness_of(comparable, made, drome, plan=DrawPlan(count=200, seed=seed))
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first.quantiles, second.quantiles)
    assert not np.array_equal(first.quantiles, other.quantiles)


def test_without_anything_varied_the_interval_is_the_rank():
    still = DrawPlan(count=5, margin=0.0, leave_out=0.0, vary_method=False)
    values = frame(np.random.default_rng(3).normal(size=(50, 4)))
    found = assess(values, recipe(), plan=still)
    assert found.best.equals(found.index.rank.rename("rang_min"))
    assert found.worst.equals(found.index.rank.rename("rang_max"))


def test_who_is_worst_everywhere_is_first_in_every_draw():
    values = np.random.default_rng(5).uniform(-5, 5, size=(30, 4))
    values[12] = [9.0, -9.0, 9.0, -9.0]  # the second and the fourth are needs when low
    found = assess(frame(values), recipe(), plan=FEW)
    assert found.best.iloc[12] == found.worst.iloc[12] == 1
    assert found.interval(str(found.best.index[12])) == (1, 1)
    assert found.frequency(1).iloc[12] == "toujours"
    assert found.share_in_top(1).drop("00012").max() == 0.0


def test_more_places_in_the_first_ones_is_more_often():
    values = frame(np.random.default_rng(11).normal(size=(80, 4)))
    found = assess(values, recipe(), plan=FEW)
    shares = [found.share_in_top(count) for count in (1, 10, 40, 80)]
    for fewer, more in itertools.pairwise(shares):
        assert (fewer <= more).all()
    assert (shares[-1] == 1.0).all()


def test_a_place_that_is_not_ranked_takes_no_part():
    values = np.random.default_rng(2).normal(size=(20, 4))
    values[4, :3] = np.nan
    found = assess(frame(values), recipe(min_coverage=0.9), plan=FEW)
    assert pd.isna(found.best.iloc[4])
    assert found.interval(str(found.best.index[4])) is None
    assert found.interval("ailleurs") is None
    assert found.worst.max() <= 19


def test_the_only_indicator_that_is_known_may_be_left_out_without_a_false_rank():
    values = np.random.default_rng(4).normal(size=(20, 4))
    values[0] = [3.0, np.nan, np.nan, np.nan]
    found = assess(
        frame(values), recipe(min_coverage=0.0), plan=dataclasses.replace(FEW, count=400)
    )
    assert 1 <= found.best.iloc[0] <= found.worst.iloc[0] <= 20


def test_quantiles_leave_out_the_draws_that_say_nothing():
    ranks = np.array([[0, 5], [2, 0], [4, 7]], dtype=np.uint32)
    quantiles = rank_quantiles(ranks)
    assert quantiles[0, [0, 100]].tolist() == [2, 4]
    assert quantiles[1, [0, 100]].tolist() == [5, 7]


def test_progress_is_told_and_may_stop():
    told = []
    assess(frame(np.random.default_rng(1).normal(size=(9, 4))), recipe(), plan=FEW,
           progress=told.append)  # fmt: skip
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(_share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess(frame(np.ones((9, 4))), recipe(), plan=FEW, progress=stop)


# Variants


def test_a_geometric_mean_never_meets_an_unbounded_scale():
    for method in methods_for(recipe()):
        assert (method.normalisation, method.aggregation) != ("z", "geometrique")
    assert len(set(methods_for(recipe()))) == 7


def test_bounds_are_drawn_only_where_every_indicator_has_some():
    without = recipe(bounds=None)
    assert all(method.normalisation != "bornes" for method in methods_for(without))


@pytest.mark.parametrize("weights", sorted(WEIGHT_DRAWS))
def test_weights_stay_about_those_of_the_recipe(weights):
    made = recipe(dimensions=True)
    variants = draw_variants(made, DrawPlan(count=4000, weights=weights, leave_out=0.0))
    for block in made.blocks:
        drawn = variants.inner[:, block.positions]
        shares = drawn / drawn.sum(axis=1, keepdims=True)
        assert np.allclose(shares.mean(axis=0), block.weights, atol=0.01)
    if weights == "uniforme":
        base, _ = base_weights(made)
        assert np.all(np.abs(variants.inner / base - 1.0) <= 0.25)


def test_the_only_indicator_is_never_left_out():
    alone = Recipe("un seul", (RecipeItem("a"), RecipeItem("b", weight=0.0)))
    variants = draw_variants(alone, DrawPlan(count=50, leave_out=1.0))
    assert (variants.inner[:, 0] > 0).all()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"count": 0}, "de 1 à 10000 tirages"),
        ({"count": 10**9}, "de 1 à 10000 tirages"),
        ({"seed": -1}, "graine"),
        ({"weights": "gauss"}, "uniforme, dirichlet"),
        ({"margin": 1.5}, "parts de 0 à 1"),
        ({"leave_out": float("nan")}, "parts de 0 à 1"),
        ({"concentration": 0.0}, "concentration"),
    ],
)
def test_impossible_plans_are_refused(fields, words):
    with pytest.raises(InvalidRequest, match=words):
        DrawPlan(**fields)


# Rules


def test_a_rule_is_robust_where_a_place_is_far_beyond_its_thresholds():
    values = np.linspace(0.0, 1.0, 101)[:, np.newaxis] * np.ones(4)
    items = tuple(RecipeItem(code, 1, percentile=80.0) for code in CODES)
    rule = Recipe("règle", items, mode="regle", at_least=3)
    found = assess(frame(values), rule, plan=FEW)
    assert found.index.verdict.iloc[[0, 90]].tolist() == ["non_retenu", "retenu"]
    assert found.best.iloc[100] == found.worst.iloc[100] == 1  # whatever the threshold
    assert found.best.iloc[10] > 20
    assert found.worst.iloc[82] > found.worst.iloc[95]


def test_a_threshold_in_value_moves_as_the_percentile_it_is():
    values = np.linspace(0.0, 1.0, 101)[:, np.newaxis] * np.ones(4)
    by_value = tuple(RecipeItem(code, 1, threshold=0.8) for code in CODES)
    by_rank = tuple(RecipeItem(code, 1, percentile=80.0) for code in CODES)
    first, second = (
        assess(frame(values), Recipe("r", items, mode="regle", at_least=2), plan=FEW)
        for items in (by_value, by_rank)
    )
    assert np.array_equal(first.quantiles, second.quantiles)


# Influence and coherence


def test_the_choice_that_decides_comes_first():
    random = np.random.default_rng(8)
    values = random.normal(size=(200, 4))
    values[:, 1:] = random.normal(size=(200, 1))  # three that say the same, and one apart
    made = Recipe(
        "essai", tuple(RecipeItem(c, 1, w) for c, w in zip(CODES, (3, 1, 1, 1), strict=True))
    )
    found = influences(frame(values), made)
    assert (found[0].kind, found[0].choice) == ("retrait", "a")
    assert [one.mean_shift for one in found] == sorted((o.mean_shift for o in found), reverse=True)
    assert all(0.0 <= one.share <= 1.0 for one in found)
    assert choice_label(found[0], {"a": "Chômage"}) == "retirer « Chômage »"
    assert {one.kind for one in found} == {"poids", "normalisation", "agregation", "retrait"}


def test_nothing_to_compare_has_no_influence():
    assert influences(frame(np.ones((1, 4))), recipe()) == ()


def test_indicators_of_a_dimension_that_repeat_or_oppose_each_other_are_found():
    random = np.random.default_rng(9)
    values = random.normal(size=(300, 4))
    values[:, 2] = values[:, 0] * 3.0  # same dimension, same direction
    values[:, 3] = -values[:, 1]
    found = correlations(frame(values), recipe(dimensions=True))
    assert [(one.first, one.second, one.dimension) for one in found] == [
        ("a", "c", "un"), ("b", "d", "deux"),
    ]  # fmt: skip
    assert found[0].r == pytest.approx(1.0)
    assert found[0].is_too_alike
    assert found[1].is_opposed


def test_a_correlation_over_a_handful_of_places_is_not_told():
    assert correlations(frame(np.random.default_rng(1).normal(size=(9, 4))), recipe()) == ()


def test_correlations_are_those_of_pandas(comparable, data_dir):
    made = recipes_available(data_dir)["deprise_eloignement"]
    found = correlations(comparable.comparable, made)
    columns = comparable.comparable[list(made.codes)]
    signs = pd.Series({item.code: item.direction for item in made.items})
    expected = (columns * signs).corr(method="spearman")
    for one in found:
        # Ours ranks within the recipe's universe first, then among the places known on both sides.
        assert one.r == pytest.approx(expected.loc[one.first, one.second], abs=1e-9)
