"""A person's own initiatives come back as they typed them, by file and by browser."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidTable
from territoires.exports.csv_export import unprotected
from territoires.geocoding import Gazetteer, geocode_table
from territoires.initiatives import (
    COLUMNS,
    GEO_COLUMNS,
    load_vocabularies,
    merge_directories,
    validate_initiatives,
)
from territoires.initiatives.own import (
    FIELDS,
    MOST_LETTERS,
    OwnInitiatives,
    findings_by_field,
    free_identifier,
    no_initiatives,
    own_from_rows,
    own_from_table,
    typed_fields,
    written,
)
from territoires.initiatives.own_file import own_from_json, own_to_json
from territoires.tables import read_table
from territoires.ui.initiative_fields import SECTIONS
from territoires.ui.initiative_view import own_file
from tests.conftest import DATA

HOSTILE = (
    '=HYPERLINK("http://x";"y")',
    "'=1+1",
    "''@SUM(A1)",
    "+33 4 67 00 00 00",
    "-12",
    "</script><img src=x onerror=alert(1)>",
    "\u202eà l'envers\u202c שלום",
    "👩‍🚀🇫🇷 😀",
    "é" * 100_000,
    'une;deux,trois\tquatre\n\n« cinq »\n"six"',
    '="00057"',
    "# pas un commentaire",
    "01004",
    "1E5",
)


@pytest.fixture(scope="module")
def gazetteer(register):
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def vocabularies():
    return load_vocabularies(DATA)


def taken_back(content: bytes, gazetteer: Gazetteer) -> OwnInitiatives:
    """Return the initiatives of a file as the page takes them."""
    table = read_table(content, "mes-initiatives.csv", limit_bytes=20_000_000)
    table = replace(table, frame=unprotected(table.frame))
    return own_from_table(table, gazetteer.register, geocode_table(table, gazetteer))


def same(one: OwnInitiatives, other: OwnInitiatives) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame)


def cafe(**cells: str) -> dict[str, str]:
    return {"nom": "Le Café", "type": "tiers_lieu", "code_commune": "30350"} | cells


def test_the_form_has_every_column_but_the_identifier():
    asked = [one.column for fields in SECTIONS.values() for one in fields]
    assert sorted(asked) == sorted(set(COLUMNS) - {"id"})


WORDS = st.text(max_size=40).map(written)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"nom": WORDS.filter(bool), "type": st.sampled_from(["tiers_lieu", "amap", "=x"])},
        optional={
            column: WORDS | st.sampled_from(HOSTILE).map(written)
            for column in FIELDS
            if column not in ("nom", "type", "code_commune")
        }
        | {"code_commune": st.sampled_from(["30350", "01004", "2A004", "75113", "99999", ""])},
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(rows=ROWS)
def test_what_is_filled_in_comes_back_from_its_file_and_from_the_browser(rows, gazetteer):
    own = own_from_rows(rows, gazetteer)
    assert [own.fields(code) for code in own.identifiers] == [
        {column: row.get(column, "") for column in FIELDS} for row in rows
    ]
    same(taken_back(own_file(own), gazetteer), own)
    same(own_from_json(own_to_json(own), gazetteer), own)


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_the_worst_texts_come_back_as_typed_in_every_field(typed, gazetteer):
    free = [c for c in FIELDS if c not in ("longitude", "latitude", "code_commune")]
    row = cafe(**dict.fromkeys(free, typed))
    own = own_from_rows([row], gazetteer)
    same(taken_back(own_file(own), gazetteer), own)
    (code,) = own.identifiers
    assert own.fields(code)["resultats"] == typed


def test_the_file_has_the_columns_of_the_shipped_one_and_opens_in_a_french_excel(gazetteer):
    content = own_file(own_from_rows([cafe(code_postal="01000", axes="2;5")], gazetteer))
    heading, row = content.decode("utf-8-sig").splitlines()
    shipped = (DATA / "initiatives.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert heading.split(";") == shipped.split(",") == [*COLUMNS, *GEO_COLUMNS]
    assert '="01000"' in row.replace('""', '"')


def test_a_text_is_bounded_and_loses_what_no_file_holds():
    assert written("  a\x00b\x1b\ud800 ") == "a b"
    assert len(written("x" * 1_000_000)) == MOST_LETTERS
    assert written("deux\nlignes") == "deux\nlignes"


def test_ones_own_row_takes_the_place_of_the_shipped_one(directory, gazetteer, vocabularies):
    code = "autre-terre-de-convergence-le-vigan"
    row = typed_fields(directory, code) | {"id": code, "resultats": "Dix emplois."}
    own = own_from_rows([row], gazetteer)
    merged = merge_directories(directory, own.directory(gazetteer.register, vocabularies))
    assert len(merged) == len(directory)
    assert merged.frame.loc[code, "resultats"] == "Dix emplois."
    others = [column for column in merged.frame.columns if column != "resultats"]
    before, after = directory.frame.loc[code, others], merged.frame.loc[code, others]
    assert before.to_dict() == after.to_dict()


def test_a_shipped_row_opened_and_saved_untouched_stays_what_it_is(directory, gazetteer):
    codes = directory.frame.index
    rows = [typed_fields(directory, code) | {"id": code} for code in codes]
    saved = own_from_rows(rows, gazetteer).directory(gazetteer.register, directory.vocabularies)
    # A row that no commune is known of is not given one, nor a point that nobody typed.
    pd.testing.assert_frame_equal(saved.frame, directory.frame)


def test_what_is_shown_at_its_commune_keeps_its_address_for_its_author_only(
    gazetteer, vocabularies
):
    row = cafe(adresse="3 rue du Pont", longitude="3.6050", latitude="43.9915", axes="4")
    own = own_from_rows([row], gazetteer)
    (code,) = own.identifiers
    shown = own.directory(gazetteer.register, vocabularies).frame.loc[code]
    assert shown["adresse"] == ""
    assert shown["visibilite"] == "commune"
    assert shown["longitude"] != 3.605
    back = taken_back(own_file(own), gazetteer)
    assert back.fields(code)["adresse"] == "3 rue du Pont"
    assert back.fields(code)["longitude"] == "3.6050"
    assert back.fields(code)["visibilite"] == ""


def test_the_newer_row_of_an_identifier_stands_where_the_older_was(gazetteer):
    both = own_from_rows([cafe(), cafe(nom="Autre")], gazetteer)
    newer = own_from_rows([cafe(resultats="Oui") | {"id": both.identifiers[0]}], gazetteer)
    joined = both.joined(newer)
    assert joined.identifiers == both.identifiers
    assert joined.fields(joined.identifiers[0])["resultats"] == "Oui"
    assert joined.without(joined.identifiers[0]).identifiers == joined.identifiers[1:]
    same(no_initiatives().joined(both), both)


def test_a_new_initiative_never_takes_the_identifier_of_another(directory):
    shipped = typed_fields(directory, "autre-terre-de-convergence-le-vigan")
    given_now = free_identifier(shipped, directory.frame.index)
    assert given_now == "autre-terre-de-convergence-le-vigan-2"


def test_findings_are_those_of_a_file(gazetteer, vocabularies):
    row = cafe(date_debut="12/05/2019", code_postal="75001", description="06 12 34 56 78")
    told = findings_by_field(row, vocabularies, gazetteer)
    heading = ";".join(row)
    file = f"{heading}\n{';'.join(row.values())}\n".encode()
    table = read_table(file, "x.csv", limit_bytes=10_000)
    expected = validate_initiatives(table, vocabularies, gazetteer.register, gazetteer)
    assert {(f.field, f.level, f.message) for fs in told.values() for f in fs} == {
        (f.field, f.level, f.message) for f in expected
    }
    assert set(told) == {"date_debut", "code_postal", "description"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1, 2", "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"format": "territoires.listes"}', "ne contient pas des initiatives"),
        ('{"format": "territoires.initiatives", "version": 9}', "autre version"),
        ('{"format": "territoires.initiatives", "version": 1}', "pas une liste"),
        ('{"format":"territoires.initiatives","version":1,"initiatives":[{}]}', "pas de nom"),
        ('{"format":"territoires.initiatives","version":1,"initiatives":[3]}', "pas de nom"),
        ('{"format":"territoires.initiatives","version":1,"initiatives":[{"nom":"a","type":1}]}',
         "pas un texte"),
        ("x" * 8_000_001, "trop nombreuses"),
    ],
)  # fmt: skip
def test_what_a_browser_kept_damaged_is_refused_with_the_reason(text, reason, gazetteer):
    with pytest.raises(InvalidTable, match=reason):
        own_from_json(text, gazetteer)


@given(text=st.text(max_size=60))
def test_no_text_that_a_browser_kept_breaks_anything(text, gazetteer):
    assume(text)
    with pytest.raises(InvalidTable):
        own_from_json(text, gazetteer)


def test_places_are_found_again_when_a_browser_gives_rows_back(gazetteer):
    document = (
        '{"format":"territoires.initiatives","version":1,"initiatives":'
        '[{"nom":"A","type":"amap","code_commune":"30350","geo_code_commune":"75056"}]}'
    )
    own = own_from_json(document, gazetteer)
    assert own.frame["geo_code_commune"].tolist() == ["30350"]
