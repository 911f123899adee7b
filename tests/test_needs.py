"""The index of needs: what must hold whatever the figures, and the recipes that are shipped."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from territoires.errors import DataFileError, InvalidRequest
from territoires.indicators import load_catalogue, load_indicators
from territoires.needs import (
    NORMALISERS,
    Recipe,
    RecipeItem,
    check_recipe,
    compute_index,
    load_recipe,
    recipe_from_toml,
    recipe_to_toml,
    recipes_available,
)
from territoires.needs.normalise import normalise
from territoires.sources.combining import load_declared
from territoires.sources.registry import available_sources
from tests.plain_index import plain_index

METHODS = sorted(NORMALISERS)
CODES = ("a", "b", "c")
BOUNDS = (-50.0, 50.0)

figures = st.one_of(
    st.just(math.nan),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.integers(-5, 5).map(float),
)
columns = hnp.arrays(float, st.integers(1, 60), elements=figures)
tables = hnp.arrays(float, st.tuples(st.integers(1, 40), st.just(3)), elements=figures)
weights = st.lists(st.floats(0.01, 100.0), min_size=3, max_size=3)
directions = st.lists(st.sampled_from([-1, 1]), min_size=3, max_size=3)


def frame(values):
    return pd.DataFrame(values, columns=list(CODES), index=[f"{i:05d}" for i in range(len(values))])


def recipe(weights=(1.0, 1.0, 1.0), directions=(1, 1, 1), method="rang", min_coverage=0.5):
    items = tuple(
        RecipeItem(code, direction, weight, BOUNDS)
        for code, direction, weight in zip(CODES, directions, weights, strict=True)
    )
    return Recipe("essai", items, method, min_coverage=min_coverage)


# Normalisers


@pytest.mark.parametrize("method", METHODS)
@given(values=columns, direction=st.sampled_from([-1, 1]))
def test_a_scale_keeps_order_and_bounds_and_missing(method, values, direction):
    scaled = normalise(values, method, direction, BOUNDS)
    known = ~np.isnan(values)
    assert np.array_equal(np.isnan(scaled), ~known)
    if method != "z":
        assert np.all((scaled[known] >= 0) & (scaled[known] <= 1))
    order = np.argsort(values[known])
    steps = np.diff(scaled[known][order]) * direction
    assert np.all(steps >= -1e-12)


@pytest.mark.parametrize("method", METHODS)
@given(value=st.floats(-1e300, 1e300), size=st.integers(1, 5))
def test_equal_values_get_equal_scores(method, value, size):
    scaled = normalise(np.full(size, value), method, 1, BOUNDS)
    assert np.unique(scaled).size == 1
    assert np.isfinite(scaled).all()
    if method in ("rang", "min_max"):
        assert scaled[0] == 0.5


def test_percentile_ranks_average_ties():
    scaled = normalise(np.array([3.0, 1.0, 1.0, math.nan, 2.0]), "rang", 1)
    assert scaled.tolist()[:3] == [1.0, 0.5 / 3, 0.5 / 3]
    assert math.isnan(scaled[3])
    assert scaled[4] == pytest.approx(2 / 3)


@pytest.mark.parametrize("transform", ["millions", "decimals", "extremes"])
def test_ranks_of_many_values_are_those_of_pandas(transform):
    draws = np.random.default_rng(20260101).normal(size=20_000)
    values = {
        "millions": draws * 1e6,
        "decimals": np.round(draws, 2),
        "extremes": draws * 1e-12 + 1.0,  # equal in single precision
    }[transform]
    values = np.concatenate([values, [1e300, -1e300, 5e-324, 0.0, -0.0, 1e-50]])
    expected = (pd.Series(values).rank() - 1) / (values.size - 1)
    assert np.allclose(normalise(values, "rang", 1), expected, rtol=0, atol=1e-14)


def test_fixed_bounds_clip_and_do_not_move_with_the_others():
    few = normalise(np.array([-60.0, 0.0, 25.0]), "bornes", 1, BOUNDS)
    more = normalise(np.array([-60.0, 0.0, 25.0, 1000.0]), "bornes", 1, BOUNDS)
    assert few.tolist() == [0.0, 0.5, 0.75]
    assert more.tolist() == [0.0, 0.5, 0.75, 1.0]


# Index


@given(tables, weights, directions, st.sampled_from(METHODS))
def test_contributions_add_up_to_the_score(values, weights, directions, method):
    index = compute_index(frame(values), recipe(weights, directions, method))
    ranked = index.score.notna()
    total = index.contributions[ranked].sum(axis=1)
    assert np.allclose(total, index.score[ranked], rtol=1e-9, atol=1e-9)
    assert index.contributions[~ranked].isna().all(axis=None)
    if method != "z":
        assert index.score[ranked].between(-1e-12, 1 + 1e-12).all()


@given(tables, weights, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(values, weights, shuffler):
    table = frame(values)
    order = list(table.index)
    shuffler.shuffle(order)
    index = compute_index(table, recipe(weights))
    shuffled = compute_index(table.loc[order], recipe(weights))
    assert list(shuffled.score.index) == order
    pd.testing.assert_series_equal(shuffled.score.loc[table.index], index.score)
    pd.testing.assert_series_equal(shuffled.rank.loc[table.index], index.rank)


@given(tables, weights, st.sampled_from([1e-6, 0.5, 3.0, 1e6]), st.sampled_from(METHODS))
def test_the_scale_of_weights_changes_nothing(values, weights, scale, method):
    plain = compute_index(frame(values), recipe(weights, method=method))
    scaled = compute_index(frame(values), recipe([w * scale for w in weights], method=method))
    assert np.allclose(plain.score, scaled.score, equal_nan=True, rtol=1e-9, atol=1e-9)
    assert np.allclose(plain.coverage, scaled.coverage, rtol=1e-9)


@given(tables, weights, directions)
def test_units_change_no_rank(values, weights, directions):
    table = frame(values)
    metres = table * 1000.0
    for method in ("rang", "min_max"):
        first = compute_index(table, recipe(weights, directions, method))
        second = compute_index(metres, recipe(weights, directions, method))
        assert np.allclose(first.score, second.score, equal_nan=True, atol=1e-9)


@given(tables, st.integers(0, 2))
def test_missing_is_left_out_and_never_zero(values, position):
    """Hiding a column gives the score of the recipe that never had it."""
    table = frame(values)
    hidden = table.assign(**{CODES[position]: np.nan})
    kept = [item for item in recipe().items if item.code != CODES[position]]
    with_hidden = compute_index(hidden, recipe(min_coverage=0.0))
    without = compute_index(table, Recipe("essai", tuple(kept), min_coverage=0.0))
    assert np.allclose(with_hidden.score, without.score, equal_nan=True)
    assert (with_hidden.coverage <= 2 / 3 + 1e-9).all()


def test_a_missing_value_is_neither_zero_nor_the_lowest():
    table = frame([[math.nan, 1.0, 1.0], [0.0, 1.0, 1.0], [9.0, 0.0, 0.0]])
    index = compute_index(table, recipe(min_coverage=0.5))
    assert index.score["00000"] == pytest.approx(0.75)
    assert index.score["00001"] == pytest.approx(0.5)
    assert math.isnan(index.contributions.loc["00000", "a"])
    assert index.coverage["00000"] == pytest.approx(2 / 3)


def test_under_the_minimal_coverage_a_place_is_not_ranked():
    table = frame([[1.0, math.nan, math.nan], [2.0, 2.0, math.nan], [3.0, 3.0, 3.0]])
    index = compute_index(table, recipe(min_coverage=2 / 3))
    assert index.rank.isna().tolist() == [True, False, False]
    assert index.score.isna().tolist() == [True, False, False]
    assert index.coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert index.rank["00002"] == 1
    assert index.count == 2


def test_ties_share_the_best_rank():
    table = frame([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [2.0, 2.0, 2.0]])
    assert compute_index(table, recipe()).rank.tolist() == [2, 2, 4, 1]


def test_the_universe_is_where_places_are_compared():
    table = frame([[float(i)] * 3 for i in range(10)])
    chosen = ["00003", "00001", "00002"]
    index = compute_index(table, recipe(), chosen)
    assert list(index.score.index) == chosen
    assert index.score.tolist() == [1.0, 0.0, 0.5]


def test_a_low_value_may_be_the_need():
    table = frame([[1.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
    index = compute_index(table, recipe((1.0, 0.0, 0.0), (-1, 1, 1)))
    assert index.score.tolist() == [1.0, 0.0]


def test_an_indicator_of_no_weight_does_not_make_a_place_known():
    table = frame([[math.nan, 1.0, 1.0], [2.0, 1.0, 1.0]])
    index = compute_index(table, recipe((1.0, 0.0, 0.0), min_coverage=0.0))
    assert math.isnan(index.score["00000"])
    assert index.coverage["00000"] == 0.0


@pytest.mark.parametrize(
    ("table", "universe", "words"),
    [
        (frame([[1.0, 1.0, math.inf]]), None, "« c » contient une valeur infinie"),
        (frame([[1.0, 1.0, 1.0]])[["a", "b"]], None, "absent des données : c"),
        (pd.concat([frame([[1.0] * 3])] * 2), None, "« 00000 » est donnée deux fois"),
        (frame([[1.0] * 3]), ["99999"], "Territoire absent des données : 99999"),
        (frame([[1.0] * 3]), ["00000", "00000"], "Territoire donné deux fois : 00000"),
    ],
)
def test_bad_tables_are_refused_in_french(table, universe, words):
    with pytest.raises(InvalidRequest, match=words):
        compute_index(table, recipe(), universe)


# Recipes

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
items = st.builds(
    RecipeItem,
    code=texts.filter(bool),
    direction=st.sampled_from([-1, 1]),
    weight=st.floats(0.001, 1e6),
    bounds=st.tuples(st.floats(-1e6, 0), st.floats(0.1, 1e6)),
    reason=texts,
)
recipes = st.builds(
    Recipe,
    name=texts.filter(lambda text: text.strip()),
    items=st.lists(items, min_size=1, max_size=4, unique_by=lambda item: item.code).map(tuple),
    normalisation=st.sampled_from(METHODS),
    min_coverage=st.floats(0, 1),
    description=texts,
    rationale=texts,
    date=st.sampled_from(["", "2026-11-22"]),
    sources=st.lists(texts, max_size=3).map(tuple),
)


@settings(deadline=None)
@given(recipes)
def test_a_recipe_survives_its_file(original):
    again = recipe_from_toml(recipe_to_toml(original), "recette.toml")
    assert again == original
    assert hash(again) == hash(original)


ITEM = '[[indicateurs]]\ncode = "a"\nsens = 1\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nom = rien\n", r"pas du TOML lisible \(ligne 1, colonne 7\)"),
        ("nom = ", "pas du TOML lisible .jusqu'à la fin"),
        (ITEM, "nom : un nom est attendu"),
        ('nom = "x"', "indicateurs : au moins un indicateur est attendu"),
        ('nom = "x"\nindicateurs = 3', "des tables"),
        (
            'nom = "x"\nnormalisation = "rank"\n' + ITEM,
            "normalisation : « rank » inconnu. Choix : r",
        ),
        ('nom = "x"\nagregation = "max"\n' + ITEM, "agregation : « max » inconnu"),
        ('nom = "x"\ncouverture_min = 66\n' + ITEM, "couverture_min : une part de 0 à 1"),
        ('nom = "x"\ncouverture_min = "66 %"\n' + ITEM, "couverture_min : un nombre est attendu"),
        ('nom = "x"\npoid = 1\n' + ITEM, "poid : champ inconnu"),
        ('nom = "x"\n' + ITEM + "poids = -1", "indicateurs n° 1, poids : un nombre positif"),
        ('nom = "x"\n' + ITEM + "poids = nan", "indicateurs n° 1, poids"),
        ('nom = "x"\n' + ITEM + "poids = 0", "tous les poids sont nuls"),
        ('nom = "x"\n' + ITEM + "bornes = [3, 1]", "bornes : la première doit être plus petite"),
        ('nom = "x"\n' + ITEM + "bornes = [3]", "bornes : deux nombres sont attendus"),
        (
            'nom = "x"\n' + ITEM + ITEM,
            r"indicateurs n° 2 \(a\) : cet indicateur est donné deux fois",
        ),
        ('nom = "x"\nnormalisation = "bornes"\n' + ITEM, "bornes attendues"),
        ('nom = "x"\n[[indicateurs]]\ncode = "a"\nsens = 0', "sens : 1 ou -1 attendu, « 0 » lu"),
        ('nom = "x"\n[[indicateurs]]\ncode = "a"', "sens : ce champ est attendu"),
        ('nom = "x"\n[[indicateurs]]\nsens = 1', "code : le code d’un indicateur est attendu"),
    ],
)
def test_a_bad_recipe_is_refused_with_file_and_field(text, words):
    with pytest.raises(InvalidRequest, match=words) as refusal:
        recipe_from_toml(text, "ma_recette.toml")
    assert re.match(r"ma_recette\.toml(, ligne \d+)? : ", str(refusal.value))


def test_files_that_are_not_recipes(tmp_path):
    with pytest.raises(InvalidRequest, match="fichier introuvable"):
        load_recipe(tmp_path / "absente.toml")
    (tmp_path / "latin.toml").write_bytes('nom = "é"'.encode("latin-1"))
    with pytest.raises(InvalidRequest, match="pas un texte UTF-8"):
        load_recipe(tmp_path / "latin.toml")


def known_codes(data_dir):
    """Directions by indicator, embedded and official."""
    embedded = load_catalogue(data_dir / "indicateurs" / "catalogue.toml")
    official = load_declared(data_dir)
    return {code: one.direction for code, one in embedded.items()} | {
        code: int(one.entry["sens"]) for code, one in official.items()
    }


def test_shipped_recipes_are_dated_sourced_and_computable(data_dir):
    codes = known_codes(data_dir)
    shipped = recipes_available(data_dir)
    assert {"deprise_eloignement", "acces_services"} <= set(shipped)
    for name, shipped_recipe in shipped.items():
        assert {item.code for item in shipped_recipe.items} <= set(codes), name
        assert shipped_recipe.date, name
        assert shipped_recipe.sources, name
        assert shipped_recipe.rationale, name
        assert len(shipped_recipe.items) >= 4, name
        assert recipe_from_toml(recipe_to_toml(shipped_recipe), name) == shipped_recipe


def test_shipped_directions_agree_with_the_catalogue(data_dir):
    directions = known_codes(data_dir)
    for shipped_recipe in recipes_available(data_dir).values():
        for item in shipped_recipe.items:
            assert item.direction == directions[item.code], item.code


def test_no_shipped_recipe_stands_on_a_source_that_no_real_file_has_verified(data_dir):
    verified = {
        measure.code
        for source in available_sources().values()
        if source.verified
        for measure in source.measures
    }
    official = load_declared(data_dir)
    for name, shipped_recipe in recipes_available(data_dir).items():
        for item in shipped_recipe.items:
            if item.code in official:
                assert set(official[item.code].formula.measures) <= verified, (name, item.code)


def test_a_damaged_shipped_recipe_is_named(tmp_path):
    with pytest.raises(DataFileError, match="aucune recette"):
        recipes_available(tmp_path)
    (tmp_path / "recettes").mkdir()
    (tmp_path / "recettes" / "cassee.toml").write_text("nom =", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"cassee\.toml"):
        recipes_available(tmp_path)


def test_unknown_indicators_of_a_recipe_are_refused(data_dir):
    catalogue = load_catalogue(data_dir / "indicateurs" / "catalogue.toml")
    unknown = Recipe("x", (RecipeItem("taux_bonheur"),))
    with pytest.raises(InvalidRequest, match="indicateur inconnu « taux_bonheur »"):
        check_recipe(unknown, catalogue)


def test_sliders_change_weights_only():
    changed = recipe().with_weights({"b": 5.0})
    assert [item.weight for item in changed.items] == [1.0, 5.0, 1.0]
    assert changed.weights.tolist() == pytest.approx([1 / 7, 5 / 7, 1 / 7])
    with pytest.raises(InvalidRequest, match="absent de la recette : z"):
        recipe().with_weights({"z": 1.0})
    with pytest.raises(InvalidRequest, match="tous les poids sont nuls"):
        recipe().with_weights(dict.fromkeys(CODES, 0.0))


# The shipped recipes on the shipped figures


@pytest.fixture(scope="module")
def comparable(data_dir, register):
    return load_indicators(data_dir, register).comparable


@pytest.mark.parametrize("name", ["deprise_eloignement", "acces_services"])
def test_the_index_of_france_is_that_of_plain_pandas(name, comparable, data_dir):
    shipped = recipes_available(data_dir)[name]
    index = compute_index(comparable, shipped)
    needs = comparable[list(shipped.codes)] * [item.direction for item in shipped.items]
    points, coverage = plain_index(needs, shipped)
    expected = points.sum(axis=1).where(coverage >= shipped.min_coverage - 1e-9)
    assert np.allclose(index.score, expected, equal_nan=True)
    assert index.count == expected.notna().sum() > 34_000
    best = expected.round(12).max()
    assert set(index.rank.index[index.rank == 1]) == set(expected.index[expected.round(12) == best])


def test_mayotte_is_apart_where_its_figures_are_missing(comparable, data_dir):
    index = compute_index(comparable, recipes_available(data_dir)["deprise_eloignement"])
    mayotte = index.score.index.str.startswith("976")
    assert mayotte.sum() == 17
    assert index.rank[mayotte].isna().all()
    assert index.coverage[mayotte].eq(0.5).all()
