"""Territories alike: distances that obey their rules, and sentences that anyone can recompute."""

from __future__ import annotations

import dataclasses
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.candidates.alike import (
    AlikeQuery,
    Criterion,
    alike_table,
    closest,
    comparisons,
    find_alike,
    initiatives_by_place,
    likeness_sentence,
    load_likeness_rules,
    most_different,
    profiles_of,
    read_reference,
    unknown_indicators,
    wider_criteria,
)
from territoires.candidates.alike.wording import times
from territoires.errors import AmbiguousTerritory, DataFileError, InvalidRequest, UnknownTerritory
from territoires.indicators import Indicator, IndicatorTable, format_value
from territoires.territory import Territoire, territory_from_code
from tests.properties import cases

LODEVE = "34142"
SEED = 20261126
property_settings = cases(30)


@pytest.fixture(scope="module")
def rules(data_dir):
    return load_likeness_rules(data_dir)


@pytest.fixture(scope="module")
def criteria(rules, indicators):
    return rules.criteria_for(indicators.catalogue)


@pytest.fixture(scope="module")
def profiles(register, indicators, rules):
    def make(*codes):
        territories = [territory_from_code(register, code) for code in codes]
        return profiles_of(indicators, territories, rules.thresholds.min_part)

    return make


@pytest.fixture(scope="module")
def search(indicators, profiles, criteria, rules):
    def run(*codes, **choices):
        query = AlikeQuery(**{"criteria": criteria, **choices})
        return find_alike(indicators, profiles(*codes), query, rules)

    return run


@pytest.fixture(scope="module")
def like_lodeve(search):
    return search(f"com:{LODEVE}")


# Invented places: what must hold whatever the figures

INDICATOR = Indicator(
    code="x", label="x", definition="x", unit="%", numerator="", denominator="", direction=1,
    decimals=1, aggregation="moyenne_ponderee", level="commune", family="x", producer="x",
    source="x", source_url="x", licence="x", vintage="x", cog_year=2026,
)  # fmt: skip


def made_table(values: np.ndarray) -> IndicatorTable:
    index = [f"{at:05d}" for at in range(len(values))]
    codes = [f"i{at}" for at in range(values.shape[1])]
    frame = pd.DataFrame(values, index=index, columns=codes)
    known = frame.notna()
    categories = ["publie", "secret", "plancher", "non_disponible", "hors_champ"]
    statuses = {
        code: pd.Categorical(
            np.where(known[code], "publie", "non_disponible"), categories=categories
        )
        for code in codes
    }
    return IndicatorTable(
        catalogue={code: dataclasses.replace(INDICATOR, code=code) for code in codes},
        values=frame,
        numerators=frame * np.nan,
        denominators=frame * np.nan,
        statuses=pd.DataFrame(statuses, index=index),
        coverage=known.astype(float),
        population=pd.Series(1000.0, index=index),
    )


def made_profiles(table, rules, *codes):
    territories = [
        Territoire(f"com:{code}", code, "commune", (code,), False, 1000) for code in codes
    ]
    return profiles_of(table, territories, rules.thresholds.min_part)


def measured(table, rules, *codes, weights=None, **choices) -> pd.Series:
    """Distances of all comparable places to references; empty when there is none."""
    weights = weights or [1.0] * len(table.catalogue)
    asked = tuple(Criterion(c, w) for c, w in zip(table.catalogue, weights, strict=True))
    query = AlikeQuery(asked, sizes="toutes", **choices)
    try:
        found = find_alike(table, made_profiles(table, rules, *codes), query, rules)
    except InvalidRequest as refusal:
        if "comparable" not in str(refusal):
            raise
        return pd.Series(dtype=float)
    return found.ranked["distance"]


figure = st.integers(-50, 50).map(lambda whole: whole / 4)
missing_or_figure = st.one_of(figure, figure, figure, st.just(float("nan")))


@st.composite
def tables(draw, cells=missing_or_figure):
    rows, columns = draw(st.integers(4, 9)), draw(st.integers(1, 4))
    drawn = draw(st.lists(cells, min_size=rows * columns, max_size=rows * columns))
    return made_table(np.array(drawn, dtype=float).reshape(rows, columns))


@given(tables())
@property_settings
def test_a_distance_is_between_0_and_1(rules, table) -> None:
    found = measured(table, rules, "00000")
    assert ((found >= 0) & (found <= 1)).all()
    assert "00000" not in found.index


@given(tables(cells=figure))
@property_settings
def test_a_twin_is_at_distance_zero_and_first(rules, table) -> None:
    values = table.values.to_numpy().copy()
    values[1] = values[0]
    found = measured(made_table(values), rules, "00000")
    assert found["00001"] == 0
    assert found.iloc[0] == 0


@given(tables())
@property_settings
def test_it_is_as_far_back_as_forth(rules, table) -> None:
    there, back = measured(table, rules, "00000"), measured(table, rules, "00001")
    assert there.get("00001", -1.0) == back.get("00000", -1.0)


@given(tables(), st.randoms(use_true_random=False))
@property_settings
def test_the_order_of_places_and_indicators_changes_nothing(rules, table, random) -> None:
    rows, columns = list(table.values.index), list(table.catalogue)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = dataclasses.replace(
        table,
        catalogue={code: table.catalogue[code] for code in columns},
        population=table.population[rows],
        **{
            name: getattr(table, name).loc[rows, columns]
            for name in ("values", "numerators", "denominators", "statuses", "coverage")
        },
    )
    found, again = measured(table, rules, "00000"), measured(shuffled, rules, "00000")
    assert set(found.index) == set(again.index)
    assert np.allclose(found, again.reindex(found.index), atol=1e-12)


@given(tables(), st.lists(st.floats(0.001, 1000), min_size=4, max_size=4))
@property_settings
def test_units_change_nothing(rules, table, factors) -> None:
    scaled = made_table(table.values.to_numpy() * np.array(factors[: len(table.catalogue)]))
    found, again = measured(table, rules, "00000"), measured(scaled, rules, "00000")
    assert set(found.index) == set(again.index)
    assert np.allclose(found, again.reindex(found.index), atol=1e-9)


@given(tables(), st.floats(1e-6, 1e6), st.lists(st.floats(0.1, 9), min_size=4, max_size=4))
@property_settings
def test_only_the_proportions_of_weights_count(rules, table, factor, weights) -> None:
    weights = weights[: len(table.catalogue)]
    found = measured(table, rules, "00000", weights=weights)
    again = measured(table, rules, "00000", weights=[weight * factor for weight in weights])
    assert set(found.index) == set(again.index)
    assert np.allclose(found, again.reindex(found.index), atol=1e-9)


@given(tables(cells=figure))
@property_settings
def test_a_weight_of_zero_is_an_indicator_left_out(rules, table) -> None:
    codes = list(table.catalogue)
    if len(codes) < 2:
        return
    found = measured(table, rules, "00000", weights=[0.0] + [1.0] * (len(codes) - 1))
    without = made_table(table.values.to_numpy()[:, 1:])
    pd.testing.assert_series_equal(found, measured(without, rules, "00000"))


@given(tables(cells=figure))
@property_settings
def test_what_is_missing_is_neither_close_nor_far(rules, table) -> None:
    """A place equal on everything it knows is at 0 with a coverage below 1, or set aside."""
    values = table.values.to_numpy().copy()
    values[1] = values[0]
    values[1, 0] = np.nan
    columns = values.shape[1]
    holed = made_table(values)
    criteria = tuple(Criterion(code) for code in holed.catalogue)
    query = AlikeQuery(criteria, sizes="toutes")
    found = find_alike(holed, made_profiles(holed, rules, "00000"), query, rules)
    known = (columns - 1) / columns
    if known >= rules.thresholds.min_coverage:
        assert found.ranked["distance"]["00001"] == 0
        assert found.ranked["couverture"]["00001"] == pytest.approx(known)
    else:
        assert "00001" not in found.ranked.index
        assert found.aside["00001"] == pytest.approx(known)


def test_two_unknowns_are_not_the_same_figure(rules) -> None:
    nan = float("nan")
    table = made_table(np.array([[1, nan, 3.0], [1, nan, 3], [2, 5, 3], [4, 6, 7]]))
    codes = tuple(Criterion(code) for code in table.catalogue)
    query = AlikeQuery(codes, sizes="toutes")
    found = find_alike(table, made_profiles(table, rules, "00000"), query, rules)
    assert found.ranked["couverture"]["00001"] == pytest.approx(2 / 3)
    heavy = tuple(dataclasses.replace(one, weight=5.0 if one.code == "i1" else 1) for one in codes)
    with pytest.raises(InvalidRequest, match="Inconnus de la référence : x"):
        find_alike(
            table, made_profiles(table, rules, "00000"), AlikeQuery(heavy, sizes="toutes"), rules
        )


@given(tables(), st.permutations(["00000", "00001", "00002"]))
@property_settings
def test_several_references_are_the_nearest_of_them(rules, table, order) -> None:
    found = measured(table, rules, *order)
    alone = pd.concat([measured(table, rules, code) for code in order], axis="columns")
    expected = alone.min(axis="columns").drop(order, errors="ignore")
    assert set(found.index) == set(expected.index)
    assert np.allclose(found, expected.reindex(found.index), atol=1e-12)


def test_a_value_beyond_all_others_is_not_the_last_one(rules) -> None:
    table = made_table(np.array([[5.0], [5], [5], [9]]))
    query = AlikeQuery((Criterion("i0"),), sizes="toutes")
    only_fives = dataclasses.replace(
        table,
        catalogue=table.catalogue,
        population=table.population.iloc[:3],
        **{
            name: getattr(table, name).iloc[:3]
            for name in ("values", "numerators", "denominators", "statuses", "coverage")
        },
    )
    outside = made_profiles(table, rules, "00003")
    found = find_alike(only_fives, outside, query, rules)
    assert (found.ranked["distance"] > 0).all()


# Real communes


def test_every_distance_is_recomputed_by_hand(indicators, criteria, search, like_lodeve) -> None:
    """An independent computation in plain pandas, on all communes of the size class."""
    codes = [criterion.code for criterion in criteria]
    population = indicators.population
    sized = population.index[(population >= 5000) & (population < 10_000)]
    values = indicators.comparable.loc[sized, codes]
    ranks = (values.rank() - 1) / (values.count() - 1)
    gaps = (ranks - ranks.loc[LODEVE]).drop(index=LODEVE)
    expected = np.sqrt((gaps**2).mean(axis="columns"))
    assert set(like_lodeve.ranked.index) | set(like_lodeve.aside.index) == set(gaps.index)
    found = like_lodeve.ranked["distance"]
    assert np.allclose(found, expected[found.index], atol=1e-12)
    assert found.is_monotonic_increasing
    assert (like_lodeve.ranked["rang"] == found.round(12).rank(method="min")).all()


def test_the_detailed_table_holds_what_the_distance_is_made_of(
    register, search, criteria, directory
) -> None:
    found = search(f"com:{LODEVE}", "com:21603", count=200, sizes="voisines")
    table = alike_table(register, found, {}, details=True)
    gaps = table[[f"ecart_{criterion.code}" for criterion in criteria]]
    again = np.sqrt((gaps**2).mean(axis="columns"))
    assert np.allclose(again, table["distance"], atol=2e-4)
    assert set(table["comparaison"]) == {"Lodève", "Semur-en-Auxois"}


def test_a_group_has_the_figures_of_its_sums(register, indicators, profiles) -> None:
    (apt,) = profiles("groupe:84003-84047-84118")
    rows = register.communes.loc[["84003", "84047", "84118"]]
    assert apt.population == rows["population"].sum()
    density = rows["population"].sum() / rows["superficie_km2"].sum()
    assert apt.values["densite"] == pytest.approx(density)
    growth = (rows["population"].sum() / rows["population_2016"].sum()) ** (1 / 7) - 1
    assert apt.values["evolution_population"] == pytest.approx(growth * 100)


def test_the_communes_of_a_reference_are_not_found_again(search, register) -> None:
    epci = str(register.communes["code_epci"][LODEVE])
    found = search(f"epci:{epci}", sizes="toutes")
    members = set(register.codes_of("epci", epci))
    assert not members & set(found.ranked.index)
    assert len(found.ranked) + len(found.aside) == len(register.communes) - len(members)


def test_a_universe_narrows_the_list_and_not_the_distances(search, register, like_lodeve) -> None:
    region = frozenset(register.codes_of("region", "76"))
    found = search(f"com:{LODEVE}", universe=region)
    assert set(found.ranked.index) == set(like_lodeve.ranked.index) & region
    assert (found.ranked["distance"] == like_lodeve.ranked["distance"][found.ranked.index]).all()
    assert found.ranked["rang"].iloc[0] == 1


def test_the_median_profile_is_the_median(search, profiles) -> None:
    codes = ("com:34142", "com:07319", "com:21603")
    found = search(*codes, several="profil")
    (target,) = found.targets
    three = pd.DataFrame([one.values for one in profiles(*codes)])
    assert target.values["densite"] == three["densite"].median()
    assert target.values["zone_tension_logement"] in set(three["zone_tension_logement"])
    assert "le profil médian de 3 territoires" in likeness_sentence(found, found.ranked.index[0])


def test_epci_are_compared_with_epci(register, indicators, rules, criteria, profiles) -> None:
    by_epci = indicators.for_groups(register.communes["code_epci"])
    query = AlikeQuery(criteria, level="epci")
    found = find_alike(by_epci, profiles("epci:200017341"), query, rules)
    assert "200017341" not in found.ranked.index
    assert found.ranked["population"].between(10_000, 19_999).all()
    table = alike_table(register, found, {})
    assert list(table.columns[:5]) == ["rang", "code_epci", "nom", "distance", "population"]


def test_a_figure_wider_than_the_commune_only_when_asked(rules, indicators, search) -> None:
    default = rules.criteria_for(indicators.catalogue)
    assert not wider_criteria(default, indicators.catalogue)
    asked = (Criterion("taux_chomage_departement"), Criterion("densite"))
    assert [one.code for one in wider_criteria(asked, indicators.catalogue)] == [
        "taux_chomage_departement"
    ]
    found = search(f"com:{LODEVE}", criteria=asked)
    assert "chiffre du département" in likeness_sentence(found, found.ranked.index[0])


def test_a_figure_of_another_survey_is_never_compared(search) -> None:
    asked = (Criterion("taux_pauvrete_departement"), Criterion("densite"))
    with pytest.raises(InvalidRequest, match="Taux de pauvreté"):
        search("com:97129", criteria=asked)  # Guadeloupe: shown, not ranked with the rest


# Sizes


@pytest.mark.parametrize(
    ("population", "code"),
    [(0, "0-499"), (499, "0-499"), (500, "500-999"), (9999, "5000-9999"), (10_000, "10000-19999"),
     (2_103_778, "200000+")],
)  # fmt: skip
def test_size_classes_include_their_bounds(rules, population, code) -> None:
    assert rules.sizes.codes[rules.sizes.of([population])[0]] == code


def test_sizes_are_those_of_the_references_or_the_next_ones(rules) -> None:
    sizes = rules.sizes
    assert sizes.told(sizes.chosen("meme", [7251])) == "5\u202f000 à 9\u202f999\u00a0habitants"
    assert [sizes.codes[at] for at in sizes.chosen("voisines", [7251])] == [
        "2000-4999", "5000-9999", "10000-19999",
    ]  # fmt: skip
    assert len(sizes.chosen("toutes", [7251])) == len(sizes.codes)
    assert len(sizes.chosen("meme", [7251, 300])) == 2
    with pytest.raises(InvalidRequest, match="5000-9999"):
        sizes.chosen(("geante",), [7251])


def test_sizes_are_dated_sourced_data(rules) -> None:
    assert any("insee.fr" in source for source in rules.sizes.sources)
    assert rules.chosen_on.year == 2026


# Words

NUMBER = re.compile(r"\u2212?\d[\d\u202f]*(?:,\d+)?")


def test_every_number_of_fifty_sentences(indicators, like_lodeve) -> None:
    drawn = np.random.default_rng(SEED).choice(like_lodeve.ranked.index, 50, replace=False)
    told = 0
    for place in drawn:
        sentence = likeness_sentence(like_lodeve, place).replace("ville de 10 000 habitants", "")
        allowed = {
            number
            for code in like_lodeve.query.codes
            for holder in (place, LODEVE)
            for number in NUMBER.findall(
                format_value(indicators.indicator(code), indicators.values[code][holder])
            )
        }
        numbers = NUMBER.findall(sentence.replace("/km²", ""))
        assert set(numbers) <= allowed, sentence
        told += len(numbers)
    assert told > 200


def test_what_is_told_alike_is_close_and_what_differs_is_far(rules, like_lodeve) -> None:
    limits = rules.thresholds
    for place in like_lodeve.ranked.index[:200]:
        found = comparisons(like_lodeve, place)
        near, far = closest(found, 3), most_different(found, 3)
        assert all(one.gap <= limits.close for one in near)
        assert all(one.gap >= limits.far for one in far)
        assert [one.gap for one in far] == sorted((one.gap for one in far), reverse=True)
        assert not {one.indicator.code for one in near} & {one.indicator.code for one in far}
        others = [one.gap for one in found if one.is_far and one not in far]
        assert not far or max(others, default=0) <= far[-1].gap


def test_plain_words_for_a_real_pair(search) -> None:
    found = search(f"com:{LODEVE}", universe=frozenset({"70310"}))
    sentence = likeness_sentence(found, "70310")
    assert "densité proche (320,5\u00a0hab./km² contre 310,3)" in sentence
    assert "préfecture deux fois plus près (26,6\u00a0km contre 48,9)" in sentence


def test_what_is_unknown_is_said(search, indicators) -> None:
    codes = indicators.comparable.loc[search(f"com:{LODEVE}", sizes="toutes").ranked.index]
    place = codes.index[codes["heures_mairie"].isna()][0]
    found = search(f"com:{LODEVE}", sizes="toutes")
    assert [one.code for one in unknown_indicators(found, place)] == ["heures_mairie"]
    assert "Non comparé, faute de chiffre : ouverture hebdomadaire de la mairie." in (
        likeness_sentence(found, place)
    )


@pytest.mark.parametrize(
    ("value", "reference", "expected"),
    [
        (34.0, 17.0, "deux fois"), (17.0, 34.0, "deux fois"), (13.0, 10.0, ""),
        (15.0, 10.0, "une fois et demie"), (26.0, 10.0, "deux fois et demie"),
        (29.0, 10.0, "trois fois"), (99.0, 10.0, "dix fois"), (150.0, 10.0, "plus de dix fois"),
        (0.0, 10.0, ""), (-5.0, 10.0, ""),
    ],
)  # fmt: skip
def test_how_many_times(value, reference, expected) -> None:
    assert times(value, reference) == expected


def test_every_default_criterion_and_phrase_names_a_known_indicator(rules, data_dir) -> None:
    known = set(re.findall(r'^code = "(\w+)"', _all_catalogues(data_dir), flags=re.MULTILINE))
    assert {criterion.code for criterion in rules.criteria} <= known
    assert set(rules.phrases) <= known
    assert {criterion.code for criterion in rules.criteria} <= set(rules.phrases)


def _all_catalogues(data_dir) -> str:
    folder = data_dir / "indicateurs"
    files = [folder / "catalogue.toml", *sorted((folder / "officiels").glob("*.toml"))]
    return "\n".join(file.read_text("utf-8") for file in files)


# Visits


def test_who_already_does_it_in_a_place_like_mine(register, directory, like_lodeve) -> None:
    tzcld = initiatives_by_place(register, directory.filter(types=["tzcld"]))
    table = alike_table(register, like_lodeve, tzcld).set_index("code_commune")
    assert table["initiatives"]["09261"] == "tzcld-agglomeration-de-saint-girons"
    assert table["initiatives"]["08362"] == ""


def test_initiatives_of_an_epci_are_those_of_its_communes(register, directory) -> None:
    by_commune = initiatives_by_place(register, directory)
    by_epci = initiatives_by_place(register, directory, "epci")
    epci = str(register.communes["code_epci"][LODEVE])
    expected = {one for c in register.codes_of("epci", epci) for one in by_commune.get(c, ())}
    assert set(by_epci[epci]) == expected != set()


# Typed references


@pytest.mark.parametrize(
    ("typed", "code", "note"),
    [
        ("34142", "com:34142", ""),
        ("com:34142", "com:34142", ""),
        ("Lodève", "com:34142", ""),
        ("epci:200017341", "epci:200017341", ""),
        ("200017341", "epci:200017341", ""),
        ("1004", "com:01004", "zéro de tête perdu"),
        ("75113", "com:75056", "lu comme sa commune"),
    ],
)
def test_a_reference_is_read_as_people_type_it(register, typed, code, note) -> None:
    read = read_reference(register, typed)
    assert read.territory.code == code
    assert note in read.note


def test_a_reference_that_is_none_says_why(register) -> None:
    with pytest.raises(InvalidRequest, match="aucune commune n'a ce code"):
        read_reference(register, "99999")
    with pytest.raises(InvalidRequest, match="code postal"):
        read_reference(register, "75001")
    with pytest.raises(UnknownTerritory):
        read_reference(register, "Lodeve-les-Bains-sur-Mer")
    with pytest.raises(AmbiguousTerritory, match="32389"):
        read_reference(register, "Saint-Martin")


def test_a_part_of_a_commune_has_no_figures_of_its_own(profiles) -> None:
    with pytest.raises(InvalidRequest, match="com:75056"):
        profiles("arm:75113")


# Impossible requests


def test_requests_that_cannot_be_answered_say_what_would(search, criteria, register) -> None:
    epci = frozenset(register.codes_of("epci", "200017341"))
    with pytest.raises(InvalidRequest, match=r"Tailles présentes : 0-499 \(23\)"):
        search(f"com:{LODEVE}", universe=epci)
    with pytest.raises(InvalidRequest, match="Rien à comparer ici"):
        search(f"com:{LODEVE}", universe=frozenset())
    with pytest.raises(InvalidRequest, match="Indicateur inconnu"):
        search(f"com:{LODEVE}", criteria=(Criterion("inconnu"),))
    with pytest.raises(InvalidRequest, match="pas parmi les territoires comparés"):
        comparisons(search(f"com:{LODEVE}"), LODEVE)
    for wrong in (
        {"criteria": ()},
        {"criteria": (Criterion("densite", 0.0),)},
        {"criteria": (Criterion("densite"), Criterion("densite"))},
        {"criteria": criteria, "count": 0},
        {"criteria": criteria, "several": "tous"},
    ):
        with pytest.raises(InvalidRequest):
            AlikeQuery(**wrong)
    with pytest.raises(InvalidRequest, match="positif ou nul"):
        Criterion("densite", -1.0)


def test_an_indicator_that_is_never_ranked_is_refused(rules, indicators, profiles) -> None:
    catalogue = dict(indicators.catalogue)
    catalogue["densite"] = dataclasses.replace(catalogue["densite"], rankable=False)
    table = dataclasses.replace(indicators, catalogue=catalogue)
    assert "densite" not in [one.code for one in rules.criteria_for(catalogue)]
    query, references = AlikeQuery((Criterion("densite"),)), profiles(f"com:{LODEVE}")
    with pytest.raises(InvalidRequest, match="sans être comparé"):
        find_alike(table, references, query, rules)


def test_no_reference_is_said(rules, indicators) -> None:
    with pytest.raises(InvalidRequest, match="au moins un territoire de référence"):
        profiles_of(indicators, [], rules.thresholds.min_part)


# What the test on known territories says


def test_the_ranking_is_not_offered_by_default_unless_it_beats_population(rules) -> None:
    verdict = rules.verdict
    assert verdict.measures
    for measure in verdict.measures:
        assert 0 <= float(measure["ressemblance"]) <= 1
        assert 0 <= float(measure["population_seule"]) <= 1
    beaten = all(
        float(measure["ressemblance"]) > float(measure["population_seule"])
        for measure in verdict.measures
    )
    assert beaten or not verdict.by_default
    assert "population" in verdict.sentence


def test_the_published_page_says_what_the_application_reads(rules, data_dir) -> None:
    page = (data_dir.parent / "docs" / "methode" / "semblables.md").read_text("utf-8")
    assert f"`proposee_par_defaut = {str(rules.verdict.by_default).lower()}`" in page
    assert rules.verdict.rule[1:] in page
    assert (data_dir.parent / "docs" / "captures" / "semblables.svg").is_file()


# Damaged files


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("reglages.toml", "couverture_min = 0.66", "couverture_min = 1.66", "une part de 0 à 1"),
        ("reglages.toml", "phrases = 3", "phrases = 0", "phrases"),
        ("reglages.toml", "phrases = 3", "phrases = 3\nautre = 1", "champ inconnu : autre"),
        ("reglages.toml", 'code = "densite"', 'code = "population"', "chacun une fois"),
        ("reglages.toml", "ecart_semblable = 0.10", "ecart_semblable = 0.9", "ecart_different"),
        ("tailles.toml", "[0, 500,", "[0, 500, 400,", "croissants"),
        ("tournures.toml", 'pareil = "même densité"\n', "", "tournures.densite"),
        ("epreuve.toml", "proposee_par_defaut", "proposee", "proposee_par_defaut"),
    ],
)
def test_a_damaged_file_is_said(tmp_path, data_dir, name, before, after, words) -> None:
    shutil.copytree(data_dir / "semblables", tmp_path / "semblables")
    path = tmp_path / "semblables" / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DataFileError, match=re.escape(words)) as refusal:
        load_likeness_rules(tmp_path)
    assert name in str(refusal.value)
