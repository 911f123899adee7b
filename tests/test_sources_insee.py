"""INSEE, IGN, DGCL: their real files, and forms that are only described."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territoires.errors import UnexpectedFormat
from territoires.sources.conversion import load_passages, to_current
from territoires.sources.one_source import Bench
from territoires.sources.opening import recognise
from territoires.sources.registry import available_sources
from tests.conftest import DATA, SAMPLES
from tests.readings import read

COMPARATEUR = SAMPLES / "insee-comparateur" / "base_cc_comparateur_csv.zip"
COMPARATEUR_EXTRACT = SAMPLES / "insee-comparateur" / "base_cc_comparateur_extrait.csv"
FILOSOFI = SAMPLES / "insee-filosofi" / "cc_filosofi_2021_COM.csv"
MELODI = SAMPLES / "insee-melodi"
POPULATIONS = SAMPLES / "insee-populations"
OUTLINES = SAMPLES / "contours-communes"
real = pytest.mark.echantillons
PARIS = [f"751{at:02}" for at in range(1, 21)]


@pytest.fixture
def bench(register) -> Bench:
    return Bench(register, load_passages(DATA), {})


def column(reading, measure: str, name: str = "valeur") -> pd.Series:
    rows = reading.measures[reading.measures["code_mesure"] == measure]
    return rows.set_index("code_commune")[name]


def current(code: str, reading, bench: Bench, measure: str) -> pd.DataFrame:
    table = to_current(reading, available_sources()[code], bench.register, bench.passages).table
    return table[table["code_mesure"] == measure].set_index("code_commune")


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# Base du comparateur


@real
def test_the_comparateur_gives_its_known_totals(bench) -> None:
    reading = read("insee_comparateur", COMPARATEUR, bench)
    parts = bench.register.inferior
    arrondissements = parts["code"][parts["nature"] == "arrondissement_municipal"]
    assert len(arrondissements) == 45
    total = {
        measure: column(reading, measure).drop(index=arrondissements).sum()
        for measure in (
            "population_municipale", "chomeurs_15_64", "actifs_15_64", "logements_vacants",
            "logements",
        )
    }  # fmt: skip
    assert column(reading, "logements").drop(index=arrondissements).size == 34_965
    assert total["population_municipale"] == pytest.approx(66.73e6, abs=0.01e6)
    assert total["chomeurs_15_64"] / total["actifs_15_64"] == pytest.approx(0.134, abs=0.0005)
    assert total["logements_vacants"] / total["logements"] == pytest.approx(0.082, abs=0.0005)
    assert (reading.vintage, reading.cog_year, reading.rows) == ("2018", 2021, 35_010)
    assert reading.vintage_of("taux_pauvrete") == "2019"


@real
def test_a_city_of_the_comparateur_is_its_own_row_and_not_its_parts(bench) -> None:
    reading = read("insee_comparateur", COMPARATEUR, bench)
    people = column(reading, "population_municipale")
    paris = people["75056"]
    assert people[PARIS].sum() == pytest.approx(paris, rel=1e-6)
    now = current("insee_comparateur", reading, bench, "population_municipale")
    assert now.loc["75056", "valeur"] == paris
    assert now.index.equals(bench.register.communes.index)


def long_table(path: Path, *rows: tuple, **more: object) -> Path:
    """Write the form of the Parquet files of 2026: a missing figure is a NaN, not a null."""
    names = ["GEO", "GEO_OBJECT", "TAB_MEASURE", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS"]
    frame = pd.DataFrame(rows, columns=names).assign(GEO_REF="2026", **more)
    frame.to_parquet(path)
    return path


ROWS = (
    ("30350", "COM", "POP", "1968", 4_000.0, "F"),
    ("30350", "COM", "POP", "2023", 3_863.0, "F"),
    ("30350", "COM", "LVB", "2025", 30.0, "F"),  # of no measure of ours, and of a later year
    ("30350", "COM", "DWELLINGS", "2023", 2_900.5, "F"),
    ("30350", "COM", "DWELLINGS_OCS_DW_VAC", "2023", 400.0, "F"),
    ("30350", "COM", "MED_SL", "2021", 19_000.0, "F"),
    ("01002", "COM", "POP", "2023", 260.0, "F"),
    ("01002", "COM", "PR_MD60", "2021", np.nan, "C"),
    ("30350", "COM", "PR_MD60", "2021", 5.0, "F"),
    ("97105", "COM", "PR_MD60", "2021", np.nan, "F"),
    ("30", "DEP", "POP", "2023", 760_000.0, "F"),
)


def test_the_long_comparateur_keeps_each_figure_at_its_latest_year(bench, tmp_path) -> None:
    path = long_table(tmp_path / "comparateur.parquet", *ROWS)
    assert recognise(path, available_sources())[0].code == "insee_comparateur"
    reading = read("insee_comparateur", path, bench)
    assert column(reading, "population_municipale").to_dict() == {"30350": 3863.0, "01002": 260.0}
    assert column(reading, "logements")["30350"] == 2900.5
    assert (reading.vintage, reading.cog_year, reading.complete) == ("2023", 2026, False)
    assert dict(reading.vintages) == {"taux_pauvrete": "2021", "niveau_vie_median": "2021"}
    poverty = current("insee_comparateur", reading, bench, "taux_pauvrete")["statut"]
    expected = {"01002": "secret", "30350": "plancher", "97105": "hors_champ"}
    assert poverty[list(expected)].to_dict() == expected


def test_the_dossier_complet_repeats_a_figure_in_each_of_its_tables(bench, tmp_path) -> None:
    doubled = [row for row in ROWS for _ in range(2)]
    path = long_table(
        tmp_path / "dossier.parquet", *doubled, ID_TAB=[f"T{at % 2}" for at in range(len(doubled))]
    )
    assert recognise(path, available_sources())[0].code == "insee_dossier_complet"
    reading = read("insee_dossier_complet", path, bench)
    assert column(reading, "population_municipale").to_dict() == {"30350": 3863.0, "01002": 260.0}
    assert not available_sources()["insee_dossier_complet"].verified


# Census


@real
def test_melodi_files_mix_levels_and_years(bench) -> None:
    jobs = read("insee_rp_emploi", MELODI / "DS_RP_EMPLOI_LR_PRINC_2023_data_extrait.csv", bench)
    homes = read("insee_rp_logement", MELODI / "DS_RP_LOGEMENT_PRINC_2023_data_extrait.csv", bench)
    for reading in (jobs, homes):
        assert (reading.vintage, reading.cog_year, reading.complete) == ("2023", 2026, False)
        assert set(reading.measures["code_commune"].str.len()) == {5}
        assert not reading.measures.duplicated(["code_commune", "code_mesure"]).any()
    unemployed, active = column(jobs, "chomeurs_15_64"), column(jobs, "actifs_15_64")
    assert unemployed["33063"] / active["33063"] == pytest.approx(16_878.0 / 142_651.23, rel=1e-6)
    assert set(column(homes, "logements_vacants").index) >= {"33063"}
    parts = ("residences_principales", "residences_secondaires", "logements_vacants")
    whole = sum(column(homes, part)["33063"] for part in parts)
    assert whole == pytest.approx(column(homes, "logements")["33063"], rel=1e-6)


@real
@pytest.mark.parametrize(
    ("code", "more", "without", "measure"),
    [
        ("insee_rp_emploi_large", {"P18_ACTOCC1564": "1"}, "NBMENFISC19", "chomeurs_15_64"),
        ("insee_rp_logement_large", {}, "NBMENFISC19", "logements_vacants"),
    ],
)
def test_older_wide_files_give_what_the_comparateur_gives(
    bench, tmp_path, code: str, more: dict[str, str], without: str, measure: str
) -> None:
    frame = pd.read_csv(COMPARATEUR_EXTRACT, sep=";", dtype="str", keep_default_na=False)
    path = tmp_path / "base-cc.csv"
    frame.drop(columns=without).assign(**more).to_csv(path, sep=";", index=False)
    assert recognise(path, available_sources())[0].code == code
    mine = column(read(code, path, bench), measure)
    theirs = column(read("insee_comparateur", COMPARATEUR_EXTRACT, bench), measure)
    pd.testing.assert_series_equal(mine, theirs)
    assert not available_sources()[code].verified


@real
def test_reference_populations_with_mayotte_apart(bench) -> None:
    france = read("insee_populations", POPULATIONS / "donnees_communes_2023.csv", bench)
    mayotte = read("insee_populations", POPULATIONS / "donnees_communes_mayotte.csv", bench)
    assert (france.vintage, france.cog_year, france.complete) == ("2023", 2025, True)
    assert (mayotte.vintage, mayotte.complete) == ("2023", False)
    people = column(mayotte, "population_municipale")
    assert (people["97601"], len(people)) == (5192, 17)
    # The same figure from another file of the same producer.
    answer = json.loads((MELODI / "melodi_populations_reference_COM-44109.json").read_text("utf-8"))
    said = {
        one["dimensions"]["POPREF_MEASURE"]: one["measures"]["OBS_VALUE_NIVEAU"]["value"]
        for one in answer["observations"]
    }
    for name, measure in (("PMUN", "population_municipale"), ("PTOT", "population_totale")):
        assert column(france, measure)["44109"] == said[name]


def test_reference_populations_in_the_long_form(bench, tmp_path) -> None:
    text = (
        "GEO;GEO_OBJECT;FREQ;POPREF_MEASURE;TIME_PERIOD;OBS_VALUE\n"
        "44109;COM;A;PMUN;2022;325070\n44109;COM;A;PMUN;2023;327734\n44109;COM;A;PTOT;2023;332515\n"
        "44;DEP;A;PMUN;2023;1500000\n44109;COM;A;PCAP;2023;4781\n"
    )
    reading = read("insee_populations", written(tmp_path / "pop.csv", text), bench)
    assert column(reading, "population_municipale").to_dict() == {"44109": 327_734.0}
    assert (reading.vintage, reading.cog_year) == ("2023", 2025)


# Incomes


@real
def test_filosofi_gives_its_known_counts(bench) -> None:
    reading = read("insee_filosofi", FILOSOFI, bench)
    poverty, statuses = column(reading, "taux_pauvrete"), column(reading, "taux_pauvrete", "statut")
    assert poverty.count() == 4_397
    assert (poverty == 5.0).sum() == 132
    assert statuses.value_counts().to_dict() == {
        "publie": 4_397, "secret": 30_500, "non_disponible": 12,
    }  # fmt: skip
    medians = column(reading, "niveau_vie_median", "statut").value_counts()
    assert medians.to_dict() == {"publie": 31_304, "secret": 3_593, "non_disponible": 12}
    assert (reading.vintage, reading.cog_year) == ("2021", 2024)


def test_the_long_filosofi_says_why_a_figure_is_missing(bench, tmp_path) -> None:
    head = (
        '"GEO";"GEO_OBJECT";"FILOSOFI_MEASURE";"UNIT_MEASURE";"UNIT_MULT";"CONF_STATUS";'
        '"OBS_STATUS";"TIME_PERIOD";"OBS_VALUE"'
    )
    rows = [
        '"01001";"COM";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"25010"',
        '"01001";"COM";"PR_MD60";"PT";"0";"F";"A";"2023";"5"',
        '"01002";"COM";"MED_SL";"EUR_YR";"0";"C";"A";"2023";"23000"',
        '"33318";"COM";"MED_SL";"EUR_YR";"0";"F";"O";"2023";""',
        '"01";"DEP";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"26000"',
        '"01001";"COM";"D1_SL";"EUR_YR";"0";"F";"A";"2023";"13000"',
    ]
    path = written(tmp_path / "f.csv", "\n".join([head, *rows, ""]))
    reading = read("insee_filosofi", path, bench)
    assert (reading.vintage, reading.cog_year) == ("2023", 2026)
    medians = current("insee_filosofi", reading, bench, "niveau_vie_median")
    expected = {
        "01001": "publie", "01002": "secret", "33318": "non_disponible", "97105": "hors_champ",
    }  # fmt: skip
    assert medians["statut"][list(expected)].to_dict() == expected
    assert pd.isna(medians.loc["01002", "valeur"])  # a masked figure is never let through
    poverty = current("insee_filosofi", reading, bench, "taux_pauvrete")
    assert poverty.loc["01001", ["valeur", "statut"]].tolist() == [5.0, "plancher"]


# Facilities


def in_the_order_of_2024(path: Path) -> str:
    """Rewrite the real extract with the columns, the order and the quotes of 2024."""
    frame = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False)
    names = [
        "GEO", "GEO_OBJECT", "FACILITY_DOM", "FACILITY_SDOM", "FACILITY_TYPE", "BPE_MEASURE",
        "TIME_PERIOD", "OBS_VALUE",
    ]  # fmt: skip
    return frame[names].to_csv(sep=";", index=False, quoting=1)


@real
def test_facilities_read_the_same_whatever_the_order_of_columns(bench, tmp_path) -> None:
    path = MELODI / "DS_BPE_2025_data_extrait.csv"
    older = written(tmp_path / "bpe.csv", in_the_order_of_2024(path))
    new, old = read("insee_bpe", path, bench), read("insee_bpe", older, bench)
    pd.testing.assert_frame_equal(new.measures, old.measures)
    assert (new.vintage, new.cog_year, new.rows) == ("2025", 2026, 105)
    assert set(new.measures["code_commune"].str.len()) == {5}
    # Subtotals (_T) are not facilities of their own.
    assert set(new.measures["code_mesure"]) <= {
        measure.code for measure in available_sources()["insee_bpe"].measures
    }


@real
@pytest.mark.parametrize("cell", ["beaucoup", "", "1;2"])
def test_a_facility_that_is_not_counted_is_said_in_french(bench, tmp_path, cell: str) -> None:
    text = (MELODI / "DS_BPE_2025_data_extrait.csv").read_text("utf-8")
    row = f"01001;COM;D;D2;D265;FACILITIES;0;NR;A;2025;{cell}\r\n"
    with pytest.raises(UnexpectedFormat, match=r"pas un nombre|cellules au lieu de"):
        read("insee_bpe", written(tmp_path / "bpe.csv", text + row), bench)


# Zones, communes, EPCI


@real
def test_memberships_follow_the_communes_of_today(bench) -> None:
    path = SAMPLES / "insee-appartenance" / "table-appartenance-geo-communes-22.xlsx"
    reading = read("insee_appartenance", path, bench)
    zones = reading.references["appartenance"]
    assert (reading.vintage, reading.cog_year, reading.rows) == ("2022", 2022, 34_955)
    assert zones.index.equals(bench.register.communes.index)
    assert zones["ZE2020"].str.fullmatch(r"\d{4}|").all()
    assert 300 <= zones["ZE2020"].nunique() <= 310
    # Le Vigan and Ganges, across a département, work together.
    assert zones.loc["30350", "ZE2020"] == zones.loc["34111", "ZE2020"] != ""
    # What came out of a commune since keeps the zones of what it was part of.
    assert zones.loc["15031", "ZE2020"] == zones.loc["15141", "ZE2020"] != ""


@real
def test_the_official_code_and_the_register_agree(bench) -> None:
    communes = read("insee_cog", SAMPLES / "insee-cog" / "v_commune_2026.csv", bench)
    moves = read("insee_cog", SAMPLES / "insee-cog" / "v_mvt_commune_2026.csv", bench)
    assert len(communes.references["communes_cog"]) == 34_875
    assert communes.notes == ("Le registre a les mêmes communes et les mêmes noms.",)
    assert len(moves.references["mouvements"]) == 13_734
    assert "2026-01-01" in moves.notes[0]
    assert len(moves.notes) == 1


def test_movements_newer_than_the_register_are_told(bench, tmp_path) -> None:
    text = (
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP,LIBELLE_AP\n"
        "32,2031-01-01,COM,01001,COM,01002,Ailleurs\n"
    )
    notes = read("insee_cog", written(tmp_path / "mvt.csv", text), bench).notes
    assert "ont changé en 2031" in notes[1]


@real
def test_the_dgcl_agrees_with_the_register_on_the_epci(bench) -> None:
    reading = read("dgcl_epci", SAMPLES / "dgcl-epci" / "epcicom2025.xlsx", bench)
    table = reading.references["epci_communes"]
    assert (reading.vintage, reading.complete) == ("2025", True)
    assert table.loc["30350", "code_epci"] == bench.register.communes.loc["30350", "code_epci"]
    assert reading.notes == ("Aucune différence avec les EPCI du registre.",)


# Outlines


@real
@pytest.mark.parametrize(
    ("name", "count", "left"),
    [
        ("bzh_com_2023.geojson", 1201, "29083"),  # Sein, reduced to half of itself
        ("communes-33-gironde.geojson", 533, "33402"),
        ("communes95.geojson", 182, "95633"),
        ("may_com_2023.geojson", 17, ""),
        ("guad_com_2023.geojson", 32, ""),
    ],
)
def test_outlines_of_any_precision_and_spelling(bench, name: str, count: int, left: str) -> None:
    reading = read("ign_contours", OUTLINES / name, bench)
    outlines = reading.references["contours"]
    assert len(outlines) == count
    assert str(outlines.crs) == "EPSG:4326"
    assert outlines.geometry.is_valid.all()
    assert f"{count} contours sur" in reading.notes[0].replace("\u202f", "")
    told = [note for note in reading.notes if "laissés de côté" in note]
    assert len(told) == bool(left)
    assert left in "".join(told)


@real
def test_outlines_of_communes_that_merged_are_put_together(bench, tmp_path) -> None:
    reading = read("ign_contours", OUTLINES / "communes-33-gironde.geojson", bench)
    outlines = reading.references["contours"].set_index("code_commune").to_crs(2154)
    # Val-de-Livenne was Saint-Caprais-de-Blaye and Marcillac, apart in this file of 2018.
    expected = bench.register.communes.loc["33380", "superficie_km2"]
    assert outlines.area["33380"] / 1e6 == pytest.approx(expected, rel=0.03)
    # A part that is not there: the commune keeps its own outline rather than one with a hole.
    document = json.loads((OUTLINES / "bzh_com_2023.geojson").read_text("utf-8"))
    document["features"] = [
        feature for feature in document["features"]
        if feature["properties"]["INSEE_COM"] != "22027"
    ]  # fmt: skip
    path = written(tmp_path / "bretagne.geojson", json.dumps(document))
    cut = read("ign_contours", path, bench)
    assert "22241" not in set(cut.references["contours"]["code_commune"])
    assert any("22241" in note for note in cut.notes)


@real
@pytest.mark.parametrize("metres", [50, 1000])
def test_outlines_under_the_new_names_of_the_ign(bench, tmp_path, metres: int) -> None:
    import geopandas as gpd

    frame = gpd.read_file(OUTLINES / "reu_com_2023.geojson")
    frame["geometry"] = frame.to_crs(2975).simplify_coverage(metres).to_crs(4326)
    frame = frame.rename(columns={"INSEE_COM": "code_insee", "NOM": "nom_officiel"})
    path = tmp_path / "reunion.geojson"
    frame[["code_insee", "nom_officiel", "geometry"]].to_file(path, driver="GeoJSON")
    assert recognise(path, available_sources())[0].code == "ign_contours"
    assert len(read("ign_contours", path, bench).references["contours"]) == 24


def test_a_city_beside_its_arrondissements_keeps_its_own_outline(bench, tmp_path) -> None:
    import shapely

    city = bench.register.geometries[bench.register.positions(["69123"])[0]]
    path = written(
        tmp_path / "lyon.geojson",
        geojson(("69123", json.loads(shapely.to_geojson(city))), ("69381", SQUARE)),
    )
    outlines = read("ign_contours", path, bench).references["contours"]
    assert outlines["code_commune"].tolist() == ["69123"]
    assert outlines.geometry[0].area == pytest.approx(city.area)


def geojson(*features: tuple[str, dict]) -> str:
    made = [
        {"type": "Feature", "properties": {"code": code, "nom": "X"}, "geometry": geometry}
        for code, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made})


SQUARE = {"type": "Polygon", "coordinates": [[[5, 46], [5.1, 46], [5.1, 46.1], [5, 46]]]}


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ([("99999", SQUARE)], "aucun code n'est celui d'une commune"),
        ([("01001", {"type": "Point", "coordinates": [5, 46]})], "pas de surface"),
        ([("01001", SQUARE)], "longitude puis latitude"),
    ],
)
def test_outlines_that_are_none_are_refused(bench, tmp_path, features, told: str) -> None:
    with pytest.raises(UnexpectedFormat, match=told):
        read("ign_contours", written(tmp_path / "c.geojson", geojson(*features)), bench)
