"""Growing territories, by département, against spopt's max-p heuristic on the same communes.

Run with ``python -m bench candidats``. Both are given the same communes: those that may be grouped
(below the upper bound of the preset, ranked), in their largest connected set. Max-p knows a floor
only, divides everything, and seeks regions alike inside: its attribute, the need, is standardised
and its random generator seeded. Times are those of one core (process time), without imports;
memory is the peak that ``tracemalloc`` sees, in a second run (with two constructions in place of
99 for max-p, which is slow).

Then: growth alone against growth and local search; the optimum of small areas, by enumeration; and
the times of a région and of France.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from territoires.candidates import load_presets
from territoires.candidates.growing import (
    Contiguity,
    Growth,
    GrowthRules,
    GrowthSettings,
    contiguity_of,
    grow,
    growth_units,
    load_growth_settings,
    load_links,
)
from territoires.communes import Register, load_register
from territoires.errors import InvalidRequest
from territoires.indicators import load_indicators
from territoires.needs import compute_index, recipes_available

DATA = Path(__file__).resolve().parent.parent / "data"
RECIPE = "deprise_eloignement"
DEPARTEMENTS = ("26", "30", "48")
REGIONS = ("76", "32", "84")
BEST = 10
EVERYTHING = 40_000
REGION_BOUND_S, FRANCE_BOUND_S = 2.0, 20.0
SMALL_AREAS, SMALL_SIZE = 40, 14


@dataclasses.dataclass(frozen=True)
class Ground:
    """What every search is given."""

    register: Register
    graph: Contiguity
    score: pd.Series
    settings: GrowthSettings
    low: int
    high: int

    @property
    def rules(self) -> GrowthRules:
        """The bounds of the preset, as many territories as there are."""
        return GrowthRules(self.low, self.high, count=EVERYTHING)

    def units(self, level: str | None = None, code: str = "") -> pd.DataFrame:
        """Return the communes of a territory, or of France."""
        codes = self.register.codes_of(level, code) if level else None
        return growth_units(self.register, self.score, codes)

    def groupable(self, departement: str) -> pd.DataFrame:
        """Return the largest connected set of communes that both can group."""
        units = self.units("departement", departement)
        units = units[units["score"].notna() & (units["population"] < self.low)]
        return units.loc[largest_connected(self.graph, units.index)]


def ground() -> Ground:
    register = load_register(DATA)
    recipe = recipes_available(DATA)[RECIPE]
    preset = load_presets(DATA)["tzcld"]
    return Ground(
        register,
        contiguity_of(register, load_links(DATA, register)),
        compute_index(load_indicators(DATA, register).comparable, recipe).score,
        load_growth_settings(DATA),
        preset.population_min,
        preset.population_max,
    )


def largest_connected(graph: Contiguity, codes: Sequence[str]) -> list[str]:
    left, largest = set(codes), set()
    while left:
        seen, waiting = set(), [min(left)]
        while waiting:
            one = waiting.pop()
            if one in left:
                left.discard(one)
                seen.add(one)
                waiting.extend(graph.around(one))
        largest = max(largest, seen, key=len)
    return sorted(largest)


# The two searches, each in a process of its own


Groups = list[list[str]]
Run = Callable[[bool], Groups]


def ours(here: Ground, units: pd.DataFrame) -> Run:
    def run(_shortened: bool) -> Groups:
        growth = grow(here.graph, units, here.rules, here.settings)
        return [list(one.codes) for one in growth.territories]

    return run


def max_p(here: Ground, units: pd.DataFrame) -> Run:
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic

    inside = set(units.index)
    ties = {code: [near for near in here.graph.around(code) if near in inside] for code in inside}
    places = {code: place for place, code in enumerate(units.index)}
    weights = W(
        {places[code]: [places[near] for near in ties[code]] for code in units.index},
        silence_warnings=True,
    )
    need = (units["score"] - units["score"].mean()) / units["score"].std()
    frame = here.register.to_geodataframe(units.index)[["geometry"]].to_crs(2154)
    frame = frame.assign(need=need, population=units["population"]).reset_index(drop=True)

    def run(shortened: bool) -> Groups:
        np.random.seed(0)  # the only generator it knows
        model = MaxPHeuristic(
            frame,
            weights,
            ["need"],
            "population",
            here.low,
            max_iterations_construction=2 if shortened else 99,
            policy="keep",
        )
        model.solve()
        labels = pd.Series(model.labels_, index=units.index)
        return [list(codes) for _, codes in labels.groupby(labels).groups.items()]

    return run


SEARCHES = {"nous": ours, "maxp": max_p}


def measured(name: str, departement: str) -> dict[str, Any]:
    """Run one search in a new process and return its measures."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.candidats", name, departement],
        capture_output=True,
        text=True,
        check=True,
        cwd=DATA.parent,
    )
    return json.loads(done.stdout.splitlines()[-1])


def work(name: str, departement: str) -> None:
    here = ground()
    units = here.groupable(departement)
    run = SEARCHES[name](here, units)
    start = time.process_time()
    groups = run(False)
    seconds = time.process_time() - start
    tracemalloc.start()
    run(True)
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    measures = judged(groups, units, here)
    print(json.dumps({"communes": len(units), "s": seconds, "mo": memory, **measures}))


def judged(groups: Groups, units: pd.DataFrame, here: Ground) -> dict[str, Any]:
    """Judge groups by the same yardstick, whoever made them."""
    population, need = [], []
    for codes in groups:
        members = units.loc[codes]
        population.append(members["population"].sum())
        need.append((members["population"] * members["score"]).sum() / population[-1])
    held = pd.Series(population).between(here.low, here.high)
    kept = pd.Series(need)[held].sort_values(ascending=False)
    return {
        "groupes": len(groups),
        "dans_les_bornes": float(held.mean()),
        "besoins": kept.tolist(),
    }


def by_departement() -> None:
    print("par département : nous, puis spopt MaxPHeuristic (un plancher, pas de plafond)")
    for departement in DEPARTEMENTS:
        mine, peer = (measured(name, departement) for name in SEARCHES)
        # As many as both have within bounds: the mean of fewer would be of better ones.
        best = min(BEST, len(mine["besoins"]), len(peer["besoins"]))
        print(f"  {departement}, {mine['communes']} communes à grouper")
        for who, found in (("nous", mine), ("max-p", peer)):
            needs = found["besoins"]
            print(
                f"    {who:6s} {found['groupes']:3.0f} groupes, {found['dans_les_bornes']:4.0%} "
                f"dans les deux bornes ; besoin des {best} premiers "
                f"{np.mean(needs[:best]):.3f}, de tous {np.mean(needs):.3f} ; "
                f"{found['s']:6.2f} s, {found['mo']:5.1f} Mo"
            )
        need = np.mean(mine["besoins"][:best]) / np.mean(peer["besoins"][:best])
        seconds, memory = peer["s"] / mine["s"], peer["mo"] / mine["mo"]
        print(
            f"    rapports : besoin des {best} premiers {need:.2f} ×, temps {seconds:.0f} ×, "
            f"mémoire {memory:.1f} ×"
        )


# Is local search worth it? How far is the optimum?


def local_search(here: Ground) -> None:
    print(
        "croissance seule, puis améliorée (objectif du premier groupe, moyenne des vingt premiers)"
    )
    plain = dataclasses.replace(here.settings, moves=0, leaders=0)
    late = dataclasses.replace(here.settings, leaders=0)
    ways = {"seule": plain, "au choix": late, "et meneurs": here.settings}
    rules = dataclasses.replace(here.rules, count=20)
    units = {code: here.units("region", code) for code in REGIONS}
    for name, settings in ways.items():
        start = time.process_time()
        found = [objectives(grow(here.graph, units[code], rules, settings)) for code in REGIONS]
        seconds = time.process_time() - start
        first = np.mean([values.max() for values in found])
        mean = np.mean([values.mean() for values in found])
        print(f"  {name:10s} {first:.4f} {mean:.4f} {seconds:5.1f} s ({', '.join(REGIONS)})")


def objectives(growth: Growth) -> np.ndarray:
    return np.array([one.objective for one in growth.territories if one.nature == "groupe"])


def optimum(here: Ground) -> None:
    """Compare with the best of all connected groups, on areas small enough to list them."""
    units = here.units("region", REGIONS[0])
    units = units[units["score"].notna() & (units["population"] < here.low)]
    seeds = np.random.default_rng(0).choice(units.index, 4 * SMALL_AREAS, replace=False)
    gaps = []
    for seed in seeds:
        area = units.loc[around(here.graph, set(units.index), str(seed))]
        everyone = int(area["population"].sum())
        rules = GrowthRules(everyone // 4, everyone // 2, count=1)
        area = area[area["population"] < rules.population_min]
        try:
            growth = grow(here.graph, area, rules, here.settings)
        except InvalidRequest:
            continue
        gaps.append(best_of_all(here, area, rules) - growth.territories[0].objective)
        if len(gaps) == SMALL_AREAS:
            break
    reached = np.mean(np.array(gaps) < 1e-9)
    print(
        f"optimum de {len(gaps)} zones de {SMALL_SIZE} communes, par énumération : atteint "
        f"{reached:.0%} des fois, écart moyen {np.mean(gaps):.4f}, au plus {max(gaps):.4f}"
    )


def around(graph: Contiguity, allowed: set[str], seed: str) -> list[str]:
    found = [seed]
    for one in found:
        found += [near for near in graph.around(one) if near in allowed and near not in found]
        if len(found) >= SMALL_SIZE:
            break
    return sorted(found[:SMALL_SIZE])


def best_of_all(here: Ground, area: pd.DataFrame, rules: GrowthRules) -> float:
    codes = list(area.index)
    ties = [0] * len(codes)
    borders = {}
    for place, code in enumerate(codes):
        position = here.graph.positions[code]
        start, end = here.graph.starts[position : position + 2]
        for tie in range(start, end):
            near = here.graph.codes[here.graph.neighbours[tie]]
            if near in codes:
                other = codes.index(near)
                ties[place] |= 1 << other
                borders[place, other] = here.graph.border_km[tie]
    best = 0.0
    population = area["population"].to_numpy()
    low, high = rules.population_min, rules.population_max
    for mask in range(1, 1 << len(codes)):
        members = [place for place in range(len(codes)) if mask >> place & 1]
        inhabitants = population[members].sum()
        if low <= inhabitants <= high and connected(mask, ties):
            inside = area.iloc[members]
            need = (inside["population"] * inside["score"]).sum() / inhabitants
            shared = sum(borders.get((one, two), 0.0) for one in members for two in members)
            outline = inside["perimetre_km"].sum() - shared
            shape = min(1.0, 4 * np.pi * inside["superficie_km2"].sum() / outline**2)
            best = max(best, need + here.settings.compactness_weight * shape)
    return best


def connected(mask: int, ties: list[int]) -> bool:
    seen = mask & -mask
    while True:
        grown = seen
        for place, near in enumerate(ties):
            if seen >> place & 1:
                grown |= near & mask
        if grown == seen:
            return seen == mask
        seen = grown


# Times


def times(here: Ground) -> None:
    print("temps de recherche, communes mesurées comprises (un cœur ; horloge entre parenthèses)")
    region, france = ("region", "76"), (None, "")
    cases = [
        ("une région (Occitanie), 20 territoires", region, {"count": 20}, REGION_BOUND_S),
        ("la même, dans un EPCI", region, {"count": 20, "inside_epci": True}, REGION_BOUND_S),
        ("France, 20 territoires", france, {"count": 20}, FRANCE_BOUND_S),
        ("France, autant qu'il y en a", france, {}, FRANCE_BOUND_S),
    ]
    late = []
    for name, place, choices, bound in cases:
        rules = dataclasses.replace(here.rules, **choices)
        wall, start = time.perf_counter(), time.process_time()
        growth = grow(here.graph, here.units(*place), rules, here.settings)
        seconds, wall = time.process_time() - start, time.perf_counter() - wall
        found = len(growth.territories)
        print(f"  {name:40s} {seconds:5.2f} s ({wall:5.2f} s), {found} trouvés, borne {bound:g} s")
        if seconds > bound:
            late.append(name)
    if late:
        sys.exit(f"borne dépassée : {', '.join(late)}")


def main() -> None:
    by_departement()
    here = ground()
    local_search(here)
    optimum(here)
    times(here)


if __name__ == "__main__":
    work(*sys.argv[1:]) if len(sys.argv) == 3 else main()
