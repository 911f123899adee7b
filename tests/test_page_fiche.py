"""The tab « Une fiche » of the page Initiatives: read, completed, saved, printed."""

from __future__ import annotations

import io

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from territoires.initiatives.own import own_from_rows
from territoires.ui import server
from territoires.ui.initiative_fields import SECTIONS
from territoires.ui.initiative_print import MOST_IN_A_BOOKLET, booklet_title
from territoires.ui.sheets import initiative_pdf
from tests.test_own_initiatives import HOSTILE
from tests.test_pages import PAGES, html, open_page, text

VIGAN = "autre-terre-de-convergence-le-vigan"
NEW = " nouvelle"


def open_form(identifier: str) -> AppTest:
    return open_page("initiatives", onglet="fiche", fiche=identifier)


def field(page: AppTest, label: str):
    """Return a field of the form by its label: those of the left column have others."""
    found = [
        one
        for kind in (page.text_input, page.text_area, page.selectbox, page.multiselect)
        for one in kind
        if one.label == label and str(one.key).startswith("initiatives.champ.")
    ]
    assert len(found) == 1, label
    return found[0]


def save(page: AppTest) -> AppTest:
    return page.button(key="initiatives.enregistrer.haut").click().run()


def own(page: AppTest):
    return page.session_state["initiatives_personnelles"]


def sheet_of(page: AppTest, identifier: str) -> str:
    """Return the words of the sheet that the page prints, read by a PDF reader."""
    workspace = server.shared_workspace()
    mine = own(page).directory(workspace.register, workspace.vocabularies)
    content = initiative_pdf(workspace, mine, identifier)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) <= 2
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_a_shipped_initiative_is_laid_out_as_its_sheet_and_what_is_empty_is_said():
    page = open_form(VIGAN)
    assert not page.exception
    told = html(page)
    for words in ("Terre de convergence", "Objectifs", "Enseignements", "Son territoire",
                  "CC du Pays Viganais"):  # fmt: skip
        assert words in told
    empty = [one.column for fields in SECTIONS.values() for one in fields if one.is_long]
    frame = server.shared_workspace().directory.frame
    missing = sum(frame.loc[VIGAN, column] == "" for column in empty)
    assert told.count('<p><span class="t-none">non renseigné</span></p>') == missing
    assert "t-finding" not in told  # what is shipped passes the check
    assert "aucune donnée personnelle" in text(page)


def test_every_field_of_the_form_holds_what_is_recorded():
    page = open_form(VIGAN)
    row = server.shared_workspace().directory.frame.loc[VIGAN]
    for fields in SECTIONS.values():
        for one in fields:
            if one.column not in ("longitude", "latitude", "axes"):
                assert field(page, one.label).value == row[one.column], one.column
    assert field(page, "Longitude").value == ""
    assert field(page, "Axes").value == ["4"]
    assert page.button(key="initiatives.enregistrer.haut").disabled


def test_one_that_is_completed_takes_the_place_of_the_shipped_one_and_prints():
    page = open_form(VIGAN)
    field(page, "Résultats").set_value("Dix emplois en 2025.").run()
    assert "1 champ modifié" in text(page).replace("\u00a0", " ")
    assert "sans vos modifications" in text(page)
    assert "Dix emplois" not in html(page)
    save(page)
    assert not page.exception
    assert own(page).identifiers == (VIGAN,)
    assert "Dix emplois en 2025." in html(page)
    assert page.selectbox(key="initiatives.fiche").value == VIGAN
    assert page.button(key="initiatives.enregistrer.haut").disabled
    told = sheet_of(page, VIGAN)
    assert "Dix emplois en 2025." in told
    assert "non renseigné" in told
    # As many as before: it stands in the place of the other.
    assert "**239 initiatives**" in text(page)


def test_a_new_one_needs_a_name_and_a_type_then_has_an_identifier_of_its_own():
    page = open_form(NEW)
    assert not page.exception
    assert "t-finding" not in html(page)  # nothing is wrong with an empty form
    field(page, "Nom").set_value("Le Café des Possibles").run()
    assert "Il manque : type." in text(page)
    assert page.button(key="initiatives.enregistrer.haut").disabled
    field(page, "Type").set_value("tiers_lieu").run()
    page.text_input(key=key_of_search(page)).set_value("30120 le vigan").run()
    pills = [one for one in page.get("button_group") if one.label == "Laquelle ?"]
    pills[0].set_value("30350").run()
    assert field(page, "Commune").value == "Le Vigan"
    assert field(page, "Code Insee").value == "30350"
    save(page)
    assert own(page).identifiers == ("tiers-lieu-le-cafe-des-possibles-le-vigan",)
    assert page.query_params["fiche"] == "tiers-lieu-le-cafe-des-possibles-le-vigan"
    assert "Le Café des Possibles" in html(page)
    # A second one of the same name is told of the first, and never takes its place.
    page.selectbox(key="initiatives.fiche").set_value(NEW).run()
    assert field(page, "Nom").value == ""
    field(page, "Nom").set_value("Le Café des Possibles").run()
    field(page, "Type").set_value("tiers_lieu").run()
    field(page, "Commune").set_value("Le Vigan").run()
    assert any("déjà là" in warning.value for warning in page.warning)
    save(page)
    assert own(page).identifiers[1].endswith("-2")


def key_of_search(page: AppTest) -> str:
    return next(one.key for one in page.text_input if one.label == "Chercher sa commune")


def test_what_is_wrong_is_said_under_its_field_and_may_be_saved():
    page = open_form(VIGAN)
    field(page, "Date de début").set_value("12/05/2019").run()
    field(page, "Partenaires").set_value("Jeanne, 06 12 34 56 78").run()
    field(page, "Code Insee").set_value("99999").run()
    told = html(page)
    assert "Écrivez 2019-05-12" in told
    assert "« 06 12 34 56 78 ». Ceci ressemble à un numéro de téléphone mobile" in told
    assert "Code de commune inconnu" in told
    assert save(page).session_state["initiatives_personnelles"].fields(VIGAN)["date_debut"]


def test_what_is_written_survives_another_tab_and_can_be_given_up():
    page = open_form(VIGAN)
    field(page, "Objectifs").set_value("Écrit, pas enregistré").run()
    page.session_state["initiatives.onglet"] = "Annuaire"
    page.run()
    page.session_state["initiatives.onglet"] = "Une fiche"
    page.run()
    assert field(page, "Objectifs").value == "Écrit, pas enregistré"
    page.selectbox(key="initiatives.fiche").set_value(NEW).run()
    assert "Aussi modifié et non enregistré : Terre de convergence" in text(page)
    page.selectbox(key="initiatives.fiche").set_value(VIGAN).run()
    page.button(key="initiatives.abandonner.haut").click().run()
    assert field(page, "Objectifs").value == ""


def test_ones_own_row_is_taken_off_and_the_shipped_one_is_back():
    page = open_form(VIGAN)
    field(page, "Résultats").set_value("À moi").run()
    save(page)
    page.button(key="initiatives.retirer").click().run()
    assert len(own(page)) == 0
    assert field(page, "Résultats").value == ""
    assert not page.exception


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_the_worst_texts_are_held_saved_and_printed(typed):
    page = open_form(NEW)
    for label in ("Nom", "Porteur", "Description", "Enseignements"):
        field(page, label).set_value(typed)
    field(page, "Type").set_value("autre")
    page.run()
    save(page)
    assert not page.exception
    assert [error.value for error in page.error] == []
    (code,) = own(page).identifiers
    kept = own(page).fields(code)
    assert {kept[c] for c in ("nom", "porteur", "description", "enseignements")} == {typed}
    assert field(page, "Enseignements").value == typed
    assert "<img src=x" not in html(page)
    assert "Fiche initiative" in sheet_of(page, code)


def test_a_file_may_hold_words_that_no_vocabulary_has():
    workspace = server.shared_workspace()
    row = {"nom": "Chez soi", "type": "bistrot", "axes": "2;9;2", "statut": "?"}
    mine = own_from_rows([row], workspace.gazetteer)
    page = AppTest.from_file(PAGES / "initiatives.py", default_timeout=60)
    page.session_state["initiatives_personnelles"] = mine
    directory = mine.directory(workspace.register, workspace.vocabularies)
    page.session_state["annuaire_personnel"] = directory
    page.query_params["onglet"], page.query_params["fiche"] = "fiche", mine.identifiers[0]
    page.run()
    assert not page.exception
    assert field(page, "Type").value == "bistrot"
    assert field(page, "Axes").value == ["2", "9"]
    assert "n'est pas dans le vocabulaire" in html(page).replace("&#x27;", "'")
    assert page.button(key="initiatives.enregistrer.haut").disabled  # nothing was changed


def test_a_browser_that_keeps_no_lists_keeps_no_initiatives():
    page = open_form(VIGAN)
    field(page, "Résultats").set_value("À moi").run()
    save(page)
    assert not page.checkbox(key="initiatives.garder").disabled
    page.session_state["memoire.listes.garder"] = False
    page.run()
    assert page.session_state["memoire.initiatives.garder"] is False
    page.run()
    assert page.checkbox(key="initiatives.garder").disabled
    assert page.checkbox(key="initiatives.garder").value is False
    assert "Ce navigateur ne garde rien" in text(page)


def test_an_address_that_names_no_initiative_asks_for_one():
    page = open_form("rien-de-tel")
    assert not page.exception
    assert page.selectbox(key="initiatives.fiche").value == ""
    assert "fiche" not in page.query_params


def test_a_row_of_the_directory_has_its_sheet_and_the_rows_shown_a_booklet_of_a_bounded_number():
    page = open_page("initiatives")
    assert "Cochez une ligne" in text(page)
    labels = [one.proto.label for one in page.get("download_button")]
    assert f"Livret des {MOST_IN_A_BOOKLET} premières fiches (PDF)" in labels
    assert booklet_title(239) == f"Initiatives : les {MOST_IN_A_BOOKLET} premières sur 239"
    few = open_page("initiatives", types="ptce")
    count = (server.shared_workspace().directory.frame["type"] == "ptce").sum()
    labels = [one.proto.label.replace("\u00a0", " ") for one in few.get("download_button")]
    assert f"Livret de {count} fiches (PDF)" in labels


@pytest.mark.parametrize("button", ["enregistrer.haut", "enregistrer.bas"])
def test_a_last_field_told_with_the_click_is_saved_with_the_others(button: str):
    page = open_form(NEW)
    field(page, "Nom").set_value("Le Café des Possibles")
    field(page, "Type").set_value("tiers_lieu")
    page.run()
    field(page, "Enseignements").set_value("Ouvrir le soir")
    page.button(key=f"initiatives.{button}").click().run()
    assert not page.exception
    told = own(page).fields("tiers-lieu-le-cafe-des-possibles")
    assert told["enseignements"] == "Ouvrir le soir"
    # The next new one is empty.
    assert NEW not in page.session_state["initiatives.brouillons"]


def test_what_is_told_with_the_click_that_drops_a_draft_is_dropped_too():
    page = open_form(NEW)
    field(page, "Nom").set_value("Le Café des Possibles").run()
    field(page, "Enseignements").set_value("Ouvrir le soir")
    page.button(key="initiatives.abandonner.haut").click().run()
    assert NEW not in page.session_state["initiatives.brouillons"]
    assert field(page, "Enseignements").value == ""
