"""Tables: what people and producers type comes in, what a spreadsheet can open goes out."""

from __future__ import annotations

import csv
import errno
import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest, InvalidTable
from territoires.tables import of_name, plain, read_table, read_table_file, write_csv, write_file
from territoires.tables.writing import neutralise

LIMIT = 1_000_000
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"

# What a CSV can carry: no control characters (refused or replaced), no blanks around (removed).
cells = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from('",;|\n')
).map(str.strip)


def read(text: str, encoding: str = "utf-8"):
    return read_table(text.encode(encoding), "essai.csv", limit_bytes=LIMIT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_gives_the_same_table(encoding, separator):
    text = "nom|commune\nCafé|L'Abergement-Clémenciat\nŒuvre|Saint-Étienne\n"
    table = read(text.replace("|", separator), encoding)
    assert table.frame.to_dict("list") == {
        "nom": ["Café", "Œuvre"],
        "commune": ["L'Abergement-Clémenciat", "Saint-Étienne"],
    }
    assert (table.encoding, table.separator) == (encoding, separator)
    assert table.lines == (2, 3)
    assert table.first_line == 2
    assert table.findings == ()


def test_lines_are_those_of_the_file_even_with_notes_blank_lines_and_multiline_cells():
    text = '# Sources : INSEE\n"# avec ; un séparateur"\n\nnom;note\nA;"deux\nlignes"\n;;\nB;fin\n'
    table = read(text)
    assert table.frame["note"].tolist() == ["deux\nlignes", "fin"]
    assert table.heading_line == 4
    assert table.lines == (5, 8)


def test_separators_inside_quotes_or_in_lists_do_not_win():
    table = read('nom,codes\n"A; B; C",01004;01005\nD,07319;07320;07321\n')
    assert table.separator == ","
    assert table.frame["codes"].tolist() == ["01004;01005", "07319;07320;07321"]


def test_excel_declared_separator_and_escaped_codes():
    table = read('sep=;\r\ncode_commune;nom\r\n"=""01004""";A\r\n="07319";B\r\n')
    assert table.frame["code_commune"].tolist() == ["01004", "07319"]
    assert table.lines == (3, 4)


def test_a_heading_called_number_sign_is_a_heading():
    assert read("#,nom\n1,A\n").frame.columns.tolist() == ["#", "nom"]


def test_repeated_and_missing_headings_are_said_and_named():
    table = read("nom,nom,,nom_2\na,b,c,d\n")
    assert table.frame.columns.tolist() == ["nom", "nom_3", "colonne_3", "nom_2"]
    assert [finding.line for finding in table.findings] == [1, 1]
    assert "répété" in table.findings[0].message


def test_empty_columns_on_the_right_are_left_out():
    table = read("a;b;;;\n1;2;;;\n3;4;;;\n")
    assert table.frame.columns.tolist() == ["a", "b"]
    assert table.findings == ()


def test_rows_of_another_width_are_said_with_their_line():
    table = read("a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert table.frame.to_numpy().tolist() == [["1", "2", ""], ["1", "2", "3"], ["1", "2", "3"]]
    assert [(finding.level, finding.line) for finding in table.findings] == [
        ("avertissement", 2),
        ("avertissement", 4),
    ]


def test_a_hundred_ragged_rows_do_not_drown_the_reader():
    table = read("a,b\n" + "1\n" * 500)
    assert len(table.findings) == 101
    assert "400 autres lignes" in table.findings[-1].message


def test_a_table_with_headings_only_has_no_row():
    table = read("id,code_commune\n")
    assert table.frame.shape == (0, 2)
    assert table.first_line == 2


def test_a_stray_control_character_is_a_space():
    table = read("nom\nCafé\x0bde la gare\n")
    assert table.frame["nom"].tolist() == ["Café de la gare"]


def test_a_stray_nul_and_a_huge_cell_are_said_by_their_line_and_the_other_rows_are_read():
    table = read_table(
        b"nom,note\nA,\x00\nB,ok\nC," + b"x" * 1_000_000 + b"\n", "essai.csv", limit_bytes=2_000_000
    )
    assert table.frame["nom"].tolist() == ["A", "B", "C"]
    said = {finding.line: finding.message for finding in table.findings}
    assert list(said) == [2, 4]
    assert "illisible" in said[2]
    assert "1000000 caractères" in said[4]


def test_accents_already_lost_are_said():
    assert "accents" in read("nom\nCafÃ©\n").findings[0].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b" \n\t\r\n", "vide"),
        (b"\xef\xbb\xbf\n", "intitulés"),
        (b"\n;;;\n\n", "intitulés"),
        (b"# rien que des notes\n", "intitulés"),
        (b"75056;12\n01004;13\n", "intitulés"),
        (b"nom,note\nA,\x00\x00\x00\x00\n", "nuls"),
        ("nom,note\nA,B\n".encode("utf-16-le"), "nuls"),
        (b"PK\x03\x04reste", "classeur"),
        (b"\xd0\xcf\x11\xe0reste", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(1, 32)) * 4, "binaire"),
        (b"nom\n\x81\x8d\n", "encodage"),
        (b'nom,note\nA,"jamais\nferm\xc3\xa9\n', "ligne 2"),
        (b"," * 2_000 + b"a\n", "colonnes"),
        (b"n" * (LIMIT + 1), "limite est de 1 Mo"),
    ],
)
def test_what_is_not_a_table_is_refused_in_french(content, said):
    with pytest.raises(InvalidTable, match=r"essai\.csv") as refused:
        read_table(content, "essai.csv", limit_bytes=LIMIT)
    assert said in str(refused.value)


def test_a_missing_file_and_one_too_large_are_refused(tmp_path):
    with pytest.raises(InvalidTable, match="illisible"):
        read_table_file(tmp_path / "absent.csv", LIMIT)
    path = tmp_path / "grand.csv"
    path.write_bytes(b"a" * 11)
    with pytest.raises(InvalidTable, match="limite"):
        read_table_file(path, 10)


@settings(max_examples=300)
@given(st.binary(max_size=300))
@example(b'a,b\n"')
@example(b"\xff\xfe\x00")
@example(b'"\n')
def test_no_bytes_raise_anything_but_a_refusal(content):
    try:
        table = read_table(content, "x", limit_bytes=200)
    except InvalidTable:
        return
    assert len(table.lines) == len(table.frame)
    assert table.frame.columns.is_unique
    assert not table.frame.isna().to_numpy().any()


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(cells, cells, cells).filter(any), max_size=8),
    excel=st.booleans(),
    notes=st.lists(cells, max_size=2),
)
@example(rows=[("01004", "-1,5", "+33 4 66 00 00 00")], excel=True, notes=["a;b"])
@example(rows=[("a\nb", '"', "a\n\nb")], excel=True, notes=[])
def test_what_is_written_is_read_back(rows, excel, notes):
    frame = pd.DataFrame(rows, columns=["nom", "code", "note"], dtype="str")
    table = read_table(write_csv(frame, excel=excel, header_lines=notes), "x", limit_bytes=LIMIT)
    expected = [[neutralise(cell) for cell in row] for row in rows]
    assert table.frame.to_numpy().tolist() == expected
    assert table.separator == (";" if excel else ",")


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.booleans())
@example("=CMD()", True)
@example("=CMD()", False)
@example("  =1+1", True)
@example("\t=1+1", True)
@example('="01004"&CMD()', True)
@example("-2+3", False)
def test_no_text_leaves_as_a_formula(text, excel):
    content = write_csv(pd.DataFrame({"a": ["x"], "nom": [text]}), excel=excel)
    stream = io.StringIO(content.decode("utf-8-sig"), newline="")
    written = list(csv.reader(stream, delimiter=";" if excel else ","))[1][1]
    harmless = written.removeprefix("-").replace(",", ".").replace(".", "", 1).isdecimal()
    code = written.startswith('="') and written[2:-1].isalnum()
    is_exponent = written.startswith("-") and written[-1].isdecimal() and "e" in written.lower()
    assert (
        harmless or code or is_exponent or not written.lstrip(" ").startswith(tuple(FORMULA_STARTS))
    )


def test_the_two_dialects():
    frame = pd.DataFrame(
        {
            "code_commune": ["01004", "2A004"],
            "taux": [-1234.5, np.nan],
            "population": pd.array([14204, None], dtype="Int32"),
            "x": [3.0, 1e-7],
            "nom": ["=CMD()", None],
            "telephone": ["+33466000000", "-1.195"],
        }
    )
    machine = write_csv(frame, header_lines=["Source : INSEE\n2023"]).decode("utf-8")
    assert machine == (
        "# Source : INSEE 2023\n"
        "code_commune,taux,population,x,nom,telephone\n"
        "01004,-1234.5,14204,3,'=CMD(),'+33466000000\n"
        "2A004,,,1e-07,,-1.195\n"
    )
    excel = write_csv(frame, excel=True)
    assert excel.startswith(b"\xef\xbb\xbfcode_commune;")
    assert excel.decode("utf-8-sig").split("\r\n")[1] == (
        '"=""01004""";-1234,5;14204;3;\'=CMD();\'+33466000000'
    )


def test_columns_of_the_same_name_are_both_written():
    frame = pd.DataFrame([["a", "b"]], columns=["n", "n"])
    assert write_csv(frame) == b"n,n\na,b\n"


def test_a_file_is_replaced_in_one_go(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_bytes(b"ancien")
    write_file(path, b"nouveau")
    assert path.read_bytes() == b"nouveau"
    assert [entry.name for entry in tmp_path.iterdir()] == ["liste.csv"]
    with pytest.raises(InvalidRequest, match="Impossible"):
        write_file(tmp_path / "absent" / "liste.csv", b"")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "absent ; vérifiez le chemin"),
        (errno.EACCES, "accès refusé ; vérifiez vos droits"),
        (errno.ENOSPC, "disque est plein ; libérez"),
        (errno.EROFS, "lecture seule ; choisissez"),
        (errno.EXDEV, f"refusé \\(erreur n° {errno.EXDEV}\\)"),
    ],
)
def test_what_the_system_refuses_is_said_in_french(tmp_path, monkeypatch, number, words):
    def refuse(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(InvalidRequest, match=words) as caught:
        write_file(tmp_path / "liste.csv", b"")
    assert os.strerror(number) not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Estavar", "d'Estavar"),
        ("Évry", "d'Évry"),
        ("Œuilly", "d'Œuilly"),
        ("Le Vigan (30350)", "du Vigan (30350)"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses"),
        ("Lesparre-Médoc", "de Lesparre-Médoc"),
        ("Yvetot", "d'Yvetot"),
        ("Yutz", "de Yutz"),
        ("Hénin-Beaumont", "de Hénin-Beaumont"),
    ],
)
def test_de_before_a_name_is_written_as_french_does(name, said):
    assert of_name(name) == said


def test_a_missing_table_is_refused_in_french(tmp_path):
    with pytest.raises(InvalidTable, match="absent ; vérifiez le chemin") as caught:
        read_table_file(tmp_path / "absent.csv", 1000)
    assert "No such file" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("  SACRÉ–CŒUR ", "sacre coeur"),
        ("L’Œudon", "l oeudon"),
        ("Saint-Étienne", "saint etienne"),
        ("Ærø", "aero"),
        ("", ""),
    ],
)
def test_plain_makes_spellings_meet(typed, expected):
    assert plain(typed) == expected


@given(st.text())
def test_plain_twice_is_plain(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.echantillons
@pytest.mark.parametrize(
    ("path", "encoding", "separator", "shape", "column", "first"),
    [
        ("lovac/lovac_opendata_dep.csv", "windows-1252", ";", (101, 19), "DEP", "01"),
        ("france-services/liste-fs-20240801.csv", "utf-8", ",", (2845, 24), "insee_dep", "01"),
        ("initiatives/annuaires.csv", "utf-8", ",", None, "nom", "AMAP Ancenis"),
        ("qpv/qp_occitanie_2015.csv", "utf-8-sig", ",", (105, 44), "code_qp", "QP009001"),
        ("insee-filosofi/cc_filosofi_2021_COM.csv", "utf-8", ";", None, "CODGEO", "01001"),
        (
            "dares-france-travail/dares_defm_communales_extrait.csv",
            "utf-8-sig",
            ";",
            (3618, 12),
            "Code région",
            None,
        ),
        ("cnaf-rsa/cnaf_s_ben_com_extrait.csv", "utf-8-sig", ";", (4548, 7), "numcomdo", "2A006"),
        ("geocodage/geopf_search_csv_reponse.csv", "utf-8", ",", (3, 23), "cp", "75004"),
    ],
)
def test_real_files_read_as_their_producers_meant(
    samples, path, encoding, separator, shape, column, first
):
    table = read_table_file(samples / path, 20_000_000)
    assert (table.encoding, table.separator) == (encoding, separator)
    assert shape is None or table.frame.shape == shape
    assert first is None or table.frame[column].iloc[0] == first
    assert [finding for finding in table.findings if finding.level == "erreur"] == []
