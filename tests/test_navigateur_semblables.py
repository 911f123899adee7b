"""« Semblables à… » in the real page: a place is searched, those alike are ticked and kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import settle
from tests.test_navigateur import WAIT, address, browser, go_to, page, search  # noqa: F401

pytestmark = pytest.mark.navigateur


def test_who_does_it_in_a_place_like_lodeve(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/candidats")
    page.get_by_role("radio", name="Semblables à…").click()
    expect(page.get_by_text("ne fait pas sûrement mieux").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Cherchez d'abord un lieu")).to_be_visible()

    search(page, "Lodève", "Lodève (34142)")
    expect(page.get_by_text(re.compile("lieux sur .*comparés"))).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Points communs :").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"vue=semblables.*lieux=com%3A34142"))
    expect(page.locator("iframe")).to_have_count(1)  # the map of the view before is gone
    frame = page.frame_locator("iframe")
    expect(frame.locator("path.leaflet-interactive").first).to_be_attached(timeout=WAIT)

    rows = page.get_by_role("table", name="Lieux semblables").locator("tbody tr")
    rows.first.hover()
    expect(frame.locator("path.survol")).to_have_count(2)
    rows.first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ajouter à ma sélection (1)").click()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger (CSV pour Excel)").click()
    told = Path(waiting.value.path()).read_text("utf-8-sig")
    first = told.partition("rang;code_commune;")[2].splitlines()[1]
    assert "Semblables à : Lodève (com:34142)" in told
    assert "ne fait pas sûrement mieux" in told
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

    go_to(page, "Ma sélection")
    expect(page.get_by_text(f"1. {first.split(';')[2]}")).to_be_visible(timeout=WAIT)


def test_the_search_is_still_there_on_the_way_back(page: Page, address: str) -> None:  # noqa: F811
    here = "region=76&departement=34"
    page.goto(f"{address}/candidats?vue=semblables&lieux=com:34142&question=sans&{here}")
    expect(page.get_by_text("Points communs :").first).to_be_visible(timeout=WAIT)
    page.get_by_role("radio", name="Liste et carte").click()
    expect(page.get_by_text("dans le territoire où l'on cherche")).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile(rf"\?{here}&v="), timeout=WAIT)
    page.get_by_role("radio", name="Semblables à…").click()
    expect(page.get_by_text("comparé à Lodève").first).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("question=sans"), timeout=WAIT)
