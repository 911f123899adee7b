"""From text to commune: each plain case, each doubt, and what must never change an answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from territoires.communes import Register
from territoires.errors import DataFileError, InvalidTable
from territoires.geocoding import (
    GEO_COLUMNS,
    NOT_FOUND,
    SURE,
    TO_CHECK,
    Decision,
    Evidence,
    Gazetteer,
    decide,
    geocode_table,
    geocoding_summary,
    load_thresholds,
    recognise_columns,
)
from territoires.geocoding.address import split_address
from territoires.geocoding.normalise import read_town
from territoires.geocoding.points import Sight
from territoires.geocoding.reconcile import reconcile
from territoires.geocoding.spellings import Spellings
from territoires.tables import TypedTable, read_table

Place = Callable[..., Decision]


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def place(gazetteer: Gazetteer) -> Place:
    """Decide a row from its texts."""
    return lambda **cells: decide(Evidence(**cells), gazetteer)


def table(**columns: list[str]) -> TypedTable:
    return TypedTable(pd.DataFrame(columns, dtype="str"), "utf-8", ",")


def geocode(gazetteer: Gazetteer, **columns: list[str]) -> pd.DataFrame:
    return geocode_table(table(**columns), gazetteer)


# Names


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Sourd (Le)", "le sourd"),
        ("Sourd, Le", "le sourd"),
        ("L'Abergement-Clémenciat", "l abergement clemenciat"),
        ("ABERGEMENT CLEMENCIAT (L’)", "l abergement clemenciat"),
        ("St-Denis", "saint denis"),
        ("STE MARIE", "sainte marie"),
        ("Sts-Geosmes", "saints geosmes"),
        ("Villefranche s/ Saône", "villefranche sur saone"),
        ("Rosny s/s Bois", "rosny sous bois"),
        ("Vœuil-et-Giget", "voeuil et giget"),
        ("LE HAVRE CEDEX", "le havre"),
        ("76084 LE HAVRE CEDEX 2", "le havre"),
        ("BP 123 - 44000 NANTES CEDEX 1", "nantes"),
        ("CS 20412 Saint-Brieuc", "saint brieuc"),
        ("Le Havre (76)", "le havre"),
        ("PARIS 18", "paris 18"),
        ("Paris 18e", "paris 18"),
        ("PARIS 18E ARRONDISSEMENT", "paris 18"),
        ("Paris 1er", "paris 1"),
        ("Paris XVIIIe", "paris 18"),
        ("Lyon 3ème arr.", "lyon 3"),
        ("Lyon 69", "lyon"),
        ("", ""),
        ("12345", ""),
    ],
)
def test_spellings_of_a_name_share_a_key(typed: str, key: str) -> None:
    assert read_town(typed).key == key


def test_what_is_typed_beside_a_name_is_kept_apart() -> None:
    assert read_town("Le Vigan (30)").departement == "30"
    assert read_town("Ajaccio 2A").departement == "2a"
    assert read_town("76600 Le Havre").postcode == "76600"
    assert read_town("Nantes Cedex").cedex
    assert not read_town("Nantes").cedex


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "12 rue X 01400 L'Abergement-Clémenciat",
            ("01400", "L'Abergement-Clémenciat", ""),
        ),
        ("12 rue X, 75013 PARIS, France", ("75013", "PARIS", "")),
        ("BP 12345 44000 Nantes Cedex 1", ("44000", "Nantes Cedex 1", "")),
        ("CS 70001 - 35000 Rennes", ("35000", "Rennes", "")),
        ("Le Havre 76600", ("76600", "", "Le Havre")),
        ("1 place de la mairie, Le Vigan (30)", ("", "", "Le Vigan (30)")),
        ("Cité de Briand 97234 Fort-de-France", ("97234", "Fort-de-France", "")),
        ("95700 Roissy en France", ("95700", "Roissy en France", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address_is_split_at_its_last_postcode(line: str, parts: tuple[str, str, str]) -> None:
    assert tuple(split_address(line)) == parts


# One clue after another


@pytest.mark.parametrize(
    ("cells", "code", "score_at_least"),
    [
        ({"code": "01001"}, "01001", 1.0),
        ({"code": "2a004"}, "2A004", 1.0),
        ({"code": "1001.0"}, "01001", 1.0),
        ({"postcode": "01400", "town": "L'Abergement-Clémenciat"}, "01001", 1.0),
        ({"postcode": "1400", "town": "ABERGEMENT CLEMENCIAT"}, "01001", 0.95),
        ({"postcode": "02140", "town": "Sourd (Le)"}, "02731", 1.0),
        ({"departement": "30", "town": "Le Vigan"}, "30350", 0.9),
        ({"departement": "Gard", "town": "le vigan"}, "30350", 0.9),
        ({"departement": "30 - Gard", "town": "LE VIGAN"}, "30350", 0.9),
        ({"town": "Le Vigan (30)"}, "30350", 0.9),
        ({"departement": "974", "town": "St Pierre"}, "97416", 0.9),
        ({"town": "76084 LE HAVRE CEDEX"}, "76351", 0.9),
        ({"town": "Colombelles"}, "14167", 0.8),
        ({"town": "L'Haÿ-les-Roses"}, "94038", 0.8),
        (
            {"line_postcode": "01400", "line_after": "L'Abergement-Clémenciat"},
            "01001",
            1.0,
        ),
        ({"line_postcode": "76600", "line_before": "12 rue de la Paix Le Havre"}, "76351", 0.9),
    ],
)
def test_plain_cases_are_sure(
    place: Place, cells: dict[str, str], code: str, score_at_least: float
) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code) == (SURE, code)
    assert decision.score >= score_at_least
    assert decision.candidates == ()


def test_a_lost_zero_is_repaired_and_said(place: Place) -> None:
    decision = place(code="1001")
    assert (decision.status, decision.code) == (SURE, "01001")
    assert "zéro perdu" in decision.reason


def test_a_postcode_that_nobody_has_leads_to_its_departement(place: Place) -> None:
    decision = place(postcode="76084", town="LE HAVRE CEDEX")
    assert (decision.status, decision.code) == (SURE, "76351")
    assert "76084 inconnu" in decision.reason


def test_a_commune_code_in_the_column_of_postcodes_is_recognised(place: Place) -> None:
    decision = place(postcode="97411", town="St Denis")
    assert (decision.status, decision.code) == (SURE, "97411")
    assert "code commune" in decision.reason


@pytest.mark.parametrize(
    "cells",
    [
        {"code": "75113"},
        {"postcode": "75013", "town": "Paris"},
        {"town": "Paris 13e"},
        {"town": "PARIS 13", "departement": "75"},
        {"code": "75056", "postcode": "75013"},
        {"code": "75056", "town": "Paris XIIIe"},
    ],
)
def test_municipal_arrondissements_give_the_commune_and_their_own_point(
    place: Place, register: Register, cells: dict[str, str]
) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code, decision.nom) == (SURE, "75056", "Paris")
    assert decision.precision == "arrondissement"
    assert decision.point is not None
    longitude, latitude = decision.point
    assert register.locate([longitude], [latitude])[0] == "75056"
    assert 2.33 < longitude < 2.39
    assert 48.81 < latitude < 48.85


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"postcode": "49320", "town": "Les Alleuds"}, "49050"),
        ({"code": "93059"}, "93066"),
        ({"postcode": "93380", "town": "Pierrefitte-sur-Seine"}, "93066"),
    ],
)
def test_delegated_communes_give_the_current_one(
    place: Place, cells: dict[str, str], code: str
) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code) == (SURE, code)
    # Some delegated communes have no outline of their own: the point is then that of the commune.
    assert decision.precision in {"commune_ancienne", "commune"}
    assert "aujourd'hui" in decision.reason


def test_a_delegated_commune_with_an_outline_is_placed_inside_it(
    place: Place, register: Register
) -> None:
    decision = place(postcode="49320", town="Les Alleuds")
    row = register.inferior.index[register.inferior["code"] == "49001"][0]
    assert decision.precision == "commune_ancienne"
    assert decision.point is not None
    assert register.inferior_geometries[row].contains(shapely.Point(decision.point))


def test_a_former_code_gives_its_heir(place: Place) -> None:
    decision = place(code="60696")  # Voisinlieu, gone to Beauvais in 1943
    assert (decision.status, decision.code, decision.precision) == (SURE, "60057", "commune")
    assert "Voisinlieu" in decision.reason
    assert "Beauvais" in decision.reason


@pytest.mark.parametrize(
    "cells",
    [{"code": "97701"}, {"postcode": "97133", "town": "Saint-Barthélemy"}, {"code": "98735"}],
)
def test_overseas_collectivities_are_recognised_without_a_commune(
    place: Place, cells: dict[str, str]
) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code) == (NOT_FOUND, "")
    assert decision.nom
    assert "outre-mer" in decision.reason


# Doubt


def test_namesakes_are_never_guessed(place: Place) -> None:
    decision = place(town="Saint-Denis")
    assert (decision.status, decision.code) == (TO_CHECK, "")
    assert {"93066", "97411", "11339"} <= set(decision.candidates)


def test_a_namesake_far_more_populated_stands_out_but_stays_to_check(place: Place) -> None:
    decision = place(town="La Rochelle")
    assert (decision.status, decision.code) == (TO_CHECK, "17300")
    assert decision.candidates[0] == "17300"
    assert len(decision.candidates) > 1


def test_a_name_without_its_article_may_be_another(place: Place) -> None:
    assert place(town="Rochelle").status == TO_CHECK


def test_a_name_shared_within_a_postcode_is_not_chosen(place: Place) -> None:
    decision = place(postcode="58120", town="Château-Chinon")
    assert (decision.status, decision.code) == (TO_CHECK, "")
    assert set(decision.candidates) == {"58062", "58063"}


def test_a_postcode_alone_is_to_check(place: Place) -> None:
    several = place(postcode="30120")
    assert (several.status, several.code) == (TO_CHECK, "")
    assert "30350" in several.candidates
    one = place(postcode="51000")
    assert (one.status, one.code) == (TO_CHECK, "51108")


@pytest.mark.parametrize(
    ("cells", "best", "also"),
    [
        ({"postcode": "51000", "town": "Reims"}, "51454", "51000 est celui de Châlons"),
        ({"code": "01001", "town": "Narbonne"}, "01001", "Narbonne"),
        ({"code": "11262", "postcode": "11000", "town": "Narbonne"}, "11262", "Carcassonne"),
        ({"departement": "46", "code": "30350"}, "30350", "département 46 (Lot)"),
        ({"postcode": "06922", "town": "Belleville-en-Beaujolais"}, "69019", "06922"),
        ({"departement": "29", "town": "Colombelles"}, "14167", "département 29"),
        (
            {"postcode": "01400", "town": "69001 Lyon"},
            "69123",
            "Plusieurs codes postaux",
        ),
    ],
)
def test_contradictions_are_said_and_left_to_a_person(
    place: Place, cells: dict[str, str], best: str, also: str
) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code) == (TO_CHECK, best)
    assert "Contradiction" in decision.reason
    assert also.lower() in decision.reason.lower()
    assert decision.score <= 0.5


def test_a_contradicted_code_keeps_both_as_candidates(place: Place) -> None:
    assert place(code="01001", town="Narbonne").candidates == ("01001", "11262")


@pytest.mark.parametrize("town", ["Ganges", "Nîmes"])  # in the département of the postcode or not
def test_a_contradicted_postcode_keeps_its_communes_as_candidates(place: Place, town: str) -> None:
    decision = place(postcode="30120", town=town)
    assert decision.candidates[0] == decision.code
    assert "30350" in decision.candidates[1:]


def test_one_typo_within_a_postcode_is_accepted_and_said(place: Place) -> None:
    decision = place(postcode="14460", town="Colombeles")
    assert (decision.status, decision.code) == (SURE, "14167")
    assert "Nom proche de « Colombeles »" in decision.reason
    assert decision.score < 1


def test_a_distant_likeness_is_only_proposed(place: Place) -> None:
    decision = place(postcode="14460", town="Colomelle Sud")
    assert (decision.status, decision.code) == (TO_CHECK, "14167")


def test_a_typo_that_is_another_town_of_the_departement_is_not_accepted(place: Place) -> None:
    # "Andres" is a commune, beside "Ardres": a wrong postcode is as likely as a wrong letter.
    decision = place(postcode="62340", town="Ardres")
    assert decision.status == TO_CHECK
    assert {"62038", "62031"} <= set(decision.candidates)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "aucun lieu"),
        ({"postcode": "99999", "town": "Nullepart-les-Bains"}, "non reconnu"),
        ({"postcode": "1/2/2040"}, "illisible"),
        ({"code": "zz"}, "inconnu"),
        ({"departement": "Neustrie", "town": "Xyzzyville"}, "Neustrie"),
    ],
)
def test_what_leads_nowhere_says_why(place: Place, cells: dict[str, str], said: str) -> None:
    decision = place(**cells)
    assert (decision.status, decision.code, decision.candidates) == (NOT_FOUND, "", ())
    assert decision.score == 0
    assert said in decision.reason


def test_an_unreadable_cell_does_not_lose_the_others(place: Place) -> None:
    decision = place(code="zz", postcode="1/2/2040", town="Le Vigan", departement="30")
    assert (decision.status, decision.code) == (SURE, "30350")
    assert "illisible" in decision.reason
    assert "inconnu" in decision.reason


def test_an_unknown_code_still_says_its_departement(place: Place) -> None:
    # Colombelles is the name of a single commune, in the Calvados; this row speaks of the Oise.
    decision = place(code="60999", town="Colombelles")
    assert (decision.status, decision.code) == (TO_CHECK, "14167")
    assert "Contradiction" in decision.reason
    assert place(code="30999", town="Le Vigan").code == "30350"


def test_a_street_that_is_also_a_town_is_not_sure(place: Place) -> None:
    # Le Bourg is a commune of the Lot, and the address of half of the villages of France.
    decision = place(line_before="Le Bourg", departement="46")
    assert (decision.status, decision.code) == (TO_CHECK, "46034")
    assert place(line_before="Le Vigan (30)").status == SURE


def test_a_long_cell_is_quoted_short(place: Place) -> None:
    assert len(place(town="x" * 1_000_000, postcode="y" * 1_000_000).reason) < 400


# Coordinates


def test_a_point_gives_its_commune(gazetteer: Gazetteer) -> None:
    placed = geocode(gazetteer, longitude=["3.6055", "3,6055"], latitude=["43.9905", "43,9905"])
    assert placed["geo_code_commune"].tolist() == ["30350", "30350"]
    assert placed["geo_statut"].tolist() == [SURE, SURE]
    assert placed["geo_methode"].tolist() == ["coordonnees", "coordonnees"]
    assert placed["geo_precision"].tolist() == ["coordonnees", "coordonnees"]
    assert placed["geo_longitude"].tolist() == [3.6055, 3.6055]


def test_a_point_outside_france_is_said(gazetteer: Gazetteer) -> None:
    placed = geocode(gazetteer, lon=["4.35", "-74.0"], lat=["50.85", "40.7"])
    assert placed["geo_statut"].tolist() == [NOT_FOUND, NOT_FOUND]
    assert placed["geo_longitude"].isna().all()
    assert placed["geo_motif"].str.contains("hors des communes de France").all()


def test_swapped_coordinates_are_read_when_the_texts_confirm(gazetteer: Gazetteer) -> None:
    placed = geocode(
        gazetteer,
        x=["43.9905", "43.9905"],
        y=["3.6055", "3.6055"],
        code_insee=["30350", ""],
    )
    assert placed["geo_code_commune"].tolist() == ["30350", "30350"]
    assert placed["geo_statut"].tolist() == [SURE, TO_CHECK]
    assert placed["geo_longitude"].tolist() == [3.6055, 3.6055]
    assert placed["geo_motif"].str.contains("interverties").all()


def test_a_code_wins_over_a_far_point_and_a_point_over_a_name(gazetteer: Gazetteer) -> None:
    placed = geocode(
        gazetteer,
        code_commune=["01001", ""],
        commune=["", "Colombelles"],
        longitude=["3.6055", "3.6055"],
        latitude=["43.9905", "43.9905"],
    )
    assert placed["geo_statut"].tolist() == [TO_CHECK, TO_CHECK]
    assert placed["geo_code_commune"].tolist() == ["01001", "30350"]
    assert placed["geo_candidats"].tolist() == ["01001;30350", "30350;14167"]
    assert placed["geo_methode"].tolist() == ["code", "coordonnees"]
    assert placed["geo_motif"].str.contains("Contradiction : le point est dans Le Vigan").all()


def test_a_point_just_over_a_simplified_boundary_still_agrees(
    gazetteer: Gazetteer, register: Register
) -> None:
    # Step out of Le Vigan, northwards from its reference point, until another commune is reached.
    here = register.communes.loc["30350"]
    steps = here["latitude"] + np.arange(0, 0.2, 0.0005)
    found = register.locate(np.full(len(steps), here["longitude"]), steps)
    outside = next(step for step, code in zip(steps, found, strict=True) if code != "30350")
    placed = geocode(
        gazetteer,
        code_commune=["30350"],
        longitude=[str(here["longitude"])],
        latitude=[str(outside)],
    )
    assert placed.loc[0, "geo_statut"] == SURE
    assert "contours simplifiés" in placed.loc[0, "geo_motif"]


def test_a_point_chooses_between_namesakes(gazetteer: Gazetteer) -> None:
    placed = geocode(
        gazetteer, commune=["Saint-Denis"], longitude=["55.4504"], latitude=["-20.8823"]
    )
    assert placed.loc[0, "geo_code_commune"] == "97411"
    assert placed.loc[0, "geo_statut"] == SURE


@pytest.mark.parametrize("name", ["Saint-Denis", "Sainte-Colombe", "Saint-Martin"])
def test_the_count_said_is_that_of_the_candidates(gazetteer: Gazetteer, name: str) -> None:
    placed = geocode(gazetteer, commune=[name]).loc[0]
    listed = len(placed["geo_candidats"].split(";"))
    said = re.search(r"(\d+) communes possibles(?:, les (\d+) plus)?", placed["geo_motif"])
    assert said is not None
    assert int(said[2] or said[1]) == listed
    assert (int(said[1]) > listed) == (said[2] is not None)


def test_the_whole_list_of_namesakes_is_counted_when_it_is_cut(gazetteer: Gazetteer) -> None:
    placed = geocode(gazetteer, commune=["Sainte-Colombe"]).loc[0]
    assert "17 communes possibles, les 10 plus vraisemblables sont listées" in placed["geo_motif"]
    assert placed["geo_candidats"].count(";") == 9


def test_de_is_elided_and_contracted_before_the_name_of_a_commune(gazetteer: Gazetteer) -> None:
    nowhere = decide(Evidence(), gazetteer)
    for code, said in (("66072", "à 0,8 km d'Estavar"), ("30350", "à 0,8 km du Vigan")):
        near = Sight(state="utilisables", nearest=code, nearest_km=0.8)
        assert said in reconcile(nowhere, near, gazetteer).reason
    other = geocode(gazetteer, code_insee=["34172"], cp=["30120"]).loc[0, "geo_motif"]
    assert re.search(r"celui (d'|du |des |de )\w", other)
    assert "de Le " not in other


def test_points_have_six_decimals(gazetteer: Gazetteer) -> None:
    placed = geocode(
        gazetteer,
        commune=["Paris 13e", "Lyon 3e", "Le Vigan", "Le Vigan"],
        cp=["75013", "69003", "30120", "30120"],
        longitude=["", "", "", "3.60512345678"],
        latitude=["", "", "", "43.99312345678"],
    )
    for column in ("geo_longitude", "geo_latitude"):
        assert placed[column].notna().all()
        assert all(len(repr(float(value)).split(".")[1]) <= 6 for value in placed[column])


@pytest.mark.parametrize(
    ("longitude", "latitude", "said"),
    [
        ("0", "0", "nulles"),
        ("abc", "43.9", "illisibles"),
        ("nan", "43.9", "illisibles"),
        ("1e308", "43.9", "hors des degrés"),
        ("3.6", "", "incomplètes"),
        ("741000", "4900000", "hors des degrés"),
    ],
)
def test_unusable_coordinates_are_said_and_the_texts_still_serve(
    gazetteer: Gazetteer, longitude: str, latitude: str, said: str
) -> None:
    placed = geocode(gazetteer, code=["30350"], longitude=[longitude], latitude=[latitude]).loc[0]
    # "code" alone is not a heading of a commune: only the coordinates speak here.
    assert placed["geo_statut"] == NOT_FOUND
    assert said in placed["geo_motif"]
    with_code = geocode(
        gazetteer, code_insee=["30350"], longitude=[longitude], latitude=[latitude]
    ).loc[0]
    assert (with_code["geo_statut"], with_code["geo_precision"]) == (SURE, "commune")
    assert said in with_code["geo_motif"]


# Columns


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("code_commune", "code"),
        ("Code commune", "code"),
        ("CODE INSEE", "code"),
        ("INSEE", "code"),
        ("insee_com", "code"),
        ("CODGEO", "code"),
        ("CP", "postcode"),
        ("Code Postal", "postcode"),
        ("code_postal", "postcode"),
        ("Ville", "town"),
        ("Commune", "town"),
        ("lib_com", "town"),
        ("Adresse", "address"),
        ("Département", "departement"),
        ("dep", "departement"),
        ("insee_dep", "departement"),
        ("Longitude", "longitude"),
        ("lon", "longitude"),
        ("X", "longitude"),
        ("Lat.", "latitude"),
        ("y", "latitude"),
    ],
)
def test_usual_headings_are_recognised(heading: str, role: str) -> None:
    columns = recognise_columns(["id", heading, "note"])
    assert getattr(columns, role) == heading
    assert f"« {heading} »" in columns.description


def test_the_name_of_an_initiative_is_not_a_commune() -> None:
    columns = recognise_columns(["nom", "adresse", "code_postal", "commune"])
    assert columns.town == "commune"
    assert recognise_columns(["nom", "code_postal"]).town is None
    assert recognise_columns(["Collectivité", "contact"]).town == "Collectivité"


def test_the_clearest_of_two_headings_is_used_and_the_other_said() -> None:
    columns = recognise_columns(["insee", "code_commune", "ville"])
    assert columns.code == "code_commune"
    assert columns.unused == ("insee",)
    assert "Non utilisées : « insee »" in columns.description


def test_a_table_without_a_place_is_refused_in_french(gazetteer: Gazetteer) -> None:
    with pytest.raises(InvalidTable, match="Aucune colonne ne dit un lieu") as refused:
        geocode(gazetteer, prix=["1"], couleur=["bleu"])
    assert "« prix »" in str(refused.value)


# Whole tables


def test_input_columns_and_rows_are_kept(gazetteer: Gazetteer) -> None:
    given_columns = {"ville": ["Colombelles", "", "Reims"], "z": ["=1", "b", "c"], "cp": [""] * 3}
    placed = geocode(gazetteer, **given_columns)
    assert list(placed.columns) == ["ville", "z", "cp", *GEO_COLUMNS]
    assert placed["z"].tolist() == ["=1", "b", "c"]
    again = geocode_table(TypedTable(placed.astype("str"), "utf-8", ","), gazetteer)
    pd.testing.assert_frame_equal(again, placed)


def test_no_row_gives_no_row(gazetteer: Gazetteer) -> None:
    placed = geocode(gazetteer, commune=[], longitude=[], latitude=[])
    assert len(placed) == 0
    assert list(placed.columns)[-len(GEO_COLUMNS) :] == list(GEO_COLUMNS)
    assert geocoding_summary(placed) == "Aucune ligne à placer."


def test_the_summary_counts_each_status(gazetteer: Gazetteer) -> None:
    placed = geocode(gazetteer, commune=["Colombelles", "Saint-Denis", "Xyzzyville", "Le Sourd"])
    assert geocoding_summary(placed) == (
        "4 lignes : 2 placées sûrement (50,0 %), 1 à vérifier (25,0 %), 1 non trouvée (25,0 %)."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_any_usual_kind_are_placed(
    gazetteer: Gazetteer, encoding: str, separator: str
) -> None:
    rows = [["Département", "Localité"], ["Côtes-d'Armor", "Trégueux"], ["2A", "Propriano"]]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    read = read_table(content, "liste.csv", limit_bytes=10_000)
    placed = geocode_table(read, gazetteer)
    assert placed["geo_code_commune"].tolist() == ["22360", "2A249"]


# The whole register


def test_every_commune_is_found_by_code_by_postcode_and_by_departement(
    gazetteer: Gazetteer, register: Register
) -> None:
    communes = register.communes
    postcodes = communes["codes_postaux"].fillna("").str.partition(";")[0]
    whole = communes[postcodes != ""]
    by_code = geocode(gazetteer, code_commune=communes.index.tolist())
    assert by_code["geo_code_commune"].tolist() == communes.index.tolist()
    assert set(by_code["geo_statut"]) == {SURE}
    names = {"commune": whole["nom"].tolist()}
    by_postcode = geocode(gazetteer, cp=postcodes[postcodes != ""].tolist(), **names)
    right = by_postcode["geo_code_commune"].to_numpy() == whole.index.to_numpy()
    assert right.all()
    assert (by_postcode["geo_statut"] == SURE).all()
    by_departement = geocode(gazetteer, dep=whole["code_departement"].tolist(), **names)
    assert (by_departement["geo_code_commune"].to_numpy() == whole.index.to_numpy()).all()


def test_a_name_alone_is_never_wrong_when_it_is_sure(
    gazetteer: Gazetteer, register: Register
) -> None:
    placed = geocode(gazetteer, commune=register.communes["nom"].tolist())
    sure = (placed["geo_statut"] == SURE).to_numpy()
    right = (placed["geo_code_commune"] == register.communes.index).to_numpy()
    assert right[sure].all()
    assert sure.mean() > 0.75
    # A name that does not say its département is to check, with the right one among the candidates
    # unless they are too many to list.
    assert set(placed.loc[~sure, "geo_statut"]) == {TO_CHECK}


# What must change nothing

_CELLS = st.sampled_from(
    [
        {"code": "01001"},
        {"code": "1001", "commune": "Abergement-Clémenciat (L')"},
        {"cp": "75013", "commune": "Paris"},
        {"cp": "76084", "commune": "Le Havre"},
        {"commune": "Saint-Denis"},
        {"commune": "Évreux", "dep": "Eure"},
        {"cp": "51000", "commune": "Reims"},
        {"adresse": "12 rue X 01400 L'Abergement-Clémenciat"},
        {"lon": "3.6055", "lat": "43.9905"},
        {"lon": "43.9905", "lat": "3.6055", "commune": "Le Vigan"},
        {"lon": "4.35", "lat": "50.85"},
        {"code": "97701"},
        {"cp": "14460", "commune": "Colombeles"},
        {},
    ]
)
_HEADINGS = {"code": "code_insee", "cp": "cp", "commune": "commune", "dep": "dep"} | {
    name: name for name in ("adresse", "lon", "lat")
}


def rows_to_table(rows: list[dict[str, str]]) -> TypedTable:
    return table(
        **{heading: [row.get(name, "") for row in rows] for name, heading in _HEADINGS.items()}
    )


def geo(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(GEO_COLUMNS)].reset_index(drop=True)


@given(rows=st.lists(_CELLS, min_size=1, max_size=12), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_permuting_rows_permutes_answers(
    gazetteer: Gazetteer, rows: list[dict[str, str]], seed: int
) -> None:
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    straight = geo(geocode_table(rows_to_table(rows), gazetteer))
    shuffled = geo(geocode_table(rows_to_table([rows[i] for i in order]), gazetteer))
    pd.testing.assert_frame_equal(shuffled, straight.iloc[order].reset_index(drop=True))


@given(rows=st.lists(_CELLS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_blank_columns_and_case_and_accents_change_nothing(
    gazetteer: Gazetteer, rows: list[dict[str, str]]
) -> None:
    plain_table = rows_to_table(rows)
    before = geo(geocode_table(plain_table, gazetteer))
    wider = plain_table.frame.assign(ville="", region="", insee="", remarque="")
    after = geo(geocode_table(TypedTable(wider, "utf-8", ","), gazetteer))
    pd.testing.assert_frame_equal(after, before)
    shouted = [{name: cell.upper().replace("É", "E") for name, cell in row.items()} for row in rows]
    loud = geo(geocode_table(rows_to_table(shouted), gazetteer))
    same = [column for column in GEO_COLUMNS if column != "geo_motif"]  # it quotes what was typed
    pd.testing.assert_frame_equal(loud[same], before[same])


_ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["75056", "01400", "Saint", "(le)", "BP", "cedex", "paris 99", "0", "-", "\x00"]
    ),
    st.from_regex(r"[0-9AB]{3,6}", fullmatch=True),
)


@given(rows=st.lists(st.lists(_ANY_TEXT, min_size=7, max_size=7), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_an_honest_row(
    gazetteer: Gazetteer, register: Register, rows: list[list[str]]
) -> None:
    frame = pd.DataFrame(rows, columns=list(_HEADINGS.values()), dtype="str")
    placed = geocode_table(TypedTable(frame, "utf-8", ","), gazetteer)
    current = set(register.communes.index)
    assert len(placed) == len(rows)
    assert set(placed["geo_statut"]) <= {SURE, TO_CHECK, NOT_FOUND}
    assert set(placed["geo_code_commune"]) - {""} <= current
    assert {code for cell in placed["geo_candidats"] for code in cell.split(";")} - {""} <= current
    assert placed["geo_score"].between(0, 1).all()
    assert (placed["geo_motif"] != "").all()
    sure = placed["geo_statut"] == SURE
    assert (placed.loc[sure, "geo_code_commune"] != "").all()
    assert placed.loc[sure, "geo_longitude"].notna().all()
    assert (placed.loc[placed["geo_statut"] == NOT_FOUND, "geo_code_commune"] == "").all()


# Data


def test_damaged_thresholds_name_their_file(tmp_path) -> None:
    with pytest.raises(DataFileError, match=r"seuils\.toml"):
        load_thresholds(tmp_path)
    (tmp_path / "geocodage").mkdir()
    (tmp_path / "geocodage" / "seuils.toml").write_text("mesure_le = 2026-11-22", encoding="utf-8")
    with pytest.raises(DataFileError, match="champ « noms » absent"):
        load_thresholds(tmp_path)
    (tmp_path / "geocodage" / "seuils.toml").write_bytes(b"mesure_le = '\xe9'")
    with pytest.raises(DataFileError, match="ce n'est pas un texte UTF-8"):
        load_thresholds(tmp_path)


def test_shipped_thresholds_are_dated_and_ordered(data_dir) -> None:
    limits = load_thresholds(data_dir)
    assert limits.mesure_le >= "2026-11-22"
    assert limits.verifier_code_postal < limits.sur_code_postal <= limits.sur_departement < 1
    assert limits.scores.a_choisir < limits.scores.contradiction < limits.scores.propose


@given(st.data())
def test_names_left_out_at_once_are_none_of_the_nearest(gazetteer: Gazetteer, data) -> None:
    names = [name for toponym in gazetteer.in_france.toponyms[::40] for name in toponym.keys]
    names = list(dict.fromkeys(names))
    typed = list(data.draw(st.sampled_from(names)))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(typed)))
        typed[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.text("aelmnr 1é", max_size=2)
        )
    cutoff = data.draw(st.sampled_from([0.6, 0.75, 0.85, 0.95]))
    name = "".join(typed)
    every = process.extract(
        name, names, scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=5
    )
    assert Spellings(names).near(name, cutoff) == [(near, share) for near, share, _ in every]
