"""Two indices of the same places, and the places that are not ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.needs import Recipe, RecipeItem, compute_index, index_of, load_recipe
from territoires.needs.comparison import AFTER, BEFORE, SHIFT, cell_of, compare
from territoires.needs.unranked import unranked


def index(values: list[float], direction: int = 1):
    frame = pd.DataFrame({"a": values}, index=[f"p{k}" for k in range(len(values))], dtype=float)
    return compute_index(frame, Recipe("Essai", (RecipeItem("a", direction),)))


numbers = st.lists(st.none() | st.integers(0, 9), min_size=3, max_size=40)


@st.composite
def pairs(draw):
    first = draw(numbers)
    second = draw(st.permutations(first))
    fill = [[np.nan if value is None else float(value) for value in one] for one in (first, second)]
    return index(fill[0]), index(fill[1])


@given(pairs(), st.integers(1, 12))
def test_the_other_way_round_who_enters_leaves(both, top: int) -> None:
    there, back = compare(*both, top=top), compare(*reversed(both), top=top)
    assert set(there.entering.index) == set(back.leaving.index)
    assert set(there.leaving.index) == set(back.entering.index)
    assert there.staying == back.staying
    assert there.staying + len(there.leaving) == int((both[0].rank <= top).sum())
    assert (there.both[SHIFT] == -back.both[SHIFT]).all()
    assert there.spearman == pytest.approx(back.spearman, nan_ok=True)


@given(pairs(), st.integers(1, 9))
def test_every_place_that_both_rank_is_in_the_grid(both, cells: int) -> None:
    found = compare(*both)
    grid = found.grid(cells)
    assert grid.sum() == len(found.both)
    assert grid.sum(axis=1).tolist() == np.bincount(
        cell_of(found.both[BEFORE].to_numpy(dtype=float), found.counts[0], cells), minlength=cells
    ).tolist()  # fmt: skip


def test_a_recipe_against_itself_moves_nobody() -> None:
    one = index([3.0, 1.0, 2.0, 2.0])
    found = compare(one, one, top=2)
    assert found.spearman == pytest.approx(1.0)
    assert found.entering.empty
    assert found.leaving.empty
    assert (found.ranks[SHIFT] == 0).all()


def test_upside_down_is_minus_one_and_ties_say_nothing() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    assert compare(index(values), index(values, -1)).spearman == pytest.approx(-1.0)
    assert np.isnan(compare(index(values), index([1.0] * 4)).spearman)
    assert list(compare(index(values), index(values, -1), top=1).entering.index) == ["p0"]


def test_a_place_that_one_does_not_rank_enters_or_leaves_without_a_shift() -> None:
    found = compare(index([1.0, 2.0, np.nan]), index([1.0, 2.0, 3.0]), top=1)
    assert list(found.entering.index) == ["p2"]
    assert found.entering[SHIFT].isna().all()
    assert found.entering[AFTER].tolist() == [1]


def test_the_order_of_the_places_says_nothing() -> None:
    frame = pd.DataFrame({"a": [3.0, 1.0, 2.0]}, index=["x", "y", "z"])
    recipe = Recipe("Essai", (RecipeItem("a"),))
    found = compare(compute_index(frame, recipe), compute_index(frame.iloc[::-1], recipe))
    assert (found.ranks[SHIFT] == 0).all()


def test_other_places_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="mêmes territoires"):
        compare(index([1.0, 2.0]), index([1.0, 2.0, 3.0]))
    with pytest.raises(InvalidRequest, match="Premiers"):
        compare(index([1.0]), index([1.0]), top=0)


def test_who_is_not_ranked_is_listed_with_what_is_missing_and_how(register, data_dir) -> None:
    table = load_indicators(data_dir, register)
    recipe = load_recipe(data_dir / "recettes" / "deprise_eloignement.toml")
    found = index_of(table, recipe)
    rows = unranked(found, table)
    assert len(rows) == int(found.rank.isna().sum()) > 0
    assert (rows["couverture"] < recipe.min_coverage).all()
    mayotte = rows.loc["97608"]
    assert "Distance au chef-lieu d’arrondissement (hors champ)" in mayotte["motif"]
    assert mayotte["motif"].startswith(
        f"{round(mayotte['couverture'] * 100)}\u00a0% du poids connu"
    )
    lacking = found.normalised.loc[rows.index].isna().sum(axis=1)
    assert rows["manquants"].tolist() == lacking.tolist()
