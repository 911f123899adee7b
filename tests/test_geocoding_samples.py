"""Geocoding on real lists: what they give for their own commune, what the geocoder finds."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from territoires.communes import Register
from territoires.geocoding import (
    NOT_FOUND,
    SURE,
    TO_CHECK,
    Evidence,
    Gazetteer,
    decide,
    geocode_table,
)
from territoires.tables import TypedTable, read_table_file

pytestmark = pytest.mark.echantillons

_LIMIT = 20_000_000


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def france_services(samples: Path) -> pd.DataFrame:
    return read_table_file(samples / "france-services" / "liste-fs-20240801.csv", _LIMIT).frame


@pytest.fixture(scope="module")
def truth(france_services: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """Current commune of each France services, by the code that the list itself gives."""
    return france_services["insee_com"].map(
        lambda code: decide(Evidence(code=code), gazetteer).code
    )


def placed(frame: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    return geocode_table(TypedTable(frame, "utf-8", ","), gazetteer)


def accuracy(answers: pd.DataFrame, truth: pd.Series) -> dict[str, float]:
    """Shares of rows with the right commune, sure, wrong though sure, and lost."""
    known = truth != ""
    answers, truth = answers[known], truth[known]
    right = answers["geo_code_commune"] == truth
    sure = answers["geo_statut"] == SURE
    return {
        "right": float(right.mean()),
        "sure": float(sure.mean()),
        "wrong_among_sure": float((~right[sure]).mean()),
        "lost": float((answers["geo_statut"] == NOT_FOUND).mean()),
    }


def test_the_list_itself_is_in_current_communes(truth: pd.Series) -> None:
    # Two rows are in Saint-Martin, an overseas collectivity.
    assert len(truth) == 2845
    assert (truth == "").sum() == 2


def test_france_services_by_postcode_and_name(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    columns = ["adresse", "code_postal", "lib_com"]
    measured = accuracy(placed(france_services[columns], gazetteer), truth)
    assert measured["right"] >= 0.9995
    assert measured["sure"] >= 0.987
    assert measured["wrong_among_sure"] == 0
    assert measured["lost"] == 0


def test_france_services_on_one_line(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    line = france_services[["adresse", "code_postal", "lib_com"]].agg(" ".join, axis=1)
    measured = accuracy(placed(line.to_frame("adresse"), gazetteer), truth)
    assert measured["right"] >= 0.9995
    assert measured["sure"] >= 0.987
    assert measured["wrong_among_sure"] == 0
    assert measured["lost"] == 0


def test_france_services_by_name_and_departement(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    answers = placed(france_services[["insee_dep", "lib_com"]], gazetteer)
    measured = accuracy(answers, truth)
    assert measured["right"] >= 0.995
    assert measured["wrong_among_sure"] <= 0.001


def test_france_services_with_everything_but_the_code(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    answers = placed(france_services.drop(columns="insee_com"), gazetteer)
    measured = accuracy(answers, truth)
    assert measured["right"] == 1
    assert measured["wrong_among_sure"] == 0
    assert (answers["geo_precision"] == "coordonnees").mean() > 0.98


def test_france_services_by_coordinates_alone(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    answers = placed(france_services[["longitude", "latitude"]], gazetteer)
    assert accuracy(answers, truth)["right"] >= 0.998


def test_france_services_with_their_code_are_all_right(
    france_services: pd.DataFrame, truth: pd.Series, gazetteer: Gazetteer
) -> None:
    answers = placed(france_services, gazetteer)
    measured = accuracy(answers, truth)
    assert measured["right"] == 1
    doubtful = answers[answers["geo_statut"] == TO_CHECK]
    assert len(doubtful) < 40
    assert doubtful["geo_motif"].str.contains("Contradiction").all()


def test_initiatives_with_a_code_a_name_or_a_point_are_placed(
    samples: Path, gazetteer: Gazetteer
) -> None:
    frame = read_table_file(samples / "initiatives" / "annuaires.csv", _LIMIT).frame
    answers = placed(frame, gazetteer)
    nothing = (frame[["adresse", "code_postal", "commune", "code_insee", "longitude"]] == "").all(
        axis=1
    )
    assert (answers.loc[nothing, "geo_statut"] == NOT_FOUND).all()
    assert (answers.loc[~nothing, "geo_code_commune"] != "").all()
    sure = answers.loc[~nothing, "geo_statut"] == SURE
    # A point that speaks alone near a simplified line is asked.
    asked = answers.loc[~nothing, "geo_motif"].str.contains("ne départagent pas")
    assert sure.mean() >= 0.96
    assert (sure | asked).mean() >= 0.98


def test_initiatives_by_name_agree_with_their_own_code(samples: Path, gazetteer: Gazetteer) -> None:
    frame = read_table_file(samples / "initiatives" / "annuaires.csv", _LIMIT).frame
    frame = frame[(frame["code_insee"] != "") & (frame["commune"] != "")].reset_index(drop=True)
    truth = frame["code_insee"].map(lambda code: decide(Evidence(code=code), gazetteer).code)
    answers = placed(frame[["code_postal", "commune"]], gazetteer)
    sure = answers["geo_statut"] == SURE
    assert len(frame) > 80
    assert (answers.loc[sure, "geo_code_commune"] == truth[sure]).all()
    assert sure.mean() > 0.9
    doubtful = answers[~sure]
    listed = [
        code in cell.split(";")
        for code, cell in zip(truth[~sure], doubtful["geo_candidats"], strict=True)
    ]
    assert all(listed)


def test_the_cases_of_the_national_service(samples: Path, gazetteer: Gazetteer) -> None:
    table = read_table_file(samples / "geocodage" / "geopf_search_csv_reponse.csv", _LIMIT)
    answers = geocode_table(
        TypedTable(table.frame[["adresse", "cp", "ville"]], "utf-8", ","), gazetteer
    )
    assert answers["geo_code_commune"].tolist() == ["75056", "", "69123"]
    assert answers["geo_statut"].tolist() == [SURE, NOT_FOUND, SURE]
    assert answers["geo_precision"].tolist() == ["arrondissement", "", "arrondissement"]


# Former communes, by the movements that INSEE publishes


def heirs(samples: Path, codes_of_2026: set[str]) -> dict[tuple[str, str], set[str]]:
    """Follow every commune (code, name) that left a code since 1943 to the codes of 2026."""
    moves = pd.read_csv(
        samples / "insee-cog" / "v_mvt_commune_2026.csv", dtype="str", keep_default_na=False
    )
    whole = moves[(moves["TYPECOM_AV"] == "COM") & (moves["TYPECOM_AP"] == "COM")]
    current: dict[tuple[str, str], set[str]] = {}
    for _, day in whole.sort_values("DATE_EFF", kind="stable").groupby("DATE_EFF"):
        becomes: dict[str, set[str]] = defaultdict(set)
        for before, after in zip(day["COM_AV"], day["COM_AP"], strict=True):
            becomes[before].add(after)
        for key, codes in current.items():
            if not codes.isdisjoint(becomes):
                current[key] = set().union(*(becomes.get(code, {code}) for code in codes))
        for code, name in zip(day["COM_AV"], day["LIBELLE_AV"], strict=True):
            current.setdefault((code, name), becomes[code])
    # Two movements of one day follow each other: what left on its first day is followed again.
    last = {code: codes for (code, _), codes in current.items()}
    return {
        key: set().union(
            *(last.get(code, {code}) if code not in codes_of_2026 else {code} for code in codes)
        )
        for key, codes in current.items()
    }


def test_former_communes_give_one_of_their_heirs(
    samples: Path, gazetteer: Gazetteer, register: Register
) -> None:
    in_force = set(register.communes.index)
    followed = heirs(samples, in_force)
    gone = {key: codes for key, codes in followed.items() if key[0] not in in_force}
    assert len(gone) > 3000
    frame = pd.DataFrame(list(gone), columns=["code_commune", "commune"], dtype="str")
    by_code = placed(frame, gazetteer)
    by_name = placed(frame.assign(code_commune="", dep=frame["code_commune"].str[:2]), gazetteer)
    # A name may have been that of two communes of one département: the living one is then taken.
    for answers, found_at_least, wrong_at_most in ((by_code, 0.998, 0), (by_name, 0.994, 0.001)):
        sure = answers["geo_statut"] == SURE
        right = [
            code in codes
            for code, codes in zip(answers["geo_code_commune"], gone.values(), strict=True)
        ]
        measured = pd.Series(right)
        assert sure.mean() >= found_at_least
        assert (~measured[sure]).mean() <= wrong_at_most
