"""From opening the application to a workbook and sheets of five candidates among a list of members.

``python -m docs.parcours`` does it in a real browser, as a person would, prints how many gestures
and how long, and keeps a picture of each step for the guide.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from docs.captures import FOLDER
from playwright.sync_api import Page, expect, sync_playwright
from tests.browser import DESKTOP, launch, running_server

_LINES = (
    "30350;Le Vigan", "34142;Lodève", "12145;Millau", "48140;Saint-Chély-d'Apcher",
    "48061;Florac Trois Rivières", "30007;Alès", "12176;Onet-le-Château", "07186;Privas",
    "43157;Le Puy-en-Velay",
)  # fmt: skip
MEMBERS = "\n".join(("code_insee;nom", *_LINES, ""))
"""A list as a network has one: codes, and names that nobody needs."""
WANTED = 5
WAIT = 90_000  # ms; two busy cores


@dataclass
class Journey:
    """What was done, and what it gave.

    Attributes
    ----------
    page : Page
        Of the browser.
    see : callable
        Given the page and the number of the step, once it shows what it did.
    steps : list of str
        What a person did, in French, one gesture each.
    files : dict of str to Path
        What they hold in the end, by format.
    """

    page: Page
    see: Callable[[Page, int], object]
    steps: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)

    def do(self, step: str, gesture: Callable[[], object], until: Callable[[], object]) -> None:
        """Make one gesture, wait until the page has answered, and see it."""
        gesture()
        self.steps.append(step)
        until()
        self.see(self.page, len(self.steps))

    def take(self, label: str) -> None:
        """Make the gesture that gives a file."""
        with self.page.expect_download(timeout=WAIT) as waiting:
            self.page.get_by_role("button", name=label).click()
        self.files[label] = Path(waiting.value.path())
        self.steps.append(f"{label} : le fichier est là")
        self.see(self.page, len(self.steps))


def follow(page: Page, home: str, see: Callable[[Page, int], object]) -> Journey:
    """Do the whole task; return what was done and the files."""
    page.set_default_timeout(WAIT)
    page.goto(home)
    journey = Journey(page, see)
    rows = page.get_by_role("table", name="Territoires candidats").locator("tbody tr")
    upload = {"name": "adherents.csv", "mimeType": "text/csv", "buffer": MEMBERS.encode()}
    journey.do(
        "page Territoires candidats",
        page.get_by_role("link", name="Territoires candidats").click,
        lambda: page.get_by_text("Nos adhérents").wait_for(),
    )
    journey.do(
        "à gauche, Nos adhérents",
        page.get_by_text("Nos adhérents").click,
        lambda: page.get_by_text("Liste d'adhérents", exact=False).first.wait_for(state="attached"),
    )
    journey.do(
        "déposer la liste",
        lambda: page.locator("input[type=file]").last.set_input_files(upload),
        lambda: expect(page.get_by_text("Se limiter à eux")).to_be_visible(timeout=WAIT),
    )
    count = page.get_by_label("Nombre de candidats")

    def five() -> None:
        count.fill(str(WANTED))
        count.press("Enter")

    journey.do("cinq candidats", five, lambda: expect(rows).to_have_count(WANTED, timeout=WAIT))
    journey.take("Classeur (XLSX)")
    journey.take("Fiches (PDF)")
    return journey


def main() -> None:
    """Do it, print what it took, keep the pictures."""

    def keep(page: Page, step: int) -> None:
        page.wait_for_timeout(1_500)
        page.screenshot(path=FOLDER / f"parcours-{step}.png")

    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder)) as home,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for see in (lambda _page, _step: None, keep):  # timed alone, then filmed
            context = browser.new_context(**DESKTOP, accept_downloads=True)
            start = time.monotonic()
            journey = follow(context.new_page(), home, see)
            took = time.monotonic() - start
            told = f"{len(journey.steps)} gestes, {took:.0f} s : {' ; '.join(journey.steps)}"
            sys.stdout.write(f"{told}\n")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
