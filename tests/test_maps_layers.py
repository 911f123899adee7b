"""What folium writes: nothing asked of others, and names that stay text whoever reads them."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from territoires.initiatives import Directory, load_vocabularies
from territoires.maps import (
    QUICK_VIEWS,
    MapPoint,
    MapSpec,
    choropleth_layer,
    france_map,
    initiatives_layer,
    points_layer,
    points_of,
    selected_territory_layer,
    spec_to_query,
)
from territoires.maps.points import MANY, MIXED_COLOUR, NAMES_SHOWN, cells_of
from territoires.maps.script import to_script
from tests.conftest import DATA

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "`${alert(3)}`",
    "\"'); alert(4); ('",
    "{{ 7 * 7 }}",
    "{% raise %}",
    "{# caché #}",
    "<img src=x onerror=alert(5)>",
    "fin de ligne\u2028alert(6)",
    "\\u003cscript\\u003e",
)


@pytest.fixture(scope="module")
def vocabularies():
    return load_vocabularies(DATA)


def directory(vocabularies, rows):
    columns = ["nom", "type", "axes", "longitude", "latitude", "geo_commune"]
    frame = pd.DataFrame(rows, columns=columns, index=[f"i{k}" for k in range(len(rows))])
    return Directory(frame.assign(perimetre="quartier"), vocabularies)


def rendered(*layers, **options):
    drawn = france_map(**options)
    for layer in layers:
        layer.add_to(drawn)
    return drawn.get_root().render()


texts = st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE))
nested = st.recursive(
    st.one_of(texts, st.integers(-(2**53), 2**53), st.floats(-1e9, 1e9), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(nested)
def test_data_in_a_script_is_inert_and_whole(value):
    script = to_script(value)
    assert json.loads(script) == value
    assert not set("<>&'`{}\u2028\u2029") & set(script)


def test_braces_cannot_be_structure():
    with pytest.raises(TypeError):
        to_script([{"nom": "x"}])
    with pytest.raises(ValueError, match="JSON"):
        to_script([float("nan")])


def test_hostile_names_stay_text(vocabularies):
    rows = [(name, "amap", "2", 2.0 + k / 10, 46.0, name) for k, name in enumerate(HOSTILE)]
    shape = shapely.box(2, 46, 3, 47)
    clean = rendered(
        initiatives_layer(directory(vocabularies, [("x", "amap", "2", 2, 46, "y")])),
        selected_territory_layer(shape, "x"),
    )
    page = rendered(
        initiatives_layer(directory(vocabularies, rows)),
        *(selected_territory_layer(shape, name) for name in HOSTILE),
    )
    assert page.count("<script") == clean.count("<script")
    assert page.count("</script") == clean.count("</script")
    for raw in ("alert(1)<", "${alert", "<img", "onerror=alert(5)>", "{{", "{%", "\u2028"):
        assert raw not in page
    # Nothing is lost either: each name comes back whole from the script it was put into.
    (near,) = re.findall(r"var near = L.layerGroup\((\[.*\])\.map", page)
    lines = [point[4] for point in json.loads(near)]
    assert [line[0].split(" — ")[0] for line in lines] == list(HOSTILE)
    assert [line[1] for line in lines] == list(HOSTILE)
    labels = re.findall(r"box.textContent = (\".*\");", page)
    assert [json.loads(label) for label in labels] == list(HOSTILE)


def test_no_other_server_is_named(vocabularies):
    layers = (
        choropleth_layer(MapSpec("densite", version="2026.1-0a1b2c3d")),
        initiatives_layer(directory(vocabularies, [("x", "amap", "2", 2, 46, "y")])),
        selected_territory_layer(shapely.box(2, 46, 3, 47), "x"),
    )
    page = rendered(*layers)
    assert not re.search(r"(https?:)?//[\w.-]+\.\w+", page)
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == [
        "/actifs/leaflet.js",
        "/actifs/leaflet.css",
    ]


def test_the_base_map_is_the_only_other_server():
    page = rendered(base_map_url="https://data.geopf.fr/wmts?x={x}&y={y}&z={z}")
    assert set(re.findall(r"https?://([\w.-]+)", page)) == {"data.geopf.fr"}
    assert "IGN" in page


def test_a_published_path_goes_before_every_address():
    spec = MapSpec("densite")
    page = rendered(choropleth_layer(spec, base_path="/carte"), base_path="/carte")
    assert '"/carte/actifs/leaflet.js"' in page
    assert "/carte/tuiles/" in page
    assert '"/carte/api/v1/point"' in page
    assert not re.search(r'"/(actifs|tuiles|api)/', page)


def test_the_tiles_of_a_specification():
    spec = MapSpec("densite", level="epci", universe="reg:76", version="2026.1-0a1b2c3d")
    page = rendered(choropleth_layer(spec, opacity=0.8))
    ((fine, plain),) = re.findall(r'L.Browser.retina \? (".*") : (".*"),', page)
    query = spec_to_query(spec)
    assert json.loads(plain) == f"/tuiles/{{z}}/{{x}}/{{y}}.png?{query}"
    assert json.loads(fine) == f"/tuiles/{{z}}/{{x}}/{{y}}@2x.png?{query}"
    assert "opacity: 0.8" in page


def test_the_map_speaks_french():
    page = rendered()
    assert "Zoomer" in page
    assert "Dézoomer" in page
    assert "imperial: false" in page
    assert '"zoomControl": false' in page


def test_initiatives_of_one_place_make_one_point(vocabularies):
    rows = [(f"n{k}", "amap", "2", 2.0, 46.0, "Ici") for k in range(NAMES_SHOWN + 2)]
    rows += [("seule", "tzcld", "", 3.0, 46.0, ""), ("nulle part", "amap", "2", np.nan, np.nan, "")]
    points = points_of(directory(vocabularies, rows))
    assert [point.count for point in points] == [NAMES_SHOWN + 2, 1]
    assert points[0].lines[-2:] == ("et 2 autres", "Ici")
    assert points[0].colour == vocabularies.axis_colour("2")
    assert points[1].colour == vocabularies.axis_colour("")
    assert vocabularies.types.label("tzcld") in points[1].lines[0]
    assert "Sans axe" in points[1].lines[0]
    assert points[1].lines[0].endswith("périmètre : quartier")
    assert points_of(directory(vocabularies, [])) == ()


def test_axes_that_differ_make_a_neutral_point(vocabularies):
    rows = [("a", "amap", "2", 2.0, 46.0, ""), ("b", "ptce", "1", 2.0, 46.0, "")]
    (point,) = points_of(directory(vocabularies, rows))
    assert point.colour == MIXED_COLOUR


@given(st.integers(0, 400), st.integers(0, 9))
def test_gathering_keeps_every_initiative(count, seed):
    rng = np.random.default_rng(seed)
    points = [
        MapPoint(float(x), float(y), int(k), "#000000", ("x",))
        for x, y, k in zip(
            rng.uniform(-5, 9, count), rng.uniform(41, 51, count), rng.integers(1, 5, count),
            strict=True,
        )
    ]  # fmt: skip
    cells = cells_of(points)
    assert sum(cell.count for cell in cells) == sum(point.count for point in points)
    assert len(cells) <= len(points)


def test_many_points_are_gathered_from_afar_only():
    points = [MapPoint(k / 1000, 46.0, 1, "#000000", (f"n{k}",)) for k in range(MANY + 1)]
    few, many = rendered(points_layer(points[:MANY])), rendered(points_layer(points))
    assert "initiatives : rapprochez-vous" not in few
    assert f"{MANY + 1} initiatives : rapprochez-vous" in many
    assert '"n300"' in many


def test_an_outline_keeps_its_holes_and_parts():
    ring = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
    shape = shapely.MultiPolygon([ring, shapely.box(20, 0, 21, 1)])
    page = rendered(selected_territory_layer(shape, "x"))
    (written,) = re.findall(r"var shape = (\[.*?\]), box", page)
    rings = json.loads(written)
    assert [len(polygon) for polygon in rings] == [2, 1]
    assert [4.0, 6.0] in rings[0][1]
    assert [1.0, 20.0] in rings[1][0]


def test_quick_views_hold_their_territory(register):
    longitude, latitude = register.communes["longitude"], register.communes["latitude"]
    seen = pd.Series(0, index=register.communes.index)
    for view in QUICK_VIEWS:
        west, south, east, north = view.bounds
        inside = longitude.between(west, east) & latitude.between(south, north)
        if view.code.startswith("dep:"):
            departement = register.communes["code_departement"] == view.code.removeprefix("dep:")
            assert inside[departement].all(), view.label
            bounds = register.bounds[departement.to_numpy()]
            assert bounds[:, 0].min() > west - 0.05
            assert bounds[:, 3].max() < north + 0.05
        seen += inside
    assert (seen == 1).all()
