"""The list of candidates in the real page: pointed at, sorted, ticked; the map follows."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FrameLocator, Locator, Page, expect
from pypdf import PdfReader

from tests.browser import download
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401

pytestmark = pytest.mark.navigateur


def open_candidates(page: Page, address: str, query: str) -> Locator:  # noqa: F811
    """Open the page; return the rows of the list."""
    page.goto(f"{address}/candidats?{query}")
    rows = page.get_by_role("table", name="Territoires candidats").locator("tbody tr")
    expect(rows.first).to_be_visible(timeout=WAIT)
    expect(page.locator("iframe")).to_have_count(1)  # the map of the search is gone
    the_map(page).locator("img.leaflet-tile-loaded").first.wait_for(state="attached")
    return rows


def the_map(page: Page) -> FrameLocator:  # noqa: F811
    return page.frame_locator("iframe")


def test_the_row_pointed_at_is_outlined_on_the_map(page: Page, address: str) -> None:  # noqa: F811
    rows = open_candidates(page, address, "departement=30")
    outline = the_map(page).locator("path.survol")
    expect(outline).to_have_count(0)
    rows.nth(2).hover()
    expect(outline).to_have_count(2)
    first = outline.first.get_attribute("d")
    rows.nth(3).get_by_role("checkbox").focus()
    expect(outline.first).not_to_have_attribute("d", first or "")
    page.get_by_role("heading", name="Territoires candidats").hover()
    rows.nth(3).get_by_role("checkbox").blur()
    expect(outline).to_have_count(0)


def test_rows_are_sorted_ticked_and_kept(page: Page, address: str) -> None:  # noqa: F811
    rows = open_candidates(page, address, "departement=30&unite=commune")
    highest = rows.first.inner_text()
    page.get_by_role("button", name="Habitants").click()
    people = [
        int(re.sub(r"\D", "", row.locator("td.nombre").nth(1).inner_text())) for row in rows.all()
    ]
    assert people == sorted(people, reverse=True)
    page.get_by_role("button", name="Rang").click()
    assert rows.first.inner_text() == highest

    expect(page.get_by_role("button", name="Ajouter à ma sélection (20)")).to_be_visible()
    rows.nth(1).get_by_role("checkbox").check()
    rows.nth(4).locator("th").click()
    button = page.get_by_role("button", name="Ajouter à ma sélection (2)")
    expect(button).to_be_visible(timeout=WAIT)
    names = [rows.nth(at).locator("th").inner_text() for at in (1, 4)]
    sheets = PdfReader(download(page, "Fiches (PDF)", other=False))
    printed = " ".join(sheet.extract_text() for sheet in sheets.pages)
    content = download(page, "Classeur (XLSX)", other=False).read_bytes()
    cells = [cell for row in load_workbook(BytesIO(content)).worksheets[0].values for cell in row]
    assert {name for name in names if name in cells} == set(names)
    assert all(name.split("\n")[0] in " ".join(printed.split()) for name in names)
    for name in names:
        expect(page.locator(".t-why b").filter(has_text=name)).to_be_visible()
    rows.nth(4).get_by_role("checkbox").uncheck()
    expect(page.get_by_role("button", name="Ajouter à ma sélection (1)")).to_be_visible()
    expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
