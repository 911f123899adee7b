"""``territoires semblables``, as a person runs it."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from territoires.cli import main

COLUMNS = [
    "rang", "code_commune", "nom", "distance", "population", "departement", "region", "epci",
    "couverture", "comparaison", "points_communs", "differences", "initiatives",
]  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["semblables", *arguments])
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return int(stop.value.code or 0), told.out, told.err


def rows(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype={"code_commune": str, "code_epci": str})


def test_a_file_with_the_promised_columns(capsys, tmp_path) -> None:
    path = tmp_path / "semblables.csv"
    status, out, err = run(capsys, "34142", "-o", str(path))
    assert (status, out) == (0, "")
    table = rows(path.read_text("utf-8"))
    assert list(table.columns) == COLUMNS
    assert len(table) == 20
    assert table["rang"].is_monotonic_increasing
    assert table["distance"].is_monotonic_increasing
    assert "34142" not in set(table["code_commune"])
    assert table["population"].between(5000, 9999).all()
    assert "5\u202f000 à 9\u202f999\u00a0habitants" in err
    assert "population seule" in err  # what the ranking is worth is said each time


def test_for_a_french_spreadsheet(capsys, tmp_path) -> None:
    path = tmp_path / "semblables.csv"
    status, _, _ = run(capsys, "34142", "--excel", "--nombre", "40", "-o", str(path))
    content = path.read_bytes()
    assert status == 0
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.splitlines()[0].split(";") == COLUMNS
    assert '="08362"' in text.replace('""', '"')  # a leading zero that Excel would eat


def test_where_it_is_looked_for(capsys) -> None:
    _, out, _ = run(capsys, "Lodève", "--region", "Occitanie", "--nombre", "5")
    assert set(rows(out)["region"]) == {"Occitanie"}
    _, out, _ = run(capsys, "com:34142", "--departement", "34", "--nombre", "5")
    assert set(rows(out)["departement"]) == {"Hérault"}
    status, out, _ = run(capsys, "34142", "--epci", "200017341", "--taille", "toutes")
    assert status == 0
    assert set(rows(out)["epci"]) == {"CC Lodévois et Larzac"}


def test_who_does_it_and_where_else(capsys) -> None:
    chosen = ("34142", "--type", "tzcld", "--statut", "habilite", "--nombre", "300")
    _, out, _ = run(capsys, *chosen, "--avec-initiative")
    there = rows(out)
    assert there["initiatives"].str.startswith("tzcld-").all()
    _, out, _ = run(capsys, *chosen, "--sans-initiative")
    elsewhere = rows(out)
    assert elsewhere["initiatives"].isna().all()
    assert not set(there["code_commune"]) & set(elsewhere["code_commune"])


def test_chosen_indicators_and_weights(capsys) -> None:
    chosen = ("34142", "--details", "--nombre", "30", "--indicateurs", "densite=3,heures_mairie")
    status, out, err = run(capsys, *chosen)
    table = rows(out)
    squares = 3 * table["ecart_densite"] ** 2 + table["ecart_heures_mairie"] ** 2
    assert status == 0
    assert ((squares / 4) ** 0.5 - table["distance"]).abs().max() < 2e-4
    assert "2\u00a0indicateurs : densite, heures_mairie" in err


def test_several_territories_and_epci(capsys) -> None:
    _, out, _ = run(capsys, "34142", "07319", "21603", "--nombre", "60")
    assert set(rows(out)["comparaison"]) <= {"Lodève", "Le Teil", "Semur-en-Auxois"}
    _, out, _ = run(capsys, "34142", "07319", "--plusieurs", "profil", "--nombre", "2")
    assert set(rows(out)["comparaison"]) == {"le profil médian de 2 territoires"}
    _, out, _ = run(capsys, "epci:200017341", "--niveau", "epci", "--nombre", "3")
    assert list(rows(out).columns[:2]) == ["rang", "code_epci"]


def test_a_figure_wider_than_the_commune_is_said(capsys) -> None:
    asked = ("34142", "--nombre", "1", "--indicateurs", "taux_chomage_departement,densite")
    status, _, err = run(capsys, *asked)
    assert status == 0
    assert "Ne distingue pas deux communes" in err
    assert "non comparables" in err  # Mayotte: another survey, never ranked with the rest


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "Il manque un CODE"),
        (["34142", "--avec-initiative", "--sans-initiative"], 2, "s'excluent"),
        (["99999"], 1, "aucune commune n'a ce code"),
        (["Lodeve-en-Mer"], 1, "Aucun territoire"),
        (["Saint-Martin"], 1, "com:32389"),
        (["partie:75056"], 1, "com:75056"),
        (["34142", "--indicateurs", "densit"], 1, "Peut-être : densite"),
        (["34142", "--indicateurs", "densite=beaucoup"], 1, "un nombre est attendu"),
        (["34142", "--indicateurs", "densite=-1"], 1, "positif ou nul"),
        (["34142", "--indicateurs", "densite=nan"], 1, "positif ou nul"),
        (["34142", "--taille", "grande"], 1, "5000-9999"),
        (["34142", "--nombre", "vingt"], 1, "nombre entier"),
        (["34142", "--nombre", "0"], 1, "entre 1 et"),
        (["34142", "--plusieurs", "tous"], 1, "proche, profil"),
        (["34142", "--niveau", "region"], 1, "commune, epci"),
        (["34142", "--type", "tzcl"], 1, "Choix : amap"),
        (["34142", "--region", "Bretagn"], 1, "reg:53"),
        (["34142", "--region", ""], 1, "Donnez le code ou le nom"),
        (["34142", "--epci", "200017341"], 1, "Tailles présentes"),
        (["34142", "--type", "chaton", "--avec-initiative", "--departement", "48"], 1, "retirez"),
        (["34142", "-o", "semblables.xlsx"], 1, ".csv"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(capsys, arguments, status, words) -> None:
    found, out, err = run(capsys, *arguments)
    assert (found, out) == (status, "")
    assert words in err


def test_its_help_is_in_french(capsys) -> None:
    status, out, _ = run(capsys, "--help")
    assert status == 0
    assert "Donne les territoires semblables" in out
    for english in ("Usage:", "default", "Show this message"):
        assert english not in out
