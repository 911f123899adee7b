"""A member list in a real browser: given once, seen everywhere, there at the next visit, gone."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.test_navigateur import WAIT, address, browser, go_to, page  # noqa: F401

pytestmark = pytest.mark.navigateur

KEY = "territoires.adherents"
FILE = "commune;département\nLe Vigan;30\nLodève;34\nMillau;12\nNulle-Part;48\n"


def open_side(page: Page) -> None:  # noqa: F811
    """Open the left column of a phone, unless this browser left it open."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    menu.or_(page.get_by_test_id("stSidebarCollapseButton")).first.wait_for(state="attached")
    if page.viewport_size == PHONE["viewport"] and menu.is_visible():
        menu.click()


def close_side(page: Page) -> None:  # noqa: F811
    if page.viewport_size == PHONE["viewport"]:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def box(page: Page):  # noqa: F811
    return page.get_by_test_id("stSidebar")


def give(page: Page) -> None:  # noqa: F811
    open_side(page)
    box(page).get_by_text("Nos adhérents").click()
    fields = box(page).locator('[class*="adherents_fichier"] input[type="file"]')
    fields.set_input_files(
        files=[{"name": "nos villes.csv", "mimeType": "text/csv", "buffer": FILE.encode()}]
    )
    expect(box(page).get_by_text("nos villes.csv")).to_be_visible(timeout=WAIT)


def kept(page: Page) -> dict | None:  # noqa: F811
    text = page.evaluate(f"localStorage.getItem('{KEY}')")
    return None if text is None else json.loads(text)


def outline(page: Page):  # noqa: F811
    return page.frame_locator("iframe").first.locator(".adherents img")


def test_a_list_is_given_once_and_seen_everywhere(page: Page, address: str):  # noqa: F811
    page.goto(f"{address}/candidats?unite=commune&dispositif=libre&pop_min=&pop_max=")
    give(page)
    page.wait_for_function(f"(localStorage.getItem('{KEY}') || '').includes('30350')")
    assert kept(page)["communes"].split() == ["30350", "34142", "12145"]
    assert "30350" not in page.url
    close_side(page)
    expect(page.get_by_role("cell", name=re.compile("Millau")).first).to_be_visible(timeout=WAIT)

    go_to(page, "Carte")
    outline(page).first.wait_for(state="attached", timeout=WAIT)
    expect(page.get_by_text(re.compile("nos adhérents \\(3"))).to_be_visible(timeout=WAIT)
    page.wait_for_function(
        """() => [...(document.querySelector('iframe')?.contentDocument || document)
                   .querySelectorAll('.adherents img')]
                   .some(tile => tile.complete && tile.naturalWidth > 0)"""
    )

    visit = page.context.new_page()
    visit.goto(f"{address}/indice?adherents_seuls=oui")
    outline(visit).first.wait_for(state="attached", timeout=WAIT)
    expect(visit.get_by_text("Les plus grands besoins, nos adhérents")).to_be_visible(timeout=WAIT)
    visit.wait_for_function(
        """() => [...(document.querySelector('iframe')?.contentDocument || document)
                   .querySelectorAll('.choroplethe img')]
                   .some(tile => tile.src.includes('univers=prive:') && tile.naturalWidth > 0)"""
    )
    assert visit.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

    open_side(visit)
    box(visit).get_by_text("Changer ou retirer la liste").click()
    visit.get_by_role("button", name="Retirer la liste").click()
    visit.wait_for_function(f"localStorage.getItem('{KEY}') === null")
    expect(outline(visit)).to_have_count(0, timeout=WAIT)
    # The first page follows the second.
    expect(outline(page)).to_have_count(0, timeout=WAIT)
    later = page.context.new_page()
    later.goto(f"{address}/")
    later.frame_locator("iframe").first.locator("img.leaflet-tile").first.wait_for(state="attached")
    assert kept(later) is None


def test_a_damaged_list_is_said_and_replaced(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/donnees")
    page.evaluate(f"localStorage.setItem('{KEY}', '{{\"format\": 3')")
    page.goto(f"{address}/initiatives")
    expect(box(page).get_by_text("n'a pas pu être reprise")).to_be_attached(timeout=WAIT)
    give(page)
    page.wait_for_function(f"(localStorage.getItem('{KEY}') || '').includes('30350')")
    expect(box(page).get_by_text("n'a pas pu être reprise")).to_have_count(0)


def test_who_keeps_no_list_on_this_device_keeps_no_members(page: Page, address: str):  # noqa: F811
    page.goto(f"{address}/selection")
    page.get_by_text("Garder mes listes dans ce navigateur").click()
    expect(page.get_by_text("vivent dans cette visite seulement")).to_be_visible(timeout=WAIT)
    go_to(page, "Initiatives")
    expect(page.get_by_role("heading", name="Initiatives", exact=True).first).to_be_visible()
    give(page)
    assert kept(page) is None
    visit = page.context.new_page()
    visit.goto(f"{address}/initiatives")
    open_side(visit)
    expect(box(visit).get_by_text("Nos adhérents")).to_be_visible(timeout=WAIT)
    expect(box(visit).get_by_text("nos villes.csv")).to_have_count(0)
