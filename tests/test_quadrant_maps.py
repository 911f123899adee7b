"""The map of the quadrants: colours, address, whose initiatives, and who may keep a tile."""

from __future__ import annotations

import gc
import io
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from territoires.candidates import CAPACITY_LIMITS, QUADRANTS, QuadrantRules, load_quadrant_rules
from territoires.candidates.quadrants import STRONG_WITH, at_main_communes, capacity_of, cross
from territoires.errors import InvalidRequest, UnknownDirectory
from territoires.initiatives import KnownDirectories
from territoires.maps import (
    QUADRANT_COLOURS,
    IdentifierTiles,
    MapColours,
    MapQuadrants,
    MapSpec,
    legend_html,
    spec_from_query,
    spec_to_query,
)
from territoires.maps.colouring import FIRST_CLASS, NO_VALUE, NOWHERE, OUTSIDE_UNIVERSE
from territoires.maps.ink import MAX_NOMINAL, SAMPLES, ink_for, pack
from territoires.maps.palettes import MISSING, OUTSIDE, parse
from territoires.maps.statuses import status_classes
from territoires.needs import index_of, load_recipe
from tests.conftest import DATA
from tests.test_api import get, refused, served, tile_of
from tests.test_maps_colouring import _LINEAR_TO_LMS, lab

RULES = load_quadrant_rules(DATA)
RECIPE = load_recipe(DATA / "recettes" / "deprise_eloignement.toml")
codes = st.lists(st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True), max_size=5).map(tuple)


def spec_of(rules=RULES, mark="", **changes):
    return MapSpec.for_quadrants(RECIPE, MapQuadrants(rules, mark), **changes)


@pytest.fixture(scope="module")
def known(directory):
    return KnownDirectories(lambda: directory)


@pytest.fixture(scope="module")
def colours(register, indicators, known):
    return MapColours(register, indicators, known)


# The address


@given(
    st.floats(0.1, 300), st.integers(1, 99), st.sampled_from(sorted(CAPACITY_LIMITS)), codes, codes,
    codes, st.from_regex(r"[0-9a-f]{0,16}", fullmatch=True), st.sampled_from(["commune", "epci"]),
)  # fmt: skip
def test_an_address_says_all_of_a_map(reach, percent, limit, axes, types, statuses, mark, level):
    rules = QuadrantRules(reach, percent, limit, axes, types, statuses)
    spec = spec_of(rules, mark, level=level, universe="reg:76", version="1+2")
    assert spec_from_query(parse_qsl(spec_to_query(spec))) == spec
    assert spec_to_query(spec_from_query(parse_qsl(spec_to_query(spec)))) == spec_to_query(spec)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"portee": "0"}, "Portée impossible"),
        ({"portee": "1e9"}, "Portée impossible"),
        ({"portee": "nan"}, "un nombre est attendu"),
        ({"portee": None}, "portee : ce paramètre est attendu"),
        ({"besoin": "100"}, "de 1 à 99"),
        ({"besoin": "-1"}, "de 1 à 99"),
        ({"besoin": "٤"}, "de 1 à 99"),
        ({"capacite": "x"}, "Limite de capacité inconnue"),
        ({"axes": "<script>"}, "des codes"),
        ({"axes": ",".join(["a"] * 61)}, "des codes"),
        ({"annuaire": "../x"}, "annuaire"),
        ({"montre": None}, "il va avec"),
        ({"montre": "statuts"}, "il va avec"),
        ({"montre": "tout"}, "statuts, quadrants"),
        ({"niveau": "departement"}, "commune, epci"),
        ({"palette": "ocean"}, "leurs couleurs"),
    ],
)
def test_a_wrong_address_is_refused(changes, said):
    fields = dict(parse_qsl(spec_to_query(spec_of()))) | changes
    pairs = [(name, value) for name, value in fields.items() if value is not None]
    with pytest.raises(InvalidRequest, match=said):
        spec_from_query(pairs)


def test_an_indicator_has_no_quadrants():
    with pytest.raises(InvalidRequest, match="un indice est à croiser"):
        MapSpec("densite", quadrants=MapQuadrants(RULES))


# The colours


def test_each_commune_has_the_colour_of_its_quadrant(colours, register, indicators, directory):
    found = colours.colouring(spec_of())
    made = cross(index_of(indicators, RECIPE), capacity_of(register, directory, RULES), RULES)
    expected = made.quadrant.map({code: FIRST_CLASS + at for at, code in enumerate(QUADRANTS)})
    expected = expected.fillna(NO_VALUE).reindex(register.communes.index).to_numpy()
    assert (found.table[1:] == expected).all()
    assert found.table[0] == NOWHERE
    counts = made.quadrant.value_counts()
    assert found.classes.counts == tuple(counts[code] for code in QUADRANTS)
    assert sum(found.classes.counts) + found.classes.missing_count == len(register.communes)


def test_an_epci_is_coloured_from_its_main_commune(colours, register, indicators, directory):
    found = colours.colouring(spec_of(level="epci"))
    communes = register.communes
    capacity = at_main_communes(
        capacity_of(register, directory, RULES), communes["code_epci"], communes["population"]
    )
    table = indicators.for_groups(communes["code_epci"])
    made = cross(index_of(table, RECIPE), capacity, RULES)
    epci = communes["code_epci"].fillna("")
    numbers = epci.map(made.quadrant.map({code: at for at, code in enumerate(QUADRANTS)}))
    assert (found.table[1:] == (numbers + FIRST_CLASS).fillna(NO_VALUE).to_numpy()).all()


def test_limits_are_those_of_the_universe(colours, register):
    whole, part = colours.colouring(spec_of()), colours.colouring(spec_of(universe="dep:48"))
    inside = (register.communes["code_departement"] == "48").to_numpy()
    assert (part.table[1:][~inside] == OUTSIDE_UNIVERSE).all()
    assert part.crossed.limits.need != whole.crossed.limits.need
    assert sum(part.classes.counts[:2]) == pytest.approx(0.4 * inside.sum(), abs=1)


def test_nothing_counted_leaves_every_place_without(colours):
    classes = colours.colouring(spec_of(replace(RULES, statuses=("clos",)))).classes
    assert classes.counts[1] == classes.counts[3] == 0
    assert len(classes.colours) == len(classes.labels) == 4


@pytest.mark.parametrize("sight", sorted(_LINEAR_TO_LMS))
def test_quadrants_stay_apart_for_every_sight(sight):
    seen = lab([*map(parse, QUADRANT_COLOURS.values())], sight)
    greys = lab([*MISSING, OUTSIDE], sight)
    for at, one in enumerate(seen):
        assert all(np.linalg.norm(one - other) > 25 for other in np.delete(seen, at, axis=0))
        assert np.linalg.norm(greys - one, axis=1).min() > 10
    # Strong needs are dark, whatever is seen of the hues.
    assert seen[:2, 0].max() < seen[2:, 0].min() - 20


@pytest.mark.parametrize("count", range(MAX_NOMINAL + 1))
def test_a_pixel_shows_its_most_frequent_class_and_never_one_between(count):
    colours = tuple((40 * k, 10, 200 - 30 * k) for k in range(count))
    ink = ink_for(colours, nominal=True)
    table = np.arange(FIRST_CLASS + count, dtype=np.uint8)
    packed = pack(table, nominal=True).astype(int)
    palette = np.frombuffer(ink.palette, dtype=np.uint8).reshape(-1, 3)
    alpha = np.frombuffer(ink.alpha, dtype=np.uint8)
    samples = np.random.default_rng(count).integers(0, len(table), (3000, SAMPLES))
    index = ink.pixel[packed[samples].sum(axis=1)]
    assert (alpha[index] == np.rint(255 * (samples > 0).sum(axis=1) / SAMPLES)).all()
    kinds = [*colours, MISSING[0], OUTSIDE]
    order = [*range(FIRST_CLASS, FIRST_CLASS + count), NO_VALUE, OUTSIDE_UNIVERSE]
    for row, shown in zip(samples, index, strict=True):
        held = [(row == kind).sum() for kind in order]
        classed, greys = sum(held[:count]), sum(held[count:])
        if not (classed or greys):
            assert shown == 0
            continue
        among = held[:count] if classed >= max(greys, 1) else held[count:]
        names = kinds[:count] if classed >= max(greys, 1) else kinds[count:]
        assert tuple(palette[shown]) == names[among.index(max(among))]
    assert ink.pixel[SAMPLES * packed[NO_VALUE]] == ink.ground
    assert tuple(palette[ink.stripe]) == MISSING[1]


def test_statuses_have_no_order_either():
    assert status_classes(np.array([0.0, 2.0])).nominal


def test_the_legend_says_what_counts_and_what_is_not_known(colours):
    rules = replace(RULES, axes=("2",), types=("jardin_partage",), reach_km=12.5)
    told = legend_html(colours, spec_of(rules), "Déprise <b>")
    assert "Besoin fort, rien de recensé à portée" in told
    assert "axe 2, Jardin partagé" in told or "axe 2, jardin partagé" in told
    assert "sauf" in told
    assert "12,5" in told
    assert "l&#x27;annuaire est incomplet" in told
    assert "jamais additionnés" in told
    assert "Déprise &lt;b&gt;" in told
    assert "non classé" in told


# Whose initiatives


def own_directory(directory):
    """Take away every initiative but the first: what a person's own file makes of the directory."""
    return replace(directory, frame=directory.frame.iloc[:1])


def test_a_directory_is_known_by_what_it_holds(directory, known):
    mine, same = own_directory(directory), own_directory(directory)
    assert known.mark(mine) == known.mark(same) != known.mark(directory)
    assert known.find(known.mark(mine)) is mine
    assert known.find("") is directory
    assert known.is_shipped(known.mark(directory))
    assert not known.is_shipped(known.mark(mine))


def test_a_directory_is_not_kept_alive_for_its_address(directory):
    known = KnownDirectories(lambda: directory)
    mark = known.mark(own_directory(directory))
    gc.collect()
    with pytest.raises(UnknownDirectory, match="Rechargez la page"):
        known.find(mark)


@pytest.fixture(scope="module")
def data(register, indicators, colours):
    return SimpleNamespace(
        register=register, indicators=indicators, colours=colours,
        tiles=IdentifierTiles(register.geometries),
    )  # fmt: skip


@pytest.fixture(scope="module")
def server(data):
    with served(lambda: data) as address:
        yield address


def test_a_tile_shows_a_quadrant_and_is_kept_for_good(server, data, known, directory):
    query = spec_to_query(spec_of(mark=known.mark(directory), version=data.colours.version))
    code = "48095"
    row = data.register.communes.loc[code]
    x, y = tile_of(row["longitude"], row["latitude"], 14)
    answer = get(f"{server}/tuiles/14/{x}/{y}.png?{query}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    pixels = np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))
    quadrant = data.colours.colouring(spec_of()).crossed.quadrant[code]
    wanted = parse(QUADRANT_COLOURS[quadrant])
    assert (pixels[..., :3] == wanted).all(axis=2).mean() > 0.5
    other = spec_to_query(spec_of(replace(RULES, reach_km=21.0), version=data.colours.version))
    unnamed = get(f"{server}/tuiles/14/{x}/{y}.png?{other}")
    assert unnamed.headers["cache-control"] == "no-cache", "the directory may change"
    assert unnamed.headers["etag"] != answer.headers["etag"]


def test_a_tile_of_ones_own_directory_is_for_ones_own_browser(server, data, known, directory):
    mine = own_directory(directory)
    query = spec_to_query(spec_of(mark=known.mark(mine), version=data.colours.version))
    answer = get(f"{server}/tuiles/6/32/22.png?{query}")
    assert answer.status == 200
    assert answer.headers["cache-control"].startswith("private")
    place = get(f"{server}/api/v1/point?lon=2.35&lat=48.85&{query}")
    assert place.headers["cache-control"].startswith("private")
    shipped = spec_to_query(spec_of(mark=known.mark(directory), version=data.colours.version))
    assert get(f"{server}/tuiles/6/32/22.png?{shipped}").body != answer.body


def test_a_directory_that_is_gone_is_said(server, data):
    query = spec_to_query(spec_of(mark="0123456789abcdef", version=data.colours.version))
    answer = get(f"{server}/tuiles/6/32/22.png?{query}")
    assert "Rechargez la page" in refused(answer, status=409)
    assert answer.headers["cache-control"] == "no-store"


def test_the_place_under_the_pointer_says_its_quadrant(server, data):
    crossed = data.colours.colouring(spec_of()).crossed
    code = crossed.quadrant.index[crossed.quadrant == STRONG_WITH][0]
    row = data.register.communes.loc[code]
    point = f"lon={row['longitude']}&lat={row['latitude']}"
    told = get(f"{server}/api/v1/point?{point}&{spec_to_query(spec_of())}").json
    assert told["valeur"].startswith("Besoin fort, des initiatives à portée (besoin ")
