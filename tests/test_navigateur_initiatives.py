"""With whom one could work, and what the directory contains, on the maps of a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from territoires.exports import read_back
from tests.browser import settle
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401

pytestmark = pytest.mark.navigateur

VIGAN = "initiatives?onglet=avec_qui&initiative=autre-terre-de-convergence-le-vigan&portee=120"
ROW_PIXELS = 33


def plan(page: Page) -> FrameLocator:  # noqa: F811
    return page.frame_locator("iframe")


def open_plan(page: Page, url: str) -> None:  # noqa: F811
    page.goto(url)
    plan(page).locator("img.leaflet-tile-loaded").first.wait_for(timeout=WAIT)


def tick(page: Page, row: int) -> None:  # noqa: F811
    """Tick a row of the list, whose cells are drawn on a canvas."""
    grid = page.get_by_test_id("stDataFrame").filter(visible=True).first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 16, "y": ROW_PIXELS * (row + 0.5)})


def no_sideways_scroll(page: Page) -> bool:  # noqa: F811
    return bool(
        page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
                     .every(one => one.scrollWidth <= one.clientWidth + 1)"""
        )
    )


def test_the_map_says_what_the_list_says(page: Page, address: str) -> None:  # noqa: F811
    open_plan(page, f"{address}/{VIGAN}")
    marks = plan(page).locator(".t-mark")
    expect(marks).to_have_text(["1+", "3", "4", "5+", "8", "9+", "11"])
    expect(plan(page).locator(".t-name")).to_have_text(["Terre de convergence"])
    circles = plan(page).locator("path.initiative")
    expect(circles).to_have_count(8)  # its own, and the seven places

    page.wait_for_timeout(1500)  # the map may still be moving
    circles.nth(1).hover()
    tip = plan(page).locator(".leaflet-tooltip:not(.t-name)")
    expect(tip).to_contain_text("1. L'Abeille Verte — Autre initiative ; autre axe du réseau")
    expect(tip).to_contain_text("Lodève, à 37,1 km")
    circles.nth(6).hover()  # near the upper edge
    upper = tip.filter(has_text="9. Les Ateliers Aniciens")
    expect(upper).to_be_visible()
    box, frame = upper.bounding_box(), plan(page).locator("#map_div").bounding_box()
    assert box is not None
    assert frame is not None
    assert box["y"] >= frame["y"]
    assert no_sideways_scroll(page)


def test_a_ticked_row_is_ringed_and_looked_at(page: Page, address: str) -> None:  # noqa: F811
    open_plan(page, f"{address}/{VIGAN}")
    expect(plan(page).locator(".t-mark")).to_have_count(7)
    page.evaluate("document.querySelector('iframe').contentWindow.same = true")
    tick(page, 4)
    names = plan(page).locator(".t-name")
    expect(names).to_have_text(["Terre de convergence", "Pézenas"], timeout=WAIT)
    assert page.evaluate("document.querySelector('iframe').contentWindow.same")
    frame = plan(page).locator("#map_div").bounding_box()
    assert frame is not None
    page.wait_for_timeout(1500)
    for name in names.all():  # both are in sight
        box = name.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    tick(page, 4)
    expect(names).to_have_text(["Terre de convergence"], timeout=WAIT)


def test_a_smaller_reach_moves_the_map_and_another_ground_does_not_reload_it(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    open_plan(page, f"{address}/{VIGAN}")
    scale = plan(page).locator(".leaflet-control-scale-line")
    expect(scale).to_have_text("50 km")
    page.evaluate("document.querySelector('iframe').contentWindow.same = true")
    page.get_by_label("À moins de (km)").fill("40")
    page.keyboard.press("Enter")
    expect(plan(page).locator(".t-mark")).to_have_text(["1+"], timeout=WAIT)
    expect(scale).to_have_text(re.compile("^(10|20) km$"), timeout=WAIT)
    page.get_by_role("radio", name="Besoins").click()
    page.wait_for_function(
        """() => [...document.querySelector('iframe').contentDocument
                   .querySelectorAll('img.leaflet-tile')]
                   .some(tile => tile.src.includes('recette'))""",
        timeout=WAIT,
    )
    expect(page).to_have_url(re.compile("fond=besoins"))
    assert page.evaluate("document.querySelector('iframe').contentWindow.same")


def test_the_list_is_taken_away_with_its_sources(page: Page, address: str) -> None:  # noqa: F811
    open_plan(page, f"{address}/{VIGAN}")
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger cette liste").click()
    content = Path(waiting.value.path()).read_bytes()
    table = read_back(content, "x.csv", limit_bytes=1_000_000)
    assert table["numero"].tolist() == [str(number) for number in range(1, 12)]
    assert table["nom"].iloc[0] == "L'Abeille Verte"
    assert "à moins de 120 km" in content.decode("utf-8-sig")


def test_ones_own_hostile_row_is_on_the_map_as_text(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    name = "<img src=x onerror=alert(1)>"
    file = tmp_path / "a.csv"
    file.write_text(f"nom,type,axes,code_commune\n{name},tiers_lieu,3,30350\n", "utf-8")
    page.goto(f"{address}/initiatives")
    page.get_by_role("tab", name="Vérifier et placer mon fichier").click()
    page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Montrer ces lignes sur la carte").click()
    expect(page.get_by_text(re.compile(r"1\s+initiative ajoutée à la carte"))).to_be_visible(
        timeout=WAIT
    )
    page.get_by_role("tab", name="Avec qui ?").click()
    page.get_by_label("Une initiative").fill("Terre de convergence")
    page.get_by_role("option", name=re.compile("Terre de convergence")).click()
    expect(plan(page).locator(".t-mark")).to_have_text(["1"], timeout=WAIT)
    tick(page, 1)
    expect(plan(page).locator(".t-name")).to_have_text(["Terre de convergence", name], timeout=WAIT)
    assert dialogs == []
    page.get_by_role("tab", name="Vérifier et placer mon fichier").click()
    # The file is still there: the other tabs did not take its place.
    expect(page.get_by_role("button", name="Montrer ces lignes sur la carte")).to_be_visible()


def test_what_the_directory_contains_has_its_map(page: Page, address: str) -> None:  # noqa: F811
    open_plan(page, f"{address}/initiatives?onglet=contenu&type=tzcld")
    expect(page.get_by_text("Rien de recensé dans 57 départements sur 101")).to_be_visible()
    expect(plan(page).locator("path.initiative")).to_have_count(101)
    assert no_sideways_scroll(page)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="La Réunion").click()
    expect(plan(page).locator(".leaflet-control-scale-line")).to_have_text(
        re.compile("^(10|20) km$"), timeout=WAIT
    )
    # From one tab to another: each map knows its size.
    page.get_by_role("tab", name="Avec qui ?").click()
    page.get_by_label("Une initiative").fill("Terre de convergence")
    page.get_by_role("option", name=re.compile("Terre de convergence")).click()
    expect(plan(page).locator(".t-name")).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Ce que l'annuaire contient").click()
    expect(plan(page).locator("path.initiative")).to_have_count(101, timeout=WAIT)
    expect(plan(page).locator(".leaflet-control-scale-line")).to_have_text(
        re.compile("^[23]00 km$"), timeout=WAIT
    )
