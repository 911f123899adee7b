"""A list with a homonym, a typo, an unknown town: from its upload to the next one, in Chromium."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from territoires.tables.reading import read_table
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401
from tests.test_navigateur_initiatives import no_sideways_scroll

pytestmark = pytest.mark.navigateur

HOSTILE = "<img src=x onerror=alert(1)>"
LIST = f"""structure;Lieu;Remarque
Régie;Le Vigan;=CMD()
Épicerie;LE VIGAN;{HOSTILE}
Café;Ganjes (34);
Atelier;Zzyxville;
Jardin;Alès;
"""
KEY = "territoires.revue"


def plan(page: Page) -> FrameLocator:  # noqa: F811
    return page.frame_locator("iframe")


def give(page: Page, address: str, file: Path) -> None:  # noqa: F811
    page.goto(f"{address}/initiatives?onglet=fichier")
    expect(page.get_by_text("Mes décisions")).to_be_visible(timeout=WAIT)
    page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Colonnes comprises")).to_be_visible(timeout=WAIT)


def questions(page: Page, count: str) -> None:  # noqa: F811
    expect(page.get_by_text(re.compile(rf"Question 1 sur {count}\b"))).to_be_visible(timeout=WAIT)
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:  # noqa: F811
    """What is drawn again forgets that it was opened, or clicked."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def downloaded(page: Page, label: str) -> bytes:  # noqa: F811
    wait_until_idle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "membres.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def correct_the_column(page: Page) -> None:  # noqa: F811
    """Say that « Lieu », taken for an address, is the name of the commune."""
    expect(page.get_by_text("Colonnes comprises : adresse « Lieu »")).to_be_visible(timeout=WAIT)
    wait_until_idle(page)
    page.get_by_text("Colonnes comprises : adresse « Lieu »").click()
    expect(plan(page).locator(".t-mark").first).to_be_visible(timeout=WAIT)
    box = page.get_by_role("combobox", name=re.compile("Nom de commune"))
    expect(box).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(500)  # the fold is still opening
    wait_until_idle(page)
    option = page.get_by_role("option", name="Lieu")
    for _ in range(3):
        box.click()
        with contextlib.suppress(PlaywrightTimeout):
            option.wait_for(timeout=4000)
            break
    option.click()
    expect(page.get_by_text("Colonnes comprises : nom de commune « Lieu »")).to_be_visible(
        timeout=WAIT
    )


def test_a_list_is_reviewed_and_the_next_upload_asks_nothing(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
    file: Path,
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    give(page, address, file)
    correct_the_column(page)
    questions(page, "3")  # two rows say Le Vigan
    expect(plan(page).locator(".t-mark")).to_have_text(["1", "2"], timeout=WAIT)
    page.get_by_text("Le reste de la ligne").click()
    expect(page.get_by_text("=CMD()")).to_be_visible()
    page.get_by_label("Note à garder avec la décision").fill(HOSTILE)
    page.keyboard.press("Tab")
    page.get_by_role("button", name=re.compile("Le Vigan \\(Gard\\)")).click()
    questions(page, "2")
    expect(plan(page).locator(".t-mark")).to_have_text(["1"], timeout=WAIT)
    assert no_sideways_scroll(page)

    content = downloaded(page, "Télécharger le fichier placé (CSV pour Excel)")
    assert b";=CMD()" not in content
    table = read_table(content, "x.csv", limit_bytes=100_000).frame
    assert list(table.columns[:3]) == ["structure", "Lieu", "Remarque"]
    assert table["geo_code_commune"].tolist() == ["30350", "30350", "34111", "", "30007"]
    assert table["geo_statut"].tolist() == ["sur", "sur", "a_verifier", "non_trouve", "sur"]
    assert table["geo_methode"].tolist()[:2] == ["revue", "revue"]
    assert f"Note : « {HOSTILE} »" in table["geo_motif"].iloc[0]

    page.get_by_role("button", name=re.compile("Ganges \\(Hérault\\)")).click()
    questions(page, "1")
    page.get_by_role("button", name="Ce n'est aucune commune").click()
    expect(page.get_by_text("Il ne reste rien à décider")).to_be_visible(timeout=WAIT)
    page.get_by_role("radio", name="Carte et tableau").click()
    expect(plan(page).locator("path.initiative")).to_have_count(3, timeout=WAIT)
    assert no_sideways_scroll(page)

    # Another visit of the same browser.
    page.wait_for_function(f"JSON.parse(localStorage.getItem('{KEY}')).lignes.length === 3")
    assert "Régie" not in page.evaluate(f"localStorage.getItem('{KEY}')")
    visit = page.context.new_page()
    give(visit, address, file)
    expect(visit.get_by_text("Colonnes comprises : nom de commune « Lieu »")).to_be_visible(
        timeout=WAIT
    )
    expect(visit.get_by_text("Il ne reste rien à décider")).to_be_visible(timeout=WAIT)
    again = read_table(
        downloaded(visit, "Télécharger le fichier placé (CSV pour Excel)"),
        "x.csv", limit_bytes=100_000,
    ).frame  # fmt: skip
    assert again["geo_code_commune"].tolist() == ["30350", "30350", "34111", "", "30007"]
    assert again["geo_methode"].tolist() == ["revue"] * 4 + ["hors_ligne"]
    assert dialogs == []


def test_a_click_on_the_map_proposes_the_commune_under_it(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
    file: Path,
) -> None:
    file.write_text("commune\nGanjes (34)\n", encoding="utf-8")
    give(page, address, file)
    questions(page, "1")
    mark = plan(page).locator(".t-mark")
    expect(mark).to_have_text(["1"], timeout=WAIT)
    page.wait_for_timeout(1500)  # the map may still be moving
    plan(page).locator("#map_div").click(position={"x": 120, "y": 120})
    clicked = page.get_by_role("button", name=re.compile("Cliquée sur la carte"))
    expect(clicked).to_be_visible(timeout=WAIT)
    clicked.click()
    expect(page.get_by_text("Il ne reste rien à décider")).to_be_visible(timeout=WAIT)


def test_a_review_goes_from_one_browser_to_another_by_its_file(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
    file: Path,
    tmp_path: Path,
) -> None:
    give(page, address, file)
    correct_the_column(page)
    questions(page, "3")
    page.get_by_role("button", name=re.compile("Le Vigan \\(Gard\\)")).click()
    questions(page, "2")
    review = tmp_path / "revue.json"
    review.write_bytes(downloaded(page, "La même en JSON"))
    document = json.loads(review.read_text("utf-8"))
    for line in document["lignes"]:
        line["choix"] = line["choix"] or "aucune"  # filled in elsewhere
    review.write_text(json.dumps(document), encoding="utf-8")
    wait_until_idle(page)
    page.get_by_role("button", name="Tout oublier").click()
    page.get_by_role("button", name="Oublier toutes mes décisions").click()
    expect(page.get_by_text("Colonnes comprises : adresse « Lieu »")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    page.wait_for_function(f"localStorage.getItem('{KEY}') === null")

    wait_until_idle(page)
    page.get_by_role("button", name="Reprendre une revue").click()
    page.locator('[class*="revue-reprendre"] input[type=file]').set_input_files(review)
    expect(page.get_by_text("Il ne reste rien à décider")).to_be_visible(timeout=WAIT)
