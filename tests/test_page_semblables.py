"""« Semblables à… », run by Streamlit's own test runner on the real data, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from territoires.candidates.alike import AlikeQuery, Verdict, load_likeness_rules
from territoires.exports import read_back
from territoires.indicators import format_share
from territoires.territory import territory_from_code
from territoires.ui import server
from territoires.ui.alike_search import AlikeQuestion, ChosenInitiatives, find
from territoires.ui.alike_verdict import EMBEDDED, OFFICIAL, verdict_html
from territoires.ui.alike_view import alike_file
from territoires.ui.alike_words import likeness_html
from territoires.ui.filters import Scope
from territoires.ui.markup import escape_markdown
from tests.conftest import DATA
from tests.test_pages import html, open_page

LODEVE = "com:34142"


def open_alike(**address: str) -> AppTest:
    page = open_page("candidats", vue="semblables", **address)
    assert not page.exception
    return page


def table(page: AppTest) -> pd.DataFrame:
    (shown,) = page.dataframe
    return shown.value


def told(page: AppTest) -> list[str]:
    return [*(e.value for e in page.error), *(w.value for w in page.warning),
            *(i.value for i in page.info), *(c.value for c in page.caption)]  # fmt: skip


def test_the_search_comes_first_and_likeness_is_one_click_away() -> None:
    page = open_page("candidats", unite="commune")
    view = page.button_group(key="candidats.vue")
    assert view.value == "liste"
    assert "vue" not in page.query_params
    view.set_value("semblables").run()
    assert page.query_params["vue"] == "semblables"
    assert any("Cherchez d'abord un lieu" in words for words in told(page))


def test_a_place_is_found_by_its_name_and_kept_in_the_address() -> None:
    page = open_alike()
    page.text_input(key="candidats.recherche").set_value("Lodève").run()
    assert page.query_params["lieux"] == LODEVE
    assert "34142" not in set(table(page)["Code"])
    assert table(page)["Habitants"].between(5_000, 9_999).all()
    page.text_input(key="candidats.recherche").set_value("CC du Clermontais").run()
    assert re.fullmatch(rf"{LODEVE},epci:\d{{9}}", page.query_params["lieux"])
    page.multiselect(key="candidats.lieux").unselect(LODEVE).run()
    assert LODEVE not in page.query_params["lieux"]


def test_who_does_it_and_where_else() -> None:
    page = open_alike(lieux=LODEVE)
    there = table(page)
    assert (there["Initiatives ici"] != "").all()
    page.button_group(key="candidats.question").set_value("sans").run()
    elsewhere = table(page)
    assert not set(there["Code"]) & set(elsewhere["Code"])
    assert (elsewhere["À (km)"].dropna() > 0).all()
    assert page.query_params["question"] == "sans"
    page.button_group(key="candidats.question").set_value("tous").run()
    everything = table(page)
    assert everything["Distance"].iloc[0] == min(
        there["Distance"].iloc[0], elsewhere["Distance"].iloc[0]
    )


def test_criteria_size_and_universe_are_the_persons_own() -> None:
    page = open_alike(lieux=LODEVE, question="tous", criteres="population", region="76")
    shown = table(page)
    gaps = (shown["Habitants"] - 7_251).abs()
    assert gaps.iloc[0] < gaps.iloc[-1]
    assert set(shown["Dép."]) <= {
        "09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82",
    }  # fmt: skip
    page.button_group(key="candidats.taille").set_value("toutes").run()
    page.multiselect(key="candidats.criteres").set_value(["heures_mairie"]).run()
    assert not table(page)["Habitants"].between(5_000, 9_999).all()
    page.multiselect(key="candidats.criteres").set_value([]).run()
    assert any("critères habituels" in words for words in told(page))
    assert len(table(page)) == 20


def test_several_places_and_the_territories_of_initiatives() -> None:
    page = open_alike(lieux=LODEVE, question="sans")
    page.button(key="candidats.lieux_tous").click().run()
    chosen = page.multiselect(key="candidats.lieux").value
    assert len(chosen) == 24
    assert len(set(table(page)["Comparé à"])) > 1
    page.selectbox(key="candidats.plusieurs").set_value("profil").run()
    assert "Comparé à" not in table(page)
    assert "profil médian" in html(page)


def test_epci_are_compared_to_epci() -> None:
    page = open_alike(lieux="epci:200017341")
    assert any("comparez-la à des EPCI" in words for words in told(page))
    page = open_alike(lieux="epci:200017341", niveau="epci", question="tous")
    shown = table(page)
    assert shown["Code"].str.fullmatch(r"\d{9}").all()
    assert shown["Dép."].notna().all()
    assert (shown["À (km)"].dropna() >= 0).all()


def test_the_verdict_is_that_of_the_file() -> None:
    page = open_alike(lieux=LODEVE)
    rules = load_likeness_rules(DATA)
    (warning,) = page.warning
    assert escape_markdown(rules.verdict.sentence) in warning.value
    for measure in rules.verdict.measures:
        assert format_share(measure["ressemblance"]) in html(page)
        assert format_share(measure["population_seule"]) in html(page)


def test_another_test_would_be_told_otherwise() -> None:
    measure = {
        "donnees": "officiel", "univers": "<b>", "communes_comparees": 1_234,
        "ressemblance": 0.61, "ressemblance_intervalle": [0.5, 0.75], "population_seule": 0.4,
    }  # fmt: skip
    verdict = Verdict(date(2027, 3, 1), True, "Il fait mieux.", "Faire mieux.", (measure,))
    drawn = verdict_html(verdict, OFFICIAL)
    for words in (
        "61\u00a0%",
        "[50\u00a0% à 75\u00a0%]",
        "1er mars 2027",
        "Règle, remplie",
        "&lt;b",
    ):
        assert words in drawn
    assert "non disponible" in drawn  # chance was not measured
    assert "t-chosen" in drawn
    assert "t-chosen" not in verdict_html(verdict, EMBEDDED)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"lieux": "com:99999"}, "n'existe pas ici"),
        ({"lieux": "<script>"}, "n'existe pas ici"),
        ({"lieux": "groupe:" + "-".join(["99999"] * 300)}, "n'existe pas ici"),
        ({"lieux": "arm:75111"}, r"com\:75056"),
        ({"lieux": LODEVE, "types": "chaton", "statuts": "", "departement": "48", "region": "76"},
         "choisissez d'autres types"),
        ({"lieux": LODEVE, "question": "tous", "region": "76", "departement": "34",
          "epci": "200017341"}, "Tailles présentes"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_the_page_stays(address, words) -> None:
    page = open_alike(**address)
    assert any(words in one for one in told(page))
    assert not page.dataframe
    assert page.text_input(key="candidats.recherche") is not None


def question_of(register, directory, **chosen) -> AlikeQuestion:
    workspace = server.shared_workspace()
    criteria = load_likeness_rules(DATA).criteria_for(workspace.indicators.catalogue)
    asked = AlikeQuestion(
        (territory_from_code(register, LODEVE),), AlikeQuery(criteria),
        Scope("pays:FR", "France", None), "avec", ChosenInitiatives(directory, ("tzcld",), ()),
    )  # fmt: skip
    return replace(asked, **chosen)


def test_the_file_says_how_to_make_it_again(register, directory) -> None:
    workspace, rules = server.shared_workspace(), load_likeness_rules(DATA)
    found = find(workspace, rules, question_of(register, directory.filter(types=["tzcld"])))
    content = alike_file(workspace, found)
    head = content.decode("utf-8-sig").partition("rang;code_commune")[0]
    for words in ("Semblables à : Lodève (com:34142)", "types tzcld, statuts tous", "Distance :",
                  "Univers : France", "pas exhaustif", rules.verdict.sentence[:60]):  # fmt: skip
        assert words in head
    written = read_back(content, "semblables.csv", limit_bytes=10_000_000)
    assert list(written["code_commune"]) == list(found.alike.frame.index)


def test_a_hostile_name_is_only_a_name(register, directory) -> None:
    own = directory.filter(types=["tzcld"], communes=["34199"])
    typed = {"nom": "<script>alert(1)</script>", "site_web": "javascript:alert(1)"}
    hostile = replace(own, frame=own.frame.assign(**typed))
    workspace, rules = server.shared_workspace(), load_likeness_rules(DATA)
    found = find(workspace, rules, question_of(register, hostile))
    assert list(found.alike.frame.index) == ["34199"]
    drawn = likeness_html(workspace, found, "34199")
    assert "&lt;script&gt;alert(1)" in drawn
    assert "<script" not in drawn
    assert "javascript:" not in drawn
