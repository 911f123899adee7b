"""Addresses by a service: what is asked, what is believed, and what never changes a place."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.communes import Register
from territoires.errors import DataFileError, UnexpectedFormat
from territoires.geocoding import SURE, TO_CHECK, Gazetteer, geocode_table
from territoires.geocoding.service import (
    Failure,
    Found,
    Question,
    Refined,
    Reply,
    Unknown,
    load_service_rules,
    refine,
)
from territoires.geocoding.service.cleaning import clean_address, compose
from territoires.geocoding.service.streets import another_way, likeness
from territoires.sources.geoplateforme.answers import read_answers
from territoires.sources.geoplateforme.placing import withheld_rows
from territoires.tables import TypedTable

LE_VIGAN = (3.6055, 43.9935)
GOOD = Found("14 Route du Canal 30120 Le Vigan", "housenumber", "Route du Canal", "14", "30350",
             *LE_VIGAN, 0.92)  # fmt: skip
LONGEST = 200


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def rules(data_dir):
    return load_service_rules(data_dir)


@pytest.fixture
def ask(gazetteer, rules) -> Callable[..., Refined]:
    """Geocode rows offline, then with a service that gives one reply to everything."""

    def run(reply: Reply, asked: list[Question] | None = None, **columns: list[str]) -> Refined:
        rows = columns or {"adresse": ["14 route du canal"], "cp": ["30120"], "ville": ["Le Vigan"]}
        placed = geocode_table(TypedTable(pd.DataFrame(rows, dtype="str"), "utf-8", ","), gazetteer)

        def service(questions: Sequence[Question]) -> list[Reply]:
            if asked is not None:
                asked.extend(questions)
            return [reply for _ in questions]

        return refine(placed, gazetteer, service, rules)

    return run


def only(refined: Refined) -> pd.Series:
    assert len(refined.frame) == 1
    return refined.frame.iloc[0]


# What goes out


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("14 Route du Canal", "14 Route du Canal"),
        ("Maison des associations, 12 rue des Lilas, BP 33", "12 rue des Lilas"),
        ("2e étage, 12 rue Haute", "12 rue Haute"),
        ("Bât. B, 12, rue de la Paix", "12 rue de la Paix"),
        ("Résidence les Pins, 12 bis av. Foch", "12 bis av. Foch"),
        ("c/o Mme Dupont, 3 pl. du Marché", "3 pl. du Marché"),
        ("chez M. Durand, 3 rue Haute", "3 rue Haute"),
        ("5 rue Haute - Tél. 04 67 81 01 01", "5 rue Haute"),
        ("contact@exemple.fr 4 rue Basse", "4 rue Basse"),
        ("N°12 rue Haute\nCS 40012\n75001 PARIS CEDEX 01", "12 rue Haute, 75001 PARIS"),
        ("5 rue du Colonel Fabien (face à la poste)", "5 rue du Colonel Fabien"),
        ("\x00\u202e12 rue Haute\u2028", "12 rue Haute"),
        ("Place du 8 Mai 1945, France", "Place du 8 Mai 1945"),
        ("La Grange Neuve", "La Grange Neuve"),
        ('14 "Le Clos", rue Haute', "rue Haute"),
        ("BP 12", ""),
    ],
)
def test_an_address_is_cleaned(typed: str, sent: str) -> None:
    assert clean_address(typed) == sent


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("14 rue Haute", "14 rue Haute 30120 Le Vigan"),
        ("14 rue Haute 30120 LE VIGAN", "14 rue Haute 30120 LE VIGAN"),
        ("14 rue Haute, Le Vigan", "14 rue Haute, Le Vigan 30120"),
        ("Le Vigan", ""),
        ("30120 Le Vigan", ""),
        ("", ""),
        ("12", ""),
    ],
)
def test_a_question_says_the_town_once_and_more_than_the_town(address: str, text: str) -> None:
    assert compose(address, "30120", "Le Vigan", LONGEST) == text


@given(st.text(max_size=2000), st.sampled_from(["", "30120"]), st.text(max_size=300))
@settings(max_examples=500)
def test_a_question_is_short_and_on_one_line_whatever_is_typed(
    typed: str, postcode: str, town: str
) -> None:
    text = compose(clean_address(typed), postcode, town, LONGEST)
    assert len(text) <= LONGEST
    assert len(text.splitlines()) <= 1
    assert '"' not in text


def test_rows_without_an_address_or_with_coordinates_are_not_asked(ask) -> None:
    asked: list[Question] = []
    refined = ask(
        GOOD,
        asked,
        adresse=["", "Le Vigan", "14 route du canal", "14 route du canal", "14 ROUTE DU CANAL"],
        cp=["30120"] * 5,
        ville=["Le Vigan"] * 5,
        longitude=["", "", "3.6055", "", ""],
        latitude=["", "", "43.9935", "", ""],
    )
    assert [question.text for question in asked] == [
        "14 route du canal 30120 Le Vigan",
        "14 ROUTE DU CANAL 30120 Le Vigan",
    ]
    assert refined.asked == 2
    assert refined.frame["geo_methode"].tolist() == [
        "hors_ligne", "hors_ligne", "coordonnees", "ban", "ban",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"cp": ["75018"], "ville": ["Paris"]}, "75118"),
        ({"cp": ["69003"], "ville": ["Lyon"]}, "69383"),
        ({"cp": ["30120"], "ville": ["Le Vigan"]}, "30350"),
        ({"cp": [""], "ville": ["Saint-Denis"]}, ""),
    ],
)
def test_the_search_is_within_the_commune_known(ask, cells, code: str) -> None:
    asked: list[Question] = []
    ask(Unknown(), asked, adresse=["12 rue de la Gare"], **cells)
    assert [question.code for question in asked] == [code]


def test_an_address_that_is_not_public_stays_here(gazetteer, rules) -> None:
    rows = {
        "adresse": ["14 route du canal"] * 6,
        "code_commune": ["30350"] * 6,
        "visibilite": ["publique", "commune", "reseau", "", "", "n'importe quoi"],
        "axes": ["4", "1", "1", "1;4", "1", "1"],
    }
    placed = geocode_table(TypedTable(pd.DataFrame(rows, dtype="str"), "utf-8", ","), gazetteer)
    hidden = withheld_rows(placed)
    assert hidden.tolist() == [False, True, True, True, False, True]
    refined = refine(placed, gazetteer, lambda asked: [GOOD] * len(asked), rules, withheld=hidden)
    assert refined.withheld == 4
    assert (refined.frame["geo_methode"][hidden] == "code").all()
    assert refined.frame["geo_motif"][hidden].str.contains("non envoyée").all()
    assert (refined.frame["geo_methode"][~hidden] == "ban").all()
    assert not withheld_rows(placed[["adresse"]]).any()


# What is believed


def test_a_good_answer_gives_the_address(ask) -> None:
    row = only(ask(GOOD))
    assert (row["geo_statut"], row["geo_precision"], row["geo_methode"]) == (SURE, "adresse", "ban")
    assert (row["geo_longitude"], row["geo_latitude"], row["geo_score"]) == (*LE_VIGAN, 0.92)
    assert "14 Route du Canal" in row["geo_motif"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (replace(GOOD, score=0.34), "non retenue : la plus proche serait"),
        (replace(GOOD, score=math.nan), "non retenue"),
        (replace(GOOD, kind="municipality"), "que la commune"),
        (replace(GOOD, street="Place Sainte-Anne"), "une autre voie"),
        (replace(GOOD, street=""), "une autre voie"),
        (replace(GOOD, longitude=math.nan), "coordonnées inutilisables"),
        (replace(GOOD, longitude=0.0, latitude=0.0), "coordonnées inutilisables"),
        (replace(GOOD, longitude=43.9935, latitude=3.6055), "coordonnées inutilisables"),
        (replace(GOOD, longitude=6_371_000.0), "coordonnées inutilisables"),
        (replace(GOOD, code=""), "code commune du service inconnu"),
        (replace(GOOD, code="99999"), "code commune du service inconnu"),
        (Unknown(), "inconnue du service national"),
        (Failure("le serveur répond 500"), "sans réponse : le serveur répond 500"),
    ],
)
def test_what_is_not_believed_leaves_the_offline_place_and_says_why(ask, reply, words) -> None:
    offline = only(ask(Unknown(), ville=["Le Vigan"], cp=["30120"]))
    row = only(ask(reply))
    assert words in row["geo_motif"]
    for cell in ("geo_code_commune", "geo_longitude", "geo_latitude", "geo_methode", "geo_statut"):
        assert row[cell] == offline[cell]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (replace(GOOD, score=0.55), "score inférieur"),
        (replace(GOOD, next_score=0.90), "autre adresse"),
        (replace(GOOD, number="41"), "numéro « 41 »"),
        (replace(GOOD, street="Chemin du Canal"), "« chemin » au lieu de « route »"),
    ],
)
def test_a_doubtful_address_is_to_be_checked(ask, reply, words) -> None:
    row = only(ask(reply))
    assert (row["geo_statut"], row["geo_candidats"]) == (TO_CHECK, "30350")
    assert words in row["geo_motif"]


def test_another_commune_or_a_point_out_of_it_is_a_contradiction(ask) -> None:
    elsewhere = only(ask(replace(GOOD, code="30189", longitude=4.36, latitude=43.84)))
    assert elsewhere["geo_candidats"] == "30350;30189"
    away = only(ask(replace(GOOD, longitude=4.36, latitude=43.84)))
    for row in (elsewhere, away):
        assert (row["geo_code_commune"], row["geo_statut"]) == ("30350", TO_CHECK)
        assert row["geo_precision"] == "commune"
        assert "Contradiction" in row["geo_motif"]


def test_the_code_of_an_arrondissement_or_of_the_past_agrees_with_its_commune(ask) -> None:
    paris = replace(GOOD, code="75104", longitude=2.3561, latitude=48.8543)
    row = only(ask(paris, adresse=["14 route du canal"], cp=["75004"], ville=["Paris"]))
    assert (row["geo_code_commune"], row["geo_methode"]) == ("75056", "ban")
    # Annecy-le-Vieux went to Annecy in 2017; an address base may still give its code.
    annecy = replace(GOOD, code="74011", longitude=6.1417, latitude=45.9197)
    row = only(ask(annecy, adresse=["14 route du canal"], cp=["74000"], ville=["Annecy"]))
    assert (row["geo_code_commune"], row["geo_methode"]) == ("74010", "ban")


def test_a_street_where_a_number_was_asked_says_so(ask) -> None:
    row = only(ask(replace(GOOD, kind="street", number="")))
    assert (row["geo_precision"], row["geo_statut"]) == ("voie", SURE)
    assert "Numéro inconnu" in row["geo_motif"]


def test_namesakes_are_not_chosen_between(ask) -> None:
    reply = replace(GOOD, code="93066", longitude=2.357, latitude=48.936)
    row = only(ask(reply, adresse=["14 route du canal"], ville=["Saint-Denis"]))
    assert (row["geo_statut"], row["geo_code_commune"]) == (TO_CHECK, "")
    assert row["geo_candidats"].startswith("93066;")


def test_a_row_that_nothing_placed_is_proposed_and_never_sure(ask) -> None:
    row = only(ask(GOOD, adresse=["14 route du canal, Lavigam"]))
    assert (row["geo_statut"], row["geo_code_commune"]) == (TO_CHECK, "30350")
    assert row["geo_precision"] == "adresse"


_ODD = st.sampled_from([0.0, -1.0, 1e308, math.nan, 3.6055, 43.9935, 2.35, 48.85, 55.45, -20.88])
_REPLIES = st.one_of(
    st.builds(Failure, st.text(max_size=20)),
    st.builds(Unknown),
    st.builds(
        Found,
        label=st.text(max_size=40),
        kind=st.sampled_from(["housenumber", "street", "locality", "municipality", "", "?"]),
        street=st.sampled_from(["Route du Canal", "Rue du Canal", "", "\x00"])
        | st.text(max_size=20),
        number=st.sampled_from(["14", "14 bis", "41", "", "x"]),
        code=st.sampled_from(["30350", "30189", "75104", "74011", "97502", "", "?"]),
        longitude=_ODD,
        latitude=_ODD,
        score=st.floats(0, 1) | st.just(math.nan),
        next_score=st.floats(0, 1),
    ),
)
_ROWS = pd.DataFrame(
    {
        "adresse": ["14 route du canal"] * 5,
        "cp": ["30120", "", "75004", "30120", "99999"],
        "ville": ["Le Vigan", "Saint-Denis", "Paris", "Nîmes", "Nullepart"],
    },
    dtype="str",
)


@pytest.fixture(scope="module")
def before(gazetteer) -> pd.DataFrame:
    return geocode_table(TypedTable(_ROWS, "utf-8", ","), gazetteer)


@given(reply=_REPLIES)
@settings(max_examples=500)
def test_no_answer_moves_a_commune_or_makes_a_row_sure(gazetteer, rules, before, reply) -> None:
    refined = refine(before, gazetteer, lambda asked: [reply] * len(asked), rules)
    after = refined.frame
    known = before["geo_code_commune"] != ""
    assert list(after.columns) == list(before.columns)
    assert after["geo_code_commune"][known].equals(before["geo_code_commune"][known])
    assert not ((after["geo_statut"] == SURE) & (before["geo_statut"] != SURE)).any()
    assert (after["geo_motif"].str.len() > before["geo_motif"].str.len()).all()
    placed = after[after["geo_code_commune"] != ""]
    assert np.isfinite(placed[["geo_longitude", "geo_latitude"]].to_numpy(float)).all()
    assert after["geo_score"].between(0, 1).all()
    sure = after[(after["geo_methode"] == "ban") & (after["geo_statut"] == SURE)]
    assert set(sure["geo_code_commune"]) <= {"30350", "75056"}


@pytest.mark.parametrize(
    ("asked", "street", "least", "most"),
    [
        ("14 rte du canal 30120 Le Vigan", "Route du Canal", 1.0, 1.0),
        ("3 bd Gal Leclerc", "Boulevard du Général Leclerc", 0.8, 1.0),
        ("14 route du cannal", "Route du Canal", 0.9, 1.0),
        ("14 place inexistante 30120 Le Vigan", "Place Sainte-Anne", 0.0, 0.8),
        ("", "Rue Haute", 0.0, 0.0),
        ("12 rue Haute", "", 0.0, 0.0),
    ],
)
def test_streets_are_compared(asked: str, street: str, least: float, most: float) -> None:
    assert least <= likeness(asked, street) <= most


@pytest.mark.parametrize(
    ("asked", "street", "said"),
    [
        ("Place de l'Hôtel de Ville", "Rue de l'Hôtel de Ville", "« rue » au lieu de « place »"),
        ("4 av. Foch", "Avenue Foch", ""),
        ("4 Foch", "Avenue Foch", ""),
        ("2 place du Faubourg Haut", "Faubourg Haut", ""),
    ],
)
def test_a_square_is_not_the_street_of_the_same_name(asked: str, street: str, said: str) -> None:
    assert another_way(asked, street) == said


# What comes in


@pytest.mark.echantillons
def test_the_real_answer_of_the_service_is_read(samples) -> None:
    content = (samples / "geocodage" / "geopf_search_csv_reponse.csv").read_bytes()
    content = content.replace(b"id,adresse", b"ligne,texte", 1)
    if not content.endswith(b"\n"):
        content += b"\n"
    replies = read_answers(content, {number: Question("q") for number in "123"})
    assert replies["2"] == Unknown()
    street, town = replies["1"], replies["3"]
    assert isinstance(street, Found)
    assert isinstance(town, Found)
    assert (street.kind, street.code, street.score) == ("street", "75104", 0.79728)
    assert street.street == "Rue de l'Hôtel de Ville"
    assert (town.kind, town.code, town.next_score) == ("municipality", "69123", 0.0)


@pytest.mark.echantillons
def test_the_real_answer_of_another_kind_of_way_is_to_be_checked(ask, samples) -> None:
    file = samples / "geocodage" / "geopf_search_csv_reponse.csv"
    row = pd.read_csv(file, dtype=str, keep_default_na=False).iloc[0]
    reply = Found(
        row["result_label"], row["result_type"], row["result_street"] or row["result_name"],
        row["result_housenumber"], row["result_citycode"], float(row["longitude"]),
        float(row["latitude"]), float(row["result_score"]), float(row["result_score_next"]),
    )  # fmt: skip
    placed = only(ask(reply, adresse=[row["adresse"]], cp=[row["cp"]], ville=[row["ville"]]))
    assert (placed["geo_code_commune"], placed["geo_statut"]) == ("75056", TO_CHECK)
    assert "« rue » au lieu de « place »" in placed["geo_motif"]


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
@settings(max_examples=500)
def test_any_bytes_are_an_answer_or_a_reason(content: bytes) -> None:
    with suppress(UnexpectedFormat):
        assert set(read_answers(content, {"0": Question("q")})) <= {"0"}


_HEAD = "ligne,adresse,longitude,latitude,result_score,result_type,result_label,result_citycode"


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        (["0,q,1,2,0.9,street,Rue,30350"], {"0"}),
        (["0,autre,1,2,0.9,street,Rue,30350"], set()),
        (["7,q,1,2,0.9,street,Rue,30350"], set()),
        (["0,q,1,2,0.9,street,Rue"], set()),
        (["0,q,1,2,inf,street,Rue,30350"], set()),
        (["0,q,1,2,0.9,street,Rue,30350", "0,q,1,2,0.9,street,Rue,30350"], {"0"}),
        (["0,q,1,2,0.9,street,Rue,30350", "0,q,1,2,0.8,street,Rue,30350"], set()),
        (["0,q,,,,,,"], {"0"}),
    ],
)
def test_a_row_is_taken_only_for_its_own_question(lines: list[str], known: set[str]) -> None:
    content = "\n".join([_HEAD, *lines, ""]).encode()
    assert set(read_answers(content, {"0": Question("q")})) == known


def test_a_last_line_without_its_end_may_be_cut() -> None:
    content = f"{_HEAD}\n0,q,1,2,0.9,street,Rue,3035".encode()
    assert read_answers(content, {"0": Question("q")}) == {}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("sur = ", "sur_ = "),
        lambda text: text.replace("sur = 0.60", "sur = -1"),
        lambda text: text.replace("sur = 0.60", 'sur = "haut"'),
        lambda text: text.replace("[confiance]", "[confiance"),
    ],
)
def test_damaged_rules_are_refused(tmp_path, data_dir, spoil) -> None:
    text = (data_dir / "geocodage" / "service.toml").read_text(encoding="utf-8")
    (tmp_path / "geocodage").mkdir()
    (tmp_path / "geocodage" / "service.toml").write_text(spoil(text), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"service\.toml"):
        load_service_rules(tmp_path)
