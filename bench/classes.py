"""Cutting real columns of all communes into classes: each method, against k-means on all values.

Run with ``python -m bench classes``. Also prints how well our natural breaks fit, against those of
mapclassify's NaturalBreaks: the sum of squared distances to the mean of the class, lower is better.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import mapclassify
import numpy as np

from bench.timing import median_ms
from territoires.communes import load_register
from territoires.indicators import load_indicators
from territoires.maps import METHODS, ClassRules, classify
from territoires.maps.limits import MANUAL
from territoires.settings import shipped_data_dir

COLUMNS = ("densite", "evolution_population", "heures_mairie")
ROUNDS = 5
COUNT = 6


def quiet(task: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return task()

    return run


def spread(values: np.ndarray, limits: np.ndarray) -> float:
    found = np.searchsorted(limits, values, side="right")
    return sum(float(np.var(values[found == k]) * (found == k).sum()) for k in np.unique(found))


def main() -> None:
    data_dir = shipped_data_dir()
    table = load_indicators(data_dir, load_register(data_dir))
    for code in COLUMNS:
        values = table.comparable[code].dropna().to_numpy()
        print(f"{code}, {len(values)} communes, {COUNT} classes, médiane de {ROUNDS} :")
        for method in METHODS:
            if method != MANUAL:
                rules = ClassRules(count=COUNT, method=method, decimals=2)
                mine = median_ms(lambda rules=rules, v=values: classify(v, rules), ROUNDS)
                print(f"  {method:16} {mine:7.1f} ms")
        peer = quiet(lambda v=values: mapclassify.NaturalBreaks(v, k=COUNT))
        theirs = median_ms(peer, 1)
        ours = METHODS["seuils_naturels"].limits(np.sort(values), COUNT)
        fit = spread(values, ours) / spread(values, np.asarray(peer().bins[:-1]))
        ordered = np.sort(values)
        cut = METHODS["seuils_naturels"].limits
        natural = median_ms(lambda v=ordered, cut=cut: cut(v, COUNT), 3)
        print(
            f"  NaturalBreaks de mapclassify, toutes les valeurs : {theirs:.0f} ms, "
            f"{theirs / natural:.0f} × ; dispersion de nos classes sur les siennes : {fit:.2f}"
        )


if __name__ == "__main__":
    main()
