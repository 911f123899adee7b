"""The page Initiatives takes a list to its decisions: columns, doubts, one click, the next list."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from territoires.exports.placed_list import placed_csv, placed_xlsx
from territoires.geocoding import Columns, Gazetteer
from territoires.geocoding.review.file import review_from_json
from territoires.geocoding.service import (
    Found,
    Question,
    Refined,
    Unknown,
    load_service_rules,
    refine,
)
from territoires.settings import Settings
from territoires.ui.list_reading import read_upload
from tests.test_pages import html, open_page, text


class GuideToPont:
    """Stands for the service: it knows one street of Le Vigan."""

    def __init__(self, gazetteer: Gazetteer, settings: Settings, **_options: object) -> None:
        self._gazetteer = gazetteer
        self._rules = load_service_rules(settings.data_dir)

    def __enter__(self) -> GuideToPont:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is open."""

    def place(self, placed: pd.DataFrame, columns: Columns) -> Refined:
        point = self._gazetteer.points[VIGAN]
        answer = Found("1 Rue du Pont 30120 Le Vigan", "housenumber", "Rue du Pont", "1", VIGAN,
                       *point, 0.95)  # fmt: skip

        def service(asked: Sequence[Question]) -> list[Found | Unknown]:
            return [answer if one.text.startswith("1 ") else Unknown() for one in asked]

        return refine(placed, self._gazetteer, service, self._rules, columns=columns)


LIST = """nom de la structure;Endroit;Téléphone
Régie de quartier;Le Vigan;04
Épicerie;Le Vigan;05
Café associatif;Ganjes (34);06
Atelier;Zzyxville;07
Jardin;Alès;08
"""
VIGAN = "30350"


def open_list(content: str | bytes = LIST, name: str = "liste.csv", **session: object) -> AppTest:
    page = open_page("initiatives", onglet="fichier")
    for key, value in session.items():
        page.session_state[key] = value
    return give(page, content, name)


def give(page: AppTest, content: str | bytes, name: str = "liste.csv") -> AppTest:
    content = content.encode() if isinstance(content, str) else content
    (place,) = (one for one in page.file_uploader if one.key == "initiatives.fichier")
    page = place.upload(name, content).run()
    assert not page.exception
    return page


def correct(page: AppTest, role: str, heading: str) -> AppTest:
    return page.selectbox(key=f"initiatives.colonne.{role}").set_value(heading).run()


def choose(page: AppTest, words: str) -> AppTest:
    """Click the first button that says something."""
    button = next(one for one in page.button if words in one.label.replace("\\", ""))
    page = button.click().run()
    assert not page.exception
    return page


def placed(page: AppTest) -> pd.DataFrame:
    return page.session_state["liste.revue"][2].frame


def asked(page: AppTest) -> int:
    return len(page.session_state["liste.revue"][2].doubts)


def test_a_column_is_corrected_a_doubt_decided_and_the_next_upload_asks_nothing() -> None:
    page = open_list()
    assert "Aucune colonne" not in text(page)
    page = correct(page, "town", "Endroit")
    assert placed(page)["geo_statut"].tolist()[-1] == "sur"  # Alès
    assert asked(page) == 3  # two rows say the same
    page = choose(page, "Le Vigan (Gard)")
    assert placed(page)["geo_code_commune"].tolist()[:2] == [VIGAN, VIGAN]
    assert placed(page)["geo_methode"].tolist()[:2] == ["revue", "revue"]
    assert "Choisie en revue par une personne : Le Vigan" in placed(page)["geo_motif"].iloc[0]
    assert asked(page) == 2
    page = choose(page, "Ganges")
    page = choose(page, "aucune commune")
    assert asked(page) == 0
    assert any("Il ne reste rien à décider" in one.value for one in page.success)
    assert placed(page)["geo_statut"].iloc[3] == "non_trouve"

    # The same rows, in another order, under the same headings, in another file.
    lines = LIST.strip().split("\n")
    page = give(page, "\n".join([lines[0], *reversed(lines[1:])]), "autre.csv")
    assert asked(page) == 0
    assert placed(page)["geo_methode"].tolist().count("revue") == 4


def test_another_list_begins_at_its_first_question() -> None:
    page = choose(correct(open_list(), "town", "Endroit"), "Passer")
    assert "**Question 2 sur 3**" in text(page)
    page = give(page, "commune\nSaint-Aubin\nSainte-Marie\nLe Vigan\n", "autre.csv")
    assert "**Question 1 sur 3**" in text(page)


def test_a_name_that_is_not_found_has_near_names() -> None:
    page = open_list("commune\nMonpelié (34)\n")
    page = choose(page, "Montpellier (Hérault)")
    assert placed(page)["geo_commune"].tolist() == ["Montpellier"]


def test_what_a_person_decided_can_be_taken_back() -> None:
    page = correct(open_list(), "town", "Endroit")
    page = choose(page, "Le Vigan (Gard)")
    assert asked(page) == 2
    page = choose(page, "Annuler ma dernière décision")
    assert asked(page) == 3


def test_a_note_stays_with_the_decision_as_text() -> None:
    page = correct(open_list(), "town", "Endroit")
    (note,) = (one for one in page.text_input if "Note" in one.label)
    page = note.set_value("<b>=Vu</b> avec elle").run()
    page = choose(page, "Le Vigan (Gard)")
    assert "Note : « <b>=Vu</b> avec elle »." in placed(page)["geo_motif"].iloc[0]
    kept = review_from_json(page.session_state["revue.texte"]).review
    (choice,) = kept.choices.values()
    assert (choice.code, choice.note) == (VIGAN, "<b>=Vu</b> avec elle")


def test_another_commune_is_found_by_a_search() -> None:
    page = correct(open_list(), "town", "Endroit")
    (search,) = (one for one in page.text_input if one.label == "Une autre commune")
    page = search.set_value("30007").run()
    page = choose(page, "Alès (Gard)")
    assert placed(page)["geo_commune"].iloc[0] == "Alès"


def test_decisions_go_to_a_file_and_come_back_in_another_visit() -> None:
    page = correct(open_list(), "town", "Endroit")
    page = choose(page, "Le Vigan (Gard)")
    kept = page.session_state["revue.texte"]
    assert "Régie" not in kept  # nothing but the words of the place, and the headings
    assert "04" not in json.loads(kept)["lignes"][0]["ligne"].values()
    other = open_page("initiatives", onglet="fichier")
    (place,) = (one for one in other.file_uploader if "reprendre" in one.key)
    other = give(place.upload("revue.json", kept.encode()).run(), LIST)
    assert asked(other) == 2
    assert placed(other)["geo_methode"].tolist()[:2] == ["revue", "revue"]


def test_a_file_of_decisions_that_is_none_is_said() -> None:
    page = open_page("initiatives", onglet="fichier")
    (place,) = (one for one in page.file_uploader if "reprendre" in one.key)
    page = place.upload("x.json", b'{"format": "autre"}').run()
    assert any("pas une revue" in one.value for one in page.warning)
    assert not page.exception


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("l.tsv", "commune\tcode_postal\nLe Vigan\t30120\n"),
        (
            "l.geojson",
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
            '{"commune":"Le Vigan","code_postal":"30120"},"geometry":null}]}',
        ),
    ],
)
def test_several_kinds_of_files_are_read(name: str, content: str) -> None:
    page = open_list(content, name)
    assert placed(page)["geo_code_commune"].tolist() == [VIGAN]


def test_workbooks_are_read_and_given_back_with_every_text_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Structure", "commune", "cp"], ["=1+1", "Le Vigan", "30120"]):
        book.active.append(row)
    book.active["A2"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    page = open_list(stream.getvalue(), "l.xlsx")
    frame = placed(page)
    assert frame["geo_code_commune"].tolist() == [VIGAN]
    back = openpyxl.load_workbook(io.BytesIO(placed_xlsx(frame))).active
    assert [cell.value for cell in back[1]] == list(frame.columns)
    assert back["A2"].data_type == "s"
    assert read_upload(placed_csv(frame), "x.csv", 10_000).frame["cp"].tolist() == ["30120"]
    assert b"'=1+1" in placed_csv(frame)


def test_a_list_without_a_place_can_still_be_told_where_it_is() -> None:
    page = open_list("couleur;truc\nbleu;Alès\n")
    assert any("colonne" in one.value for one in page.error)
    page = correct(page, "town", "truc")
    assert placed(page)["geo_commune"].tolist() == ["Alès"]
    assert not page.error


def test_hostile_cells_stay_text() -> None:
    page = open_list("commune;<img src=x onerror=alert(1)>\n<script>alert(1)</script>;<b>x\n")
    assert "<script>" not in html(page)
    assert "&lt;script&gt;" in html(page)
    assert "<img" not in html(page)


def test_ten_thousand_doubts_are_shown_a_page_at_a_time() -> None:
    rows = "\n".join(f"Saint-Aubin;{number} rue de la Paix" for number in range(10_000))
    page = open_list(f"commune;adresse\n{rows}\n")
    assert asked(page) == 10_000
    (shown,) = [one.value for one in page.dataframe if "N°" in one.value]
    assert len(shown) == 50
    page = choose(page, "50 suivantes")
    (shown,) = [one.value for one in page.dataframe if "N°" in one.value]
    assert shown["N°"].iloc[0] == 51
    (alike,) = (one for one in page.checkbox if "Décider de même" in one.label)
    page = alike.check().run()
    page = choose(page, "Saint-Aubin (Nord)")
    assert asked(page) == 0


def test_the_service_is_not_offered_where_it_is_forbidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = "adresse;commune;code_postal\n1 rue du Pont;Le Vigan;30120\n"
    monkeypatch.setenv("TERRITOIRES_GEOCODEUR", "http://127.0.0.1:9")
    page = open_list(content)
    (offer,) = (one for one in page.button if "service national" in one.label)
    assert not offer.disabled
    assert any("Ce qui sort de cette machine" in one.value for one in page.caption)
    monkeypatch.setenv("TERRITOIRES_GEOCODEUR", "aucun")
    page = open_list(content)
    assert not any("service national" in one.label for one in page.button)


def test_the_service_takes_the_list_to_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRITOIRES_GEOCODEUR", "http://127.0.0.1:9")
    monkeypatch.setattr("territoires.ui.address_service.AddressGuide", GuideToPont)
    page = open_list(
        "adresse;commune;code_postal\n1 rue du Pont;Le Vigan;30120\n2 rue X;Le Vigan;30120\n"
    )
    page = choose(page, "service national")
    page = until_told(page, "success", "1 à l'adresse")
    assert placed(page)["geo_precision"].tolist() == ["adresse", "commune"]
    assert "Adresse inconnue du service national" in placed(page)["geo_motif"].iloc[1]
    assert any("Demander de nouveau" in one.label for one in page.button)


def until_told(page: AppTest, kind: str, words: str) -> AppTest:
    for _ in range(60):
        if any(words in one.value.replace("\\", "") for one in getattr(page, kind)):
            break
        page = page.run()
    assert any(words in one.value.replace("\\", "") for one in getattr(page, kind))
    assert not page.exception
    return page


def test_a_service_that_does_not_answer_is_said_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERRITOIRES_GEOCODEUR", "http://127.0.0.1:9")
    page = open_list("adresse;commune;code_postal\n1 rue du Pont;Le Vigan;30120\n")
    page = choose(page, "service national")
    page = until_told(page, "warning", "sans réponse")
    assert placed(page)["geo_code_commune"].tolist() == [VIGAN]
    assert "sans réponse" in placed(page)["geo_motif"].iloc[0]
