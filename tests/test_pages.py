"""Each page, run by Streamlit's own test runner on the real data, without a browser."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import territoires.ui
from territoires.ui import server
from territoires.ui.background import Job, jobs
from territoires.ui.markup import escape_markdown
from tests.conftest import DATA

PAGES = Path(territoires.ui.__file__).parent / "screens"
NAMES = ("carte", "indice", "candidats", "selection", "initiatives", "donnees")


def open_page(name: str, **address: str) -> AppTest:
    page = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def html(page: AppTest) -> str:
    return "\n".join(str(block.proto.body) for block in page.get("html"))


def text(page: AppTest) -> str:
    return html(page) + "\n".join(str(block.value) for block in [*page.markdown, *page.caption])


@pytest.mark.parametrize("name", NAMES)
def test_each_page_draws_without_an_error(name: str) -> None:
    page = open_page(name)
    assert not page.exception
    assert [error.value for error in page.error] == []


def once_found(page: AppTest) -> AppTest:
    """Run a page again until its search is over, as a browser does by itself."""
    return run_until(page, lambda: page.dataframe, 60.0)


def run_until(page: AppTest, drawn: Callable[[], object], seconds: float) -> AppTest:
    until = time.monotonic() + seconds
    while not drawn() and time.monotonic() < until:
        time.sleep(0.2)
        page.run()
    return page


def test_the_address_opens_a_place_and_its_sheet() -> None:
    page = open_page("carte", lieu="com:30350", couleur="densite")
    assert "Le Vigan" in html(page)
    assert "CC du Pays Viganais" in html(page) or "Pays Viganais" in html(page)
    assert page.selectbox(key="carte.couleur").value == "densite"
    assert page.query_params["lieu"] == "com:30350"


def test_changing_a_filter_changes_the_count_and_the_address() -> None:
    page = open_page("carte")
    everything = next(c.value for c in page.caption if "sur la carte" in c.value)
    page.multiselect(key="carte.axes").select("4").run()
    only_axis_4 = next(c.value for c in page.caption if "sur la carte" in c.value)
    assert only_axis_4 != everything
    assert page.query_params["axes"] == "4"


def test_a_wrong_address_falls_back_on_the_defaults() -> None:
    page = open_page("carte", couleur="<script>", par="galaxie", axes="99")
    assert not page.exception
    assert page.selectbox(key="carte.couleur").value != "<script>"


def test_an_unknown_place_in_the_address_is_said_and_the_map_stays() -> None:
    page = open_page("carte", lieu="com:00000")
    assert not page.exception
    assert any("00000" in warning.value for warning in page.warning)
    assert page.text_input(key="carte.recherche") is not None
    assert page.run().query_params.get("lieu") is None
    assert not page.warning


def test_the_table_ranks_like_the_sheet() -> None:
    page = open_page("carte", couleur="evolution_population", lieu="com:30350", departement="30")
    page.toggle(key="carte.tableau").set_value(True).run()
    table = page.dataframe[0].value.set_index("Code")
    rank = f"{table.loc['30350', 'Rang']:,}".replace(",", "\u202f")
    assert f"{rank}e sur" in html(page)


def test_a_class_has_its_name_in_the_table() -> None:
    page = open_page("carte", couleur="zone_tension_logement", region="11", departement="75")
    page.toggle(key="carte.tableau").set_value(True).run()
    assert "A bis" in page.dataframe[0].value.astype(str).to_numpy()


def test_an_arrondissement_has_its_own_area() -> None:
    page = open_page("carte", lieu="arm:75120")
    assert "105," not in html(page).partition("superficie")[0][-40:]


def test_the_address_of_the_selection_holds_its_places() -> None:
    page = open_page("selection", lieux="com:30350,epci:243000270")
    assert page.session_state["selection_codes"] == ("com:30350", "epci:243000270")
    assert any("Le Vigan" in block.value for block in page.markdown)


def test_ticks_do_not_pass_from_one_list_to_another() -> None:
    page = once_found(open_page("candidats", unite="commune"))
    before = listed(page)
    assert [row["nom"] for row in before["lignes"]] == list(page.dataframe[0].value["Commune"])
    page = once_found(page.number_input(key="candidats.pop_min").set_value(9_000).run())
    assert listed(page)["liste"] != before["liste"]


def listed(page: AppTest) -> dict[str, Any]:
    """Return what the list of candidates was given."""
    (block,) = [
        one.proto
        for one in page.get("bidi_component")
        if one.proto.component_name == "territoires_liste"
    ]
    return json.loads(block.json)


def test_a_candidate_without_figures_says_so_in_the_list() -> None:
    page = once_found(open_page("candidats", unite="commune", departement="973", pop_min="1"))
    shown = listed(page)
    at = [column["titre"] for column in shown["colonnes"]].index("À (km)")
    assert shown["lignes"]
    assert {tuple(row["cellules"][at]) for row in shown["lignes"]} == {("non disponible", None)}


def test_a_link_made_with_other_data_says_what_changed() -> None:
    here = server.shared_workspace().colours.version
    page = open_page("carte", v=f"{here.partition('+')[0]}+ancien")
    (warning,) = page.warning
    assert "ancien" in warning.value
    assert "Ce qui a changé : les indicateurs" in warning.value
    page = open_page("carte", v="2019.0-oldoldold")
    assert "les communes et leurs contours et les indicateurs" in page.warning[0].value


def test_searching_a_commune_opens_its_sheet() -> None:
    page = open_page("carte")
    page.text_input(key="carte.recherche").set_value("12145").run()
    assert "Millau" in html(page)
    assert page.query_params["lieu"] == "com:12145"


def test_a_name_that_several_communes_bear_is_never_guessed() -> None:
    page = open_page("carte")
    page.text_input(key="carte.recherche").set_value("Sainte-Colombe").run()
    assert "lieu" not in page.query_params
    assert any("Plusieurs lieux" in group.label for group in page.get("button_group"))


def test_the_table_twin_has_every_commune_of_the_area() -> None:
    page = open_page("carte", region="94", departement="2A", couleur="densite")
    page.toggle(key="carte.tableau").set_value(True).run()
    assert len(page.dataframe[0].value) == 124  # communes of Corse-du-Sud in 2026
    assert "non disponible" not in page.dataframe[0].value.columns


def test_a_group_of_the_selection_names_its_communes_rather_than_their_codes() -> None:
    page = open_page("selection", lieux="groupe:30350-30016-30026")
    told = " ".join(one.value for one in (*page.markdown, *page.caption))
    assert "Le Vigan" in told
    assert "3 communes" in told
    assert "30350" not in told


def test_adding_a_place_reaches_the_selection_page() -> None:
    page = open_page("carte", lieu="com:30350")
    page.button(key="carte.ajouter").click().run()
    assert page.session_state["selection_codes"] == ("com:30350",)
    assert any("Dans ma sélection" in caption.value for caption in page.caption)


def test_candidates_are_ranked_and_explained() -> None:
    page = once_found(open_page("candidats", unite="commune"))
    table = page.dataframe[0].value
    assert list(table["Rang"]) == sorted(table["Rang"])
    assert table["Habitants"].between(5_000, 10_000).all()
    assert "habitants" in text(page)


def test_groups_are_found_outlined_and_put_to_the_test() -> None:
    page = once_found(open_page("candidats", dispositif="tzcld", departement="30"))
    assert not page.exception
    table = page.dataframe[0].value
    assert {"Territoire", "Communes", "Intervalle"} <= set(table)
    assert table["Habitants"].dropna().between(5_000, 10_000).all()
    assert (table["Communes"] > 1).any()
    assert "neuf tirages sur dix" in text(page)
    assert "territoires candidats" in html(page)
    page.text_input(key="candidats.ma_commune").set_value("Nîmes").run()
    assert "Nîmes (30189, Gard)" in html(page)


def test_a_long_search_shows_its_progress_and_the_map_meanwhile() -> None:
    page = open_page("candidats", dispositif="tzcld", pop_min="6001", pop_max="9003")
    assert not page.exception
    if not page.dataframe:  # not over within the patience of the page
        assert any("Arrêter" in button.label for button in page.button)
        page.button(key="candidats.arreter").click().run()
        assert not page.exception


def test_a_search_stopped_under_the_page_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wait, waits = Job.wait, []

    def stopped_the_first_time(job: Job, seconds: float) -> bool:
        waits.append(job)
        if len(waits) == 1:
            jobs.stop()
        return wait(job, seconds)

    monkeypatch.setattr(Job, "wait", stopped_the_first_time)
    page = open_page("candidats", unite="commune", pop_min="7777")
    assert not page.exception
    assert len(waits) > 1
    assert page.dataframe or any("Arrêter" in button.label for button in page.button)


def test_ones_own_directory_is_the_same_from_one_run_to_the_next() -> None:
    shipped = server.shared_workspace().directory
    own = replace(shipped, frame=shipped.frame.head(1))
    page = AppTest.from_file(PAGES / "candidats.py", default_timeout=60)
    page.session_state["annuaire_personnel"] = own
    page.query_params["unite"] = "commune"
    searched = page.run().session_state["candidats.attendue"]
    assert page.run().session_state["candidats.attendue"] == searched


def test_epci_are_ranked_and_a_commune_answers_by_its_own() -> None:
    page = once_found(open_page("candidats", dispositif="generateur", region="76"))
    assert not page.exception
    assert "EPCI" in set(page.dataframe[0].value)
    page.text_input(key="candidats.ma_commune").set_value("30350").run()
    assert "CC du Pays Viganais" in html(page)


def test_what_a_group_must_contain_is_in_the_address_and_in_the_group() -> None:
    asked = {"dispositif": "tzcld", "departement": "30"}
    page = once_found(open_page("candidats", **asked, contient="30350"))
    assert page.text_input(key="candidats.contient").value == "30350"
    assert len(page.dataframe[0].value) == 1
    impossible = open_page("candidats", **asked, contient="30189")
    run_until(impossible, lambda: impossible.error, 30.0)
    assert any("Nîmes" in error.value and "maximum" in error.value for error in impossible.error)


def test_impossible_bounds_are_refused_in_french() -> None:
    page = open_page("candidats", pop_min="9000", pop_max="100")
    assert not page.exception
    assert any("9" in error.value and "population" in error.value for error in page.error)


def test_members_limit_the_candidates() -> None:
    page = open_page("candidats", dispositif="libre", pop_min="", pop_max="")
    page = once_found(page.text_area(key="candidats.adherents.0").set_value("30350\n12145").run())
    assert set(page.dataframe[0].value["Code"]) == {"30350", "12145"}


def test_why_not_answers_for_any_commune() -> None:
    page = once_found(open_page("candidats", unite="commune"))
    page.text_input(key="candidats.ma_commune").set_value("75056").run()
    assert not page.exception
    assert "Paris (75056, Paris)" in html(page)


def test_damaged_data_are_named_and_nothing_else_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRITOIRES_DONNEES_LIVREES", str(tmp_path))
    server.forget_workspace()
    try:
        page = open_page("carte")
        assert not page.exception
        assert any("construire-donnees" in error.value for error in page.error)
        assert not page.button
    finally:
        server.forget_workspace()


def test_needs_observed_are_shown_once_the_file_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy, copy_function=os.link)
    (copy / "besoins.csv").unlink()
    (copy / "besoins.csv").write_text(
        "id,code_commune,domaine,description,observe_le,source_url\n"
        "b1,30350,mobilite,<b>Plus de car</b> le soir,2026-03-01,\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("TERRITOIRES_DONNEES_LIVREES", str(copy))
    server.forget_workspace()
    try:
        page = open_page("carte", lieu="com:30350")
        assert not page.exception
        assert "Besoins observés ici : 1" in html(page)
        assert "&lt;b&gt;Plus de car&lt;/b&gt; le soir" in html(page)
    finally:
        server.forget_workspace()


def test_the_way_a_map_is_read_is_in_its_address_and_in_its_tiles():
    page = open_page("carte", couleur="densite", methode="manuelles", limites="50;300;1500")
    assert not page.exception
    assert page.text_input(key="carte.limites").value == "50 ; 300 ; 1\u202f500"
    assert "300,0 à 1" in html(page) or "300 à 1" in html(page)
    page.text_input(key="carte.limites").set_value("10 ; beaucoup").run()
    assert any("« beaucoup » n'est pas un nombre" in warning.value for warning in page.warning)
    assert not page.exception
    page.selectbox(key="carte.methode").set_value("tete_queue").run()
    assert page.query_params["methode"] == "tete_queue"
    assert "Coupe à la moyenne" in text(page)


def test_places_may_be_compared_among_themselves():
    page = open_page("carte", couleur="densite", departement="48", comparer="ici")
    assert not page.exception
    assert "hors du territoire comparé" in html(page)
    everywhere = open_page("carte", couleur="densite", departement="48")
    assert "hors du territoire comparé" not in html(everywhere)


@pytest.mark.parametrize("limits", ["<script>", "1;1", ";".join(map(str, range(99))), "nan", ""])
def test_limits_that_are_not_some_are_said_and_change_nothing(limits):
    page = open_page("carte", couleur="densite", methode="manuelles", limites=limits)
    assert not page.exception
    assert "<script>" not in html(page).replace("<style>", "")
    told = [warning.value for warning in page.warning]
    assert len(told) == bool(limits)
    assert all(warning.endswith("La carte garde des effectifs égaux.") for warning in told)


def test_limits_of_an_address_that_are_finer_than_what_is_printed_are_said():
    page = open_page("carte", couleur="densite", methode="manuelles", limites="0.0000001;![x](y)")
    (warning,) = page.warning
    assert f"« {escape_markdown('![x](y)')} » n'est pas un nombre" in warning.value
    page.text_input(key="carte.limites").set_value("0,0000001 ; 5").run()
    assert "6 décimales" in page.warning[0].value
    page.text_input(key="carte.limites").set_value("2,5 ; 1 000").run()
    assert not page.warning
    assert page.query_params["limites"] == "2.5;1000"
