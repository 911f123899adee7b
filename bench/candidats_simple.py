"""Candidate communes of all France: our search against the same search in plain pandas.

Run with ``python -m bench candidats_simple``. Both lists are checked to be the same before
anything is timed. The peer is what a careful analyst would write in a notebook: ranks with pandas,
rules as masks, and each distance measured in a loop over the initiatives.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from bench.timing import median_ms
from territoires.candidates import (
    CandidateList,
    CandidateQuery,
    find_candidates,
    load_presets,
    query_from_preset,
    why,
)
from territoires.communes import Register, load_register
from territoires.indicators import IndicatorTable, load_indicators
from territoires.initiatives import Directory, load_directory, load_vocabularies
from territoires.needs import recipes_available

DATA = Path(__file__).resolve().parent.parent / "data"
ROUNDS = 15
BOUND_MS = 1_000.0
DISTANCE_KM = 15.0


def in_plain_pandas(
    register: Register, indicators: IndicatorTable, directory: Directory, query: CandidateQuery
) -> pd.DataFrame:
    communes = register.communes
    recipe = query.recipe
    values = indicators.values.where(indicators.statuses.isin(["publie", "plancher"]))
    weights = pd.Series(recipe.weights, index=recipe.codes)
    ranks = values[list(recipe.codes)].rank()
    scaled = (ranks - 1).div(ranks.count() - 1, axis=1)
    for item in recipe.items:
        if item.direction < 0:
            scaled[item.code] = 1 - scaled[item.code]
    coverage = scaled.notna().mul(weights, axis=1).sum(axis=1)
    score = scaled.mul(weights, axis=1).sum(axis=1) / coverage
    score = score.where(coverage >= recipe.min_coverage - 1e-9)
    frame = directory.frame
    chosen = frame[
        frame["type"].isin(query.initiative_types) & frame["statut"].isin(query.initiative_statuses)
    ]
    covered = set(chosen["communes_resolues"].str.split(";").explode())
    distance = distances_in_a_loop(communes, chosen)
    kept = (
        communes["population"].astype(float).between(query.population_min, query.population_max)
        & ~communes.index.isin(covered)
        & ~(distance < query.distance_min_km)
        & score.notna()
    )
    result = communes[kept].assign(score=score, distance_km=distance)
    return result.sort_values("score", ascending=False, kind="stable")


def distances_in_a_loop(communes: pd.DataFrame, initiatives: pd.DataFrame) -> pd.Series:
    distance = pd.Series(np.nan, index=communes.index)
    for epsg, group in communes.groupby("epsg_local"):
        to_metres = Transformer.from_crs(4326, int(epsg), always_xy=True)
        systems = communes["epsg_local"].reindex(initiatives["geo_code_commune"])
        here = initiatives[(systems == epsg).to_numpy() & initiatives["longitude"].notna()]
        nearest = pd.Series(np.inf, index=group.index)
        for longitude, latitude in zip(here["longitude"], here["latitude"], strict=True):
            x, y = to_metres.transform(longitude, latitude)
            metres = np.hypot(group["x_local"] - x, group["y_local"] - y)
            nearest = nearest.where(nearest < metres, metres)
        distance[group.index] = nearest.replace(np.inf, np.nan) / 1000
    return distance


def check(ours: CandidateList, peer: pd.DataFrame) -> None:
    assert set(ours.ranked.index) == set(peer.index)
    assert np.allclose(ours.ranked["score"].loc[peer.index], peer["score"])
    assert np.allclose(
        ours.ranked["distance_km"].loc[peer.index], peer["distance_km"], atol=0.001, equal_nan=True
    )


def main() -> None:
    register = load_register(DATA)
    indicators = load_indicators(DATA, register)
    directory = load_directory(DATA, register, load_vocabularies(DATA))
    recipe = recipes_available(DATA)["deprise_eloignement"]
    preset = load_presets(DATA)["tzcld"]
    query = query_from_preset(recipe, preset, distance_min_km=DISTANCE_KM)
    data = (register, indicators, directory)
    found = find_candidates(*data, query)
    check(found, in_plain_pandas(*data, query))
    everywhere = CandidateQuery(recipe, count=40_000)
    region = query_from_preset(recipe, preset, universe=("reg:76",))
    print(f"communes candidates, médiane de {ROUNDS} recherches ; {found.funnel()}")
    mine = median_ms(lambda: find_candidates(*data, query), ROUNDS)
    peer = median_ms(lambda: in_plain_pandas(*data, query), ROUNDS)
    print(f"  find_candidates, règles TZCLD à {DISTANCE_KM:g} km, France : {mine:6.0f} ms")
    print(f"  pandas {pd.__version__}, même recherche écrite simplement : {peer:6.0f} ms")
    print(f"  rapport : {peer / mine:.1f} ×")
    whole = median_ms(lambda: find_candidates(*data, everywhere), ROUNDS)
    print(f"  find_candidates, toutes les communes classées : {whole:6.0f} ms")
    local = median_ms(lambda: find_candidates(*data, region), ROUNDS)
    print(f"  find_candidates, une région : {local:6.0f} ms")
    told = median_ms(lambda: [why(found, code) for code in found.frame.index], ROUNDS)
    print(f"  {len(found.frame)} paragraphes « pourquoi ici » : {told:6.0f} ms")
    if max(mine, whole, local) > BOUND_MS:
        sys.exit(f"borne dépassée : {BOUND_MS:.0f} ms")


if __name__ == "__main__":
    main()
