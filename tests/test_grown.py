"""Groups as candidates: the rules of the query hold for each, and any commune gets an answer."""

from __future__ import annotations

import dataclasses
import json
import re

import pandas as pd
import pytest
from pypdf import PdfReader

from territoires.candidates import (
    CandidateQuery,
    candidate_table,
    find_territories,
    load_ground,
    load_presets,
    query_from_preset,
    why,
    why_not,
    with_intervals,
)
from territoires.candidates.conditions import CapacityCondition
from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.initiatives import load_directory, load_vocabularies
from territoires.needs import DrawPlan, recipes_available
from territoires.shortlist import Shortlist, ShortlistItem, shortlist_table
from territoires.tables.reading import read_table_file
from territoires.territory import territory_from_code
from tests.test_cli import run

FEW = DrawPlan(count=60, seed=5)


@pytest.fixture(scope="module")
def recipe(data_dir):
    return recipes_available(data_dir)["deprise_eloignement"]


@pytest.fixture(scope="module")
def search(data_dir, register, recipe):
    indicators = load_indicators(data_dir, register)
    directory = load_directory(data_dir, register, load_vocabularies(data_dir))
    ground = load_ground(data_dir, register)
    preset = load_presets(data_dir)["tzcld"]

    def find(**choices):
        progress = choices.pop("progress", None)
        query = query_from_preset(recipe, preset, **{"universe": ("dep:30",), **choices})
        return find_territories(register, indicators, directory, query, ground, progress)

    return find


@pytest.fixture(scope="module")
def gard(search):
    return with_intervals(search(), FEW)


def test_every_group_obeys_the_scheme(gard, register) -> None:
    table = candidate_table(gard)
    groups = table[table["nature"] == "groupe"]
    assert len(groups) > 5
    for row in groups.itertuples():
        place = territory_from_code(register, f"groupe:{row.codes_communes.replace(';', '-')}")
        assert 5_000 <= row.population <= 10_000
        assert place.population == row.population
        assert place.contiguous(register)
        assert {code[:2] for code in place.communes} == {"30"}
        assert not set(place.communes) & set(gard.communes.covering)
    held = [code for codes in table["codes_communes"] for code in codes.split(";")]
    assert len(held) == len(set(held))


def test_ranks_and_intervals_follow_the_scores(gard) -> None:
    table = candidate_table(gard)
    assert table["score"].is_monotonic_decreasing
    assert (table["rang_min"] <= table["rang"]).all()
    assert (table["rang"] <= table["rang_max"]).all()
    assert table["rang_max"].max() <= len(gard.ranked)
    contributions = table.filter(like="contribution_").sum(axis=1)
    assert (contributions - table["score"]).abs().max() < 1e-3


def test_a_commune_alone_keeps_its_rank_among_communes(search) -> None:
    found = search(population_min=1, population_max=1_000_000, count=400)
    ranks = found.ranked["rang_reference"].rename(lambda code: code.removeprefix("com:"))
    assert len(ranks) > 300
    assert ranks.to_dict() == found.communes.index.rank[ranks.index].to_dict()


def test_each_group_says_why_it_is_there_and_what_stopped_it(gard) -> None:
    code = next(code for code in gard.frame.index if code.startswith("groupe:"))
    text = why(gard, code)
    assert "territoires candidats" in text
    assert "rang sur 34\u202f8" in text
    assert "communes en France" in text
    assert "Communes : " in text
    assert text.rstrip().endswith(".")


def test_what_does_not_merge_is_told_by_its_range_and_has_no_rank(
    data_dir, register, recipe
) -> None:
    table = load_indicators(data_dir, register)
    change = dataclasses.replace(table.catalogue["evolution_population"], aggregation="aucune")
    table = dataclasses.replace(table, catalogue={**table.catalogue, change.code: change})
    directory = load_directory(data_dir, register, load_vocabularies(data_dir))
    query = query_from_preset(recipe, load_presets(data_dir)["tzcld"], universe=("dep:30",))
    found = find_territories(register, table, directory, query, load_ground(data_dir, register))
    told = [why(found, code) for code in found.ranked.index if code.startswith("groupe:")]
    largest = [text.partition("Ce qui pèse le plus : ")[2] for text in told]
    label = "évolution annuelle de la population : "
    change_told = [text.partition(label)[2].partition(" points")[0] for text in largest]
    change_told = [text for text in change_told if text]
    assert change_told
    for text in change_told:
        assert re.match(r"(de .+ à .+ selon les communes|.+ là où il est connu) \(", text), text
        assert "rang" not in text
    assert not any("non disponible (" in text for text in largest)
    assert any("de la population (ne se combine pas entre communes)" in text for text in told)


def test_any_commune_asked_about_gets_an_answer(gard, register) -> None:
    inside = gard.context.territory(str(gard.frame.index[0])).communes[0]
    assert "fait partie d'un territoire candidat" in why_not(gard, inside)
    assert "n'est pas dans le territoire où l'on cherche" in why_not(gard, "75056")
    told = [why_not(gard, code) for code in register.codes_of("departement", "30")]
    assert all(told)
    assert sum("fait partie" in one for one in told) == sum(
        len(gard.context.territory(str(code)).communes) for code in gard.ranked.index
    )


BESIDE = re.compile(
    r"son score de besoin est de (?P<own>[\d,]+) sur 100 \((?P<rank>\d+)e sur (?P<count>\d+) "
    r"communes\), celui des territoires retenus de (?P<least>[\d,]+) à (?P<most>[\d,]+) ;"
)


def test_a_commune_that_was_outdone_says_by_how_much(gard) -> None:
    index, growth = gard.communes.index, gard.growth
    scores = [one.score * 100 for one in growth.territories]
    outdone = growth.verdicts.index[growth.verdicts.isin(["ailleurs", "seule", "trop_peuplee"])]
    assert len(outdone) > 20
    for code in outdone:
        told = BESIDE.search(why_not(gard, code).replace("\u202f", "").replace("\u00a0", " "))
        assert told is not None, why_not(gard, code)
        number = {name: float(text.replace(",", ".")) for name, text in told.groupdict().items()}
        assert number["own"] == pytest.approx(index.score[code] * 100, abs=0.0501)
        assert (number["rank"], number["count"]) == (index.rank[code], index.count)
        assert number["least"] == pytest.approx(min(scores), abs=0.0501)
        assert number["most"] == pytest.approx(max(scores), abs=0.0501)


def test_candidates_are_printed_with_what_was_asked(tmp_path, capsys) -> None:
    path = tmp_path / "liste.pdf"
    status, _, _ = run(
        capsys, "candidats", "--preset", "tzcld", "--departement", "Lozère", "--nombre", "2",
        "--tirages", "0", "-o", str(path),
    )  # fmt: skip
    assert status == 0
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    assert "Comment cette liste a été faite" in words
    for told in ("Recette « Déprise et éloignement »", "univers dep:48", "Pourquoi ici"):
        assert told in words


def test_a_selection_tells_the_ranks_of_groups_too(gard, register, indicators, directory) -> None:
    group = next(str(code) for code in gard.frame.index if str(code).startswith("groupe:"))
    chosen = Shortlist("x", (ShortlistItem(group, "Un groupe"), ShortlistItem("dep:48", "Lozère")))
    table = shortlist_table(chosen, register, indicators, directory, (), gard)
    assert table["rang_candidat"][0] == gard.ranked["rang"][group]
    assert pd.isna(table["rang_candidat"][1])
    assert gard.ranked_code("dep:48") is None


def test_some_candidates_alone_keep_their_ranks(gard) -> None:
    third, first = str(gard.frame.index[2]), str(gard.frame.index[0])
    some = gard.only([third, first])
    assert some.frame.index.tolist() == [first, third]
    assert some.frame["rang"].tolist() == gard.frame["rang"].iloc[[0, 2]].tolist()
    assert len(some.ranked) == len(gard.ranked)
    assert gard.only([]).frame.equals(gard.frame)


def test_the_funnel_ends_with_what_grew(gard) -> None:
    funnel = gard.funnel()
    assert funnel.startswith("34\u202f875\u00a0communes")
    assert funnel.endswith("territoires candidats")


def test_among_members_and_their_neighbours(search) -> None:
    found = search(members=("30350", "30200"))
    table = candidate_table(found)
    for codes in table["codes_communes"]:
        assert {"30350", "30200"} & set(codes.split(";"))
    assert any(len(codes.split(";")) > 1 for codes in table["codes_communes"])


def test_what_must_be_there_is_there_and_what_is_excluded_is_not(search) -> None:
    found = search(must_contain=("30350",), excluded=("com:30339",), count=1)
    (codes,) = candidate_table(found)["codes_communes"]
    assert "30350" in codes.split(";")
    assert "30339" not in codes.split(";")


def test_a_commune_above_the_bound_is_offered_in_part(search) -> None:
    found = search(universe=("com:13055",), excluded=())
    table = candidate_table(found)
    assert list(table["nature"]) == ["partie"]
    assert table["population"].isna().all()
    text = why(found, str(found.frame.index[0]))
    assert "une partie de la commune est à choisir" in text
    assert "Les chiffres sont ceux de la commune entière" in text


def test_groups_start_where_the_initiatives_asked_are(search) -> None:
    near = CapacityCondition(5, types=("jardin_partage", "economie_informelle", "autre"))
    found = search(capacities=(near,), universe=("reg:76",), count=5)
    assert len(found.ranked)
    starts = {code for one in found.growth.territories for code in one.start}
    around = found.communes.around[0]
    assert (around[list(starts)] > 0).all()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"population_min": 2_000_000, "population_max": 3_000_000}, "minimum"),
        ({"must_contain": ("30189",)}, "151\u202f839"),
        ({"must_contain": ("99999",)}, "99999"),
        ({"must_contain": ("75056",)}, "75056"),
        ({"universe": ("dep:00",)}, "inconnu"),
        ({"members": ("30350x",)}, "code de commune inconnu"),
    ],
)
def test_what_is_impossible_is_said_with_what_would_work(search, choices, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        search(**choices)


def test_a_search_tells_its_progress_and_can_be_stopped(search) -> None:
    told: list[float] = []
    search(progress=told.append)
    assert told == sorted(told)
    assert len(told) > 3

    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(progress=stop)


def test_the_same_search_gives_the_same_list(search) -> None:
    one, two = (candidate_table(search(count=6)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


# The command line


def test_the_command_writes_what_it_promises(capsys, tmp_path) -> None:
    path = tmp_path / "candidats.csv"
    status, _, told = run(
        capsys, "candidats", "--preset", "tzcld", "--departement", "Gard", "--nombre", "4",
        "--tirages", "50", "-o", str(path),
    )  # fmt: skip
    assert status == 0, told
    sources = path.read_text("utf-8").split("rang,nom")[0]
    assert "Dispositif « Territoires zéro chômeur" in sources
    table = read_table_file(path, 10**7).frame.astype({"rang": int, "score": float})
    assert list(table.columns[:4]) == ["rang", "nom", "nature", "codes_communes"]
    assert {"population", "score", "rang_min", "rang_max", "couverture", "motif"} <= set(table)
    assert table["rang"].tolist() == sorted(table["rang"])
    assert table["score"].between(0, 1).all()
    assert "clos depuis le 30 juin 2024" in told
    assert "4 candidats écrits" in told


def test_the_command_gives_outlines(capsys, tmp_path) -> None:
    path = tmp_path / "candidats.geojson"
    status, _, told = run(
        capsys, "candidats", "--preset", "generateur", "--region", "Bretagne", "--nombre", "2",
        "--tirages", "0", "-o", str(path),
    )  # fmt: skip
    assert status == 0, told
    features = json.loads(path.read_text("utf-8"))["features"]
    assert len(features) == 2
    assert all(one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in features)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--preset", "lune"], 1, "Choix : "),
        (["--region", "Occitane"], 1, "Occitanie"),
        (["--region", "76", "--departement", "30"], 2, "un seul."),
        (["--contient", "30350"], 1, "--unite groupe"),
        (["--recette", "besoins"], 1, "besoins_sociaux"),
        (["--unite", "quartier"], 2, "commune, groupe, epci"),
        (["--membres", "absent.csv"], 1, "introuvable"),
        (["--population-min", "9000", "--population-max", "10"], 1, "Échangez les deux bornes"),
        (["--distance", "500", "--preset", "jardin_partage", "--departement", "14"], 1, "candidat"),
        (["-o", "liste.docx"], 1, ".xlsx, .csv, .html, .gpkg, .geojson ou .pdf"),
        (["-o", "liste.geojson", "--excel"], 2, "--excel"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    capsys, tmp_path, monkeypatch, words, status, told
) -> None:
    monkeypatch.chdir(tmp_path)
    given, _, err = run(capsys, "candidats", "--tirages", "0", *words)
    assert given == status
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_member_list_is_refused(capsys, tmp_path) -> None:
    path = tmp_path / "membres.csv"
    path.write_text("code_commune\nxyz\n", "utf-8")
    status, _, told = run(capsys, "candidats", "--membres", str(path))
    assert status == 1
    assert "aucune commune ni aucun EPCI reconnus" in told


def test_queries_of_groups_are_refused_by_the_search_of_communes(register, recipe) -> None:
    from territoires.candidates import find_candidates

    with pytest.raises(ValueError, match="groups grow"):
        find_candidates(register, None, None, CandidateQuery(recipe, unit="groupe"))
