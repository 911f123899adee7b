"""Need and capacity: every ranked place in one quadrant, the others in none, nothing added up."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.candidates import (
    CAPACITY_LIMITS,
    QUADRANTS,
    UNPLACED,
    QuadrantRules,
    crossing_of,
    find_candidates,
    find_territories,
    load_ground,
    load_quadrant_rules,
)
from territoires.candidates.presets import EPCI, GROUP
from territoires.candidates.quadrants import (
    STRONG_WITHOUT,
    at_main_communes,
    capacity_of,
    cross,
    quadrant_of,
)
from territoires.candidates.query import CandidateQuery
from territoires.candidates.unit_context import epci_units
from territoires.errors import DataFileError, InvalidRequest
from territoires.initiatives import Directory, count_within
from territoires.manifest import covered_files
from territoires.needs import Recipe, RecipeItem, compute_index, index_of, load_recipe
from tests.conftest import DATA
from tests.properties import cases
from tests.test_reach import standing_at

RULES = load_quadrant_rules(DATA)
ONE = Recipe("Un", (RecipeItem("besoin"),), min_coverage=0.5)
needs = st.one_of(st.floats(0, 100), st.just(float("nan")), st.sampled_from([1.0, 2.0]))
some = st.one_of(st.just(0.0), st.floats(0, 50))
slow = cases(25)


def crossed(values, presences, **changes):
    places = [f"p{at}" for at in range(len(values))]
    index = compute_index(pd.DataFrame({"besoin": values}, index=places, dtype=float), ONE)
    return cross(index, pd.Series(presences, places, dtype=float), replace(RULES, **changes)), index


@given(
    st.lists(st.tuples(needs, some), min_size=1, max_size=60), st.integers(1, 99),
    st.sampled_from(sorted(CAPACITY_LIMITS)),
)  # fmt: skip
def test_each_ranked_place_is_in_one_quadrant_and_the_others_in_none(rows, percent, limit):
    values, presences = zip(*rows, strict=True)
    found, index = crossed(values, presences, strong_percent=percent, capacity_limit=limit)
    ranked = index.rank.notna()
    assert set(found.quadrant[ranked]) <= set(QUADRANTS)
    assert (found.quadrant[~ranked] == UNPLACED).all()
    strong = found.quadrant.isin(QUADRANTS[:2])
    without = found.quadrant.isin(QUADRANTS[::2])
    if ranked.any():
        # Every strong need is above every lesser one, and equals stay together.
        assert found.need[strong].min() > found.need[ranked & ~strong].max() or strong[ranked].all()
        assert strong.sum() >= percent * index.count / 100
        best_of_lesser = index.rank[ranked & ~strong].min()
        assert pd.isna(best_of_lesser) or (best_of_lesser - 1) * 100 >= percent * index.count
        assert (found.capacity[without] <= found.limits.capacity).all()
        assert (found.capacity[ranked & ~without] > found.limits.capacity).all()
    if limit == "une":
        assert (found.capacity[ranked & ~without] > 0).all()
        assert (found.capacity[without] == 0).all()


def test_strong_needs_are_the_first_two_classes_of_the_index(indicators):
    recipe = load_recipe(DATA / "recettes" / "deprise_eloignement.toml")
    index = index_of(indicators, recipe)
    found = cross(index, pd.Series(0.0, index.score.index), replace(RULES, strong_percent=40))
    assert ((found.quadrant == STRONG_WITHOUT) == index.classes.isin(["très fort", "fort"])).all()


def test_the_median_is_that_of_the_places_that_have_some():
    found, _ = crossed([1, 2, 3, 4, 5], [0, 0, 1, 2, 3], capacity_limit="mediane")
    assert found.limits.capacity == 2.0
    empty, _ = crossed([1, 2], [0, 0], capacity_limit="mediane")
    assert empty.limits.capacity == 0.0


def test_without_any_rank_there_is_no_quadrant():
    found, _ = crossed([float("nan")] * 3, [0, 1, 2])
    assert np.isnan(found.limits.need)
    assert (found.quadrant == UNPLACED).all()
    again = quadrant_of(pd.Series([0.9]), pd.Series([1.0]), found.limits)
    assert again.tolist() != [STRONG_WITHOUT]


@slow
@given(data=st.data(), reach=st.floats(1, 80))
def test_one_more_initiative_never_lowers_a_capacity(register, data, reach):
    codes = register.communes.index
    stands = data.draw(st.lists(st.sampled_from(range(0, len(codes), 211)), max_size=12))
    more = data.draw(st.sampled_from(range(0, len(codes), 97)))
    rules = QuadrantRules(reach_km=reach, strong_percent=40)
    before = capacity_of(register, _there(register, codes[stands]), rules)
    after = capacity_of(register, _there(register, codes[[*stands, more]]), rules)
    assert (after >= before - 1e-9).all()
    assert ((before > 0) <= (after > 0)).all()
    assert after[codes[more]] >= before[codes[more]] + 1 - 1e-6
    assert (before >= 0).all()
    assert before.max() <= len(stands) + 1e-9


def _there(register, codes):
    made = standing_at(register, list(codes))
    frame = made.frame.assign(axes="", type="amap", statut="actif", communes_resolues="")
    return Directory(frame, made.vocabularies)


def test_only_the_chosen_initiatives_count(register, directory):
    every = capacity_of(register, directory, replace(RULES, statuses=()))
    gardens = capacity_of(register, directory, replace(RULES, types=("jardin_partage",)))
    assert (gardens <= every + 1e-9).all()
    assert 0 < gardens.sum() < every.sum()
    of_axis = capacity_of(register, directory, replace(RULES, axes=("4",)))
    assert 0 < of_axis.sum() < every.sum()
    with pytest.raises(InvalidRequest, match="Axe inconnu : 9"):
        capacity_of(register, directory, replace(RULES, axes=("9",)))


# Candidates


@pytest.fixture(scope="module")
def recipe():
    return load_recipe(DATA / "recettes" / "deprise_eloignement.toml")


def test_candidates_are_where_their_communes_are(register, indicators, directory, recipe):
    query = CandidateQuery(recipe, universe=("dep:30",), count=50)
    made = crossing_of(find_candidates(register, indicators, directory, query), RULES)
    rows = made.candidates
    assert len(rows) == 50
    assert (rows["quadrant"] == made.field.quadrant.reindex(rows.index)).all()
    assert (rows["presence"] == made.field.capacity.reindex(rows.index)).all()
    around = count_within(register, made.counted, rows.index.tolist(), RULES.reach_km)
    assert (rows["initiatives"].to_numpy() == around.to_numpy()).all()
    assert ((rows["initiatives"] == 0) == (rows["presence"] == 0)).all()


def test_counts_add_up_to_the_area(register, indicators, directory, recipe):
    members = ("30350", "30339", "34172")
    for query in (
        CandidateQuery(recipe, universe=("dep:30",)),
        CandidateQuery(recipe, members=members),
        CandidateQuery(recipe, universe=("dep:30",), reference="univers"),
    ):
        made = crossing_of(find_candidates(register, indicators, directory, query), RULES)
        expected = made.found.context.in_universe & made.found.context.in_members
        assert made.by_quadrant["lieux"].sum() == expected.sum()
        people = register.communes["population"].to_numpy(dtype=float)[expected].sum()
        assert made.by_quadrant["habitants"].sum() == people
        assert made.by_quadrant["candidats"].sum() == len(made.found.frame)


def test_an_epci_is_measured_from_its_main_commune(register, indicators, directory, recipe):
    query = CandidateQuery(recipe, universe=("reg:76",), unit=EPCI, count=10)
    made = crossing_of(find_candidates(register, indicators, directory, query), RULES)
    capacity = capacity_of(register, directory, RULES)
    units = epci_units(register)
    for code, row in zip(made.candidates.index, made.candidates.to_dict("records"), strict=True):
        seat = register.communes.index[units.seats(register)[units.codes.get_loc(code)]]
        assert row["presence"] == capacity[seat]
    by_groups = at_main_communes(
        capacity, register.communes["code_epci"], register.communes["population"]
    )
    ours = by_groups.reindex(units.codes.str.removeprefix("epci:"))
    assert (ours.to_numpy() == capacity.iloc[units.seats(register)].to_numpy()).all()
    # Compared among EPCI, so that two in five of them have a strong need.
    assert made.field.need.index.equals(units.codes)


def test_a_group_is_compared_with_communes(register, indicators, directory, recipe):
    query = CandidateQuery(
        recipe, universe=("dep:48",), unit=GROUP, population_min=3_000, population_max=8_000
    )
    ground = load_ground(DATA, register)
    found = find_territories(register, indicators, directory, query, ground)
    made = crossing_of(found, RULES)
    assert len(made.field.need) == len(register.communes)
    capacity = capacity_of(register, directory, RULES)
    for code, row in zip(made.candidates.index, made.candidates.to_dict("records"), strict=True):
        group = found.context.territory(str(code))
        people = register.communes["population"].loc[list(group.communes)]
        assert row["presence"] == capacity[str(people.astype(float).idxmax())]
        strong = row["besoin"] >= made.field.limits.need - 1e-12
        assert (row["quadrant"] in QUADRANTS[:2]) == strong


# Rules and their file


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("reach_km", 0.0, "Portée impossible"),
        ("reach_km", float("nan"), "Portée impossible"),
        ("reach_km", 1e9, "Portée impossible"),
        ("strong_percent", 0, "de 1 à 99"),
        ("strong_percent", 100, "de 1 à 99"),
        ("capacity_limit", "beaucoup", "Choix : une, mediane"),
    ],
)
def test_impossible_rules_are_refused(field, value, said):
    with pytest.raises(InvalidRequest, match=said):
        replace(RULES, **{field: value})


def test_the_order_of_a_choice_does_not_matter():
    assert replace(RULES, axes=("2", "1", "2")) == replace(RULES, axes=("1", "2"))


def test_every_quadrant_has_a_name_of_its_own():
    for limit in CAPACITY_LIMITS:
        names = {replace(RULES, capacity_limit=limit).label(code) for code in QUADRANTS}
        assert len(names) == 4
    assert RULES.label(STRONG_WITHOUT) == "Besoin fort, rien de recensé à portée"


def test_the_shipped_file_is_covered_and_its_statuses_are_known(directory):
    assert DATA / "besoin_capacite" / "reglages.toml" in covered_files(DATA)
    assert set(RULES.statuses) <= set(directory.vocabularies.statuses.codes)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("portee_km = 20", "portee_km = 0", "Portée impossible"),
        ("portee_km = 20", 'portee_km = "loin"', "portee_km : attendu"),
        ("portee_km = 20", "", "portee_km : ce champ est attendu"),
        ("portee_km = 20", "portee_km = 20\nplus = 1", "plus : champ inconnu"),
        ("besoin_fort = 40", "besoin_fort = true", "besoin_fort : attendu"),
        ('capacite = "une"', 'capacite = "deux"', "Limite de capacité inconnue"),
        ("date = 2026", 'date = "2026"\n#', "date : attendu"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, before, after, said):
    folder = tmp_path / "besoin_capacite"
    shutil.copytree(DATA / "besoin_capacite", folder)
    file = folder / "reglages.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(DataFileError, match=said):
        load_quadrant_rules(tmp_path)
