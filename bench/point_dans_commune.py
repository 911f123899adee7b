"""Point → commune, in a batch, against ``geopandas.sjoin`` on the same points.

Run with ``python -m bench point_dans_commune``. The points are drawn in the boxes around
metropolitan France and the five overseas départements; about half fall in the sea or abroad.
Both start from two arrays of coordinates and end with one code per point; the spatial index of
each is built before anything is timed. The peer runs with both predicates, and the best of it is
also told without the making of its points. The answers are compared first.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from bench.timing import median_ms
from territoires.communes import load_register
from territoires.settings import shipped_data_dir

POINTS = 100_000
SEED = 20260101
ROUNDS = 9
# west, south, east, north, share of the points
BOXES = (
    (-5.2, 41.3, 9.6, 51.1, 0.90),
    (-61.9, 15.8, -61.0, 16.6, 0.02),
    (-61.3, 14.3, -60.8, 14.9, 0.02),
    (-54.7, 2.1, -51.6, 5.8, 0.02),
    (55.2, -21.4, 55.9, -20.8, 0.02),
    (45.0, -13.0, 45.4, -12.6, 0.02),
)


def draw() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(SEED)
    parts = [
        random.uniform((west, south), (east, north), (round(POINTS * share), 2))
        for west, south, east, north, share in BOXES
    ]
    points = random.permutation(np.concatenate(parts))
    return points[:, 0], points[:, 1]


def with_sjoin(points: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, predicate: str) -> pd.Series:
    joined = gpd.sjoin(points, communes, how="left", predicate=predicate)
    return joined["code_commune"]


def as_points(longitude: np.ndarray, latitude: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(longitude, latitude, crs="EPSG:4326"))


def main() -> None:
    register = load_register(shipped_data_dir())
    communes = register.to_geodataframe()[["geometry"]]
    longitude, latitude = draw()
    points = as_points(longitude, latitude)
    ours = register.locate(longitude, latitude)
    theirs = with_sjoin(points, communes, "within")
    theirs = theirs[~theirs.index.duplicated()]
    same = (pd.Series(ours) == theirs) | (pd.isna(ours) & theirs.isna())
    assert same.all(), f"{(~same).sum()} points placés ailleurs par sjoin"
    mine = median_ms(lambda: register.locate(longitude, latitude), ROUNDS)
    peers = {
        predicate: median_ms(
            lambda chosen=predicate: with_sjoin(as_points(longitude, latitude), communes, chosen),
            ROUNDS,
        )
        for predicate in ("within", "intersects")
    }
    best = min(peers, key=lambda predicate: peers[predicate])
    ready = median_ms(lambda: with_sjoin(points, communes, best), ROUNDS)
    inside = sum(code is not None for code in ours)
    print(f"{POINTS} points, dont {inside} dans une commune, médiane de {ROUNDS}")
    print(f"  Register.locate : {mine:.0f} ms")
    for predicate, duration in peers.items():
        print(f"  geopandas.sjoin ({predicate}) : {duration:.0f} ms, {duration / mine:.1f} ×")
    print(f"  geopandas.sjoin ({best}), points déjà faits : {ready:.0f} ms, {ready / mine:.1f} ×")


if __name__ == "__main__":
    main()
