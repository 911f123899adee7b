"""Identifier tiles and their colours: the commune of a pixel is the one that is really there."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from territoires.maps import IdentifierTiles, MapSpec, render_tile
from territoires.maps.classes import Classes
from territoires.maps.colouring import FIRST_CLASS, NO_VALUE, OUTSIDE_UNIVERSE
from territoires.maps.identifiers import MARGIN, TILE_SAMPLES
from territoires.maps.ink import SAMPLES, ink_for, pack
from territoires.maps.limits import MAX_CLASSES
from territoires.maps.lines import NO_LINE, STRONG, THIN, LinePlan, draw_lines
from territoires.maps.mercator import WORLD_BITS, tile_of, to_degrees, to_world
from territoires.maps.palettes import DARK_LINE, MISSING, OUTSIDE, PALETTES

INNER = slice(MARGIN, -MARGIN)


def centres(zoom, column, row):
    """Longitude and latitude of the sample centres of a tile, with its margin."""
    side = 1 << (WORLD_BITS - zoom)
    sample = side / (TILE_SAMPLES - 2 * MARGIN)
    along = (np.arange(TILE_SAMPLES) - MARGIN + 0.5) * sample
    x, y = np.meshgrid(column * side + along, row * side + along)
    return to_degrees(x, y)


def owners(shapes, longitude, latitude):
    """Number of the shape that covers each point, and whether the point is far from any border."""
    points = shapely.points(longitude, latitude)
    number = np.zeros(points.shape, dtype=int)
    for position, shape in enumerate(shapes, start=1):
        shapely.prepare(shape)
        number[shapely.contains_properly(shape, points)] = position
    borders = shapely.union_all(shapely.boundary(shapes))
    return number, shapely.distance(borders, points) > 1e-6


@st.composite
def coverages(draw):
    """A box cut at random (Voronoi), some of the pieces joined, one of them left out."""
    seeds = draw(st.integers(0, 2**32 - 1))
    count = draw(st.integers(4, 25))
    rng = np.random.default_rng(seeds)
    points = shapely.multipoints(rng.uniform((2, 44), (3, 45), (count, 2)))
    box = shapely.box(2, 44, 3, 45)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box))
    cells = shapely.intersection(cells, box)
    merged = shapely.union_all(rng.choice(cells, 3, replace=False))
    rest = [cell for cell in cells if not merged.contains(cell.representative_point())]
    # Short edges, as real boundaries have: a long one that is straight in degrees bends on the map.
    return list(shapely.segmentize([merged, *rest[1:]], 0.005))


@given(coverages(), st.integers(6, 9))
@settings(max_examples=12, deadline=None)
def test_each_sample_is_the_shape_at_its_centre(shapes, zoom):
    column, row = tile_of(2.5, 44.5, zoom)
    drawn = IdentifierTiles(shapes).tile(zoom, column, row)
    assert drawn.shape == (TILE_SAMPLES, TILE_SAMPLES)
    some = np.random.default_rng(zoom).integers(0, TILE_SAMPLES, (2, 1500))
    number, sure = owners(shapes, *(axis[tuple(some)] for axis in centres(zoom, column, row)))
    assert sure.mean() > 0.9
    assert (drawn[tuple(some)][sure] == number[sure]).all()


def test_holes_islands_and_parts():
    land = shapely.box(0, 0, 10, 10) - shapely.box(2, 2, 8, 8)
    island = shapely.box(4, 4, 6, 6)
    parts = shapely.MultiPolygon([shapely.box(12, 0, 14, 3), shapely.box(12, 5, 14, 8)])
    # Whichever way a source turns its rings.
    shapes = [shapely.reverse(land), island, shapely.reverse(parts)]
    zoom, column, row = 5, *tile_of(5, 5, 5)
    drawn = IdentifierTiles(shapes).tile(zoom, column, row)
    number, sure = owners(shapes, *centres(zoom, column, row))
    assert set(np.unique(drawn)) == {0, 1, 2}
    assert (drawn[sure] == number[sure]).all()
    east = IdentifierTiles(shapes).tile(zoom, column + 1, row)
    assert 3 in east
    assert (east == 0).any()


def test_an_overlap_gives_one_of_the_two():
    shapes = [shapely.box(0, 0, 3, 6), shapely.box(2, 0, 6, 6), shapely.box(-3, 0, 0.5, 6)]
    drawn = IdentifierTiles(shapes).tile(5, *tile_of(2, 3, 5))
    longitude, latitude = centres(5, *tile_of(2, 3, 5))
    points = shapely.points(longitude, latitude)
    for position, shape in enumerate(shapes, start=1):
        inside = shapely.contains_properly(shape, points)
        alone = inside & ~np.logical_or.reduce(
            [shapely.contains(other, points) for other in shapes if other is not shape]
        )
        assert (drawn[alone] == position).all()
    assert set(np.unique(drawn)) <= {0, 1, 2, 3}


def test_shapes_that_are_missing_take_a_number_and_no_room():
    shapes = [None, shapely.box(0, 0, 5, 5), shapely.Polygon(), shapely.box(5, 0, 6, 5)]
    tiles = IdentifierTiles(shapes)
    drawn = tiles.tile(5, *tile_of(4, 3, 5))
    assert tiles.count == 4
    assert set(np.unique(drawn)) == {0, 2, 4}
    assert IdentifierTiles([]).tile(0, 0, 0).sum() == 0
    assert IdentifierTiles([None]).tile(3, 1, 1).sum() == 0


def test_too_many_shapes_are_refused():
    with pytest.raises(ValueError, match="16-bit"):
        IdentifierTiles([None] * 70_000)


def test_kept_tiles_are_bounded_and_the_same():
    tiles = IdentifierTiles([shapely.box(-10, -10, 10, 10)], cache_bytes=3 * 2 * TILE_SAMPLES**2)
    first = tiles.tile(6, 32, 31)
    assert tiles.tile(6, 32, 31) is first
    for column in range(30, 35):
        tiles.tile(6, column, 32)
    assert len(tiles._kept) == 3
    assert (tiles.tile(6, 32, 31) == first).all()
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1


def test_projection_there_and_back():
    rng = np.random.default_rng(3)
    longitude, latitude = rng.uniform(-180, 180, 500), rng.uniform(-84, 84, 500)
    back = to_degrees(*to_world(longitude, latitude))
    assert np.abs(back[0] - longitude).max() < 1e-6
    assert np.abs(back[1] - latitude).max() < 1e-6


# The real communes


@pytest.fixture(scope="module")
def tiles(register):
    return IdentifierTiles(register.geometries)


def test_every_sampled_pixel_is_the_commune_that_the_register_finds(register, tiles):
    rng = np.random.default_rng(20260101)
    communes = register.communes
    checked = 0
    for row in rng.integers(0, len(communes), 60):
        place = communes.iloc[row]
        zoom = int(rng.integers(5, 17))
        column, line = tile_of(place["longitude"], place["latitude"], zoom)
        drawn = tiles.tile(zoom, column, line)
        rows, columns = rng.integers(0, TILE_SAMPLES, (2, 40))
        longitude, latitude = (axis[rows, columns] for axis in centres(zoom, column, line))
        found = register.locate(longitude, latitude)
        names = np.append([None], communes.index.to_numpy())[drawn[rows, columns]]
        checked += int((names == found).sum())
        # A centre within 2 cm of a border may fall on its other side.
        assert (names != found).sum() <= 1
    assert checked > 0.999 * 60 * 40


def test_every_commune_is_under_its_own_interior_point(register, tiles):
    rng = np.random.default_rng(7)
    for position in rng.choice(len(register.communes), 300, replace=False):
        point = shapely.point_on_surface(register.geometries[position])
        column, row = tile_of(point.x, point.y, 16)
        side = 1 << (WORLD_BITS - 16)
        x, y = to_world([point.x], [point.y])
        sample = side // (TILE_SAMPLES - 2 * MARGIN)
        at = (int(y[0]) % side // sample + MARGIN, int(x[0]) % side // sample + MARGIN)
        assert tiles.tile(16, column, row)[at] == position + 1


def test_neighbouring_tiles_agree_on_their_margins(tiles):
    column, row = tile_of(2.35, 48.85, 9)
    here, east = tiles.tile(9, column, row), tiles.tile(9, column + 1, row)
    south = tiles.tile(9, column, row + 1)
    assert here.any()
    assert (here[:, -2:] == east[:, :2]).all()
    assert (here[-2:, :] == south[:2, :]).all()


def test_threads_draw_the_same_tiles(register, tiles):
    fresh = IdentifierTiles(register.geometries, cache_bytes=1)
    wanted = [(7, 63 + k % 3, 44 + k % 2) for k in range(24)]
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda key: fresh.tile(*key), wanted))
    assert all((tile == tiles.tile(*key)).all() for key, tile in zip(wanted, drawn, strict=True))


# Colours


class Colours:
    """Two classes, one place without value, one outside the universe; then nothing."""

    def __init__(self, colours):
        table = np.array(
            [0, FIRST_CLASS, FIRST_CLASS + 1, NO_VALUE, OUTSIDE_UNIVERSE], dtype=np.uint8
        )
        labels = tuple(str(k) for k in range(len(colours)))
        classes = Classes((0.0,), False, labels, colours, (1,) * len(colours), 1)
        self._colouring = SimpleNamespace(table=table, classes=classes)

    def colouring(self, _spec):
        return self._colouring

    def groups(self, _level):
        return np.array([0, 1, 1, 2, 2], dtype=np.uint16)


FOUR = [shapely.box(x, 0, x + 2, 8) for x in (0, 2, 4, 6)]
PAIR = PALETTES["ocean"].pick(2)


def picture(spec=None, *, fine=False, zoom=5):
    spec = spec or MapSpec("densite")
    body = render_tile(
        IdentifierTiles(FOUR), Colours(PAIR), spec, (zoom, *tile_of(4, 4, zoom)), fine=fine
    )
    image = Image.open(io.BytesIO(body))
    assert image.mode == "P"
    return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize(("fine", "side"), [(False, 256), (True, 512)])
def test_pixels_have_the_colours_of_the_legend(fine, side):
    pixels = picture(fine=fine)
    assert pixels.shape == (side, side, 4)
    step = side / 11.25  # a tile of zoom 5 is 11.25 degrees wide, and starts at longitude 0
    line = pixels[-10]
    for place, colour in ((1, PAIR[0]), (3, PAIR[1]), (7, OUTSIDE)):
        assert tuple(line[int(place * step)]) == (*colour, 255)
    hatched = pixels[-30:-5, int(4.6 * step) : int(5.4 * step)].reshape(-1, 4)
    assert {tuple(pixel[:3]) for pixel in hatched.tolist()} == set(MISSING)
    assert line[int(9 * step)][3] == 0


def test_edges_are_smooth_on_plain_screens_only():
    assert set(np.unique(picture()[..., 3])) - {0, 255}
    assert set(np.unique(picture(fine=True)[..., 3])) == {0, 255}


def test_nothing_to_draw_is_a_small_transparent_tile():
    body = render_tile(IdentifierTiles(FOUR), Colours(PAIR), MapSpec("densite"), (8, 3, 3))
    assert len(body) < 200
    image = Image.open(io.BytesIO(body))
    assert image.size == (256, 256)
    assert np.asarray(image.convert("RGBA"))[..., 3].max() == 0


def test_without_any_value_all_is_hatched():
    colours = Colours(())
    colours._colouring.table = np.array([0, *[NO_VALUE] * 4], dtype=np.uint8)
    body = render_tile(IdentifierTiles(FOUR), colours, MapSpec("densite"), (5, *tile_of(4, 4, 5)))
    pixels = np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))
    land = pixels[pixels[..., 3] == 255][:, :3]
    assert len(land) > 10_000
    # Lines between départements cross the hatch; all else is one of its two greys.
    assert np.isin(land, np.array(MISSING)).all(axis=1).mean() > 0.95


@pytest.mark.parametrize("count", range(MAX_CLASSES + 1))
def test_every_content_of_a_pixel_has_a_colour_of_its_own_kind(count):
    ink = ink_for(PALETTES["ocean"].pick(count) if count else ())
    table = np.arange(FIRST_CLASS + count, dtype=np.uint8)
    packed = pack(table).astype(int)
    alpha = np.frombuffer(ink.alpha, dtype=np.uint8)
    rng = np.random.default_rng(count)
    samples = rng.integers(0, len(table), (3000, SAMPLES))
    index = ink.pixel[packed[samples].sum(axis=1)]
    covered = (samples > 0).sum(axis=1)
    assert (alpha[index] == np.rint(255 * covered / SAMPLES)).all()
    palette = np.frombuffer(ink.palette, dtype=np.uint8).reshape(-1, 3)
    for kind in range(FIRST_CLASS, FIRST_CLASS + count):
        whole = ink.pixel[4 * packed[kind]]
        assert tuple(palette[whole]) == PALETTES["ocean"].pick(count)[kind - FIRST_CLASS]
    assert tuple(palette[ink.pixel[4 * packed[OUTSIDE_UNIVERSE]]]) == OUTSIDE
    assert ink.pixel[4 * packed[NO_VALUE]] == ink.ground
    assert tuple(palette[ink.stripe]) == MISSING[1]


def test_lines_part_groups_and_leave_the_coast_alone():
    identifiers = IdentifierTiles(FOUR).tile(5, *tile_of(4, 4, 5))
    groups = {"departement": np.array([0, 1, 1, 2, 2], dtype=np.uint16)}
    lines = draw_lines(identifiers, LinePlan("commune", "departement", wide=False), groups)
    inner = identifiers[INNER, INNER]
    assert set(np.unique(lines)) == {NO_LINE, THIN, STRONG}
    assert set(np.unique(inner[lines == STRONG])) == {2}  # the last sample before group 2
    assert set(np.unique(inner[lines == THIN])) == {1, 3}
    assert not (lines[inner == 0]).any()
    wide = draw_lines(identifiers, LinePlan(None, "departement", wide=True), groups)
    assert (wide == STRONG).sum() == 2 * (lines == STRONG).sum()
    assert set(np.unique(inner[wide == STRONG])) == {2, 3}


def test_a_line_shows_over_a_light_colour():
    light = PALETTES["ocean"].pick(6)[0]
    colours = Colours((light, light))
    body = render_tile(IdentifierTiles(FOUR), colours, MapSpec("densite"), (10, *tile_of(2, 4, 10)))
    pixels = np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))[..., :3].astype(int)
    shades = np.unique(pixels.reshape(-1, 3), axis=0)
    assert len(shades) == 2
    towards = np.array(DARK_LINE) - np.array(light)
    darker = shades[(shades != np.array(light)).any(axis=1)][0] - np.array(light)
    assert (np.sign(darker) == np.sign(towards)).all()
