"""Territoire: codes of every level, sums, outlines, and never a guess between two names."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.communes import LEVELS
from territoires.errors import AmbiguousTerritory, InvalidRequest, UnknownTerritory
from territoires.territory import (
    dissolve,
    find_territory,
    territory_from_code,
    territory_from_communes,
)
from territoires.territory.levels import LEVEL_NAMES
from territoires.territory.making import GROUP_LEVEL, PART_LEVEL, ZONE_LEVEL
from territoires.territory.territoire import ARM_LEVEL, QPV_LEVEL

EVERY_KIND = [
    "com:30350",
    "epci:243000270",
    "ept:200057867",
    "arr:303",
    "dep:30",
    "dep:2A",
    "dep:974",
    "reg:76",
    "arm:75113",
    "groupe:30350-46334",
    "partie:59350",
]


@pytest.mark.parametrize("code", EVERY_KIND)
def test_a_typed_code_is_read_back(register, code):
    territory = territory_from_code(register, code)
    assert territory.code == code
    assert territory.communes == tuple(sorted(set(territory.communes)))
    assert territory_from_code(register, f" {code.upper()} ") == territory


def test_every_kind_has_a_name() -> None:
    made = {ARM_LEVEL, QPV_LEVEL, GROUP_LEVEL, PART_LEVEL, ZONE_LEVEL}
    assert set(LEVEL_NAMES) == {*LEVELS, *made}


@pytest.mark.parametrize("code", EVERY_KIND)
def test_everything_can_be_asked_of_every_kind(register, code):
    territory = territory_from_code(register, code)
    outline = territory.outline(register)
    assert outline.is_valid
    assert outline.geom_type in ("Polygon", "MultiPolygon")
    longitude, latitude = territory.reference_point(register)
    assert shapely.distance(outline, shapely.Point(longitude, latitude)) < 0.02
    area = territory.superficie_km2(register)
    assert area is None if code.startswith("partie:") else area > 0
    # Five communes of the Hautes-Pyrénées are surrounded by another région.
    assert territory.contiguous(register) == (code not in ("groupe:30350-46334", "reg:76"))


@pytest.mark.parametrize(
    "code", ["", "30350", "com:", "com:99999", "xyz:1", "dep:999", "reg:30", "arm:30350",
             "groupe:30350-99999", "groupe:", "pays:BE", ":", "com:30350-30007", "a" * 5000],
)  # fmt: skip
def test_codes_that_name_nothing_are_refused(register, code):
    with pytest.raises(UnknownTerritory):
        territory_from_code(register, code)


def test_the_country_holds_every_commune(register):
    country = territory_from_code(register, "pays:FR")
    assert country.communes == tuple(register.communes.index)
    assert country.population == int(register.communes["population"].sum())


# Sums


@pytest.mark.parametrize(
    ("level", "prefix"), [("departement", "dep"), ("region", "reg"), ("epci", "epci")]
)
def test_population_of_a_group_is_the_sum_of_its_communes(register, level, prefix):
    sums = register.communes.groupby(f"code_{level}")["population"].sum()
    for code, expected in sums.items():
        assert territory_from_code(register, f"{prefix}:{code}").population == expected


def test_population_is_missing_when_nothing_is_known(register, monkeypatch):
    unknown = register.communes.copy()
    unknown.loc[["30350", "30007"], "population"] = None
    monkeypatch.setitem(register.__dict__, "communes", unknown)
    assert territory_from_communes(register, ["30350", "30007"], "X").population is None
    assert territory_from_communes(register, ["30350", "30189"], "X").population == int(
        unknown["population"]["30189"]
    )


def test_a_part_has_the_population_it_is_given_and_no_other(register):
    part = territory_from_communes(register, ["59350"], "Un quartier", partiel=True)
    assert (part.population, part.niveau, part.code) == (None, "partie", "partie:59350")
    known = territory_from_communes(register, ["59350"], "X", partiel=True, population=6000)
    assert known.population == 6000


def test_one_whole_commune_is_that_commune(register):
    alone = territory_from_communes(register, ["30350"], "Le Vigan")
    assert alone == territory_from_code(register, "com:30350")


def test_no_commune_is_no_territory(register):
    with pytest.raises(InvalidRequest):
        territory_from_communes(register, [], "Rien")
    with pytest.raises(UnknownTerritory):
        territory_from_communes(register, ["99999"], "Rien")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_order_and_repetition_of_communes_do_not_count(register, data):
    members = data.draw(st.lists(st.sampled_from(list(register.communes.index)), min_size=2,
                                 max_size=6, unique=True))  # fmt: skip
    shuffled = data.draw(st.permutations([*members, members[0]]))
    territory = territory_from_communes(register, members, "X")
    assert territory_from_communes(register, shuffled, "X") == territory
    again = territory_from_code(register, "groupe:" + "-".join(shuffled))
    assert (again.code, again.communes) == (territory.code, territory.communes)
    assert again.population == territory.population
    area = register.communes.loc[members, "superficie_km2"].sum()
    assert territory.superficie_km2(register) == pytest.approx(area)


# Outlines and points


def test_outlines_of_epci_cover_the_ground_of_their_communes(register):
    areas = np.zeros(2)
    for code in register.epci.index[::25]:
        territory = territory_from_code(register, f"epci:{code}")
        parts = register.geometries[register.positions(territory.communes)]
        outline = territory.outline(register)
        assert outline.is_valid
        areas += outline.area, shapely.area(parts).sum()
        assert outline.area == pytest.approx(shapely.area(parts).sum(), rel=2e-3)
    assert areas[0] == pytest.approx(areas[1], rel=1e-4)


@pytest.mark.parametrize("code", ["reg:84", "reg:76", "reg:11", "reg:53", "dep:973"])
def test_a_large_outline_is_that_of_a_plain_union(register, code):
    territory = territory_from_code(register, code)
    outline = territory.outline(register)
    plain = shapely.union_all(register.geometries[register.positions(territory.communes)])
    assert outline.is_valid
    assert shapely.symmetric_difference(outline, plain).area < 1e-5 * plain.area


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 4)), min_size=1,
                max_size=8))  # fmt: skip
def test_dissolve_survives_outlines_that_overlap(squares):
    polygons = np.array([shapely.box(x, y, x + side, y + side) for x, y, side in squares])
    merged = dissolve(polygons)
    assert merged.is_valid
    assert merged.area == pytest.approx(shapely.union_all(polygons).area)


def test_the_reference_point_is_that_of_the_most_populous_commune(register):
    group = territory_from_communes(register, ["30350", "30189", "30007"], "X")
    nimes = territory_from_code(register, "com:30189")
    assert group.reference_point(register) == nimes.reference_point(register)
    row = register.communes.loc["30189"]
    assert nimes.reference_point(register) == (row["longitude"], row["latitude"])


def test_a_municipal_arrondissement_is_a_part_with_its_own_shape(register):
    thirteenth = territory_from_code(register, "arm:75113")
    paris = territory_from_code(register, "com:75056")
    assert thirteenth.partiel
    assert thirteenth.communes == ("75056",)
    assert 150_000 < thirteenth.population < 200_000
    assert thirteenth.superficie_km2(register) == pytest.approx(7.15, rel=0.03)
    outside = thirteenth.outline(register).difference(paris.outline(register))
    assert outside.area < 0.02 * thirteenth.outline(register).area


def test_contiguity_follows_borders(register):
    around = register.neighbours("30350")
    together = territory_from_communes(register, ["30350", *around], "X")
    assert together.contiguous(register)
    apart = territory_from_communes(register, ["30350", "97411"], "X")
    assert not apart.contiguous(register)
    assert territory_from_code(register, "com:29155").contiguous(register)
    assert not territory_from_code(register, "dep:29").contiguous(register)  # its islands


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_commune_joined_by_a_neighbour_stays_in_one_piece(register, data):
    group = {data.draw(st.sampled_from(list(register.communes.index)))}
    for _ in range(4):
        around = {code for member in group for code in register.neighbours(member)} - group
        if around:
            group.add(data.draw(st.sampled_from(sorted(around))))
    assert territory_from_communes(register, group, "X").contiguous(register)


# Finding


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("Occitanie", "region", "reg:76"),
        ("occitanie", None, "reg:76"),
        ("76", "region", "reg:76"),
        ("76", "departement", "dep:76"),
        ("reg:76", None, "reg:76"),
        ("30350", None, "com:30350"),
        ("Le Vigan", "commune", "com:30350"),
        ("Nîmes", None, "com:30189"),
        ("nimes", "arrondissement", "arr:302"),
        ("Paris", None, "com:75056"),
        ("gard", None, "dep:30"),
        ("cotes d'armor", "departement", "dep:22"),
        ("CC du Pays Viganais", "epci", "epci:243000270"),
        ("communauté de communes du pays viganais", None, "epci:243000270"),
        ("243000270", None, "epci:243000270"),
        ("Plaine Commune", "ept", "ept:200057867"),
        ("75113", None, "arm:75113"),
        ("France", None, "pays:FR"),
    ],
)
def test_a_code_or_a_name_finds_its_territory(register, text, level, code):
    assert find_territory(register, text, level).code == code


def test_every_departement_and_region_is_found_by_its_name(register):
    for level in ("departement", "region"):
        for code, name in register.tables[level]["nom"].items():
            assert find_territory(register, name.upper(), level).code.endswith(f":{code}")


def test_two_answers_are_listed_never_chosen(register):
    with pytest.raises(AmbiguousTerritory, match=r"dep:76 \(Seine-Maritime\)") as refusal:
        find_territory(register, "76")
    assert "reg:76 (Occitanie)" in str(refusal.value)
    names = register.communes["nom"].value_counts()
    with pytest.raises(AmbiguousTerritory, match="com:") as refusal:
        find_territory(register, str(names.index[0]), "commune")
    assert str(refusal.value).count("com:") == min(names.iloc[0], 12)


@pytest.mark.parametrize(
    ("text", "level", "hint"),
    [
        ("Stasbourg", None, "com:67482 (Strasbourg, Bas-Rhin)"),
        ("Ocitanie", "region", "reg:76 (Occitanie)"),
        ("Gard", "region", "dep:30 (Gard)"),
        ("zzzzzz", None, "Vérifiez"),
        ("x" * 5000, None, "Vérifiez"),
    ],
)
def test_the_unknown_comes_with_a_hint(register, text, level, hint):
    with pytest.raises(UnknownTerritory) as refusal:
        find_territory(register, text, level)
    assert hint in str(refusal.value)
    assert len(str(refusal.value)) < 1000


def test_a_former_commune_is_not_a_territory_but_says_where_it_went(register):
    entries = register.place_index.named
    for name in register.inferior.loc[register.inferior["nature"] == "deleguee", "nom"]:
        former = entries(name)
        if former and not any(entry.in_use for entry in former):
            break
    with pytest.raises(UnknownTerritory, match="aujourd'hui") as refusal:
        find_territory(register, name)
    assert f"com:{former[0].code}" in str(refusal.value)


@pytest.mark.parametrize(("text", "level"), [("", None), ("  ", None), ("Gard", "canton")])
def test_nonsense_requests_are_refused(register, text, level):
    with pytest.raises(InvalidRequest):
        find_territory(register, text, level)
