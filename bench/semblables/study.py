"""Known territories, hidden and looked for: does likeness do better than population alone.

Only the territories « zéro chômeur de longue durée » whose perimeter is whole communes. Twenty
times (seeds below), half of them are known and the communes of the others are looked for among
the comparable communes, ranked by likeness to the known ones.

The indicators and the scale were chosen without these territories. The rule of :func:`decide` was
written after a first trial, which had shown how strong population alone is: it can only be harder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.semblables.packs import ROOT, Pack
from territoires.candidates import load_presets
from territoires.candidates.alike import (
    AlikeQuery,
    Criterion,
    Profile,
    find_alike,
    initiative_territories,
    profiles_of,
)
from territoires.territory import Territoire

Floats = npt.NDArray[np.float64]
SEEDS = range(20)
KNOWN_SHARE = 0.5
TOP = 0.10
SHARES = np.linspace(0.0, 1.0, 101)
_BOOTSTRAPS = 2_000
_BOOTSTRAP_SEED = 2026
_TYPE = "tzcld"

PRINCIPAL = "taille"
UNIVERSES = {
    PRINCIPAL: "communes des mêmes classes de taille que les territoires connus",
    "france": "toutes les communes",
    "bornes": "communes de 5 000 à 9 999 habitants, la taille que vise le dispositif",
}
METHODS = {
    "ressemblance": "ressemblance, au plus proche des territoires connus",
    "ressemblance_profil": "ressemblance, à leur profil médian",
    "population": "population seule, au plus proche",
    "population_profil": "population seule, à leur population médiane",
    "hasard": "au hasard",
}
DEFAULT_METHOD = "ressemblance"
POPULATION_METHODS = ("population", "population_profil")


@dataclass(frozen=True, eq=False)
class Result:
    """What one set of figures gives.

    Attributes
    ----------
    pack : Pack
        The figures.
    territories, communes : int
        Known in all.
    found : Mapping of (universe, method) to list of array
        For each split, the place of each hidden commune, as a share of the communes compared:
        0.1 is the end of the first tenth; infinite when it is not among them.
    compared : Mapping of str to int
        Median number of communes compared, by universe.
    left_out : Mapping of method to array
        Principal universe, each territory hidden in turn: share of its communes in the first
        tenth.
    """

    pack: Pack
    territories: int
    communes: int
    found: Mapping[tuple[str, str], list[Floats]]
    compared: Mapping[str, int]
    left_out: Mapping[str, Floats]

    def recalls(self, universe: str, method: str, top: float = TOP) -> Floats:
        """Return the share of hidden communes found in the first places, by split."""
        return np.array([np.mean(shares <= top) for shares in self.found[universe, method]])

    def best_population(self, universe: str) -> str:
        """Return the way of using population alone that finds most."""
        return max(
            POPULATION_METHODS, key=lambda one: float(np.median(self.recalls(universe, one)))
        )

    def wins(self, universe: str) -> tuple[int, int]:
        """Count the splits where likeness finds more, and fewer, than population alone."""
        mine = self.recalls(universe, DEFAULT_METHOD)
        other = self.recalls(universe, self.best_population(universe))
        return int(np.sum(mine > other)), int(np.sum(mine < other))

    def paired_difference(self) -> tuple[float, float, float]:
        """Return likeness minus population alone, territories left out in turn, and its interval.

        The interval (95 %) redraws the territories: it is the one that says what so few of them
        can tell; the splits overlap, and theirs is narrower than it should be.
        """
        best = self.best_population(PRINCIPAL)
        gaps = self.left_out[DEFAULT_METHOD] - self.left_out[best]
        draw = np.random.default_rng(_BOOTSTRAP_SEED)
        again = draw.choice(gaps, (_BOOTSTRAPS, len(gaps))).mean(axis=1)
        low, high = np.percentile(again, [2.5, 97.5])
        return float(gaps.mean()), float(low), float(high)


def known_territories(pack: Pack) -> dict[str, Territoire]:
    """Return the territories whose perimeter is exactly whole communes, by identifier."""
    return initiative_territories(pack.register, pack.directory.filter(types=[_TYPE]))


def decide(results: Sequence[Result]) -> bool:
    """Tell whether the ranking may be offered by default: the rule, decided before the test.

    With each set of figures, in the principal universe, likeness must find more than population
    alone used at its best (median of the splits), and the interval of their paired difference
    must be above 0.
    """
    return all(
        float(np.median(one.recalls(PRINCIPAL, DEFAULT_METHOD)))
        > float(np.median(one.recalls(PRINCIPAL, one.best_population(PRINCIPAL))))
        and one.paired_difference()[1] > 0
        for one in results
    )


def run(pack: Pack) -> Result:
    """Hide and look for, in every way."""
    territories = known_territories(pack)
    names = sorted(territories)
    profiles = _profiles(pack, territories)
    trial = _Trial(pack, territories, profiles)
    found: dict[tuple[str, str], list[Floats]] = {}
    for seed in SEEDS:
        order = np.random.default_rng(seed).permutation(len(names))
        cut = round(len(names) * KNOWN_SHARE)
        known, hidden = ([names[at] for at in part] for part in (order[:cut], order[cut:]))
        for universe in UNIVERSES:
            for method in METHODS:
                shares = trial.places(universe, method, known, hidden, seed)
                found.setdefault((universe, method), []).append(shares)
    left_out = {
        method: np.array(
            [
                np.mean(trial.places(PRINCIPAL, method, _without(names, one), [one], at) <= TOP)
                for at, one in enumerate(names)
            ]
        )
        for method in METHODS
    }
    compared = {one: int(np.median(trial.compared[one])) for one in UNIVERSES}
    communes = sum(len(one.communes) for one in territories.values())
    return Result(pack, len(territories), communes, found, compared, left_out)


class _Trial:
    """Looks for hidden communes, and remembers how many were compared."""

    def __init__(
        self, pack: Pack, territories: Mapping[str, Territoire], profiles: Mapping[str, Profile]
    ) -> None:
        self.pack, self.territories, self.profiles = pack, territories, profiles
        self.compared: dict[str, list[int]] = {one: [] for one in UNIVERSES}
        preset = load_presets(ROOT / "data")[_TYPE]
        population = pack.table.population
        low, high = preset.population_min, preset.population_max
        self._bounded = frozenset(population.index[(population >= low) & (population < high)])

    def places(
        self, universe: str, method: str, known: Sequence[str], hidden: Sequence[str], seed: int
    ) -> Floats:
        """Return the place of each hidden commune, as a share of the communes compared."""
        query = self._query(universe, method)
        references = [self.profiles[one] for one in known]
        ranked = find_alike(self.pack.table, references, query, self.pack.rules).ranked
        self.compared[universe].append(len(ranked))
        wanted = [code for one in hidden for code in self.territories[one].communes]
        if universe == "bornes":
            wanted = [code for code in wanted if code in self._bounded]
        if method == "hasard":
            ranks = np.random.default_rng([seed, 1]).permutation(len(ranked)) + 1
            ranked = ranked.sort_index().assign(rang=ranks)
        shares: Floats = (ranked["rang"].reindex(wanted) / len(ranked)).fillna(np.inf).to_numpy()
        return shares

    def _query(self, universe: str, method: str) -> AlikeQuery:
        rules = self.pack.rules
        criteria = rules.criteria_for(self.pack.table.catalogue)
        bounded = universe == "bornes"
        return AlikeQuery(
            (Criterion("population"),) if method in POPULATION_METHODS else criteria,
            sizes={"france": "toutes", "bornes": ("5000-9999",)}.get(universe, "meme"),
            universe=self._bounded if bounded else None,
            several="profil" if method.endswith("_profil") else "proche",
        )


def _profiles(pack: Pack, territories: Mapping[str, Territoire]) -> dict[str, Profile]:
    least = pack.rules.thresholds.min_part
    return {one: profiles_of(pack.table, [place], least)[0] for one, place in territories.items()}


def _without(names: Sequence[str], one: str) -> list[str]:
    return [name for name in names if name != one]


def median_and_range(values: Floats) -> tuple[float, float, float]:
    """Return the median of the splits, and what holds nineteen in twenty of them."""
    middle, low, high = np.percentile(values, [50, 2.5, 97.5])
    return float(middle), float(low), float(high)
