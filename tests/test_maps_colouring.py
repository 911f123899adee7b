"""Classes, palettes, specifications and legends: what the colours say is what the values are."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import InvalidRequest, TerritoiresError
from territoires.indicators import format_number, load_indicators
from territoires.maps import (
    METHODS,
    PALETTES,
    ClassRules,
    MapColours,
    MapSpec,
    classify,
    legend_html,
    spec_from_query,
    spec_to_query,
)
from territoires.maps.classes import MISSING_CLASS
from territoires.maps.colouring import FIRST_CLASS, NO_VALUE, OUTSIDE_UNIVERSE
from territoires.maps.limits import (
    MANUAL,
    MAX_CLASSES,
    MIN_CLASSES,
    check_manual,
    shown_decimals,
    warm_up,
)
from territoires.maps.palettes import MISSING, OUTSIDE, to_hex
from territoires.needs import NORMALISERS, Recipe, RecipeItem, compute_index, load_recipe
from tests.conftest import DATA

WRITE = ClassRules(write=lambda value: format_number(value, 1))
numbers = st.one_of(
    st.floats(-1e6, 1e6), st.just(float("nan")), st.sampled_from([0.0, 1.0, 2.5, -1.0])
)


def rules(**changes):
    return dataclasses.replace(WRITE, **changes)


warm_up()  # the first test must not pay for it


# Classes


@given(
    st.lists(numbers, max_size=80),
    st.integers(MIN_CLASSES, MAX_CLASSES),
    st.sampled_from(sorted(set(METHODS) - {MANUAL})),
    st.sampled_from([-1, 0, 1]),
    st.integers(0, 3),
)
def test_every_known_value_has_one_class_and_no_class_is_empty(values, count, method, way, places):
    classes = classify(values, rules(count=count, method=method, direction=way, decimals=places))
    found = classes.of(values)
    missing = np.isnan(np.array(values, dtype=float))
    assert ((found == MISSING_CLASS) == missing).all()
    assert classes.missing_count == missing.sum()
    assert classes.counts == tuple((found == k).sum() for k in range(len(classes.labels)))
    assert all(classes.counts)
    assert len(classes.labels) == len(classes.colours) == len(classes.counts) <= count
    assert list(classes.bounds) == sorted(set(classes.bounds))
    assert len(classes.bounds) == max(0, len(classes.labels) - (0 if classes.discrete else 1))
    assert len(set(classes.colours)) == len(classes.colours)
    assert all(classes.labels)


def test_classes_follow_the_order_of_values():
    values = np.random.default_rng(1).lognormal(size=1000)
    classes = classify(values, rules(decimals=3))
    order = np.argsort(values)
    assert (np.diff(classes.of(values)[order]) >= 0).all()
    assert len(classes.labels) == 6
    assert max(classes.counts) - min(classes.counts) <= 3


def test_a_limit_belongs_to_the_class_above_and_is_printed_as_applied():
    values = np.arange(0, 600) / 10
    classes = classify(values, rules(count=3, decimals=0, write=lambda v: format_number(v, 0)))
    assert classes.bounds == (20.0, 40.0)
    assert classes.of([19.99, 20.0, 40.0]).tolist() == [0, 1, 2]
    assert classes.labels == ("moins de 20", "20 à 40", "40 et plus")


@pytest.mark.parametrize("method", sorted(set(METHODS) - {MANUAL}))
@pytest.mark.parametrize(
    "values",
    [
        np.full(500, 7.0),
        np.full(500, np.nan),
        np.concatenate([np.full(400, 5.0), np.linspace(5.0, 40.0, 100)]),  # a published floor
        np.concatenate([np.zeros(990), np.geomspace(1, 1e9, 10)]),
        np.random.default_rng(4).lognormal(3, 2, 3000),
        np.random.default_rng(5).normal(size=700) * 1e-7,
    ],
    ids=["constante", "vide", "plancher", "extrêmes", "étalée", "minuscule"],
)
def test_no_distribution_breaks_a_method(method, values):
    classes = classify(values, rules(method=method, decimals=9))
    assert all(classes.counts)
    assert sum(classes.counts) + classes.missing_count == len(values)
    shuffled = np.random.default_rng(1).permutation(values)
    assert classify(shuffled, rules(method=method, decimals=9)) == classes


@pytest.mark.parametrize("method", sorted(METHODS))
def test_an_infinite_value_is_drawn_as_missing(method):
    finite = np.random.default_rng(6).lognormal(3, 1, 500)
    asked = rules(method=method, manual=(10.0, 30.0) if method == MANUAL else ())
    classes = classify([np.inf, *finite, -np.inf], asked)
    assert dataclasses.replace(classes, missing_count=0) == classify(finite, asked)
    assert classes.missing_count == 2
    assert classes.of([np.inf, -np.inf]).tolist() == [MISSING_CLASS, MISSING_CLASS]


def test_natural_breaks_fall_between_the_heaps():
    random = np.random.default_rng(3)
    heaps = np.concatenate([random.normal(centre, 0.5, 400) for centre in (10, 30, 80)])
    classes = classify(heaps, rules(method="seuils_naturels", count=3, decimals=1))
    first, second = classes.bounds
    assert 12 < first < 29
    assert 32 < second < 79
    assert classes.counts == (400, 400, 400)


def test_head_and_tail_part_at_the_mean():
    values = np.random.default_rng(6).pareto(1.2, 2000)
    classes = classify(values, rules(method="tete_queue", decimals=6))
    assert classes.bounds[0] == pytest.approx(values.mean(), abs=1e-5)
    assert list(classes.counts[:4]) == sorted(classes.counts[:4], reverse=True)
    assert classes.counts[0] > sum(classes.counts) / 2


def test_limits_of_ones_own_are_kept_as_typed_even_when_empty():
    made = rules(method=MANUAL, manual=(0.0, 2.5, 100.0), decimals=1, direction=1)
    classes = classify([1, 2, 3, 50, np.nan], made)
    assert classes.bounds == (0.0, 2.5, 100.0)
    assert classes.counts == (0, 2, 2, 0)
    assert len(set(classes.colours)) == 4
    both_sides = classify([-3, -2, -1, 1, 2, 3] * 10, made)
    assert both_sides.two_sides
    assert len(set(both_sides.colours)) == 4


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ([], "de 1 à 6 nombres"),
        ([1, 2, 3, 4, 5, 6, 7], "de 1 à 6 nombres"),
        ([1, 1], "deux fois"),
        ([float("inf")], "finis"),
        ([float("nan"), 1], "finis"),
        ([1e-7], "6 décimales"),
        ([0.1 + 0.2], "6 décimales"),
        ([1, 1.1e9], "un milliard au plus"),
        ([-1e300], "un milliard au plus"),
    ],
)
def test_impossible_limits_are_refused(limits, words):
    with pytest.raises(InvalidRequest, match=words):
        check_manual(limits)


def test_limits_are_written_with_the_decimals_they_need():
    assert shown_decimals((2.25, 3.0), 1) == 2
    assert shown_decimals((), 1) == 1
    assert shown_decimals((1e-5,), 0) == 5


limits = st.integers(-(10**15), 10**15).map(lambda millionths: millionths / 1e6)


@given(st.sets(limits, min_size=1, max_size=6))
def test_limits_are_written_exactly_as_they_are_applied(numbers):
    kept = check_manual(sorted(numbers))
    decimals = shown_decimals(kept, 0)
    assert [float(f"{limit:.{decimals}f}") for limit in kept] == list(kept)


def test_few_values_are_named_one_by_one():
    classes = classify([3, 3, 7, np.nan], rules(decimals=0, write=lambda v: format_number(v, 0)))
    assert classes.discrete
    assert classes.labels == ("3", "7")
    assert classes.counts == (2, 1)
    assert classify([5.0] * 9, WRITE).labels == ("5,0",)
    nothing = classify([np.nan] * 4, WRITE)
    assert nothing.labels == ()
    assert nothing.missing_count == 4
    assert nothing.of([1.0]).tolist() == [MISSING_CLASS]


def test_named_values_keep_their_class_wherever_one_looks():
    zones = ((1.0, "C"), (2.0, "B2"), (3.0, "A"))
    classes = classify([1, 1, 3, np.nan, 9], rules(modalities=zones))
    assert classes.labels == ("C", "B2", "A")
    assert classes.counts == (2, 0, 1)
    assert classes.missing_count == 2
    assert classes.of([3.0, 9.0]).tolist() == [2, MISSING_CLASS]


@pytest.mark.parametrize("count", [5, 6])
def test_gains_and_losses_part_at_zero_with_the_same_limits(count):
    values = np.random.default_rng(2).normal(0.2, 1.0, 3000)
    classes = classify(values, rules(count=count, direction=-1))
    assert np.allclose(classes.bounds, -np.array(classes.bounds)[::-1])
    assert (0.0 in classes.bounds) == (count % 2 == 0)
    losses, gains = classes.colours[0], classes.colours[-1]
    assert losses[0] > losses[2]  # the need is on the warm side
    assert gains[2] > gains[0]
    turned = classify(values, rules(count=count, direction=1))
    assert turned.colours == classes.colours[::-1]


def test_dark_is_the_greatest_need():
    values = np.arange(100.0)
    for direction, darkest in ((1, -1), (0, -1), (-1, 0)):
        colours = classify(values, rules(direction=direction)).colours
        assert min(colours, key=sum) == colours[darkest]


# Palettes

_LINEAR_TO_LMS = {
    "protanopie": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutéranopie": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopie": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "aucune": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}  # fmt: skip  # Machado, Oliveira, Fernandes 2009, severity 1


def lab(colours, sight):
    rgb = np.array(colours, dtype=float) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(_LINEAR_TO_LMS[sight]).T, 0, 1)
    xyz = (
        seen
        @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
    )
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.column_stack(
        [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])]
    )


@pytest.mark.parametrize("sight", sorted(_LINEAR_TO_LMS))
@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.code)
def test_neighbouring_classes_stay_apart_for_every_sight(palette, sight):
    seen = lab(palette.pick(6), sight)
    assert (np.linalg.norm(np.diff(seen, axis=0), axis=1) > 8).all()
    ends = lab([palette.pick(6)[0], palette.pick(6)[-1]], sight)
    assert np.linalg.norm(ends[0] - ends[1]) > 25


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.code)
def test_lightness_tells_the_order(palette):
    light = lab(palette.pick(7), "aucune")[:, 0]
    if palette.diverging:
        assert (np.diff(light[:4]) > 3).all()
        assert (np.diff(light[3:]) < -3).all()
    else:
        assert (np.diff(light) < -3).all()
    greys = lab([*MISSING, OUTSIDE], "aucune")
    apart = np.linalg.norm(lab(palette.pick(6), "aucune")[:, None] - greys[None], axis=2)
    if not palette.diverging:
        assert apart.min() > 8


# Specifications

codes = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
weights = st.floats(0, 1e6).filter(lambda weight: weight == 0 or weight > 1e-9)
bounds = st.tuples(st.floats(-1e6, 0), st.floats(0.5, 1e6))


@st.composite
def recipes(draw):
    names = draw(st.lists(codes, min_size=1, max_size=8, unique=True))
    items = [
        RecipeItem(name, draw(st.sampled_from([-1, 1])), draw(weights), draw(bounds))
        for name in names
    ]
    items[0] = dataclasses.replace(items[0], weight=1.5, reason="<b>parce que</b>")
    return Recipe(
        "Un nom, & des accents é", tuple(items), draw(st.sampled_from(sorted(NORMALISERS))),
        min_coverage=draw(st.floats(0, 1)), description="texte",
    )  # fmt: skip


specs = st.builds(
    lambda subject, level, universe, classes, method, limits, palette, version: dataclasses.replace(
        MapSpec.for_recipe(subject) if isinstance(subject, Recipe) else MapSpec(subject),
        level=level, universe=universe, classes=classes, method=method, palette=palette,
        version=version, limits=limits if method == MANUAL else (),
    ),
    st.one_of(codes, recipes()),
    st.sampled_from(["commune", "epci", "departement"]),
    st.sampled_from(["pays:FR", "reg:76", "dep:2A", "epci:200000172", "arr:9711"]),
    st.integers(MIN_CLASSES, MAX_CLASSES),
    st.sampled_from(sorted(METHODS)),
    st.sets(limits, min_size=1, max_size=6).map(lambda numbers: tuple(sorted(numbers))),
    st.sampled_from(["", *PALETTES]),
    st.from_regex(r"[0-9A-Za-z._+-]{0,30}", fullmatch=True),
)  # fmt: skip


@given(specs)
def test_an_address_says_all_of_a_specification(spec):
    query = spec_to_query(spec)
    assert query.isascii()
    assert spec_from_query(parse_qsl(query, keep_blank_values=True)) == spec
    assert spec_to_query(spec_from_query(parse_qsl(query, keep_blank_values=True))) == query


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=6))
def test_any_other_address_is_refused_in_french(pairs):
    with pytest.raises(InvalidRequest):
        spec_from_query([*pairs, ("indicateur", "densite"), ("indicateur", "x")])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "indicateur=densite&recette=densite:1:1",
        "indicateur=DROP TABLE",
        "indicateur=densite&classes=1",
        "indicateur=densite&classes=8",
        "indicateur=densite&classes=six",
        "indicateur=densite&classes=-3",
        "indicateur=densite&classes=٣",
        "indicateur=densite&classes=99999999999999999999",
        "indicateur=densite&niveau=region",
        "indicateur=densite&univers=com:30350",
        "indicateur=densite&univers=reg:../..",
        "indicateur=densite&univers=76",
        "indicateur=densite&methode=jenks",
        "indicateur=densite&palette=arc-en-ciel",
        "indicateur=densite&v=<script>",
        "indicateur=densite&inconnu=1",
        "indicateur=densite&indicateur=densite",
        "recette=",
        "recette=densite",
        "recette=densite:2:1",
        "recette=densite:1:-1",
        "recette=densite:1:nan",
        "recette=densite:1:inf",
        "recette=densite:1:1e300",
        "recette=densite:1:0",
        "recette=densite:1:1,densite:1:2",
        "recette=densite:1:1:5:2",
        "recette=densite:1:1&normalisation=bornes",
        "recette=densite:1:1&couverture=2",
        "recette=densite:1:1&agregation=magique",
    ],
)
def test_what_is_out_of_range_is_refused(query):
    with pytest.raises(InvalidRequest) as refused:
        spec_from_query(parse_qsl(query, keep_blank_values=True))
    assert "Traceback" not in str(refused.value)
    assert len(str(refused.value)) < 300


# The real data


@pytest.fixture(scope="module")
def colours(register):
    return MapColours(register, load_indicators(DATA, register))


@pytest.fixture(scope="module")
def recipe():
    return MapSpec.for_recipe(load_recipe(next(iter(sorted((DATA / "recettes").glob("*.toml"))))))


def test_every_indicator_colours_every_level(colours):
    for code in colours.indicators.catalogue:
        for level in ("commune", "epci", "departement"):
            colouring = colours.colouring(MapSpec(code, level))
            assert colouring.table.shape == (len(colours.register.communes) + 1,)
            assert colouring.table[0] == 0
            assert colouring.table[1:].min() >= NO_VALUE
            assert colouring.table.max() < FIRST_CLASS + len(colouring.classes.labels)
            places = len(colouring.values)
            assert sum(colouring.classes.counts) + colouring.classes.missing_count == places


def test_a_commune_has_the_class_of_its_value(colours):
    spec = MapSpec("densite")
    colouring = colours.colouring(spec)
    values = colours.indicators.comparable["densite"]
    assert (colouring.classes.of(values) + FIRST_CLASS)[values.notna()].tolist() == (
        colouring.table[1:][values.notna()].tolist()
    )
    assert (colouring.table[1:][values.isna()] == NO_VALUE).all()


def test_communes_of_a_group_share_its_class(colours):
    communes = colours.register.communes
    for level, column in (("epci", "code_epci"), ("departement", "code_departement")):
        colouring = colours.colouring(MapSpec("evolution_population", level))
        by_group = communes.assign(classe=colouring.table[1:]).groupby(column)["classe"]
        assert (by_group.nunique() == 1).all()
        assert (colouring.table[1:][communes[column].isna()] == NO_VALUE).all()


def test_a_universe_has_limits_of_its_own(colours):
    whole = colours.colouring(MapSpec("densite"))
    part = colours.colouring(MapSpec("densite", universe="dep:48"))
    inside = (colours.register.communes["code_departement"] == "48").to_numpy()
    assert (part.table[1:][~inside] == OUTSIDE_UNIVERSE).all()
    assert (part.table[1:][inside] != OUTSIDE_UNIVERSE).all()
    assert part.classes.bounds != whole.classes.bounds
    assert sum(part.classes.counts) + part.classes.missing_count == inside.sum()


def test_an_index_is_that_of_the_needs(colours, recipe):
    colouring = colours.colouring(recipe)
    index = compute_index(colours.indicators.comparable, recipe.subject)
    assert np.allclose(colouring.values, index.score * 100, equal_nan=True)
    assert (colouring.table[1:][index.score.isna()] == NO_VALUE).all()
    best = index.rank.fillna(10**9).to_numpy().argmin()
    assert colouring.table[1 + best] == FIRST_CLASS + len(colouring.classes.labels) - 1


def test_figures_of_another_survey_are_not_coloured(colours):
    colouring = colours.colouring(MapSpec("taux_chomage_departement"))
    status = colours.indicators.statuses["taux_chomage_departement"].astype(str)
    other = (status == "hors_champ").to_numpy()
    assert (colouring.table[1:][other] == NO_VALUE).all()
    shown = other & colours.indicators.values["taux_chomage_departement"].notna().to_numpy()
    assert colouring.not_comparable == shown.sum()


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        (MapSpec("inexistant"), "inexistant"),
        (MapSpec("densite", universe="reg:00"), "00"),
        (MapSpec.for_recipe(Recipe("x", (RecipeItem("inexistant"),))), "inexistant"),
    ],
)
def test_what_does_not_exist_is_said(colours, spec, word):
    with pytest.raises(TerritoiresError, match=word):
        colours.colouring(spec)


def test_colours_are_worked_out_once(colours):
    spec = MapSpec("densite", classes=4)
    assert colours.colouring(spec) is colours.colouring(MapSpec("densite", classes=4))


# Legends


def test_a_legend_says_unit_vintage_source_and_what_is_missing(colours):
    indicator = colours.indicators.catalogue["evolution_population"]
    html = legend_html(colours, MapSpec("evolution_population"))
    classes = colours.colouring(MapSpec("evolution_population")).classes
    for text in (indicator.label, indicator.unit, indicator.vintage, indicator.licence):
        assert text.replace("’", "’") in html or text.replace("'", "&#x27;") in html
    assert indicator.source_url.replace("&", "&amp;") in html
    assert all(to_hex(colour) in html for colour in classes.colours)
    assert all(f"<span>{label} <small>" in html for label in classes.labels)
    assert "non disponible" in html
    assert format_number(classes.missing_count) in html


def test_a_legend_escapes_its_title(colours, recipe):
    html = legend_html(colours, recipe, title="<script>alert(1)</script> & co")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html


@pytest.mark.parametrize("universe", ["pays:FR", "reg:11"])
def test_a_legend_tells_of_what_is_outside(colours, universe):
    html = legend_html(colours, MapSpec("densite", universe=universe))
    assert ("hors du territoire comparé" in html) == (universe != "pays:FR")
    assert not re.search(r">\s*(nan|None|<NA>)", html)
