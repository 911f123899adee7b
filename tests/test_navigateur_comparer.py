"""Places side by side in a real Chromium: read on a desk and on a telephone, printed, sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import settle, watch_requests
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401

pytestmark = pytest.mark.navigateur

CODES = "com:30350,com:34142,dep:30,groupe:30007-30350,arm:75113,com:97105"
QUERY = f"selection?lieux={CODES}&vue=comparer&compares={CODES}"
SCALES = """() => [...document.querySelectorAll('.c-map')].map(
  (map) => Math.round(map.getBoundingClientRect().width / map.naturalWidth * 1000))"""


def open_comparison(page: Page, home: str) -> None:  # noqa: F811
    page.goto(f"{home}/{QUERY}")
    page.locator(".c-table").wait_for(timeout=2 * WAIT)
    expect(page.get_by_text("en cours de calcul")).to_have_count(0, timeout=2 * WAIT)


def test_six_territories_are_read_without_moving_the_page(page: Page, address: str) -> None:  # noqa: F811
    open_comparison(page, address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    page.wait_for_function("[...document.querySelectorAll('.c-map')].every((map) => map.complete)")
    scales = page.evaluate(SCALES)
    assert max(scales) - min(scales) <= 3, "maps of several scales on the page"
    label = page.locator(".c-table th[scope=row]", has_text="Habitants au km²")
    before = label.bounding_box()
    page.locator(".c-box").evaluate("box => { box.scrollLeft = 300 }")
    after = label.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == pytest.approx(before["x"], abs=1), "the first column went away"
    head = page.locator(".c-table thead th").first
    page.locator(".c-box").evaluate("box => { box.scrollTop = 600 }")
    box = page.locator(".c-box").bounding_box()
    at = head.bounding_box()
    assert box is not None
    assert at is not None
    assert at["y"] == pytest.approx(box["y"], abs=3), "the names went away"


def test_paper_holds_the_comparison_and_nothing_else(page: Page, address: str) -> None:  # noqa: F811
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1 }")
    open_comparison(page, address)
    page.get_by_role("button", name="Imprimer", exact=True).click()
    page.wait_for_function("window.printed === 1")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Ma sélection : comparaison")).to_be_visible()
    expect(page.get_by_text("Produit le")).to_be_visible()
    for hidden in ("Ajouter une commune", "Gérer les listes", "Reprendre un fichier", "Rayon"):
        expect(page.get_by_text(hidden).first).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer", exact=True)).to_be_hidden()
    box = page.locator(".c-box")
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), "cut on paper"
    seen = page.locator(".c-table").bounding_box()
    assert seen is not None
    assert seen["y"] < 200, "the table does not come first"


def test_what_is_sent_opens_alone(page: Page, address: str, browser: Browser, tmp_path: Path):  # noqa: F811
    open_comparison(page, address)
    settle(page)
    with page.expect_download() as sent:
        page.get_by_text("Télécharger : page à imprimer").click()
    path = tmp_path / "comparaison.html"
    sent.value.save_as(path)
    assert sent.value.suggested_filename == "ma-selection-comparaison.html"
    assert path.stat().st_size < 3_000_000
    context = browser.new_context(offline=True, locale="fr-FR")
    alone = context.new_page()
    complaints: list[str] = []
    alone.on("console", lambda message: complaints.append(message.text))
    strangers = watch_requests(alone, "")
    alone.goto(path.as_uri())
    assert alone.locator("html").get_attribute("lang") == "fr"
    assert alone.locator(".c-table thead th").all_inner_texts()[1:3] == ["Le Vigan", "Lodève"]
    assert min(alone.evaluate(SCALES)) > 0, "a map is not drawn"
    assert (complaints, strangers) == ([], [])
    context.close()
