"""« Nos adhérents » on every page that has an area: one list, a layer, a filter, a universe."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from territoires.candidates import NamedMembers, members_from_json, members_to_json
from territoires.ui import server
from tests.test_page_selection import given_to_the_browser
from tests.test_pages import html, once_found, open_page, text

PAGES = ("carte", "indice", "candidats", "initiatives")
MEMBERS = NamedMembers("nos villes.csv", ("30350", "34142", "12145"), 2)


def with_members(name: str, members: NamedMembers = MEMBERS, **address: str) -> AppTest:
    """Open a page in a visit that has a list already."""
    page = open_page(name, **address)
    page.session_state["adherents"] = members
    page.run()
    assert not page.exception
    return page


def kept_by_the_browser(page: AppTest) -> str | None:
    text: str | None = given_to_the_browser(page, "adherents")["texte"]
    return text


def switch(page: AppTest, name: str, which: str):
    return page.toggle(key=f"{name}.adherents_{which}")


@pytest.mark.parametrize("name", PAGES)
def test_a_list_is_pasted_on_any_page_and_given_to_the_browser(name: str) -> None:
    page = open_page(name)
    assert kept_by_the_browser(page) is None
    page.text_area(key=f"{name}.adherents.0").set_value("30350\n34142 Lodève\n99999").run()
    assert not page.exception
    assert "2\u00a0communes" in text(page).replace("\u202f", "\u00a0")
    assert "1\u00a0remarque à la lecture" in text(page).replace("\u202f", "\u00a0")
    assert "99999" in text(page)
    kept = members_from_json(kept_by_the_browser(page) or "")
    assert kept == NamedMembers("Liste collée", ("30350", "34142"), 1)
    assert switch(page, name, "carte").value
    assert switch(page, name, "seuls").value == (name == "candidats")
    assert not [value for value in page.query_params.values() if "30350" in str(value)]


@pytest.mark.parametrize("name", PAGES)
def test_a_list_is_taken_away_on_any_page(name: str) -> None:
    page = with_members(name)
    assert kept_by_the_browser(page) == members_to_json(MEMBERS)
    page.button(key=f"{name}.adherents_retirer").click().run()
    assert not page.exception
    assert kept_by_the_browser(page) == ""
    assert not [one for one in page.toggle if "adherents" in str(one.key)]
    assert page.text_area(key=f"{name}.adherents.0").value == ""


def test_switches_are_in_the_address_as_booleans() -> None:
    page = with_members("carte")
    assert not {"adherents_carte", "adherents_seuls"} & set(page.query_params)
    switch(page, "carte", "seuls").set_value(True).run()
    switch(page, "carte", "carte").set_value(False).run()
    assert page.query_params["adherents_seuls"] == "oui"
    assert page.query_params["adherents_carte"] == "non"
    again = with_members("carte", adherents_seuls="oui", adherents_carte="non")
    assert switch(again, "carte", "seuls").value
    assert not switch(again, "carte", "carte").value
    wrong = with_members("carte", adherents_seuls="<script>", adherents_carte="peut-être")
    assert not switch(wrong, "carte", "seuls").value
    assert switch(wrong, "carte", "carte").value


def test_an_address_that_keeps_to_members_says_that_they_are_not_here() -> None:
    page = open_page("carte", adherents_seuls="oui")
    assert "n'est pas dans ce navigateur" in text(page)
    assert page.query_params["adherents_seuls"] == "oui"


def test_the_map_keeps_to_the_members() -> None:
    page = with_members("carte", adherents_seuls="oui", tableau="")
    page.toggle(key="carte.tableau").set_value(True).run()
    table = next(one.value for one in page.dataframe if "Code" in one.value)
    assert set(table["Code"]) == set(MEMBERS.communes)
    count = next(one.value for one in page.caption if "sur la carte" in one.value)
    assert "nos adhérents" in count
    assert int(re.match(r"\d+", count)[0]) < 10
    assert "Contour" in html(page)
    switch(page, "carte", "carte").set_value(False).run()
    assert "nos adhérents (" not in html(page)


def test_members_and_an_area_cross() -> None:
    page = with_members("carte", adherents_seuls="oui", region="76", departement="30")
    page.toggle(key="carte.tableau").set_value(True).run()
    table = next(one.value for one in page.dataframe if "Code" in one.value)
    assert set(table["Code"]) == {"30350"}
    assert "nos adhérents, Gard" in text(page)


@pytest.mark.parametrize("name", ["carte", "indice", "initiatives"])
def test_no_member_in_an_area_is_said_and_the_area_is_used(name: str) -> None:
    page = with_members(name, adherents_seuls="oui", region="53", departement="29")
    assert any("Aucun de vos adhérents" in one.value for one in page.warning)
    assert any("décochez" in one.value for one in page.warning)
    assert "nos adhérents, " not in text(page)


def test_no_member_in_an_area_still_finds_candidates_there() -> None:
    page = once_found(with_members("candidats", unite="commune", region="53", departement="29"))
    assert any("Aucun de vos adhérents" in one.value for one in page.warning)
    assert (page.dataframe[0].value["Dép."] == "29").all()


def test_the_index_ranks_the_members_among_themselves() -> None:
    page = with_members("indice", adherents_seuls="oui", onglet="tableau")
    table = next(one.value for one in page.dataframe if "Rang" in one.value)
    assert set(table["Code"]) == set(MEMBERS.communes)
    assert set(table["Rang"]) <= {1, 2, 3}
    assert table["Rang"].min() == 1
    assert "hors du territoire comparé" in html(page)
    assert "Les plus grands besoins, nos adhérents" in html(page)
    everyone = with_members("indice", onglet="tableau")
    assert len(next(one.value for one in everyone.dataframe if "Rang" in one.value)) > 30_000


def test_one_member_alone_is_compared_to_nobody_without_an_error() -> None:
    alone = NamedMembers("x", ("30350",))
    page = with_members("indice", alone, adherents_seuls="oui", onglet="tableau")
    assert [error.value for error in page.error] == []
    table = next(one.value for one in page.dataframe if "Rang" in one.value)
    assert list(table["Code"]) == ["30350"]


def test_the_index_of_epci_keeps_those_of_the_members() -> None:
    page = with_members("indice", adherents_seuls="oui", onglet="tableau", par="epci")
    table = next(one.value for one in page.dataframe if "Rang" in one.value)
    register = server.shared_workspace().register
    assert set(table["Code"]) == set(register.communes.loc[list(MEMBERS.communes), "code_epci"])


def test_candidates_are_sought_among_the_members_unless_one_says_otherwise() -> None:
    asked = {"dispositif": "libre", "pop_min": "", "pop_max": "", "unite": "commune"}
    page = once_found(with_members("candidats", **asked))
    assert set(page.dataframe[0].value["Code"]) == set(MEMBERS.communes)
    switch(page, "candidats", "seuls").set_value(False).run()
    once_found(page)
    assert page.query_params["adherents_seuls"] == "non"
    assert len(page.dataframe[0].value) == 20


def test_places_alike_are_listed_among_the_members() -> None:
    page = with_members(
        "candidats", vue="semblables", lieux="com:34142", taille="toutes", question="tous"
    )
    (table,) = [one.value for one in page.dataframe if "Code" in one.value]
    assert set(table["Code"]) == set(MEMBERS.communes) - {"34142"}
    switch(page, "candidats", "seuls").set_value(False).run()
    (table,) = [one.value for one in page.dataframe if "Code" in one.value]
    assert len(table) == 20


def test_initiatives_keep_to_the_members() -> None:
    everywhere = with_members("initiatives")
    page = with_members("initiatives", adherents_seuls="oui")
    communes = server.shared_workspace().register.communes
    names = set(communes.loc[list(MEMBERS.communes), "nom"])
    listed = page.dataframe[0].value
    assert 0 < len(listed) < len(everywhere.dataframe[0].value)
    assert set(listed["Commune"]) <= names


def test_a_file_of_another_kind_is_refused_and_the_list_stays() -> None:
    page = with_members("carte")
    page.text_area(key="carte.adherents.0").set_value("bonjour à tous").run()
    assert any("aucune commune reconnue" in one.value.lower() for one in page.warning)
    assert page.session_state["adherents"] == MEMBERS
    page.text_area(key="carte.adherents.0").set_value("75056").run()
    assert not page.warning
    assert page.session_state["adherents"].communes == ("75056",)


def test_a_name_stays_text() -> None:
    page = with_members("carte", NamedMembers("<img src=x> [a](b) **c**.csv", ("30350",)))
    caption = next(one.value for one in page.caption if "csv" in one.value)
    assert "\\<img src" in caption
    assert "<img" not in html(page)


def test_communes_that_are_no_more_are_said() -> None:
    page = with_members("carte", NamedMembers("x", ("30350", "99999")))
    assert "99999" in text(page)
    gone = with_members("carte", NamedMembers("x", ("99999",)), adherents_seuls="oui")
    assert any("n'existe encore" in one.value for one in gone.warning)
    assert "nos adhérents (" not in html(gone)


def test_members_are_added_to_the_selection_once() -> None:
    page = with_members("selection", lieux="com:30350")
    button = page.button(key="selection.adherents")
    assert "2\u202fcommunes" in button.label.replace("\u00a0", "\u202f")
    button.click().run()
    listed = page.session_state["classeur"].current.codes
    assert listed == ("com:30350", "com:34142", "com:12145")
    assert not [one for one in page.button if one.key == "selection.adherents"]


def test_a_list_left_by_another_version_is_said_and_left_as_it_is() -> None:
    page = AppTest.from_function(_adopt_damaged).run()
    assert not page.exception
    assert "n'a pas pu être reprise" in page.session_state["adherents.probleme"]
    assert "adherents" not in page.session_state


def _adopt_damaged() -> None:
    from territoires.ui.members_store import device_memory

    device_memory().adopt('{"format": "territoires.adherents", "version": 9}', True)


def test_without_a_list_no_map_outlines_anything() -> None:
    assert "Contour" not in html(open_page("carte"))


def test_a_refusal_loses_neither_the_list_nor_the_address() -> None:
    page = with_members("candidats", pop_min="9000", pop_max="5000", vue="capacite")
    assert any("Échangez les deux bornes" in one.value for one in page.error)
    assert kept_by_the_browser(page) == members_to_json(MEMBERS)
    assert page.query_params["pop_min"] == "9000"
    assert page.query_params["vue"] == "capacite"
    assert page.query_params["v"]
    assert "score de 0 à 100" in html(page)  # the map of needs is there all the same


def test_both_maps_of_the_candidates_look_at_the_members_among_whom_they_are() -> None:
    looked = {}
    for view in ("liste", "capacite"):
        page = once_found(with_members("candidats", vue=view, unite="commune", pop_min="0"))
        assert not page.exception
        west, south, east, north = page.session_state["candidats.zone"]
        looked[view] = (west, south, east, north)
        assert east - west < 4
        assert north - south < 4
    assert looked["liste"] == looked["capacite"]


def test_the_map_shows_the_whole_of_a_group_that_grew_from_a_member() -> None:
    one = NamedMembers("un.csv", ("30350",), 0)
    page = once_found(with_members("candidats", one))
    west, south, east, north = page.session_state["candidats.zone"]
    codes = page.dataframe[0].value["Codes"].iloc[0].split(", ")
    register = server.shared_workspace().register
    where = register.communes.loc[codes, ["longitude", "latitude"]]
    assert len(codes) > 5
    assert where["longitude"].between(west, east).all()
    assert where["latitude"].between(south, north).all()
