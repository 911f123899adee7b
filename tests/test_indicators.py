"""Indicators: French numbers, ranks, territories, and files that are not what they should be."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import shutil
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import DataFileError, InvalidRequest
from territoires.indicators import (
    Indicator,
    IndicatorTable,
    format_interval,
    format_number,
    format_rank,
    format_share,
    format_value,
    known_for,
    load_catalogue,
    load_indicators,
    rank_values,
)
from territoires.indicators.group_rules import GroupRules, load_group_rules
from territoires.settings import shipped_data_dir

BASE = {
    "label": "x",
    "definition": "x",
    "unit": "%",
    "numerator": "",
    "denominator": "",
    "direction": 1,
    "decimals": 1,
    "aggregation": "ratio",
    "level": "commune",
    "family": "x",
    "producer": "x",
    "source": "x",
    "source_url": "x",
    "licence": "x",
    "vintage": "x",
    "cog_year": 2026,
}
ZONES = ((1.0, "C"), (2.0, "B"), (3.0, "A"))


def indicator(code="taux", **changes):
    return Indicator(code=code, **{**BASE, **changes})


def table(entry, values, population, statuses=None, numerators=None, denominators=None):
    codes = [f"{at:05d}" for at in range(len(values))]

    def one(column):
        return pd.DataFrame({entry.code: column}, index=codes)

    nothing = [math.nan] * len(values)
    if statuses is None:
        statuses = ["non_disponible" if math.isnan(value) else "publie" for value in values]
    categories = ["publie", "secret", "plancher", "non_disponible", "hors_champ"]
    return IndicatorTable(
        catalogue={entry.code: entry},
        values=one(np.array(values, float)),
        numerators=one(numerators or nothing),
        denominators=one(denominators or nothing),
        statuses=one(pd.Categorical(statuses, categories=categories)),
        coverage=one([float(not math.isnan(value)) for value in values]),
        population=pd.Series(population, index=codes, dtype=float),
    )


def merged(given_table, groups=None):
    index = given_table.values.index
    result = given_table.for_groups(pd.Series(groups or ["g"] * len(index), index=index))
    code = next(iter(given_table.catalogue))
    return pd.DataFrame(
        {
            "valeur": result.values[code],
            "statut": result.statuses[code].astype(str),
            "couverture": result.coverage[code],
        }
    )


# French numbers


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1234.5, 1, "1\u202f234,5"),
        (1234567, 0, "1\u202f234\u202f567"),
        (-0.44, 1, "\u22120,4"),
        (-0.04, 1, "0,0"),
        (0, 0, "0"),
        (999.96, 1, "1\u202f000,0"),
    ],
)
def test_numbers_are_written_the_french_way(value, decimals, expected):
    assert format_number(value, decimals) == expected


def test_values_carry_their_unit_and_missing_ones_say_so():
    assert format_value(indicator(), 12.34) == "12,3\u00a0%"
    assert format_value(indicator(unit=""), 3.0) == "3,0"
    assert format_value(indicator(), math.nan) == "non disponible"
    assert format_value(indicator(), None) == "non disponible"
    assert format_value(indicator(), math.nan, "secret") == "secret statistique"
    assert format_value(indicator(), math.nan, "hors_champ") == "hors champ de la source"
    assert format_value(indicator(), 5.0, "plancher") == "5,0\u00a0% ou moins"
    zone = indicator(modalities=ZONES, aggregation="modalite_majoritaire")
    assert format_value(zone, 3.0) == "A"
    assert format_rank(1, 34875) == "1er sur 34\u202f875"
    assert format_rank(12) == "12e"
    assert format_interval(1204, 1530) == "1\u202f204 à 1\u202f530"
    assert format_interval(3, 3) == "3"
    assert format_share(0.853) == "85\u00a0%"


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_a_written_number_reads_back(value, decimals):
    text = format_number(value, decimals)
    plain = text.replace("\u202f", "").replace(",", ".").replace("\u2212", "-")
    assert float(plain) == pytest.approx(value, abs=0.51 * 10**-decimals, rel=1e-12)
    assert not text.startswith("\u22120") or any(digit in text for digit in "123456789")


# Ranks


@given(st.lists(st.one_of(st.just(math.nan), st.integers(-4, 4).map(float)), max_size=30))
def test_ranks_are_those_of_pandas(values):
    series = pd.Series(values, index=[str(at) for at in range(len(values))], dtype=float)
    for direction, ascending in ((1, False), (0, False), (-1, True)):
        ranking = rank_values(series, direction)
        expected = series.rank(method="min", ascending=ascending)
        assert np.array_equal(
            ranking.ranks.to_numpy(float, na_value=np.nan), expected, equal_nan=True
        )
        assert ranking.count == series.notna().sum()
        assert ranking.percentiles.isna().equals(series.isna())


def test_only_published_values_and_floors_are_ranked():
    statuses = ["publie", "plancher", "plancher", "hors_champ", "non_disponible"]
    places = table(indicator(), [9.0, 5.0, 5.0, 37.0, math.nan], [1] * 5, statuses)
    ranking = places.rank("taux")
    assert ranking.ranks.tolist()[:3] == [1, 2, 2]
    assert ranking.ranks.isna().tolist() == [False, False, False, True, True]
    assert ranking.count == 3
    assert places.values.loc["00003", "taux"] == 37.0  # shown all the same


def test_ranks_within_a_universe():
    places = table(indicator(direction=-1), [3.0, 1.0, 2.0, 0.0], [1] * 4)
    assert places.rank("taux", ["00002", "00001"]).ranks.to_dict() == {"00002": 2, "00001": 1}
    with pytest.raises(InvalidRequest, match="99999"):
        places.rank("taux", ["99999"])
    with pytest.raises(InvalidRequest, match="Indicateur inconnu : « bonheur »"):
        places.rank("bonheur")


# Territories


def test_a_rate_is_a_ratio_of_sums_never_a_mean_of_rates():
    places = table(
        indicator(factor=100.0),
        [50.0, 1.0],
        [10, 1000],
        numerators=[5.0, 10.0],
        denominators=[10.0, 1000.0],
    )
    assert merged(places).loc["g", "valeur"] == pytest.approx(100 * 15 / 1010)


def test_a_yearly_rate_is_computed_on_the_sums():
    entry = indicator(aggregation="taux_annuel", years=7)
    places = table(entry, [0.0, 1.0], [100, 50], numerators=[100.0, 150.0], denominators=[100, 50])
    assert merged(places).loc["g", "valeur"] == pytest.approx(((250 / 150) ** (1 / 7) - 1) * 100)


def test_a_mean_is_weighted_by_inhabitants_and_says_what_it_covers():
    entry = indicator(aggregation="moyenne_ponderee")
    row = merged(table(entry, [10.0, 40.0, math.nan], [100, 200, 700])).loc["g"]
    assert row["valeur"] == pytest.approx(30.0)
    assert row["couverture"] == pytest.approx(0.3)
    assert row["statut"] == "publie"


def test_where_nobody_lives_communes_count_alike():
    entry = indicator(aggregation="moyenne_ponderee")
    row = merged(table(entry, [10.0, 20.0], [0, 0])).loc["g"]
    assert row["valeur"] == pytest.approx(15.0)
    assert row["couverture"] == 1.0


def test_a_class_is_that_of_most_inhabitants():
    entry = indicator(aggregation="modalite_majoritaire", modalities=ZONES)
    places = table(entry, [1.0, 1.0, 3.0, 2.0, 1.0], [30, 30, 50, 70, 70])
    rows = merged(places, ["g", "g", "g", "tie", "tie"])
    assert rows["valeur"].to_dict() == {"g": 1.0, "tie": 2.0}


def test_a_departemental_figure_is_kept_or_weighted():
    entry = indicator(aggregation="departementale", level="departement")
    places = table(entry, [7.1, 7.1, 7.1, 9.1], [3, 5, 1, 3])
    rows = merged(places, ["one", "one", "two", "two"])
    assert rows.loc["one", "valeur"] == 7.1
    assert rows.loc["two", "valeur"] == pytest.approx(8.6)


HALF = GroupRules(least_known=0.5, least_known_of_sum=0.95)


def with_rules(places):
    return dataclasses.replace(places, group_rules=HALF)


def test_the_rate_of_a_town_is_not_that_of_its_territory():
    entry = indicator(aggregation="moyenne_ponderee")
    statuses = ["publie", "secret", "secret"] * 2
    values = [20.0, math.nan, math.nan] * 2
    places = table(entry, values, [400, 300, 300, 600, 200, 200], statuses)
    rows = merged(with_rules(places), ["little"] * 3 + ["enough"] * 3)
    assert math.isnan(rows.loc["little", "valeur"])
    assert rows.loc["little", "statut"] == "secret"
    assert rows.loc["enough", ["valeur", "statut"]].tolist() == [20.0, "publie"]
    assert rows["couverture"].to_dict() == {"enough": 0.6, "little": 0.4}


def test_a_sum_of_a_part_is_not_the_sum():
    values = [94_320.0, math.nan, 100.0, math.nan]
    places = table(indicator(aggregation="somme"), values, [400, 600, 970, 30])
    rows = merged(with_rules(places), ["town", "town", "nearly", "nearly"])
    assert rows.loc["town"].tolist()[1:] == ["non_disponible", 0.4]
    assert math.isnan(rows.loc["town", "valeur"])
    assert rows.loc["nearly", ["valeur", "statut"]].tolist() == [100.0, "publie"]


def test_a_median_known_for_one_commune_of_several_is_not_theirs():
    statuses = ["publie", "secret", "publie"]
    places = table(
        indicator(aggregation="aucune"), [10.0, math.nan, 12.0], [900, 100, 50], statuses
    )
    rows = merged(places, ["two", "two", "one"])
    assert rows["valeur"].isna().to_dict() == {"one": False, "two": True}
    assert rows["statut"].to_dict() == {"one": "publie", "two": "non_disponible"}


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), min_size=1, max_size=12),
    st.sampled_from(["somme", "moyenne_ponderee", "modalite_majoritaire", "aucune"]),
)
def test_a_figure_is_given_only_where_enough_is_known(rows, rule):
    entry = indicator(aggregation=rule, modalities=ZONES)
    values = [2.0 if known else math.nan for known, _people in rows]
    row = merged(with_rules(table(entry, values, [people for _known, people in rows]))).loc["g"]
    if not math.isnan(row["valeur"]):
        assert row["couverture"] >= HALF.least(entry)
        assert row["statut"] == "publie"
    elif rule != "aucune":
        assert row["couverture"] < HALF.least(entry)


def test_the_part_a_figure_stands_on_is_said():
    assert known_for(1.0, is_known=True) == known_for(0.0, is_known=False) == ""
    assert known_for(0.6, is_known=True) == "connu pour 60\u00a0% des habitants"
    assert known_for(0.09, is_known=False) == "connu pour 9\u00a0% des habitants seulement"


def test_how_much_must_be_known_is_a_dated_file(tmp_path):
    shipped = shipped_data_dir() / "indicateurs" / "territoires.toml"
    assert load_group_rules(shipped) == HALF
    for wrong in ("part_connue_min = 0.5", "part_connue_min = 2\npart_connue_min_somme = 1"):
        file = tmp_path / "territoires.toml"
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(DataFileError, match=r"territoires\.toml"):
            load_group_rules(file)


def test_nothing_known_stays_unknown():
    entry = indicator(aggregation="somme")
    statuses = ["non_disponible", "hors_champ", "secret", "secret"]
    places = table(entry, [math.nan] * 4, [1] * 4, statuses)
    rows = merged(places, ["mixed", "mixed", "secret", "secret"])
    assert rows["valeur"].isna().all()
    assert rows["statut"].to_dict() == {"mixed": "non_disponible", "secret": "secret"}
    assert rows["couverture"].eq(0.0).all()


def test_another_survey_is_shown_alone_but_never_mixed():
    entry = indicator(aggregation="departementale", level="departement")
    statuses = ["hors_champ", "hors_champ", "publie"]
    places = table(entry, [37.0, 37.0, 10.0], [1, 1, 1], statuses)
    rows = merged(places, ["alone", "mixed", "mixed"])
    assert rows.loc["alone"].tolist() == [37.0, "hors_champ", 0.0]
    assert rows.loc["mixed"].tolist() == [10.0, "publie", 0.5]


def test_a_place_outside_every_group_is_left_out():
    places = table(indicator(aggregation="somme"), [1.0, 2.0], [1, 1])
    assert merged(places, ["g", None])["valeur"].to_dict() == {"g": 1.0}


RULES = st.sampled_from(["somme", "moyenne_ponderee", "departementale"])
known_columns = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.integers(0, 10_000)), min_size=1, max_size=20
)


@given(known_columns, RULES)
def test_a_territory_of_one_commune_is_the_commune(rows, rule):
    values, population = zip(*rows, strict=True)
    places = table(indicator(aggregation=rule), list(values), list(population))
    alone = merged(places, list(places.values.index))
    assert alone["valeur"].tolist() == list(values)


@given(known_columns, st.sampled_from(["moyenne_ponderee", "departementale"]))
def test_a_mean_stays_between_its_members(rows, rule):
    values, population = zip(*rows, strict=True)
    mean = merged(table(indicator(aggregation=rule), list(values), list(population)))
    margin = 1e-9 * max(1.0, *(abs(value) for value in values))
    assert min(values) - margin <= mean.loc["g", "valeur"] <= max(values) + margin


# The shipped figures


def test_every_commune_has_a_status_for_every_indicator(indicators, register):
    assert indicators.values.index.equals(register.communes.index)
    assert list(indicators.values.columns) == list(indicators.catalogue)
    assert indicators.statuses.notna().all(axis=None)
    published = indicators.statuses.isin(["publie", "plancher"])
    assert indicators.values.notna().where(published, other=True).all(axis=None)
    unknown = indicators.statuses.isin(["non_disponible", "secret"])
    assert indicators.values.isna().where(unknown, other=True).all(axis=None)


def test_loading_is_fast(data_dir, register):
    durations = []
    for _ in range(3):
        start = time.perf_counter()
        load_indicators(data_dir, register)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.5


def test_catalogue_entries_say_everything(data_dir):
    for code, entry in load_catalogue(data_dir / "indicateurs" / "catalogue.toml").items():
        assert entry.source_url.startswith("https://"), code
        assert entry.gaps, code
        assert entry.direction_note, code
        assert entry.family in {
            "démographie",
            "accès aux services",
            "logement",
            "emploi et revenus",
        }, code
        assert entry.is_wider == code.endswith("_departement"), code


def test_where_a_place_stands_is_what_its_ranks_say(indicators, register):
    region = list(register.codes_of("region", "76"))
    standing = indicators.standing("30350", region)
    assert standing.index.tolist() == list(indicators.catalogue)
    for code in indicators.catalogue:
        ranking = indicators.rank(code, region)
        row = standing.loc[code]
        assert row["rang"] == ranking.ranks["30350"], code
        assert row["classes"] == ranking.count, code
        assert row["centile"] == pytest.approx(ranking.percentiles["30350"]), code
    with pytest.raises(InvalidRequest, match="75056"):
        indicators.standing("75056", region)


def test_figures_of_another_survey_are_shown_and_not_ranked(indicators):
    standing = indicators.standing("97611")  # Mamoudzou
    unemployment = standing.loc["taux_chomage_departement"]
    assert unemployment["valeur"] == 37.0
    assert unemployment["statut"] == "hors_champ"
    assert pd.isna(unemployment["rang"])
    assert (
        unemployment["classes"]
        == indicators.statuses["taux_chomage_departement"].eq("publie").sum()
    )


def test_mayotte_keeps_its_figure_as_a_departement(indicators, register):
    groups = indicators.for_groups(register.communes["code_departement"])
    assert groups.values.loc["976", "taux_chomage_departement"] == 37.0
    assert groups.statuses.loc["976", "taux_chomage_departement"] == "hors_champ"
    assert pd.isna(groups.rank("taux_chomage_departement").ranks["976"])
    assert groups.rank("taux_chomage_departement").count == 100


def test_departements_add_up_to_france(indicators, register):
    groups = indicators.for_groups(register.communes["code_departement"])
    people = register.communes["population"].sum()
    assert len(groups.values) == 101
    assert groups.values["population"].sum() == people
    area = register.communes["superficie_km2"].sum()
    assert groups.denominators["densite"].sum() == pytest.approx(area)
    france = indicators.for_territory(list(register.communes.index)).set_index("code")
    assert france.loc["densite", "valeur"] == pytest.approx(people / area)
    assert france.loc["population", "couverture"] == 1.0
    assert france.loc["evolution_population", "couverture"] < 1.0


def test_a_territory_tells_how_each_value_was_made(indicators):
    viganais = indicators.for_territory(["30350", "30339"]).set_index("code")
    assert "sommes" in viganais.loc["evolution_population", "methode"]
    assert "pondérée" in viganais.loc["heures_mairie", "methode"]
    assert "département" in viganais.loc["taux_chomage_departement", "methode"]
    across = indicators.for_territory(["30350", "34172"]).set_index("code")
    assert "pondérée par la population" in across.loc["taux_chomage_departement", "methode"]
    alone = indicators.for_territory(["30350"]).set_index("code")
    assert alone.loc["densite", "methode"] == "valeur de la commune"
    with pytest.raises(InvalidRequest, match="sans commune"):
        indicators.for_territory([])


# Files that are not what they should be


@pytest.fixture
def copied(tmp_path, data_dir):
    shutil.copytree(data_dir / "indicateurs", tmp_path / "indicateurs")
    return tmp_path


def damage_catalogue(folder, old, new):
    path = folder / "indicateurs" / "catalogue.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    seal(folder)


def seal(folder):
    """Make version.json describe the files as they are now."""
    path = folder / "indicateurs" / "version.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name in document["fichiers"]:
        content = path.with_name(name).read_bytes()
        document["fichiers"][name] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("name", ["catalogue.toml", "valeurs.parquet", "version.json"])
def test_a_missing_file_is_named(copied, register, name):
    (copied / "indicateurs" / name).unlink()
    with pytest.raises(DataFileError, match=f"{name} : fichier absent"):
        load_indicators(copied, register)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('code = "densite"', 'code = "densites"', "indicateur inconnu.*densite"),
        ('code = "densite"', 'code = "population"', "« population » défini deux fois"),
        ('code = "densite"', 'code = "Densité"', "indicateur n° 3 : code absent ou mal formé"),
        ("sens = -1", "sens = 2", "sens : -1, 0 ou 1 attendu"),
        ('licence = "Licence Ouverte 2.0"', "", "champ « licence » absent"),
        ('libelle = "Population municipale"', 'libelle = ""', "libelle est vide"),
        ('agregation = "ratio"', 'agregation = "moyenne"', "agregation : une de"),
        ("annees = 7", "", "annees : la durée"),
        ("[[indicateurs]]", "[[", "TOML illisible"),
    ],
)
def test_a_wrong_catalogue_is_refused(copied, register, old, new, words):
    damage_catalogue(copied, old, new)
    with pytest.raises(DataFileError, match=words):
        load_indicators(copied, register)


def test_an_entry_without_values_is_refused(copied, register):
    path = copied / "indicateurs" / "catalogue.toml"
    text = path.read_text(encoding="utf-8")
    entry = text[text.index("[[indicateurs]]") : text.index('[[indicateurs]]\ncode = "evolution')]
    path.write_text(text + entry.replace('"population"', '"nouveau"'), encoding="utf-8")
    seal(copied)
    with pytest.raises(DataFileError, match="valeur absente : « nouveau »"):
        load_indicators(copied, register)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.iloc[1:], "valeur absente : « population » pour la commune 01001"),
        (lambda rows: pd.concat([rows, rows.iloc[:1]]), "donnée deux fois"),
        (lambda rows: rows.drop(columns="statut"), "colonne absente : statut"),
        (lambda rows: rows.replace({"statut": {"publie": "ok"}}), "statut inconnu.*ok"),
        (lambda rows: rows.replace({"code_commune": {"01001": "99999"}}), "commune inconnu.*99999"),
    ],
)
def test_wrong_values_are_refused(copied, register, change, words):
    path = copied / "indicateurs" / "valeurs.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    seal(copied)
    with pytest.raises(DataFileError, match=words):
        load_indicators(copied, register)


def test_damaged_values_are_refused(copied, register):
    path = copied / "indicateurs" / "valeurs.parquet"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataFileError, match=r"valeurs\.parquet : contenu différent"):
        load_indicators(copied, register)
    seal(copied)
    with pytest.raises(DataFileError, match="illisible ou tronqué"):
        load_indicators(copied, register)


@pytest.mark.parametrize("offset", [4, 1_000, 91_033, -20])
def test_values_altered_anywhere_are_refused_before_they_are_parsed(copied, register, offset):
    path = copied / "indicateurs" / "valeurs.parquet"
    content = bytearray(path.read_bytes())
    start = offset % len(content)
    content[start : start + 20] = bytes(byte ^ 0xFF for byte in content[start : start + 20])
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=r"valeurs\.parquet : contenu différent"):
        load_indicators(copied, register)


def test_an_altered_catalogue_is_refused_though_it_can_be_read(copied, register):
    path = copied / "indicateurs" / "catalogue.toml"
    path.write_bytes(path.read_bytes().replace(b"sens = -1", b"sens = 1", 1))
    with pytest.raises(DataFileError, match=r"catalogue\.toml : contenu différent"):
        load_indicators(copied, register)


def test_a_catalogue_that_is_not_utf8_says_so_in_french(copied):
    path = copied / "indicateurs" / "catalogue.toml"
    path.write_bytes(path.read_bytes() + b"\xe9")
    with pytest.raises(DataFileError, match="ce n'est pas un texte UTF-8"):
        load_catalogue(path)


def test_values_of_another_version_are_refused(copied, register):
    path = copied / "indicateurs" / "version.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["fichiers"]["valeurs.parquet"] = "0" * 64
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DataFileError, match="contenu différent"):
        load_indicators(copied, register)


def test_a_source_that_was_read_in_a_copy_names_it(indicators, data_dir):
    for code in ("taux_chomage_departement", "taux_pauvrete_departement"):
        source = indicators.catalogue[code].source
        assert "SOURCES.md" not in source
        assert "INSEE_Analysis" in source
        assert "identiques" in source
    report = (data_dir / "indicateurs" / "SOURCES.md").read_text(encoding="utf-8")
    for read_in in ("INSEE_Analysis", "bdc-apicil-g1", "Regions-Inegales"):
        assert f"`{read_in}`" in report
