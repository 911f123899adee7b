"""Data versions: written whole or not at all, gone back from, never left half."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territoires.errors import DataFileError, InvalidRequest
from territoires.sources.combining import Combined
from territoires.sources.version_store import (
    KEPT_VERSIONS,
    Content,
    go_back,
    one_update_at_a_time,
    use_version,
    write_version,
)
from territoires.versions import VERSIONS, current_identifier, current_version, open_version

DAY = date(2026, 11, 23)
ENTRY = {
    "code": "essai",
    "libelle": "Essai",
    "definition": "Un chiffre pour essayer.",
    "unite": "%",
    "numerateur": "",
    "denominateur": "",
    "sens": 1,
    "decimales": 1,
    "agregation": "moyenne_ponderee",
    "niveau": "commune",
    "famille": "essai",
    "producteur": "nous",
    "source": "nous",
    "source_url": "https://essai.example",
    "licence": "Licence Ouverte 2.0",
    "millesime": "2025",
    "cog": 2026,
}


def content(register, value: float) -> Content:
    communes = register.communes.index
    column = pd.DataFrame(
        {"valeur": value, "numerateur": np.nan, "denominateur": np.nan, "statut": "publie"},
        index=communes,
    )
    return Content({}, {}, {"essai": Combined(ENTRY, column)}, {}, {"valeur": value})


def test_the_first_version_is_put_in_use_and_reads_back(register, tmp_path: Path) -> None:
    assert current_version(tmp_path) is None
    written = write_version(tmp_path, content(register, 4.0), register, DAY)
    used = current_version(tmp_path)
    assert used is not None
    assert used.identifier == written.identifier
    assert used.document["registre"] == register.version
    assert used.previous == ""


def test_the_same_content_makes_no_new_version(register, tmp_path: Path) -> None:
    first = write_version(tmp_path, content(register, 4.0), register, DAY)
    again = write_version(tmp_path, content(register, 4.0), register, date(2027, 1, 1))
    assert again.identifier == first.identifier
    assert len(list((tmp_path / VERSIONS).iterdir())) == 1


def test_going_back_follows_the_versions_down_to_the_embedded_pack(
    register, tmp_path: Path
) -> None:
    first = write_version(tmp_path, content(register, 1.0), register, DAY)
    second = write_version(tmp_path, content(register, 2.0), register, DAY)
    assert second.previous == first.identifier
    assert go_back(tmp_path) == first.identifier
    assert current_identifier(tmp_path) == first.identifier
    assert go_back(tmp_path) == ""
    assert current_version(tmp_path) is None
    with pytest.raises(InvalidRequest, match="rien à défaire"):
        go_back(tmp_path)


def test_a_damaged_version_is_left_for_the_newest_whole_one(register, tmp_path: Path) -> None:
    first = write_version(tmp_path, content(register, 1.0), register, DAY)
    second = write_version(tmp_path, content(register, 2.0), register, DAY)
    (second.folder / "version.json").write_text("{")
    with pytest.raises(DataFileError, match="--revenir"):
        current_version(tmp_path)
    assert go_back(tmp_path) == first.identifier


def test_old_versions_are_let_go_and_the_chain_in_use_is_kept(register, tmp_path: Path) -> None:
    for value in range(KEPT_VERSIONS + 2):
        last = write_version(tmp_path, content(register, float(value)), register, DAY)
    kept = {path.name for path in (tmp_path / VERSIONS).iterdir()}
    assert len(kept) == KEPT_VERSIONS
    assert last.identifier in kept
    assert last.previous in kept


def test_what_a_dead_update_left_is_swept_by_the_next_one(tmp_path: Path) -> None:
    left = tmp_path / VERSIONS / ".en-cours-abc"
    left.mkdir(parents=True)
    (left / "moitie.parquet").write_bytes(b"PAR1")
    with one_update_at_a_time(tmp_path):
        assert not left.exists()


def test_two_updates_do_not_run_at_once(tmp_path: Path) -> None:
    with (
        one_update_at_a_time(tmp_path),
        pytest.raises(InvalidRequest, match="Une autre mise à jour"),
        one_update_at_a_time(tmp_path),
    ):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 3}', '{"version": "../../etc"}'])
def test_a_pointer_that_is_not_one_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "actuelle.json").write_text(text)
    with pytest.raises(DataFileError, match=r"actuelle\.json"):
        current_version(tmp_path)


def test_a_version_that_is_named_and_absent_is_said(tmp_path: Path) -> None:
    use_version(tmp_path, "2026-01-01-00000000")
    with pytest.raises(DataFileError, match="version absente"):
        current_version(tmp_path)


def test_an_unreadable_list_of_sources_is_said(register, tmp_path: Path) -> None:
    written = write_version(tmp_path, content(register, 1.0), register, DAY)
    path = written.folder / "version.json"
    document = json.loads(path.read_text("utf-8"))
    document["sources"] = []
    path.write_text(json.dumps(document))
    with pytest.raises(DataFileError, match="illisible"):
        open_version(tmp_path, written.identifier)
