"""The page Indice de besoins, run by Streamlit's own test runner on the real data."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from territoires.needs import Dimension, Recipe, RecipeItem, recipe_to_toml
from territoires.needs.recipe_address import recipe_from_fields, recipe_to_fields
from territoires.ui import server
from territoires.ui.need_results import forget_results
from tests.test_pages import html, once_found, open_page, text

PLACE = "com:30350"
MINE = Recipe(
    "Loin de tout",
    (
        RecipeItem("distance_prefecture", 1, 1.5, (0.0, 80.0)),
        RecipeItem("heures_mairie", -1, 0.5, (0.0, 40.0)),
        RecipeItem("densite", -1, 1.0, (0.0, 500.0), transformation="aucune"),
    ),
    aggregation="geometrique",
    min_coverage=0.5,
)


@pytest.fixture(autouse=True)
def nothing_kept():
    forget_results()


def shared(recipe: Recipe, name: str = "indice", **address: str) -> AppTest:
    return open_page(name, **recipe_to_fields(recipe), **address)


def in_address(page: AppTest) -> Recipe:
    return recipe_from_fields(dict(page.query_params.items()))


def mine(page: AppTest) -> Recipe:
    return page.session_state["recette.mienne"]


def tile_queries(page: AppTest) -> str:
    """Return what the map is given to draw: the script of its layers."""
    (plan,) = page.get("component_instance")
    return unescape(plan.proto.json_args)


def upload(page: AppTest, key: str, content: str | bytes, name: str = "recette.toml") -> AppTest:
    content = content.encode() if isinstance(content, str) else content
    (place,) = (one for one in page.file_uploader if one.key.startswith(key))
    return place.upload(name, content).run()


def until(page: AppTest, done, seconds: float = 60.0) -> AppTest:
    limit = time.monotonic() + seconds
    while not done(page) and time.monotonic() < limit:
        time.sleep(0.05)
        page.run()
    assert done(page), text(page)[-500:]
    return page


def test_it_opens_on_a_shipped_recipe_that_the_address_need_not_name() -> None:
    page = open_page("indice")
    assert not page.exception
    assert [e.value for e in page.error] == []
    assert set(page.query_params) == {"v"}
    assert page.slider(key="indice.poids.densite").value == 1.0


def test_a_weight_moved_makes_the_recipe_ones_own_and_changes_address_tiles_and_score() -> None:
    page = open_page("indice", lieu=PLACE)
    before, score = tile_queries(page), html(page)
    page.slider(key="indice.poids.densite").set_value(2.5).run()
    assert in_address(page).weights.tolist() == mine(page).weights.tolist()
    assert "densite:-1:2.5" in page.query_params["recette"]
    assert "densite:-1:2.5" in tile_queries(page)
    assert "densite:-1:2.5" not in before
    assert html(page) != score
    assert page.selectbox(key="indice.choix").value == "ma_recette"
    assert mine(page).name == "Déprise et éloignement (modifiée)"


def test_slider_and_box_stay_in_step_and_decimals_are_french() -> None:
    page = open_page("indice")
    page.text_input(key="indice.poids.densite.ecrit").set_value("1,35").run()
    assert page.slider(key="indice.poids.densite").value == 1.35
    page.slider(key="indice.poids.densite").set_value(0.5).run()
    assert page.text_input(key="indice.poids.densite.ecrit").value == "0,5"
    page.text_input(key="indice.poids.densite.ecrit").set_value("beaucoup").run()
    assert page.text_input(key="indice.poids.densite.ecrit").value == "0,5"
    assert [toast.value for toast in page.toast] == ["« beaucoup » n'est pas un nombre."]
    page.text_input(key="indice.poids.densite.ecrit").set_value("40").run()
    assert page.slider(key="indice.poids.densite").value == 40.0


def test_weights_that_leave_nothing_are_refused_and_the_recipe_stays() -> None:
    page = shared(Recipe("Seul", (RecipeItem("densite", -1),)))
    page.slider(key="indice.poids.densite").set_value(0.0).run()
    assert any("tous les poids sont nuls" in error.value for error in page.error)
    assert page.slider(key="indice.poids.densite").value == 1.0
    assert not page.run().error


def test_a_weight_of_zero_leaves_out() -> None:
    page = open_page("indice", lieu=PLACE)
    assert html(page).count("Densité de population") > html(
        page.slider(key="indice.poids.densite").set_value(0.0).run()
    ).count("Densité de population")


def test_dimensions_weigh_are_added_filled_and_taken_out() -> None:
    page = open_page("indice")
    first = page.session_state["indice.choix"]
    recipe = server.shared_workspace().recipes[first]
    dimension = recipe.dimensions[0].code
    page.slider(key=f"indice.poids_dimension.{dimension}").set_value(3.0).run()
    assert mine(page).dimensions[0].weight == 3.0
    page.text_input(key="indice.nouvelle_dimension").set_value("Santé & soins").run()
    added = mine(page).dimensions[-1]
    assert (added.code, added.name) == ("sante_soins", "Santé & soins")
    page.selectbox(key="indice.ajouter.sante_soins").set_value("distance_prefecture").run()
    assert mine(page).items[-1].dimension == "sante_soins"
    page.selectbox(key="indice.ajouter.sante_soins").set_value("densite").run()
    assert {i.code for i in mine(page).items if i.dimension == "sante_soins"} == {
        "distance_prefecture",
        "densite",
    }
    page.button(key="indice.retirer.distance_prefecture").click().run()
    page.button(key="indice.retirer_dimension.sante_soins").click().run()
    assert "sante_soins" not in [one.code for one in mine(page).dimensions]
    assert "densite" not in mine(page).codes
    assert not page.error
    assert not page.exception


def test_the_method_is_changed_and_bounds_are_proposed() -> None:
    page = open_page("indice")
    page.selectbox(key="indice.normalisation").set_value("z").run()
    assert mine(page).normalisation == "z"
    page.selectbox(key="indice.agregation").set_value("geometrique").run()
    assert any("géométrique" in error.value for error in page.error)
    assert page.selectbox(key="indice.agregation").value == "arithmetique"
    page.selectbox(key="indice.normalisation").set_value("bornes").run()
    page.text_input(key="indice.borne_1.densite").set_value("250,5").run()
    assert mine(page).items[[*mine(page).codes].index("densite")].bounds == (0.0, 250.5)
    page.slider(key="indice.couverture").set_value(90).run()
    page.selectbox(key="indice.imputation").set_value("mediane_locale").run()
    assert (mine(page).min_coverage, mine(page).imputation) == (0.9, "mediane_locale")
    assert in_address(page).imputation == "mediane_locale"
    assert not page.exception


def test_departement_figures_can_be_left_out() -> None:
    page = open_page("indice", recette="acces_services", lieu=PLACE)
    assert "chiffre du département" in html(page)
    page.toggle(key="indice.departemental").set_value(False).run()
    assert page.query_params["departemental"] == "non"
    assert "Laissés de côté par la recette : Taux de chômage (département)" in html(page)


def test_a_rule_says_who_is_kept() -> None:
    page = open_page("indice", lieu=PLACE)
    page.segmented_control(key="indice.mode").set_value("regle").run()
    recipe = mine(page)
    assert (recipe.at_least, page.query_params["mode"]) == (3, "regle")
    assert all(item.percentile == 75.0 for item in recipe.items)
    assert "il en faut 3" in html(page)
    assert "Non retenu" in html(page)
    page.selectbox(key="indice.seuil_par.densite").set_value("valeur").run()
    page.text_input(key="indice.seuil.densite").set_value("300").run()
    page.number_input(key="indice.au_moins").set_value(2).run()
    assert mine(page).items[[*recipe.codes].index("densite")].threshold == 300.0
    assert "Retenu" in html(page)
    page.checkbox(key="indice.compte.densite").uncheck().run()
    assert "Non retenu" in html(page)
    assert in_address(page).is_rule
    assert not page.exception


def test_a_recipe_comes_back_from_its_address() -> None:
    page = shared(MINE)
    assert not page.error
    assert recipe_to_fields(mine(page)) == recipe_to_fields(MINE)
    assert in_address(page) == recipe_from_fields(recipe_to_fields(MINE))
    assert page.text_input(key="indice.nom").value == "Loin de tout"


@pytest.mark.parametrize(
    "fields",
    [
        {"recette": "inconnu:1:1"},
        {"recette": "densite:2:1"},
        {"recette": "densite:1:-3"},
        {"recette": "population:1:1:9:2"},
        {"recette": "densite:1:1", "normalisation": "<b>"},
        {"recette": "densite:1:1," * 80},
        {"recette": "densite:1:1", "nom": "x" * 30_000},
    ],
)
def test_an_address_that_gives_no_recipe_is_said_and_the_page_lives(fields) -> None:
    page = open_page("indice", **fields)
    assert not page.exception
    assert any("La recette de cette adresse" in warning.value for warning in page.warning)
    assert "recette" not in page.query_params
    assert page.slider(key="indice.poids.densite") is not None


def test_a_recipe_that_waits_for_official_data_is_said() -> None:
    page = open_page("indice", recette="besoins_sociaux")
    assert any("territoires actualiser" in warning.value for warning in page.warning)
    assert "recette" not in page.query_params


def test_a_recipe_file_is_taken_whole() -> None:
    page = upload(open_page("indice"), "indice.reprise", recipe_to_toml(MINE))
    assert mine(page) == MINE
    assert not page.error
    page.slider(key="indice.poids.densite").set_value(2.0).run()
    assert mine(page).items[2].weight == 2.0, "the file must not come back at each run"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("nom = rien\n", "r.toml : ce n’est pas du TOML lisible \\(ligne 1"),
        (recipe_to_toml(MINE).replace("poids = 0.5", "poids = -1"), r"r.toml, ligne \d+ : "),
        (recipe_to_toml(MINE).replace('"densite"', '"dansite"'), r"ligne \d+ : .*dansite"),
        (recipe_to_toml(MINE).replace("[0.0, 80.0]", "[80, 0]"), "bornes"),
        ("a = " + "[" * 5_000, "les unes dans les autres"),
        (b"\xff\xfe", "UTF-8"),
        (b"#" * 300_000, "trop gros"),
        (recipe_to_toml(replace(MINE, description="x" * 6_000)), "description : 5000"),
    ],
)
def test_a_bad_recipe_file_is_refused_with_its_place(content, words: str) -> None:
    page = upload(open_page("indice"), "indice.reprise", content, "r.toml")
    assert not page.exception
    (error,) = page.error
    assert re.search(words, error.value.replace("\\", "")), error.value
    assert "recette.mienne" not in page.session_state


def test_a_hostile_name_stays_text_everywhere() -> None:
    name = "<script>alert(1)</script> [lien](https://mal.example) $x$ `a`"
    page = shared(replace(MINE, name=name), lieu=PLACE, onglet="methode")
    assert "<script>" not in html(page)
    assert "&lt;script&gt;" in html(page)
    assert not page.exception


def test_a_hostile_dimension_never_becomes_markdown_in_the_name_of_a_widget() -> None:
    name = "![x](https://mal.example/x.png) <b>"
    dimensions = (Dimension("un", name), Dimension("deux", f"{name}2"))
    items = tuple(
        RecipeItem(code, -1, dimension=one.code)
        for code, one in zip(("densite", "heures_mairie"), dimensions, strict=True)
    )
    page = shared(replace(MINE, items=items, dimensions=dimensions), lieu=PLACE, onglet="methode")
    assert not page.exception
    widgets = [*page.slider, *page.text_input, *page.button, *page.expander, *page.selectbox]
    labels = [str(widget.label) for widget in widgets]
    assert any("mal" in label for label in labels)
    assert not any(re.search(r"(?<!\\)\]\(", label) for label in labels)
    assert "png) <b>" not in html(page)
    assert "png) &lt;b&gt;" in html(page)


def test_without_a_place_the_greatest_needs_are_shown() -> None:
    page = open_page("indice", region="94")
    assert "Les plus grands besoins, Corse" in html(page)
    assert len(re.findall(r"\(2[AB]\)</th>", html(page))) == 12


def test_a_commune_chosen_stands_for_its_epci_at_that_level() -> None:
    page = open_page("indice", lieu=PLACE, par="epci")
    assert "CC du Pays Viganais" in html(page)
    assert "rang parmi les EPCI en France" in html(page)
    assert page.query_params["lieu"] == PLACE
    page = open_page("indice", lieu="dep:30")
    assert "pas parmi les communes (France)" in unescape(html(page))


def test_the_recipe_travels_to_the_map_and_back_by_the_address() -> None:
    page = shared(MINE, "carte", couleur="ma_recette", lieu=PLACE)
    assert page.selectbox(key="carte.couleur").value == "ma_recette"
    assert "Indice : Loin de tout" in html(page)
    assert in_address(page) == recipe_from_fields(recipe_to_fields(MINE))
    assert page.query_params["couleur"] == "ma_recette"
    page.selectbox(key="carte.couleur").set_value("densite").run()
    assert "recette" not in page.query_params


def test_the_recipe_ranks_the_candidates() -> None:
    page = once_found(shared(MINE, "candidats", unite="commune"))
    assert not page.exception
    assert page.selectbox(key="candidats.recette").value == "ma_recette"
    assert in_address(page) == recipe_from_fields(recipe_to_fields(MINE))
    own = list(page.dataframe[0].value["Code"])
    other = once_found(open_page("candidats", unite="commune"))
    assert own != list(other.dataframe[0].value["Code"])
    assert "ma_recette" not in other.selectbox(key="candidats.recette").options


def test_a_recipe_replaced_can_be_taken_back() -> None:
    page = shared(MINE)
    page.selectbox(key="indice.choix").set_value("deprise_eloignement").run()
    page.slider(key="indice.poids.densite").set_value(2.0).run()
    assert mine(page).name == "Déprise et éloignement (modifiée)"
    page.button(key="indice.reprendre").click().run()
    assert mine(page).name == "Loin de tout"


def test_the_test_runs_beside_the_page_and_says_how_far_ranks_hold() -> None:
    page = open_page("indice", lieu=PLACE, region="94", onglet="solidite", tirages="200")
    page.button(key="indice.eprouver").click().run()
    until(page, lambda one: "Le choix qui déplace le plus les rangs" in html(one))
    shown = html(page)
    assert "Le Vigan" not in shown.partition("Intervalle du rang")[2], "not in Corse"
    assert "Parmi les 50 premiers" in shown
    assert "souvent" in shown or "toujours" in shown
    assert any("200 tirages" in caption.value for caption in page.caption)
    again = open_page("indice", region="94", onglet="solidite", tirages="200")
    assert "Le choix qui déplace" in html(again), "kept for every visit"


def test_the_sheet_of_the_map_says_the_interval_once_it_is_known() -> None:
    page = open_page(
        "indice", lieu=PLACE, onglet="solidite", tirages="200", recette="acces_services"
    )
    page.button(key="indice.eprouver").click().run()
    until(page, lambda one: "intervalle du rang" in html(one))
    sheet = html(open_page("carte", lieu=PLACE, couleur="recette.acces_services"))
    assert "intervalle du rang" in sheet
    assert "chiffre du département" in sheet


def test_a_test_can_be_stopped() -> None:
    page = open_page("indice", onglet="solidite", tirages="2000")
    page.button(key="indice.eprouver").click().run()
    page.button(key="indice.arreter").click().run()
    until(page, lambda one: any(b.key == "indice.eprouver" for b in one.button))
    assert not page.exception
    assert "Le choix qui déplace" not in html(page)


def test_two_recipes_are_compared() -> None:
    page = open_page("indice", onglet="comparer", comparer="acces_services", lieu=PLACE)
    shown = html(page)
    assert "corrélation des rangs" in shown
    assert "Entrent dans les 50 premiers" in shown
    assert 'alt="' in shown
    page = upload(page, "indice.fichier_compare", recipe_to_toml(MINE))
    assert page.selectbox(key="indice.comparer").value == "fichier"
    assert html(page) != shown
    page = upload(page, "indice.fichier_compare", "nom = ", "mal.toml")
    assert any("mal" in error.value for error in page.error)


def test_the_story_says_the_recipe_and_who_is_not_ranked() -> None:
    page = shared(replace(MINE, min_coverage=1.0), onglet="methode")
    shown = html(page)
    assert "moyenne géométrique" in shown
    assert "Numérateur" in shown
    assert any("non classé" in block.label for block in page.expander)
    reasons = page.dataframe[0].value
    assert reasons["Motif"].str.contains("il manque : ").all()


def test_the_table_has_every_place_compared_and_adds_up() -> None:
    page = open_page("indice", onglet="tableau", region="94")
    table = page.dataframe[0].value
    assert len(table) == 360  # communes of Corse in 2026
    points = table.filter(like="Points : ").sum(axis="columns", skipna=False)
    known = table["Score"].notna() & points.notna()
    assert ((points - table["Score"])[known].abs() < 0.15).all()
    assert table["Rang"].dropna().is_monotonic_increasing


def test_a_figure_of_a_part_of_an_epci_says_of_which_part() -> None:
    # Hours are not given for 19 % of the inhabitants of the Picardie Verte.
    page = open_page("indice", par="epci", lieu="epci:246000848")
    assert re.search(r"h/semaine · .* · connu pour 81\s% des habitants", html(page))
    assert html(page).count("des habitants") == 1


def test_what_was_filled_is_marked_in_the_table() -> None:
    known = open_page("indice", onglet="tableau", departement="30").dataframe[0].value
    assert "Rempli, non connu" not in known
    page = open_page("indice", onglet="tableau", departement="30")
    page.selectbox(key="indice.imputation").set_value("mediane_locale").run()
    assert page.query_params["imputation"] == "mediane_locale"
    table = page.dataframe[0].value
    filled = table["Rempli, non connu"].ne("")
    assert set(table.loc[filled, "Rempli, non connu"]) == {"Ouverture hebdomadaire de la mairie"}
    assert (table.loc[filled, "Part connue"] < 1.0).all()
    assert (table.loc[~filled, "Part connue"] == 1.0).all()


@pytest.mark.parametrize("level", ["epci", "departement"])
def test_every_tab_works_at_every_level(level: str) -> None:
    for tab in ("distributions", "solidite", "comparer", "methode", "tableau"):
        page = open_page("indice", par=level, onglet=tab, lieu="dep:30", region="76")
        assert not page.exception
        assert [error.value for error in page.error] == []


def test_distributions_mark_the_place_and_say_it_in_words() -> None:
    page = open_page("indice", lieu=PLACE)
    shown = html(page)
    assert shown.count("data:image/svg+xml;base64,") == 5
    assert "Le Vigan : 224,1" in shown.replace("\u202f", " ")
    assert "besoin plus grand que" in shown
