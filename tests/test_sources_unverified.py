"""Sources without a real file at hand: their documented form, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from territoires.cli.application import main
from territoires.errors import SourceUnavailable, UnexpectedFormat
from territoires.settings import load_settings
from territoires.sources.conversion import load_passages, to_current
from territoires.sources.fetching import Client, Limits
from territoires.sources.one_source import Bench
from territoires.sources.opening import open_file
from territoires.sources.producers import recherche_entreprises_ess as ess
from territoires.sources.registry import available_sources
from territoires.workspace import open_workspace
from tests.conftest import DATA, SAMPLES
from tests.producers import Producers, producers

UNVERIFIED = {
    "anct_frr", "dares_zones_emploi", "dgaln_lovac_communes", "dila_mairies",
    "insee_dossier_complet", "insee_qpv_population", "insee_rp_emploi_large",
    "insee_rp_logement_large", "recherche_entreprises_ess",
}  # fmt: skip


@pytest.fixture
def bench(register) -> Bench:
    return Bench(register, load_passages(DATA), {})


@pytest.fixture
def server():
    with producers() as state:
        yield state


def read(code: str, path: Path, bench: Bench):
    source = available_sources()[code]
    with open_file(path, source) as opened:
        return source.read(opened, bench)


def test_the_sources_without_a_real_file_are_those_that_say_so() -> None:
    assert {code for code, one in available_sources().items() if not one.verified} == UNVERIFIED


# A figure that no real file has verified does not enter the recipes that are shipped.


@pytest.mark.echantillons
def test_an_unverified_figure_stays_out_of_the_shipped_recipes(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("TERRITOIRES_DONNEES", str(tmp_path / "u"))
    extract = SAMPLES / "insee-comparateur" / "base_cc_comparateur_extrait.csv"
    frame = pd.read_csv(extract, sep=";", dtype="str", keep_default_na=False)
    path = tmp_path / "base-cc-emploi.csv"
    frame.drop(columns="NBMENFISC19").assign(P18_ACTOCC1564="1").to_csv(path, sep=";", index=False)
    with pytest.raises(SystemExit) as end:
        main(["actualiser", "--depuis", str(path)])
    assert not end.value.code
    space = open_workspace(load_settings({"TERRITOIRES_DONNEES": str(tmp_path / "u")}))
    indicator = space.indicators.indicator("taux_chomage_recensement")
    assert indicator.caution == "non vérifié sur fichier réel"
    assert "taux_chomage_recensement" in space.waiting_recipes["besoins_sociaux"]
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["donnees"])
    said = capsys.readouterr().out
    assert "Taux de chômage (recensement)  [non vérifié sur fichier réel]" in said
    assert "Elle attend un fichier vérifié pour : Taux de chômage (recensement)" in said
    assert "Pour l'avoir : territoires actualiser insee_comparateur insee_bpe" in said


# Town halls


def town_hall(name: str, kind: str, code: str, **more: str) -> dict[str, str]:
    pivot = [{"type_service_local": kind, "code_insee_commune": [code]}]
    address = [{"numero_voie": "1 place", "code_postal": "30120", "nom_commune": "Le Vigan"}]
    return {
        "nom": name, "pivot": json.dumps(pivot), "adresse": json.dumps(address),
        "telephone": json.dumps([{"valeur": "04 67 00 00 00"}]),
        "site_internet": json.dumps([{"valeur": "https://le-vigan.example"}]), **more,
    }  # fmt: skip


def test_town_halls_without_their_delegated_ones_nor_any_person(bench, tmp_path) -> None:
    records = [
        town_hall("Mairie - Le Vigan", "mairie", "30350", adresse_courriel="qui@example"),
        town_hall("Mairie déléguée - Ailleurs", "mairie", "01001"),
        town_hall("Trésorerie", "tresorerie", "01002"),
        town_hall("Mairie - Nulle part", "mairie", "99999"),
    ]
    path = tmp_path / "mairies.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    table = read("dila_mairies", path, bench).references["mairies"]
    assert table.to_dict("records") == [
        {
            "code_commune": "30350", "adresse": "1 place, 30120, Le Vigan",
            "telephone": "04 67 00 00 00", "site": "https://le-vigan.example",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["[{", "mairie"])
def test_a_cell_that_should_hold_json_is_said(bench, tmp_path, cell: str) -> None:
    path = tmp_path / "mairies.json"
    path.write_text(json.dumps([town_hall("Mairie", "mairie", "30350", pivot=cell)]))
    with pytest.raises(UnexpectedFormat, match="contenir du JSON"):
        read("dila_mairies", path, bench)


# Establishments of the social and solidarity economy


@dataclass
class SmallRegister:
    """Two communes and a city of two arrondissements: the service is asked one by one."""

    communes: pd.DataFrame
    inferior: pd.DataFrame
    cog: int = 2026


@pytest.fixture
def small(monkeypatch) -> Bench:
    monkeypatch.setattr(ess, "_SECONDS_BETWEEN", 0.0)
    parts = pd.DataFrame(
        {"code": ["69381", "69382"], "nature": "arrondissement_municipal", "code_commune": "69123"}
    )
    communes = pd.DataFrame(index=["01001", "30350", "69123"])
    return Bench(SmallRegister(communes, parts), load_passages(DATA), {})


def client(server: Producers, folder: Path, said: list[str] | None = None) -> Client:
    limits = Limits(attempts=1, connect_seconds=2, silence_seconds=2)
    tell = (said if said is not None else []).append
    return Client(folder, mirror=server.url, tell=tell, limits=limits)


def unit(*places: tuple[str, str]) -> dict:
    """A legal unit as the service answers it, with a director that nobody asked for."""
    found = [{"commune": code, "etat_administratif": state} for code, state in places]
    return {"matching_etablissements": found, "dirigeants": [{"nom": "PERSONNE"}]}


def publish(server: Producers, answers: dict[str, list[dict]]) -> None:
    """Answer by commune: the loopback server tells paths apart, not questions."""

    def answer(path: str, query: dict[str, str]) -> bytes | None:
        if not path.endswith("/search"):
            return None
        units, page = answers[query["code_commune"]], int(query["page"])
        return json.dumps(
            {"total_results": len(units), "results": units[25 * (page - 1) : 25 * page]}
        ).encode()

    server.by_question = answer


def test_establishments_are_counted_where_they_are(server, small, tmp_path, register) -> None:
    here, closed, elsewhere = ("30350", "A"), ("30350", "F"), ("01001", "A")
    publish(server, {
        "01001": [unit(elsewhere)] * 30,  # two pages
        "30350": [unit(here, here, closed, elsewhere), unit(closed)],
        "69381": [unit(("69381", "A"))], "69382": [unit(("69382", "A"))] * 2,
    })  # fmt: skip
    path = tmp_path / "ess.csv"
    available_sources()["recherche_entreprises_ess"].collect(client(server, tmp_path), small, path)
    text = path.read_text("utf-8")
    assert "PERSONNE" not in text
    reading = read("recherche_entreprises_ess", path, small)
    counts = reading.measures.set_index("code_commune")["valeur"]
    assert counts.to_dict() == {"01001": 30, "30350": 2, "69381": 1, "69382": 2}
    source = available_sources()["recherche_entreprises_ess"]
    now = to_current(reading, source, register, load_passages(DATA)).table
    assert now.set_index("code_commune").loc["69123", "valeur"] == 3


def test_a_count_that_was_interrupted_is_gone_on_with(server, small, tmp_path) -> None:
    publish(server, {"01001": [unit(("01001", "A"))], "30350": []})
    path = tmp_path / "ess.csv"
    collect = available_sources()["recherche_entreprises_ess"].collect
    with pytest.raises(SourceUnavailable):  # the service knows nothing of Lyon yet
        collect(client(server, tmp_path), small, path)
    assert not path.exists()
    partial = path.with_name("ess.csv.partiel")
    with partial.open("a") as file:
        file.write("69381,12,20")  # the process was killed in the middle of a row
    publish(server, {"69381": [unit(("69381", "A"))], "69382": []})
    collect(client(server, tmp_path), small, path)
    assert path.read_text("utf-8").split() == [
        "code_commune,etablissements_ess,annee", "01001,1,2026", "30350,0,2026", "69381,1,2026",
        "69382,0,2026",
    ]  # fmt: skip
    assert not partial.exists()
    publish(server, {code: [] for code in ("01001", "30350", "69381", "69382")})
    collect(client(server, tmp_path), small, path)  # a year later: everything is asked again
    assert "30350,0,2026" in path.read_text("utf-8")
    assert "01001,0,2026" in path.read_text("utf-8")


def test_more_answers_than_the_service_gives_is_said(server, small, tmp_path) -> None:
    server.by_question = lambda _path, _query: b'{"total_results": 10000, "results": []}'
    collect = available_sources()["recherche_entreprises_ess"].collect
    with pytest.raises(SourceUnavailable, match="01001 a 10000 réponses ou plus"):
        collect(client(server, tmp_path), small, tmp_path / "ess.csv")
