"""Need and capacity in a real Chromium: the view opens, its map is that of the quadrants."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import settle
from tests.test_navigateur import WAIT, address, browser, page, pytestmark

__all__ = ["address", "browser", "page", "pytestmark"]  # the fixtures, and the mark

_TILES_OF_QUADRANTS = """() => {
  const frame = document.querySelector('iframe')
  if (!frame || !frame.contentDocument) return false
  const tiles = [...frame.contentDocument.querySelectorAll('img.leaflet-tile')]
      .filter(tile => tile.src.includes('montre=quadrants') && tile.src.includes(WANTED))
  return tiles.length > 0 && tiles.every(tile => tile.complete && tile.naturalWidth > 0)
}"""


def wait_for_quadrants(page: Page, wanted: str) -> None:
    page.wait_for_function(_TILES_OF_QUADRANTS.replace("WANTED", repr(wanted)))


def test_need_and_capacity_beside_each_other(page: Page, address: str) -> None:
    page.goto(f"{address}/candidats?unite=commune&region=76")
    expect(page.get_by_text("Pourquoi ici")).to_be_visible(timeout=WAIT)
    page.get_by_role("radio", name="Besoin et capacité").or_(
        page.get_by_role("button", name="Besoin et capacité")
    ).first.click()
    chart = page.get_by_role("img", name=re.compile("Besoin fort, rien de recensé à portée : "))
    expect(chart).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("vue=capacite"))
    wait_for_quadrants(page, "portee=20")

    page.get_by_role("spinbutton", name="À portée (km)").fill("40")
    page.keyboard.press("Enter")
    wait_for_quadrants(page, "portee=40")
    expect(page).to_have_url(re.compile("portee=40"))
    expect(page.get_by_text("non classé").first).to_be_visible()

    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger les candidats").click()
    content = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    assert "Quadrant" in content
    assert "à moins de 40" in content.replace("\u00a0", " ")

    box = chart.bounding_box()
    assert box is not None
    assert box["width"] <= page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (
        "the page scrolls sideways"
    )
