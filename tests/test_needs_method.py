"""The method of the index, through its public door: what must hold whatever figures and recipe.

The scaling of one indicator is tested in ``test_needs.py``; here, what a whole recipe does.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.needs import (
    AGGREGATIONS,
    NORMALISERS,
    TIERS,
    UNRANKED,
    Dimension,
    Recipe,
    RecipeItem,
    compute_index,
    index_of,
    recipe_from_toml,
    recipe_to_toml,
    recipes_available,
    usable_recipe,
    wider_codes,
)
from territoires.needs.normalise import normalise

CODES = ("a", "b", "c", "d")
METHODS = sorted(NORMALISERS)
UNIT_METHODS = [name for name in METHODS if NORMALISERS[name].unit_scale]
SHIFTS = st.sampled_from([0.0, 0.01, 0.2, 0.5])
MISSING = st.just(math.nan)
STRUCTURES = ((), ("un", "deux"))  # flat, or in dimensions

# Eighths: exact in binary, so that a change of unit makes and breaks no tie by itself.
figures = st.integers(-400, 400).map(lambda n: n / 8)
positive_figures = st.integers(1, 4000).map(lambda n: n / 8)
weights = st.sampled_from([0.0, 0.25, 1.0, 2.5, 7.0])

quick = settings(max_examples=60, deadline=None)


@st.composite
def items(draw, code, dimension=""):
    """One indicator: plain, brought to a logarithm, or measured from an ideal value."""
    kind = draw(st.sampled_from(["plain", "log10", "ideal"]))
    bounds = {"plain": (-20.0, 30.0), "log10": (2.0, 200.0), "ideal": (0.0, 25.0)}[kind]
    return RecipeItem(
        code,
        draw(st.sampled_from([-1, 1])),
        draw(weights),
        bounds,
        dimension=dimension,
        transformation="log10" if kind == "log10" else "aucune",
        ideal=draw(figures) if kind == "ideal" else None,
    )


@st.composite
def recipes(
    draw, methods=METHODS, aggregations=tuple(AGGREGATIONS), min_coverage=0.0, structures=STRUCTURES
):
    """A recipe of mode score: flat or in dimensions, each with its own mean."""
    method = draw(st.sampled_from(methods))
    means = aggregations if NORMALISERS[method].unit_scale else ("arithmetique",)
    named = draw(st.sampled_from(structures))
    groups = [draw(st.sampled_from(named)) if named else "" for _ in CODES]
    made = [draw(items(code, group)) for code, group in zip(CODES, groups, strict=True)]
    dimensions = tuple(
        Dimension(name, "", draw(weights), draw(st.sampled_from(["", *means]))) for name in named
    )
    try:
        return Recipe(
            "essai", tuple(made), method, draw(st.sampled_from(means)), min_coverage,
            dimensions=dimensions, geometric_shift=draw(SHIFTS),
        )  # fmt: skip
    except InvalidRequest:
        assume(False)  # every weight is zero: nothing to compute


@st.composite
def tables(draw, recipe, least=1, most=12, missing=True):
    """Figures a recipe can be computed on, a part of them missing."""
    columns = {}
    size = draw(st.integers(least, most))
    for item in recipe.items:
        known = positive_figures if item.transformation == "log10" else figures
        cells = st.one_of(known, known, known, MISSING) if missing else known
        columns[item.code] = draw(st.lists(cells, min_size=size, max_size=size))
    return pd.DataFrame(columns, index=[f"{n:05d}" for n in range(size)], dtype=float)


@st.composite
def recipes_and_tables(draw, least=1, missing=True, **recipe_options):
    recipe = draw(recipes(**recipe_options))
    return recipe, draw(tables(recipe, least=least, missing=missing))


def greater_need(item, value, step):
    """Return a figure of greater need than another, by the direction and the ideal of its item."""
    if item.ideal is not None:
        side = math.copysign(1.0, value - item.ideal)
        distance = abs(value - item.ideal)
        return item.ideal + side * (distance + step if item.direction > 0 else distance / 2)
    if item.transformation == "log10":
        return value * (1 + step) if item.direction > 0 else value / (1 + step)
    return value + item.direction * step


def same_scores(first, second):
    return np.allclose(first.score, second.score, equal_nan=True, rtol=1e-9, atol=1e-9)


# Bounds, monotony, invariances


@quick
@given(recipes_and_tables(methods=UNIT_METHODS))
def test_scores_coverage_and_contributions_are_shares(case):
    recipe, table = case
    index = compute_index(table, recipe)
    ranked = index.score.notna()
    assert index.score[ranked].between(0, 1 + 1e-12).all()
    assert index.coverage.between(0, 1).all()
    known = index.contributions.to_numpy()[index.contributions.notna().to_numpy()]
    assert (known >= -1e-12).all()
    assert (known <= 1 + 1e-9).all()
    assert np.nanmin(index.dimensions.to_numpy(), initial=0.0) >= 0
    assert np.nanmax(index.dimensions.to_numpy(), initial=0.0) <= 1 + 1e-12
    assert index.rank[ranked].between(1, ranked.sum()).all()


@settings(max_examples=200, deadline=None)
@given(recipes_and_tables(least=2), st.data(), st.sampled_from([0.125, 3.0, 1000.0]))
def test_a_greater_need_never_lowers_the_score_nor_worsens_the_rank(case, data, step):
    """Under z the rank may: a figure that runs away brings the others nearer to one another."""
    recipe, table = case
    item = data.draw(st.sampled_from(recipe.items))
    place = data.draw(st.sampled_from(list(table.index)))
    assume(not math.isnan(table.loc[place, item.code]))
    worse = table.copy()
    worse.loc[place, item.code] = greater_need(item, table.loc[place, item.code], step)
    before, after = compute_index(table, recipe), compute_index(worse, recipe)
    if pd.isna(before.rank[place]):
        assert pd.isna(after.rank[place])
        return
    assert after.score[place] >= before.score[place] - 1e-9
    if recipe.normalisation != "z":
        assert after.rank[place] <= before.rank[place]


def test_under_z_the_rank_of_a_growing_need_may_worsen():
    """Kept as a fact of the method, which the documentation of z owes to its readers."""
    recipe = Recipe("z", (RecipeItem("a"), RecipeItem("b")), "z")
    table = pd.DataFrame({"a": [4.0, 2.0, 0.0], "b": [2.0, 3.0, 4.0]}, index=list("xyz"))
    runaway = table.assign(a=[5.0, 2.0, 0.0])
    first, second = compute_index(table, recipe), compute_index(runaway, recipe)
    assert second.score["x"] > first.score["x"]
    assert (first.rank["x"], second.rank["x"]) == (1, 2)


@quick
@given(recipes_and_tables(least=2, min_coverage=0.4), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case, shuffler):
    recipe, table = case
    order = list(table.index)
    shuffler.shuffle(order)
    index, shuffled = compute_index(table, recipe), compute_index(table.loc[order], recipe)
    assert list(shuffled.score.index) == order
    assert np.allclose(shuffled.score[table.index], index.score, equal_nan=True, atol=1e-12)
    assert shuffled.rank[table.index].equals(index.rank)
    assert shuffled.classes[table.index].equals(index.classes)


@quick
@given(
    recipes_and_tables(),
    st.sampled_from([1e-9, 0.3, 1e9]),
    st.fixed_dictionaries({"": st.just(5.0), "un": st.floats(1e-6, 1e6), "deux": st.just(3.0)}),
)
def test_the_scale_of_weights_changes_nothing_at_either_level(case, outer, inner):
    recipe, table = case
    scaled = replace(
        recipe,
        items=tuple(replace(i, weight=i.weight * inner[i.dimension]) for i in recipe.items),
        dimensions=tuple(replace(one, weight=one.weight * outer) for one in recipe.dimensions),
    )
    assert np.allclose(scaled.weights, recipe.weights)
    first, second = compute_index(table, recipe), compute_index(table, scaled)
    assert same_scores(first, second)
    assert np.allclose(first.coverage, second.coverage)
    assert first.rank.equals(second.rank)


def in_other_units(item, factor, offset):
    """Write an item for figures that are ``factor × figure + offset``."""
    if item.ideal is not None:
        bounds = (item.bounds[0] * factor, item.bounds[1] * factor)  # distances have no origin
        return replace(item, bounds=bounds, ideal=item.ideal * factor + offset)
    return replace(item, bounds=tuple(bound * factor + offset for bound in item.bounds))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("factor", "offset"), [(0.5, 0.0), (100.0, 0.0), (1.75, 32.0)])
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_units_change_nothing(method, factor, offset, data):
    recipe, table = data.draw(recipes_and_tables(methods=[method]))
    shifts = {i.code: 0.0 if i.transformation == "log10" else offset for i in recipe.items}
    converted = replace(
        recipe, items=tuple(in_other_units(i, factor, shifts[i.code]) for i in recipe.items)
    )
    other_table = table * factor + pd.Series(shifts)
    first, second = compute_index(table, recipe), compute_index(other_table, converted)
    assert np.allclose(first.normalised, second.normalised, equal_nan=True, atol=1e-9)
    assert same_scores(first, second)


@settings(max_examples=150, deadline=None)
@given(
    recipes_and_tables(methods=UNIT_METHODS, aggregations=("arithmetique",)), st.floats(0.0, 0.5)
)
def test_a_geometric_mean_never_exceeds_the_arithmetic_one(case, shift):
    recipe, table = case
    geometric = replace(
        recipe,
        aggregation="geometrique",
        geometric_shift=shift,
        dimensions=tuple(replace(one, aggregation="") for one in recipe.dimensions),
    )
    plain = compute_index(table, recipe).score
    lower = compute_index(table, geometric).score
    assert lower.notna().equals(plain.notna())
    assert (lower.dropna() <= plain.dropna() + 1e-9).all()


def test_a_geometric_mean_of_equal_values_is_that_value():
    values = pd.DataFrame({code: [0.0, 2.5, 10.0] for code in CODES}, index=list("xyz"))
    items = tuple(RecipeItem(code, bounds=(0.0, 10.0)) for code in CODES)
    for shift in (0.0, 0.01, 0.5):
        recipe = Recipe("g", items, "bornes", "geometrique", geometric_shift=shift)
        assert compute_index(values, recipe).score.tolist() == pytest.approx([0.0, 0.25, 1.0])


@quick
@given(recipes_and_tables(methods=["bornes"], missing=False))
def test_a_dominated_place_changes_no_rank_under_fixed_bounds(case):
    recipe, table = case
    least = {}
    for item in recipe.items:
        column = table[item.code]
        if item.ideal is not None:
            least[item.code] = item.ideal if item.direction > 0 else item.ideal + 1e4
        else:
            least[item.code] = column.min() / 2 if item.direction > 0 else column.max() + 1.0
        if item.direction > 0 and item.ideal is None and column.min() < 0:
            least[item.code] = column.min() - 1.0
    larger = pd.concat([table, pd.DataFrame([least], index=["99999"])])
    before, after = compute_index(table, recipe), compute_index(larger, recipe)
    assert after.rank[table.index].equals(before.rank)
    assert after.rank["99999"] >= before.rank.max()


# Weights, contributions, missing values


@quick
@given(recipes())
def test_effective_weights_are_the_share_of_the_dimension_times_that_inside(recipe):
    assert recipe.weights.sum() == pytest.approx(1.0)
    inside, outside = {}, {one.code: one.weight for one in recipe.dimensions} or {"": 1.0}
    for item in recipe.items:
        inside[item.dimension] = inside.get(item.dimension, 0.0) + item.weight
    counted = {code: weight for code, weight in outside.items() if inside.get(code, 0.0) > 0}
    for item, weight in zip(recipe.items, recipe.weights, strict=True):
        if item.dimension not in counted:
            assert weight == 0.0
            continue
        share = counted[item.dimension] / sum(counted.values())
        assert weight == pytest.approx(share * item.weight / inside[item.dimension])


@settings(max_examples=150, deadline=None)
@given(recipes_and_tables(min_coverage=0.3))
def test_contributions_add_up_to_the_score_and_are_missing_where_the_figure_is(case):
    recipe, table = case
    index = compute_index(table, recipe)
    ranked = index.rank.notna()
    assert ranked.equals(index.score.notna())
    total = index.contributions[ranked].sum(axis=1)
    assert np.allclose(total, index.score[ranked], rtol=1e-9, atol=1e-9)
    assert index.contributions[ranked].isna().equals(table[ranked].isna())
    assert index.contributions[~ranked].isna().all(axis=None)
    for code, weight in zip(recipe.codes, recipe.weights, strict=True):
        if weight == 0.0:
            assert index.contributions[code].fillna(0.0).eq(0.0).all()


def plain_mean(pairs, aggregation, shift):
    """Average (value, weight) pairs that are known; None without any of positive weight."""
    known = [(value, weight) for value, weight in pairs if value is not None and weight > 0]
    total = sum(weight for _, weight in known)
    if not known:
        return None
    if aggregation == "arithmetique":
        return sum(value * weight for value, weight in known) / total
    product = math.prod((shift + (1 - shift) * v) ** (w / total) for v, w in known)
    return (product - shift) / (1 - shift)


def plain_score(row, recipe):
    """Compute the score of one place, one dimension after the other, from its scaled values."""
    values = {code: None if math.isnan(row[code]) else row[code] for code in recipe.codes}
    blocks = [(one.code, one.weight, one.aggregation) for one in recipe.dimensions]
    shift, means = recipe.geometric_shift, []
    for code, weight, aggregation in blocks or [("", 1.0, "")]:
        inside = [(values[i.code], i.weight) for i in recipe.items if i.dimension == code]
        mean = plain_mean(inside, aggregation or recipe.aggregation, shift)
        means.append((mean, weight))
    return plain_mean(means, recipe.aggregation, shift)


@settings(max_examples=150, deadline=None)
@given(recipes_and_tables())
def test_scores_are_those_of_the_same_method_written_place_by_place(case):
    recipe, table = case
    index = compute_index(table, recipe)
    for place, row in index.normalised.iterrows():
        expected = plain_score(row, recipe)
        if expected is None:
            assert math.isnan(index.score[place])
        else:
            assert index.score[place] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@quick
@given(recipes_and_tables(), st.sampled_from([0.0, 0.25, 0.5, 0.66, 1.0]))
def test_coverage_is_the_effective_weight_that_is_known_and_decides_who_is_ranked(case, least):
    recipe, table = case
    index = compute_index(table, replace(recipe, min_coverage=least))
    expected = table.notna().to_numpy() @ recipe.weights
    assert np.allclose(index.coverage, expected, atol=1e-9)
    unranked = index.rank.isna().to_numpy()
    assert unranked[expected < least - 1e-6].all()
    assert unranked[expected == 0.0].all()
    assert not unranked[(expected >= least + 1e-6) & (expected > 0)].any()
    assert index.classes[unranked].eq(UNRANKED).all()
    assert index.classes[~unranked].isin(TIERS).all()


@quick
@given(recipes_and_tables(), st.data())
def test_a_missing_figure_is_never_a_zero(case, data):
    """Without it, a place has the score of the recipe that never asked for it."""
    recipe, table = case
    code = data.draw(st.sampled_from(CODES))
    hidden = table.assign(**{code: np.nan})
    try:
        without = recipe.without([code])
    except InvalidRequest:
        assume(False)
    assert same_scores(compute_index(hidden, recipe), compute_index(table, without))


@quick
@given(
    recipes_and_tables(methods=UNIT_METHODS, structures=STRUCTURES[1:], min_coverage=0.3),
    st.sampled_from(sorted(AGGREGATIONS)),
)
def test_a_dimension_of_weight_zero_changes_nothing(case, aggregation):
    recipe, table = case
    extra = replace(
        recipe,
        items=(*recipe.items, RecipeItem("e", bounds=(0.0, 1.0), dimension="trois")),
        dimensions=(*recipe.dimensions, Dimension("trois", "", 0.0, aggregation)),
    )
    larger = table.assign(e=np.arange(len(table)) / 4)
    first, second = compute_index(table, recipe), compute_index(larger, extra)
    assert same_scores(first, second)
    assert first.rank.equals(second.rank)
    assert np.allclose(first.coverage, second.coverage)
    shared = second.contributions[list(CODES)]
    assert np.allclose(first.contributions, shared, equal_nan=True, atol=1e-9)
    assert second.contributions["e"].dropna().eq(0.0).all()


def test_a_known_figure_of_no_weight_contributes_nothing_rather_than_missing():
    dimensions = (Dimension("un"), Dimension("deux"))
    items = (
        RecipeItem("a", dimension="un"),
        RecipeItem("b", weight=0.0, dimension="un"),
        RecipeItem("c", weight=0.0, dimension="deux"),
    )
    recipe = Recipe("essai", items, dimensions=dimensions, min_coverage=0.0)
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, math.nan], "c": [5.0, 6.0]}, list("xy"))
    contributions = compute_index(table, recipe).contributions
    assert contributions["c"].tolist() == [0.0, 0.0]
    assert contributions["b"].iloc[0] == 0.0
    assert math.isnan(contributions["b"].iloc[1])


@quick
@given(recipes_and_tables(), st.data())
def test_places_with_the_same_figures_are_tied(case, data):
    """A floor is written by every place below it: none of them comes before another."""
    recipe, table = case
    twin = data.draw(st.sampled_from(list(table.index)))
    larger = pd.concat([table, table.loc[[twin]].set_axis(["99998"])])
    index = compute_index(larger, recipe)
    same_score = index.score[[twin, "99998"]].round(12)
    assert len(set(same_score.dropna())) <= 1
    same_rank = index.rank[[twin, "99998"]]
    assert len(set(same_rank.dropna())) <= 1
    assert same_rank.notna().equals(same_score.notna())


# Ideal values and transformations


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("direction", [-1, 1])
@settings(max_examples=25, deadline=None)
@given(distances=st.lists(st.integers(0, 80).map(lambda n: n / 8), min_size=2, max_size=8))
def test_both_sides_of_an_ideal_value_are_alike(method, direction, distances):
    item = RecipeItem("a", direction, bounds=(0.0, 8.0), ideal=20.0)
    recipe = Recipe("idéal", (item,), method)
    above = [20.0 + distance for distance in distances]
    below = [20.0 - distance for distance in distances]
    index = compute_index(pd.DataFrame({"a": above + below}), recipe)
    scores = index.score.to_numpy()
    assert np.allclose(scores[: len(above)], scores[len(above) :], atol=1e-12)
    farther = np.argsort(distances)
    assert (np.diff(scores[: len(above)][farther]) * direction >= -1e-12).all()
    expected = normalise(np.array(distances * 2), method, direction, (0.0, 8.0))
    assert np.allclose(scores, expected)


def test_tenfold_is_one_step_under_log10():
    item = RecipeItem("a", bounds=(1.0, 1000.0), transformation="log10")
    values = pd.DataFrame({"a": [1.0, 10.0, 100.0, 1000.0]})
    for method in ("min_max", "bornes"):
        scores = compute_index(values, Recipe("log", (item,), method)).score
        assert scores.tolist() == pytest.approx([0.0, 1 / 3, 2 / 3, 1.0])
    ranks = compute_index(values, Recipe("log", (item,), "rang")).score
    plain = compute_index(values, Recipe("log", (RecipeItem("a"),), "rang")).score
    assert ranks.equals(plain)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 0.0], "« a » a 1 valeur nulle ou négative : la transformation « log10 »"),
        ([-1.0, 0.0], "« a » a 2 valeurs nulles ou négatives"),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_what_has_no_logarithm_is_refused(values, words, method):
    item = RecipeItem("a", bounds=(1.0, 2.0), transformation="log10")
    with pytest.raises(InvalidRequest, match=words):
        compute_index(pd.DataFrame({"a": values}), Recipe("log", (item,), method))


# Rules


@st.composite
def rules(draw):
    """Criteria by value or percentile, alone or with others, some of no weight."""
    made = []
    for code in CODES:
        by_value = draw(st.booleans())
        made.append(
            RecipeItem(
                code,
                draw(st.sampled_from([-1, 1])),
                draw(st.sampled_from([0.0, 1.0, 3.0])),
                threshold=draw(figures) if by_value else None,
                percentile=None if by_value else float(draw(st.integers(0, 100))),
                linked=tuple(draw(st.sets(st.sampled_from(CODES), max_size=2)) - {code}),
                ideal=draw(st.none() | figures),
            )
        )
    counted = sum(item.weight > 0 for item in made)
    assume(counted)
    at_least = draw(st.integers(1, counted))
    return Recipe("règle", tuple(made), mode="regle", at_least=at_least)


def plain_criterion(column, item):
    """Tell of each place whether a criterion is met by itself: True, False, or None."""
    distance = (column - item.ideal).abs() if item.ideal is not None else column
    if item.percentile is None:
        met = distance >= item.threshold if item.direction > 0 else distance <= item.threshold
    else:
        ranks = (distance * item.direction).rank(method="average")
        known = len(ranks.dropna())
        share = (ranks - 1) / (known - 1) if known > 1 else ranks * 0 + 0.5
        met = (share * 100).round(9) >= item.percentile
    return [None if math.isnan(v) else bool(m) for v, m in zip(column, met, strict=True)]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_rule_decides_only_what_no_missing_figure_could_change(data):
    """Every way of filling what is missing is tried: the verdict is what they all say."""
    rule = data.draw(rules())
    table = data.draw(tables(rule, most=8))
    index = compute_index(table, rule)
    alone = {item.code: plain_criterion(table[item.code], item) for item in rule.items}
    counting = [item for item in rule.items if item.weight > 0]
    for row, place in enumerate(table.index):
        unknown = [code for code in CODES if alone[code][row] is None]
        counts = []
        for filled in itertools.product([False, True], repeat=len(unknown)):
            facts = {code: alone[code][row] for code in CODES} | dict(
                zip(unknown, filled, strict=True)
            )
            counts.append(
                sum(all(facts[c] for c in (item.code, *item.linked)) for item in counting)
            )
        if min(counts) >= rule.at_least:
            expected = "retenu"
        elif max(counts) < rule.at_least:
            expected = "non_retenu"
        else:
            expected = "indetermine"
        assert index.verdict[place] == expected
        if expected == "indetermine":
            assert math.isnan(index.score[place])
            assert pd.isna(index.rank[place])
        else:
            assert index.score[place] == pytest.approx(min(counts) / len(counting))
            assert index.contributions.loc[place].sum() == pytest.approx(index.score[place])


def test_a_percentile_is_reached_by_who_stands_exactly_at_it():
    table = pd.DataFrame({"a": np.arange(101.0)})
    for percentile in range(101):
        item = RecipeItem("a", percentile=float(percentile))
        index = compute_index(table, Recipe("r", (item,), mode="regle", at_least=1))
        assert index.verdict.eq("retenu").sum() == 101 - percentile, percentile


def test_a_criterion_of_no_weight_counts_only_through_those_it_goes_with():
    items = (
        RecipeItem("a", threshold=1.0, linked=("c",)),
        RecipeItem("b", threshold=1.0),
        RecipeItem("c", weight=0.0, threshold=1.0),
    )
    rule = Recipe("r", items, mode="regle", at_least=1)
    table = pd.DataFrame(
        {"a": [1.0, 1.0, 0.0], "b": [0.0, 0.0, 0.0], "c": [1.0, 0.0, 1.0]}, list("xyz")
    )
    index = compute_index(table, rule)
    assert index.verdict.tolist() == ["retenu", "non_retenu", "non_retenu"]
    assert index.score.tolist() == [0.5, 0.0, 0.0]
    assert index.coverage.eq(1.0).all()


def test_a_place_is_chosen_though_something_is_missing_when_the_rest_is_enough():
    items = tuple(RecipeItem(code, threshold=1.0) for code in "abc")
    rule = Recipe("r", items, mode="regle", at_least=2)
    table = pd.DataFrame(
        {
            "a": [1.0, 1.0, 0.0, math.nan],
            "b": [1.0, 0.0, 0.0, math.nan],
            "c": [math.nan, math.nan, math.nan, 1.0],
        },
        list("wxyz"),
    )
    index = compute_index(table, rule)
    assert index.verdict.tolist() == ["retenu", "indetermine", "non_retenu", "indetermine"]
    assert index.coverage.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 3])


# Imputation


@quick
@given(st.data())
def test_what_is_filled_is_the_median_of_the_group_and_is_never_known(data):
    recipe = data.draw(recipes(min_coverage=0.4))
    table = data.draw(tables(recipe))
    names = st.sampled_from(["bourg", "ville", None])
    drawn = data.draw(st.lists(names, min_size=len(table), max_size=len(table)))
    groups = pd.Series(drawn, table.index, dtype="str")
    filling = replace(recipe, imputation="mediane_locale")
    index = compute_index(table, filling, groups=groups)
    filled = table.copy()
    for group in ("bourg", "ville"):
        alike = table[groups == group]
        filled.loc[alike.index] = alike.fillna(alike.median())
    assert index.imputed.equals(table.isna() & filled.notna())
    plain = compute_index(table, recipe, groups=groups)
    assert not plain.imputed.any(axis=None)
    assert np.allclose(index.coverage, plain.coverage, atol=1e-9)
    assert same_scores(index, compute_index(filled, recipe))


def test_filling_needs_to_know_who_is_alike():
    recipe = Recipe("essai", (RecipeItem("a"),), imputation="mediane_locale")
    with pytest.raises(InvalidRequest, match=r"imputation : .*se ressemblent"):
        compute_index(pd.DataFrame({"a": [1.0]}), recipe)


@pytest.fixture(scope="module")
def indicators(data_dir, register):
    return load_indicators(data_dir, register)


def test_communes_are_filled_from_their_departement_and_density(indicators, data_dir):
    plain = recipes_available(data_dir)["deprise_eloignement"]
    filling = replace(plain, imputation="mediane_locale")
    index = index_of(indicators, filling)
    code = "heures_mairie"
    column = indicators.comparable[code]
    expected = column.fillna(column.groupby(indicators.alike).transform("median"))
    marked = index.imputed[code]
    assert marked.sum() > 100
    assert marked.equals(column.isna() & expected.notna())
    assert not index_of(indicators, plain).imputed.any(axis=None)
    assert index.coverage.equals(index_of(indicators, plain).coverage)


# Figures of wider places


def test_figures_of_wider_places_may_be_left_out(indicators, data_dir):
    whole = recipes_available(data_dir)["acces_services"]
    wider = wider_codes(whole, indicators)
    assert set(wider) == {"taux_chomage_departement", "taux_pauvrete_departement"}
    communal = replace(whole, wider_values=False)
    index = index_of(indicators, communal)
    assert list(index.contributions.columns) == [c for c in whole.codes if c not in wider]
    assert index.recipe.weights.sum() == pytest.approx(1.0)
    assert same_scores(index, compute_index(indicators.comparable, whole.without(wider)))
    assert not same_scores(index, index_of(indicators, whole))


def test_a_recipe_of_wider_figures_alone_has_nothing_left(indicators):
    recipe = Recipe("département", (RecipeItem("taux_chomage_departement"),), wider_values=False)
    with pytest.raises(InvalidRequest, match="n’a plus d’indicateur"):
        usable_recipe(recipe, indicators)


# Classes


@quick
@given(recipes_and_tables(min_coverage=0.3))
def test_classes_follow_the_ranks_and_keep_ties_together(case):
    recipe, table = case
    index = compute_index(table, recipe)
    ranked = index.rank.notna()
    order = index.classes[ranked].map(TIERS.index)
    by_rank = pd.DataFrame({"rank": index.rank[ranked].astype(int), "tier": order})
    assert by_rank.groupby("rank")["tier"].nunique().le(1).all()
    assert by_rank.sort_values("rank")["tier"].is_monotonic_increasing


@given(st.integers(1, 60))
def test_classes_are_fifths(size):
    table = pd.DataFrame({"a": np.arange(float(size))})
    index = compute_index(table, Recipe("essai", (RecipeItem("a"),)))
    counts = index.classes.value_counts().reindex(TIERS, fill_value=0)
    assert counts.max() - counts.min() <= 1
    assert index.classes.iloc[-1] == TIERS[0]
    if size >= 5:
        assert index.classes.iloc[0] == TIERS[-1]


def test_an_empty_universe_has_no_class_and_no_error():
    table = pd.DataFrame({"a": [1.0, 2.0]}, index=list("xy"))
    for recipe in (
        Recipe("essai", (RecipeItem("a"),)),
        Recipe("géométrique", (RecipeItem("a"),), aggregation="geometrique"),
        Recipe("règle", (RecipeItem("a", percentile=50.0),), mode="regle", at_least=1),
    ):
        index = compute_index(table, recipe, [])
        assert index.count == len(index.score) == len(index.classes) == 0
    nobody = compute_index(table.assign(a=np.nan), Recipe("essai", (RecipeItem("a"),)))
    assert nobody.count == 0
    assert nobody.classes.eq(UNRANKED).all()


# Recipes and their files

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
codes = words.filter(bool)
dimension_codes = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
numbers = st.floats(-1e12, 1e12, allow_nan=False)


@st.composite
def any_recipes(draw):
    """A recipe with every feature, of either mode."""
    names = draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    named = draw(st.lists(dimension_codes, max_size=3, unique=True))
    is_rule = draw(st.booleans())
    method = draw(st.sampled_from(METHODS))
    means = list(AGGREGATIONS) if NORMALISERS[method].unit_scale else ["arithmetique"]
    made = []
    for name in names:
        change = draw(st.sampled_from(["aucune", "log10"]))
        low = draw(st.floats(0.001, 1e6) if change == "log10" else numbers)
        width = draw(st.floats(1e-3, 1e6))
        assume(low + width > low)
        by_value = draw(st.booleans())
        made.append(
            RecipeItem(
                name,
                draw(st.sampled_from([-1, 1])),
                draw(st.floats(0.0, 1e9)),
                (low, low + width) if method == "bornes" or draw(st.booleans()) else None,
                draw(words),
                draw(st.sampled_from(named)) if named else "",
                change,
                draw(st.none() | numbers) if change == "aucune" else None,
                draw(numbers) if is_rule and by_value else None,
                draw(st.floats(0.0, 100.0)) if is_rule and not by_value else None,
                tuple(other for other in names if other != name and draw(st.booleans()))
                if is_rule
                else (),
            )
        )
    counted = sum(item.weight > 0 for item in made)
    assume(counted)
    dimensions = tuple(
        Dimension(name, draw(words), draw(st.floats(0.0, 1e9)), draw(st.sampled_from(["", *means])))
        for name in named
    )
    try:
        return Recipe(
            draw(words.filter(str.strip)), tuple(made), method, draw(st.sampled_from(means)),
            draw(st.floats(0, 1)), draw(words), draw(words),
            draw(st.sampled_from(["", "2026-11-22"])), tuple(draw(st.lists(words, max_size=3))),
            dimensions, "regle" if is_rule else "score",
            draw(st.integers(1, counted)) if is_rule else 0, draw(st.floats(0.0, 0.5)),
            draw(st.sampled_from(["aucune", "mediane_locale"])), draw(st.booleans()), draw(words),
        )  # fmt: skip
    except InvalidRequest:
        assume(False)  # no dimension has any weight


@settings(max_examples=150, deadline=None)
@given(any_recipes())
@example(Recipe("\x7f\x00\u2028\"'\\", (RecipeItem('"""\n[[indicateurs]]'),)))
def test_a_recipe_with_every_feature_survives_its_file(recipe):
    again = recipe_from_toml(recipe_to_toml(recipe), "recette.toml")
    assert again == recipe
    assert np.array_equal(again.weights, recipe.weights)


HEADING = 'nom = "Essai"\nnormalisation = "rang"\n'
FIRST = '[[indicateurs]]\ncode = "a"\nsens = 1\npoids = 1\n'
SECOND = '\n[[indicateurs]]\ncode = "b"\nsens = -1\n'
GROUP = '[[dimensions]]\ncode = "un"\npoids = 1\n'
LONG = 'description = """\n[[indicateurs]]\npoids = -3\n"""\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('nom = "x"\nnormalisation = "rank"\n' + FIRST, 2, "normalisation : « rank » inconnu"),
        (HEADING + FIRST + SECOND + "poids = -1", 11, "n° 2, poids"),
        (HEADING + FIRST + SECOND + "bornes = [3, 1]\n", 11, "n° 2, bornes"),
        (HEADING + FIRST + "\n[[indicateurs]]\ncode = 'b'\n", 8, "n° 2, sens : ce champ"),
        (HEADING + FIRST + FIRST, 7, r"n° 2 \(a\) : cet indicateur est donné deux fois"),
        (HEADING + GROUP + "agregation = 'max'\n" + FIRST, 6, "dimensions n° 1, agregation"),
        (HEADING + GROUP + FIRST + "dimension = 'deux'\n", 6, "dimension « deux » inconnue"),
        (HEADING + FIRST + "dimension = 'un'\n", 3, "sans table"),
        (HEADING + "mode = 'regle'\nau_moins = 3\n" + FIRST + "seuil = 1", 4, "au_moins"),
        (HEADING + "mode = 'regle'\nau_moins = 1\n" + FIRST, 5, "« seuil » ou « centile » attendu"),
        (HEADING + FIRST + "seuil = 1\ncentile = 2", 7, "pas les deux"),
        (HEADING + FIRST + "transformation = 'ln'", 7, "« ln » inconnu"),
        (HEADING + FIRST + "transformation = 'log10'\nbornes = [0, 2]", 8, "bornes positives"),
        (HEADING + FIRST + "\tideal   = inf\n", 7, "ideal : un nombre fini"),
        (HEADING + FIRST.replace("poids = 1", "poids = 0"), 3, "tous les poids sont nuls"),
        (HEADING + GROUP.replace("= 1", "= 0") + FIRST + "dimension = 'un'", 3, "tous les poids"),
        (HEADING + "couverture_min = 1.5\n" + FIRST, 3, "couverture_min"),
        (HEADING + LONG + FIRST + "poids_max = 2\n", 11, "poids_max : champ inconnu"),
        (HEADING + LONG + SECOND + "poids = -1\n", 11, "n° 1, poids"),
        ("# \u2028 \x85\n" + HEADING + FIRST + "poids_max = 2\n", 8, "poids_max : champ inconnu"),
        (HEADING + FIRST + f"seuil = 1{'0' * 400}", 7, "un entier démesuré lu"),
        (HEADING + FIRST + f"bornes = [0, 1{'0' * 400}]", 7, "bornes : deux nombres"),
        (HEADING + f"valeurs_departementales = 0x{'F' * 9000}\n" + FIRST, 3, "true ou false"),
    ],
)  # fmt: skip
def test_a_refusal_says_the_line(text, line, words):
    with pytest.raises(InvalidRequest, match=words) as refusal:
        recipe_from_toml(text, "ma_recette.toml")
    assert str(refusal.value).startswith(f"ma_recette.toml, ligne {line} : ")


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 50_000, "a = " + "{b=" * 50_000, f"a = 1{'0' * 5000}"]
)
def test_a_file_made_to_break_the_reader_is_refused(text):
    with pytest.raises(InvalidRequest, match=r"^piege\.toml : ce n’est pas du TOML lisible"):
        recipe_from_toml(text, "piege.toml")
