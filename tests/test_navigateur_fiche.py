"""The form of an initiative in a real Chromium: filled in, printed, given back, taken again."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Download, Page, expect

from territoires.tables import read_table
from tests.browser import settle
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401

pytestmark = pytest.mark.navigateur

KEY = "territoires.initiatives"
NEW = "initiatives?onglet=fiche&fiche=+nouvelle"
VIGAN = "initiatives?onglet=fiche&fiche=autre-terre-de-convergence-le-vigan"
HOSTILE = "=1+1 </script><img src=x onerror=alert(1)> \u202eà l'envers\u202c 👩‍🚀"


def fill(page: Page, label: str, typed: str) -> None:  # noqa: F811
    box = page.get_by_label(label, exact=True)
    box.fill(typed)
    box.blur()


def wait_for_form(page: Page) -> None:  # noqa: F811
    expect(page.get_by_label("Enseignements", exact=True)).to_be_visible(timeout=WAIT)


def save(page: Page) -> None:  # noqa: F811
    page.get_by_role("button", name="Enregistrer dans ma visite").last.click()
    expect(page.get_by_text("✎ Enregistrée dans votre visite.").first).to_be_visible(timeout=WAIT)


def choose_type(page: Page, name: str) -> None:  # noqa: F811
    box = page.get_by_label("Type", exact=True)
    box.scroll_into_view_if_needed()
    box.fill(name)
    page.get_by_role("option", name=name).click()


def downloaded(page: Page, button: str) -> bytes:  # noqa: F811
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).first.click()
    got: Download = waiting.value
    return Path(got.path()).read_bytes()


def words_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert 1 <= len(pages) <= 2
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_an_initiative_is_filled_in_printed_given_back_and_taken_again(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/{NEW}")
    wait_for_form(page)
    fill(page, "Nom", "Le Café des Possibles")
    choose_type(page, "Tiers-lieu")
    search = page.get_by_label("Chercher sa commune")
    search.fill("le vigan")
    search.press("Enter")
    page.get_by_text("Le Vigan (30350)").click()
    expect(page.get_by_label("Code Insee", exact=True)).to_have_value("30350", timeout=WAIT)
    fill(page, "Ressources", "Marché : 40 % · Dons : 60 %")
    fill(page, "Enseignements", HOSTILE)
    expect(page.get_by_text("champs modifiés").first).to_be_visible(timeout=WAIT)
    save(page)
    expect(page).to_have_url(re.compile("fiche=tiers-lieu-le-cafe-des-possibles-le-vigan"))

    told = words_of(downloaded(page, "Fiche (PDF)"))
    for words in ("Le Café des Possibles", "Marché : 40 % · Dons : 60 %", "non renseigné",
                  "CC du Pays Viganais", "=1+1 </script>"):  # fmt: skip
        assert words in told

    content = downloaded(page, "Télécharger mes initiatives (CSV)")
    table = read_table(content, "x.csv", limit_bytes=1_000_000).frame
    assert table["ressources"].tolist() == ["Marché : 40 % · Dons : 60 %"]
    assert table["enseignements"].tolist() == [f"'{HOSTILE}"]  # no spreadsheet runs it

    page.get_by_role("button", name="Retirer cette initiative").click()
    expect(page.get_by_text("Choisissez une initiative")).to_be_visible(timeout=WAIT)
    file = tmp_path / "mes-initiatives.csv"
    file.write_bytes(content)
    page.get_by_role("tab", name="Vérifier et placer mon fichier").click()
    expect(page).to_have_url(re.compile("onglet=fichier"))
    page.get_by_test_id("stTabs").locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Montrer ces lignes sur la carte").click()
    expect(page.get_by_text(re.compile(r"1\s+initiative ajoutée"))).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Une fiche").click()
    page.get_by_label("Une initiative").fill("Café des Possibles")
    page.get_by_role("option", name=re.compile("Café des Possibles")).click()
    expect(page.get_by_label("Enseignements", exact=True)).to_have_value(HOSTILE, timeout=WAIT)
    assert downloaded(page, "Télécharger mes initiatives (CSV)") == content
    assert dialogs == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_ones_own_initiatives_come_back_at_the_next_visit_unless_refused(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    page.goto(f"{address}/{VIGAN}")
    wait_for_form(page)
    fill(page, "Résultats", HOSTILE)
    expect(page.get_by_text("champ modifié").first).to_be_visible(timeout=WAIT)
    save(page)
    page.wait_for_function(f"(localStorage.getItem('{KEY}') || '').includes('onerror')")
    kept = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))
    assert kept["initiatives"][0]["resultats"] == HOSTILE

    visit = page.context.new_page()
    visit.goto(f"{address}/{VIGAN}")
    expect(visit.get_by_label("Résultats", exact=True)).to_have_value(HOSTILE, timeout=WAIT)
    visit.get_by_text("Garder dans ce navigateur").click()
    visit.wait_for_function(f"localStorage.getItem('{KEY}') === null")
    expect(visit.get_by_text("Elles ne vivent que dans cette visite")).to_be_visible(timeout=WAIT)
    visit.close()

    other = page.context.new_page()
    other.goto(f"{address}/{VIGAN}")
    wait_for_form(other)
    expect(other.get_by_text("De l'annuaire livré").first).to_be_visible(timeout=WAIT)
    assert other.evaluate(f"localStorage.getItem('{KEY}')") is None


def test_what_was_kept_damaged_is_said_and_the_page_goes_on(
    page: Page,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    page.goto(f"{address}/donnees")
    page.evaluate(f"localStorage.setItem('{KEY}', '[1, 2')")
    page.goto(f"{address}/{VIGAN}")
    expect(page.get_by_text("n'ont pas pu être reprises")).to_be_visible(timeout=WAIT)
    wait_for_form(page)
