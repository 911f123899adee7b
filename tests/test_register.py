"""The register: invariants on all communes, the official list, and refusal of damaged files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.communes import load_register
from territoires.communes.locator import PointLocator
from territoires.communes.schema import COMMUNE_COLUMNS, INFERIOR_COLUMNS, REQUIRED_FILES
from territoires.errors import DataFileError, InvalidRequest, UnknownTerritory

MAINLAND_LONGITUDE = st.floats(-5.5, 9.8)
MAINLAND_LATITUDE = st.floats(41.2, 51.2)


# All communes


def test_communes_are_those_of_2026(register):
    assert len(register.communes) == 34_875
    assert register.cog == 2026
    assert register.version.startswith("2026.")


def test_codes_are_text_in_order(register):
    codes = register.communes.index
    assert codes.name == "code_commune"
    assert codes.dtype == "str"
    assert codes.is_unique
    assert codes.is_monotonic_increasing
    assert codes.str.fullmatch(r"\d[\dAB]\d{3}").all()


def test_columns_have_the_promised_types(register):
    for column, dtype in COMMUNE_COLUMNS.items():
        if column != "code_commune":
            assert register.communes[column].dtype == dtype, column
    assert {name: str(dtype) for name, dtype in register.inferior.dtypes.items()} == (
        INFERIOR_COLUMNS
    )


@pytest.mark.parametrize(
    ("level", "expected"),
    [("departement", 101), ("region", 18), ("arrondissement", 333), ("ept", 11)],
)
def test_groups_are_complete(register, level, expected):
    table = register.tables[level]
    used = register.communes[f"code_{level}"].dropna().unique()
    assert len(table) == expected
    assert set(used) == set(table.index)


def test_every_epci_has_members_and_only_four_islands_have_none(register):
    assert set(register.communes["code_epci"].dropna()) == set(register.epci.index)
    alone = register.communes.index[register.communes["code_epci"].isna()]
    assert set(alone) == {"22016", "29083", "29155", "85113"}


def test_departement_of_a_commune_is_in_its_region(register):
    communes = register.communes
    expected = communes["code_departement"].map(register.departements["code_region"])
    assert (communes["code_region"] == expected).all()
    prefix = communes.index.str.slice(0, 2).where(
        ~communes.index.str.startswith("97"), communes.index.str.slice(0, 3)
    )
    assert (communes["code_departement"].to_numpy() == prefix.to_numpy()).all()


def test_populations_are_whole_and_missing_ones_stay_missing(register):
    population = register.communes["population"]
    assert population.notna().all()
    assert 68_000_000 < int(population.sum()) < 69_000_000
    assert set(population.index[population == 0]) == {
        "55039", "55050", "55139", "55189", "55239", "55307",
    }  # fmt: skip
    mayotte = register.communes["code_departement"] == "976"
    assert register.communes.loc[mayotte, "population_2016"].isna().all()
    assert (register.communes.loc[mayotte, "population_millesime"] == 2017).all()
    assert (register.communes.loc[~mayotte, "population_millesime"] == 2023).all()


def test_postcodes_are_five_digits(register):
    postcodes = register.communes["codes_postaux"].dropna().str.split(";").explode()
    assert postcodes.str.fullmatch(r"\d{5}").all()
    assert register.communes["codes_postaux"].notna().mean() > 0.999


def test_outlines_are_valid_polygons_of_a_plausible_area(register):
    outlines = register.geometries
    assert len(outlines) == len(register.communes)
    assert shapely.is_valid(outlines).all()
    assert set(np.unique(shapely.get_type_id(outlines))) <= {3, 6}
    area = register.communes["superficie_km2"]
    assert (area > 0).all()
    assert 625_000 < area.sum() < 645_000


def test_outlines_cannot_be_changed_by_mistake(register):
    with pytest.raises(ValueError, match="read-only"):
        register.geometries[0] = None


def test_reference_points_are_in_or_by_their_commune(register):
    communes = register.communes
    points = shapely.points(communes["longitude"], communes["latitude"])
    inside = shapely.intersects(points, register.geometries)
    interior = (communes["reference"] == "interieur").to_numpy()
    assert inside[interior].all()
    assert inside.mean() > 0.98
    assert shapely.distance(points, register.geometries).max() < 0.05


def test_neighbours_are_mutual(register):
    borders = register.borders
    pairs = set(zip(borders["code_commune"], borders["code_voisin"], strict=True))
    assert len(pairs) == len(borders)
    assert all((there, here) in pairs for here, there in pairs)
    assert not any(here == there for here, there in pairs)
    assert (borders["frontiere_m"] >= 0).all()


def test_neighbours_of_a_commune(register):
    around = register.neighbours("30350")
    assert list(around) == sorted(around)
    assert {"30024", "30229"} <= set(around)
    assert all("30350" in register.neighbours(code) for code in around)
    assert register.neighbours("29155") == ()


def test_neighbours_touch(register):
    sample = register.borders.sample(2000, random_state=1)
    here = register.geometries[register.positions(sample["code_commune"])]
    there = register.geometries[register.positions(sample["code_voisin"])]
    assert shapely.distance(here, there).max() < 1e-3


def test_municipal_arrondissements_fill_their_cities(register):
    units = register.inferior[register.inferior["nature"] == "arrondissement_municipal"]
    assert units.groupby("code_commune").size().to_dict() == {"75056": 20, "69123": 9, "13055": 16}
    outlines = register.inferior_geometries[units.index]
    for city, rows in units.groupby("code_commune").indices.items():
        whole = register.geometries[register.positions([city])[0]]
        assert shapely.area(outlines[rows]).sum() == pytest.approx(whole.area, rel=0.01)
        known = units["population"].iloc[rows].sum()
        assert int(known) == pytest.approx(int(register.communes["population"][city]), rel=0.001)


@pytest.mark.echantillons
def test_codes_and_names_are_those_of_insee(register, samples):
    official = pd.read_csv(samples / "insee-cog" / "v_commune_2026.csv", dtype="str")
    communes = official[official["TYPECOM"] == "COM"].set_index("COM").sort_index()
    assert list(register.communes.index) == list(communes.index)
    assert (register.communes["nom"] == communes["LIBELLE"]).all()
    assert (register.communes["code_region"] == communes["REG"]).all()
    assert (register.communes["code_arrondissement"].fillna("") == communes["ARR"].fillna("")).all()


# Codes and names


@pytest.mark.parametrize("level", ["epci", "ept", "arrondissement", "departement", "region"])
def test_members_of_a_level_are_a_partition(register, level):
    members = [register.codes_of(level, code) for code in register.tables[level].index]
    everyone = [code for group in members for code in group]
    assert len(everyone) == len(set(everyone))
    assert set(everyone) == set(register.communes.index[register.communes[f"code_{level}"].notna()])
    assert all(list(group) == sorted(group) for group in members)


def test_names_and_codes(register):
    assert register.name_of("commune", "30350") == "Le Vigan"
    assert register.name_of("departement", "30") == "Gard"
    assert register.name_of("region", "76") == "Occitanie"
    assert register.name_of("pays", "FR") == "France"
    assert register.codes_of("commune", "30350") == ("30350",)
    assert len(register.codes_of("pays", "FR")) == len(register.communes)


@pytest.mark.parametrize(("level", "code"), [("commune", "99999"), ("region", "30"), ("pays", "X")])
def test_unknown_codes_are_refused(register, level, code):
    with pytest.raises(UnknownTerritory, match=code):
        register.codes_of(level, code)
    with pytest.raises(UnknownTerritory, match=code):
        register.name_of(level, code)


def test_unknown_level_is_refused(register):
    with pytest.raises(InvalidRequest, match="canton"):
        register.codes_of("canton", "3001")


def test_positions_name_what_is_unknown(register):
    with pytest.raises(UnknownTerritory, match="99999"):
        register.positions(["30350", "99999"])


def test_geodataframe_keeps_the_order_asked(register):
    frame = register.to_geodataframe(["97411", "30350"])
    assert list(frame.index) == ["97411", "30350"]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.iloc[1].equals(register.geometries[register.positions(["30350"])[0]])
    assert len(register.to_geodataframe()) == len(register.communes)


# Point in commune


def test_interior_points_are_located_in_their_commune(register):
    inside = shapely.point_on_surface(register.geometries)
    strictly = shapely.contains_properly(register.geometries, inside)
    found = register.locate(shapely.get_x(inside), shapely.get_y(inside))
    wrong = found[strictly] != register.communes.index.to_numpy(object)[strictly]
    assert strictly.mean() > 0.999
    assert wrong.mean() < 0.0005  # slivers where simplified outlines overlap


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(MAINLAND_LONGITUDE, MAINLAND_LATITUDE), min_size=1, max_size=30))
def test_locate_agrees_with_every_polygon_tried(register, points):
    longitude, latitude = (np.array(values) for values in zip(*points, strict=True))
    west, south, east, north = register.bounds.T
    for x, y, found in zip(longitude, latitude, register.locate(longitude, latitude), strict=True):
        near = np.flatnonzero((west <= x) & (x <= east) & (south <= y) & (y <= north))
        touched = near[shapely.intersects_xy(register.geometries[near], x, y)]
        expected = register.communes.index[touched[0]] if len(touched) else None
        assert found == expected


def test_vertices_of_borders_go_to_the_lowest_code(register):
    pairs = register.borders.sample(60, random_state=3)
    for here, there in zip(pairs["code_commune"], pairs["code_voisin"], strict=True):
        first, second = register.geometries[register.positions([here, there])]
        shared = shapely.intersection(shapely.get_parts(first), second)
        corner = shapely.get_coordinates(shared)[0]
        touched = np.flatnonzero(shapely.intersects_xy(register.geometries, *corner))
        located = register.locate([corner[0]], [corner[1]])[0]
        assert located == (register.communes.index[touched[0]] if len(touched) else None)


def test_what_is_not_a_place_is_nowhere(register):
    longitude = [np.nan, np.inf, -np.inf, 200.0, 2.35, 1e300, 0.0, -40.0]
    latitude = [48.85, 48.85, 48.85, 48.85, np.nan, 48.85, 91.0, 45.0]
    assert register.locate(longitude, latitude).tolist() == [None] * 8


def test_locate_empty_single_and_mismatched(register):
    assert register.locate([], []).tolist() == []
    assert register.locate(2.3522, 48.8566).tolist() == ["75056"]
    with pytest.raises(InvalidRequest, match="2 longitudes pour 1 latitudes"):
        register.locate([1.0, 2.0], [3.0])


def test_chunks_change_nothing(register, monkeypatch):
    random = np.random.default_rng(7)
    x, y = random.uniform(-5, 9, 5000), random.uniform(42, 51, 5000)
    whole = register.locate(x, y)
    monkeypatch.setattr("territoires.communes.locator._CHUNK", 777)
    assert (register.locate(x, y) == whole).all()


def test_locator_prefers_the_lowest_of_overlapping_squares():
    squares = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3), shapely.box(1, 0, 2, 9)])
    locator = PointLocator(squares, shapely.bounds(squares))
    found = locator.positions(np.array([1.5, 2.5, 1.5, 8.0]), np.array([1.5, 2.5, 5.0, 8.0]))
    assert found.tolist() == [0, 1, 2, -1]


# Damaged files


@pytest.fixture
def copy(data_dir, tmp_path) -> Path:
    """A data folder that can be damaged: links to the real files."""
    folder = tmp_path / "communes"
    folder.mkdir()
    for name in (*REQUIRED_FILES, "version.json"):
        (folder / name).symlink_to(data_dir / "communes" / name)
    return tmp_path


def _own(copy: Path, name: str) -> Path:
    """Replace a link by a copy of the file."""
    path = copy / "communes" / name
    if path.is_symlink():
        source = path.resolve()
        path.unlink()
        shutil.copyfile(source, path)
    return path


def _sign(copy: Path, name: str) -> None:
    """Make version.json agree with a changed file, so that the next check is reached."""
    path = _own(copy, "version.json")
    version = json.loads(path.read_text("utf-8"))
    digest = hashlib.sha256((copy / "communes" / name).read_bytes()).hexdigest()
    version["fichiers"][name] = digest
    path.write_text(json.dumps(version), "utf-8")


def _refused(copy: Path, name: str) -> str:
    with pytest.raises(DataFileError) as refusal:
        load_register(copy)
    assert Path(refusal.value.path).name == name
    assert "construire-donnees" in str(refusal.value)
    return refusal.value.problem


def test_a_whole_copy_loads(copy, register):
    assert load_register(copy).communes.equals(register.communes)


@pytest.mark.parametrize("name", [*REQUIRED_FILES, "version.json"])
def test_a_missing_file_is_named(copy, name):
    (copy / "communes" / name).unlink()
    assert _refused(copy, name) == "fichier absent"


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_a_truncated_file_is_refused(copy, name):
    path = _own(copy, name)
    os.truncate(path, path.stat().st_size // 2)
    assert "n'est pas celui de la version" in _refused(copy, name)


@pytest.mark.parametrize("name", [name for name in REQUIRED_FILES if name.endswith(".parquet")])
@pytest.mark.parametrize("kept", [0, 3, 1000, -4])
def test_a_broken_parquet_file_is_refused_even_with_its_digest(copy, name, kept):
    path = _own(copy, name)
    os.truncate(path, kept if kept >= 0 else path.stat().st_size + kept)
    _sign(copy, name)
    assert "illisible" in _refused(copy, name)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"version": "x", "cog": "y", "fichiers": {}}', "\xff\x00"]
)
def test_an_unreadable_version_is_refused(copy, content):
    path = _own(copy, "version.json")
    path.write_text(content, "latin-1")
    assert "version" in _refused(copy, "version.json")


def test_a_file_that_the_version_ignores_is_refused(copy):
    path = _own(copy, "version.json")
    version = json.loads(path.read_text("utf-8"))
    del version["fichiers"]["epci.csv"]
    path.write_text(json.dumps(version), "utf-8")
    assert "inconnu" in _refused(copy, "epci.csv")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("communes.parquet", "population"),
        ("contours.parquet", "geometry"),
        ("contours_inferieurs.parquet", "nature"),
        ("voisins.parquet", "code_voisin"),
    ],
)
def test_a_missing_column_is_named(copy, name, column):
    path = _own(copy, name)
    pq.write_table(pq.read_table(path).drop_columns([column]), path)
    _sign(copy, name)
    assert _refused(copy, name) == f"colonnes absentes : {column}"


def test_a_csv_without_its_column_or_encoding_is_refused(copy):
    path = _own(copy, "regions.csv")
    path.write_text(path.read_text("utf-8").replace("nom", "libelle", 1), "utf-8")
    _sign(copy, "regions.csv")
    assert _refused(copy, "regions.csv") == "colonnes absentes : nom"
    path.write_bytes(b"code,nom,chef_lieu\n01,\xff\xfe,97105\n")
    _sign(copy, "regions.csv")
    assert "illisible" in _refused(copy, "regions.csv")


def test_outlines_must_be_as_many_as_communes(copy):
    path = _own(copy, "contours.parquet")
    pq.write_table(pq.read_table(path).slice(1), path)
    _sign(copy, "contours.parquet")
    assert "contours pour 34875 communes" in _refused(copy, "contours.parquet")


def test_outlines_of_other_communes_are_refused_when_decoded(copy):
    path = _own(copy, "contours.parquet")
    table = pq.read_table(path)
    reversed_rows = np.arange(table.num_rows)[::-1]
    pq.write_table(table.take(reversed_rows), path)
    _sign(copy, "contours.parquet")
    loaded = load_register(copy)
    with pytest.raises(DataFileError, match="pas ceux des communes"):
        _ = loaded.geometries


def test_outlines_lost_after_loading_are_named(copy):
    loaded = load_register(copy)
    (copy / "communes" / "contours.parquet").unlink()
    with pytest.raises(DataFileError, match=r"contours\.parquet"):
        _ = loaded.geometries


def test_codes_out_of_order_are_refused(copy):
    path = _own(copy, "communes.parquet")
    table = pq.read_table(path)
    pq.write_table(table.take(np.arange(table.num_rows)[::-1]), path)
    _sign(copy, "communes.parquet")
    assert "croissants" in _refused(copy, "communes.parquet")


def test_an_unreadable_outline_is_refused_when_decoded(copy):
    path = _own(copy, "contours.parquet")
    table = pq.read_table(path)
    broken = table["geometry"].to_pylist()
    broken[7] = b"\x01rien"
    column = table.schema.get_field_index("geometry")
    pq.write_table(table.set_column(column, "geometry", [broken]), path)
    _sign(copy, "contours.parquet")
    loaded = load_register(copy)
    with pytest.raises(DataFileError, match="un contour est illisible"):
        _ = loaded.geometries
