"""Choropleth tiles, against drawing each polygon with Pillow.

Run with ``python -m bench tuiles``. Two questions:

- how long an identifier tile takes, by zoom, against the usual way (an STRtree query, then
  ``ImageDraw.polygon`` for each commune, coordinates projected beforehand for both);
- how long after new weights, of indicators and of dimensions, a view of 1440 × 900 pixels is
  recoloured on the server: index, classes and every tile, against the same view drawn by filling
  each polygon with its colour, at the same size and without smoothing nor lines. Once with
  arithmetic means, once with geometric ones.

Where both draw a commune alone (all of a pixel's surroundings are its own), they must agree.
"""

from __future__ import annotations

import dataclasses
import io
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import shapely
from PIL import Image, ImageDraw

from territoires.communes import load_register
from territoires.indicators import load_indicators
from territoires.maps import IdentifierTiles, MapColours, MapSpec, render_tile
from territoires.maps.identifiers import TILE_PIXELS, TILE_SAMPLES
from territoires.maps.mercator import WORLD_BITS, tile_of, to_degrees, to_world
from territoires.needs import AGGREGATIONS, recipes_available
from territoires.settings import shipped_data_dir

ROUNDS = 5
CHANGES = 30
PEER_CHANGES = 3
WIDTH, HEIGHT = 1440, 900
SEED = 20260101
# Zoom, longitude, latitude: from all of France to a few communes.
PLACES = ((5, 2.5, 46.6), (6, 2.5, 46.6), (8, 3.6, 44.5), (10, 3.6, 44.2), (12, 3.6, 44.2))


class PolygonTiles:
    """The peer: an STRtree, and Pillow for each polygon."""

    def __init__(self, geometries: np.ndarray) -> None:
        parts, owner = shapely.get_parts(geometries, return_index=True)
        self.tree = shapely.STRtree(parts)
        self.owner = owner
        rings = shapely.get_exterior_ring(parts)
        self.points = [np.column_stack(to_world(*shapely.get_coordinates(r).T)) for r in rings]
        self.holes = [
            [np.column_stack(to_world(*shapely.get_coordinates(hole).T)) for hole in part.interiors]
            for part in parts
        ]

    def draw(
        self, zoom: int, column: int, row: int, side: int, mode: str, ink: Callable[[int], object]
    ) -> Image.Image:
        """Draw a tile; ``ink`` gives what a commune is filled with, by its position."""
        unit = (1 << (WORLD_BITS - zoom)) / side
        corner = np.array([column * side * unit, row * side * unit])
        image = Image.new(mode, (side, side), 0)
        pencil = ImageDraw.Draw(image)
        (west, east), (north, south) = to_degrees(
            [corner[0], corner[0] + side * unit], [corner[1], corner[1] + side * unit]
        )
        for part in np.sort(self.tree.query(shapely.box(west, south, east, north))):
            flat = ((self.points[part] - corner) / unit).ravel().tolist()
            pencil.polygon(flat, fill=ink(int(self.owner[part])))
            for hole in self.holes[part]:
                pencil.polygon(((hole - corner) / unit).ravel().tolist(), fill=0)
        return image


def median_ms(task: Callable[[], object], rounds: int = ROUNDS) -> float:
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        durations.append((time.perf_counter() - start) * 1000)
    return statistics.median(durations)


def alone(numbers: np.ndarray) -> np.ndarray:
    """Tell the samples whose eight neighbours are of the same commune."""
    same = np.ones(numbers.shape, dtype=bool)
    for axis in (0, 1):
        for step in (-1, 1):
            same &= numbers == np.roll(numbers, step, axis)
    same[[0, -1], :] = same[:, [0, -1]] = False
    return same & (numbers > 0)


def compare_identifiers(tiles: IdentifierTiles, peer: PolygonTiles) -> None:
    side = TILE_SAMPLES - 2
    print(f"Tuile d'identifiants de {side} × {side} points, médiane de {ROUNDS} :")
    for zoom, longitude, latitude in PLACES:
        column, row = tile_of(longitude, latitude, zoom)
        ours = IdentifierTiles.__new__(IdentifierTiles)
        ours.__dict__ |= tiles.__dict__ | {"_capacity": 0}  # nothing is kept: drawn each time
        mine = median_ms(lambda ours=ours, at=(zoom, column, row): ours.tile(*at))

        def task(at: tuple[int, int, int] = (zoom, column, row)) -> Image.Image:
            return peer.draw(*at, side, "I", lambda position: position + 1)

        theirs = median_ms(task, rounds=3)
        drawn, other = tiles.tile(zoom, column, row)[1:-1, 1:-1], np.asarray(task())
        sure = alone(drawn) & alone(other)
        assert sure.any()
        assert (drawn[sure] == other[sure]).mean() > 0.999, f"les tuiles diffèrent au zoom {zoom}"
        count = len(np.unique(drawn)) - 1
        print(
            f"  zoom {zoom:2} ({count:5} communes) : {mine:6.1f} ms ; "
            f"polygones un à un : {theirs:7.1f} ms, {theirs / mine:.0f} ×"
        )


def view(zoom: int, longitude: float, latitude: float) -> list[tuple[int, int, int]]:
    """Return the tiles of a window centred on a point."""
    x, y = to_world([longitude], [latitude])
    pixel = 1 << (WORLD_BITS - zoom - 8)
    left, top = int(x[0]) // pixel - WIDTH // 2, int(y[0]) // pixel - HEIGHT // 2
    return [
        (zoom, column, row)
        for column in range(left // TILE_PIXELS, (left + WIDTH) // TILE_PIXELS + 1)
        for row in range(top // TILE_PIXELS, (top + HEIGHT) // TILE_PIXELS + 1)
    ]


def new_weights(first: MapSpec) -> Iterator[MapSpec]:
    rng = np.random.default_rng(SEED)
    recipe = first.subject
    while True:
        weights = {code: float(rng.uniform(0.1, 3)) for code in recipe.codes}
        dimensions = {one.code: float(rng.uniform(0.1, 3)) for one in recipe.dimensions}
        yield dataclasses.replace(first, subject=recipe.with_weights(weights, dimensions))


def compare_recolouring(
    tiles: IdentifierTiles, colours: MapColours, peer: PolygonTiles, first: MapSpec
) -> None:
    print(f"Nouveaux poids → vue de {WIDTH} × {HEIGHT} recolorée (indice, classes, tuiles) :")
    changes = new_weights(first)
    for zoom, longitude, latitude in PLACES[1:4]:
        asked = view(zoom, longitude, latitude)
        for at in asked:
            tiles.tile(*at)
        durations, index, size = [], [], 0
        for _, spec in zip(range(CHANGES), changes, strict=False):
            start = time.perf_counter()
            colours.colouring(spec)
            index.append((time.perf_counter() - start) * 1000)
            size = sum(len(render_tile(tiles, colours, spec, at)) for at in asked)
            durations.append((time.perf_counter() - start) * 1000)
        p95 = float(np.quantile(durations, 0.95))
        theirs = median_ms(
            lambda asked=asked: polygons(peer, colours, next(changes), asked),
            PEER_CHANGES,
        )
        middle = statistics.median(durations)
        first_part = statistics.median(index)
        each = (middle - first_part) / len(asked)
        print(
            f"  zoom {zoom:2}, {len(asked)} tuiles, {size / 1000:.0f} ko : médiane {middle:.0f} "
            f"ms, 95e centile {p95:.0f} ms (indice et classes {first_part:.0f} ms, "
            f"puis {each:.1f} ms la tuile) ; polygones un à un : {theirs:.0f} ms, "
            f"{theirs / middle:.0f} ×"
        )


def polygons(
    peer: PolygonTiles, colours: MapColours, spec: MapSpec, asked: list[tuple[int, int, int]]
) -> None:
    colouring = colours.colouring(spec)
    palette = [(0, 0, 0, 0), (247, 248, 249, 255), (220, 220, 220, 255)]
    palette += [(*colour, 255) for colour in colouring.classes.colours]
    for at in asked:
        image = peer.draw(*at, TILE_PIXELS, "RGBA", lambda k: palette[colouring.table[k + 1]])
        image.save(io.BytesIO(), "PNG", compress_level=2)


def main() -> None:
    data_dir = shipped_data_dir()
    register = load_register(data_dir)
    geometries = register.geometries
    start = time.perf_counter()
    tiles = IdentifierTiles(geometries)
    print(f"Préparation des contours : {(time.perf_counter() - start) * 1000:.0f} ms")
    peer = PolygonTiles(geometries)
    compare_identifiers(tiles, peer)
    colours = MapColours(register, load_indicators(data_dir, register))
    recipe = recipes_available(data_dir)["deprise_eloignement"]
    assert recipe.dimensions
    for mean in AGGREGATIONS:
        print(f"Recette « {recipe.name} », {len(recipe.dimensions)} dimensions, moyenne {mean}")
        spec = MapSpec.for_recipe(dataclasses.replace(recipe, aggregation=mean))
        compare_recolouring(tiles, colours, peer, spec)


if __name__ == "__main__":
    main()
