"""Lists kept by the browser: from one visit to the next, between two pages, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from territoires.exports import read_shortlist
from tests.browser import settle
from tests.test_navigateur import WAIT, address, browser, page  # noqa: F401

pytestmark = pytest.mark.navigateur

KEY = "territoires.listes"


def kept(page: Page) -> dict | None:  # noqa: F811
    text = page.evaluate(f"localStorage.getItem('{KEY}')")
    return None if text is None else json.loads(text)


def wait_for_kept(page: Page, words: str) -> None:  # noqa: F811
    page.wait_for_function(f"(localStorage.getItem('{KEY}') || '').includes({json.dumps(words)})")


def add(page: Page, words: str, label: str) -> None:  # noqa: F811
    box = page.get_by_label("Ajouter une commune")
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_text(label)).to_be_visible(timeout=WAIT)


def test_lists_come_back_at_the_next_visit(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/selection")
    add(page, "34142", "1. Lodève")
    note = page.get_by_placeholder("Note : pourquoi ce lieu")
    typed = "appeler 🌻 \u202e </script>"
    note.fill(typed)
    note.press("Control+Enter")
    wait_for_kept(page, "appeler")
    page.get_by_role("combobox", name="Étiquettes").fill("priorité")
    page.keyboard.press("Enter")
    wait_for_kept(page, "priorité")

    visit = page.context.new_page()
    visit.goto(f"{address}/selection")
    expect(visit.get_by_text("1. Lodève")).to_be_visible(timeout=WAIT)
    expect(visit.get_by_placeholder("Note : pourquoi ce lieu")).to_have_value(typed)
    add(visit, "30350", "Plusieurs lieux répondent")
    visit.get_by_text("Le Vigan (30350)").click()
    expect(visit.get_by_text("2. Le Vigan")).to_be_visible(timeout=WAIT)
    # The first page follows the second.
    expect(page.get_by_text("2. Le Vigan")).to_be_visible(timeout=WAIT)
    assert [one["code"] for one in kept(page)["listes"][0]["lieux"]] == ["com:34142", "com:30350"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_a_list_that_was_emptied_stays_empty(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/selection")
    add(page, "34142", "1. Lodève")
    wait_for_kept(page, "34142")
    page.get_by_role("button", name="Retirer", exact=True).click()
    page.wait_for_function(f"!localStorage.getItem('{KEY}').includes('34142')")


def test_a_note_is_in_the_file_that_is_asked_at_once(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/selection")
    add(page, "34142", "1. Lodève")
    wait_for_kept(page, "34142")
    settle(page)
    page.get_by_placeholder("Note : pourquoi ce lieu").fill("appeler la mairie")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Classeur (XLSX)").click()
    content = Path(waiting.value.path()).read_bytes()
    taken = read_shortlist(content, "s.xlsx", limit_bytes=10**7, nom="x")
    assert [item.note for item in taken.items] == ["appeler la mairie"]


def test_a_browser_that_must_not_keep_forgets(page: Page, address: str) -> None:  # noqa: F811
    page.goto(f"{address}/selection")
    add(page, "34142", "1. Lodève")
    wait_for_kept(page, "34142")
    page.get_by_text("Garder mes listes dans ce navigateur").click()
    page.wait_for_function(f"localStorage.getItem('{KEY}') === null")
    expect(page.get_by_text("vivent dans cette visite seulement")).to_be_visible(timeout=WAIT)
    visit = page.context.new_page()
    visit.goto(f"{address}/selection")
    expect(visit.get_by_text("Cette liste est vide")).to_be_visible(timeout=WAIT)
    expect(visit.get_by_text("vivent dans cette visite seulement")).to_be_visible(timeout=WAIT)
    assert kept(visit) is None


def test_lists_that_cannot_be_read_are_not_lost(page: Page, address: str) -> None:  # noqa: F811
    later = '{"format":"territoires.listes","version":2,"ouverte":0,"listes":[]}'
    page.goto(f"{address}/donnees")
    page.evaluate(f"text => localStorage.setItem('{KEY}', text)", later)
    page.goto(f"{address}/selection")
    refused = page.get_by_text("Les listes gardées par ce navigateur n'ont pas pu être reprises")
    expect(refused).to_be_visible(timeout=WAIT)
    add(page, "34142", "1. Lodève")
    expect(page.get_by_text("ne sont pas gardées")).to_be_visible(timeout=WAIT)
    assert page.evaluate(f"localStorage.getItem('{KEY}')") == later
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger ce qu'il garde").click()
    assert waiting.value.path().read_text("utf-8") == later
    page.get_by_role("button", name="Repartir sans elles").click()
    wait_for_kept(page, "34142")
    expect(refused).to_have_count(0)
