"""The command line, as a person runs it: French words, exit statuses, files written whole."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from territoires.cli import main
from territoires.cli.application import VERBS
from territoires.manifest import check_manifest
from tests.conftest import DATA, SAMPLES


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return int(stop.value.code or 0), told.out, told.err


def test_help_is_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--help")
    assert status == 0
    for verb in ("servir", "communes", "valider", "geocoder", "construire-donnees"):
        assert verb in out
    for english in ("Usage:", "Commands", "Show this message"):
        assert english not in out


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_verb_explains_itself_in_french(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    status, out, _ = run(capsys, verb, "--help")
    assert status == 0
    assert out.startswith(f"Usage : territoires {verb}")
    assert "Affiche cette aide." in out


def test_a_verb_misspelt_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "indices")
    assert status == 2
    assert "Peut-être : indice" in err


def test_a_command_on_ones_own_file_does_not_wait_for_the_maps() -> None:
    """Start-up is most of what a short command costs: the heavy half is not imported."""
    asked = "import sys, territoires.cli.indice; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    loaded = set(done.stdout.split())
    assert "territoires.needs" in loaded
    assert loaded.isdisjoint({"folium", "geopandas", "streamlit", "territoires.workspace"})


def test_alone_the_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys)
    assert status == 0
    assert "Commandes" in out


def test_a_busy_port_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, err = run(capsys, "servir", "--port", port)
    assert status == 1
    assert "déjà pris" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["comunes"], "Commande inconnue : comunes"),
        (["communes", "--sortei"], "Option inconnue : --sortei"),
        (["geocoder", "seul.csv"], "Il manque l'argument SORTIE"),
        (["communes", "-o"], "attend une valeur"),
    ],
)
def test_wrong_use_is_said_in_french(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert words in err


def test_one_commune_on_screen(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "communes", "30350")
    assert status == 0
    assert out.splitlines()[0].startswith("code_commune,nom,code_departement")
    assert "30350,Le Vigan,30,Gard,76,Occitanie," in out


def test_an_unknown_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "communes", "99999")
    assert (status, out) == (1, "")
    assert "99999" in err


@pytest.mark.parametrize("extension", ["geojson", "gpkg", "parquet"])
def test_communes_are_read_back_with_their_outlines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, extension: str
) -> None:
    file = tmp_path / f"extrait.{extension}"
    status, _, _ = run(capsys, "communes", "30350", "01001", "2A004", "-o", str(file))
    assert status == 0
    read = gpd.read_parquet(file) if extension == "parquet" else gpd.read_file(file)
    assert read.crs is not None
    assert read.crs.to_epsg() == 4326
    assert set(read["code_commune"]) == {"30350", "01001", "2A004"}
    assert read.geometry.is_valid.all()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_geocoder_keeps_columns_and_order(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source, target = tmp_path / "liste.csv", tmp_path / "placee.csv"
    source.write_bytes(
        "Nom;CP;Ville\nUn;30120;Le Vigan\nDeux;;Sainte-Colombe\nTrois;01400;L'Abergement "
        "Clemenciat\n".encode("cp1252")
    )
    status, out, _ = run(capsys, "geocoder", str(source), str(target))
    assert status == 0
    placed = pd.read_csv(target, dtype=str, keep_default_na=False)
    assert list(placed.columns[:3]) == ["Nom", "CP", "Ville"]
    assert list(placed["Nom"]) == ["Un", "Deux", "Trois"]
    assert list(placed["geo_code_commune"]) == ["30350", "", "01001"]
    assert list(placed["geo_statut"]) == ["sur", "a_verifier", "sur"]
    assert ";" in placed["geo_candidats"][1]
    assert "3" in out


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"\x89PNG\r\n\x1a\n\x00\x00", "image"), (b"\x00" * 50, "")],
)
def test_a_file_that_is_no_table_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, words: str
) -> None:
    source = tmp_path / "bizarre.csv"
    source.write_bytes(content)
    status, _, err = run(capsys, "geocoder", str(source), str(tmp_path / "sortie.csv"))
    assert status == 1
    assert words in err
    assert not (tmp_path / "sortie.csv").exists()


def test_valider_tells_line_field_and_value(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = tmp_path / "initiatives.csv"
    source.write_text("nom,type,code_commune\nJardin,jardin_partagé,30350\n,amap,99999\n", "utf-8")
    status, out, _ = run(capsys, "valider", str(source))
    assert status == 1
    assert "ligne 2, type" in out
    assert "jardin_partage" in out
    assert "ligne 3, nom" in out
    assert "99999" in out


def test_the_shipped_directory_has_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "valider", str(DATA / "initiatives.csv"))
    assert status == 0, out
    assert "239 lignes" in out


@pytest.mark.echantillons
def test_a_real_list_is_placed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "placee.csv"
    status, _, _ = run(
        capsys, "geocoder", str(SAMPLES / "initiatives" / "annuaires.csv"), str(target)
    )
    assert status == 0
    assert (pd.read_csv(target, dtype=str)["geo_statut"] == "sur").mean() > 0.5


def test_a_damaged_file_is_named_with_its_remedy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(DATA / "communes", tmp_path / "communes")
    outlines = tmp_path / "communes" / "contours.parquet"
    outlines.write_bytes(outlines.read_bytes()[:1000])
    monkeypatch.setenv("TERRITOIRES_DONNEES_LIVREES", str(tmp_path))
    for command in (["communes", "30350"], ["servir", "--sans-navigateur"]):
        status, _, err = run(capsys, *command)
        assert status == 1
        assert "contours.parquet" in err
        assert "construire-donnees" in err


@pytest.mark.parametrize(
    "name",
    [
        "initiatives.csv",
        "vocabulaires/types.csv",
        "recettes/deprise_eloignement.toml",
        "presets/tzcld.toml",
        "geocodage/seuils.toml",
        "indicateurs/valeurs.parquet",
        "indicateurs/catalogue.toml",
        "communes/voisins.parquet",
    ],
)
@pytest.mark.parametrize("damage", ["absent", "coupé", "bruité"])
def test_nothing_starts_with_a_file_missing_cut_or_noisy(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: str,
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy, copy_function=os.link)
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    middle = len(content) // 2
    if damage == "coupé":
        (copy / name).write_bytes(content[:middle])
    elif damage == "bruité":
        (copy / name).write_bytes(content[:middle] + b"\x00\xff" * 8 + content[middle + 16 :])
    monkeypatch.setenv("TERRITOIRES_DONNEES_LIVREES", str(copy))
    status, _, err = run(capsys, "servir", "--sans-navigateur")
    assert status == 1
    assert name.rpartition("/")[2] in err
    assert "Réinstallez" in err


def test_the_manifest_is_up_to_date() -> None:
    check_manifest(DATA)


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "territoires", "communes", "30350", "--excel"],
        capture_output=True,
        check=True,
    )
    assert b"30350;" in done.stdout
    assert b",9" not in done.stdout.split(b"\r\n")[0]


def test_version_file_agrees_with_the_register() -> None:
    version = json.loads((DATA / "communes" / "version.json").read_text("utf-8"))
    assert version["cog"] == 2026


def test_a_value_is_told_once_in_a_finding(capsys, tmp_path) -> None:
    path = tmp_path / "membres.csv"
    path.write_text("code\n99999\n30350\n", "utf-8")
    out = tmp_path / "x.csv"
    words = ["candidats", "--membres", str(path), "--tirages", "0", "-o", str(out)]
    status, _, told = run(capsys, *words)
    assert status == 0
    assert told.count("99999") == 1
