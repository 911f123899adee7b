"""Shared fixtures: the real data, loaded once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Speed is measured in bench/: a property is not false because the machine was busy.
settings.register_profile("territoires", deadline=None)
settings.load_profile("territoires")

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SAMPLES = ROOT.parent / "shared" / "samples"
FACTS = ROOT.parent / "shared" / "facts"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason, the tests whose material is not on this machine."""
    if item.get_closest_marker("echantillons") and not SAMPLES.is_dir():
        pytest.skip("échantillons officiels absents : ../shared/samples, à côté du dépôt")


@pytest.fixture(autouse=True)
def no_official_data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Keep the official data of whoever runs the tests out of them, and their mirror."""
    folder = tmp_path_factory.getbasetemp() / "sans-donnees-officielles"
    monkeypatch.setenv("TERRITOIRES_DONNEES", str(folder))
    monkeypatch.delenv("TERRITOIRES_MIROIR", raising=False)
    monkeypatch.delenv("TERRITOIRES_GEOCODEUR", raising=False)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return DATA


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def register():
    from territoires.communes import load_register

    return load_register(DATA)


@pytest.fixture(scope="session")
def indicators(register):
    from territoires.indicators import load_indicators

    return load_indicators(DATA, register)


@pytest.fixture(scope="session")
def directory(register):
    from territoires.initiatives import load_directory, load_vocabularies

    return load_directory(DATA, register, load_vocabularies(DATA))


@pytest.fixture(scope="session")
def addok(tmp_path_factory: pytest.TempPathFactory, register):
    """Run a real engine of the family of the national service, for the whole session."""
    from tests.addok import missing, running_engine, write_documents

    if reason := missing():
        if os.environ.get("TERRITOIRES_CI"):
            pytest.fail(f"{reason} (l'intégration continue n'en dispense pas)")
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("addok")
    with running_engine(folder, lambda path: write_documents(path, register)) as engine:
        yield engine
