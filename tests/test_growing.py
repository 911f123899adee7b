"""Growing territories: the rules hold on random maps and on real ones, and nothing is silent."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from territoires.candidates.growing import (
    VERDICTS,
    Growth,
    GrowthRules,
    Link,
    NoTerritory,
    contiguity_from_pairs,
    contiguity_of,
    grow,
    grow_by_steps,
    growth_units,
    load_growth_settings,
    load_links,
    municipal_parts,
)
from territoires.errors import DataFileError, InvalidRequest, UnknownTerritory
from territoires.indicators import load_indicators
from territoires.needs import compute_index, recipes_available
from tests.properties import cases

EVERYTHING = 1_000
property_settings = cases(60)


# Random maps: a grid with missing borders, some diagonals, and some communes cut off


@dataclasses.dataclass(frozen=True)
class Map:
    pairs: tuple[tuple[str, str, float], ...]
    units: pd.DataFrame

    def graph(self, links=()):
        both = [*self.pairs, *((there, here, km) for here, there, km in self.pairs)]
        here, there, km = zip(*both, strict=True) if both else ((), (), ())
        return contiguity_from_pairs(self.units.index, here, there, km, links)


@st.composite
def maps(draw, widest=6, with_unknown=True):
    width, height = draw(st.integers(1, widest)), draw(st.integers(1, 5))
    cells = list(itertools.product(range(height), range(width)))
    code = {cell: f"{10_000 + 7 * number}" for number, cell in enumerate(cells)}
    sides = [
        (here, there)
        for here in cells
        for there in ((here[0], here[1] + 1), (here[0] + 1, here[1]), (here[0] + 1, here[1] + 1))
        if there in code
    ]
    # At most one diagonal by square: the graph stays planar.
    kept = draw(st.lists(st.integers(0, 9), min_size=len(sides), max_size=len(sides)))
    pairs = tuple(
        (code[here], code[there], 0.5 + luck)
        for (here, there), luck in zip(sides, kept, strict=True)
        if luck >= (5 if here[0] != there[0] and here[1] != there[1] else 2)
    )
    count = len(cells)
    scores = st.floats(0, 1, width=16)
    if with_unknown:
        scores = st.one_of(scores, scores, scores, st.just(np.nan))
    border = dict.fromkeys(code.values(), 0.0)
    for here, there, km in pairs:
        border[here] += km
        border[there] += km
    units = pd.DataFrame(
        {
            "nom": [f"Commune {name}" for name in code.values()],
            "population": draw(
                st.lists(st.integers(0, 400).map(float), min_size=count, max_size=count)
            ),
            "score": draw(st.lists(scores, min_size=count, max_size=count)),
            "code_epci": draw(
                st.lists(st.sampled_from(["e1", "e2", None]), min_size=count, max_size=count)
            ),
            "superficie_km2": draw(
                st.lists(st.floats(0.125, 50, width=16), min_size=count, max_size=count)
            ),
            "perimetre_km": [border[name] + 1.0 for name in code.values()],
        },
        index=pd.Index(list(code.values()), name="code_commune"),
    )
    return Map(pairs, units)


@st.composite
def asked(draw, codes):
    low = draw(st.integers(0, 900))
    picked = st.lists(st.sampled_from(list(codes)), max_size=2, unique=True)
    must = tuple(draw(picked)) if draw(st.booleans()) else ()
    return GrowthRules(
        population_min=low,
        population_max=low + draw(st.integers(0, 700)),
        inside_epci=draw(st.booleans()),
        overlapping=draw(st.booleans()),
        must_contain=must,
        never=tuple(code for code in draw(picked) if code not in must),
        starts=tuple(draw(st.lists(st.sampled_from(list(codes)), max_size=5, unique=True))),
        allow_unranked=draw(st.booleans()),
        compactness_weight=draw(st.sampled_from([None, 0.0, 0.3])),
        coverage_min=draw(st.sampled_from([None, 0.0, 0.9])),
        count=draw(st.sampled_from([1, 3, EVERYTHING])),
    )


def touching(pairs, codes) -> bool:
    """Tell, without the code under test, whether communes hold together."""
    codes = set(codes)
    around = {code: set() for code in codes}
    for here, there, *_ in pairs:
        if here in codes and there in codes:
            around[here].add(there)
            around[there].add(here)
    seen, waiting = set(), [min(codes)]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(around[one])
    return seen == codes


def check(pairs, units: pd.DataFrame, growth: Growth, coverage_min: float) -> None:
    """Check everything that the rules promise."""
    rules = growth.rules
    low, high = rules.population_min, rules.population_max
    assert 1 <= len(growth.territories) <= rules.count
    for one in growth.territories:
        members = units.loc[list(one.codes)]
        assert list(one.codes) == sorted(set(one.codes))
        assert one.stop
        assert not set(one.codes) & set(rules.never)
        assert set(rules.must_contain) <= set(one.codes)
        free = not rules.starts or rules.must_contain
        assert free or set(rules.starts) & set(one.codes)
        if one.nature == "partie":
            assert members["population"].sum() > high
            continue
        assert one.population == members["population"].sum()
        assert low <= one.population <= high
        assert (one.nature == "commune") == (len(one.codes) == 1)
        assert touching(pairs, one.codes)
        known = members[members["score"].notna()]
        assert one.score == pytest.approx(
            (known["population"] * known["score"]).sum() / known["population"].sum()
            if one.nature == "groupe"
            else known["score"].iloc[0]
        )
        if one.nature == "groupe":
            assert one.coverage == pytest.approx(known["population"].sum() / one.population)
            assert one.coverage >= coverage_min
            unranked = set(members.index) - set(known.index)
            assert rules.allow_unranked or unranked <= set(rules.must_contain)
            assert not rules.inside_epci or members["code_epci"].notna().all()
            assert not rules.inside_epci or len(set(members["code_epci"])) == 1
            fitting = members["population"].between(low, high)
            assert set(members.index[fitting]) <= set(rules.must_contain)
        assert 0 <= one.compactness <= 1
    wholes = [one for one in growth.territories if not one.part]
    in_one = [code for one in growth.territories for code in one.codes]
    in_wholes = [code for one in wholes for code in one.codes]
    assert rules.overlapping or len(in_wholes) == len(set(in_wholes))
    assert len({one.codes for one in wholes}) == len(wholes)
    assert growth.frame["score"].is_monotonic_decreasing
    assert growth.verdicts.index.tolist() == sorted(units.index)
    assert set(growth.verdicts) <= set(VERDICTS)
    assert set(growth.verdicts.index[growth.verdicts == "retenue"]) == set(in_one)
    assert all(growth.reason(code) for code in units.index)


@pytest.fixture(scope="module")
def how(data_dir):
    return load_growth_settings(data_dir)


def grown(given_map: Map, rules: GrowthRules, how) -> Growth:
    try:
        return grow(given_map.graph(), given_map.units, rules, how)
    except InvalidRequest as error:
        assert str(error).endswith(".")  # noqa: PT017 — a refusal is one of the two right answers
        assume(False)
        raise


@property_settings
@given(st.data())
def test_every_rule_holds_on_random_maps(how, data):
    given_map = data.draw(maps())
    rules = data.draw(asked(given_map.units.index))
    growth = grown(given_map, rules, how)
    least = how.coverage_min if rules.coverage_min is None else rules.coverage_min
    check(given_map.pairs, given_map.units, growth, least)


@property_settings
@given(st.data())
def test_the_order_of_rows_changes_nothing(how, data):
    given_map = data.draw(maps())
    rules = data.draw(asked(given_map.units.index))
    growth = grown(given_map, rules, how)
    shuffled = Map(
        tuple(data.draw(st.permutations(given_map.pairs))),
        given_map.units.loc[data.draw(st.permutations(given_map.units.index.tolist()))],
    )
    rules = dataclasses.replace(
        rules,
        must_contain=rules.must_contain[::-1],
        never=rules.never[::-1],
        starts=rules.starts[::-1],
    )
    again = grow(shuffled.graph(), shuffled.units, rules, how)
    pd.testing.assert_frame_equal(growth.frame, again.frame)
    pd.testing.assert_series_equal(growth.verdicts, again.verdicts)
    assert growth.territories == again.territories


@property_settings
@given(st.data())
def test_the_best_group_is_worth_any_two_neighbours(how, data):
    given_map = data.draw(maps(with_unknown=False))
    units = given_map.units
    low = data.draw(st.integers(50, 500))
    rules = GrowthRules(low, low + 400, count=EVERYTHING)
    growth = grown(given_map, rules, how)
    groups = [one.objective for one in growth.territories if one.nature == "groupe"]
    for here, there, km in given_map.pairs:
        two = units.loc[[here, there]]
        small = (two["population"] < low).all()
        if small and low <= two["population"].sum() <= low + 400:
            need = (two["population"] * two["score"]).sum() / two["population"].sum()
            outline = two["perimetre_km"].sum() - 2 * km
            shape = min(1.0, 4 * np.pi * two["superficie_km2"].sum() / outline**2)
            assert max(groups) >= need + how.compactness_weight * shape - 1e-9


@property_settings
@given(st.data())
def test_the_suggested_bounds_give_a_territory(how, data):
    given_map = data.draw(maps(widest=4))
    low = data.draw(st.integers(300, 3000))
    rules = GrowthRules(low, low + data.draw(st.integers(0, 40)), count=EVERYTHING)
    try:
        grow(given_map.graph(), given_map.units, rules, how)
    except NoTerritory as error:
        eased = [
            dataclasses.replace(rules, **{name: getattr(error, name)})
            for name in ("population_min", "population_max")
            if getattr(error, name) is not None
        ]
        assume(eased)
        for wider in eased:
            assert grow(given_map.graph(), given_map.units, wider, how).territories
    else:
        assume(False)


@property_settings
@given(st.data())
def test_local_search_never_loses(how, data):
    given_map = data.draw(maps(with_unknown=False))
    rules = GrowthRules(300, 700, overlapping=True, count=1)
    as_grown = dataclasses.replace(how, moves=0, leaders=0)
    before, after = (
        [one.objective for one in growth.territories if one.nature == "groupe"]
        for growth in (grown(given_map, rules, as_grown), grown(given_map, rules, how))
    )
    assume(before and after)
    assert after[0] >= before[0] - 1e-9


# Real territories


@pytest.fixture(scope="module")
def links(data_dir, register):
    return load_links(data_dir, register)


@pytest.fixture(scope="module")
def graph(register, links):
    return contiguity_of(register, links)


@pytest.fixture(scope="module")
def on_land(register):
    return contiguity_of(register)


@pytest.fixture(scope="module")
def score(register, data_dir):
    recipe = recipes_available(data_dir)["deprise_eloignement"]
    return compute_index(load_indicators(data_dir, register).comparable, recipe).score


@pytest.fixture(scope="module")
def pairs(register, links):
    land = register.borders[["code_commune", "code_voisin"]].itertuples(index=False, name=None)
    return [*land, *(link.ends for link in links)]


@pytest.fixture(scope="module")
def units_of(register, score):
    def units(level, *codes):
        area = [commune for code in codes for commune in register.codes_of(level, code)]
        return growth_units(register, score, area)

    return units


@pytest.mark.parametrize("departement", ["26", "30", "48", "2A", "971", "974"])
@pytest.mark.parametrize("inside_epci", [False, True])
def test_every_rule_holds_on_real_departements(
    departement, inside_epci, graph, pairs, units_of, how
):
    units = units_of("departement", departement)
    rules = GrowthRules(5_000, 10_000, inside_epci=inside_epci, count=EVERYTHING)
    check(pairs, units, grow(graph, units, rules, how), 1.0)
    shuffled = units.sample(frac=1, random_state=7)
    again = grow(graph, shuffled, dataclasses.replace(rules, count=10), how)
    best = grow(graph, units, dataclasses.replace(rules, count=10), how)
    assert again.territories == best.territories


def test_bounds_so_close_that_growth_jumps_over_them(graph, pairs, units_of, how):
    units = units_of("departement", "48")
    growth = grow(graph, units, GrowthRules(5_000, 5_020), how)
    check(pairs, units, growth, 1.0)
    assert sum(one.nature == "groupe" for one in growth.territories) >= 3


def test_all_of_france(graph, pairs, register, score, how):
    units = growth_units(register, score)
    rules = GrowthRules(5_000, 10_000)
    steps, shares = grow_by_steps(graph, units, rules, how, municipal_parts(register)), []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            growth = end.value
            break
    check(pairs, units, growth, 1.0)
    assert len(growth.territories) == 20
    assert growth.tried == growth.startable
    assert len(shares) > 100
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    # What is chosen stands out: the mean need of France is about one half.
    assert growth.frame["score"].min() > 0.7


def test_a_search_can_be_left_at_any_step(graph, units_of, how):
    steps = grow_by_steps(graph, units_of("departement", "26"), GrowthRules(5_000, 10_000), how)
    assert next(steps) == 0.0
    next(steps)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_a_commune_that_fits_stays_alone_and_one_too_large_is_offered_in_part(
    graph, units_of, how, register
):
    units = units_of("departement", "48")
    growth = grow(graph, units, GrowthRules(5_000, 10_000), how, municipal_parts(register))
    part = next(one for one in growth.territories if one.nature == "partie")
    assert part.codes == ("48095",)  # Mende
    assert part.population is None
    assert "une partie de la commune est à choisir" in part.stop
    smaller = grow(graph, units, GrowthRules(2_000, 13_000, count=EVERYTHING), how)
    alone = {one.codes[0] for one in smaller.territories if one.nature == "commune"}
    assert alone == set(units.index[units["population"].between(2_000, 13_000)])


def test_paris_is_offered_by_arrondissement(graph, units_of, how, register):
    units = units_of("departement", "75")
    growth = grow(graph, units, GrowthRules(20_000, 40_000), how, municipal_parts(register))
    (paris,) = growth.territories
    assert (paris.nature, paris.codes, paris.population) == ("partie", ("75056",), None)
    assert len(paris.parts) == 20
    fitting = [part.nom for part in paris.parts if part.fits]
    assert fitting
    assert all(name in paris.stop for name in fitting)
    none_fits = grow(graph, units, GrowthRules(5_000, 10_000), how, municipal_parts(register))
    assert "aucune des 20 parties connues ne convient" in none_fits.territories[0].stop.replace(
        "\u00a0", " "
    )


def test_a_part_with_its_own_need_is_a_territory(graph, units_of, how, register):
    own = pd.DataFrame(
        {
            "code": ["QN07501", "QN07502"],
            "nom": ["Quartier A", "Quartier B"],
            "nature": "qpv",
            "code_commune": "75056",
            "population": [6_000.0, 60_000.0],
            "score": [0.9, 0.95],
        }
    )
    parts = pd.concat([municipal_parts(register), own], ignore_index=True)
    growth = grow(graph, units_of("departement", "75"), GrowthRules(5_000, 10_000), how, parts)
    (quarter,) = growth.territories
    assert (quarter.part, quarter.population, quarter.score) == ("QN07501", 6_000, 0.9)


def test_an_unknown_need_is_never_a_need_of_zero(graph, units_of, how):
    units = units_of("departement", "48")
    unknown = units.index[units["population"] < 1_000][::3]
    units.loc[unknown, "score"] = np.nan
    left_out = grow(graph, units, GrowthRules(5_000, 10_000), how)
    assert not any(set(one.codes) & set(unknown) for one in left_out.territories)
    assert (left_out.verdicts[unknown] == "non_classee").all()
    rules = GrowthRules(5_000, 10_000, allow_unranked=True, coverage_min=0.5, count=EVERYTHING)
    admitted = grow(graph, units, rules, how)
    with_unknown = [one for one in admitted.territories if set(one.codes) & set(unknown)]
    assert with_unknown
    assert all(0.5 <= one.coverage < 1 for one in with_unknown)
    assert all(one.score > 0.05 for one in with_unknown)


# Islands


def test_an_island_without_a_link_says_so(on_land, units_of, how):
    units = units_of("departement", "29")
    growth = grow(on_land, units, GrowthRules(5_000, 10_000), how)
    for island in ("29082", "29083", "29084", "29155"):
        assert growth.verdicts[island] == "ile"
        assert "île, sans liaison déclarée" in growth.reason(island)
    with pytest.raises(InvalidRequest, match="aucune frontière ni liaison déclarée"):
        grow(on_land, units, GrowthRules(5_000, 10_000, must_contain=("29155", "29040")), how)


def test_an_island_joins_by_a_declared_link_and_the_link_is_told(graph, units_of, how):
    units = units_of("departement", "29")
    rules = GrowthRules(5_000, 10_000, must_contain=("29155",))
    (growth,) = grow(graph, units, rules, how).territories
    assert "29155" in growth.codes
    assert ("29040", "29155") in {link.ends for link in growth.links}
    assert all(link.source_url.startswith("http") for link in growth.links)


def test_an_island_large_enough_is_a_territory_by_itself(on_land, units_of, how):
    growth = grow(on_land, units_of("departement", "56"), GrowthRules(5_000, 6_000), how)
    belle_ile = next(one for one in growth.territories if "56152" in one.codes)
    assert belle_ile.codes == ("56009", "56114", "56152", "56241")
    assert belle_ile.stop == "aucune autre commune voisine : île, sans liaison déclarée"
    assert belle_ile.links == ()


def test_every_island_of_the_register_has_a_declared_link(register, links):
    tied = {end for link in links for end in link.ends}
    islands = register.communes.index.difference(register.borders["code_commune"])
    assert len(islands) == 15
    assert set(islands) <= tied
    assert len({link.ends for link in links}) == len(links)


def test_a_damaged_file_of_links_is_refused_with_its_line(tmp_path, register):
    file = tmp_path / "croissance" / "liaisons.csv"
    with pytest.raises(DataFileError, match="absent"):
        load_links(tmp_path, register)
    file.parent.mkdir()
    heading = "code_a,code_b,nature,source_url\n"
    file.write_text(heading, encoding="utf-8")
    assert load_links(tmp_path, register) == ()
    for line, problem in (
        ("29155,00000,bateau,https://a.fr", "aucune commune"),
        ("29155,29040,,https://a.fr", "nature"),
        ("29155,29040,bateau,", "source_url"),
        ("30350,30350,bateau,https://a.fr", "se touchent"),
        ("29040,29201,bateau,https://a.fr", "se touchent"),
    ):
        file.write_text(heading + line + "\n", encoding="utf-8")
        with pytest.raises(DataFileError, match=f"ligne 2.*{problem}"):
            load_links(tmp_path, register)
    file.write_text("code_a,code_b\n29155,29040\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="colonnes absentes"):
        load_links(tmp_path, register)


# What is asked for and cannot be had


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"population_min": 10_001}, "Échangez les deux bornes"),
        ({"population_min": -1}, "négative"),
        ({"compactness_weight": 1.5}, "compacité"),
        ({"compactness_weight": float("nan")}, "compacité"),
        ({"coverage_min": -0.1}, "couverture"),
        ({"count": 0}, "Nombre de territoires"),
        ({"must_contain": ("48001",), "never": ("48001",)}, "exigées et refusées : 48001"),
    ],
)
def test_impossible_rules_are_refused_at_once(choices, message):
    with pytest.raises(InvalidRequest, match=message):
        GrowthRules(**{"population_min": 5_000, "population_max": 10_000, **choices})


def test_unknown_codes_are_named(graph, units_of, how, register, score):
    units = units_of("departement", "48")
    for choices in (
        {"must_contain": ("30350",)},
        {"never": ("x",)},
        {"starts": ("30350", "48001")},
    ):
        with pytest.raises(InvalidRequest, match=r"absentes de la zone : (30350|x)\."):
            grow(graph, units, GrowthRules(5_000, 10_000, **choices), how)
    with pytest.raises(UnknownTerritory, match="99999"):
        growth_units(register, score, ["99999"])
    with pytest.raises(InvalidRequest, match="graphe de voisinage : zzz"):
        grow(graph, units.rename(index={"48001": "zzz"}), GrowthRules(5_000, 10_000), how)


def test_required_communes_that_cannot_be_together(graph, units_of, how):
    gard = units_of("departement", "30", "48")
    for wanted in (("30007",), ("30350", "48001")):  # Alès; two communes a day's walk apart
        rules = GrowthRules(1_000, 2_000, must_contain=wanted)
        with pytest.raises(NoTerritory, match="Portez le maximum à") as too_many:
            grow(graph, gard, rules, how)
        assert gard.loc[wanted[0], "nom"] in str(too_many.value)
        wider = dataclasses.replace(rules, population_max=too_many.value.population_max)
        (territory,) = grow(graph, gard, wider, how).territories
        assert set(wanted) <= set(territory.codes)
    of_two = GrowthRules(5_000, 10_000, inside_epci=True, must_contain=("30350", "48001"))
    with pytest.raises(InvalidRequest, match="sont de 2 EPCI"):
        grow(graph, gard, of_two, how)
    apart = GrowthRules(5_000, 10_000, must_contain=("30350", "2A004"))
    with pytest.raises(InvalidRequest, match="aucune frontière ni liaison déclarée"):
        grow(graph, units_of("departement", "30", "2A"), apart, how)


def test_required_communes_are_there_together(graph, pairs, units_of, how):
    gard = units_of("departement", "30")
    wanted = ("30350", "30052")  # Le Vigan, Bréau-Mars
    rules = GrowthRules(5_000, 10_000, must_contain=wanted, overlapping=True, count=5)
    growth = grow(graph, gard, rules, how)
    check(pairs, gard, growth, how.coverage_min)
    first, *others = growth.territories
    assert others
    assert all(set(one.codes) & set(first.codes) == set(wanted) for one in others)
    alone = grow(graph, gard, dataclasses.replace(rules, overlapping=False), how)
    assert len(alone.territories) == 1
    assert any("sans recouvrement" in note for note in alone.notes)
    best = max(growth.territories, key=lambda one: one.objective)
    assert alone.territories[0].codes == best.codes


def test_a_required_commune_that_fits_stays_alone(graph, units_of, how):
    gard = units_of("departement", "30")
    fits = str(gard.index[gard["population"].between(5_000, 10_000)][0])
    growth = grow(graph, gard, GrowthRules(5_000, 10_000, must_contain=(fits,)), how)
    assert [(one.nature, one.codes) for one in growth.territories] == [("commune", (fits,))]


def test_no_solution_says_what_can_be_reached_and_the_nearest_bounds(graph, units_of, how):
    units = units_of("departement", "48").head(12)
    everyone = int(units["population"].sum())
    rules = GrowthRules(everyone + 1, everyone + 500)
    with pytest.raises(NoTerritory, match="Réglage le plus proche") as caught:
        grow(graph, units, rules, how)
    nearest = caught.value.population_min
    assert nearest is not None
    assert nearest <= everyone
    assert f"{nearest}"[-3:] in str(caught.value)
    eased = dataclasses.replace(rules, population_min=nearest)
    assert grow(graph, units, eased, how).territories
    with pytest.raises(NoTerritory, match="aucune commune de la zone n'y est admise"):
        grow(graph, units_of("departement", "976"), GrowthRules(5_000, 10_000), how)
    nobody = units.assign(score=np.nan)
    with pytest.raises(NoTerritory, match="aucune commune de la zone n'y est admise"):
        grow(graph, nobody, rules, how)


def test_starts_are_members_and_their_neighbours(graph, pairs, units_of, how):
    units = units_of("departement", "26")
    members = tuple(units.index[units["population"].between(300, 900)][:15])
    rules = GrowthRules(5_000, 10_000, starts=members, count=EVERYTHING)
    growth = grow(graph, units, rules, how)
    check(pairs, units, growth, 1.0)
    assert any(set(one.codes) - set(members) for one in growth.territories)
    too_large = units.index[units["population"] > 5_000].difference(members)
    assert (growth.verdicts[too_large] == "hors_depart").all()


# Tables and settings


def test_a_table_that_cannot_be_used_is_refused(graph, units_of, how):
    units = units_of("departement", "48")
    rules = GrowthRules(5_000, 10_000)
    for table, message in (
        (units.drop(columns="score"), "colonnes absentes : score"),
        (units.head(0), "Aucune commune où chercher"),
        (pd.concat([units, units.head(1)]), "deux fois"),
        (units.assign(population=-1.0), "négative"),
        (units.assign(score=np.inf), "infini"),
    ):
        with pytest.raises(InvalidRequest, match=message):
            grow(graph, table, rules, how)
    with pytest.raises(InvalidRequest, match="Parties de communes"):
        grow(graph, units, rules, how, pd.DataFrame({"code": []}))
    with pytest.raises(InvalidRequest, match="zone"):
        grow(graph, units, rules, how).reason("99999")
    with pytest.raises(InvalidRequest, match="Voisinage d'une commune inconnue"):
        contiguity_from_pairs(units.index, [], [], [], [Link(("48001", "zzz"), "pont", "https://")])


def test_areas_and_perimeters_agree_with_the_register(register, score):
    units = growth_units(register, score, register.codes_of("departement", "48"))
    official = register.communes.loc[units.index, "superficie_km2"]
    assert (units["superficie_km2"] / official - 1).abs().max() < 0.01
    shared = register.borders.groupby("code_commune")["frontiere_m"].sum().loc[units.index] / 1000
    assert (shared <= units["perimetre_km"] + 0.01).all()
    # Lozère has neither coast nor foreign border: neighbours go all around.
    assert (shared / units["perimetre_km"]).min() > 0.999


def test_settings_are_dated_and_checked(tmp_path, data_dir):
    settings_read = load_growth_settings(data_dir)
    assert settings_read.measured_on.year >= 2026
    text = (data_dir / "croissance" / "reglages.toml").read_text(encoding="utf-8")
    file = tmp_path / "croissance" / "reglages.toml"
    file.parent.mkdir()
    for before, after, problem in (
        ("attrait = 2.0", "", "attrait"),
        ("attrait = 2.0", 'attrait = "fort"', "attrait"),
        ("compacite = 0.1", "compacite = -1", "compacite"),
        ("couverture_min = 0.66", "couverture_min = 66", "couverture_min"),
        ("mesure_le = 2026-11-26", 'mesure_le = "hier"', "mesure_le"),
    ):
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")
        with pytest.raises(DataFileError, match=problem):
            load_growth_settings(tmp_path)
