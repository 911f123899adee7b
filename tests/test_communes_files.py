"""The register given to anyone, in every format."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.exports.communes_files import COLUMNS, communes_table, write_communes
from territoires.tables.reading import read_table_file

SOME = ["97411", "30350", "2A004", "29155"]
PROMISED = {
    "code_commune", "nom", "code_departement", "code_region", "code_epci", "population",
    "superficie_km2",
}  # fmt: skip


def read_back(path):
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet", ".GeoJSON"])
def test_outlines_and_codes_survive(register, tmp_path, suffix):
    path = tmp_path / f"communes{suffix}"
    write_communes(register, SOME, path)
    frame = read_back(path)
    assert frame.crs.to_epsg() == 4326
    assert frame["code_commune"].tolist() == SOME
    assert set(frame.columns) >= PROMISED
    assert frame["code_departement"].tolist() == ["974", "30", "2A", "29"]
    assert frame["population"].tolist() == register.communes.loc[SOME, "population"].tolist()
    assert frame["code_epci"].isna().tolist() == [False, False, False, True]
    expected = register.geometries[register.positions(SOME)]
    assert frame.geometry.is_valid.all()
    assert shapely.hausdorff_distance(frame.geometry.to_numpy(), expected).max() < 1e-5
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("excel", [False, True])
def test_a_csv_has_text_codes_and_no_outline(register, tmp_path, excel):
    path = tmp_path / "communes.csv"
    write_communes(register, SOME, path, excel=excel)
    table = read_table_file(path, 1_000_000).frame
    assert table.columns.tolist() == list(COLUMNS)
    assert table["code_commune"].tolist() == SOME
    assert table["code_epci"].tolist()[-1] == ""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == excel


def test_all_communes_are_written(register, tmp_path):
    path = tmp_path / "tout.parquet"
    write_communes(register, None, path)
    frame = read_back(path)
    assert frame["code_commune"].tolist() == register.communes.index.tolist()
    assert frame.geometry.notna().all()


def test_the_table_keeps_what_is_missing_missing(register):
    table = communes_table(register)
    mayotte = table["code_departement"] == "976"
    assert table.loc[mayotte, "population_2016"].isna().all()
    assert table["nom_epci"].isna().sum() == 4
    assert table["nom_region"].notna().all()
    assert isinstance(table.index, pd.RangeIndex)


def test_two_geojson_of_the_same_communes_are_the_same_bytes(register, tmp_path):
    first, second = tmp_path / "a.geojson", tmp_path / "b.geojson"
    write_communes(register, SOME, first)
    write_communes(register, SOME, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", ["communes.xlsx", "communes", "communes.csv.gz"])
def test_an_unknown_format_is_refused(register, tmp_path, name):
    with pytest.raises(InvalidRequest, match=r"\.csv, \.geojson, \.gpkg, \.parquet"):
        write_communes(register, SOME, tmp_path / name)


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".parquet"])
def test_a_missing_folder_is_said(register, tmp_path, suffix):
    with pytest.raises(InvalidRequest, match="Impossible d'écrire"):
        write_communes(register, SOME, tmp_path / "absent" / f"communes{suffix}")


def test_a_failure_leaves_the_old_file(register, tmp_path):
    path = tmp_path / "communes.gpkg"
    write_communes(register, SOME, path)
    before = path.read_bytes()
    with pytest.raises(UnknownTerritory):
        write_communes(register, ["99999"], path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["communes.gpkg"]
