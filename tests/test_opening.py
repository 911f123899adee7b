"""What producers publish, opened by its content: the real files, and all that may go wrong."""

from __future__ import annotations

import errno
import gzip
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import numbers
from territoires.sources.declaration import Layout, Source, at
from territoires.sources.opening import closest, containers, open_file, recognise
from territoires.sources.registry import available_sources
from tests.conftest import SAMPLES
from tests.producers import zipped

WIDE = Layout("CSV large", "csv", ("CODGEO", r"P\d\d_POP", r"P\d\d_CHOM"), member="base_*.csv")


def source(*layouts: Layout) -> Source:
    return Source(
        "essai", "Essai", "Nous", "Licence", "https://essai.example", at("https://essai.example/x"),
        lambda _file, _bench: None, layouts,
    )  # fmt: skip


def opened(path: Path, *layouts: Layout) -> pd.DataFrame:
    with open_file(path, source(*layouts)) as table:
        frame = table.frame()
        assert table.rows == len(frame)
        return frame


@pytest.fixture
def write(tmp_path: Path):
    def written(content: bytes | str, name: str = "fichier") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.mark.parametrize(
    "content",
    [
        "CODGEO;P18_POP;P18_CHOM\n01001;771;32.5\n",
        "P18_CHOM;CODGEO;P18_POP\r\n32.5;01001;771\r\n",
        "\ufeffCODGEO,P18_POP,P18_CHOM\n01001,771,32.5\n",
        '"CODGEO"\t"P18_POP"\t"P18_CHOM"\n"01001"\t"771"\t"32.5"\n',
        " CODGEO ; P18_POP ; P18_CHOM \n 01001 ; 771 ; 32.5 \n",
        "CODGEO;P18_POP;P18_CHOM;été\n01001;771;32.5;là\n".encode("latin-1"),
    ],
)
def test_the_same_table_however_it_is_written(write, content) -> None:
    frame = opened(write(content), WIDE)
    row = frame[["CODGEO", "P18_POP", "P18_CHOM"]].iloc[0]
    assert row.tolist() == ["01001", "771", "32.5"]


@pytest.mark.parametrize("pack", ["zip", "gzip", "plain"])
def test_the_same_table_however_it_is_packed(write, pack: str) -> None:
    content = b"CODGEO;P18_POP;P18_CHOM\n01001;771;32.5\n"
    packed = {
        "zip": zipped(meta_base__csv=b"COD_VAR;LIB\nP18_POP;x\n", base_cc__csv=content),
        "gzip": gzip.compress(content),
        "plain": content,
    }
    assert opened(write(packed[pack]), WIDE)["CODGEO"].tolist() == ["01001"]


def test_a_renamed_column_is_named_with_its_nearest(write) -> None:
    with pytest.raises(UnexpectedFormat, match=r"« P••_CHOM ».*P18_CHOMEURS"):
        opened(write("CODGEO;P18_POP;P18_CHOMEURS\n1;2;3\n"), WIDE)


def test_a_column_in_other_capitals_is_the_nearest(write) -> None:
    long = Layout("long", "csv", ("GEO", "OBS_VALUE", "TIME_PERIOD"))
    with pytest.raises(UnexpectedFormat, match=r"« P••_CHOM » \(la plus proche : p18_chom\)"):
        opened(write("codgeo;p18_pop;p18_chom\n1;2;3\n"), long, WIDE)


def test_another_source_with_more_columns_is_not_taken_for_this_one(write) -> None:
    layout = Layout("sans", "csv", ("CODGEO",), without=("MED21",))
    with pytest.raises(UnexpectedFormat):
        opened(write("CODGEO;MED21\n1;2\n"), layout)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "vide"),
        (b"<!DOCTYPE html><html>", "page web"),
        (b"\n  <html>", "page web"),
        (b"%PDF-1.7", "PDF"),
        (b"a\x00b\x01", "binaires"),
        ("CODGEO;x\n".encode("utf-16"), "UTF-16"),
        (b'[{"CODGEO": "01001"}]', "c'est un JSON, attendu : un CSV, un Parquet"),
        (b"PK\x03\x04coupe", "endommag"),
        (gzip.compress(b"CODGEO;x\n" * 1000)[:60], "endommag"),
        (b"PAR1 coupe", "Parquet|forme connue"),
        (b"CODGEO;P18_POP;P18_CHOM\n1;2\n", "cellules"),
        (b"CODGEO;P18_POP;P18_CHOM\n1;2;3;4\n", "cellules"),
        (b"CODGEO;P18_POP;P18_CHOM;CODGEO\n1;2;3;4\n", "en double : CODGEO"),
        (zipped(autre__csv=b"a;b\n1;2\n"), r"pas de fichier « base_\*\.csv »"),
        (zipped(base_1__csv=b"0" * 120_000_000), "archive refusée"),
    ],
)
def test_what_is_not_a_table_is_refused_in_words(write, content: bytes, expected: str) -> None:
    layouts = (WIDE, Layout("Parquet", "parquet", ("CODGEO",)))
    with pytest.raises(UnexpectedFormat, match=expected) as refusal:
        opened(write(content), *layouts)
    assert "fichier" in str(refusal.value)


def test_a_full_disk_is_not_taken_for_a_damaged_archive(write, monkeypatch) -> None:
    def full(*_asked: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(containers, "_copy", full)
    with pytest.raises(UnexpectedFormat, match="disque est plein") as refusal:
        opened(write(zipped(base_1__csv=b"CODGEO;P18_POP;P18_CHOM\n1;2;3\n")), WIDE)
    assert "endommag" not in str(refusal.value)


def test_an_encrypted_archive_is_said(write) -> None:
    content = bytearray(zipped(base_1__csv=b"CODGEO;P18_POP;P18_CHOM\n1;2;3\n"))
    for mark, at_byte in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at_byte] |= 1
    with pytest.raises(UnexpectedFormat, match="chiffré"):
        opened(write(bytes(content)), WIDE)


def test_an_archive_of_too_many_files_is_refused(write) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for at_file in range(300):
            archive.writestr(f"base_{at_file}.csv", "x")
    with pytest.raises(UnexpectedFormat, match="300 fichiers"):
        opened(write(buffer.getvalue()), WIDE)


def test_a_member_cannot_leave_its_folder(write, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../base_1.csv", "CODGEO;P18_POP;P18_CHOM\n1;2;3\n")
    assert len(opened(write(buffer.getvalue()), WIDE)) == 1
    assert not (tmp_path.parent / "base_1.csv").exists()


def test_numbers_of_a_parquet_come_as_text(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    pd.DataFrame({"GEO": ["01001"], "OBS_VALUE": [12.5], "TIME_PERIOD": [2023]}).to_parquet(path)
    frame = opened(path, Layout("long", "parquet", ("GEO", "OBS_VALUE")))
    assert frame.iloc[0].tolist() == ["01001", "12.5", "2023"]


@pytest.mark.parametrize("name", ["contours.zip", "contours.geojson.gz", "contours"])
def test_outlines_are_read_whatever_their_name_says(write, name: str) -> None:
    square = {"type": "Polygon", "coordinates": [[[5, 46], [5.1, 46], [5.1, 46.1], [5, 46]]]}
    feature = {"type": "Feature", "properties": {"code": "01001"}, "geometry": square}
    path = write(json.dumps({"type": "FeatureCollection", "features": [feature]}), name)
    with open_file(path, source(Layout("contours", "geojson", ("code",)))) as table:
        features = table.geodata()
    assert features["code"].tolist() == ["01001"]
    assert str(features.crs) == "EPSG:4326"


def test_a_missing_figure_of_a_parquet_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    pd.DataFrame({"GEO": ["01001", None], "OBS_VALUE": [float("nan"), 2.0]}).to_parquet(path)
    frame = opened(path, Layout("long", "parquet", ("GEO", "OBS_VALUE")))
    assert frame.to_numpy().tolist() == [["01001", ""], ["", "2"]]


@pytest.mark.parametrize(
    ("content", "nearest"),
    [
        ("CODGEO;P18_POP;P18_CHOMEURS\n1;2;3\n", "rare"),
        ("CODGEO;autre\n1;2\n", None),
        ("CODGEO;P18_POP;P18_CHOM;a;b\n1;2;3;4;5\n", "rare"),
    ],
)
def test_the_nearest_source_is_told_by_the_columns_that_few_have(
    write, content: str, nearest: str | None
) -> None:
    common = Layout("commun", "csv", ("CODGEO", "GEO", "TIME", "VALUE"))
    wide = Layout("large", "csv", ("CODGEO", r"P\d\d_POP", r"P\d\d_CHOM", "P18_CHOMEURS"))
    sources = {
        "commun": replace(source(common), code="commun"),
        "rare": replace(source(wide), code="rare"),
    }
    found = closest(write(content), sources)
    assert (found.code if found else None) == nearest


def test_rows_are_chosen_by_their_codes_and_all_are_counted(write) -> None:
    path = write("GEO;LEVEL;V\n01;COM;1\n02;DEP;2\n03; COM ;3\n04;ARM;4\n")
    layout = Layout("long", "csv", ("GEO", "LEVEL", "V"))
    with open_file(path, source(layout)) as table:
        kept = table.frame(["GEO"], keep={"LEVEL": ("COM", "ARM"), "V": ("1", "3")})
        assert kept["GEO"].tolist() == ["01", "03"]
        assert list(kept.columns) == ["GEO"]
        assert table.rows == 4
        with pytest.raises(UnexpectedFormat, match="« AUTRE »"):
            table.frame(["AUTRE"])
        with pytest.raises(UnexpectedFormat, match="plusieurs colonnes"):
            table.column("GEO|V")


RIGHT_SOURCE = {
    "insee-comparateur/base_cc_comparateur_csv.zip": "insee_comparateur",
    "insee-comparateur/base_cc_comparateur_extrait.csv": "insee_comparateur",
    "insee-filosofi/cc_filosofi_2021_COM.csv": "insee_filosofi",
    "insee-melodi/DS_BPE_2025_data_extrait.csv": "insee_bpe",
    "insee-melodi/DS_RP_EMPLOI_LR_PRINC_2023_data_extrait.csv": "insee_rp_emploi",
    "insee-melodi/DS_RP_LOGEMENT_PRINC_2023_data_extrait.csv": "insee_rp_logement",
    "insee-populations/donnees_communes_2023.csv": "insee_populations",
    "insee-populations/donnees_communes_mayotte.csv": "insee_populations",
    "insee-appartenance/table-appartenance-geo-communes-22.xlsx": "insee_appartenance",
    "insee-cog/v_commune_2026.csv": "insee_cog",
    "insee-cog/v_mvt_commune_2026.csv": "insee_cog",
    "dgcl-epci/epcicom2025.xlsx": "dgcl_epci",
    "dares-france-travail/dares_defm_communales_extrait.csv": "dares_communes",
    "cnaf-rsa/cnaf_s_ben_com_extrait.csv": "cnaf_rsa",
    "qpv/qpv_95_2024.geojson": "anct_qpv",
    "france-services/liste-fs-20240801.csv": "anct_france_services",
    "anct-programmes/petites_villes_de_demain_extrait.csv": "anct_pvd",
    "anct-programmes/action_coeur_de_ville_extrait.csv": "anct_acv",
    "lovac/lovac_opendata_dep.csv": "dgaln_lovac_departements",
    "contours-communes/cor_com_2023.geojson": "ign_contours",
    "contours-communes/communes95.geojson": "ign_contours",
    "insee-melodi/DS_FLORES_A5_2024_data_extrait.csv": None,
    "insee-melodi/melodi_filosofi_reponse.json": None,
    "geocodage/geopf_search_csv_reponse.csv": None,
    "initiatives/annuaires.csv": None,
}


@pytest.mark.echantillons
@pytest.mark.parametrize("name", RIGHT_SOURCE)
def test_each_real_file_is_known_for_what_it_is(name: str) -> None:
    found = [one.code for one in recognise(SAMPLES / name, available_sources())]
    expected = RIGHT_SOURCE[name]
    assert (found[0] if found else None) == expected


@given(
    st.decimals(-(10**9), 10**9, places=3).map(lambda n: n.normalize()),
    st.sampled_from(["", " ", "\u00a0", "\u202f"]),
    st.sampled_from([".", ","]),
)
def test_a_number_reads_back_however_it_is_written(number, space: str, mark: str) -> None:
    written = f"{number:,f}".replace(",", space).replace(".", mark)
    values, statuses = numbers(pd.Series([written]), where="essai")
    assert values.iloc[0] == pytest.approx(float(number))
    assert statuses.iloc[0] == "publie"


@given(st.text(min_size=1, max_size=12).filter(lambda text: not any(c.isdigit() for c in text)))
def test_what_is_no_number_is_never_read_as_one(text: str) -> None:
    column = pd.Series([text])
    if text.replace("\u00a0", "").replace("\u2009", "").replace("\u202f", "").strip(" ") in (
        "",
        "s",
        "nd",
    ):
        values, statuses = numbers(column, where="essai")
        assert values.isna().all()
        assert statuses.iloc[0] in ("secret", "non_disponible")
        return
    with pytest.raises(UnexpectedFormat, match="essai, colonne V, donnée n° 1"):
        numbers(column, where="essai, colonne V")
