"""The map in one file, opened in Chromium from the disk with the network cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from territoires.exports import EXPORTERS, exporter, read_shortlist, territory_bundle
from territoires.territory import territory_from_code
from tests.browser import DESKTOP, PHONE, download, running_server, settle
from tests.test_navigateur import browser  # noqa: F401

pytestmark = pytest.mark.navigateur

CODES = ("com:30350", "epci:243000270", "groupe:30016-30026-30350", "dep:48", "com:97411")
ATTACK = "<img src=x onerror='window.attaque=1'></script><script>window.attaque=1</script>"


@pytest.fixture(scope="module")
def file(register, indicators, tmp_path_factory) -> Path:
    places = [territory_from_code(register, code) for code in CODES]
    table = pd.DataFrame(
        {
            "code_territoire": [place.code for place in places],
            "nom": [ATTACK, *(place.nom for place in places[1:])],
            "population": pd.array([place.population for place in places], dtype="Int64"),
            "score": [0.9, 0.7, 0.5, 0.3, None],
            "note": [ATTACK, "שלום \u202e fin", "deux\nlignes", "", None],
        }
    )
    bundle = territory_bundle(
        "Ma sélection", table, places, register, indicators.catalogue,
        ("Produit le 1er mars 2026",), date(2026, 3, 1),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("carte") / "carte.html"
    path.write_bytes(exporter("html").write(bundle))
    return path


@pytest.fixture(params=[DESKTOP, PHONE], ids=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, browser: Browser, file: Path) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(**request.param)
    context.set_offline(True)
    strangers: list[str] = []
    problems: list[str] = []

    def refuse(route: Route) -> None:
        strangers.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:")), refuse)
    page = context.new_page()
    page.on("request", lambda one: strangers.append(one.url) if one.url != file.as_uri() else None)
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(file.as_uri())
    yield page
    assert page.evaluate("window.attaque") is None
    context.close()
    assert strangers == []
    assert problems == []


def test_the_map_is_drawn_and_says_what_it_shows(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma sélection")
    expect(page.locator("path.territoire")).to_have_count(len(CODES))
    colours = page.locator("path.territoire").evaluate_all(
        "paths => paths.map(path => path.getAttribute('fill'))"
    )
    assert len(set(colours)) == len(CODES)
    swatches = page.locator(".legende i").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert len(set(swatches)) == len(CODES)
    expect(page.get_by_role("group", name="Légende")).to_contain_text("non disponible")
    assert page.locator("path").count() > len(CODES) + 10, "the départements are not there"
    expect(page.get_by_text("Produit le 1er mars 2026")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0


def test_a_territory_opens_its_sheet_from_the_table_and_from_the_map(page: Page) -> None:
    page.locator(".voir").first.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup.get_by_role("heading")).to_have_text(ATTACK)
    expect(popup).to_contain_text("Population (hab.)")
    expect(popup).not_to_contain_text("com:30350")
    page.locator(".leaflet-popup-close-button").click()
    expect(popup).to_have_count(0)
    page.get_by_role("button", name="Lozère").click()
    expect(popup.get_by_role("heading")).to_have_text("Lozère")


def test_the_selection_page_gives_each_format_and_takes_it_back(
    browser: Browser,  # noqa: F811
    tmp_path: Path,
) -> None:
    with running_server(tmp_path) as home:
        page = browser.new_context(**DESKTOP, accept_downloads=True).new_page()
        page.set_default_timeout(90_000)
        page.goto(f"{home}/selection?lieux=com:30350,dep:48")
        for kind in EXPORTERS.values():
            if kind.code == "csv":
                continue
            content = download(page, kind.label, other=kind.code != "xlsx").read_bytes()
            taken = read_shortlist(content, "s", limit_bytes=10**7, nom="x")
            assert taken.codes == ("com:30350", "dep:48")
        booklet = PdfReader(download(page, "Fiches (PDF)", other=False))
        words = "".join(sheet.extract_text() for sheet in booklet.pages)
        assert "Le Vigan" in words
        assert "Lozère" in words
        page.goto(f"{home}/selection")
        expect(page.get_by_text("2. Lozère")).to_be_visible()  # what the browser kept is back
        settle(page)
        page.get_by_text("Reprendre un fichier de Territoires").click()
        upload = {"name": "x.bin", "mimeType": "application/octet-stream", "buffer": content}
        page.locator("input[type=file]").set_input_files(upload)
        page.get_by_role("button", name="En faire une liste").click()
        page.wait_for_function("localStorage['territoires.listes'].includes('\"nom\":\"x\"')")
        expect(page.get_by_text("2. Lozère")).to_be_visible()
        page.context.close()


def test_it_prints(page: Page) -> None:
    page.emulate_media(media="print")
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)
    for words in ("Ma sélection", "Lozère", "Score de besoin", "Produit le 1er mars 2026"):
        assert words in text
