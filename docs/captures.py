"""Remake the pictures of README.md and docs/guide.md: ``python -m docs.captures``.

A real server, a real Chromium, the shipped data.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.browser import DESKTOP, PHONE, launch, running_server

FOLDER = Path(__file__).with_name("captures")


@dataclass(frozen=True)
class Shot:
    """One picture: its file name, the address it shows, the window."""

    name: str
    path: str
    window: dict[str, Any]
    map_expected: bool = True
    awaited: str = ""  # words that the page shows once its search is over


SHOTS = (
    Shot("carte", "?lieu=com:30350", DESKTOP),
    Shot("carte-epci", "?par=epci&couleur=evolution_population&region=76", DESKTOP),
    Shot("indice", "indice?lieu=com:30350", DESKTOP),
    Shot("candidats", "candidats?region=76", DESKTOP, awaited="Pourquoi ici"),
    Shot("capacite", "candidats?region=76&vue=capacite", DESKTOP, awaited="Initiatives comptées"),
    Shot(
        "comparer",
        "selection?lieux=com:30350,com:34142,groupe:30007-30350&vue=comparer",
        DESKTOP,
        map_expected=False,
        awaited="tirages, graine",
    ),
    Shot("initiatives", "initiatives", DESKTOP, map_expected=False),
    Shot(
        "avec-qui",
        "initiatives?onglet=avec_qui&initiative=autre-terre-de-convergence-le-vigan&portee=120",
        DESKTOP,
    ),
    Shot("donnees", "donnees", DESKTOP, map_expected=False),
    Shot("carte-telephone", "?lieu=com:30350", PHONE),
    Shot("indice-telephone", "indice?lieu=com:30350", PHONE),
    Shot(
        "candidats-telephone",
        "candidats?region=76",
        PHONE,
        map_expected=False,
        awaited="Pourquoi ici",
    ),
)


def take(page: Page, home: str, shot: Shot) -> None:
    """Open an address, wait until nothing moves, and keep the picture."""
    page.goto(f"{home}/{shot.path}")
    page.get_by_test_id("stMainBlockContainer").wait_for()
    if shot.awaited:
        page.get_by_text(shot.awaited).first.wait_for(timeout=60_000)
    if shot.map_expected:
        page.frame_locator("iframe").locator("img.leaflet-tile-loaded").first.wait_for()
    page.wait_for_timeout(5_000)
    page.screenshot(path=FOLDER / f"{shot.name}.png")


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder)) as home,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for shot in SHOTS:
            take(browser.new_context(**shot.window).new_page(), home, shot)
        browser.close()


if __name__ == "__main__":
    main()
