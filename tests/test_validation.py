"""What a check says of a file: the right level, line, field, and what to do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territoires.geocoding import Gazetteer
from territoires.initiatives import (
    COLUMNS,
    NEED_COLUMNS,
    load_vocabularies,
    validate_initiatives,
    validate_needs,
)
from territoires.tables import has_errors, read_table, read_table_file
from tests.conftest import DATA, SAMPLES


def checking(validate, register):
    """Return what checks the text of a file with one of the two validators."""
    vocabularies = load_vocabularies(DATA)
    gazetteer = Gazetteer.from_register(register)

    def run(text):
        table = read_table(text.encode(), "essai.csv", limit_bytes=10_000_000)
        return validate(table, vocabularies, register, gazetteer)

    return run


@pytest.fixture(scope="module")
def check(register):
    return checking(validate_initiatives, register)


@pytest.fixture(scope="module")
def check_needs(register):
    return checking(validate_needs, register)


def one(check, column, value, *, more="", cells=""):
    """Return the findings on a good row whose cell ``column`` is given."""
    base = {"nom": "Jardin", "type": "jardin_partage", "code_commune": "30350"}
    base[column] = value
    headings = ";".join(base) + more
    row = ";".join(f'"{cell}"' for cell in base.values()) + cells
    return check(f"{headings}\n{row}\n")


def test_a_good_file_has_nothing_to_say(check):
    assert one(check, "axes", "2;5") == []


def test_the_shipped_file_passes(register):
    table = read_table_file(DATA / "initiatives.csv", 10_000_000)
    findings = validate_initiatives(table, load_vocabularies(DATA), register)
    assert not has_errors(findings)
    assert [finding for finding in findings if finding.level == "avertissement"] == []
    unplaced = [finding for finding in findings if "non localisée" in finding.message]
    assert len(unplaced) == 35


@pytest.mark.parametrize(
    ("column", "value", "level", "said"),
    [
        ("nom", "", "erreur", "obligatoire"),
        ("type", "", "erreur", "obligatoire"),
        ("type", "jardin_partagé", "erreur", "« jardin_partage »"),
        ("type", "Jardin partagé", "erreur", "« jardin_partage »"),
        ("type", "xyzxyz", "erreur", "Valeurs possibles"),
        ("axes", "6", "erreur", "vocabulaire"),
        ("axes", "2,5", "erreur", "point-virgule"),
        ("axes", "sans_axe", "erreur", "vide"),
        ("statut", "habilité", "erreur", "« habilite »"),
        ("perimetre", "commune", "erreur", "« communes »"),
        ("visibilite", "public", "erreur", "« publique »"),
        ("code_commune", "99999", "erreur", "inconnu"),
        ("code_commune", "1004", "erreur", "01004"),
        ("code_commune", "97400", "erreur", "postal"),
        ("code_commune", "75001", "avertissement", "aussi un code postal"),
        ("communes_couvertes", "30350;99999", "erreur", "inconnu"),
        ("code_postal", "3012", "erreur", "cinq chiffres"),
        ("code_postal", "1400", "erreur", "01400"),
        ("code_postal", "75001", "avertissement", "du Vigan"),
        ("commune", "Lille", "avertissement", "du Vigan"),
        ("date_debut", "2024-13", "erreur", "AAAA"),
        ("date_debut", "2023-02-29", "erreur", "AAAA"),
        ("date_debut", "3/12/2023", "erreur", "2023-12-03"),
        ("source_date", "hier", "erreur", "AAAA"),
        ("site_web", "javascript:alert(1)", "erreur", "http"),
        ("site_web", "www.exemple.fr/a", "erreur", "https://www.exemple.fr/a"),
        ("source_url", "https://a b.fr", "erreur", "http"),
        ("source_url", "ftp://exemple.fr", "erreur", "http"),
        ("description", "Écrire à prenom.nom@exemple.fr", "avertissement", "électronique"),
        ("description", "Appeler le 06 12 34 56 78 le soir", "avertissement", "mobile"),
        ("description", "Appeler le +33 6 12 34 56 78", "avertissement", "mobile"),
        ("description", "x" * 5001, "avertissement", "5001"),
        ("nom", "x" * 201, "avertissement", "201"),
        ("id", "a b", "erreur", "tirets"),
    ],
)
def test_each_problem_is_said_once_on_its_cell(check, column, value, level, said):
    findings = one(check, column, value)
    assert [(finding.level, finding.line, finding.field) for finding in findings] == [
        (level, 2, column)
    ]
    assert said in findings[0].message


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date_debut", "2024"),
        ("date_debut", "2024-02"),
        ("date_debut", "2024-02-29"),
        ("site_web", "http://exemple.fr/?a=1&b=é"),
        ("description", "Écrire à contact@exemple.fr, appeler le 04 66 81 00 00"),
        ("description", "SIRET 06123456780012, dossier 206123456789"),
        ("commune", "le vigan"),
        ("commune", "VIGAN (LE)"),
        ("code_postal", "30120"),
        ("code_commune", "2A004"),
        ("axes", ""),
    ],
)
def test_what_is_right_is_not_reported(check, column, value):
    assert one(check, column, value) == []


def test_past_codes_say_their_present_commune(check, register):
    former = register.former
    gone = former[(former["ambigu"] == "0") & ~former["code_ancien"].isin(register.communes.index)]
    row = gone.iloc[0]
    (finding,) = one(check, "code_commune", row["code_ancien"])
    assert finding.level == "avertissement"
    assert row["codes_communes"] in finding.message
    assert one(check, "code_commune", "75113") == []


def test_coordinates_must_be_in_france_and_agree(check):
    def place(longitude, latitude, code="30350"):
        return check(
            f"nom;type;code_commune;longitude;latitude\nA;autre;{code};{longitude};{latitude}\n"
        )

    assert place("3.6071", "43.9920") == []
    assert place("3,6071", "43,9920") == []
    assert "France" in place("4.35", "50.85")[0].message
    assert "échangées" in place("43.9920", "3.6071")[0].message
    assert place("abc", "43.9920")[0].level == "erreur"
    assert place("3.6071", "")[0].field == "latitude"
    (wrong,) = place("2.3522", "48.8566")
    assert wrong.level == "avertissement"
    assert "Paris" in wrong.message
    assert "Le Vigan" in wrong.message
    assert place("2.3522", "48.8566", "75104") == []


def test_lines_are_those_of_the_file(check):
    text = (
        "# notes de l'export\nnom;type;code_commune;description\n"
        'A;autre;30350;"deux\nlignes"\n\nB;autr;30350;\n'
    )
    (finding,) = check(text)
    assert (finding.line, finding.field, finding.value) == (6, "type", "autr")


def test_headings_are_checked(check):
    findings = check("nom;typ;axe;couleur;code_insee\nA;autre;2;bleu;30350\n")
    told = {(finding.level, finding.field): finding.message for finding in findings}
    assert "manque" in told["erreur", "type"]
    assert "« type »" in told["avertissement", "typ"]
    assert ("avertissement", "couleur") in told
    assert "« axes »" in told["information", "axe"]
    assert all(finding.line == 1 for finding in findings)
    (no_place,) = check("nom;type;description\n")
    assert "Aucune colonne de lieu" in no_place.message


def test_repeated_identifiers_and_likely_doubles(check):
    findings = check(
        "id;nom;type;code_commune\nx;Le Jardin;autre;30350\nx;Autre;autre;30350\n"
        "y;LE  JARDIN;autre;30350\nz;Le Jardin;autre;30007\n"
    )
    assert [(finding.level, finding.line, finding.field) for finding in findings] == [
        ("erreur", 3, "id"),
        ("avertissement", 4, "nom"),
    ]
    assert "ligne 2" in findings[0].message
    assert "ligne 2" in findings[1].message


def test_exposing_informal_activities_is_said(check):
    (finding,) = one(check, "axes", "4", more=";visibilite", cells=";publique")
    assert finding.field == "visibilite"
    assert "exposer" in finding.message


def test_needs_are_checked(check_needs):
    headings = ",".join(NEED_COLUMNS)
    assert check_needs(f"{headings}\nb-1,30350,mobilite,Pas de car,2026-03,\n") == []
    findings = check_needs(f"{headings}\nb-1,99999,mobilit,,mars,exemple.fr\n,30350,sante,,,\n")
    assert [(finding.line, finding.field) for finding in findings] == [
        (2, "domaine"),
        (2, "code_commune"),
        (2, "observe_le"),
        (2, "source_url"),
        (3, "id"),
    ]
    assert "« mobilite »" in findings[0].message
    missing = check_needs("id,domaine\nb,sante\n")
    assert {finding.field for finding in missing if finding.level == "erreur"} >= {"code_commune"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True), st.data())
def test_no_text_breaks_the_check(check, columns, data):
    odd = st.sampled_from(
        ["", "NaN", "-", "1e400", "²", "٣", "06 12", "http://[", "2A", "9" * 400, ";;"]
    )
    cells = [
        data.draw(
            odd | st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=12)
        )
        for _ in columns
    ]
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    findings = check(f"{';'.join(columns)};fin\n{quoted};x\n")
    assert all(finding.message and finding.level for finding in findings)


@pytest.mark.echantillons
def test_a_real_directory_of_members_is_understood(register):
    table = read_table_file(SAMPLES / "initiatives" / "annuaires.csv", 10_000_000)
    findings = validate_initiatives(table, load_vocabularies(DATA), register)
    renamed = {finding.field for finding in findings if finding.line == 1}
    assert renamed == {"axe", "code_insee", "note"}
    errors = [finding for finding in findings if finding.level == "erreur"]
    assert len(errors) < len(table.frame) * 0.05


def test_headings_are_read_whatever_their_case_accents_and_spaces(check, check_needs):
    findings = check("Nom,TYPE,Code Postal,Commune,Date début\nA,tzcld,30120,Le Vigan,2024-01-01\n")
    read_as = {finding.field: finding.message for finding in findings if finding.line == 1}
    assert read_as["Code Postal"] == "Cette colonne est lue comme « code_postal »."
    assert read_as["Date début"] == "Cette colonne est lue comme « date_debut »."
    assert not any("inconnue" in finding.message for finding in findings)
    needs = check_needs("ID,Code Commune,Domaine,Description,Observé le,Source URL\n")
    assert {finding.level for finding in needs} == {"information"}
