"""Groups as candidates: the rules of the query hold for each, and any commune gets an answer."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from pypdf import PdfReader

from territoires.candidates import (
    CandidateQuery,
    candidate_table,
    find_territories,
    load_ground,
    load_presets,
    nearest_settings,
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
    for told in ("Recette « Déprise et éloignement »", "département 48 (dep:48)", "Pourquoi ici"):
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


def test_a_city_with_a_neighbourhood_in_the_scheme_is_offered_for_another_part(search) -> None:
    found = search(universe=("dep:75",))
    (row,) = candidate_table(found).to_dict("records")
    assert (row["nature"], row["codes_communes"]) == ("partie", "75056")
    assert "Il fait déjà partie, en tout ou partie, du périmètre de « Paris 13e" in row["motif"]
    small = search(universe=("dep:75",), unit="commune", population_min=None, population_max=None)
    assert not len(small.ranked)


def test_groups_start_where_the_initiatives_asked_are(search) -> None:
    near = CapacityCondition(5, types=("jardin_partage", "economie_informelle", "autre"))
    found = search(capacities=(near,), universe=("reg:76",), count=5)
    assert len(found.ranked)
    starts = {code for one in found.growth.territories for code in one.start}
    around = found.communes.around[0]
    assert (around[list(starts)] > 0).all()


def test_the_funnel_says_where_groups_start(search) -> None:
    members = ("30350", "30200", "59043")
    found = search(members=members)
    started = {step.rule: step for step in found.steps}["hors_liste"]
    assert (started.remaining, started.label) == (2, "de départ, dans la liste d'adhérents")
    assert "→ 2 de départ, dans la liste d'adhérents →" in found.funnel()
    required = search(members=members, must_contain=("30350",), count=1)
    assert "adhérents" not in required.funnel()
    assert "la règle « dans la liste d'adhérents » ne joue pas." in required.notes[0]


def test_members_of_whom_none_is_left_are_never_forgotten(search) -> None:
    with pytest.raises(InvalidRequest, match=r"Bailleul \(59043, Nord\) : elle fait") as no:
        search(members=("59043",), universe=("pays:FR",))
    assert "sans la liste d'adhérents" in str(no.value)
    with pytest.raises(InvalidRequest, match="Aucune commune d'où partir"):
        search(members=("59043", "75056"))


def test_an_empty_area_says_which_rule_and_what_would_work(search) -> None:
    with pytest.raises(InvalidRequest, match="Colombelles") as no:
        search(universe=("com:14167",))
    assert "0 hors du périmètre d'une initiative choisie" in str(no.value)
    assert "Ce qui donnerait un résultat : d'autres types" in str(no.value)
    with pytest.raises(InvalidRequest, match="aucune n'est classée par « Déprise") as no:
        search(universe=("dep:976",))
    assert "à 50\u00a0% de son poids au mieux, il en demande 66\u00a0%" in str(no.value)


def test_the_setting_that_is_suggested_works(search) -> None:
    asked = {"universe": ("dep:48",), "unit": "commune", "population_min": 100_000}
    bounds = {**asked, "population_max": None}
    nothing = search(**bounds)
    told = nearest_settings(nothing.context, nothing.rules)
    least = int(re.sub(r"\D", "", re.search(r"minimum de ([\d\s]+)habitants", told)[1]))
    assert len(search(**{**bounds, "population_min": least}).ranked) == 1
    far = {"universe": ("dep:14",), "unit": "commune", "population_min": None,
           "population_max": None, "initiative_types": (), "initiative_statuses": ()}  # fmt: skip
    nothing = search(**far, distance_min_km=500.0)
    told = nearest_settings(nothing.context, nothing.rules)
    nearer = float(re.search(r"distance de ([\d,]+)\s", told)[1].replace(",", "."))
    assert len(search(**far, distance_min_km=nearer).ranked)
    assert not len(search(**far, distance_min_km=nearer + 0.2).ranked)
    around = {"universe": ("epci:243000270",), "unit": "epci", "population_min": None,
              "population_max": None}  # fmt: skip
    for condition in (
        CapacityCondition(20, axes=("2", "3")),
        CapacityCondition(500, present=False, types=("tzcld",)),
    ):
        nothing = search(**around, capacities=(condition,))
        told = nearest_settings(nothing.context, nothing.rules)
        reach = float(re.search(r"à moins de ([\d,]+)\s", told)[1].replace(",", "."))
        assert len(search(**around, capacities=(replace(condition, within_km=reach),)).ranked) == 1
        harder = reach - 1 if condition.present else reach + 1
        nobody = search(**around, capacities=(replace(condition, within_km=harder),))
        assert not len(nobody.ranked)
    both = search(**far | {"population_min": 10**7}, distance_min_km=500.0)
    assert "une seule règle ne suffit pas" in nearest_settings(both.context, both.rules)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"population_min": 2_000_000, "population_max": 3_000_000}, "minimum"),
        ({"must_contain": ("30189",)}, "151\u202f839"),
        ({"must_contain": ("99999",)}, "99999"),
        ({"must_contain": ("75056",)}, r"Paris \(75056, Paris\) ne peut pas être exigée"),
        ({"must_contain": ("30350",), "excluded": ("com:30350",)}, "elle est exclue"),
        ({"excluded": ("dep:00",)}, "Territoire à exclure inconnu"),
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


def told_while_writing(capsys, path, *words: str) -> str:
    """Run the command, which must succeed; return what it told while it wrote its file."""
    status, _, told = run(capsys, "candidats", *words, "-o", str(path))
    assert status == 0, told
    return told


def test_the_command_writes_what_it_promises(capsys, tmp_path) -> None:
    path = tmp_path / "candidats.csv"
    told = told_while_writing(
        capsys, path, "--preset", "tzcld", "--departement", "Gard", "--nombre", "4",
        "--tirages", "50",
    )  # fmt: skip
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
    told_while_writing(
        capsys, path, "--preset", "generateur", "--region", "Bretagne", "--nombre", "2",
        "--tirages", "0",
    )  # fmt: skip
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


def test_groups_may_share_communes_and_each_keeps_its_own_figures(search, indicators) -> None:
    found = search(overlapping=True, count=8)
    territories = [found.context.territory(str(code)) for code in found.frame.index]
    communes = [code for one in territories for code in one.communes]
    assert len(set(communes)) < len(communes)
    apart = candidate_table(search(count=8))["codes_communes"].str.split(";").explode()
    assert apart.is_unique
    people = indicators.population
    scores = found.communes.index.score
    for one, row in zip(territories, found.frame.itertuples(), strict=True):
        members = people[list(one.communes)]
        assert row.population == members.sum()
        assert row.score == pytest.approx((scores[members.index] * members).sum() / members.sum())


def test_the_command_says_how_groups_are_drawn(capsys, tmp_path, register) -> None:
    path = tmp_path / "candidats.csv"
    words = ["candidats", "--preset", "tzcld", "--departement", "30", "--tirages", "0"]
    drawn = ["--perimetre", "dans_un_epci", "--recouvrement", "--nombre", "6", "-o", str(path)]
    assert run(capsys, *words, *drawn)[0] == 0
    table = read_table_file(path, 10**7).frame
    for codes in table["codes_communes"]:
        assert len(set(register.communes["code_epci"][codes.split(";")])) == 1
    assert table["codes_communes"].str.split(";").explode().duplicated().any()
    status, _, told = run(capsys, *words, "--unite", "commune", "--recouvrement")
    assert status == 1
    assert "--recouvrement ne vaut que pour des groupes" in told
