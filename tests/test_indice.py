"""``territoires indice``: any table, any recipe; what is bad is refused and leaves nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import pandas as pd
import pytest

from territoires.cli import main
from territoires.indicators import load_indicators
from territoires.needs import (
    TIERS,
    Dimension,
    DrawPlan,
    Recipe,
    RecipeItem,
    assess,
    compute_index,
    index_of,
    load_recipe,
    recipe_to_toml,
    recipes_available,
)
from tests.conftest import DATA

RECIPE = """nom = "Essai"
couverture_min = 0.5

[[indicateurs]]
code = "taux"
sens = 1
poids = 2.0

[[indicateurs]]
code = "revenu"
sens = -1
poids = 1.0
"""
TABLE = """codgeo,nom,taux,revenu
01004,Ambérieu,12.5,18000
2A004,Ajaccio,8,21500.5
00057,Ailleurs,,19000
69123,Lyon,10,24000
75056,Paris,9.25,
97411,Saint-Denis,nd,s
"""
HEADINGS = ["codgeo", "score", "rang", "rang_min", "rang_max", "couverture", "classe"]


class Command:
    """The command in a folder of its own, with a recipe and a table."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.output = folder / "indice.csv"
        self.write("recette.toml", RECIPE)
        self.write("donnees.csv", TABLE)

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def __call__(self, *options: str, table="donnees.csv", recipe="recette.toml", key="codgeo"):
        arguments = ["indice", str(self.folder / table), "--recette", str(self.folder / recipe)]
        arguments += ["--cle", key] if key else []
        return self.run(*arguments, "-o", str(self.output), *options)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        told = self._capsys.readouterr()
        assert "Traceback" not in told.err
        return int(stop.value.code or 0), told.out, told.err

    def result(self) -> pd.DataFrame:
        return pd.read_csv(self.output, dtype={"codgeo": str})

    @property
    def files(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()}


@pytest.fixture
def command(tmp_path, capsys):
    return Command(tmp_path, capsys)


# What comes out


def test_the_result_has_the_key_the_measures_and_the_contributions(command):
    status, out, err = command()
    assert (status, out) == (0, "")
    result = command.result()
    assert list(result.columns) == [*HEADINGS, "c_taux", "c_revenu"]
    assert result["codgeo"].tolist() == ["01004", "2A004", "00057", "69123", "75056", "97411"]
    assert "6 lignes : 4 classées, 2 « non classé »" in err
    assert "taux : 2 valeurs manquantes" in err
    assert "revenu : 2 valeurs manquantes" in err
    assert "Poids effectifs : taux 66,7" in err


def test_scores_and_ranks_are_those_of_plain_pandas(command):
    command()
    result = command.result().set_index("codgeo")
    figures = {
        "taux": [12.5, 8.0, np.nan, 10.0, 9.25, np.nan],
        "revenu": [18000.0, 21500.5, 19000.0, 24000.0, np.nan, np.nan],
    }
    table = pd.DataFrame(figures, result.index)
    weights = pd.Series({"taux": 2 / 3, "revenu": 1 / 3})
    scaled = (table.rank() - 1) / (table.count() - 1)
    scaled["revenu"] = 1 - scaled["revenu"]
    known = table.notna().astype(float) @ weights
    expected = ((scaled * weights).sum(axis=1) / known).where(known >= 0.5)
    assert np.allclose(result["score"], expected, equal_nan=True)
    assert np.allclose(result["couverture"], known)
    assert np.allclose(result["rang"], expected.rank(ascending=False), equal_nan=True)
    assert np.allclose(result[["c_taux", "c_revenu"]].sum(axis=1), expected.fillna(0.0))
    assert result["c_revenu"].isna().tolist() == [False, False, True, False, True, True]


def test_a_row_that_is_not_ranked_is_empty_but_for_its_coverage(command):
    command()
    row = command.output.read_text("utf-8").splitlines()[3]
    assert row == "00057,,,,,0.333333333333,non classé,,"


def test_the_interval_is_that_of_the_draws_and_of_their_seed(command):
    table = pd.DataFrame(
        np.random.default_rng(7).normal(size=(60, 2)), columns=["taux", "revenu"]
    ).rename_axis("codgeo")
    command.write("donnees.csv", table.to_csv())
    command("--tirages", "80", "--graine", "3")
    first = command.output.read_bytes()
    recipe = load_recipe(command.folder / "recette.toml")
    expected = assess(table, recipe, plan=DrawPlan(count=80, seed=3))
    result = command.result()
    assert result["rang_min"].tolist() == expected.best.tolist()
    assert result["rang_max"].tolist() == expected.worst.tolist()
    assert (result["rang_min"] <= result["rang"]).all()
    assert (result["rang"] <= result["rang_max"]).all()
    command("--tirages", "80", "--graine", "3")
    assert command.output.read_bytes() == first
    command("--tirages", "80", "--graine", "4")
    assert command.output.read_bytes() != first


def test_without_draws_there_is_no_interval(command):
    command("--tirages", "0")
    result = command.result()
    assert result[["rang_min", "rang_max"]].isna().all(axis=None)
    assert result["rang"].notna().sum() == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_french_file_gives_the_same_result(command, encoding, separator):
    command()
    expected = command.output.read_bytes()
    french = TABLE.replace(",", separator).replace(".", ",").replace("21500,5", "21\u00a0500,5")
    command.write("donnees.csv", french.encode(encoding))
    status, _, _ = command()
    assert status == 0
    assert command.output.read_bytes() == expected


def test_excel_gets_its_dialect_and_keeps_codes(command):
    command("--excel")
    text = command.output.read_bytes().decode("utf-8-sig")
    assert text.startswith(";".join(HEADINGS))
    assert '"=""01004""";' in text
    assert ";0,333333333333;non classé;;\r\n" in text
    again = command.write("relu.csv", command.output.read_bytes())
    command.write("recette.toml", 'nom = "x"\n[[indicateurs]]\ncode = "score"\nsens = 1\n')
    status, _, _ = command(table=again.name)
    assert status == 0
    assert command.result()["codgeo"][0] == "01004"


def test_without_an_output_the_result_is_on_screen(command):
    status, out, err = command.run(
        "indice", str(command.folder / "donnees.csv"), "--cle", "codgeo",
        "--recette", str(command.folder / "recette.toml"), "--tirages", "10",
    )  # fmt: skip
    assert status == 0
    assert len(pd.read_csv(io.StringIO(out))) == 6
    assert "6 lignes" in err


def test_a_recipe_with_every_feature_gives_what_the_engine_gives(command):
    items = (
        RecipeItem("taux", 1, 2.0, (0.0, 20.0), dimension="emploi"),
        RecipeItem("revenu", -1, 1.0, (10.0, 1e5), dimension="argent", transformation="log10"),
        RecipeItem("age", 1, 3.0, (0.0, 30.0), dimension="argent", ideal=40.0),
    )
    dimensions = (Dimension("emploi", weight=3.0), Dimension("argent", aggregation="geometrique"))
    recipe = Recipe("Tout", items, "bornes", "geometrique", 0.2, dimensions=dimensions)
    table = pd.DataFrame(
        {"taux": [5.0, 9.5, 14.0], "revenu": [1e4, 2e4, np.nan], "age": [38.0, 52.5, 41.0]},
        index=pd.Index(["a", "b", "c"], name="codgeo"),
    )
    command.write("donnees.csv", table.to_csv())
    command.write("recette.toml", recipe_to_toml(recipe))
    status, _, err = command()
    assert status == 0, err
    index, result = compute_index(table, recipe), command.result()
    assert np.allclose(result["score"], index.score)
    assert result["rang"].tolist() == index.rank.tolist()
    assert result["classe"].tolist() == index.classes.tolist()
    for code in recipe.codes:
        assert np.allclose(result[f"c_{code}"], index.contributions[code], equal_nan=True)


def test_a_rule_gives_verdicts(command):
    command.write(
        "recette.toml",
        'nom = "Règle"\nmode = "regle"\nau_moins = 2\n'
        '[[indicateurs]]\ncode = "taux"\nsens = 1\nseuil = 9\n'
        '[[indicateurs]]\ncode = "revenu"\nsens = -1\nseuil = 20000\n',
    )
    status, _, err = command()
    assert status == 0
    result = command.result().set_index("codgeo")
    assert result["classe"].to_dict() == {
        "01004": "retenu",
        "2A004": "non retenu",
        "00057": "indéterminé",
        "69123": "non retenu",
        "75056": "indéterminé",
        "97411": "indéterminé",
    }
    assert result.loc["75056", "rang":"rang_max"].isna().all()
    assert result.loc["75056", "couverture"] == 0.5
    assert "1 retenu" in err


# What is missing, constant, or filled


def test_columns_that_say_nothing_are_computed_and_said(command):
    command.write("donnees.csv", "codgeo,taux,revenu\na,5,\nb,5,nd\nc,5,-\n")
    status, _, err = command()
    assert status == 0
    assert "taux : partout la même valeur" in err
    assert "revenu : 3 valeurs manquantes ; aucune valeur" in err
    result = command.result()
    assert result["score"].tolist() == [0.5, 0.5, 0.5]
    assert result["rang"].tolist() == [1, 1, 1]
    assert result["classe"].unique().tolist() == [TIERS[0]]


def test_a_table_where_nothing_is_known_ranks_nobody(command):
    command.write("donnees.csv", "codgeo,taux,revenu\na,,\nb,nd,s\n")
    status, _, err = command()
    assert status == 0
    assert "2 lignes : 0 classée, 2 « non classé »" in err
    result = command.result()
    assert result["classe"].tolist() == ["non classé"] * 2
    assert result["couverture"].tolist() == [0.0, 0.0]


def test_what_is_missing_is_filled_only_when_the_recipe_and_the_groups_say_so(command):
    command.write("recette.toml", 'imputation = "mediane_locale"\n' + RECIPE)
    command.write(
        "donnees.csv",
        "codgeo,zone,taux,revenu\na,x,1,10\nb,x,3,20\nc,x,,30\nd,y,9,40\ne,,,50\n",
    )
    status, _, err = command()
    assert status == 1
    assert "recette.toml, ligne 1 : imputation : " in err
    assert "--groupes COLONNE" in err
    assert not command.output.exists()
    status, _, err = command("--groupes", "zone")
    assert status == 0
    assert "taux : 2 valeurs manquantes ; 1 remplie par la médiane" in err
    result = command.result().set_index("codgeo")
    assert result["couverture"].round(2).to_dict() == {
        "a": 1.0, "b": 1.0, "c": 0.33, "d": 1.0, "e": 0.33,
    }  # fmt: skip
    assert result["classe"].eq("non classé").to_dict()["e"]
    assert result["c_taux"]["c"] > result["c_taux"]["a"]
    assert result["remplis"].fillna("").to_dict() == {
        "a": "", "b": "", "c": "taux", "d": "", "e": "",
    }  # fmt: skip


def test_a_field_that_means_nothing_for_a_file_is_said(command):
    command.write("recette.toml", "valeurs_departementales = false\n" + RECIPE)
    status, _, err = command()
    assert status == 0
    assert "valeurs_departementales : sans effet" in err


# Workbooks


def workbook_rows():
    rows = [line.split(",") for line in TABLE.splitlines()]
    return [[cell if at in (0, 1) else _number(cell) for at, cell in enumerate(r)] for r in rows]


def _number(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(rows):
    cells = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces}>'
        f'<office:body><office:spreadsheet><table:table table:name="Feuille1">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", body)
    return stream.getvalue()


def _ods_cell(value):
    if isinstance(value, float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = escape(value)
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


@pytest.mark.parametrize("make", [xlsx, ods])
def test_the_first_sheet_of_a_workbook_gives_the_same_result(command, make):
    command()
    expected = command.output.read_bytes()
    command.write(f"donnees.{make.__name__}", make(workbook_rows()))
    status, _, err = command(table=f"donnees.{make.__name__}")
    assert status == 0, err
    assert command.output.read_bytes() == expected


def test_the_lines_of_a_workbook_are_those_of_its_sheet(command):
    command.write("donnees.xlsx", xlsx([[], ["codgeo", "taux", "revenu"], [], ["a", "zut", 1.0]]))
    status, _, err = command(table="donnees.xlsx")
    assert status == 1
    assert "erreur (ligne 4, taux) « zut »" in err
    assert not command.output.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"codgeo,taux\n1,2\n", "n'est pas un classeur"),
        (xlsx([["a"]])[:-200], "n'est pas un classeur"),
        (b"", "n'est pas un classeur"),
    ],
)
def test_what_is_no_workbook_is_refused(command, content, words):
    command.write("donnees.xlsx", content)
    status, _, err = command(table="donnees.xlsx")
    assert status == 1
    assert words in err
    assert not command.output.exists()


def test_a_workbook_made_to_fill_the_memory_is_refused(command, monkeypatch):
    monkeypatch.setenv("TERRITOIRES_TAILLE_MAX_MO", "1")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    command.write("donnees.xlsx", stream.getvalue())
    status, _, err = command(table="donnees.xlsx")
    assert status == 1
    assert "donnees.xlsx : classeur trop gros" in err


# Bad input: the file, the line, the field; no partial result


def bad_recipe(old, new):
    return RECIPE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        # unknown indicator
        (
            {"recette.toml": bad_recipe('"revenu"', '"revenus_medians"')},
            ["recette.toml, ligne 10 : indicateurs n° 2, code : aucune colonne « revenus_medians »",
             "donnees.csv, ligne 1", "Colonnes de donnees.csv : codgeo, nom, taux, revenu."],
        ),
        ({"recette.toml": bad_recipe('"taux"', '"tuax"')}, ["La plus proche : « taux »"]),
        # weights
        (
            {"recette.toml": bad_recipe("poids = 1.0", "poids = -1.0")},
            ["recette.toml, ligne 12 : indicateurs n° 2, poids : un nombre positif"],
        ),
        (
            {"recette.toml": RECIPE.replace("poids = 2.0", "poids = 0").replace("1.0", "0")},
            ["recette.toml, ligne 4 : indicateurs : tous les poids sont nuls"],
        ),
        # bounds
        (
            {"recette.toml": RECIPE + "bornes = [9, 3]\n"},
            ["recette.toml, ligne 13 : indicateurs n° 2, bornes : la première doit être"],
        ),
        # infinite
        (
            {"donnees.csv": TABLE.replace("12.5", "1e400")},
            ["donnees.csv : 1 erreur", "erreur (ligne 2, taux) « 1e400 » : valeur infinie"],
        ),
        (
            {"donnees.csv": TABLE.replace("24000", "-inf")},
            ["erreur (ligne 5, revenu) « -inf » : valeur infinie"],
        ),
        # key
        (
            {"donnees.csv": TABLE.replace("69123", "01004")},
            ["erreur (ligne 5, codgeo) « 01004 » : clé déjà donnée à la ligne 2"],
        ),
        (
            {"donnees.csv": TABLE.replace("69123", "")},
            ["erreur (ligne 5, codgeo) : clé vide"],
        ),
        (
            {"donnees.csv": TABLE.replace("codgeo", "CodGeo2025")},
            ["--cle : aucune colonne « codgeo » dans donnees.csv, ligne 1",
             "La plus proche : « CodGeo2025 »"],
        ),
        # cells
        (
            {"donnees.csv": TABLE.replace("12.5", "douze")},
            ["erreur (ligne 2, taux) « douze » : ni un nombre, ni une marque d'absence"],
        ),
        (
            {"donnees.csv": TABLE.replace("12.5", "12 %")},
            ["erreur (ligne 3, taux) « 8 » : nombre sans « % »"],
        ),
        (
            {"recette.toml": RECIPE + 'transformation = "log10"\n',
             "donnees.csv": TABLE.replace("24000", "0")},
            ["erreur (ligne 5, revenu) « 0 » : la transformation log10 veut des valeurs positives"],
        ),
        # tables
        ({"donnees.csv": "codgeo,taux,revenu\n"}, ["aucune ligne de données"]),
        ({"donnees.csv": b""}, ["donnees.csv est vide"]),
        ({"donnees.csv": b"\x89PNG\r\n\x1a\n"}, ["une image"]),
        ({"donnees.csv": TABLE.replace("codgeo", "score")}, ["--cle : aucune colonne « codgeo »"]),
        # recipes
        ({"recette.toml": "nom = "}, ["recette.toml : ce n’est pas du TOML lisible"]),
        ({"recette.toml": "a = " + "[" * 60_000}, ["recette.toml : ce n’est pas du TOML lisible"]),
        ({"recette.toml": "é".encode("latin-1")}, ["recette.toml : ce n'est pas un texte UTF-8"]),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_french_and_leaves_nothing(command, files, words):
    for name, content in files.items():
        command.write(name, content)
    before = command.files
    status, out, err = command()
    assert (status, out) == (1, "")
    for word in words:
        assert word in err
    assert command.files == before


def test_many_bad_cells_are_counted_and_the_first_ten_told(command):
    rows = "".join(f"k{n},zut,{n}\n" for n in range(1, 31))
    command.write("donnees.csv", "codgeo,taux,revenu\n" + rows)
    status, _, err = command()
    assert status == 1
    assert "donnees.csv : 30 erreurs" in err
    assert err.count("erreur (ligne") == 10
    assert "… et 20 autres." in err


def test_a_result_already_there_survives_a_refusal(command):
    command()
    before = command.output.read_bytes()
    command.write("donnees.csv", TABLE.replace("12.5", "douze"))
    status, _, _ = command()
    assert status == 1
    assert command.output.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"table": "absente.csv"}, "absente.csv : fichier introuvable"),
        ({"recipe": "absente.toml"}, "absente.toml : fichier introuvable"),
        ({"key": "nom_"}, "La plus proche : « nom »"),
    ],
)
def test_what_is_not_there_is_said(command, options, words):
    status, _, err = command(**options)
    assert status == 1
    assert words in err
    assert not command.output.exists()


def test_the_key_may_not_be_a_column_of_the_result(command):
    command.write("donnees.csv", TABLE.replace("codgeo", "rang"))
    status, _, err = command(key="rang")
    assert status == 1
    assert "« rang » est aussi une colonne du résultat" in err
    assert "donnees.csv, ligne 1" in err


def test_the_input_is_never_the_output(command):
    command.output = command.folder / "donnees.csv"
    status, _, err = command()
    assert status == 1
    assert "ENTREE serait effacée" in err
    assert command.output.read_text("utf-8") == TABLE


@pytest.mark.parametrize(
    ("output", "words"),
    [("sortie.xlsx", "un nom en .csv"), ("nulle_part/sortie.csv", "Impossible d'écrire")],
)
def test_an_output_that_cannot_be_written_is_refused(command, output, words):
    before = command.files
    command.output = command.folder / output
    status, _, err = command()
    assert status == 1
    assert words in err
    assert command.files == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Il manque l'option --recette"),
        (["t.csv", "--recette", "r.toml"], "Il manque l'option --cle"),
        (["t.csv", "--recette", "r", "--cle", "c", "--niveau", "epci"], "--niveau ne s'emploie"),
        (["--recette", "r", "--cle", "c"], "--cle et --groupes"),
        (["--recette", "r", "--niveau", "canton"], "Choix : commune, epci, departement"),
        (["--recette", "r", "--tirages", "-1"], "un nombre entier de 0 à 10000"),
        (["--recette", "r", "--tirages", "1e3"], "un nombre entier de 0 à 10000"),
        (["--recette", "r", "--graine", "x"], "un nombre entier"),
        (["t.csv", "u.csv", "--recette", "r"], "en trop"),
    ],
)
def test_wrong_use_is_said_in_french(command, arguments, words):
    status, _, err = command.run("indice", *arguments)
    assert status == 2
    assert words in err


def test_the_help_is_in_french(command):
    status, out, _ = command.run("indice", "--help")
    assert status == 0
    for english in ("required", "default", "Usage:"):
        assert english not in out


# The figures in use


def test_a_shipped_recipe_ranks_the_communes(command, register):
    status, _, err = command.run(
        "indice", "--recette", "deprise_eloignement", "-o", str(command.output), "--tirages", "20"
    )
    assert status == 0, err
    result = pd.read_csv(command.output, dtype={"code_commune": str}).set_index("code_commune")
    recipe = recipes_available(DATA)["deprise_eloignement"]
    index = index_of(load_indicators(DATA, register), recipe)
    assert list(result.index) == list(register.communes.index)
    assert np.allclose(result["score"], index.score, equal_nan=True)
    assert result["rang"].astype("Int64").tolist() == index.rank.tolist()
    assert list(result.columns[6:]) == [f"c_{code}" for code in recipe.codes]
    assert (result["rang_min"] <= result["rang"]).sum() == index.count


def test_figures_of_the_departement_are_said_and_those_left_out_too(command):
    recipe = 'nom = "w"\n' + "".join(
        f'[[indicateurs]]\ncode = "{code}"\nsens = 1\npoids = 1\n'
        for code in ("taux_chomage_departement", "densite")
    )
    told = []
    for content in (recipe, "valeurs_departementales = false\n" + recipe):
        command.write("w.toml", content)
        status, _, err = command.run(
            "indice", "--recette", str(command.folder / "w.toml"), "--tirages", "0",
            "-o", str(command.output),
        )  # fmt: skip
        assert status == 0, err
        told.append(err)
    assert "taux_chomage_departement : chiffre du département, le même pour toutes" in told[0]
    assert "Laissés de côté" not in told[0]
    assert "Laissés de côté par la recette (valeurs_departementales) : taux_chomage" in told[1]


@pytest.mark.parametrize(("level", "rows"), [("epci", 1_200), ("departement", 101)])
def test_epci_and_departements_are_ranked_by_the_same_recipe(command, level, rows):
    status, _, err = command.run(
        "indice", "--recette", "acces_services", "--niveau", level,
        "-o", str(command.output), "--tirages", "5",
    )  # fmt: skip
    assert status == 0, err
    result = pd.read_csv(command.output, dtype={f"code_{level}": str})
    assert result.columns[0] == f"code_{level}"
    assert result[f"code_{level}"].is_unique
    assert len(result) >= rows
    assert result["rang"].min() == 1


def test_a_recipe_whose_figures_are_not_here_says_how_to_get_them(command):
    status, _, err = command.run(
        "indice", "--recette", "besoins_sociaux", "-o", str(command.output)
    )
    assert status == 1
    assert "taux_chomage_recensement" in err
    assert "territoires actualiser" in err
    assert not command.output.exists()


def test_an_unknown_indicator_of_a_recipe_is_said_with_its_line(command):
    status, _, err = command.run(
        "indice", "--recette", str(command.folder / "recette.toml"), "-o", str(command.output)
    )
    assert status == 1
    assert "recette.toml, ligne 4 : indicateurs n° 1 (code) : indicateur inconnu « taux »" in err
    assert not command.output.exists()


def test_an_unknown_recipe_names_the_nearest_one(command):
    status, _, err = command.run("indice", "--recette", "deprise", "-o", str(command.output))
    assert status == 1
    assert "La plus proche : deprise_eloignement" in err
    assert "acces_services" in err
