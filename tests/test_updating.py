"""``territoires actualiser``, from the producers' files to the figures in use, faults included."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territoires.cli.application import main
from territoires.settings import load_settings
from territoires.sources.registry import available_sources
from territoires.versions import current_identifier, current_version
from territoires.workspace import Workspace, open_workspace
from tests.conftest import SAMPLES
from tests.producers import INSEE, Producers, producers, serve_melodi, serve_samples, zipped

pytestmark = pytest.mark.echantillons

COMPARATEUR = f"{INSEE}/2521169/base_cc_comparateur_csv.zip"


@pytest.fixture
def server():
    with producers() as state:
        yield state


@pytest.fixture
def folder(tmp_path: Path, server: Producers, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERRITOIRES_DONNEES", str(tmp_path / "utilisateur"))
    monkeypatch.setenv("TERRITOIRES_MIROIR", server.url)
    return tmp_path / "utilisateur"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["actualiser", *arguments])
    return int(end.value.code or 0)


def workspace() -> Workspace:
    return open_workspace(load_settings(os.environ))


def published(space: Workspace, code: str) -> pd.Series:
    return space.indicators.comparable[code].dropna()


def test_known_totals_hold_from_the_producers_to_the_indicators(folder, server, capsys) -> None:
    serve_samples(server)
    assert run("insee_comparateur") == 0
    space = workspace()
    table = space.indicators
    people = table.denominators["taux_chomage_recensement"]
    rate = table.numerators["taux_chomage_recensement"].sum() / people.sum()
    vacant = table.numerators["part_logements_vacants"].sum()
    assert rate == pytest.approx(0.134, abs=0.0005)
    assert vacant / table.denominators["part_logements_vacants"].sum() == pytest.approx(
        0.082, abs=0.0005
    )
    assert table.statuses.loc["97611", "taux_chomage_recensement"] == "non_disponible"
    assert table.statuses.loc["97105", "taux_pauvrete"] == "hors_champ"
    said = capsys.readouterr().out
    assert "taux_chomage_recensement, 2018) : nouveau" in said


def test_a_real_file_by_the_command_line_and_back(folder, capsys) -> None:
    dares = SAMPLES / "dares-france-travail" / "dares_defm_communales_extrait.csv"
    assert run("--depuis", str(dares)) == 0
    table = workspace().indicators
    seekers = table.values["demandeurs_emploi"]
    assert seekers["33063"] == 29_190
    assert seekers["75056"] == 196_995
    gironde = seekers[seekers.index.str.startswith("33")]
    assert gironde.sum() == 142_570
    assert table.indicator("demandeurs_emploi").rounded_to == 5
    assert "Extrait" in " ".join(table.indicator("demandeurs_emploi").gaps)
    assert run("--revenir") == 0
    assert "demandeurs_emploi" not in workspace().indicators.catalogue
    assert run("--revenir") == 1
    assert "rien à défaire" in capsys.readouterr().err


def test_filosofi_keeps_its_floors_and_its_secrets(folder) -> None:
    assert run("--depuis", str(SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv")) == 0
    statuses = workspace().indicators.statuses["taux_pauvrete"]
    counts = statuses.value_counts()
    assert counts["plancher"] == 132
    assert counts["secret"] > 30_000
    assert counts["hors_champ"] == len(
        [c for c in statuses.index if c[:3] in ("971", "973", "976")]
    )


def test_the_whole_folder_of_samples_is_sorted_by_source(folder, capsys) -> None:
    assert run("--depuis", str(SAMPLES)) == 0
    version = current_version(folder)
    assert version is not None
    assert set(version.sources) == {c for c, one in available_sources().items() if one.verified}
    said = capsys.readouterr().err
    left = re.search(r"d'aucune source connue \((\d+)\) : (.*)\.", said)
    assert left
    assert "epcis95.geojson" in left[2]
    assert len(left[2].split(", ")) == int(left[1])
    # Two files of one vintage: the second adds what the first leaves out.
    mayotte = version.folder / "mesures" / "insee_populations.parquet"
    people = pd.read_parquet(mayotte).set_index(["code_mesure", "code_commune"])["valeur"]
    assert people["population_municipale", "97601"] == 5192
    assert people["population_municipale"].notna().all()
    table = workspace().indicators
    assert len(table.catalogue) > 25
    assert len(published(workspace(), "part_foyers_rsa")) > 800
    # The whole country of 2018 is kept, not the extract of 2023 that was in the folder too.
    assert table.indicator("taux_chomage_recensement").vintage == "2018"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("P18_CHOM1564", "P18_CHOMEURS", r"P••_CHOM1564.*P18_CHOMEURS"),
        ("TP6019", "TAUX", r"TP60••"),
    ],
)
def test_a_source_that_changed_its_format_is_said_and_the_others_go_on(
    folder, server, capsys, before: str, after: str, expected: str
) -> None:
    serve_samples(server)
    changed = _comparateur().replace(before.encode(), after.encode(), 1)
    server.serve(COMPARATEUR, zipped(base_cc_comparateur__CSV=changed))
    assert run("insee_comparateur", "insee_filosofi") == 3
    said = capsys.readouterr().err
    assert re.search(expected, said)
    assert "Non lues : insee_comparateur" in said
    version = current_version(folder)
    assert version is not None
    assert list(version.sources) == ["insee_filosofi"]


def test_every_source_is_asked_and_those_that_cannot_be_read_do_not_stop_the_others(
    folder, server, capsys
) -> None:
    serve_samples(server)
    assert run() == 3
    said = capsys.readouterr().err
    version = current_version(folder)
    assert version is not None
    # Whole files of their producers. The other samples are extracts, refused from a producer.
    assert set(version.sources) == {
        "anct_france_services", "insee_appartenance", "insee_cog", "insee_comparateur",
        "insee_filosofi",
    }  # fmt: skip
    assert said.count("fichier incomplet") == 9
    assert said.count("introuvable à cette adresse (404)") == 7
    by_hand = "À télécharger soi-même : dgaln_lovac_departements, dgcl_epci"
    assert by_hand in said
    assert "recherche_entreprises_ess" not in said  # hours of questions: only when asked for
    for source in available_sources().values():
        if source.collect is None:
            assert f"{source.code} : {source.label}…" in said


def test_a_changed_file_among_those_offered_is_said_and_the_others_go_on(
    folder, tmp_path, capsys
) -> None:
    offered = tmp_path / "fichiers"
    offered.mkdir()
    changed = _comparateur().replace(b"P18_CHOM1564", b"P18_CHOMEURS", 1)
    (offered / "comparateur.csv").write_bytes(changed)
    (offered / "notes.csv").write_text("auteur;remarque\nmoi;rien\n")
    filosofi = SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv"
    (offered / filosofi.name).symlink_to(filosofi)
    assert run("--depuis", str(offered)) == 3
    said = capsys.readouterr().err
    assert re.search(r"colonne absente : « P••_CHOM1564 » \(.*P18_CHOMEURS", said)
    assert "P18_ACT1564" not in said.partition("colonnes trouvées")[0]  # it has its own place
    assert "Non lues : insee_comparateur" in said
    assert "d'aucune source connue (1) : notes.csv" in said
    version = current_version(folder)
    assert version is not None
    assert list(version.sources) == ["insee_filosofi"]
    # Alone, and named or not, it is told the same way.
    for arguments in ([], ["insee_comparateur"]):
        assert run(*arguments, "--depuis", str(offered / "comparateur.csv")) == 1
        assert "« P••_CHOM1564 »" in capsys.readouterr().err
    # A source that was asked for by its name, and is not there.
    assert run("insee_filosofi", "insee_bpe", "--depuis", str(offered)) == 3
    assert "insee_bpe : aucun de ses fichiers dans" in capsys.readouterr().err


def test_an_address_may_be_offered(folder, server, capsys) -> None:
    filosofi = SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv"
    server.serve("/miroir.example/a/filosofi.csv", filosofi)
    assert run("--depuis", "https://miroir.example/a/filosofi.csv?x=1") == 0
    version = current_version(folder)
    assert version is not None
    about = version.sources["insee_filosofi"]
    assert about["adresse"] == "https://miroir.example/a/filosofi.csv?x=1"
    assert about["sha256"] == hashlib.sha256(filosofi.read_bytes()).hexdigest()
    server.serve("/miroir.example/a/filosofi.csv", b"", redirect="https://ailleurs.example/x")
    assert run("--depuis", "https://miroir.example/a/filosofi.csv") == 1
    assert "autre serveur (ailleurs.example)" in capsys.readouterr().err


def test_columns_in_another_order_and_a_bom_change_nothing(folder, server) -> None:
    header, *rows = _comparateur().decode().splitlines()
    turned = [";".join(reversed(line.split(";"))) for line in [header, *rows]]
    content = b"\xef\xbb\xbf" + "\r\n".join(turned).encode()
    server.serve(COMPARATEUR, zipped(base_cc_comparateur__CSV=content, meta_base__CSV=b"a;b\n1;2"))
    assert run("insee_comparateur") == 0
    turned_rate = published(workspace(), "taux_chomage_recensement")
    server.serve(COMPARATEUR, SAMPLES / "insee-comparateur" / "base_cc_comparateur_csv.zip")
    assert run("insee_comparateur") == 0
    pd.testing.assert_series_equal(turned_rate, published(workspace(), "taux_chomage_recensement"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<!DOCTYPE html><html>Page introuvable</html>", "page web"),
        (b"", "vide"),
        (b"PK\x03\x04 rien du tout", "endommagée"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 10, "binaires"),
        (zipped(autre__csv=b"a;b\n1;2\n"), "forme connue"),
    ],
)
def test_what_is_not_the_file_is_refused_and_nothing_changes(
    folder, server, capsys, content: bytes, expected: str
) -> None:
    server.serve(COMPARATEUR, content)
    assert run("insee_comparateur") == 1
    assert expected in capsys.readouterr().err
    assert current_identifier(folder) == ""


def test_a_zip_bomb_is_refused(folder, server, capsys) -> None:
    server.serve(COMPARATEUR, zipped(base_cc_comparateur__CSV=b"0" * 120_000_000))
    assert run("insee_comparateur") == 1
    assert "archive refusée" in capsys.readouterr().err


def test_a_file_cut_in_half_is_refused_though_its_rows_are_good(folder, server, capsys) -> None:
    half = b"\r\n".join(_comparateur().split(b"\r\n")[:9000])
    server.serve(COMPARATEUR, zipped(base_cc_comparateur__CSV=half))
    assert run("insee_comparateur") == 1
    assert "fichier incomplet" in capsys.readouterr().err


def test_a_total_that_contradicts_the_producer_is_refused(folder, tmp_path, capsys) -> None:
    path = SAMPLES / "dares-france-travail" / "dares_defm_communales_extrait.csv"
    text = path.read_text("utf-8-sig")
    wrong = tmp_path / "dares.csv"
    wrong.write_text(re.sub(r"(2024-T4;.*;33063;.*;ABC;Total;Total;)29190", r"\g<1>9190", text))
    assert run("--depuis", str(wrong)) == 1
    assert "au lieu des" in capsys.readouterr().err


def test_a_file_that_is_not_what_it_claims_is_named(folder, capsys) -> None:
    filosofi = SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv"
    assert run("dares_communes", "--depuis", str(filosofi)) == 1
    said = capsys.readouterr().err
    assert "n'est pas dares_communes" in said
    assert "insee_filosofi" in said


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["nulle_part"], 1, "Source inconnue : « nulle_part »"),
        (["--depuis", "absent.csv"], 1, "introuvable"),
        (["--revenir", "insee_bpe"], 2, "--revenir s'emploie seul"),
        (["dgaln_lovac_departements"], 1, "--depuis"),
    ],
)
def test_wrong_uses_are_explained(
    folder, capsys, arguments: Sequence[str], status: int, expected: str
) -> None:
    assert run(*arguments) == status
    assert expected in capsys.readouterr().err


def test_a_second_update_keeps_what_it_does_not_read_again(folder, server) -> None:
    serve_samples(server)
    assert run("insee_comparateur") == 0
    first = published(workspace(), "taux_chomage_recensement")
    assert run("insee_filosofi") == 0
    second = workspace()
    pd.testing.assert_series_equal(first, published(second, "taux_chomage_recensement"))
    # Filosofi 2021 takes the place of the incomes of 2019 that the comparateur carries.
    assert second.indicators.indicator("taux_pauvrete").vintage == "2021"
    assert second.indicators.indicator("taux_pauvrete").sources == ("insee_filosofi",)


def test_an_extract_never_takes_the_place_of_the_whole_country(folder, tmp_path, capsys) -> None:
    whole = SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv"
    lines = whole.read_text("utf-8").splitlines(keepends=True)
    half = tmp_path / "moitie.csv"
    half.write_text("".join(lines[:15_000]), encoding="utf-8")
    assert run("insee_filosofi", "--depuis", str(half)) == 0  # alone, it is an extract like others
    assert run("insee_filosofi", "--depuis", str(whole)) == 0
    before = published(workspace(), "taux_pauvrete")
    assert run("insee_filosofi", "--depuis", str(half)) == 1
    assert (
        "La France entière, déjà en service (millésime 2021), est gardée" in capsys.readouterr().err
    )
    pd.testing.assert_series_equal(before, published(workspace(), "taux_pauvrete"))


def test_estimates_asked_for_and_not_computed_are_a_part_not_done(folder, capsys) -> None:
    offered = str(SAMPLES / "insee-cog" / "v_commune_2026.csv")
    assert run("insee_cog", "--depuis", offered) == 0
    assert run("insee_cog", "--depuis", offered, "--estimations") == 3
    told = capsys.readouterr().err
    assert "Estimations non calculées : " in told
    assert "Non lues : estimations" in told


def test_facilities_of_the_whole_country_count_absence_as_none(folder, server) -> None:
    serve_melodi(server, "DS_BPE", "2025", national_facilities())
    assert run("insee_bpe") == 0
    table = workspace().indicators
    services = table.values["services_quotidiens"]
    assert services.notna().all()
    assert set(np.unique(services)) == {0.0, 1.0, 8.0}


def test_an_extract_of_facilities_never_makes_a_zero(folder) -> None:
    sample = SAMPLES / "insee-melodi" / "DS_BPE_2025_data_extrait.csv"
    assert run("--depuis", str(sample)) == 0
    assert "services_quotidiens" not in workspace().indicators.catalogue


def national_facilities() -> bytes:
    """A made-up file in the form of 2024, every service in one commune in three."""
    codes = pd.read_parquet(
        Path(load_settings({}).data_dir) / "communes" / "communes.parquet",
        columns=["code_commune"],
    )["code_commune"]
    services = ("D265", "D307", "C109", "B207", "B105", "A206", "A203", "D502")
    rows = ['"GEO";"GEO_OBJECT";"FACILITY_TYPE";"BPE_MEASURE";"TIME_PERIOD";"OBS_VALUE"']
    for at, code in enumerate(codes):
        if at % 3 == 0:
            rows += [f'"{code}";"COM";"{s}";"FACILITIES";"2024";"2"' for s in services]
        elif at % 3 == 1:
            rows.append(f'"{code}";"COM";"A206";"FACILITIES";"2024";"1"')
        else:
            rows.append(f'"{code}";"COM";"_T";"FACILITIES";"2024";"4"')
    rows.append('"33";"DEP";"D265";"FACILITIES";"2024";"900"')
    return "\n".join(rows).encode()


def _comparateur() -> bytes:
    import io
    import zipfile

    content = (SAMPLES / "insee-comparateur" / "base_cc_comparateur_csv.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("base_cc_comparateur.CSV")
