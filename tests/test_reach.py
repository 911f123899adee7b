"""How many, how far: the same answer as the plainest loop, on the real communes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.initiatives import (
    Directory,
    count_within,
    load_vocabularies,
    nearest,
    presence,
    within,
)
from tests.conftest import DATA
from tests.properties import cases

property_settings = cases(40)


@pytest.fixture(scope="module")
def sampled(register):
    """Draw the same communes each time, overseas ones included."""
    chosen = register.communes.sample(300, random_state=7).index.tolist()
    return [*chosen, "97407", "97220", "97129", "97302", "97608", "75056"]


def standing_at(register, codes):
    """Make a directory of one initiative at the reference point of each commune."""
    places = register.communes.loc[codes]
    frame = pd.DataFrame(
        {
            "nom": codes,
            "geo_code_commune": codes,
            "longitude": places["longitude"].to_numpy(),
            "latitude": places["latitude"].to_numpy(),
        },
        index=pd.Index([f"i-{rank}" for rank in range(len(codes))], name="id"),
    )
    return Directory(frame, load_vocabularies(DATA))


def by_hand(register, codes, stands):
    """Measure every distance in a loop: NaN between two projected systems."""
    communes = register.communes
    table = np.full((len(codes), len(stands)), np.nan)
    for row, one in enumerate(codes):
        for column, other in enumerate(stands):
            here, there = communes.loc[one], communes.loc[other]
            if here["epsg_local"] == there["epsg_local"]:
                table[row, column] = np.hypot(
                    here["x_local"] - there["x_local"], here["y_local"] - there["y_local"]
                )
    return table / 1000


@pytest.fixture(scope="module")
def measured(register, sampled):
    codes, stands = sampled[:60] + sampled[-6:], sampled[40:120] + sampled[-6:]
    return codes, stands, by_hand(register, codes, stands)


@pytest.mark.parametrize("radius", [0.0, 1.0, 25.0, 137.5, 2000.0])
def test_counts_are_those_of_the_loop(register, measured, radius):
    codes, stands, table = measured
    counted = count_within(register, standing_at(register, stands), codes, radius)
    assert counted.index.tolist() == codes
    # A point projected again is a fraction of a millimetre away from itself.
    sure = (table <= radius - 1e-5).sum(axis=1), (table <= radius + 1e-5).sum(axis=1)
    assert ((counted >= sure[0]) & (counted <= sure[1])).all()
    assert counted.sum() > 0 or radius < 25


def test_nearest_is_that_of_the_loop(register, measured):
    codes, stands, table = measured
    found = nearest(register, standing_at(register, stands), codes)
    assert found["distance_km"].to_numpy() == pytest.approx(np.nanmin(table, axis=1), abs=1e-5)
    chosen = [int(name.removeprefix("i-")) for name in found["id"]]
    own = table[np.arange(len(codes)), chosen]
    assert own == pytest.approx(np.nanmin(table, axis=1), abs=1e-5)


def test_within_is_that_of_the_loop(register, measured):
    codes, stands, table = measured
    directory = standing_at(register, stands)
    for row, code in list(enumerate(codes))[::7]:
        found = within(register, directory, code, 150)
        assert found["distance_km"].is_monotonic_increasing
        expected = np.sort(table[row][table[row] <= 150])
        assert found["distance_km"].to_numpy() == pytest.approx(expected, abs=1e-5)


@property_settings
@given(st.data(), st.floats(0, 400))
def test_reach_is_symmetric(register, sampled, data, radius):
    one, other = (data.draw(st.sampled_from(sampled)) for _ in range(2))
    there = count_within(register, standing_at(register, [other]), [one], radius).item()
    back = count_within(register, standing_at(register, [one]), [other], radius).item()
    gap = nearest(register, standing_at(register, [other]), [one])["distance_km"].item()
    assert there == back or abs(gap - radius) < 1e-5


@property_settings
@given(st.floats(0, 600), st.floats(0, 600))
def test_a_wider_radius_never_loses_anyone(register, directory, sampled, one, other):
    near, far = sorted((one, other))
    fewer = count_within(register, directory, sampled[:40], near)
    more = count_within(register, directory, sampled[:40], far)
    assert (fewer <= more).all()
    assert len(within(register, directory, sampled[0], near)) == fewer.iloc[0]


def test_nearest_and_count_agree(register, directory, sampled):
    gaps = nearest(register, directory, sampled)["distance_km"]
    for code, gap in gaps.dropna().iloc[::20].items():
        assert count_within(register, directory, [code], gap + 1e-6).item() >= 1
        assert (
            count_within(register, directory, [code], max(gap - 1e-3, 0)).item() == 0 or gap < 1e-3
        )


def test_an_ocean_is_never_measured(register, directory):
    only = directory.filter(communes=["97407"])
    assert len(only) >= 1
    found = nearest(register, only, ["75056", "97411"])
    assert pd.isna(found.loc["75056", "id"])
    assert np.isnan(found.loc["75056", "distance_km"])
    assert 0 < found.loc["97411", "distance_km"] < 40
    assert count_within(register, only, ["75056"], 20_000).item() == 0
    assert within(register, only, "75056", 20_000).empty


def test_a_commune_and_its_reference_point_see_the_same(register, directory):
    for code in ("30350", "97407", "75056"):
        place = register.communes.loc[code]
        by_code = within(register, directory, code, 80)
        by_point = within(register, directory, (place["longitude"], place["latitude"]), 80)
        assert by_code.index.tolist() == by_point.index.tolist()
        assert by_code["distance_km"].to_numpy() == pytest.approx(by_point["distance_km"], abs=1e-5)


def test_the_first_of_equals_is_named(register):
    found = nearest(register, standing_at(register, ["30350"] * 5), ["30350"])
    assert found["id"].item() == "i-0"
    assert found["distance_km"].item() == pytest.approx(0, abs=1e-5)


def test_no_initiative_no_distance(register, directory):
    nobody = directory.filter(types=[])
    assert count_within(register, nobody, ["30350"], 10).item() == 0
    assert nearest(register, nobody, ["30350"])["distance_km"].isna().all()
    assert within(register, nobody, "30350", 10).empty
    assert len(count_within(register, directory, [], 10)) == 0
    assert len(nearest(register, directory, [])) == 0


def test_unlocated_initiatives_are_near_nobody(register, directory):
    everywhere = count_within(register, directory, ["75056"], 20_000).item()
    mainland = directory.located.frame["geo_code_commune"].str.startswith("97")
    assert everywhere == (~mainland).sum()


@pytest.mark.parametrize("radius", [-1, float("nan"), float("inf")])
def test_an_impossible_radius_is_refused(register, directory, radius):
    with pytest.raises(InvalidRequest, match="Rayon"):
        count_within(register, directory, ["30350"], radius)


def test_an_unknown_place_is_refused(register, directory):
    with pytest.raises(UnknownTerritory):
        within(register, directory, "99999", 10)
    with pytest.raises(UnknownTerritory):
        nearest(register, directory, ["99999"])
    with pytest.raises(InvalidRequest):
        within(register, directory, (float("nan"), 45.0), 10)


# Presence, fading with the distance


@property_settings
@given(st.floats(0.1, 400), st.integers(0, 2**31))
def test_presence_is_the_sum_of_what_each_initiative_weighs(register, sampled, reach, seed):
    chosen = np.random.default_rng(seed).choice(sampled, size=12).tolist()
    stands = register.communes.sample(40, random_state=seed % 1000).index.tolist()
    distances = by_hand(register, chosen, stands)
    expected = np.nansum(np.clip(1 - distances / reach, 0, None), axis=1)
    found = presence(register, standing_at(register, stands), chosen, reach)
    assert np.allclose(found, expected, atol=1e-6)


def test_on_the_spot_counts_for_one(register):
    there = standing_at(register, ["30350"])
    assert presence(register, there, ["30350"], 5).tolist() == pytest.approx([1.0], abs=1e-6)


def test_a_longer_reach_never_lessens_presence(register, directory, sampled):
    near, far = (presence(register, directory, sampled, reach) for reach in (10, 40))
    assert (far >= near).all()
    assert (far > near).any()


@pytest.mark.parametrize("reach", [0, -1, float("nan"), float("inf")])
def test_an_impossible_reach_is_refused(register, directory, reach):
    with pytest.raises(InvalidRequest, match="impossible"):
        presence(register, directory, ["30350"], reach)
