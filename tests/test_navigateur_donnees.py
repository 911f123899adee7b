"""Official figures in the real page: they come while the server runs, go, and are exported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, download, running_server, settle, watched_page
from tests.conftest import SAMPLES
from tests.producers import zipped
from tests.test_navigateur import WAIT, browser, open_map  # noqa: F401
from tests.test_updating import national_facilities

pytestmark = [pytest.mark.navigateur, pytest.mark.echantillons]

ALONE = "Données embarquées seules"
RELOADED = 3 * WAIT  # ms; all is read again while a search of the whole country may still run


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    with running_server(tmp_path) as address:
        yield address


@pytest.fixture(params=[DESKTOP, PHONE], ids=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:  # noqa: F811
    with watched_page(browser, home, RELOADED, **request.param) as page:
        yield page


def update(folder: Path, *arguments: str) -> None:
    """Run the command in another process, as a maintainer does while people use the pages."""
    subprocess.run(
        [sys.executable, "-m", "territoires", "actualiser", *arguments],
        check=True, capture_output=True, cwd=folder,
        env={**os.environ, "TERRITOIRES_DONNEES": str(folder / "donnees")},
    )  # fmt: skip


def offered_files(folder: Path) -> Path:
    """Gather real files, and invented facilities for the whole country."""
    offered = folder / "fichiers"
    offered.mkdir()
    (offered / "bpe.zip").write_bytes(zipped(DS_BPE_2024_data__csv=national_facilities()))
    for name in ("insee-comparateur/base_cc_comparateur_csv.zip",
                 "insee-filosofi/cc_filosofi_2021_COM.csv"):  # fmt: skip
        (offered / Path(name).name).symlink_to(SAMPLES / name)
    return offered


def test_figures_come_and_go_while_the_server_runs(page: Page, home: str, tmp_path: Path) -> None:
    open_map(page, home)
    notice = page.get_by_text(ALONE)
    expect(notice).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("territoires actualiser")).to_be_visible()

    update(tmp_path, "--depuis", str(offered_files(tmp_path)))
    open_map(page, home, "?couleur=taux_pauvrete")
    expect(page.get_by_text(ALONE)).to_have_count(0)
    expect(page.get_by_text("secret statistique, 30")).to_be_visible(timeout=WAIT)

    page.get_by_text("La même chose en tableau").click()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger ce tableau").click()
    told = Path(waiting.value.path()).read_text("utf-8-sig")
    for words in ("secret statistique", "valeur plancher", "hors champ de la source", "Filosofi"):
        assert words in told

    page.goto(f"{home}/candidats")
    heading = next(
        line for line in download(page, "CSV pour Excel").read_text("utf-8-sig").splitlines()
        if line.startswith("rang;")
    )  # fmt: skip
    for code in ("taux_chomage_recensement", "taux_pauvrete", "niveau_vie_median",
                 "part_logements_vacants", "services_quotidiens"):  # fmt: skip
        assert f"valeur_{code};statut_{code}" in heading
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

    page.goto(f"{home}/donnees?indicateur=taux_pauvrete")
    expect(page.get_by_text("Où ce chiffre existe")).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Sources").click()
    expect(page.get_by_text("Revenus et pauvreté des ménages (Filosofi) · 2021")).to_be_visible()
    expect(page.get_by_text(re.compile("non vérifié sur fichier réel")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

    update(tmp_path, "--revenir")
    open_map(page, home)
    expect(page.get_by_text(ALONE)).to_be_visible(timeout=RELOADED)
