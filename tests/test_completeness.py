"""What the directory contains, beside what others have counted: missing is never zero."""

from __future__ import annotations

import pandas as pd
import pytest

from territoires.errors import DataFileError
from territoires.initiatives import directory_from_table, load_external_counts, load_vocabularies
from territoires.initiatives.completeness import (
    completeness_by_departement,
    completeness_by_type,
    counted_in_france,
)
from territoires.initiatives.directory import NO_DEPARTEMENT
from territoires.tables import read_table
from territoires.ui.contents_map import contents_points
from tests.conftest import DATA

HEADINGS = "type,nombre,date,source,source_url"


@pytest.fixture(scope="module")
def counts():
    return load_external_counts(DATA)


def test_the_directory_is_compared_with_what_others_have_counted(directory):
    words = load_vocabularies(DATA)
    table = completeness_by_type(directory, words, load_external_counts(DATA)).set_index("type")
    assert table.loc["tzcld", "connues"] == 87
    assert table.loc["tzcld", "part"] == pytest.approx(table.loc["tzcld", "recensees"] / 87)
    assert pd.isna(table.loc["jardin_partage", "connues"])  # nobody has counted: unknown, not 0
    assert table["recensees"].sum() == len(directory)
    assert (table["localisees"] <= table["recensees"]).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("type,nombre\ntzcld,87\n", "colonnes absentes"),
        ("type,nombre,date,source,source_url\ntzcld,beaucoup,2026,x,https://x\n", "beaucoup"),
    ],
)
def test_a_damaged_count_is_named(tmp_path, content, words):
    (tmp_path / "initiatives_externes.csv").write_text(content, "utf-8")
    with pytest.raises(DataFileError, match=words):
        load_external_counts(tmp_path)


def test_each_departement_is_compared_with_what_was_counted_there(directory, register, tmp_path):
    file = tmp_path / "initiatives_externes.csv"
    file.write_text(
        f"{HEADINGS},code_departement\ntzcld,87,2026-02,x,https://x,\n"
        "tzcld,3,2026-02,y,https://y,35\njardin_partage,9,2026-02,y,https://y,35\n",
        "utf-8",
    )
    counts = load_external_counts(tmp_path)
    assert counted_in_france(counts, "tzcld").number == 87
    assert counted_in_france(counts, "jardin_partage") is None
    table = completeness_by_departement(directory, register, counts, "tzcld")
    assert table["connues"].dropna().to_dict() == {"35": 3}
    assert table["initiatives"].sum() == len(directory.filter(types=["tzcld"]))
    everything = completeness_by_departement(directory, register, counts)
    assert everything["connues"].isna().all()  # nobody counts every type together
    by_type = completeness_by_type(directory, load_vocabularies(DATA), counts).set_index("type")
    assert by_type.loc["tzcld", "connues"] == 87
    assert pd.isna(by_type.loc["jardin_partage", "connues"])  # counted in one département only


def test_shares_are_of_what_is_recorded_and_missing_where_nothing_is(directory, register, counts):
    table = completeness_by_departement(directory, register, counts)
    some = table["initiatives"] > 0
    expected = table["localisees"][some] / table["initiatives"][some]
    assert (table["part_localisees"][some] == expected).all()
    assert table["part_localisees"][~some].isna().all()
    assert (~some).sum() > 10
    assert table.loc[NO_DEPARTEMENT, "part_localisees"] == 0


def test_what_is_not_located_counts_in_the_departement_it_surely_is_in(register):
    # Candidates of one département, then of two; nothing known; a date that is not one.
    text = (
        "id,nom,type,code_commune,geo_code_commune,geo_commune,geo_longitude,geo_latitude,"
        "geo_precision,geo_methode,geo_score,geo_statut,geo_motif,geo_candidats,source_date\n"
        "a,A,amap,,,,,,,,,a_verifier,,30350;30007,2026-01-02\n"
        "b,B,amap,,,,,,,,,a_verifier,,30350;48095,2026-01-02\n"
        "c,C,amap,,,,,,,,,non_trouve,,,2026\n"
        "d,D,amap,30350,30350,Le Vigan,,,commune,code,1,sur,,,demain\n"
    )
    table = read_table(text.encode(), "x.csv", limit_bytes=10_000)
    own = directory_from_table(table, register, load_vocabularies(DATA))
    found = completeness_by_departement(own, register, ())
    assert found["initiatives"][found["initiatives"] > 0].to_dict() == {"30": 2, "": 2}
    assert found.loc["30", "part_localisees"] == 0.5
    assert found.loc["30", "source_recente"] == "2026-01-02"  # « demain » is not a date
    assert found.loc["", "source_recente"] == "2026-01-02"


def test_the_map_has_a_circle_for_each_departement_and_never_says_none(directory, register, counts):
    table = completeness_by_departement(directory, register, counts)
    points = contents_points(register, table)
    assert len(points) == len(register.departements)
    widths = [point.count for point in points]
    assert widths == sorted(widths, reverse=True)
    silent = [point for point in points if "rien de recensé" in point.lines[1]]
    assert len(silent) == (table["initiatives"].drop(NO_DEPARTEMENT) == 0).sum()
    assert all("ce n'est pas « aucune initiative »" in point.lines[1] for point in silent)
    assert all(point.lines[-1] == "comptées ailleurs : inconnu" for point in points)
