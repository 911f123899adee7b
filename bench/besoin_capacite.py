"""Need and capacity of all communes: ours against scipy's cKDTree and a plain numpy table.

The same presence (1 on the spot, fading to 0 at the reach), by the three; then, through the door of
the maps, a reach that was never asked: index, presence, quadrants and the tiles of a screen.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from bench.timing import median_ms
from territoires.candidates.quadrants import capacity_of
from territoires.communes import Register
from territoires.communes.projection import project
from territoires.initiatives import Directory
from territoires.maps import MapQuadrants, MapSpec, render_tile
from territoires.settings import load_settings
from territoires.workspace import Workspace, open_workspace

ROUNDS = 5
MANY = 5_000
REACHES = 20
TILES = [(6, column, row) for column in range(30, 35) for row in range(20, 25)]
Points = tuple[np.ndarray, np.ndarray, np.ndarray]


def systems(register: Register, directory: Directory) -> Iterator[Points]:
    """Yield rows and points of communes, then points of initiatives, by projected system."""
    communes, frame = register.communes, directory.located.frame
    own = communes["epsg_local"].reindex(frame["geo_code_commune"]).to_numpy()
    for epsg in communes["epsg_local"].unique():
        rows = np.flatnonzero(communes["epsg_local"] == epsg)
        here = frame[own == epsg]
        there = project(here["longitude"].to_numpy(), here["latitude"].to_numpy(), int(epsg))
        places = communes[["x_local", "y_local"]].to_numpy()[rows]
        yield rows, places, np.column_stack(there)


def by_tree(register: Register, directory: Directory, reach: float) -> np.ndarray:
    sums = np.zeros(len(register.communes))
    for rows, places, stands in systems(register, directory):
        if len(stands):
            near = cKDTree(places).sparse_distance_matrix(
                cKDTree(stands), reach, output_type="ndarray"
            )
            sums[rows] = np.bincount(near["i"], 1 - near["v"] / reach, len(rows))
    return sums


def by_table(register: Register, directory: Directory, reach: float) -> np.ndarray:
    sums = np.zeros(len(register.communes))
    for rows, places, stands in systems(register, directory):
        for at in range(0, len(rows), 2_000):
            apart = places[at : at + 2_000, None] - stands[None]
            metres = np.hypot(apart[..., 0], apart[..., 1])
            sums[rows[at : at + 2_000]] = np.clip(1 - metres / reach, 0, None).sum(axis=1)
    return sums


def many(directory: Directory, register: Register) -> Directory:
    """Make a directory of the size that the network hopes for: one in a commune out of seven."""
    places = register.communes.sample(MANY, random_state=1)
    frame = pd.concat([directory.frame.iloc[:1]] * MANY).set_index(
        pd.Index([f"b-{at}" for at in range(MANY)], name="id")
    )
    frame["geo_code_commune"] = places.index
    frame[["longitude", "latitude"]] = places[["longitude", "latitude"]].to_numpy()
    return replace(directory, frame=frame)


def main() -> None:
    # The shipped data alone, whatever this machine has downloaded.
    with tempfile.TemporaryDirectory() as empty:
        workspace = open_workspace(load_settings({"TERRITOIRES_DONNEES": empty}))
        for directory in (workspace.directory, many(workspace.directory, workspace.register)):
            measure(workspace, directory)
        screen(workspace)


def measure(workspace: Workspace, directory: Directory) -> None:
    register, rules = workspace.register, replace(workspace.quadrant_rules, statuses=())
    reach = rules.reach_km * 1000
    measured = capacity_of(register, directory, rules).to_numpy()
    mine = median_ms(lambda: capacity_of(register, directory, rules), ROUNDS)
    print(
        f"présence, {len(register.communes)} communes × {len(directory.located)} initiatives, "
        f"{rules.reach_km:.0f} km : {mine:.0f} ms"
    )
    for name, peer in (("cKDTree de scipy", by_tree), ("tableau numpy", by_table)):
        gap = np.abs(measured - peer(register, directory, reach)).max()
        theirs = median_ms(lambda peer=peer: peer(register, directory, reach), ROUNDS)
        print(f"  {name:18} {theirs:6.0f} ms, {theirs / mine:.1f} × ; écart {gap:.0e}")


def screen(workspace: Workspace) -> None:
    """Time what the server does when a person changes the reach, all tiles of a screen included."""
    recipe = workspace.recipes[workspace.default_recipe]
    mark = workspace.directories.mark(workspace.directory)
    durations: list[float] = []
    for asked in range(REACHES + 2):
        rules = replace(workspace.quadrant_rules, reach_km=15.0 + asked)
        spec = MapSpec.for_quadrants(
            recipe, MapQuadrants(rules, mark), version=workspace.colours.version
        )
        start = time.perf_counter()
        for position in TILES:
            render_tile(workspace.tiles, workspace.colours, spec, position)
        durations.append((time.perf_counter() - start) * 1000)
    warm = durations[2:]
    print(
        f"nouvelle portée → {len(TILES)} tuiles recolorées : médiane {np.median(warm):.0f} ms, "
        f"p95 {np.percentile(warm, 95):.0f} ms (borne : 300 ms)"
    )


if __name__ == "__main__":
    main()
