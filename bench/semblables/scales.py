"""Which scale: measured on all communes of 2,000 to 19,999 inhabitants, not on known territories.

A scale is good when places that are close on it are close for what it was not told: each indicator
is hidden in turn, and predicted by the ten communes nearest on all the others. What is printed is
the share of its variance (of rank) that is explained, on average over the indicators.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm
from sklearn.neighbors import NearestNeighbors

from bench.semblables.packs import Pack
from territoires.candidates.alike.scale import Scale

Floats = npt.NDArray[np.float64]
SMALLEST, LARGEST = 2_000, 20_000
NEIGHBOURS = 10
_ROBUST_LIMIT = 3.0
_NORMAL_RANGE = 1.349  # between quartiles of a standard normal variable


def quality(pack: Pack) -> dict[tuple[str, str], float]:
    """Return the share of variance explained, by (scale, learnt where)."""
    codes = [one.code for one in pack.rules.criteria_for(pack.table.catalogue)]
    values = pack.table.comparable[codes]
    population = pack.table.population
    chosen = (population >= SMALLEST) & (population < LARGEST) & values.notna().all(axis=1)
    truth = ranks(values[chosen], values[chosen])
    return {
        (name, where): explained(scale(values[learnt], values[chosen]), truth)
        for name, scale in SCALES.items()
        for where, learnt in {"mêmes tailles": chosen, "toute la France": population >= 0}.items()
    }


def show(measured: Mapping[tuple[str, str], float]) -> None:
    print("\néchelle : variance expliquée de l'indicateur caché, en moyenne")
    for (name, where), share in measured.items():
        print(f"  {name}, apprise sur : {where} : {share:.1%}")


def explained(positions: Floats, truth: Floats) -> float:
    shares = []
    for hidden in range(truth.shape[1]):
        others = np.delete(positions, hidden, axis=1)
        nearest = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(others)
        rows = nearest.kneighbors(others, return_distance=False)[:, 1:]
        known = truth[:, hidden]
        errors = known - known[rows].mean(axis=1)
        shares.append(1.0 - float((errors**2).mean()) / float(known.var()))
    return float(np.mean(shares))


def ranks(learnt: pd.DataFrame, places: pd.DataFrame) -> Floats:
    return Scale.of(learnt).positions(places)


def _normal_scores(learnt: pd.DataFrame, places: pd.DataFrame) -> Floats:
    count = learnt.notna().sum().to_numpy()
    positions = ranks(learnt, places)
    scores: Floats = norm.ppf((positions * (count - 1) + 0.5) / count)
    return scores


def _standard_scores(learnt: pd.DataFrame, places: pd.DataFrame) -> Floats:
    return ((places - learnt.mean()) / learnt.std()).to_numpy(dtype=np.float64)


def _robust_scores(learnt: pd.DataFrame, places: pd.DataFrame) -> Floats:
    """Median and quartiles, on a logarithm (tamed near 0) of what is skewed, trimmed."""
    columns = []
    for code in learnt.columns:
        known, asked = learnt[code].to_numpy(np.float64), places[code].to_numpy(np.float64)
        if np.nanmin(known) >= 0 and abs(learnt[code].skew()) > 1:
            unit = np.nanmedian(known[known > 0]) / 2
            known, asked = np.arcsinh(known / unit), np.arcsinh(asked / unit)
        low, middle, high = np.nanpercentile(known, [25, 50, 75])
        width = (high - low) / _NORMAL_RANGE or float(np.nanstd(known))
        columns.append(np.clip((asked - middle) / width, -_ROBUST_LIMIT, _ROBUST_LIMIT))
    return np.column_stack(columns)


SCALES: Mapping[str, Callable[[pd.DataFrame, pd.DataFrame], Floats]] = {
    "rang": ranks,
    "rang ramené à une loi normale": _normal_scores,
    "médiane et quartiles, logarithme si besoin": _robust_scores,
    "écart-type": _standard_scores,
}
