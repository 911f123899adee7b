"""Static maps: SVG made of the real outlines, measured as a ruler on the paper would."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from territoires.communes import Register
from territoires.communes.projection import project
from territoires.maps.static_frame import frame_of
from territoires.maps.static_ground import main_commune, own_bounds, system_of
from territoires.maps.static_locator import locator_map, locator_name
from territoires.maps.static_map import Mark, territory_map
from territoires.territory import territory_from_code

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def texts(svg: str) -> list[str]:
    return [str(one.text) for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "code",
    ["com:30350", "com:55039", "com:97611", "com:29155", "arm:75113", "dep:2A", "reg:04",
     "partie:13055", "pays:FR"],
)  # fmt: skip
def test_every_kind_of_territory_is_drawn_within_its_paper(register: Register, code: str) -> None:
    place = territory_from_code(register, code)
    root = ElementTree.fromstring(territory_map(register, place, size=(300.0, 200.0)))
    assert (root.get("width"), root.get("height")) == ("300", "200")
    drawn = [path.get("d") or "" for path in root.iter(f"{SVG}path")]
    assert any(drawn)
    numbers = np.array([float(x) for d in drawn for x in NUMBER.findall(d)])
    assert numbers.min() >= -4.0
    assert numbers.max() <= 304.0


def test_its_name_and_those_of_its_neighbours_are_written(register: Register) -> None:
    told = texts(territory_map(register, territory_from_code(register, "com:30350")))
    assert "Le Vigan" in told
    assert {"Aulas", "Avèze", "Arphy"} & set(told)
    assert len(told) == len(set(told))


def test_the_scale_bar_is_as_long_as_it_says(register: Register) -> None:
    place = territory_from_code(register, "com:30350")
    svg = territory_map(register, place, size=(300.0, 200.0), metres_per_unit=100.0)
    told = next(text for text in texts(svg) if text.endswith(" km"))
    bars = re.findall(r"v3h(\d+\.\d)v-3", svg)
    assert float(bars[0]) * 100.0 == pytest.approx(float(told.removesuffix(" km")) * 1000.0)


def test_two_maps_of_one_scale_can_be_compared(register: Register) -> None:
    widths = []
    for code in ("com:30350", "com:48095"):
        place = territory_from_code(register, code)
        epsg, members = system_of(register, place)
        frame = frame_of(
            epsg, own_bounds(register, place, members), (300.0, 200.0), metres_per_unit=120.0
        )
        x, y = frame.points(*([value] for value in place.reference_point(register)))
        assert frame.holds(x, y).all()
        widths.append(frame.width * frame.metres_per_unit)
    assert widths == [36_000.0, 36_000.0]


def test_marks_are_numbered_where_they_are_and_those_far_away_are_left_out(
    register: Register,
) -> None:
    place = territory_from_code(register, "com:30350")
    x, y = place.reference_point(register)
    near, far = Mark(x + 0.02, y, "#F2C14E", "1–3"), Mark(x + 3.0, y, "#0B5FA5", "9")
    svg = territory_map(register, place, [near, far, Mark(x, y, "#4D4D4D")])
    assert "1–3" in texts(svg)
    assert "9" not in texts(svg)
    assert "#4D4D4D" in svg
    assert "#0B5FA5" not in svg


def test_the_frame_grows_to_hold_a_mark_that_is_near(register: Register) -> None:
    place = territory_from_code(register, "com:30350")
    epsg, members = system_of(register, place)
    bounds = own_bounds(register, place, members)
    x, y = place.reference_point(register)
    mark = (x + 0.16, y)
    alone, grown = (frame_of(epsg, bounds, (300.0, 200.0), marks) for marks in ((), (mark,)))
    assert grown.metres_per_unit > alone.metres_per_unit
    left, top = grown.points([mark[0]], [mark[1]])
    assert grown.holds(left, top, 5.0).all()


def test_a_hostile_label_stays_text(register: Register) -> None:
    place = territory_from_code(register, "com:30350")
    x, y = place.reference_point(register)
    svg = territory_map(register, place, [Mark(x, y, "#4D4D4D", "</text><script>")])
    assert "</text><script>" in texts(svg)
    assert ElementTree.fromstring(svg).find(f".//{SVG}script") is None


@pytest.mark.parametrize(
    ("code", "name"),
    [("com:30350", "France métropolitaine"), ("com:97611", "Mayotte"), ("reg:04", "La Réunion"),
     ("com:2A004", "France métropolitaine")],
)  # fmt: skip
def test_the_locator_says_where_in_france(register: Register, code: str, name: str) -> None:
    place = territory_from_code(register, code)
    assert locator_name(register, place) == name
    circle = ElementTree.fromstring(locator_map(register, place)).find(f"{SVG}circle")
    assert circle is not None
    assert 0 < float(circle.get("cx", "0")) < 84
    assert 0 < float(circle.get("cy", "0")) < 84


def test_the_main_commune_gives_the_system(register: Register) -> None:
    place = territory_from_code(register, "groupe:97411-30350")
    assert main_commune(register, place) == "97411"
    epsg, members = system_of(register, place)
    assert epsg == 2975
    assert list(register.communes.index[members]) == ["97411"]
    x, _ = project([55.45], [-20.88], epsg)
    assert np.isfinite(x).all()
