"""Figures of earlier years, in the communes of today: nothing lost in silence, nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import DataFileError, UnexpectedFormat
from territoires.sources.cells import measures_table
from territoires.sources.conversion import load_passages, to_current
from territoires.sources.declaration import Measure, Reading, Source, at
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources
from tests.conftest import DATA, SAMPLES

SOURCE = Source(
    "essai", "Essai", "Nous", "Licence", "https://essai.example", at("https://essai.example/x"),
    lambda _file, _bench: None, (),
    measures=(
        Measure("habitants"),
        Measure("mediane", "valeur", lowest=1000, highest=90_000),
        Measure("zone", "classe"),
        Measure("taux", "valeur", highest=100, floor=5.0, not_covered=("976",)),
        Measure("ecoles", absent_is_zero=True),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def passages():
    return load_passages(DATA)


@pytest.fixture(scope="module")
def convert(register, passages):
    def converted(rows, *, year=2021, complete=False):
        table = pd.DataFrame(
            [(code, measure, value, status) for code, measure, value, status in rows],
            columns=["code_commune", "code_mesure", "valeur", "statut"],
        )
        reading = Reading("2021", year, table, complete, len(rows))
        return to_current(reading, SOURCE, register, passages)

    return converted


def one(converted, code: str, measure: str = "habitants") -> tuple[float | None, str]:
    table = converted.table
    row = table[(table["code_commune"] == code) & (table["code_mesure"] == measure)].iloc[0]
    return (None if pd.isna(row["valeur"]) else row["valeur"]), str(row["statut"])


# Two communes that became one between 2021 and 2026, read in the table itself.
@pytest.fixture(scope="module")
def merged(passages) -> tuple[str, str]:
    heirs = passages.merged(2021)
    gone = next(
        code for code, heir in heirs.items()
        if list(heirs.values()).count(heir) == 1 and heir not in passages.split(2021).values()
        and heir not in set(passages.table.query("nature == 'renumerotation'")["code_apres"])
    )  # fmt: skip
    return gone, heirs[gone]


def test_counts_add_up_over_a_merger(convert, merged) -> None:
    gone, heir = merged
    rows = [(gone, "habitants", 100.0, "publie"), (heir, "habitants", 40.0, "publie")]
    assert one(convert(rows), heir) == (140.0, "publie")
    rows[0] = (gone, "habitants", float("nan"), "secret")
    assert one(convert(rows), heir) == (None, "secret")
    rows[0] = (gone, "habitants", float("nan"), "non_disponible")
    assert one(convert(rows), heir) == (None, "non_disponible")


def test_medians_are_not_merged_and_classes_only_when_shared(convert, merged) -> None:
    gone, heir = merged
    rows = [(gone, "mediane", 20_000.0, "publie"), (heir, "mediane", 21_000.0, "publie")]
    assert one(convert(rows), heir, "mediane") == (None, "non_disponible")
    same = [(gone, "zone", 2.0, "publie"), (heir, "zone", 2.0, "publie")]
    assert one(convert(same), heir, "zone") == (2.0, "publie")
    other = [(gone, "zone", 2.0, "publie"), (heir, "zone", 3.0, "publie")]
    assert one(convert(other), heir, "zone") == (None, "non_disponible")


def test_a_split_marks_both_sides(convert) -> None:
    converted = convert([("15141", "habitants", 2000.0, "publie")], year=2024)
    for code in ("15141", "15031", "15035", "15047", "15171"):
        assert one(converted, code) == (None, "non_disponible")
    assert any("15031 sortie de 15141" in line for line in converted.lines)
    # A file that already has them is of after the split.
    both = [("15141", "habitants", 900.0, "publie"), ("15031", "habitants", 300.0, "publie")]
    assert one(convert(both, year=2025), "15141") == (900.0, "publie")


def test_a_new_code_for_the_same_commune_follows_it(convert) -> None:
    converted = convert([("49069", "habitants", 15_000.0, "publie")], year=2024)
    assert one(converted, "49126") == (15_000.0, "publie")


@pytest.mark.parametrize(
    ("city", "parts"),
    [("75056", "75101 75120"), ("69123", "69381 69389"), ("13055", "13201 13216")],
)
def test_a_city_is_never_counted_twice(convert, city: str, parts: str) -> None:
    rows = [(code, "habitants", 10.0, "publie") for code in parts.split()]
    assert one(convert(rows), city) == (20.0, "publie")
    assert one(convert([*rows, (city, "habitants", 500.0, "publie")]), city) == (500.0, "publie")


def test_codes_that_lead_nowhere_are_told(convert) -> None:
    codes = ("97501", "98818", "", "99999", "01001")
    rows = [(code, "habitants", 1.0, "publie") for code in codes]
    told = " ".join(convert(rows).lines)
    assert "Collectivités d'outre-mer laissées de côté : 2" in told
    assert "Lignes sans commune laissées de côté : 1" in told
    assert "99999" in told


def test_codes_that_lost_their_zeros_are_refused_and_never_counted_as_none(
    convert, register
) -> None:
    codes = [code.removeprefix("0") for code in register.communes.index]
    rows = [(code, "ecoles", 2.0, "publie") for code in codes]
    with pytest.raises(UnexpectedFormat, match=r"d'aucune commune \(1001, 1002.*zéros du début"):
        convert(rows, year=2026, complete=True)


def test_absence_is_zero_only_in_a_whole_file(convert) -> None:
    rows = [("01001", "ecoles", 2.0, "publie")]
    assert one(convert(rows), "30350", "ecoles") == (None, "non_disponible")
    assert one(convert(rows, complete=True), "30350", "ecoles") == (0.0, "publie")
    people = [("01001", "habitants", 2.0, "publie")]
    assert one(convert(people, complete=True), "30350") == (None, "non_disponible")


def test_floors_and_what_a_source_leaves_out(convert) -> None:
    converted = convert([("01001", "taux", 5.0, "publie"), ("01002", "taux", 5.1, "publie")])
    assert one(converted, "01001", "taux") == (5.0, "plancher")
    assert one(converted, "01002", "taux") == (5.1, "publie")
    assert one(converted, "97601", "taux") == (None, "hors_champ")
    assert one(converted, "30350", "taux") == (None, "non_disponible")


@pytest.mark.parametrize(
    ("rows", "year", "expected"),
    [
        ([("01001", "habitants", 1.0, "publie")] * 2, 2021, "01001 a deux fois"),
        ([("01001", "mediane", 12.0, "publie")], 2021, "mediane vaut 12 à 01001"),
        ([("01001", "habitants", -1.0, "publie")], 2021, "habitants vaut -1"),
        ([("01001", "habitants", float("inf"), "publie")], 2021, "inf"),
        ([("01001", "habitants", 1.0, "publie")], 2099, "plus récentes que celles d'ici"),
    ],
)
def test_what_cannot_be_true_is_refused(convert, rows, year: int, expected: str) -> None:
    with pytest.raises(UnexpectedFormat, match=expected):
        convert(rows, year=year)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_whole_file_keeps_its_sum_whatever_the_order(data, register, passages) -> None:
    codes = sorted(passages.communes_of(2021, register.communes.index))
    seed = data.draw(st.integers(0, 2**32 - 1))
    values = pd.Series(range(len(codes)), dtype=float).sample(frac=1, random_state=seed)
    statuses = pd.Series("publie", index=range(len(codes)))
    table = measures_table(
        pd.Series(codes), {"habitants": (values.reset_index(drop=True), statuses)}
    )
    reading = Reading("2021", 2021, table, complete=True, rows=len(codes))
    straight = to_current(reading, SOURCE, register, passages).table
    mixed = replace(reading, measures=table.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(straight, to_current(mixed, SOURCE, register, passages).table)
    split = {*passages.split(2021), *passages.split(2021).values()}
    lost = table[table["code_commune"].isin(split)]["valeur"].sum()
    assert straight["valeur"].sum() == values.sum() - lost
    assert len(straight) == len(register.communes)


@pytest.mark.echantillons
@pytest.mark.parametrize(
    ("name", "code", "column", "year"),
    [
        ("insee-comparateur/base_cc_comparateur_csv.zip", "insee_comparateur", "CODGEO", 2021),
        ("insee-appartenance/table-appartenance-geo-communes-22.xlsx", "insee_appartenance",
         "CODGEO", 2022),
    ],
)  # fmt: skip
def test_the_communes_of_a_year_are_those_of_its_files(
    register, passages, name: str, code: str, column: str, year: int
) -> None:
    with open_file(SAMPLES / name, available_sources()[code]) as file:
        codes = set(file.frame([column])[column])
    arrondissements = set(register.inferior["code"]) & {
        c for c in codes if c.startswith(("751", "6938", "132"))
    }
    today = register.communes.index
    assert passages.communes_of(year, today) == codes - arrondissements
    assert passages.likely_year(codes - arrondissements, today, register.cog) == year


@pytest.mark.echantillons
def test_the_table_of_changes_agrees_with_the_official_movements(register, passages) -> None:
    moves = pd.read_csv(
        SAMPLES / "insee-cog/v_mvt_commune_2026.csv", dtype="str", keep_default_na=False
    )
    moves = moves[(moves["DATE_EFF"] > "2021-01-01") & (moves["TYPECOM_AV"] == "COM")]
    today = set(register.communes.index)
    gone = sorted(set(moves["COM_AV"]) - today)
    heirs = passages.merged(2021)
    assert len(gone) > 60
    for code in gone:
        after = moves[(moves["COM_AV"] == code) & (moves["TYPECOM_AP"] == "COM")]["COM_AP"]
        reached = {heirs.get(heir, heir) for heir in after} - {code}
        assert heirs.get(code) in reached, code


def test_a_damaged_table_of_changes_is_said(tmp_path) -> None:
    (tmp_path / "passages_communes.csv").write_text("annee;autre\n2021;x\n")
    with pytest.raises(DataFileError, match=r"passages_communes\.csv"):
        load_passages(tmp_path)
