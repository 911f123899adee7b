"""``territoires fiche``: a folder, a booklet, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import run
from tests.test_fiches import links_of, reader


def test_the_command_writes_a_folder_and_a_booklet(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder, file = tmp_path / "fiches", tmp_path / "livret.pdf"
    asked = ("30350", "autre-tezea-pipriac", "Mende", "--tirages", "0")
    status, _, err = run(capsys, "fiche", *asked, "-o", str(folder))
    assert status == 0
    assert "3 fiches écrites" in err.replace("\u00a0", " ")
    assert sorted(path.name for path in folder.iterdir()) == [
        "autre-tezea-pipriac.pdf", "com-30350-le-vigan.pdf", "com-48095-mende.pdf",
    ]  # fmt: skip
    status, _, _ = run(
        capsys, "fiche", *asked, "-o", str(file), "--titre", "Nos lieux",
        "--adresse", "https://exemple.org",
    )  # fmt: skip
    assert status == 0
    assert "Nos lieux" in reader(file.read_bytes()).pages[0].extract_text()
    assert b"https://exemple.org/?lieu=com:30350" in links_of(file.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "Il manque un CODE ou un ID"),
        (["30350"], 2, "Il manque l'option -o"),
        (["xyzzyx", "-o", "a.pdf"], 1, "Ce n'est pas non plus l'identifiant"),
        (["Saint-Denis", "-o", "a.pdf"], 1, "plusieurs territoires"),
        (["30350", "-o", "a.csv"], 1, "un nom qui finit par .pdf"),
        (["30350", "-o", "absent/b/c.pdf", "--tirages", "0"], 1, "Impossible d'écrire"),
        (["30350", "-o", "a.pdf", "--recette", "economie_locale"], 1, "territoires actualiser"),
        (["30350", "-o", "a.pdf", "--adresse", "javascript:x"], 1, "http(s)"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_french(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], status: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    given_status, _, err = run(capsys, "fiche", *arguments)
    assert given_status == status
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_printing_needs_no_network(tmp_path: Path) -> None:
    """The press works where no socket can be opened: no font, no package is fetched."""
    code = (
        "import socket\n"
        "def closed(*_a, **_k): raise AssertionError('network')\n"
        "socket.socket.connect = closed; socket.getaddrinfo = closed\n"
        "from territoires.cli import main\n"
        "main(['fiche', '30350', '-o', 'f.pdf', '--tirages', '0'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert len(reader((tmp_path / "f.pdf").read_bytes()).pages) == 2
