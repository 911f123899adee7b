"""Larger candidates: an EPCI answers through its communes, a group is worth its inhabitants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territoires.candidates import CandidateQuery, candidate_table, find_candidates, why, why_not
from territoires.candidates.context import SearchContext
from territoires.candidates.group_context import GroupContext, averaged_index
from territoires.candidates.search import with_intervals
from territoires.candidates.unit_context import Units, epci_units
from territoires.needs import DrawPlan, index_of, recipes_available
from territoires.territory import territory_from_code

FEW = DrawPlan(count=60, seed=5)


@pytest.fixture(scope="module")
def recipe(data_dir):
    return recipes_available(data_dir)["deprise_eloignement"]


@pytest.fixture(scope="module")
def search(register, indicators, directory, recipe):
    def run(**choices):
        query = CandidateQuery(recipe, **{"unit": "epci", "count": 2_000, **choices})
        return find_candidates(register, indicators, directory, query)

    return run


def test_every_epci_is_a_unit_with_its_communes_and_people(register) -> None:
    units = epci_units(register)
    assert len(units.territories) == len(register.epci)
    assert units.codes.is_monotonic_increasing
    held = register.communes["code_epci"].dropna()
    assert len(units.groups) == len(held)
    people = register.communes.loc[held.index, "population"].sum()
    assert sum(one.population or 0 for one in units.territories) == people


def test_epci_are_ranked_by_their_own_figures(search, indicators, register, recipe) -> None:
    found = search()
    table = indicators.for_groups(register.communes["code_epci"].dropna())
    expected = index_of(table, recipe).score.dropna()
    scores = found.ranked["score"].rename(lambda code: code.removeprefix("epci:"))
    pd.testing.assert_series_equal(
        scores.sort_index(), expected.sort_index(), check_names=False, check_index_type=False
    )
    assert found.funnel().startswith("1\u202f255\u00a0EPCI")


def test_bounds_and_members_speak_of_the_epci(search, register) -> None:
    found = search(population_min=5_000, population_max=12_000, universe=("dep:30",))
    assert len(found.frame) > 0
    assert found.frame["population"].between(5_000, 12_000).all()
    assert set(found.frame["code_departement"]) == {"30"}
    viganais = "epci:243000270"
    assert viganais in found.frame.index
    mine = search(members=("30350",))
    assert list(mine.frame.index) == [viganais]  # the EPCI that holds a member


def test_sentences_agree_with_the_noun(search) -> None:
    found = search(population_max=8_000)
    text = why_not(found, "epci:243000270").replace("\u00a0", " ")
    assert "CC du Pays Viganais (Gard, 21 communes" in text
    assert "n'est pas candidat :" in text
    assert "il a 10\u202f171 habitants" in text
    first = str(found.frame.index[0])
    assert "EPCI candidats" in why(found, first)
    assert "rang sur 1\u202f25" in why(found, first)


def test_the_table_names_every_commune(search) -> None:
    found = with_intervals(search(universe=("dep:48",)), FEW)
    table = candidate_table(found)
    assert set(table["nature"]) == {"epci"}
    assert all(len(codes.split(";")) > 1 for codes in table["codes_communes"])
    assert (table["rang_min"] <= table["rang"]).all()
    assert (table["rang"] <= table["rang_max"]).all()


def test_without_draws_the_interval_is_missing_not_the_rank(search) -> None:
    assert candidate_table(search(universe=("dep:48",)))["rang_min"].isna().all()


def test_nothing_found_has_no_interval(search) -> None:
    nothing = search(population_min=9_000_000)
    assert with_intervals(nothing, FEW).ranked.empty


# Groups


@pytest.fixture(scope="module")
def communes(register, indicators, directory, recipe) -> SearchContext:
    query = CandidateQuery(recipe, unit="groupe")
    return SearchContext(register, indicators, directory, query)


def groups_of(register, sets) -> Units:
    return Units.of(territory_from_code(register, f"groupe:{'-'.join(codes)}") for codes in sets)


@pytest.mark.parametrize("seed", range(12))
def test_a_group_is_the_mean_of_its_inhabitants(communes, register, seed) -> None:
    random = np.random.default_rng(seed)
    gard = register.codes_of("departement", "30")
    sets = [random.choice(gard, size=size, replace=False).tolist() for size in (2, 3, 6)]
    units = groups_of(register, sets)
    index = averaged_index(communes.index, units, communes.population)
    for one in units.territories:
        score = communes.index.score[list(one.communes)]
        people = communes.population[list(one.communes)].where(score.notna())
        expected = (score * people).sum() / people.sum()
        assert index.score[one.code] == pytest.approx(expected)
        assert index.contributions.loc[one.code].sum() == pytest.approx(expected)
        assert score.min() - 1e-9 <= expected <= score.max() + 1e-9
        above = int((communes.index.score > index.score[one.code]).sum())
        assert index.rank[one.code] == above + 1


def test_figures_of_a_group_are_those_of_its_sums(communes, register, indicators) -> None:
    units = groups_of(register, [["30350", "30339"]])
    table = indicators.for_groups(units.groups)
    context = GroupContext.over(communes, units, table)
    people = register.communes.loc[["30350", "30339"], "population"].sum()
    area = register.communes.loc[["30350", "30339"], "superficie_km2"].sum()
    code = str(units.codes[0])
    assert context.indicators.values.loc[code, "densite"] == pytest.approx(people / area)
    assert context.population[code] == people
    name = context.name_of(code).replace("\u00a0", " ")
    assert name.startswith("Le Vigan et 1 autre commune (Gard, 2 communes)")
    assert len(context.compared(indicators.indicator("densite"))) == 34_875


def test_the_interval_of_a_group_is_drawn_on_its_communes(communes, register, indicators) -> None:
    units = groups_of(register, [["30350", "30339"], ["48095", "48092"], ["30007", "30132"]])
    context = GroupContext.over(communes, units, indicators.for_groups(units.groups))
    basis = context.draw_basis
    assert basis.table is indicators
    assert set(basis.members(str(units.codes[0]))) == set(units.territories[0].communes)
