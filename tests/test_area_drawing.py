"""An area of one's own on the pages: from the address, drawn, given as a file."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from territoires.territory import territory_from_code
from tests.test_pages import html, once_found, open_page, text

AREA = "3.5_43.9~3.8_43.9~3.7_44.2"
CORNERS = [(3.5, 43.9), (3.8, 43.9), (3.7, 44.2)]
BOW_TIE = [(3.0, 44.0), (4.0, 45.0), (4.0, 44.0), (3.0, 45.0)]


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def drawn(name: str, corners: list[tuple[float, float]]) -> AppTest:
    page = open_page(name, unite="commune")
    page.button(key=f"{name}.zone_dessiner").click().run()
    page.session_state[f"{name}.zone_trace"] = list(corners)
    return page.run()


@pytest.mark.parametrize("name", ["carte", "indice", "candidats"])
def test_the_area_of_an_address_takes_the_place_of_a_region(name: str) -> None:
    page = open_page(name, zone=AREA, region="11")
    assert not page.exception
    assert [error.value for error in page.error] == []
    assert "Zone dessinée" in text(page)
    assert f"{name}.region" not in page.session_state
    assert page.query_params["zone"] == AREA
    assert "region" not in page.query_params


@pytest.mark.parametrize("asked", ["n'importe quoi", "-30_40~-31_40~-31_41", "3_44~4_45~4_44~3_45"])
def test_a_wrong_area_in_the_address_is_said_and_left_out(asked: str) -> None:
    page = open_page("carte", zone=asked)
    assert any("n'est pas utilisable" in warning.value for warning in page.warning)
    assert page.session_state["carte.region"] == ""
    assert "zone" not in page.query_params


def test_candidates_are_those_of_the_area(register) -> None:
    page = once_found(open_page("candidats", dispositif="libre", unite="commune", zone=AREA))
    inside = territory_from_code(register, f"zone:{AREA}").communes
    assert set(page.dataframe[0].value["Code"]) <= set(inside)
    assert f"→ {len(inside)} " in html(page)
    page.text_input(key="candidats.ma_commune").set_value("Nîmes").run()
    assert f"Zone dessinée ({len(inside)} communes)" in html(page)


def test_corners_make_an_area_that_the_address_keeps() -> None:
    page = drawn("candidats", CORNERS)
    assert not page.dataframe, "a list would be of another place than the one drawn"
    assert "3 sommets" in text(page)
    page.button(key="candidats.zone_finir").click().run()
    assert page.query_params["zone"] == AREA
    assert "Terminer" not in labels(page)
    page.button(key="candidats.zone_modifier").click().run()
    page.button(key="candidats.zone_defaire").click().run()
    assert page.session_state["candidats.zone_trace"] == CORNERS[:2]
    assert page.button(key="candidats.zone_finir").disabled
    page.button(key="candidats.zone_effacer").click().run()
    assert "zone" not in page.query_params
    assert "Dessiner une zone" in labels(page)


def test_a_drawing_that_is_no_area_says_why_and_stays() -> None:
    page = drawn("carte", BOW_TIE)
    page.button(key="carte.zone_finir").click().run()
    assert any("se croise" in warning.value for warning in page.warning)
    page.button(key="carte.zone_defaire").click().run()
    assert not any("se croise" in warning.value for warning in page.warning)
    page.button(key="carte.zone_finir").click().run()
    assert "zone" in page.query_params


def test_the_area_is_taken_away() -> None:
    page = open_page("carte", zone=AREA)
    page.button(key="carte.zone_oter").click().run()
    assert "zone" not in page.query_params
    assert page.session_state["carte.region"] == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"type": "Polygon", "coordinates": [[*CORNERS, CORNERS[0]]]}, ""),
        ({"type": "Point", "coordinates": [3, 44]}, "« Point » lu"),
        ({"type": "Polygon", "coordinates": [[*BOW_TIE, BOW_TIE[0]]]}, "se croise"),
    ],
)
def test_a_file_is_read_once(content: object, told: str) -> None:
    page = open_page("carte")
    (upload,) = (one for one in page.file_uploader if "contour" in one.label)
    upload.upload("zone.geojson", json.dumps(content).encode(), "application/geo+json").run()
    if told:
        assert any(told in warning.value.replace("\\", "") for warning in page.warning)
        assert "zone" not in page.query_params
    else:
        assert page.query_params["zone"] == AREA
