"""A point alone near a boundary that our outlines simplify: it is asked, not guessed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from territoires.communes.projection import project, unproject
from territoires.geocoding import SURE, TO_CHECK, Gazetteer, geocode_table
from territoires.geocoding.thresholds import load_thresholds
from territoires.tables import TypedTable
from tests.conftest import DATA

LAMBERT_93 = 2154
TOLERANCE = 1000 * load_thresholds(DATA).contours_embarques_km
SEED = 20261126
VIGAN, AVEZE = "30350", "30026"  # neighbours


@pytest.fixture(scope="module")
def gazetteer(register):
    return Gazetteer.from_register(register)


def place(gazetteer, x, y, **cells):
    """Place points given in metres of Lambert-93, with other cells beside."""
    longitude, latitude = unproject(np.atleast_1d(x), np.atleast_1d(y), LAMBERT_93)
    frame = pd.DataFrame({**cells, "longitude": longitude, "latitude": latitude}).astype("str")
    return geocode_table(TypedTable(frame, "utf-8", ","), gazetteer)


def in_metres(register, code):
    outline = register.geometries[register.positions([code])[0]]
    return shapely.transform(
        outline, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1], LAMBERT_93))
    )


@pytest.fixture(scope="module")
def beside_the_line(register):
    """A point of Le Vigan, 40 m from the line it shares with Avèze, and 700 m from any other."""
    vigan, aveze = in_metres(register, VIGAN), in_metres(register, AVEZE)
    others = shapely.union_all(
        [in_metres(register, code) for code in register.neighbours(VIGAN) if code != AVEZE]
    )
    shared = shapely.intersection(vigan.boundary, aveze.buffer(1))
    for along in np.arange(0, shared.length, 20):
        around = shared.interpolate(along).buffer(40).boundary
        for point in shapely.points(shapely.get_coordinates(around)):
            near = 35 < aveze.distance(point) < 45 and others.distance(point) > 2 * TOLERANCE
            if near and vigan.contains(point):
                return point.x, point.y
    raise AssertionError("aucun point de cette sorte")


def test_a_point_on_the_line_is_asked(gazetteer, beside_the_line):
    row = place(gazetteer, *beside_the_line).iloc[0]
    assert row["geo_statut"] == TO_CHECK
    assert row["geo_code_commune"] == VIGAN
    assert row["geo_candidats"] == f"{VIGAN};{AVEZE}"
    assert row["geo_marge"] == 0
    assert "À moins de 150 m d'Avèze (30026) : les contours simplifiés" in row["geo_motif"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"code_insee": VIGAN}, VIGAN),
        ({"code_insee": AVEZE}, AVEZE),
        ({"commune": "Le Vigan", "departement": "30"}, VIGAN),
        ({"commune": "Avèze", "departement": "30"}, AVEZE),
        ({"commune": "Le Vigan"}, VIGAN),  # two communes have this name: the point chooses
        ({"commune": "Avèze"}, AVEZE),  # two as well, and the point is just across the line
    ],
)
def test_a_code_or_a_name_settles_it(gazetteer, beside_the_line, cells, code):
    row = place(gazetteer, *beside_the_line, **cells).iloc[0]
    assert (row["geo_statut"], row["geo_code_commune"], row["geo_candidats"]) == (SURE, code, "")
    assert row["geo_precision"] == "coordonnees"


def test_a_postcode_that_both_communes_share_does_not_settle_it(gazetteer, beside_the_line):
    assert {"30120"} <= set(gazetteer.postcodes_of(VIGAN)) & set(gazetteer.postcodes_of(AVEZE))
    row = place(gazetteer, *beside_the_line, code_postal="30120").iloc[0]
    assert row["geo_statut"] == TO_CHECK
    assert row["geo_candidats"] == f"{VIGAN};{AVEZE}"


def test_a_postcode_of_one_of_them_settles_it(gazetteer, register):
    # Lattes and Montpellier touch; their postcodes differ.
    lattes, montpellier = in_metres(register, "34129"), in_metres(register, "34172")
    shared = shapely.intersection(lattes.boundary, montpellier.buffer(1))
    point = shared.interpolate(shared.length / 2)
    for postcode, code in (("34970", "34129"), ("34000", "34172")):
        row = place(gazetteer, point.x, point.y, code_postal=postcode).iloc[0]
        assert (row["geo_statut"], row["geo_code_commune"]) == (SURE, code), row["geo_motif"]


def test_the_sea_is_no_commune(gazetteer, register):
    # The middle of the coast of Ouessant, 40 m inland: nobody across.
    island = in_metres(register, "29155")
    inland = island.buffer(-40).boundary
    x, y = shapely.get_coordinates(inland)[::3].T
    placed = place(gazetteer, x, y)
    assert placed["geo_statut"].eq(SURE).all()
    assert placed["geo_code_commune"].eq("29155").all()


def test_what_is_sure_has_no_other_commune_within_the_tolerance(gazetteer, register):
    chance = np.random.default_rng(SEED)
    codes = register.communes.index[register.communes["code_departement"] == "30"]
    outlines = gpd.GeoSeries([in_metres(register, code) for code in codes], index=codes)
    west, south, east, north = outlines.total_bounds
    x, y = chance.uniform(west, east, 4_000), chance.uniform(south, north, 4_000)
    whole = outlines.union_all().buffer(-2 * TOLERANCE)
    inside = shapely.contains_xy(whole, x, y)
    x, y = x[inside], y[inside]
    placed = place(gazetteer, x, y)
    pairs, near = shapely.STRtree(outlines.to_numpy()).query(
        shapely.points(x, y), predicate="dwithin", distance=TOLERANCE
    )
    expected = pd.Series(codes[near]).groupby(pairs).agg(lambda some: ";".join(sorted(some)))
    doubtful = expected[expected.str.contains(";")]
    assert 200 < len(doubtful) < len(x) / 2
    asked = placed["geo_statut"] == TO_CHECK
    assert asked.to_numpy().nonzero()[0].tolist() == doubtful.index.tolist()
    assert placed.loc[~asked, "geo_statut"].eq(SURE).all()
    listed = placed.loc[asked, "geo_candidats"].map(lambda cell: ";".join(sorted(cell.split(";"))))
    assert listed.tolist() == doubtful.tolist()
    # The commune under the point is proposed first.
    first = placed.loc[asked, "geo_candidats"].str.partition(";")[0]
    assert first.eq(placed.loc[asked, "geo_code_commune"]).all()


def test_finer_outlines_lift_the_doubt(register, beside_the_line):
    finer = register.with_outlines(DATA / "communes" / "contours.parquet", "essai")
    row = place(Gazetteer.from_register(finer), *beside_the_line).iloc[0]
    assert (row["geo_statut"], row["geo_code_commune"]) == (SURE, VIGAN)
