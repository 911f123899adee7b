"""The wheel, unpacked where there is no checkout: it carries its data and starts."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roue")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheel = next(folder.glob("*.whl"))
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(site: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_it_holds_its_data_and_every_file_of_it(unpacked: Path) -> None:
    shipped = {path.relative_to(ROOT / "data") for path in (ROOT / "data").rglob("*.*")}
    carried = {
        path.relative_to(unpacked / "territoires" / "_data")
        for path in (unpacked / "territoires" / "_data").rglob("*.*")
    }
    assert carried == shipped
    assert (unpacked / "territoires" / "py.typed").is_file()


def test_it_holds_the_templates_of_the_sheets(unpacked: Path) -> None:
    folder = Path("territoires", "exports", "sheets", "templates")
    ours = {path.name for path in (ROOT / "src" / folder).iterdir()}
    assert {path.name for path in (unpacked / folder).iterdir()} == ours
    assert "main.typ" in ours


def test_it_works_outside_the_checkout(unpacked: Path) -> None:
    code = (
        "import os, territoires\n"
        "from territoires.settings import load_settings\n"
        "from territoires.workspace import open_workspace\n"
        "workspace = open_workspace(load_settings(os.environ))\n"
        "workspace.check()\n"
        "print(territoires.__file__, workspace.settings.data_dir, len(workspace.register.communes))"
    )
    package, data, count = run(unpacked, code).split()
    assert Path(package).is_relative_to(unpacked)
    assert Path(data) == unpacked / "territoires" / "_data"
    assert count == "34875"
