"""The page Initiatives: with whom one could work, what the directory contains."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from territoires.initiatives import directory_from_table
from territoires.initiatives.synergies import COMPLEMENTS
from territoires.tables import read_table
from territoires.ui import server
from tests.test_pages import PAGES, html, open_page, text


def open_synergies(**address):
    return open_page("initiatives", onglet="avec_qui", **address)


def test_an_initiative_is_told_with_whom_it_could_work():
    page = open_synergies(initiative="autre-terre-de-convergence-le-vigan", portee="200")
    assert not page.exception
    (found,) = [one.value for one in page.dataframe if "Apport" in one.value]
    assert len(found) > 3
    assert found["N°"].tolist() == list(range(1, len(found) + 1))
    assert set(found["Apport"]) <= set(COMPLEMENTS)
    assert (found["À (km)"] <= 200).all()
    assert "Terre de convergence" not in set(found["Initiative"])


def test_the_directory_says_how_complete_it_is_type_by_type():
    for page in (open_page("donnees"), open_page("initiatives", onglet="contenu")):
        assert not page.exception
        (shown,) = [one for one in page.dataframe if "Part recensée" in one.value]
        by_type = shown.value.set_index("Type")
        assert by_type.loc["Territoire zéro chômeur de longue durée", "Comptées ailleurs"] == 87
        assert pd.isna(by_type.loc["Jardin partagé", "Comptées ailleurs"])
        assert shown.proto.placeholder == "inconnu"


def test_the_directory_says_how_complete_it_is_by_departement():
    page = open_page("initiatives", onglet="contenu", type="tzcld")
    (shown,) = [one for one in page.dataframe if "Département" in one.value]
    table = shown.value.set_index("Code")
    assert len(table) == 102  # 101 and what no département is known of
    assert table["Recensées"].sum() == 80
    assert table["Comptées ailleurs"].isna().all()  # nobody has counted by département
    assert shown.proto.placeholder == "inconnu"
    nothing = table[table["Recensées"] == 0]
    assert nothing["Part localisée"].isna().all()
    assert nothing["Source la plus récente"].isna().all()
    assert "comptées ailleurs : **87**" in text(page)
    page.selectbox(key="initiatives.type").set_value("jardin_partage").run()
    assert "comptées ailleurs : **inconnu**" in text(page)
    assert page.query_params["type"] == "jardin_partage"


def own_rows(*rows):
    """Return a directory as a person's own file makes it."""
    workspace = server.shared_workspace()
    lines = ["nom,type,axes,code_commune,longitude,latitude,statut", *rows]
    table = read_table("\n".join(lines).encode(), "x.csv", limit_bytes=100_000)
    return directory_from_table(table, workspace.register, workspace.vocabularies)


def test_ones_own_rows_are_among_those_to_work_with():
    page = AppTest.from_file(PAGES / "initiatives.py", default_timeout=60)
    page.session_state["annuaire_personnel"] = own_rows(
        "Café du coin,tiers_lieu,3,30350,,,actif", "Fermé,tiers_lieu,3,30350,,,clos",
        "Chez soi,tiers_lieu,1,30350,,,actif",
    )  # fmt: skip
    for name, value in {"onglet": "avec_qui", "portee": "5"}.items():
        page.query_params[name] = value
    page.run()
    choice = page.selectbox(key="initiatives.initiative")
    assert "Chez soi · Le Vigan" in choice.options
    choice.set_value("autre-terre-de-convergence-le-vigan").run()
    assert not page.exception
    (found,) = [one.value for one in page.dataframe if "Apport" in one.value]
    assert {"Café du coin", "Chez soi"} <= set(found["Initiative"])
    assert "Fermé" not in set(found["Initiative"])


def test_the_ground_of_the_map_of_synergies_is_outlines_or_needs():
    page = open_synergies(initiative="autre-terre-de-convergence-le-vigan")
    assert 'aria-label="Légende"' not in html(page)
    assert "Économie de marché territorialisée" in html(page)
    page.get("button_group")[0].set_value("besoins").run()
    assert 'aria-label="Légende"' in html(page)
    assert page.query_params["fond"] == "besoins"


def test_nobody_around_is_not_said_to_be_nobody():
    page = open_synergies(initiative="autre-terre-de-convergence-le-vigan", portee="1")
    told = " ".join(info.value for info in page.info)
    assert "Cela ne veut pas dire qu'il n'y a personne" in told
