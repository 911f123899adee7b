"""Whatever a person changes, a recipe stays one: whole, writable, and as asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.indicators import Indicator, load_catalogue
from territoires.needs import (
    NORMALISERS,
    Dimension,
    Recipe,
    RecipeItem,
    compute_index,
    recipe_from_toml,
    recipe_to_toml,
)
from territoires.needs.editing import (
    as_rule,
    as_score,
    changed_dimension,
    changed_item,
    moved_item,
    percentile_value,
    reweighted,
    usual_bounds,
    with_dimension,
    with_item,
    with_normalisation,
    without_dimension,
)
from territoires.needs.recipe_address import recipe_from_fields, recipe_to_fields
from territoires.needs.recipe_upload import recipe_from_upload

CODES = ("densite", "heures_mairie", "distance_prefecture", "evolution_population")
VALUES = pd.DataFrame(np.random.default_rng(3).normal(size=(200, len(CODES))), columns=list(CODES))
names = st.text(min_size=1, max_size=20).filter(str.strip)


def flat(*codes: str) -> Recipe:
    return Recipe("Essai", tuple(RecipeItem(code, 1) for code in codes or CODES[:3]))


@pytest.fixture(scope="module")
def catalogue(data_dir) -> dict[str, Indicator]:
    return load_catalogue(data_dir / "indicateurs" / "catalogue.toml")


@st.composite
def edited(draw):
    """Make a recipe by a series of changes, as a person would."""
    recipe = flat()
    for _ in range(draw(st.integers(1, 8))):
        code = draw(st.sampled_from(recipe.codes))
        dimensions = [one.code for one in recipe.dimensions]
        changes = [
            lambda r, code=code: reweighted(r, code, draw(st.floats(0, 10))),
            lambda r: with_dimension(r, draw(names)),
            lambda r: with_normalisation(r, draw(st.sampled_from(sorted(NORMALISERS))), VALUES),
            as_rule,
            as_score,
            lambda r, code=code: r.without([code]),
        ]
        if dimensions:
            target = draw(st.sampled_from(dimensions))
            changes += [
                lambda r, code=code, target=target: moved_item(r, code, target),
                lambda r, target=target: without_dimension(r, target),
                lambda r, target=target: changed_dimension(r, target, name=draw(names)),
            ]
        change = draw(st.sampled_from(changes))
        try:
            recipe = change(recipe)
        except InvalidRequest:
            continue
    return recipe


@settings(deadline=None)
@given(edited())
def test_a_recipe_edited_is_written_read_shared_and_computed(recipe: Recipe) -> None:
    assert recipe_from_toml(recipe_to_toml(recipe), "r.toml") == recipe
    fields = recipe_to_fields(recipe)
    assert recipe_to_fields(recipe_from_fields(fields)) == fields
    index = compute_index(VALUES, recipe)
    assert len(index.score) == len(VALUES)
    used = [item.dimension for item in recipe.items]
    order = [one.code for one in recipe.dimensions]
    assert used == sorted(used, key=order.index) if order else not any(used)


@given(edited(), st.sampled_from(CODES), st.floats(0, 100))
def test_a_weight_changes_that_weight_only(recipe: Recipe, code: str, weight: float) -> None:
    if code not in recipe.codes:
        return
    try:
        changed = reweighted(recipe, code, weight)
    except InvalidRequest:
        return
    before = {item.code: item for item in recipe.items}
    for item in changed.items:
        expected = replace(before[item.code], weight=weight) if item.code == code else None
        assert item == (expected or before[item.code])


def test_a_rule_never_asks_for_more_criteria_than_count() -> None:
    rule = as_rule(flat())
    assert rule.at_least == 2
    alone = reweighted(reweighted(rule, CODES[0], 0.0), CODES[1], 0.0)
    assert alone.at_least == 1
    with pytest.raises(InvalidRequest, match="poids"):
        reweighted(alone, CODES[2], 0.0)


def test_going_to_a_rule_and_back_loses_no_threshold() -> None:
    rule = changed_item(as_rule(flat()), CODES[0], percentile=None, threshold=12.0)
    again = as_rule(as_score(rule))
    assert again.items[0].threshold == 12.0
    assert as_score(rule).mode == "score"


def test_dimensions_take_in_what_had_none() -> None:
    recipe = with_dimension(flat(), "  Été &  hiver ")
    assert [one.name for one in recipe.dimensions] == ["Autres indicateurs", "Été & hiver"]
    assert recipe.dimensions[1].code == "ete_hiver"
    assert {item.dimension for item in recipe.items} == {"autres_indicateurs"}
    assert recipe.weights == pytest.approx([1 / 3] * 3)
    for name in ("", "ete & HIVER"):
        with pytest.raises(InvalidRequest, match="dimensions"):
            with_dimension(recipe, name)
    assert with_dimension(recipe, "2026 !").dimensions[-1].code == "d_2026"
    assert with_dimension(recipe, "été hiver").dimensions[-1].code == "ete_hiver_2"
    assert with_dimension(recipe, "統計").dimensions[-1].code == "dimension"


def test_a_dimension_left_empty_goes_unless_it_was_just_made() -> None:
    recipe = with_dimension(with_dimension(flat(), "Un"), "Deux")
    for code in recipe.codes:
        recipe = moved_item(recipe, code, "un")
    assert [one.code for one in recipe.dimensions] == ["un", "deux"]
    with pytest.raises(InvalidRequest, match="il n’en resterait aucun"):
        without_dimension(recipe, "un")
    assert [one.code for one in without_dimension(recipe, "deux").dimensions] == ["un"]


def test_an_indicator_is_added_as_the_catalogue_reads_it(catalogue) -> None:
    bounded = with_normalisation(flat("heures_mairie"), "bornes", VALUES)
    added = with_item(bounded, catalogue["densite"], VALUES["densite"])
    assert added.items[-1].direction == catalogue["densite"].direction == -1
    assert added.items[-1].bounds == usual_bounds(VALUES["densite"].to_numpy())
    rule = with_item(as_rule(flat("heures_mairie")), catalogue["densite"], VALUES["densite"])
    assert rule.items[-1].percentile == 75.0
    with pytest.raises(InvalidRequest, match="deux fois"):
        with_item(added, catalogue["densite"], VALUES["densite"])
    with pytest.raises(InvalidRequest, match="ne se classe pas"):
        with_item(added, catalogue["population"], VALUES["densite"])


@given(st.lists(st.floats(-1e12, 1e12), max_size=30))
def test_bounds_proposed_are_bounds(values: list[float]) -> None:
    low, high = usual_bounds(np.array([*values, np.nan]))
    assert RecipeItem("densite", bounds=(low, high)).bounds == (low, high)


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=60), st.floats(0, 100))
def test_the_value_of_a_percentile_reaches_about_as_many(values, percentile) -> None:
    column = np.array(values)
    high = percentile_value(column, 1, percentile)
    low = percentile_value(column, -1, percentile)
    wanted = (100 - percentile) / 100 * len(values)
    assert np.count_nonzero(column >= high) >= wanted - 1
    assert np.count_nonzero(column <= low) >= wanted - 1


def test_fixed_bounds_already_there_are_kept() -> None:
    recipe = Recipe("Essai", (RecipeItem("densite", bounds=(1.0, 2.0)), RecipeItem(CODES[1])))
    changed = with_normalisation(recipe, "bornes", VALUES)
    assert changed.items[0].bounds == (1.0, 2.0)
    assert changed.items[1].bounds is not None


def test_a_file_with_too_much_in_it_is_refused_with_its_line(catalogue) -> None:
    recipe = replace(with_dimension(flat(), "Un"), items=(RecipeItem(CODES[0], dimension="un"),))
    text = recipe_to_toml(recipe)
    assert recipe_from_upload(text.encode("utf-8-sig"), "r.toml", catalogue) == recipe
    cases = {
        text.replace("poids = 1.0\n", "poids = 1e9\n", 1): "r.toml, ligne 9 : dimensions n° 1",
        text.replace('nom = "Un"', f'nom = "{"n" * 300}"'): "200 caractères",
        text.replace('"Essai"', f'"{"n" * 300}"'): "r.toml, ligne 1 : nom : 200 caractères",
        text + f'raison = "{"r" * 6000}"\n': "indicateurs n° 1, raison : 5000 caractères",
        text.replace("poids = 1.0", f"poids = {'9' * 400}", 1): "démesuré",
        f"nom = {'9' * 5000}": "trop de chiffres",
    }
    for content, words in cases.items():
        with pytest.raises(InvalidRequest, match=words):
            recipe_from_upload(content.encode(), "r.toml", catalogue)


def test_a_dimension_of_a_recipe_is_renamed() -> None:
    recipe = Recipe(
        "Essai", (RecipeItem("densite", dimension="un"),), dimensions=(Dimension("un"),)
    )
    assert changed_dimension(recipe, "un", name="Premier").dimensions[0].label == "Premier"
