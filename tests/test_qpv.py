"""Priority neighbourhoods: from the real list to the parts of communes that a search offers."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from territoires.candidates import CandidateQuery, candidate_table, find_territories, why
from territoires.cli.application import main
from territoires.communes.neighbourhoods import read_neighbourhoods
from territoires.errors import DataFileError, UnexpectedFormat, UnknownTerritory
from territoires.exports.sheets.places import subtitle
from territoires.settings import load_settings
from territoires.shortlist.side_by_side.comparing import where_is
from territoires.sources.conversion import load_passages
from territoires.sources.one_source import Bench
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources
from territoires.territory import find_territory, territory_from_code
from territoires.ui.place_sheet import heading
from territoires.workspace import Workspace, open_workspace
from tests.conftest import DATA, SAMPLES

QPV = SAMPLES / "qpv" / "qpv_95_2024.geojson"
pytestmark = pytest.mark.echantillons

# Made up: no real file of populations is at hand. Argenteuil, Sarcelles, Argenteuil and Bezons.
PEOPLE = {"QN09505M": "9 100", "QN09506M": "12000", "QN09531M": "8000", "QN09502I": "6000",
          "QN09511M": "ns"}  # fmt: skip
BOUNDS = {"population_min": 5_000, "population_max": 10_000}


def update(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["actualiser", *arguments])
    return int(stop.value.code or 0)


def populations(folder: Path, people: dict[str, str], name: str = "pop_qpv_2020.csv") -> Path:
    rows = "".join(f"{code};{count}\n" for code, count in people.items())
    file = folder / name
    file.write_text(f"codeQPV;popMuniQPV\n{rows}", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    """Return two data folders: with the list alone, and with populations."""
    alone, counted = tmp_path_factory.mktemp("liste"), tmp_path_factory.mktemp("population")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERRITOIRES_DONNEES", str(alone))
        assert update("--depuis", str(QPV)) == 0
        shutil.copytree(alone, counted, dirs_exist_ok=True)
        patch.setenv("TERRITOIRES_DONNEES", str(counted))
        assert update("--depuis", str(populations(counted, PEOPLE))) == 0
    return alone, counted


def opened(folder: Path) -> Workspace:
    return open_workspace(load_settings({"TERRITOIRES_DONNEES": str(folder)}))


@pytest.fixture(scope="module")
def listed(folders) -> Workspace:
    return opened(folders[0])


@pytest.fixture(scope="module")
def counted(folders) -> Workspace:
    return opened(folders[1])


def parts(space: Workspace, **choices):
    query = CandidateQuery(
        recipe=space.known_recipes["deprise_eloignement"], universe=("dep:95",), unit="groupe",
        count=500, **{**BOUNDS, **choices},
    )  # fmt: skip
    return find_territories(space.register, space.indicators, space.directory, query, space.ground)


# The list


def test_the_list_of_a_version_says_the_communes_of_today(listed) -> None:
    table = listed.register.neighbourhoods
    assert len(table) == 42
    assert table["codes_communes"]["QN09505M"] == "95018"
    assert table["codes_communes"]["QN09512I"] == "95218"  # « Eragny » in the file
    assert table["codes_communes"]["QN09501M"] == "95014;95203;95598"
    assert table["population"].isna().all()


def test_a_neighbourhood_is_a_territory(listed) -> None:
    register = listed.register
    place = territory_from_code(register, "qpv:QN09505M")
    assert place.nom == "QPV Val D'Argent Nord (Argenteuil)"
    assert (place.communes, place.partiel, place.population) == (("95018",), True, None)
    assert find_territory(register, "QN09505M") == place
    published = gpd.read_file(QPV).set_index("identifian").geometry["QN09505M"]
    assert place.outline(register).equals(published)
    whole = territory_from_code(register, "com:95018")
    assert place.superficie_km2(register) < whole.superficie_km2(register)
    assert shapely.contains_xy(published, *place.reference_point(register))
    # In a sheet, and beside other places.
    assert subtitle(register, place).startswith("Quartier prioritaire (QPV) QN09505M")
    assert where_is(register, place).startswith("quartier prioritaire (QPV)")


def test_its_sheet_says_its_own_population_and_year(listed, counted) -> None:
    def told(space: Workspace) -> str:
        return heading(space, territory_from_code(space.register, "qpv:QN09505M"))

    assert "habitants (2020)" in told(counted)
    assert "9\u202f100" in told(counted)
    assert "non disponible" in told(listed)


def test_without_the_list_its_codes_name_nothing(register) -> None:
    assert register.neighbourhoods.empty
    with pytest.raises(UnknownTerritory, match="actualiser anct_qpv"):
        territory_from_code(register, "qpv:QN09505M")


# Offered, or not


def test_without_population_none_is_offered_and_it_is_said(listed) -> None:
    found = parts(listed)
    assert not [code for code in found.ranked.index if str(code).startswith("qpv:")]
    assert "5 quartiers prioritaires (QPV) sans population publiée" in why(
        found, "partie:95018"
    ).replace("\u00a0", " ")
    assert any("insee_qpv_population" in note for note in found.notes)
    assert any("sur plusieurs communes" in note for note in found.notes)


def test_with_its_population_within_the_bounds_a_neighbourhood_is_offered(counted) -> None:
    found = parts(counted)
    offered = [code for code in found.ranked.index if str(code).startswith("qpv:")]
    # 12 000 is too many, one of them is of two communes, and one is not published.
    assert sorted(offered) == ["qpv:QN09505M", "qpv:QN09531M"]
    table = candidate_table(found).set_index("nom")
    row = table.loc["QPV Val D'Argent Nord (Argenteuil)"]
    assert (row["nature"], row["codes_communes"], row["population"]) == ("partie", "95018", 9_100)
    assert "la population est celle du quartier (Insee, 2020)" in row["motif"]
    assert "Les chiffres sont ceux de la commune entière" in row["motif"]
    assert "partie:95018" not in found.ranked.index


def test_the_need_of_a_neighbourhood_is_that_of_its_commune(counted) -> None:
    found = parts(counted)
    alone = parts(counted, population_min=None, population_max=None)
    score = alone.ranked["score"]["com:95018"]
    assert found.ranked["score"]["qpv:QN09505M"] == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(("low", "high"), [(9_100, 9_100), (9_101, 20_000), (1_000, 9_099)])
def test_the_bounds_hold_for_neighbourhoods(counted, low: int, high: int) -> None:
    found = parts(counted, population_min=low, population_max=high)
    assert ("qpv:QN09505M" in found.ranked.index) == (low <= 9_100 <= high)


# Populations


def read(path: Path, register):
    source = available_sources()["insee_qpv_population"]
    with open_file(path, source) as file:
        return source.read(file, Bench(register, load_passages(DATA), {}))


def test_an_unpublished_population_stays_missing(register, tmp_path) -> None:
    reading = read(populations(tmp_path, PEOPLE), register)
    table = reading.references["qpv_population"].set_index("code_qp")["population"]
    assert table["QN09505M"] == 9_100
    assert pd.isna(table["QN09511M"])
    assert (reading.vintage, reading.complete) == ("2020", False)
    assert "1 quartiers sans population" in reading.notes[0]


def test_a_year_that_no_one_says_is_not_guessed(register, tmp_path, counted) -> None:
    reading = read(populations(tmp_path, PEOPLE, "quartiers.csv"), register)
    assert reading.vintage == "non dit par le fichier"
    assert set(reading.references["qpv_population"]["annee"]) == {""}
    assert counted.register.neighbourhoods["annee_population"]["QN09505M"] == "2020"


@pytest.mark.parametrize(
    ("people", "told"),
    [({"QP095001": "100"}, "génération 2015"), ({"95018": "1"}, "QN…"),
     ({"QN09505M": "beaucoup"}, "donnée n° 1")],
)  # fmt: skip
def test_another_file_is_refused(register, tmp_path, people, told: str) -> None:
    with pytest.raises(UnexpectedFormat, match=told):
        read(populations(tmp_path, people), register)


# Versions of before, and damaged ones


def test_a_version_written_before_serves_without_neighbourhoods(tmp_path) -> None:
    old = pd.DataFrame({"code_qp": ["QN09505M"], "lib_qp": ["x"], "communes": ["Argenteuil"]})
    old.to_parquet(tmp_path / "qpv.parquet")
    assert read_neighbourhoods(tmp_path).empty


def test_a_damaged_list_is_said(tmp_path) -> None:
    (tmp_path / "qpv.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataFileError, match=r"qpv\.parquet"):
        read_neighbourhoods(tmp_path)
