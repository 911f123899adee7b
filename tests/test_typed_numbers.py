"""Numbers as people type them, marks of absence, and keys that stay what they are."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.tables import read_table
from territoires.tables.keyed import nearest_column, read_keyed_numbers
from territoires.tables.numbers import ABSENCE_MARKS, read_numbers


def read(*cells):
    column = pd.Series(list(cells), name="taux", dtype="str")
    return read_numbers(column, np.arange(2, len(cells) + 2))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12.0),
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("-0,4", -0.4),
        ("−0,4", -0.4),
        ("+3", 3.0),
        (",5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1,5E-3", 0.0015),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u00a0567", 1234567.0),
        ("1\u202f234,5", 1234.5),
        ("12 %", 12.0),
        ("12,5%", 12.5),
        ("00012", 12.0),
        ("5e-400", 0.0),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, number):
    values, findings = read(typed)
    assert values.tolist() == [number]
    assert not findings


@pytest.mark.parametrize("mark", [*sorted(ABSENCE_MARKS), "ND", "n.D.", "Secret", "N/A", "NaN"])
def test_a_mark_of_absence_is_missing_and_no_error(mark):
    values, findings = read(mark, "3")
    assert math.isnan(values[0])
    assert values[1] == 3.0
    assert not findings


@pytest.mark.parametrize(
    "typed",
    [
        "abc", "12 34", "1 2345", "1.234,5", "1,234.5", "1.2.3", "12-5", "0x10", "1_000", "12 km",
        "oui", "True", "١٢", "e5", "+", "%", "= 1", "12/11/2026", "2A004",
    ],
)  # fmt: skip
def test_what_is_no_number_is_an_error_with_line_column_and_value(typed):
    values, findings = read("1", typed, "2")
    assert math.isnan(values[1])
    (finding,) = findings
    assert (finding.level, finding.line, finding.field, finding.value) == (
        "erreur", 3, "taux", typed,
    )  # fmt: skip
    assert "ni un nombre" in finding.message


@pytest.mark.parametrize(
    "typed", ["inf", "-inf", "Infinity", "+INF", "∞", "infini", "1e400", "-1e400", "9" * 400]
)
def test_an_infinite_value_is_an_error(typed):
    values, findings = read(typed)
    assert math.isnan(values[0])
    assert [finding.line for finding in findings] == [2]
    assert "infinie" in findings[0].message


def test_a_column_is_in_per_cent_or_is_not():
    values, findings = read("12 %", "nd", "5,5 %")
    assert values[[0, 2]].tolist() == [12.0, 5.5]
    assert not findings
    values, findings = read("12 %", "0,05", "5 %", "nd")
    assert [(finding.line, finding.value) for finding in findings] == [(3, "0,05")]
    assert "« % »" in findings[0].message


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_python_writes_is_read_back(number):
    for typed in (repr(number), repr(number).replace(".", ",")):
        values, findings = read(typed)
        assert values.tolist() == [number]
        assert not findings


@given(st.integers(-(10**15), 10**15), st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"]))
def test_thousands_may_be_apart(number, space):
    values, findings = read(f"{number:,}".replace(",", space))
    assert values.tolist() == [float(number)]
    assert not findings


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_cell_breaks_the_reader(text):
    values, findings = read(text, "1")
    assert values[1] == 1.0
    assert math.isfinite(values[0]) or math.isnan(values[0])
    assert len(findings) <= 2


# Keys


def keyed(text, key="code", columns=("a",)):
    table = read_table(text.encode(), "essai.csv", limit_bytes=100_000)
    return read_keyed_numbers(table, key, columns)


def test_a_key_is_text_under_its_own_name_in_the_order_of_the_rows():
    read = keyed("code;a;b\n2A004;1;x\n01004;;y\n00057;3;z\n")
    assert read.frame.index.name == "code"
    assert list(read.frame.index) == ["2A004", "01004", "00057"]
    assert list(read.frame.columns) == ["a"]
    assert read.lines.tolist() == [2, 3, 4]
    assert not read.findings


def test_a_key_given_twice_or_empty_is_said_with_its_lines():
    read = keyed("code;a\nx;1\n;2\n\nx;3\ny;4\nx;5\n")
    told = [(finding.line, finding.field, finding.value) for finding in read.findings]
    assert told == [(3, "code", None), (5, "code", "x"), (7, "code", "x")]
    assert "ligne 2" in read.findings[1].message
    assert "ligne 2" in read.findings[2].message
    assert "vide" in read.findings[0].message


def test_findings_come_in_the_order_of_the_lines():
    read = keyed("code;a;b\nx;1;zut\ny;zut;2\nz;zut;zut\n", columns=("a", "b"))
    assert [(one.line, one.field) for one in read.findings] == [
        (2, "b"), (3, "a"), (4, "a"), (4, "b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        ("taux_chomage", "Taux chômage"),
        ("taux_chomaje", "Taux chômage"),
        ("chomage", "Taux chômage"),
        ("CODGEO", "codgeo"),
        ("xyz", None),
    ],
)
def test_the_nearest_column_is_found(wanted, nearest):
    assert nearest_column(wanted, ["codgeo", "Taux", "Taux chômage", "revenu"]) == nearest
