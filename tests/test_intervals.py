"""Rank intervals of candidates: those of the draws, whatever the territories are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territoires.candidates.intervals import group_scores, rank_intervals
from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.needs import DrawPlan, index_of, recipes_available, robustness_of

FEW = DrawPlan(count=80, seed=3)


@pytest.fixture(scope="module")
def table(data_dir, register):
    return load_indicators(data_dir, register)


@pytest.fixture(scope="module")
def recipe(data_dir):
    return recipes_available(data_dir)["deprise_eloignement"]


def test_a_group_is_worth_its_inhabitants() -> None:
    scores = np.array([0.2, 0.8, np.nan, 0.5])
    people = np.array([100.0, 300.0, 1000.0, 0.0])
    members = [np.array([0, 1]), np.array([1, 2]), np.array([2]), np.array([3])]
    assert group_scores(scores, members, people).tolist() == pytest.approx(
        [0.65, 0.8, np.nan, 0.5], nan_ok=True
    )


def test_communes_alone_have_the_interval_of_the_whole_ranking(table, recipe) -> None:
    drome = table.departements.index[table.departements == "26"]
    whole = robustness_of(table, recipe, drome, plan=FEW)
    codes = [code for code in drome if pd.notna(whole.index.rank[code])]
    scores = whole.index.score[codes].to_numpy()
    found = rank_intervals(
        table, recipe, [[code] for code in codes], scores, universe=drome, plan=FEW
    )
    assert (found["rang_min"].to_numpy() == whole.best[codes].to_numpy()).all()
    assert (found["rang_max"].to_numpy() == whole.worst[codes].to_numpy()).all()


def test_intervals_hold_the_rank_of_the_recipe(table, recipe, register) -> None:
    epci = register.communes["code_epci"].dropna()
    groups = [list(codes) for _, codes in epci.groupby(epci).groups.items()][:60]
    score = index_of(table, recipe).score
    people = table.population.to_numpy()
    members = [table.values.index.get_indexer(codes) for codes in groups]
    own = group_scores(score.to_numpy(), members, people)
    found = rank_intervals(table, recipe, groups, own, plan=FEW)
    ranks = pd.Series(-own).rank(method="min").astype(int)
    assert (found["rang_min"] <= ranks).all()
    assert (ranks <= found["rang_max"]).all()
    assert found["rang_max"].max() <= 60
    assert (found["rang_max"] > found["rang_min"]).any()


def test_draws_are_told_and_reproducible(table, recipe) -> None:
    told: list[float] = []
    one, two = (
        rank_intervals(table, recipe, [["30350"], ["48095", "48001"]], np.array([0.5, 0.4]),
                       plan=FEW, progress=told.append)
        for _ in range(2)
    )  # fmt: skip
    pd.testing.assert_frame_equal(one, two)
    assert told[-1] == 1.0


def test_a_commune_out_of_the_universe_is_refused(table, recipe) -> None:
    with pytest.raises(InvalidRequest, match="30350"):
        rank_intervals(
            table, recipe, [["30350"]], np.array([0.5]), universe=table.values.index[:10]
        )
