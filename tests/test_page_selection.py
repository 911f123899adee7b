"""Ma sélection: lists, notes, tags and what the browser is asked to keep."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from territoires.shortlist import Binder, Shortlist, ShortlistItem, binder_from_json
from territoires.ui import server
from tests.test_pages import html, open_page

VIGAN = ShortlistItem("com:30350", "Le Vigan", "appeler", "contacte", ("priorité",))
LODEVE = ShortlistItem("com:34142", "Lodève")


def opened(*lists: Shortlist) -> AppTest:
    page = open_page("selection")
    page.session_state["classeur"] = Binder(lists)
    return page.run()


def binder_of(page: AppTest) -> Binder:
    assert not page.exception
    return page.session_state["classeur"]


def given_to_the_browser(page: AppTest, what: str = "listes") -> dict:
    told = [
        json.loads(one.proto.json) for one in page.get("bidi_component")
        if one.proto.component_name == "territoires_memoire"
    ]  # fmt: skip
    (asked,) = [one for one in told if one["cle"] == f"territoires.{what}"]
    return asked


def test_lists_are_made_renamed_and_thrown_away() -> None:
    page = opened(Shortlist("Gard", (VIGAN,)))
    page.text_input(key="selection.nouvelle").set_value("Hérault <b>")
    page.button(key="selection.creer").click().run()
    assert binder_of(page).names == ("Gard", "Hérault <b>")
    assert binder_of(page).current.nom == "Hérault <b>"
    assert "<b>" not in html(page)
    page.text_input(key="selection.nom.Hérault <b>").set_value("gard")
    page.button(key="selection.renommer").click().run()
    assert any("Deux listes" in warning.value for warning in page.warning)
    assert binder_of(page).names == ("Gard", "Hérault <b>")
    page.selectbox(key="selection.liste").set_value(0).run()
    assert binder_of(page).current.nom == "Gard"
    assert page.text_area(key="selection.champ.note.com:30350").value == "appeler"
    assert page.button(key="selection.supprimer").disabled
    page.checkbox(key="selection.sur").check().run()
    page.button(key="selection.supprimer").click().run()
    assert binder_of(page).names == ("Hérault <b>",)


def test_notes_statuses_and_tags_are_kept_as_typed() -> None:
    page = opened(Shortlist("Gard", (VIGAN, LODEVE)))
    note = "🌻 \u202e </script> " + "é" * 99_980
    page.text_area(key="selection.champ.note.com:34142").set_value(note).run()
    page.selectbox(key="selection.champ.statut.com:34142").set_value("visite_prevue").run()
    item = binder_of(page).current.item("com:34142")
    assert (item.note, item.statut) == (note.strip(), "visite_prevue")
    kept = binder_from_json(given_to_the_browser(page)["texte"])
    assert kept == binder_of(page)
    assert page.multiselect(key="selection.champ.etiquettes.com:30350").value == ["priorité"]


def test_places_move_between_lists_with_their_notes() -> None:
    page = opened(Shortlist("Gard", (VIGAN, LODEVE)), Shortlist("Hérault"))
    page.button(key="selection.monter.com:34142").click().run()
    assert binder_of(page).current.codes == ("com:34142", "com:30350")
    page.button(key="selection.vers.com:30350.Hérault").click().run()
    assert binder_of(page).current.codes == ("com:34142",)
    assert binder_of(page).lists[1].items == (VIGAN,)


def test_statuses_and_tags_filter_what_is_shown() -> None:
    others = [ShortlistItem(f"com:0100{number}", f"x{number}") for number in (1, 2, 4)]
    page = opened(Shortlist("Gard", (VIGAN, *others)))
    assert len(page.text_area) == 4
    page.multiselect(key="selection.statuts").set_value(["contacte"]).run()
    assert [area.key for area in page.text_area] == ["selection.champ.note.com:30350"]
    assert any("1 sur 4 lieux" in caption.value for caption in page.caption)


def test_nothing_is_written_before_what_was_there_is_read() -> None:
    page = open_page("carte")
    told = given_to_the_browser(page)
    assert (told["texte"], told["lu"], told["garder"]) == (None, False, True)
    again = given_to_the_browser(page.run())
    assert again["seance"] == told["seance"]


def test_a_list_that_grew_too_large_is_said_and_not_sent() -> None:
    codes = server.shared_workspace().register.communes.index[:11]
    notes = [ShortlistItem(code, "x", "é" * 100_000) for code in codes]
    page = opened(Shortlist("Longue", tuple(notes)))
    assert given_to_the_browser(page)["texte"] is None
    assert any("ne peut pas garder" in caption.value for caption in page.caption)


def test_a_place_that_is_no_more_is_said_and_kept() -> None:
    gone = ShortlistItem("com:99999", "Autrefois", "une note")
    page = opened(Shortlist("Gard", (gone, VIGAN)))
    assert any("n'existe pas" in caption.value for caption in page.caption)
    assert binder_of(page).current.items == (gone, VIGAN)
    assert len(page.get("download_button")) > 0
    assert opened(Shortlist("Gard", (gone,))).get("download_button") == []


def test_a_long_list_is_whole_in_the_address_or_not_there() -> None:
    communes = server.shared_workspace().register.communes
    gard = list(communes.index[communes["code_departement"] == "30"])
    groups = [f"groupe:{'-'.join(sorted(gard[at : at + 40]))}" for at in range(0, 320, 16)]
    twenty = open_page("selection", lieux=",".join(groups))
    assert len(",".join(groups)) > 4_000
    assert binder_of(twenty).current.codes == tuple(groups)
    assert not twenty.warning
    assert twenty.query_params["lieux"] == ",".join(groups)
    places = [ShortlistItem(f"com:{code}", code) for code in communes.index[:800]]
    page = opened(Shortlist("Longue", tuple(places)))
    assert "lieux" not in page.query_params
    assert any("trop longue pour une adresse" in caption.value for caption in page.caption)
