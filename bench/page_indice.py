"""A slider of the page Indice de besoins moves: how long until all of France is recoloured.

Run with ``python -m bench page_indice``. All that the server does is counted: the whole script of
the page (recipe, index, legend, place, charts), run by Streamlit's own test runner, then every tile
of a 1440 × 900 view. The peer colours the same view polygon by polygon for the same weights, and
draws no page at all.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

import territoires.ui
from bench.tuiles import CHANGES, PEER_CHANGES, PLACES, PolygonTiles, polygons, view
from territoires.maps import MapSpec, render_tile
from territoires.ui.server import shared_workspace
from territoires.workspace import Workspace

PAGE = Path(territoires.ui.__file__).parent / "screens" / "indice.py"
BOUND_MS = 300
SEED = 20260101
PLACE = "com:30350"


def moved(page: AppTest, weight: float) -> float:
    """Move the first slider of a dimension; return how long the script took, in ms."""
    slider = next(s for s in page.slider if s.key.startswith("indice.poids_dimension."))
    start = time.perf_counter()
    slider.set_value(weight).run()
    took = (time.perf_counter() - start) * 1000
    assert not page.exception
    return took


def spec_of(page: AppTest, workspace: Workspace) -> MapSpec:
    recipe = page.session_state["recette.mienne"]
    return MapSpec.for_recipe(recipe, version=workspace.colours.version)


def main() -> None:
    workspace = shared_workspace()
    workspace.check()
    page = AppTest.from_file(PAGE, default_timeout=60)
    page.query_params["lieu"] = PLACE
    page.run()
    rng = np.random.default_rng(SEED)
    peer = PolygonTiles(workspace.register.geometries)
    for zoom, longitude, latitude in PLACES[1:4]:
        asked = view(zoom, longitude, latitude)
        for at in asked:
            workspace.tiles.tile(*at)
        scripts, tiles = [], []
        for _ in range(CHANGES):
            scripts.append(moved(page, float(rng.uniform(0.1, 3))))
            spec = spec_of(page, workspace)
            start = time.perf_counter()
            for at in asked:
                render_tile(workspace.tiles, workspace.colours, spec, at)
            tiles.append((time.perf_counter() - start) * 1000)
        theirs = []
        for _ in range(PEER_CHANGES):
            moved(page, float(rng.uniform(0.1, 3)))
            start = time.perf_counter()
            polygons(peer, workspace.colours, spec_of(page, workspace), asked)
            theirs.append((time.perf_counter() - start) * 1000)
        both = np.add(scripts, tiles)
        print(
            f"zoom {zoom:2}, {len(asked)} tuiles : médiane {np.median(both):.0f} ms, 95e centile "
            f"{np.quantile(both, 0.95):.0f} ms (borne {BOUND_MS}) ; page {np.median(scripts):.0f} "
            f"ms, tuiles {np.median(tiles):.0f} ms ; polygones un à un, sans page : "
            f"{statistics.median(theirs):.0f} ms"
        )


if __name__ == "__main__":
    main()
