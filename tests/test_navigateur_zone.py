"""An area drawn by clicks on the real map, in a real Chromium."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.test_navigateur import WAIT, address, browser, open_map, page, tiles

__all__ = ["address", "browser", "page"]  # fixtures, taken by name
pytestmark = pytest.mark.navigateur

CORNERS = ((0.4, 0.4), (0.6, 0.4), (0.55, 0.65), (0.4, 0.6))


def open_panel(page: Page) -> None:
    menu = page.get_by_test_id("stExpandSidebarButton")
    if page.viewport_size == PHONE["viewport"] and menu.is_visible():
        menu.click()


def close_panel(page: Page) -> None:
    if page.viewport_size == PHONE["viewport"]:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def start_drawing(page: Page) -> None:
    open_panel(page)
    page.get_by_text("Ou une zone à vous").click()
    page.get_by_role("button", name="Dessiner une zone").click()
    close_panel(page)
    expect(page.get_by_role("button", name="Terminer")).to_be_disabled(timeout=WAIT)
    tiles(page).first.wait_for(state="attached")


def click_corners(page: Page) -> None:
    """Click each corner, waiting for the one before to be on the map, as a person would."""
    plan = page.frame_locator("iframe").locator("#map_div")
    plan.scroll_into_view_if_needed()
    box = plan.bounding_box()
    assert box is not None
    for count, (x, y) in enumerate(CORNERS, start=1):
        plan.click(position={"x": box["width"] * x, "y": box["height"] * y})
        drawn = page.frame_locator("iframe").locator("path.sommet")
        expect(drawn).to_have_count(count, timeout=WAIT)


def zone_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["zone"][0]


def test_candidates_of_an_area_drawn_on_the_map(page: Page, address: str) -> None:
    page.goto(f"{address}/candidats?dispositif=libre&unite=commune")
    expect(page.get_by_text("34 875 communes").first).to_be_visible(timeout=WAIT)
    start_drawing(page)
    expect(page.get_by_text("34 875 communes")).to_have_count(0, timeout=WAIT)
    click_corners(page)
    page.get_by_role("button", name="Annuler le dernier point").click()
    expect(page.frame_locator("iframe").locator("path.sommet")).to_have_count(3, timeout=WAIT)
    page.get_by_role("button", name="Terminer").click()
    expect(page).to_have_url(re.compile("zone="), timeout=WAIT)
    assert len(zone_of(page).split("~")) == 3
    expect(page.get_by_text(re.compile("dans le territoire")).first).to_be_visible(timeout=WAIT)

    shared = page.context.new_page()
    shared.goto(page.url)
    told = shared.get_by_text("communes →").first
    expect(told).to_be_visible(timeout=WAIT)
    assert told.inner_text() == page.get_by_text("communes →").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_a_click_chooses_no_commune_while_one_draws(page: Page, address: str) -> None:
    open_map(page, address)
    start_drawing(page)
    click_corners(page)
    assert "lieu=" not in page.url
    page.get_by_role("button", name="Terminer").click()
    expect(page).to_have_url(re.compile("zone="), timeout=WAIT)
    assert "lieu=" not in page.url
    page.wait_for_timeout(1500)  # the map is flying to the area
    plan = page.frame_locator("iframe").locator("#map_div")
    box = plan.bounding_box()
    assert box is not None
    plan.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.5})
    expect(page).to_have_url(re.compile("lieu="), timeout=WAIT)
