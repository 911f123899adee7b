"""The user's task in a real Chromium, on a real server, with no other machine reachable."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import (
    DESKTOP,
    PHONE,
    chromium_path,
    download,
    launch,
    running_server,
    settle,
    watched_page,
)

pytestmark = pytest.mark.navigateur

WAIT = 30_000  # ms; a first visit on two busy cores


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("serveur")) as home:
        yield home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        reason = "Chromium absent : apt-get install chromium"
        if os.environ.get("TERRITOIRES_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    with watched_page(browser, address, WAIT, **request.param) as page:
        yield page


def open_map(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    tiles(page).first.wait_for(state="attached")
    page.wait_for_function(
        """() => {
          const frame = document.querySelector('iframe')
          if (!frame || !frame.contentDocument) return false
          const tiles = [...frame.contentDocument.querySelectorAll('img.leaflet-tile')]
          return tiles.length > 0 && tiles.every(tile => tile.complete && tile.naturalWidth > 0)
        }"""
    )


def tiles(page: Page):
    return page.frame_locator("iframe").locator("img.leaflet-tile")


def go_to(page: Page, name: str) -> None:
    menu = page.get_by_test_id("stExpandSidebarButton")
    if page.viewport_size == PHONE["viewport"] and menu.is_visible():
        menu.click()  # on a phone the pages are in the side panel
    page.get_by_role("link", name=re.compile(f"^{name}")).first.click()


def choose_colour(page: Page, label: str) -> None:
    """Use the control of the left column, as a person does."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    on_a_phone = page.viewport_size == PHONE["viewport"] and menu.is_visible()
    if on_a_phone:
        menu.click()
    page.get_by_label("Colorer par").click()
    page.get_by_role("option", name=label, exact=True).click()
    if on_a_phone:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def search(page: Page, words: str, answer: str) -> None:
    page.get_by_label("Rechercher une commune").fill(words)
    page.keyboard.press("Enter")
    page.get_by_text(answer).first.click()


def test_the_whole_task(page: Page, address: str) -> None:
    open_map(page, address)
    colours = page.evaluate(
        """() => {
          const seen = new Set()
          for (const tile of document.querySelector('iframe').contentDocument
               .querySelectorAll('img.leaflet-tile')) {
            const canvas = document.createElement('canvas')
            canvas.width = tile.naturalWidth; canvas.height = tile.naturalHeight
            const drawing = canvas.getContext('2d'); drawing.drawImage(tile, 0, 0)
            const data = drawing.getImageData(0, 0, canvas.width, canvas.height).data
            for (let i = 0; i < data.length; i += 4 * 97)
              if (data[i + 3] > 200) seen.add([data[i], data[i + 1], data[i + 2]].join())
          }
          return seen.size
        }"""
    )
    assert colours >= 6, "the choropleth is not there"

    choose_colour(page, "Densité de population")
    page.wait_for_function(
        """() => [...document.querySelector('iframe').contentDocument
                   .querySelectorAll('img.leaflet-tile')]
                   .some(tile => tile.src.includes('indicateur=densite'))"""
    )
    expect(page).to_have_url(re.compile("couleur=densite"))

    search(page, "Le Vigan", "Le Vigan (30350)")
    expect(page.get_by_role("heading", name=re.compile("Le Vigan")).first).to_be_visible(
        timeout=WAIT
    )

    plan = page.frame_locator("iframe").locator("#map_div")
    plan.scroll_into_view_if_needed()
    box = plan.bounding_box()
    assert box is not None
    page.wait_for_timeout(1500)  # the map is still flying to the commune
    plan.click(position={"x": box["width"] * 0.72, "y": box["height"] * 0.3})
    expect(page.get_by_role("heading", name=re.compile("Le Vigan"))).to_have_count(0, timeout=WAIT)

    page.get_by_role("button", name="Ajouter à ma sélection").click()
    expect(page.get_by_text("Dans ma sélection").first).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile(r"lieu=com(%3A|:)(?!30350)"), timeout=WAIT)
    place = parse_qs(urlsplit(page.url).query)["lieu"][0]

    go_to(page, "Ma sélection")
    content = download(page, "CSV pour Excel").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "a French Excel needs the byte order mark"
    assert place.partition(":")[2] in content.decode("utf-8-sig")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (
        "the page scrolls sideways"
    )


def test_the_front_end_is_french_and_compressed(address: str) -> None:
    page = fetch(f"{address}/", "identity")
    assert b'<html lang="fr"' in page
    script = re.search(rb'src="\./(static/js/[^"]+)"', page)
    assert script is not None
    path = script[1].decode()
    plain = fetch(f"{address}/{path}", "identity")
    assert b"`Aller au contenu principal`" in plain
    assert b"Skip to main content" not in plain
    small = fetch(f"{address}/{path}", "gzip")
    assert gzip.decompress(small) == plain
    assert len(small) < len(plain) / 2


def fetch(url: str, encoding: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())


def test_an_indicator_is_changed_and_comes_back_from_the_address(page: Page, address: str) -> None:
    open_map(page, address, "?couleur=densite&lieu=com:30350&axes=4")
    assert "indicateur=densite" in (tiles(page).first.get_attribute("src") or "")
    expect(page.get_by_role("heading", name=re.compile("Le Vigan")).first).to_be_visible(
        timeout=WAIT
    )
    page.reload()
    open_map(
        page, page.url.replace(address, "").lstrip("/") and address, "?" + urlsplit(page.url).query
    )
    assert "indicateur=densite" in (tiles(page).first.get_attribute("src") or "")


def test_a_hostile_name_stays_text(page: Page, address: str, tmp_path: Path) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    name = "<script>alert(1)</script><img src=x onerror=alert(2)>`${alert(3)}`"
    rows = io.StringIO()
    writer = csv.DictWriter(rows, ["nom", "type", "axes", "code_commune", "description"])
    writer.writeheader()
    writer.writerow(
        {
            "nom": name,
            "type": "autre",
            "axes": "2",
            "code_commune": "30350",
            "description": "=CMD()",
        }
    )
    file = tmp_path / "hostile.csv"
    file.write_text(rows.getvalue(), encoding="utf-8")

    page.goto(f"{address}/initiatives")
    page.get_by_role("tab", name="Vérifier et placer mon fichier").click()
    page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Montrer ces lignes sur la carte").click()
    expect(page.get_by_text(re.compile("ajoutée")).first).to_be_visible(timeout=WAIT)
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Télécharger le fichier placé")).click()
    written = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert ";=CMD()" not in written
    assert "'=CMD()" in written

    go_to(page, "Carte")
    tiles(page).first.wait_for(state="attached")
    search(page, "Le Vigan", "Le Vigan (30350)")
    page.get_by_role("tab", name="Initiatives").click()
    expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible(timeout=WAIT)
    assert dialogs == []


def test_a_link_to_a_page_is_the_first_thing_a_server_answers(
    browser: Browser, tmp_path: Path
) -> None:
    with running_server(tmp_path) as home:
        page = browser.new_context(**DESKTOP).new_page()
        page.goto(f"{home}/candidats?region=76&unite=commune")
        expect(page.get_by_role("link", name="Données et méthode")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("dans le territoire où l'on cherche")).to_be_visible(timeout=WAIT)
        assert page.get_by_role("link", name="navigation", exact=True).count() == 0
        page.context.close()


def test_a_bad_file_is_refused_in_french_and_the_session_goes_on(
    page: Page, address: str, tmp_path: Path
) -> None:
    bad = {
        "vide.csv": (b"", "vide"),
        "photo.csv": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "image"),
        "enorme.csv": (b"nom\n" + b"x" * 21_000_000, "21"),
        "sans-lieu.csv": (b"couleur\nbleu\n", "colonne"),
    }
    page.goto(f"{address}/initiatives")
    page.get_by_role("tab", name="Vérifier et placer mon fichier").click()
    for name, (content, words) in bad.items():
        file = tmp_path / name
        file.write_bytes(content)
        page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
        alert = page.get_by_test_id("stAlert").filter(has_text=words)
        expect(alert).to_be_visible(timeout=WAIT)
        page.get_by_role("button", name=f"Remove {name}").click()
        expect(alert).to_have_count(0, timeout=WAIT)
    file = tmp_path / "bonne.csv"
    file.write_text("commune,code_postal\nLe Vigan,30120\n", encoding="utf-8")
    page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name=re.compile("fichier placé"))).to_be_visible(timeout=WAIT)


def open_index(page: Page, address: str, query: str = "lieu=com:30350") -> None:
    page.goto(f"{address}/indice?{query}")
    tiles(page).first.wait_for(state="attached")
    expect(page.get_by_role("heading", name=re.compile("Le Vigan")).first).to_be_visible(
        timeout=WAIT
    )


def open_side_panel(page: Page) -> None:
    """Show the left column, which a phone keeps aside."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if page.viewport_size == PHONE["viewport"] and menu.is_visible():
        menu.click()


def all_tiles_say(page: Page, words: str) -> None:
    page.wait_for_function(
        """words => {
          const tiles = [...document.querySelector('iframe').contentDocument
            .querySelectorAll('img.leaflet-tile')]
          return tiles.length > 0 && tiles.every(tile => tile.complete && tile.naturalWidth > 0
            && decodeURIComponent(tile.src).includes(words))
        }""",
        arg=words,
    )


def test_a_weight_recolours_the_map_without_loading_it_again(page: Page, address: str) -> None:
    open_index(page, address)
    page.evaluate("document.querySelector('iframe').contentWindow.same = true")
    open_side_panel(page)
    slider = page.get_by_role("slider", name="Poids de la dimension Déprise")
    slider.focus()
    page.keyboard.press("ArrowRight")
    all_tiles_say(page, "deprise:1.05")
    assert page.evaluate("document.querySelector('iframe').contentWindow.same") is True
    box = page.get_by_label("Poids de la dimension Déprise, au clavier")
    expect(box).to_have_value("1,05")
    box.fill("2,5")
    box.press("Enter")
    all_tiles_say(page, "deprise:2.5")
    expect(slider).to_have_value("2.5")
    assert page.evaluate("document.querySelector('iframe').contentWindow.same") is True
    expect(page).to_have_url(re.compile("deprise%3A2.5"))
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    tiles(page).first.wait_for(state="attached")
    all_tiles_say(page, "deprise:2.5")


def test_the_recipe_is_put_to_the_test_and_no_tab_scrolls_sideways(
    page: Page, address: str
) -> None:
    seed = page.viewport_size["width"]  # results are kept for every visit: ask for others
    query = f"lieu=com:30350&onglet=solidite&region=76&tirages=200&graine={seed}"
    open_index(page, address, query)
    page.get_by_role("button", name=re.compile("Mettre à l'épreuve")).click()
    expect(page.get_by_text(f"graine {seed}.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Le choix qui déplace le plus les rangs")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("intervalle du rang").first).to_be_visible(timeout=WAIT)
    tabs = ("Distributions", "Comparer deux recettes", "Comment ce score est fait", "Tableau")
    for name in ("Solidité", *tabs):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(800)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
    assert page.get_by_test_id("stException").count() == 0


def test_a_recipe_is_saved_given_back_and_a_bad_one_refused(
    page: Page, address: str, tmp_path: Path
) -> None:
    open_index(page, address)
    open_side_panel(page)
    page.get_by_text("Enregistrer, reprendre, partager").click()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Enregistrer la recette").click()
    assert waiting.value.suggested_filename == "deprise-et-eloignement.toml"
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    bad, good = tmp_path / "mauvaise.toml", tmp_path / "bonne.toml"
    bad.write_text(text.replace('code = "densite"', 'code = "dansite"'), encoding="utf-8")
    good.write_text(text.replace('nom = "Déprise', 'nom = "<b>Ma</b> déprise', 1), encoding="utf-8")
    chooser = page.get_by_test_id("stSidebar").locator("input[type=file]").first
    chooser.set_input_files(bad)
    refused = page.get_by_test_id("stAlert").filter(has_text="mauvaise.toml, ligne")
    expect(refused).to_be_visible(timeout=WAIT)
    # The place for a file is empty again, ready for another.
    expect(page.get_by_test_id("stFileChipName")).to_have_count(0, timeout=WAIT)
    chooser.set_input_files(good)
    expect(page.get_by_label("Son nom")).to_have_value(re.compile("<b>Ma</b>"), timeout=WAIT)
    expect(refused).to_have_count(0, timeout=WAIT)
