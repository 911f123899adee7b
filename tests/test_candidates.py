"""Candidates: the rules hold on all communes, the counts add up, and nothing is guessed."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.candidates import (
    RULES,
    CandidateQuery,
    candidate_table,
    find_candidates,
    is_outdated,
    load_preset,
    load_presets,
    members_from_table,
    parse_members,
    preset_warnings,
    query_from_preset,
)
from territoires.errors import DataFileError, InvalidRequest, InvalidTable
from territoires.geocoding import Gazetteer
from territoires.needs import Recipe, RecipeItem, recipes_available
from territoires.tables import read_table
from tests.properties import cases

property_settings = cases(25)


@pytest.fixture(scope="module")
def recipe(data_dir) -> Recipe:
    return recipes_available(data_dir)["deprise_eloignement"]


@pytest.fixture(scope="module")
def presets(data_dir):
    return load_presets(data_dir)


@pytest.fixture(scope="module")
def search(register, indicators, directory, recipe):
    def run(**choices):
        query = CandidateQuery(recipe, **choices)
        return find_candidates(register, indicators, directory, query)

    return run


# Presets


def test_tzcld_is_dated_sourced_and_says_what_it_cannot_apply(presets, directory) -> None:
    tzcld = presets["tzcld"]
    assert (tzcld.population_min, tzcld.population_max) == (5000, 10_000)
    assert tzcld.valid_until == date(2026, 12, 31)
    assert tzcld.source_url.startswith("https://")
    assert "400 personnes" in tzcld.unmeasured[0].criterion
    assert any("première lecture" in note for note in tzcld.notes)
    words = directory.vocabularies
    assert set(tzcld.initiative_types) <= set(words.types.codes)
    assert set(tzcld.initiative_statuses) <= set(words.statuses.codes)
    chosen = directory.filter(types=tzcld.initiative_types, statuses=tzcld.initiative_statuses)
    assert len(chosen) >= 75


def test_a_preset_is_outdated_the_day_after_its_last(presets) -> None:
    tzcld, last = presets["tzcld"], presets["tzcld"].valid_until
    assert not is_outdated(tzcld, last)
    assert is_outdated(tzcld, last + timedelta(days=1))
    assert not is_outdated(presets["libre"], date(2100, 1, 1))
    assert preset_warnings(tzcld, date(2024, 6, 30)) == ()
    assert preset_warnings(tzcld, date(2024, 7, 1)) == (
        "L'appel à candidatures est clos depuis le 30 juin 2024.",
    )
    assert (
        "ne valent plus depuis le 31 décembre 2026" in preset_warnings(tzcld, date(2027, 1, 1))[1]
    )
    assert "11 juin 2021" in preset_warnings(tzcld, date(2020, 1, 1))[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nom = 'x'", "champ absent : valide_depuis"),
        ("nom = 'x'\nvalide_depuis = '2021-01-01'", "valide_depuis : une date"),
        ("nom = 'x'\nvalide_depuis = 2021-01-01\nrayon = 3", "champ inconnu : rayon"),
        (
            "nom = 'x'\nvalide_depuis = 2021-01-01\nsource_url='u'\npopulation_min = 9\n"
            "population_max = 3",
            r"population_min \(9\) dépasse",
        ),
        ("nom = 'x'\nvalide_depuis = 2021-01-01\npopulation_min = 9", "source_url est attendu"),
        ("nom = 'x'\nvalide_depuis = 2021-01-01\nvalide_jusqu_au = 2020-01-01", "précède"),
        ("nom = 'x'\nvalide_depuis = 2021-01-01\npopulation_min = 2.5", "nombre entier"),
        ("nom = 'x'\nvalide_depuis = 2021-01-01\nnotes = 'seule'", "une liste de textes"),
        ("nom = ", "TOML illisible"),
    ],
)
def test_a_damaged_preset_is_named(tmp_path, text: str, problem: str) -> None:
    path = tmp_path / "essai.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=problem) as raised:
        load_preset(path)
    assert "essai.toml" in str(raised.value)


def test_a_preset_that_is_not_utf8_says_so_in_french(tmp_path) -> None:
    path = tmp_path / "essai.toml"
    path.write_bytes(b"nom = '\xe9'")
    with pytest.raises(DataFileError, match="ce n'est pas un texte UTF-8"):
        load_preset(path)


def test_a_folder_without_presets_is_refused(tmp_path) -> None:
    with pytest.raises(DataFileError, match="aucun dispositif"):
        load_presets(tmp_path)


def test_a_query_takes_the_rules_of_a_preset_unless_told_otherwise(presets, recipe) -> None:
    query = query_from_preset(recipe, presets["tzcld"], population_max=20_000, count=5)
    assert (query.population_min, query.population_max, query.count) == (5000, 20_000, 5)
    assert query.initiative_types == ("tzcld",)
    assert query.distance_min_km == 0.0


# Queries


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ({"population_min": 10, "population_max": 5}, "minimale \\(10\\) dépasse .* \\(5\\)"),
        ({"population_min": -1}, "minimale est négative"),
        ({"distance_min_km": -0.1}, "distance minimale"),
        ({"distance_min_km": float("nan")}, "distance minimale"),
        ({"universe": ()}, "Aucun territoire où chercher"),
        ({"members": ()}, "liste d'adhérents est vide"),
        ({"reference": "monde"}, "Référence inconnue"),
        ({"count": 0}, "Nombre de candidats"),
        ({"universe": ("reg:76", "reg:99")}, "Territoire où chercher inconnu"),
        ({"universe": ("76",)}, "Territoire où chercher inconnu"),
        ({"members": ("30350", "99999")}, "code de commune inconnu : 99999"),
        ({"initiative_types": ("usine",)}, "Type d'initiative inconnu : usine"),
        ({"initiative_statuses": ("parfait",)}, "Statut d'initiative inconnu : parfait"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_french(search, choices, problem: str) -> None:
    with pytest.raises(InvalidRequest, match=problem):
        search(**choices)


def test_an_unknown_indicator_is_refused(register, indicators, directory) -> None:
    query = CandidateQuery(Recipe("x", (RecipeItem("bonheur", 1),)))
    with pytest.raises(InvalidRequest, match="bonheur"):
        find_candidates(register, indicators, directory, query)


def test_a_query_is_a_key(recipe) -> None:
    asked = {CandidateQuery(recipe, count=5), CandidateQuery(recipe, count=5)}
    assert len(asked) == 1


# The search


def test_all_france_without_rules_ranks_every_commune_with_enough_known(
    search, register, indicators, recipe
) -> None:
    found = search(count=40_000)
    known = indicators.comparable[list(recipe.codes)].notna()
    weights = pd.Series(recipe.weights, index=recipe.codes)
    expected = (known * weights).sum(axis=1) >= recipe.min_coverage - 1e-9
    assert set(found.frame.index) == set(expected[expected].index)
    assert found.steps[-1].excluded == (~expected).sum()
    assert found.total == len(register.communes) == 34_875


def test_the_funnel_adds_up_and_every_commune_has_one_verdict(search, presets, recipe) -> None:
    rules = query_from_preset(recipe, presets["tzcld"], distance_min_km=15.0, unit="commune")
    choices = {f.name: getattr(rules, f.name) for f in dataclasses.fields(rules)}
    choices.pop("recipe")
    found = search(**{**choices, "universe": ("reg:76", "reg:75")})
    remaining = found.total
    for step in found.steps:
        remaining -= step.excluded
        assert step.remaining == remaining
        assert (found.verdicts == step.rule).sum() == step.excluded
    assert remaining == len(found.ranked) == (found.verdicts == "").sum()
    assert found.excluded == {step.rule: step.excluded for step in found.steps}
    funnel = found.funnel().replace("\u202f", " ").replace("\u00a0", " ")
    assert funnel.startswith("34 875 communes → ")
    assert funnel.count("→") == len(found.steps) == 5


bounds = st.one_of(st.none(), st.integers(0, 30_000))


@property_settings
@given(
    low=bounds,
    high=bounds,
    distance=st.one_of(st.none(), st.floats(0, 300)),
    universe=st.lists(
        st.sampled_from(["reg:76", "dep:30", "dep:974", "reg:06", "epci:200034601", "com:75056"]),
        min_size=1,
        max_size=3,
    ),
    members=st.one_of(st.none(), st.integers(0, 2**32 - 1)),
    reference=st.sampled_from(["france", "univers"]),
)
def test_every_candidate_obeys_and_nobody_who_obeys_is_left_out(
    search, register, directory, low, high, distance, universe, members, reference
) -> None:
    if low is not None and high is not None:
        low, high = sorted((low, high))
    universe = [code for code in universe if not code.startswith("epci")] or ["pays:FR"]
    listed = (
        None if members is None else
        tuple(register.communes.sample(3_000, random_state=members).index)
    )  # fmt: skip
    found = search(
        universe=tuple(universe), members=listed, population_min=low, population_max=high,
        distance_min_km=distance, initiative_types=("tzcld",), reference=reference, count=40_000,
    )  # fmt: skip
    communes = register.communes
    obeys = np.zeros(len(communes), dtype=bool)
    for code in universe:
        level, _, bare = code.partition(":")
        column = {"reg": communes["code_region"], "dep": communes["code_departement"]}
        obeys |= (
            (column[level] == bare) if level in column else communes.index == bare
        ) if level != "pays" else True  # fmt: skip
    if listed is not None:
        obeys &= communes.index.isin(listed)
    population = communes["population"].astype(float)
    if low is not None or high is not None:
        obeys &= population.between(low or 0, np.inf if high is None else high)
    if distance is not None:
        chosen = directory.filter(types=["tzcld"])
        covered = {code for cell in chosen.frame["communes_resolues"] for code in cell.split(";")}
        obeys &= ~communes.index.isin(covered)
        obeys &= ~(found.context.nearest["distance_km"] < distance)
    ranked = found.context.index.score.reindex(communes.index).notna()
    assert set(found.frame.index) == set(communes.index[obeys & ranked])


def test_ranks_follow_scores_and_contributions_add_up_to_them(search) -> None:
    frame = search(universe=("reg:76",), count=40_000).frame
    score = frame["score"].round(12)
    assert score.is_monotonic_decreasing
    assert frame["rang"].tolist() == score.rank(method="min", ascending=False).tolist()
    total = frame.filter(regex="^c_").sum(axis=1)
    np.testing.assert_allclose(total, frame["score"], atol=1e-9)
    ties = frame.groupby("rang").apply(lambda group: group.index.is_monotonic_increasing)
    assert ties.all()


def test_the_reference_changes_scores_not_candidates(search, register) -> None:
    whole = search(universe=("dep:30",), count=1_000)
    local = search(universe=("dep:30",), reference="univers", count=1_000)
    assert set(whole.frame.index) == set(local.frame.index)
    alone = search(count=40_000).frame
    pd.testing.assert_series_equal(whole.frame["score"], alone["score"].loc[whole.frame.index])
    assert not np.allclose(local.frame["score"].loc[whole.frame.index], whole.frame["score"])
    assert (local.frame["rang_reference"] == local.frame["rang"]).all()
    assert whole.reference_count > 34_000
    assert local.reference_count == len(local.ranked)


def test_members_are_taken_within_the_universe(search) -> None:
    found = search(universe=("dep:30",), members=("30350", "30007", "75056"), count=50)
    assert set(found.frame.index) == {"30350", "30007"}
    assert found.excluded["hors_liste"] == found.steps[0].remaining - 2


def test_a_commune_inside_the_perimeter_of_an_initiative_is_out_however_far(
    search, directory
) -> None:
    cells = directory.filter(types=["tzcld"], statuses=["habilite"]).frame["communes_resolues"]
    several = [cell.split(";") for cell in cells if ";" in cell]
    inside = {code for codes in several for code in codes}
    assert len(inside) > 50
    found = search(
        distance_min_km=0.0, initiative_types=("tzcld",), initiative_statuses=("habilite",),
        count=40_000,
    )  # fmt: skip
    assert inside.isdisjoint(found.frame.index)
    assert set(found.verdicts[list(inside)]) == {"deja_couverte"}
    freely = search(initiative_types=("tzcld",), initiative_statuses=("habilite",), count=40_000)
    assert freely.frame["deja_couverte"].reindex(sorted(inside)).dropna().all()


def test_no_initiative_to_measure_from_leaves_nobody_out(search, register) -> None:
    found = search(universe=("dep:976",), distance_min_km=100, initiative_types=("chaton",))
    assert found.excluded["trop_proche"] == 0
    assert found.context.nearest["distance_km"][found.context.in_universe].isna().all()


def test_initiatives_without_a_place_are_said_where_a_distance_is_asked(search) -> None:
    asked = {"initiative_types": ("ptce",), "initiative_statuses": ()}
    far = search(distance_min_km=10, **asked)
    (note,) = far.notes
    count = len(far.context.chosen.unlocated)
    assert note.startswith(f"{count}\u00a0initiatives choisies sans lieu connu")
    assert search(**asked).notes == ()


def test_the_count_cuts_the_list_and_says_what_ties_beyond(search) -> None:
    found = search(count=10)
    assert len(found.frame) == 10
    assert len(found.ranked) > 34_000
    last = found.frame["rang"].iloc[-1]
    assert (
        found.tied_beyond
        == (found.ranked["rang"] == last).sum() - (found.frame["rang"] == last).sum()
    )


def test_an_empty_result_is_a_result(search) -> None:
    found = search(universe=("dep:48",), population_min=500_000)
    assert found.frame.empty
    assert found.steps[-1].remaining == 0
    assert list(candidate_table(found).columns)[:4] == ["rang", "nom", "nature", "codes_communes"]


def test_the_same_query_gives_the_same_list(search) -> None:
    first, second = (search(universe=("reg:53",), count=300).frame for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_rules_are_named_once() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert codes[-1] == "non_classee"


def test_the_table_is_for_people(search, register, indicators, recipe) -> None:
    found = search(universe=("dep:30",), initiative_types=("tzcld",), count=12)
    table = candidate_table(found)
    assert len(table) == 12
    assert table["rang"].tolist() == found.frame["rang"].tolist()
    assert table["codes_communes"].tolist() == found.frame.index.tolist()
    assert set(table["departement"]) == {"Gard"}
    assert table["motif"].str.len().min() > 100
    for code in recipe.codes:
        expected = indicators.values[code].loc[found.frame.index].to_numpy()
        half = 0.5 * 10.0 ** -indicators.indicator(code).decimals
        np.testing.assert_allclose(table[f"valeur_{code}"], expected, atol=half + 1e-9)


# Members


def test_a_pasted_list_in_any_shape(register) -> None:
    epci = register.communes["code_epci"]["30350"]
    siren = register.communes["siren"]["30007"]
    listed = parse_members(
        f'30350, 1001;2A004\t| ="01002"\n{epci}\n{epci[:3]} {epci[3:6]} {epci[6:]}\n{siren}\n'
        "dep:48 com:75056",
        register,
    )
    assert listed.communes[:4] == ("30350", "01001", "2A004", "01002")
    lozere = register.codes_of("departement", "48")
    expected = {"30350", "01001", "2A004", "01002", "30007", "75056", *lozere}
    assert set(listed.communes) == expected | set(register.codes_of("epci", epci))
    assert len(listed.communes) == len(set(listed.communes))
    (repaired,) = listed.findings
    assert (repaired.level, repaired.line, repaired.value) == ("information", 1, "1001")
    assert "lu 01001 (L'Abergement-Clémenciat" in repaired.message.replace("’", "'")


def test_on_a_line_with_words_only_the_first_code_counts(register) -> None:
    listed = parse_members("code;nom\n30350 Le Vigan 3800 30120\n2b033 Bastia", register)
    assert listed.communes == ("30350", "2B033")
    assert listed.findings == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("99999", "aucune commune n'a ce code"),
        ("75001", r"code postal, ou l'ancien code d'Alfortville \(94002\)"),
        ("30360", "c'est un code postal : donnez"),
        ("123456789", "ce SIREN n'est ni"),
        ("30", "trop court"),
        ("reg:99", "reg:99"),
        ("Le Vigan", "aucun code reconnu sur cette ligne"),
        ("30350x", "aucun code reconnu|n'a pas la forme"),
        ("303 50", "trop court"),
    ],
)
def test_what_is_not_understood_is_said_with_its_line(register, text: str, message: str) -> None:
    listed = parse_members(f"30007\n{text}\n", register)
    assert listed.communes == ("30007",)
    assert {finding.line for finding in listed.findings} == {2}
    assert any(
        pd.Series([finding.message]).str.contains(message).iloc[0]
        and finding.level == "avertissement"
        for finding in listed.findings
    )


def test_a_first_line_of_names_is_not_lost_as_a_heading(register) -> None:
    listed = parse_members("Le Vigan\nMillau", register)
    assert [(finding.line, finding.value) for finding in listed.findings] == [
        (1, "Le Vigan"),
        (2, "Millau"),
    ]
    assert all(finding.level == "avertissement" for finding in listed.findings)


@pytest.mark.parametrize(
    "heading",
    ["code", "Code INSEE", "code_commune;nom", "\ufeffSIREN\tEPCI\tprésident", "Nom de la commune",
     "\n\nCommunes adhérentes code", '"insee_com"'],
)  # fmt: skip
def test_a_usual_heading_is_not_a_finding(register, heading: str) -> None:
    listed = parse_members(f"{heading}\n30350", register)
    assert (listed.communes, listed.findings) == (("30350",), ())


def test_past_and_lower_codes_become_the_commune_of_today(register) -> None:
    listed = parse_members("75113\n49126", register)
    assert listed.communes[0] == "75056"
    assert listed.findings[0].level == "information"
    delegated = parse_members("01091", register)
    assert delegated.communes == ("01033",)
    assert "lu comme sa commune, Valserhône (01033)" in delegated.findings[0].message
    merged = parse_members("01120", register)
    assert "c'est un code postal, ou l'ancien code de" in merged.findings[0].message


def test_a_commune_that_was_shared_out_is_not_guessed(register) -> None:
    # None is left today that no other reading explains, but next year's may be.
    row = {"code_ancien": "99001", "nom": "Partagée", "date_fin": "2027-01-01"}
    former = pd.DataFrame([{**row, "codes_communes": "30350;30007", "ambigu": "1"}], dtype="str")
    listed = parse_members("99001", dataclasses.replace(register, former=former))
    assert listed.communes == ()
    assert "partagée entre Le Vigan (30350), Alès (30007)" in listed.findings[0].message


def test_a_list_of_names_is_placed_and_homonyms_are_never_guessed(register) -> None:
    gazetteer = Gazetteer.from_register(register)
    names = table("nom,departement\nLe Vigan,30\nRennes,35\nSaint-Denis,\nFoobar,30\n")
    found = members_from_table(names, register, gazetteer)
    assert found.communes == ("30350", "35238")
    assert [finding.line for finding in found.findings] == [4, 5]
    assert "homonymes" in found.findings[0].message
    with pytest.raises(InvalidTable, match="Aucune colonne de codes"):
        members_from_table(names, register)  # without a gazetteer, codes only
    with pytest.raises(InvalidTable, match="Aucune colonne de codes"):
        members_from_table(table("couleur,poids\nbleu,3\n"), register, gazetteer)


def test_a_list_is_bounded(register) -> None:
    with pytest.raises(InvalidRequest, match="a 1001 caractères ; la limite est de 1000"):
        parse_members("x" * 1001, register, max_characters=1000)
    listed = parse_members("\n".join(["99999"] * 500), register)
    assert len(listed.findings) == 101
    assert "400 autres remarques" in listed.findings[-1].message
    assert parse_members("", register).communes == ()


def table(text: str):
    return read_table(text.encode(), "membres.csv", limit_bytes=1_000_000)


def test_an_uploaded_list_by_its_heading_or_by_what_it_holds(register) -> None:
    named = table("Nom;Code INSEE;Population\nLe Vigan;30350;3800\nL'Abergement;1001;800\n")
    assert members_from_table(named, register).communes == ("30350", "01001")
    unnamed = table("Nom;Repère;Habitants\nLe Vigan;30350;3\nAlès;30007;4\n")
    assert members_from_table(unnamed, register).communes == ("30350", "30007")
    joined = table("nom,codes_communes\nGroupe,01001;01002\n")
    assert members_from_table(joined, register).communes == ("01001", "01002")
    wrong = members_from_table(table("code_commune\n30350\n99999\n"), register)
    assert [finding.line for finding in wrong.findings] == [3]
    with pytest.raises(InvalidTable, match="Aucune colonne de codes"):
        members_from_table(table("nom;ville\nx;y\n"), register)


@property_settings
@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_list(register, text: str) -> None:
    listed = parse_members(text, register)
    assert set(listed.communes) <= set(register.communes.index)
