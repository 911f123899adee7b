"""Metres of the projected systems that France has used: recognised, told by a heading, or asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territoires.communes.projection import project
from territoires.geocoding import NOT_FOUND, SURE, TO_CHECK, Gazetteer, geocode_table
from territoires.geocoding.columns import heading_key, recognise_columns
from territoires.geocoding.metres import LAMBERT_2, SYSTEMS, read_metres, system_told
from territoires.tables import TypedTable

SEED = 20261126
LAMBERT_2_EPSG = 27572


@pytest.fixture(scope="module")
def gazetteer(register):
    return Gazetteer.from_register(register)


def in_system(communes, epsg, headings=("x", "y"), **cells):
    """Lay the mairies out in metres of a system."""
    x, y = project(communes["longitude"], communes["latitude"], epsg)
    return pd.DataFrame({**cells, headings[0]: x.round(1), headings[1]: y.round(1)}).astype("str")


def place(frame, gazetteer):
    return geocode_table(TypedTable(frame, "utf-8", ","), gazetteer)


def some(register, count=1_500, **where):
    communes = register.communes[register.communes["epsg_local"] == 2154]
    for column, (low, high) in where.items():
        communes = communes[communes[column].between(low, high)]
    return communes.sample(min(count, len(communes)), random_state=SEED)


def wrong(placed, communes):
    sure = placed["geo_statut"] == SURE
    return int((sure.to_numpy() & (placed["geo_code_commune"].to_numpy() != communes.index)).sum())


def test_a_known_point_in_lambert_2():
    # The Panthéon, where the meridian of Paris was: 600 km east, and 2° 20' 14" of Greenwich.
    reading = read_metres(
        np.array([600_000.0]), np.array([2_427_000.0]), lambda lon, lat: np.array([None] * len(lon))
    )
    assert reading.system.tolist() == [LAMBERT_2]
    assert reading.longitude[0] == pytest.approx(2.3372, abs=0.002)
    assert reading.latitude[0] == pytest.approx(48.843, abs=0.005)


@pytest.mark.parametrize("zone", range(42, 51))
def test_each_conic_zone_is_recognised_without_a_heading(register, gazetteer, zone):
    communes = some(register, latitude=(zone - 1, zone + 1))
    placed = place(in_system(communes, 3900 + zone), gazetteer)
    assert placed["geo_motif"].str.contains(f"Coordonnées lues en CC{zone}.").mean() > 0.99
    assert wrong(placed, communes) <= 0.004 * len(communes)
    assert (placed["geo_code_commune"].to_numpy() == communes.index).mean() > 0.99


def test_lambert_2_is_recognised_where_it_can_be_nothing_else(register, gazetteer):
    communes = some(register)
    placed = place(in_system(communes, LAMBERT_2_EPSG), gazetteer)
    read = placed["geo_motif"].str.contains(f"Coordonnées lues en {LAMBERT_2}.")
    assert read.mean() > 0.99
    assert wrong(placed, communes) <= 0.003 * len(communes)


def test_every_mairie_in_lambert_93_stays_in_lambert_93(register, gazetteer):
    communes = some(register, 4_000)
    placed = place(in_system(communes, 2154), gazetteer)
    assert placed["geo_motif"].str.contains("Coordonnées lues en Lambert-93.").all()


@pytest.fixture
def two_systems(register):
    """A mairie of Guadeloupe whose metres, in UTM 20, are those of a place of the mainland."""
    communes = register.communes[register.communes["code_departement"] == "971"]
    x, y = project(communes["longitude"], communes["latitude"], 5490)
    reading = read_metres(x, y, register.locate)
    row = next(iter(reading.either))
    return communes.iloc[[row]], reading.either[row]


def test_metres_of_two_systems_are_asked(two_systems, gazetteer):
    commune, either = two_systems
    row = place(in_system(commune, 5490), gazetteer).iloc[0]
    assert row["geo_statut"] == TO_CHECK
    assert row["geo_code_commune"] == ""
    assert row["geo_candidats"] == ";".join(either)
    assert either[0] == commune.index[0]
    assert either[1].startswith(("11", "34", "66"))
    assert "ambiguës (UTM 20 Nord ou Lambert II étendu)" in row["geo_motif"]


@pytest.mark.parametrize(
    ("headings", "island"),
    [
        (("x_utm20", "y_utm20"), True),
        (("X (UTM 20 N)", "Y (UTM 20 N)"), True),
        (("X_L2E", "Y_L2E"), False),
        (("X (Lambert II étendu)", "Y (Lambert II étendu)"), False),
        (("x_lambert2", "y_lambert2"), False),
    ],
)
def test_a_heading_says_which(two_systems, gazetteer, headings, island):
    commune, either = two_systems
    row = place(in_system(commune, 5490, headings), gazetteer).iloc[0]
    assert row["geo_code_commune"] == either[0 if island else 1]
    assert row["geo_statut"] != NOT_FOUND


def test_the_texts_of_the_row_say_which(two_systems, gazetteer):
    commune, either = two_systems
    nom = commune["nom"].iloc[0]
    row = place(in_system(commune, 5490, ville=nom, dep="971"), gazetteer).iloc[0]
    assert (row["geo_statut"], row["geo_code_commune"]) == (SURE, either[0])
    assert row["geo_precision"] == "coordonnees"


@pytest.mark.parametrize(
    ("heading", "system"),
    [
        ("X_L93", "Lambert-93"),
        ("x lambert 93", "Lambert-93"),
        ("XL2E", LAMBERT_2),
        ("Coordonnée X (Lambert II étendu)", LAMBERT_2),
        ("X (Lambert 2)", LAMBERT_2),
        ("x_cc46", "CC46"),
        ("X RGF93 / CC50", "CC50"),
        ("x_utm40s", "UTM 40 Sud"),
        ("longitude", ""),
        ("x", ""),
        ("x_lambert", ""),
    ],
)
def test_the_system_that_a_heading_says(heading, system):
    assert system_told(heading_key(heading)) == system


@pytest.mark.parametrize(
    "name", ["L2E", "lambert2", "Lambert II étendu", "CC48", "L93", "UTM 20 N"]
)
@pytest.mark.parametrize("pattern", ["X_{}", "x ({})", "{} X"])
def test_headings_that_name_a_system_are_coordinates(name, pattern):
    heading = pattern.format(name)
    other = heading.replace("X", "Y").replace("x", "y")
    columns = recognise_columns([heading, other])
    assert (columns.longitude, columns.latitude) == (heading, other)


def test_a_real_x_wins_over_a_decorated_one():
    columns = recognise_columns(["x_cc48", "y_cc48", "longitude", "latitude"])
    assert (columns.longitude, columns.latitude) == ("longitude", "latitude")


def test_the_systems_do_not_repeat():
    assert len({system.epsg for system in SYSTEMS}) == len(SYSTEMS) == 15
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)


def test_numbers_that_are_no_metres_are_left(register):
    odd = np.array([np.nan, np.inf, -1e308, 0.0, 2.35, 5e6, 1e4])
    reading = read_metres(odd, odd[::-1].copy(), register.locate)
    assert reading.system.tolist() == [""] * len(odd)
    assert np.array_equal(reading.longitude, odd, equal_nan=True)
