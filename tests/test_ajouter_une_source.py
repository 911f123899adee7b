"""One file and one catalogue entry are enough: the example of the documentation is run."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from territoires.settings import load_settings
from territoires.sources import producers
from territoires.sources.fetching import Client
from territoires.sources.updating import Request, update
from territoires.sources.version_store import DOWNLOADS
from territoires.workspace import open_workspace
from tests.conftest import DATA, ROOT

PAGE = ROOT / "docs" / "ajouter-une-source.md"
POPULATIONS = "population_municipale"


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
    entry = _block("toml").replace("population_municipale", "habitants_comptes")
    (data / "indicateurs" / "officiels" / "jardins.toml").write_text(entry, encoding="utf-8")
    return load_settings(
        {"TERRITOIRES_DONNEES_LIVREES": str(data), "TERRITOIRES_DONNEES": str(tmp_path / "user")}
    )


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def test_the_source_of_the_documentation_becomes_an_indicator(
    one_more_source, settings, tmp_path: Path
) -> None:
    source = Path(tmp_path / "sources" / "office_jardins.py")
    source.write_text(_with_inhabitants(source.read_text("utf-8")), encoding="utf-8")
    file = tmp_path / "jardins.csv"
    file.write_text("jardins;insee;habitants\n3;30350;3000\n1;01001;500\n", encoding="utf-8")
    client = Client(settings.user_data_dir / DOWNLOADS, mirror=None, tell=lambda _line: None)

    request = Request(("office_jardins",), str(file))
    report = update(settings, request, client, lambda _line: None, date(2026, 1, 2))

    assert not report.failed
    table = open_workspace(settings).indicators
    assert table.values.loc["30350", "jardins_pour_10000"] == pytest.approx(10.0)
    assert table.statuses.loc["75056", "jardins_pour_10000"] == "non_disponible"
    indicator = table.indicator("jardins_pour_10000")
    assert (indicator.producer, indicator.vintage, indicator.verified) == (
        "Office des jardins",
        "2025",
        False,
    )


def _with_inhabitants(text: str) -> str:
    """Let the example give its own denominator, so that the test needs no other source."""
    return (
        text.replace('("insee", "jardins")', '("insee", "jardins", "habitants")')
        .replace(
            '{"jardins_partages": gardens}',
            '{"jardins_partages": gardens, "habitants_comptes": numbers('
            'rows["habitants"], where=file.name)}',
        )
        .replace("measures=(Measure(", 'measures=(Measure("habitants_comptes"), Measure(')
    )
