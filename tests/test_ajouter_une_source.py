"""One file and one catalogue entry are enough: the example of the documentation is run."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from territoires.exports.data_listing import indicator_listing
from territoires.settings import load_settings
from territoires.sources import producers
from territoires.sources.fetching import Client
from territoires.sources.updating import Request, update
from territoires.sources.version_store import DOWNLOADS
from territoires.workspace import open_workspace
from tests.conftest import DATA, ROOT

PAGE = ROOT / "docs" / "ajouter-une-source.md"


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def one_more_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "office_jardins.py").write_text(_block("python"), encoding="utf-8")
    monkeypatch.setattr(producers, "__path__", [*producers.__path__, str(folder)])
    yield
    sys.modules.pop(f"{producers.__name__}.office_jardins", None)


@pytest.fixture
def settings(tmp_path: Path):
    """Shipped data with one more catalogue entry, and an empty folder for the user's data."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data, copy_function=_link)
    entry = data / "indicateurs" / "officiels" / "jardins.toml"
    entry.write_text(_block("toml"), encoding="utf-8")
    return load_settings(
        {"TERRITOIRES_DONNEES_LIVREES": str(data), "TERRITOIRES_DONNEES": str(tmp_path / "user")}
    )


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


# What the entry divides by comes from another source, in the form of its producer.
INHABITANTS = "DEP;CODCOM;COM;PMUN;PCAP;PTOT\n30;350;30350;3000;50;3050\n01;001;01001;500;9;509\n"


def test_the_source_of_the_documentation_becomes_an_indicator(
    one_more_source, settings, tmp_path: Path
) -> None:
    offered = tmp_path / "fichiers"
    offered.mkdir()
    (offered / "jardins.csv").write_text("jardins;insee\n3;30350\n1;01001\n", encoding="utf-8")
    (offered / "donnees_communes_2023.csv").write_text(INHABITANTS, encoding="utf-8")
    client = Client(settings.user_data_dir / DOWNLOADS, mirror=None, tell=lambda _line: None)

    request = Request(offered=str(offered))
    report = update(settings, request, client, lambda _line: None, date(2026, 1, 2))

    assert [outcome.state for outcome in report.outcomes] == ["lue", "lue"]
    space = open_workspace(settings)
    table = space.indicators
    assert table.values.loc["30350", "jardins_pour_10000"] == pytest.approx(10.0)
    assert table.statuses.loc["75056", "jardins_pour_10000"] == "non_disponible"
    indicator = table.indicator("jardins_pour_10000")
    assert indicator.producer == "Office des jardins, Insee"
    assert (indicator.vintage, indicator.verified) == ("2025 / 2023", False)
    assert indicator.caution == "non vérifié sur fichier réel"
    listing = indicator_listing(table, date(2026, 1, 2)).set_index("code")
    assert listing.loc["jardins_pour_10000", "mention"] == indicator.caution


def test_the_rules_of_the_documentation_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for path in re.findall(r"`sources/([\w/]+(?:\.py)?)/?`", text):
        assert (ROOT / "src" / "territoires" / "sources" / path).exists(), path
    for word in ("absent_is_zero", "complete", "totals", "verified", "by_hand", "references"):
        assert word in text
