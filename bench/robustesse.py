"""A thousand rankings of all communes, against the same draws written plainly in pandas.

Run with ``python -m bench robustesse``. The peer ranks the same variants one at a time; it is timed
over a few of them and compared draw for draw. Both give the same ranks but for near ties: checked.
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pandas as pd

from bench.indice import COMMUNES, INDICATORS, draw, recipe
from territoires.needs import DrawPlan, Recipe, assess
from territoires.needs.batch import competition_ranks, scores_by_variant
from territoires.needs.draws import Variants, draw_variants
from territoires.needs.index import prepare

PEER_DRAWS = 20
ROUNDS = 3
BOUND_S, BOUND_MB = 4.0, 500


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_plain_pandas(values: pd.DataFrame, made: Recipe, variants: Variants) -> np.ndarray:
    """Rank under each variant: what a careful analyst would write for a loop of draws."""
    signs = pd.Series({item.code: item.direction for item in made.items})
    directed = values[list(made.codes)] * signs
    scales = {
        "rang": (directed.rank() - 1) / (directed.count() - 1),
        "min_max": (directed - directed.min()) / (directed.max() - directed.min()),
        "z": (directed - directed.mean()) / directed.std(ddof=0),
    }
    rows = []
    for at, weights in zip(variants.method, variants.inner, strict=True):
        method = variants.methods[at]
        scaled = scales[method.normalisation]
        if method.aggregation == "geometrique":
            scaled = np.log(made.geometric_shift + (1 - made.geometric_shift) * scaled)
        known = scaled.notna().mul(weights, axis=1).sum(axis=1)
        score = scaled.mul(weights, axis=1).sum(axis=1) / known
        rows.append(score.rank(method="min", ascending=False).to_numpy())
    return np.array(rows)


def main() -> None:
    values, made = draw(), recipe()
    before = peak_mb()
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assess(values, made, plan=DrawPlan())
        durations.append(time.perf_counter() - start)
    ours, count = sorted(durations)[ROUNDS // 2], DrawPlan().count
    print(f"{count} tirages, {COMMUNES} communes × {INDICATORS} indicateurs, médiane de {ROUNDS}")
    print(f"  territoires.needs.assess : {ours:.2f} s (borne : {BOUND_S:.0f} s)")
    print(f"  mémoire en plus, au pic  : {peak_mb() - before:.0f} Mo (borne : {BOUND_MB} Mo)")

    complete = values.dropna()
    few = draw_variants(made, DrawPlan(count=PEER_DRAWS))
    everyone = np.ones(len(complete), dtype=bool)
    mine = np.empty((PEER_DRAWS, len(complete)))
    for rows, scores in scores_by_variant(made, prepare(complete, made), everyone, few):
        mine[rows] = [competition_ranks(line) for line in scores]
    theirs = in_plain_pandas(complete, made, few)
    assert np.abs(mine - theirs).mean() < 1.0, "les rangs diffèrent de ceux de pandas"
    start = time.perf_counter()
    in_plain_pandas(values, made, few)
    peer = (time.perf_counter() - start) / PEER_DRAWS * count
    told = f"{PEER_DRAWS} tirages rapportés à {count}"
    print(f"  pandas {pd.__version__}, {told} : {peer:.1f} s")
    print(f"  rapport : {peer / ours:.0f} ×")


if __name__ == "__main__":
    main()
