"""With whom one could work: the list keeps its promises, and the map says the same."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.exports import read_back
from territoires.initiatives import (
    directory_from_table,
    load_vocabularies,
    reach_outline,
    shown_point,
    synergies,
    synergies_table,
    within,
)
from territoires.initiatives.synergies import COMPLEMENTS, OTHER_AXES, UNKNOWN_AXES_ANOTHER_TYPE
from territoires.maps import (
    MapPoint,
    MapSpec,
    around_layer,
    france_map,
    legend_html,
    spec_from_query,
)
from territoires.maps.palettes import parse, text_over
from territoires.tables import read_table
from territoires.ui import server
from territoires.ui.synergies_map import synergy_points
from territoires.ui.synergies_view import synergies_file
from tests.conftest import DATA
from tests.test_maps_layers import HOSTILE

VIGAN = "autre-terre-de-convergence-le-vigan"
radii = st.floats(0.5, 600, allow_nan=False)


@pytest.fixture(scope="module")
def words():
    return load_vocabularies(DATA)


def located_ids(directory):
    return st.sampled_from(directory.located.frame.index.tolist())


def own_directory(register, words, *rows):
    lines = ["id,nom,type,axes,code_commune,longitude,latitude,statut", *rows]
    table = read_table("\n".join(lines).encode(), "x.csv", limit_bytes=100_000)
    return directory_from_table(table, register, words)


# The list


@settings(max_examples=40)
@given(st.data(), radii)
def test_those_listed_are_within_reach_and_complete_the_initiative(
    register, directory, data, radius
):
    identifier = data.draw(located_ids(directory))
    own = directory.frame.loc[identifier]
    found = synergies(register, directory, identifier, radius)
    assert identifier not in found.index
    assert (found["distance_km"] <= radius).all()
    assert not found["statut"].isin(["clos", "refuse"]).any()
    mine = set(own["axes"].split(";"))
    for row in found.itertuples():
        brought = {axis for axis in row.axes_apportes.split(";") if axis}
        assert brought == {axis for axis in row.axes.split(";") if axis} - mine
        assert brought or row.type != own["type"]
        assert (row.apport == OTHER_AXES) == bool(brought)
        assert (row.apport == UNKNOWN_AXES_ANOTHER_TYPE) == (row.axes == "")


@settings(max_examples=40)
@given(st.data(), radii)
def test_another_axis_comes_first_then_the_nearest(register, directory, data, radius):
    found = synergies(register, directory, data.draw(located_ids(directory)), radius)
    ranks = [COMPLEMENTS.index(word) for word in found["apport"]]
    keys = list(zip(ranks, found["distance_km"], strict=True))
    assert keys == sorted(keys)


@settings(max_examples=30)
@given(st.data(), radii, radii)
def test_looking_further_loses_nobody(register, directory, data, one, other):
    identifier = data.draw(located_ids(directory))
    near, far = sorted((one, other))
    fewer, more = (synergies(register, directory, identifier, km) for km in (near, far))
    assert [code for code in more.index if code in set(fewer.index)] == fewer.index.tolist()
    assert set(fewer.index) == set(more.index[more["distance_km"] <= near])


@settings(max_examples=30)
@given(st.data(), radii)
def test_nobody_who_completes_is_forgotten(register, directory, data, radius):
    identifier = data.draw(located_ids(directory))
    own = directory.frame.loc[identifier]
    found = synergies(register, directory, identifier, radius)
    around = within(register, directory, shown_point(directory, identifier), radius)
    left_out = around.drop(index=[identifier, *found.index])
    for row in left_out.itertuples():
        alike = row.type == own["type"] and set(row.axes.split(";")) - {""} <= set(
            own["axes"].split(";")
        )
        assert alike or row.statut in {"clos", "refuse"}


def test_an_axis_that_nobody_knows_is_not_the_same(register, directory):
    found = synergies(register, directory, VIGAN, 200)
    unknown = found[found["axes"] == ""]
    assert len(unknown)
    assert (unknown["apport"] == "axe inconnu, autre métier").all()


def test_synergies_exist_somewhere(register, directory):
    assert len(synergies(register, directory, VIGAN, 400)) > 5


def test_synergies_ask_for_a_known_place(register, directory):
    with pytest.raises(InvalidRequest, match="Aucune initiative"):
        synergies(register, directory, "<script>", 5)
    nowhere = directory.unlocated.frame.index[0]
    with pytest.raises(InvalidRequest, match="pas localisée"):
        synergies(register, directory, nowhere, 5)


def test_an_exact_place_that_may_expose_is_not_told(register, words):
    exact = (3.61, 43.995)  # within Le Vigan, away from its mairie
    own = own_directory(
        register, words, "a,Public,amap,2,30350,,,actif",
        f"b,Informel,economie_informelle,4,30350,{exact[0]},{exact[1]},actif",
    )  # fmt: skip
    found = synergies(register, own, "a", 30)
    mairie = register.communes.loc["30350", ["longitude", "latitude"]].tolist()
    (point,) = synergy_points(found, synergies_table(found, words), words)
    assert (point.longitude, point.latitude) == pytest.approx(mairie)
    assert point.lines[-1] == "Le Vigan, à 0,0 km"
    assert "43.99" not in synergies_table(found, words).to_csv()


# The file


def test_the_file_says_what_was_asked_and_is_inert(register, words):
    own = own_directory(
        register, words, '=1+1,"=CMD()\nsuite",amap,2,30350,,,actif',
        "b,=HYPERLINK(1),tiers_lieu,3,30350,,,actif",
    )  # fmt: skip
    told = synergies_table(synergies(register, own, own.frame.index[0], 30), words)
    content = synergies_file(server.shared_workspace(), told, own.frame["nom"].iloc[0], 30)
    text = content.decode("utf-8-sig")
    assert "à moins de 30 km, à vol d'oiseau, de : =CMD() suite" in text.splitlines()[1]
    assert "l'annuaire des initiatives n'est pas exhaustif" in text.lower()
    assert "\r\n=" not in text
    assert ";=" not in text
    again = read_back(content, "x.csv", limit_bytes=100_000)
    assert again["nom"].tolist() == ["=HYPERLINK(1)"]
    assert again["numero"].tolist() == ["1"]


# The map


@settings(max_examples=30)
@given(st.data(), st.floats(1, 300))
def test_the_reach_that_is_drawn_is_the_one_that_is_measured(register, directory, data, radius):
    place = shown_point(directory, data.draw(located_ids(directory)))
    outline = reach_outline(register, place, radius)
    assert outline.is_valid
    found = within(register, directory, place, radius * 2)
    inside = shapely.contains_xy(outline, found["longitude"], found["latitude"])
    # The sides of the circle cut a ten-thousandth of its radius off.
    assert inside[found["distance_km"] < radius * 0.999].all()
    assert not inside[found["distance_km"] > radius].any()


@pytest.mark.parametrize("radius", [0, -1, float("nan")])
def test_no_reach_is_drawn_of_an_impossible_radius(register, radius):
    with pytest.raises(InvalidRequest, match="impossible"):
        reach_outline(register, "30350", radius)


@settings(max_examples=30)
@given(st.data(), radii)
def test_every_row_of_the_list_is_on_the_map_under_its_number(
    register, directory, words, data, radius
):
    found = synergies(register, directory, data.draw(located_ids(directory)), radius)
    told = synergies_table(found, words)
    points = synergy_points(found, told, words)
    firsts = [int(point.mark.rstrip("+")) for point in points]
    assert firsts == sorted(firsts)
    by_place = {}
    for row in zip(
        found["longitude"].round(4), found["latitude"].round(4), told["numero"], strict=True
    ):
        by_place.setdefault(row[:2], []).append(row[2])
    expected = [f"{n[0]}+" if len(n) > 1 else str(n[0]) for n in by_place.values()]
    assert [point.mark for point in points] == expected
    for point, numbers in zip(points, by_place.values(), strict=True):
        shown = [int(line.partition(".")[0]) for line in point.lines if re.match(r"\d+\. ", line)]
        assert shown == numbers[: len(shown)]
        assert len(shown) == min(len(numbers), 6)


def rendered(layer):
    drawn = france_map()
    layer.add_to(drawn)
    return drawn.get_root().render()


def around(*names):
    centre = MapPoint(2, 46, 1, "#112233", (names[0],))
    others = [MapPoint(2.1, 46, 1, "#112233", (name,), name) for name in names]
    return around_layer(centre, shapely.box(1, 45, 3, 47), others, others[-1])


def test_hostile_names_stay_text_on_the_map_of_synergies():
    clean, page = rendered(around("x")), rendered(around(*HOSTILE))
    assert page.count("<script") == clean.count("<script")
    assert page.count("</script") == clean.count("</script")
    for raw in ("alert(1)<", "${alert", "<img", "onerror=alert(5)>", "{{", "{%", "\u2028"):
        assert raw not in page
    labels = re.findall(r"box.textContent = (\".*\");", page)
    assert [json.loads(label) for label in labels] == [HOSTILE[0], HOSTILE[-1]]
    points = re.findall(r"var near = L.layerGroup\((\[.*\])\.map", page)[1]
    assert [point[5] for point in json.loads(points)] == list(HOSTILE)


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
@example("#099000")  # between the two: white reads a little better
def test_a_number_is_read_over_any_colour(colour):
    def luminance(text):
        parts = np.array(parse(text)) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(colour), luminance(text_over(colour))))
    assert (high + 0.05) / (low + 0.05) >= 4  # 4.1 is the best that can be had in the middle


# Outlines alone


@pytest.mark.parametrize("level", ["commune", "departement"])
def test_outlines_have_no_figure_and_an_address(level):
    workspace = server.shared_workspace()
    spec = MapSpec.for_outlines(level=level, version="1")
    colouring = workspace.colours.colouring(spec)
    assert not colouring.classes.labels
    assert set(colouring.table[1:]) == {1}  # pale, as what is outside a universe
    assert colouring.values.isna().all()
    fields = [("indicateur", "contours"), ("niveau", level), ("v", "1")]
    assert spec_from_query(fields) == spec
    assert legend_html(workspace.colours, spec) == ""
