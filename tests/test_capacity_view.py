"""The view « Besoin et capacité » of the candidates, and its chart."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from territoires.ui import candidate_search
from territoires.ui.charts import Candidate, Cloud, Corner, quadrant_chart
from territoires.ui.charts.marks import MARK_RADIUS
from territoires.ui.server import shared_workspace
from tests.test_charts import HOSTILE, SVG
from tests.test_page_indice import tile_queries
from tests.test_pages import html, once_found, open_page, text

CORNERS = tuple(Corner(f"Besoin {at},", HOSTILE, "3 communes", "#b3430c") for at in range(4))


def open_view(**address: str) -> AppTest:
    return once_found(open_page("candidats", vue="capacite", **address))


def counts(page: AppTest) -> dict[str, list[str]]:
    """Read the table of the quadrants: name → figures, as written."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html(page))
    return {
        re.sub("<[^>]+>", "", name): re.findall("<td>(.*?)</td>", cells) for name, cells in rows
    }


def number(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def picture(page: AppTest) -> ElementTree.Element:
    found = re.search(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html(page))
    assert found is not None
    return ElementTree.fromstring(base64.b64decode(found[1]))


@pytest.fixture(scope="module")
def page() -> AppTest:
    return open_view(unite="commune", departement="30", region="76")


def test_the_view_has_a_chart_a_map_and_both_in_tables(page: AppTest) -> None:
    assert not page.exception
    assert [error.value for error in page.error] == []
    assert page.query_params["vue"] == "capacite"
    drawn = picture(page)
    written = [one.text for one in drawn.iter(f"{SVG}text")]
    assert "rien de recensé à portée" in written
    figures = counts(page)
    inside = (shared_workspace().register.communes["code_departement"] == "30").sum()
    assert sum(number(row[1]) for row in figures.values()) == inside
    assert sum(number(row[0]) for row in figures.values()) == len(page.dataframe[0].value)
    description = drawn.find(f"{SVG}desc").text
    for name, row in figures.items():
        assert f"{name} : {row[1]} commune" in description.replace("\u00a0", " ")
    heading = next(one.value for one in page.subheader if "Combien" in one.value)
    assert heading == "Combien dans chaque quadrant : Gard"


def test_every_candidate_is_named_with_its_number(page: AppTest) -> None:
    table = page.dataframe[0].value
    for rank, name in zip(table["Rang"], table["Candidat"], strict=True):
        assert f"<b>{rank}</b> {name}".replace("'", "&#x27;") in html(page)
    assert set(table["Quadrant"]) <= set(counts(page))


def test_a_longer_reach_leaves_fewer_places_without(page: AppTest) -> None:
    near = counts(page)
    far = counts(open_view(unite="commune", departement="30", region="76", portee="60"))
    without = [name for name in near if "rien de recensé" in name]
    assert sum(number(far[name][1]) for name in without) < sum(
        number(near[name][1]) for name in without
    )


def test_settings_are_in_the_address_and_change_the_map() -> None:
    page = open_view(
        unite="commune", region="76", portee="35", capacite_axes="4", besoin_fort="20",
        capacite_limite="mediane",
    )  # fmt: skip
    assert page.number_input(key="candidats.portee").value == 35
    assert page.query_params["portee"] == "35"
    legend = html(page)
    assert "peu ou rien de recensé autour" in legend
    assert "les 20 % de lieux classés" in legend
    assert "axe 4" in legend
    assert "35\u00a0km" in legend


def test_a_long_search_does_not_lose_the_settings_of_a_link(monkeypatch) -> None:
    monkeypatch.setattr(candidate_search, "_PATIENCE_SECONDS", 0.0)
    page = open_page(
        "candidats", vue="capacite", unite="commune", departement="12", region="76", portee="35",
        besoin_fort="20",
    )  # fmt: skip
    assert not page.dataframe, "the search was over before the page was drawn"
    assert page.query_params["portee"] == "35"
    page = once_found(page)
    assert page.number_input(key="candidats.portee").value == 35
    assert page.number_input(key="candidats.besoin_fort").value == 20
    assert (page.query_params["portee"], page.query_params["besoin_fort"]) == ("35", "20")


def test_a_wrong_address_falls_back_on_what_is_shipped() -> None:
    page = open_view(
        unite="commune", region="76", portee="-3", capacite_axes="99", besoin_fort="400",
        capacite_limite="<script>",
    )  # fmt: skip
    assert not page.exception
    assert [error.value for error in page.error] == []
    assert "rien de recensé à portée" in html(page)
    assert "<script>" not in html(page)


@pytest.mark.parametrize("unit", ["groupe", "epci"])
def test_larger_places_have_their_quadrants_too(unit: str) -> None:
    address = {"dispositif": "libre", "unite": unit, "region": "76", "departement": "48"}
    bounds = {"pop_min": "3000", "pop_max": "40000"}
    page = open_view(**address, **bounds)
    assert not page.exception
    assert [error.value for error in page.error] == []
    figures = counts(page)
    assert sum(number(row[0]) for row in figures.values()) == len(page.dataframe[0].value)
    assert ("EPCI" in picture(page).find(f"{SVG}desc").text) == (unit == "epci")


def test_the_view_counts_the_initiatives_of_this_session() -> None:
    shipped = open_view(dispositif="libre", unite="commune", departement="48", region="76")
    workspace = shared_workspace()
    before, counted = counts(shipped), _directories(shipped)
    assert counted == {workspace.directories.mark(workspace.directory)}
    frame = workspace.directory.frame.iloc[:1].copy()
    communes = workspace.register.communes
    here = communes[communes["code_departement"] == "48"].iloc[0]
    frame[["longitude", "latitude"]] = here["longitude"], here["latitude"]
    frame[["geo_code_commune", "statut"]] = here.name, "actif"
    frame.index = ["le-mien"]
    mine = type(workspace.directory)(frame, workspace.vocabularies)
    shipped.session_state["annuaire_personnel"] = mine
    after = counts(once_found(shipped.run()))
    assert not _directories(shipped) & counted, "the map counts what the chart counts"
    without = [name for name in before if "rien de recensé" in name]
    assert sum(number(after[name][1]) for name in without) < sum(
        number(before[name][1]) for name in without
    )


def _directories(page: AppTest) -> set[str]:
    """Return the marks of the directories that the map is coloured with."""
    return set(re.findall(r"annuaire=([0-9a-f]+)", tile_queries(page)))


def test_the_list_is_still_the_first_view() -> None:
    page = once_found(open_page("candidats", unite="commune", region="76"))
    assert "vue" not in page.query_params
    assert any("Pourquoi ici" in one.value for one in page.subheader)
    page.button_group(key="candidats.vue").set_value("capacite").run()
    assert page.query_params["vue"] == "capacite"
    assert "Initiatives comptées" in text(page)


# The chart


figures = st.floats(0, 100)
presences = st.one_of(st.just(0.0), st.floats(0, 2000))


@given(
    st.lists(st.tuples(figures, presences, st.integers(0, 3)), max_size=60),
    st.lists(st.tuples(figures, presences), max_size=70), figures, st.floats(0, 100),
)  # fmt: skip
def test_any_places_make_a_chart_that_is_well_formed(rows, marked, need, capacity) -> None:
    needs, some, quadrants = zip(*rows, strict=True) if rows else ((), (), ())
    cloud = Cloud(np.array(needs), np.array(some), np.array(quadrants, dtype=np.int64))
    candidates = [
        Candidate(at + 1, f"{HOSTILE} {at}", *numbers) for at, numbers in enumerate(marked)
    ]
    drawn = quadrant_chart(cloud, (need, capacity), CORNERS, candidates, HOSTILE)
    if not rows:
        assert drawn == ""
        return
    assert "<script" not in drawn
    root = ElementTree.fromstring(drawn)
    assert root.find(f"{SVG}desc").text == HOSTILE
    width, height = (float(root.get(side)) for side in ("width", "height"))
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == len(candidates)
    for circle in circles:
        assert MARK_RADIUS / 2 < float(circle.get("cx")) < width - MARK_RADIUS / 2
        assert 0 < float(circle.get("cy")) < height
    for rectangle in root.iter(f"{SVG}rect"):
        assert float(rectangle.get("width")) >= 0
        assert float(rectangle.get("x")) + float(rectangle.get("width")) <= width


def test_a_mark_is_as_high_as_its_need_and_as_far_as_its_presence() -> None:
    cloud = Cloud(np.array([0.0, 100.0]), np.array([0.0, 50.0]), np.array([2, 1]))
    marked = [Candidate(1, "A", 80, 10), Candidate(2, "B", 20, 1), Candidate(3, "C", 50, 0)]
    root = ElementTree.fromstring(quadrant_chart(cloud, (60, 0), CORNERS, marked, "d"))
    # The first of the list is drawn last, above the others.
    third, second, first = (
        (float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{SVG}circle")
    )
    assert third[0] < second[0] < first[0]
    assert first[1] < third[1] < second[1]
    names = [one.text for one in root.iter(f"{SVG}text")]
    assert {"1 A", "2 B", "3 C"} <= set(names)


def test_names_never_cover_one_another() -> None:
    cloud = Cloud(np.array([0.0, 100.0]), np.array([0.0, 5.0]), np.array([2, 1]))
    marked = [Candidate(at + 1, f"Commune {at}", 4.0 * at, 0.25 * at) for at in range(20)]
    root = ElementTree.fromstring(quadrant_chart(cloud, (60, 0), CORNERS, marked, "d"))
    named = [one for one in root.iter(f"{SVG}text") if "Commune" in one.text and one.get("stroke")]
    boxes = [
        (float(one.get("x")), float(one.get("y")), float(one.get("x")) + 5.7 * len(one.text))
        for one in named
    ]
    assert len(boxes) >= 2
    for at, (left, down, right) in enumerate(boxes):
        for other_left, other_down, other_right in boxes[at + 1 :]:
            apart = abs(down - other_down) >= 12 or right <= other_left or other_right <= left
            assert apart
