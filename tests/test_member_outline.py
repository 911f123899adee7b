"""A list that only its owner's visit knows: its mark in addresses, its outline, its universe."""

from __future__ import annotations

import gc
import io
from types import SimpleNamespace
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from territoires.errors import InvalidRequest, UnknownGroup
from territoires.maps import (
    IdentifierTiles,
    MapColours,
    MapSpec,
    france_map,
    outline_layer,
    outline_legend,
    render_outline_tile,
    spec_from_query,
    spec_to_query,
)
from territoires.maps.colouring import OUTSIDE_UNIVERSE
from territoires.maps.outline_tiles import OUTLINE_COLOUR
from territoires.maps.palettes import parse
from territoires.territory import PrivateGroups
from tests.test_api import get, refused, served, tile_of

MEMBERS = ("30350", "34142", "12145")


@pytest.fixture(scope="module")
def groups():
    return PrivateGroups()


@pytest.fixture(scope="module")
def data(register, indicators, groups):
    return SimpleNamespace(
        register=register, indicators=indicators, tiles=IdentifierTiles(register.geometries),
        colours=MapColours(register, indicators, None, groups),
    )  # fmt: skip


@pytest.fixture(scope="module")
def server(data):
    with served(lambda: data) as address:
        yield address


# The mark


@given(st.permutations(MEMBERS))
def test_a_list_is_known_by_what_it_holds(order) -> None:
    groups = PrivateGroups()
    held = groups.hold(MEMBERS)
    assert groups.hold([*order, order[0]]) is held
    assert groups.find(held.code) is held
    assert groups.hold(MEMBERS[:2]).code != held.code
    assert not any(code in held.code for code in MEMBERS)


def test_a_list_is_not_kept_alive_for_its_address() -> None:
    groups = PrivateGroups()
    code = groups.hold(MEMBERS).code
    gc.collect()
    with pytest.raises(UnknownGroup, match="Rechargez la page"):
        groups.find(code)


# Its universe


def test_places_are_compared_among_the_members(data, groups, register) -> None:
    held = groups.hold(MEMBERS)
    spec = MapSpec("densite", universe=held.code)
    colouring = data.colours.colouring(spec)
    outside = colouring.table[1:] == OUTSIDE_UNIVERSE
    assert set(register.communes.index[~outside]) == set(MEMBERS)
    assert sum(colouring.classes.counts) == 3
    assert data.colours.is_personal(spec)
    assert not data.colours.is_personal(MapSpec("densite", universe="reg:76"))


def test_an_address_holds_the_mark_and_not_the_list(groups) -> None:
    spec = MapSpec("densite", universe=groups.hold(MEMBERS).code)
    query = spec_to_query(spec)
    assert len(query) < 200
    assert "30350" not in query
    pairs = [pair.split("=") for pair in query.split("&")]
    assert spec_from_query([(name, value) for name, value in pairs]) == spec


@pytest.mark.parametrize("code", ["prive:", "prive:0123", "prive:0123456789ABCDEF", "prive:٣" * 8])
def test_what_is_not_a_mark_is_refused(code) -> None:
    with pytest.raises(InvalidRequest, match="univers"):
        MapSpec("densite", universe=code)


# Its outline


def pixels_of(body: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGBA")).astype(int)


def shown(register, *codes):
    return register.communes.index.isin(codes)


def test_the_outline_follows_the_border_on_the_inside(data, register) -> None:
    row = register.communes.loc["30350"]
    at = (12, *tile_of(row["longitude"], row["latitude"], 12))
    drawn = pixels_of(render_outline_tile(data.tiles, shown(register, "30350"), at, fine=True))
    inner = data.tiles.tile(*at)[1:-1, 1:-1] == register.positions(["30350"])[0] + 1
    line = (drawn[..., :3] == parse(OUTLINE_COLOUR)).all(axis=2) & (drawn[..., 3] == 255)
    assert line.any()
    assert not (line & ~inner).any(), "the line is inside, the halo outside"
    edge = inner.copy()
    edge[1:-1, 1:-1] &= ~(inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:])
    edge[[0, -1]], edge[:, [0, -1]] = False, False
    assert edge.any()
    assert line[edge].all(), "no gap along the border"
    assert (drawn[..., 3][inner & ~line] == 0).all(), "the colours of the map show through"


def test_neighbours_have_one_outline_together(data, register) -> None:
    codes = register.codes_of("epci", register.communes.loc["30350", "code_epci"])
    row = register.communes.loc["30350"]
    at = (11, *tile_of(row["longitude"], row["latitude"], 11))
    drawn = pixels_of(render_outline_tile(data.tiles, shown(register, *codes), at))
    numbers = data.tiles.tile(*at)[1:-1, 1:-1][::2, ::2]
    inside = np.append(False, shown(register, *codes))[numbers]
    assert len(np.unique(numbers[inside])) > 3
    far = inside.copy()  # ten pixels away from any other commune than members
    for axis in (0, 1):
        for step in range(-10, 11):
            far &= np.roll(inside, step, axis)
    assert far.any()
    assert (drawn[..., 3][far] == 0).all(), "no line between two members"


def test_nothing_is_drawn_where_there_is_no_member(data, register) -> None:
    drawn = pixels_of(render_outline_tile(data.tiles, shown(register), (8, 129, 90)))
    assert drawn.shape == (256, 256, 4)
    assert (drawn[..., 3] == 0).all()


def test_a_thousand_scattered_communes_stay_small(data, register) -> None:
    inside = np.zeros(len(register.communes), dtype=bool)
    inside[::7] = True  # five thousand of them
    for zoom, column, row in ((5, 16, 11), (7, 64, 45), (10, 518, 352)):
        at = (zoom, column, row)
        assert len(render_outline_tile(data.tiles, inside, at, fine=True)) < 60_000


def test_its_tiles_are_for_ones_own_browser(server, data, groups) -> None:
    held = groups.hold(MEMBERS)
    row = data.register.communes.loc["30350"]
    x, y = tile_of(row["longitude"], row["latitude"], 12)
    address = f"{server}/tuiles/contours/12/{x}/{y}.png"
    query = f"territoire={held.code}&v={quote(data.colours.version)}&style=1"
    answer = get(f"{address}?{query}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, max-age=86400"
    assert (pixels_of(answer.body)[..., 3] > 0).any()
    again = get(f"{address}?{query}", If_None_Match=answer.headers["etag"])
    assert again.status == 304
    refused(get(f"{address}?territoire=prive:{'0' * 16}"), 409)
    refused(get(f"{address}?territoire={held.code}&v=autre"), 409)
    refused(get(f"{address}?v={data.colours.version}"))
    refused(get(f"{address}?territoire={held.code}&x=1"))
    refused(get(f"{address}?territoire=reg:999"))
    refused(get(f"{server}/tuiles/contours/12/{x}.png?{query}"), 404)


def test_its_layer_and_its_legend_hold_no_commune(groups) -> None:
    held = groups.hold(MEMBERS)
    drawn = france_map()
    outline_layer(held.code, version="1+2").add_to(drawn)
    script = drawn.get_root().render()
    assert "/tuiles/contours/" in script
    assert held.code in script
    assert "30350" not in script
    assert "&lt;b&gt;" in outline_legend("<b>")
