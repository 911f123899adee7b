"""What a person decided of doubtful rows: kept by words, written, read, applied, never asked twice.

Properties are checked on lists of names that exist, are misspelt, are homonyms, or are anything.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territoires.cli.geocoder import geocoder
from territoires.communes import Register
from territoires.errors import InvalidRequest, InvalidTable
from territoires.exports.review_file import WRITERS, read_review, write_review
from territoires.geocoding import (
    NOT_FOUND,
    SURE,
    TO_CHECK,
    Columns,
    Gazetteer,
    geocode_table,
    recognise_columns,
)
from territoires.geocoding.review import (
    METHOD,
    NONE_OF_THEM,
    Choice,
    Review,
    Words,
    apply_review,
    clean_note,
    doubts_of,
    words_from,
    words_of,
)
from territoires.geocoding.review.entries import ReadReview, read_choice
from territoires.geocoding.review.file import review_from_json, review_to_json
from territoires.geocoding.service import Found, Question, load_service_rules, refine
from territoires.tables import TypedTable, read_table
from territoires.tables.writing import write_csv

VIGAN, VIGAN_OF_LOT, ALES = "30350", "46334", "30007"
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

TOWNS = st.sampled_from(
    ["Le Vigan", "LE VIGAN", "Vigan (Le)", "Le Vigann", "Saint-Aubin", "Ganjes (34)", "Zzyxville",
     "Alès", "Saint-Denis", "=1+1", "'=cmd", "", "Paris 18", "L'Abergement"]
) | st.text(max_size=20)  # fmt: skip
POSTCODES = st.sampled_from(["", "30120", "1400", "01400", "97411", "1/2/2040", "0"])
NUMBERS = st.sampled_from(["", "3.6", "3,6", "43.99", "abc", "#36", "3 6", "1e308", "nan", "-0"])
ROWS = st.fixed_dictionaries(
    {
        "commune": TOWNS, "code_postal": POSTCODES, "adresse": st.text(max_size=30),
        "longitude": NUMBERS, "latitude": NUMBERS,
    }
)  # fmt: skip
CODES = st.sampled_from([VIGAN, VIGAN_OF_LOT, ALES, "01004", "2A004", NONE_OF_THEM])
NOTES = st.text(max_size=40) | st.sampled_from(["=1+1", "'=1", '="01"', "# note", "a\nb", "aucune"])


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer.from_register(register)


def table_of(rows: list[dict[str, str]]) -> TypedTable:
    headings = list(rows[0])
    frame = pd.DataFrame(rows, columns=headings, dtype="str")
    return TypedTable(frame, "utf-8", ",")


def asked(
    table: TypedTable, review: Review, gazetteer: Gazetteer, columns: Columns | None = None
) -> tuple[pd.DataFrame, list[Words], tuple]:
    """Place and review a list; return it, its words, and the doubts that remain."""
    columns = columns or recognise_columns(list(table.frame.columns))
    placed = geocode_table(table, gazetteer, columns)
    words = words_of(placed, columns)
    reviewed = apply_review(placed, words, review, gazetteer).frame
    return reviewed, words, doubts_of(reviewed, words)


def one(gazetteer: Gazetteer, choice: Choice | None = None, **cells: str) -> pd.Series:
    """Place one row, decided or not."""
    table = table_of([cells])
    _, words, _ = asked(table, Review(), gazetteer)
    review = Review() if choice is None else Review({words[0]: choice})
    return asked(table, review, gazetteer)[0].iloc[0]


# --- words


@settings(max_examples=300, **SLOW)
@given(row=ROWS)
def test_words_written_and_read_are_the_same_words(row: dict[str, str]) -> None:
    table = table_of([row])
    (words,) = words_of(table.frame, recognise_columns(list(table.frame.columns)))
    assert words_from(words.named()) == words


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ({"commune": "Le Vigan"}, {"Ville": "  LE  VIGAN "}),
        ({"commune": "L'Haÿ-les-Roses"}, {"commune": "l’hay les roses"}),
        ({"code_postal": "01400", "commune": "x"}, {"CP": "1400", "ville": "X"}),
        ({"lon": "3,6", "lat": "43.990000001"}, {"X": "3.600000", "Y": "43,99"}),
        ({"geo_point_2d": "43.99, 3.6"}, {"lon": "3.6", "lat": "43.99"}),
    ],
)
def test_the_same_row_under_other_headings_has_the_same_words(
    typed: dict[str, str], again: dict[str, str]
) -> None:
    one, other = (
        words_of(table_of([row]).frame, recognise_columns(list(row))) for row in (typed, again)
    )
    assert one == other


def test_another_address_is_another_question() -> None:
    rows = [{"commune": "Le Vigan", "adresse": each} for each in ("1 rue A", "2 rue A")]
    words = words_of(table_of(rows).frame, recognise_columns(list(rows[0])))
    assert words[0] != words[1]
    assert words[0].place == words[1].place


# --- files


def reviews() -> st.SearchStrategy[Review]:
    words = st.builds(
        lambda row: words_of(table_of([row]).frame, recognise_columns(list(row)))[0], ROWS
    ).filter(lambda each: each.say_something)
    choices = st.dictionaries(
        words, st.builds(Choice, CODES, st.builds(clean_note, NOTES)), max_size=6
    )
    headings = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True)
    roles = st.sampled_from(["town", "code"])
    layouts = st.lists(st.tuples(headings, roles), max_size=2).map(
        lambda several: {tuple(one): Columns(**{role: one[0]}) for one, role in several}
    )
    return st.builds(Review, choices, layouts)


@settings(max_examples=150, **SLOW)
@given(review=reviews(), name=st.sampled_from(["r.json", "r.csv"]), excel=st.booleans())
def test_a_review_written_and_read_is_the_same(
    review: Review, name: str, excel: bool, gazetteer: Gazetteer
) -> None:
    content = write_review(review, (), gazetteer, name, excel=excel)
    assert read_review(content, name) == (review, ())


@settings(max_examples=150, **SLOW)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda t: ("{" + t).encode()))
def test_any_bytes_are_a_review_or_a_refusal(content: bytes) -> None:
    with contextlib.suppress(InvalidTable):
        assert isinstance(read_review(content, "revue.csv"), ReadReview)


def test_a_browser_keeps_it_on_one_line(gazetteer: Gazetteer) -> None:
    review = Review({Words(town="le vigan"): Choice(VIGAN, "sûr")})
    text = review_to_json(review, (), gazetteer, compact=True)
    assert "\n" not in text
    assert review_from_json(text).review == review


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"format": "autre"}, "pas une revue"),
        ({"format": "territoires.revue", "version": 2}, "autre version"),
        ({"format": "territoires.revue", "version": 1, "lignes": 3}, "listes"),
        ({"format": "territoires.revue", "version": 1, "lignes": [3]}, "1e ligne"),
        (
            {"format": "territoires.revue", "version": 1,
             "lignes": [{"choix": 1004, "ligne": {"commune": "x"}}]},
            "guillemets",
        ),
    ],
)  # fmt: skip
def test_what_is_no_review_is_said(document: object, words: str) -> None:
    with pytest.raises(InvalidTable, match=words):
        read_review(json.dumps(document).encode(), "revue.json")


def test_a_choice_that_cannot_be_read_is_said_with_its_line_and_asked_again() -> None:
    content = b"choix,note,ligne_commune\nle bon,x,le vigan\n30350 Le Vigan (Gard),,ales\n"
    review, findings = read_review(content, "r.csv")
    assert [(one.line, one.value) for one in findings] == [(2, "le bon")]
    assert review.choices[Words(town="le vigan")] == Choice(None, "x")
    assert review.choices[Words(town="ales")] == Choice(VIGAN)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("30350", VIGAN), ("1004", "01004"), ("2a004 Ajaccio", "2A004"), ("Aucune", ""), ("", None),
     ("aucune de ces communes", ""), ("Le Vigan", None), ("303501", None)],
)  # fmt: skip
def test_a_choice_is_read_as_people_write_it(typed: str, code: str | None) -> None:
    assert read_choice(typed) == code


def test_a_review_saved_again_by_a_spreadsheet_is_read(gazetteer: Gazetteer) -> None:
    columns = Columns(town="Lieu dit")
    review = Review({Words(town="bourg", postcode="01400"): Choice("01004")})
    review = review.correct_columns(["Lieu dit", "x"], columns)
    content = write_review(review, (), gazetteer, "r.csv", excel=True).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    width = max(map(len, rows))
    stream = io.StringIO()
    cells = [[*(c.removeprefix('="').removesuffix('"') for c in row)] for row in rows]
    padded = [[*row, *[""] * (width - len(row))] for row in cells]
    csv.writer(stream, delimiter=";").writerows(padded)
    saved = stream.getvalue().replace("01400", "1400").replace("01004", "1004")
    assert read_review(saved.encode("cp1252"), "r.csv") == (review, ())


# --- decisions


@settings(max_examples=60, **SLOW)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=8), data=st.data(), name=st.sampled_from(list(WRITERS))
)
def test_the_next_upload_asks_nothing_twice(
    rows: list[dict[str, str]], data: st.DataObject, name: str, gazetteer: Gazetteer
) -> None:
    """Whatever the list and the choices: decided, written, read, given again in another order."""
    table = table_of(rows)
    _, _, doubts = asked(table, Review(), gazetteer)
    review = Review()
    for doubt in doubts:
        review = review.choose([doubt.words], Choice(data.draw(CODES), "vu"))
    kept = read_review(write_review(review, (), gazetteer, f"r{name}"), f"r{name}").review
    placed, words, left = asked(table_of(rows[::-1]), kept, gazetteer)
    assert left == ()
    for row, said in enumerate(words):
        if said in review.choices:
            assert placed["geo_code_commune"].iloc[row] == review.choices[said].code
            assert placed["geo_methode"].iloc[row] == METHOD
    again = apply_review(placed, words, kept, gazetteer).frame
    pd.testing.assert_frame_equal(again, placed)


def test_a_decided_row_says_who_chose_and_what_was_found_before(gazetteer: Gazetteer) -> None:
    row = one(gazetteer, Choice(VIGAN_OF_LOT, "Appelés le 3 mai"), commune="Le Vigan")
    assert (row.geo_code_commune, row.geo_statut) == (VIGAN_OF_LOT, SURE)
    assert (row.geo_methode, row.geo_score, row.geo_marge) == (METHOD, 1.0, 1.0)
    assert row.geo_candidats == ""
    assert row.geo_motif.startswith(
        "Choisie en revue par une personne : Le Vigan-en-Quercy (46334). "
        "Note : « Appelés le 3 mai ». Nom trouvé en France : Le Vigan."
    )
    assert (row.geo_longitude, row.geo_latitude) == pytest.approx(
        gazetteer.points[VIGAN_OF_LOT], abs=1e-6
    )


def test_none_of_them_is_a_decision_too(gazetteer: Gazetteer) -> None:
    row = one(gazetteer, Choice(NONE_OF_THEM), commune="Le Vigan")
    assert (row.geo_code_commune, row.geo_statut, row.geo_methode) == ("", NOT_FOUND, METHOD)
    assert "Aucune commune, décidé en revue" in row.geo_motif
    assert pd.isna(row.geo_longitude)


def test_a_point_in_the_chosen_commune_is_kept_and_another_is_not(gazetteer: Gazetteer) -> None:
    longitude, latitude = gazetteer.points[VIGAN]
    cells = {"commune": "Alès", "cp": "30100", "lon": f"{longitude:.5f}", "lat": f"{latitude:.5f}"}
    assert one(gazetteer, **cells).geo_statut == TO_CHECK
    there = one(gazetteer, Choice(VIGAN), **cells)
    assert there.geo_precision == "coordonnees"
    assert (there.geo_longitude, there.geo_latitude) == pytest.approx(
        (longitude, latitude), abs=1e-5
    )
    elsewhere = one(gazetteer, Choice(ALES), **cells)
    assert elsewhere.geo_precision == "commune"
    assert (elsewhere.geo_longitude, elsewhere.geo_latitude) == pytest.approx(
        gazetteer.points[ALES], abs=1e-6
    )


def test_a_commune_that_is_no_more_is_said_and_asked_again(
    register: Register, gazetteer: Gazetteer
) -> None:
    """Under another register, a choice may name a former commune: its heir is proposed first."""
    alone = register.former[register.former["codes_communes"].str.fullmatch(r"\w{5}")]
    former = alone[~alone["code_ancien"].isin(register.communes.index)].iloc[0]
    table = table_of([{"commune": "Saint-Aubin"}])
    words = Words(town="saint aubin")
    review = Review({words: Choice(former["code_ancien"])})
    placed, _, doubts = asked(table, review, gazetteer)
    assert f"{former['code_ancien']} n'est plus une commune" in placed["geo_motif"].iloc[0]
    assert placed["geo_statut"].iloc[0] == TO_CHECK
    assert doubts[0].candidates[0] == former["codes_communes"]
    lapsed = apply_review(placed, [words], review, gazetteer).lapsed
    assert lapsed == {words: former["code_ancien"]}


def test_a_decided_row_goes_to_its_address_and_its_commune_stays_decided(
    gazetteer: Gazetteer,
) -> None:
    """A service that answers elsewhere does not ask again what a person has decided."""
    rows = [{"adresse": f"{number} rue du Pont", "commune": "Le Vigan"} for number in (1, 2)]
    columns = recognise_columns(list(rows[0]))
    placed = geocode_table(table_of(rows), gazetteer, columns)
    words = words_of(placed, columns)
    review = Review(dict.fromkeys(words, Choice(VIGAN)))
    longitude, latitude = gazetteer.points[VIGAN]

    def service(questions: Sequence[Question]) -> list[Found]:
        assert {question.code for question in questions} == {VIGAN}
        return [
            Found(f"{n} Rue du Pont 30120 Le Vigan", "housenumber", "Rue du Pont", n, code,
                  longitude + 0.001, latitude, 0.95)
            for n, code in (("1", VIGAN), ("2", VIGAN_OF_LOT))
        ]  # fmt: skip

    decided = apply_review(placed, words, review, gazetteer).frame
    rules = load_service_rules(gazetteer.register.folder.parent)
    refined = refine(decided, gazetteer, service, rules, columns=columns).frame
    assert refined["geo_statut"].tolist() == [SURE, TO_CHECK]
    settled = apply_review(refined, words, review, gazetteer).frame
    assert settled["geo_statut"].tolist() == [SURE, SURE]
    assert settled["geo_methode"].tolist() == [METHOD, METHOD]
    assert settled["geo_precision"].tolist() == ["adresse", "commune"]
    assert settled["geo_longitude"].iloc[0] == pytest.approx(longitude + 0.001, abs=1e-6)
    assert settled["geo_motif"].str.count("Choisie en revue").tolist() == [1, 1]
    assert doubts_of(settled, words) == ()


def test_rows_that_say_nothing_are_no_question(gazetteer: Gazetteer) -> None:
    _, _, doubts = asked(table_of([{"commune": "", "x": "1"}, {"commune": "?!", "x": "2"}]),
                         Review(), gazetteer)  # fmt: skip
    assert doubts == ()


def test_newer_decisions_win_and_notes_alone_do_not() -> None:
    words = Words(town="le vigan")
    old, new = Review({words: Choice(VIGAN)}), Review({words: Choice(ALES)})
    assert old.joined(new).choices[words].code == ALES
    assert old.joined(Review({words: Choice(None, "?")})).choices[words].code == VIGAN
    assert old.forget([words]) == Review()


def test_a_review_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("territoires.geocoding.review.model.MOST_CHOICES", 2)
    several = [Words(town=str(number)) for number in range(3)]
    with pytest.raises(InvalidRequest, match="au plus 2 décisions"):
        Review().choose(several, Choice(VIGAN))


# --- command line


def run(*arguments: str) -> Result:
    return CliRunner().invoke(geocoder, arguments, standalone_mode=False, catch_exceptions=False)


@pytest.mark.parametrize("name", ["revue.csv", "revue.json"])
def test_the_command_writes_the_questions_and_takes_the_answers(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("territoires.cli.geocoder._ROWS_AT_A_TIME", 2)  # by pieces
    source, target, review = (tmp_path / each for each in ("liste.csv", "sortie.csv", name))
    source.write_text("nom,ville\nA,Le Vigan\nB,Alès\nC,Saint-Aubin\nD,LE VIGAN\n", "utf-8")
    told = run(str(source), str(target), "--revue", str(review))
    assert "2 questions (3 lignes) à décider" in told.stderr
    text = review.read_text("utf-8")
    assert "30350 Le Vigan (Gard)" in text
    if name.endswith(".csv"):
        sheet = read_table(review.read_bytes(), name, limit_bytes=100_000).frame
        assert sheet["lignes"].tolist() == ["2", "1"]
        sheet["choix"] = ["30350 Le Vigan (Gard)", "aucune"]
        review.write_bytes(write_csv(sheet, excel=True))
    else:
        document = json.loads(text)
        for line, choice in zip(document["lignes"], (VIGAN, "aucune"), strict=True):
            line["choix"] = choice
        review.write_text(json.dumps(document), "utf-8")

    again = run(str(source), str(target), "--revue", str(review))
    assert "Revue : 3 lignes décidées. Il ne reste rien à décider." in again.stderr
    placed = read_table(target.read_bytes(), "s.csv", limit_bytes=100_000).frame
    assert placed["geo_code_commune"].tolist() == [VIGAN, ALES, "", VIGAN]
    assert placed["geo_methode"].tolist() == [METHOD, "hors_ligne", METHOD, METHOD]
    # What was decided is still there, for the next list.
    assert read_review(review.read_bytes(), name).review.made == 2


def test_a_note_without_a_choice_is_not_lost(tmp_path: Path) -> None:
    source, review = tmp_path / "l.csv", tmp_path / "r.csv"
    source.write_text("ville\nLe Vigan\n", "utf-8")
    review.write_text("choix,note,ligne_commune\n,à rappeler,le vigan\n", "utf-8")
    run(str(source), str(tmp_path / "s.csv"), "--revue", str(review))
    sheet = read_table(review.read_bytes(), "r.csv", limit_bytes=100_000).frame
    assert sheet[["choix", "note"]].values.tolist() == [["", "à rappeler"]]


def test_columns_corrected_on_the_page_serve_the_command(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    source, target, path = (tmp_path / each for each in ("l.csv", "s.csv", "r.json"))
    source.write_text("Endroit,x\nAlès,1\n", "utf-8")
    review = Review().correct_columns(["Endroit", "x"], Columns(town="Endroit"))
    path.write_bytes(write_review(review, (), gazetteer, "r.json"))
    run(str(source), str(target), "--revue", str(path))
    placed = read_table(target.read_bytes(), "s.csv", limit_bytes=100_000).frame
    assert placed["geo_code_commune"].tolist() == [ALES]


@pytest.mark.parametrize(
    ("review", "words"),
    [("l.csv", "fichier à part"), ("s.csv", "fichier à part"), ("r.txt", ".csv")],
)
def test_a_review_takes_no_other_file_s_place(review: str, words: str, tmp_path: Path) -> None:
    source = tmp_path / "l.csv"
    source.write_text("ville\nAlès\n", "utf-8")
    with pytest.raises(InvalidRequest, match=words):
        run(str(source), str(tmp_path / "s.csv"), "--revue", str(tmp_path / review))
    assert source.read_text("utf-8") == "ville\nAlès\n"
