"""A drawn area: the communes inside are those that geometry says, and hostile outlines are told."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from territoires.candidates import CandidateQuery
from territoires.cli.application import main
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.exports import read_back
from territoires.exports.provenance import query_line
from territoires.maps import MapSpec
from territoires.maps.colouring import OUTSIDE_UNIVERSE, MapColours
from territoires.maps.spec import spec_from_query, spec_to_query
from territoires.needs import Recipe, RecipeItem
from territoires.territory import (
    fitted_zone,
    read_zone_file,
    territory_from_code,
    zone_from_code,
)
from territoires.territory.zone import MAX_LENGTH, MAX_VERTICES, Zone, communes_inside
from territoires.territory.zone_file import MAX_BYTES

AROUND_LE_VIGAN = "zone:3.5_43.9~3.8_43.9~3.7_44.2"

# Mainland and Corsica, then Réunion, Mayotte, Guadeloupe, Martinique, Guyane.
WINDOWS = [
    (-4.5, 42.5, 9.5, 51.0), (55.2, -21.4, 55.9, -20.8), (45.0, -13.0, 45.3, -12.6),
    (-61.9, 15.8, -61.0, 16.6), (-61.3, 14.3, -60.8, 14.9), (-54.6, 2.1, -51.6, 5.8),
]  # fmt: skip


@st.composite
def outlines(draw):
    """Star-shaped polygons of any size, in France and overseas."""
    west, south, east, north = draw(st.sampled_from(WINDOWS))
    x, y = draw(st.floats(west, east)), draw(st.floats(south, north))
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.02, 1.5), min_size=count, max_size=count))
    turns = np.arange(count) * 2 * np.pi / count
    return tuple(zip(x + radii * np.cos(turns), y + radii * np.sin(turns), strict=True))


@given(outlines())
@settings(max_examples=80)
def test_the_communes_inside_are_those_that_geometry_says(register, ring):
    zone = Zone((ring,))
    polygon = shapely.Polygon(zone.rings[0])
    communes = register.communes
    points = shapely.points(communes["longitude"], communes["latitude"])
    expected = list(communes.index[shapely.covers(polygon, points)])
    assert communes_inside(register, zone.shape) == tuple(expected)
    if expected:
        territory = territory_from_code(register, zone.code)
        assert territory.communes == tuple(expected)
        assert territory.population == int(communes.loc[expected, "population"].sum())


@given(outlines())
def test_a_code_is_read_back(ring):
    zone = Zone((ring,))
    assert zone_from_code(zone.code) == zone
    assert zone_from_code(zone.code).code == zone.code
    assert len(zone.code) <= MAX_LENGTH


def test_the_longest_code_fits_an_address():
    turns = np.arange(MAX_VERTICES) * 2 * np.pi / MAX_VERTICES
    ring = tuple(zip(-150.1234 + 20 * np.cos(turns), -50.4321 + 20 * np.sin(turns), strict=True))
    assert len(Zone((ring,)).code) <= MAX_LENGTH


def test_an_area_answers_as_any_territory(register):
    zone = territory_from_code(register, AROUND_LE_VIGAN)
    assert "30350" in zone.communes
    assert zone.niveau == "zone"
    assert zone.nom == f"Zone dessinée ({len(zone.communes)} communes)"
    assert zone.outline(register).is_valid
    assert zone.contiguous(register)


def test_a_ring_inside_another_is_a_hole(register):
    around = "3.0_43.5~4.2_43.5~4.2_44.5~3.0_44.5"
    hole = AROUND_LE_VIGAN.removeprefix("zone:")
    whole = territory_from_code(register, f"zone:{around}")
    pierced = territory_from_code(register, f"zone:{around}~~{hole}")
    inside = territory_from_code(register, AROUND_LE_VIGAN)
    assert set(pierced.communes) == set(whole.communes) - set(inside.communes)


def test_a_closed_or_repeated_vertex_counts_once():
    drawn = ((3.5, 43.9), (3.5, 43.9), (3.8, 43.9), (3.7, 44.2), (3.5, 43.90001))
    assert Zone((drawn,)).code == AROUND_LE_VIGAN


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("zone:", "aucun sommet"),
        ("zone:3.5_43.9~3.8_43.9", "2 sommets sans surface"),
        ("zone:3_44~4_45~5_46", "alignés"),
        ("zone:3_44~4_45~4_44~3_45", "se croise près de longitude 3,5, latitude 44,5"),
        ("zone:3_44~4_44~181_45", "n'est pas sur Terre"),
        ("zone:3_44~4_44~3_91", "n'est pas sur Terre"),
        ("zone:-30_40~-31_40~-31_41", "Aucune commune"),
        ("zone:43.5_3~45.5_3~44.5_4.5", "échangées"),
        ("zone:<script>", "n'est pas un sommet"),
        ("zone:3_nan~4_44~3_45", "n'est pas un sommet"),
        ("zone:3.12345_44~4_44~3_45", "4 décimales"),
        ("zone:2_44~4_44~3_46~~2_45~4_45~3_47", "se recouvrent"),
        ("zone:" + "~".join(f"{n / 100}_{44 + n % 2}" for n in range(101)), "101 sommets"),
        ("zone:" + "3.1234_44.1234~" * 5_000, "caractères"),
    ],
)
def test_what_draws_no_area_is_refused(register, code, told):
    with pytest.raises(UnknownTerritory, match=told):
        territory_from_code(register, code)


# Outlines with any number of vertices


@pytest.mark.parametrize("code", ["dep:30", "dep:974", "dep:971", "reg:53", "epci:200054781"])
def test_a_detailed_outline_is_brought_to_an_address_with_the_same_communes(register, code):
    outline = territory_from_code(register, code).outline(register)
    zone = fitted_zone(register, outline)
    assert zone is not None
    assert zone.vertices <= MAX_VERTICES < shapely.get_num_coordinates(outline)
    assert zone.communes(register) == communes_inside(register, outline)


@given(outlines(), st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_fewer_vertices_keep_every_commune_on_its_side(register, ring, seed):
    noise = np.random.default_rng(seed)
    dense = shapely.get_coordinates(shapely.Polygon(ring).segmentize(0.01))
    area = shapely.Polygon(dense + noise.normal(0, 0.0005, dense.shape)).buffer(0)
    inside = communes_inside(register, area)
    assume(inside)
    zone = fitted_zone(register, area)
    assert zone is None or zone.communes(register) == inside


def test_a_short_outline_stays_as_it_is(register):
    shape = zone_from_code(AROUND_LE_VIGAN).shape
    zone = fitted_zone(register, shape)
    assert zone is not None
    assert zone.shape.equals(shape)


def test_an_outline_without_a_commune_is_refused(register):
    with pytest.raises(InvalidRequest, match="Agrandissez-la"):
        fitted_zone(register, shapely.box(-30, 40, -29, 41))


# Files

TRIANGLE = [[3.5, 43.9], [3.8, 43.9], [3.7, 44.2], [3.5, 43.9]]
POLYGON = {"type": "Polygon", "coordinates": [TRIANGLE]}
FAR = [[55.3, -21.1], [55.7, -21.1], [55.5, -20.8], [55.3, -21.1]]


def feature(geometry):
    return {"type": "Feature", "properties": {"nom": "zone"}, "geometry": geometry}


def read(document):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_zone_file(content, "zone.geojson")


@pytest.mark.parametrize(
    "document",
    [
        POLYGON,
        feature(POLYGON),
        {"type": "FeatureCollection", "features": [feature(POLYGON), feature(POLYGON)]},
        {"type": "MultiPolygon", "coordinates": [[TRIANGLE]]},
        {"type": "Polygon", "coordinates": [[[*position, 250.0] for position in TRIANGLE]]},
        {**POLYGON, "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
        b"\xef\xbb\xbf" + json.dumps(POLYGON).encode(),
    ],
)
def test_every_form_of_a_polygon_is_read(document):
    assert read(document).equals(shapely.Polygon(TRIANGLE))


def test_several_places_make_one_area(register):
    area = read({"type": "MultiPolygon", "coordinates": [[TRIANGLE], [FAR]]})
    zone = fitted_zone(register, area)
    departements = {code[:3] for code in zone.communes(register)}
    assert "974" in departements
    assert any(code.startswith("30") for code in departements)


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"", "ligne 1, colonne 1"),
        (b"\xff\xfe", "octet 1"),
        (b"[1, 2]", "objet GeoJSON"),
        (b"[" * 200_000, "sans fin"),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "démesuré"),
        (b'{"type": "Polygon", "coordinates": ' + b"9" * 6_000 + b"}", "démesuré"),
        (b" " * (MAX_BYTES + 1), "plus de 20 Mo"),
        ({}, "rien lu"),
        (feature(None), "rien lu"),
        ({"type": "Point", "coordinates": [3, 44]}, "« Point » lu"),
        ({"type": "FeatureCollection"}, "features"),
        ({"type": "FeatureCollection", "features": []}, "aucun polygone"),
        ({"type": "FeatureCollection", "features": [feature(POLYGON), 3]}, "élément 2"),
        ({"type": "FeatureCollection", "features": [None] * 5_001}, "5001 éléments"),
        ({"type": "MultiPolygon", "coordinates": 3}, "liste de polygones"),
        (polygon(), "liste d'anneaux"),
        (polygon(TRIANGLE[:3]), "anneau 1 : 4 sommets au moins"),
        (polygon([*TRIANGLE[:3], [3.6, 43.9]]), "Fermez le contour"),
        (polygon([*TRIANGLE[:2], "ici", TRIANGLE[0]]), "anneau 1, sommet 3"),
        (polygon([*TRIANGLE[:2], [3.7, True], TRIANGLE[0]]), "n'est pas un nombre"),
        (polygon([[652_000, 6_862_000]] * 4), "EPSG:4326"),
        (polygon([[10**400, 1]] * 4), "l'infini"),
        (polygon([[3.0, 44.0]] * 4), "se croise|surface"),
        (polygon([[3, 44], [4, 45], [4, 44], [3, 45], [3, 44]]), "se croise près de"),
        (polygon(TRIANGLE * 60_000), "plus de 200000 sommets"),
        ({**POLYGON, "crs": {"properties": {"name": "EPSG:2154"}}}, "EPSG:2154"),
    ],
)
def test_a_hostile_file_is_refused_with_its_place(document, told):
    with pytest.raises(InvalidRequest, match=told) as refusal:
        read(document)
    assert str(refusal.value).startswith("zone.geojson")


# From the command line


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    told = capsys.readouterr()
    return stop.value.code, told.out, told.err


@pytest.fixture
def drawn(tmp_path):
    file = tmp_path / "zone.geojson"
    file.write_text(json.dumps(feature(POLYGON)), encoding="utf-8")
    return str(file)


def test_candidates_are_sought_in_a_drawn_area(capsys, tmp_path, register, drawn):
    target = tmp_path / "candidats.csv"
    status, _, err = run(
        capsys, "candidats", "--zone", drawn, "--tirages", "0", "--nombre", "500", "-o", str(target)
    )
    assert status == 0, err
    inside = territory_from_code(register, AROUND_LE_VIGAN).communes
    assert f"{len(inside)} communes dont le point de référence est dans la zone" in err
    listed = read_back(target.read_bytes(), "c.csv", limit_bytes=10**7)["codes_communes"]
    assert set(listed) <= set(inside)
    assert "30350" in set(listed)


def test_lookalikes_are_sought_in_a_drawn_area(capsys, tmp_path, register, drawn):
    target = tmp_path / "semblables.csv"
    status, _, err = run(
        capsys, "semblables", "12145", "--taille", "toutes", "--zone", drawn, "-o", str(target)
    )
    assert status == 0, err
    inside = territory_from_code(register, AROUND_LE_VIGAN).communes
    listed = pd.read_csv(target, dtype=str)["code_commune"]
    assert len(listed) > 0
    assert set(listed) <= set(inside)


def test_one_place_to_search_at_a_time(capsys, drawn):
    status, _, err = run(capsys, "candidats", "--zone", drawn, "--departement", "30")
    assert status == 2
    assert "--zone : un seul" in err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "illisible"),
        ("{", "ligne 1, colonne 2"),
        (json.dumps(polygon([[44, 3.5], [44, 3.8], [44.2, 3.7], [44, 3.5]])), "échangées"),
    ],
)
def test_a_file_that_is_no_area_is_refused(capsys, tmp_path, content, told):
    file = tmp_path / "zone.geojson"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    status, out, err = run(capsys, "candidats", "--zone", str(file))
    assert (status, out) == (1, "")
    assert told in err
    assert "zone.geojson" in err


def test_an_export_says_in_which_area_it_was_sought(register):
    recipe = Recipe("densité", (RecipeItem("densite", -1),))
    drawn = CandidateQuery(recipe=recipe, universe=(AROUND_LE_VIGAN,))
    assert AROUND_LE_VIGAN in query_line(drawn)
    many = "-".join(register.communes.index[:200])
    listed = CandidateQuery(recipe=recipe, universe=(f"groupe:{many}",))
    assert "liste de 200\u00a0communes" in query_line(listed)


# On the map


def test_a_map_compares_inside_an_area(register, indicators):
    spec = MapSpec("densite", universe=AROUND_LE_VIGAN)
    assert spec_from_query(parse_qsl(spec_to_query(spec))) == spec
    table = MapColours(register, indicators).colouring(spec).table
    inside = register.positions(territory_from_code(register, AROUND_LE_VIGAN).communes)
    expected = np.ones(len(register.communes), dtype=bool)
    expected[inside] = False
    assert np.array_equal(table[1:] == OUTSIDE_UNIVERSE, expected)


@pytest.mark.parametrize("universe", ["zone:3.50_43.9~3.8_43.9~3.7_44.2", "zone:x", "zone:"])
def test_a_map_refuses_what_is_no_area_or_has_two_addresses(universe):
    with pytest.raises(InvalidRequest):
        MapSpec("densite", universe=universe)
