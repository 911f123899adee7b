"""Where one class ends and the next begins: one method each, one registry.

The methods are those of mapclassify. It takes seconds to import: it is only imported when classes
are cut, and a server does that once before its first visitor comes.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt

from territoires.errors import InvalidRequest

MIN_CLASSES, MAX_CLASSES, DEFAULT_CLASSES = 2, 7, 6
MANUAL = "manuelles"
MOST_DECIMALS, FARTHEST = 6, 1e9
"""Of a limit that a person gives: up to there, it is printed exactly as it is applied."""
SAMPLE = 256
"""Values that natural breaks are searched among: half evenly spaced by rank, half by value, so that
the tail counts and the same values always give the same breaks. The search costs its square."""
_STEPS = 100

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Method:
    """A way to cut values into classes.

    Attributes
    ----------
    label, description : str
        French: its name, and what it is good for.
    limits : callable
        ``(sorted values, classes wanted) -> limits``: interior limits, increasing; a value equal to
        a limit is above it.
    """

    label: str
    description: str
    limits: Callable[[Floats, int], Floats]


def warm_up() -> None:
    """Import what cutting classes needs."""
    _mapclassify()


def check_manual(limits: Sequence[float]) -> tuple[float, ...]:
    """Check limits that a person gave.

    Returns
    -------
    tuple of float
        Increasing.

    Raises
    ------
    InvalidRequest
        None, too many, one given twice, or one that is not a finite number, is further than
        ``FARTHEST`` from zero or has more than ``MOST_DECIMALS`` decimals.
    """
    most = MAX_CLASSES - 1
    if not 1 <= len(limits) <= most:
        raise InvalidRequest(f"limites : de 1 à {most} nombres sont attendus, {len(limits)} lus.")
    if not all(math.isfinite(limit) for limit in limits):
        raise InvalidRequest("limites : des nombres finis sont attendus.")
    if any(abs(limit) > FARTHEST or round(limit, MOST_DECIMALS) != limit for limit in limits):
        raise InvalidRequest(
            f"limites : un milliard au plus, en plus ou en moins, et {MOST_DECIMALS} décimales."
        )
    ordered = tuple(sorted(float(limit) for limit in limits))
    if len(set(ordered)) < len(ordered):
        raise InvalidRequest("limites : la même est donnée deux fois.")
    return ordered


def shown_decimals(limits: Sequence[float], least: int) -> int:
    """Return the decimals that write every limit as it was given, no fewer than ``least``."""
    written = [f"{limit:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2] for limit in limits]
    return max([least, *map(len, written)])


def _mapclassify() -> ModuleType:
    with warnings.catch_warnings():
        # It says at import that numba, which would weigh 150 MB, is not there.
        warnings.simplefilter("ignore")
        import mapclassify

        module: ModuleType = mapclassify
    return module


def _quantiles(known: Floats, count: int) -> Floats:
    return _upper_bounds("Quantiles", known, count)


def _equal_intervals(known: Floats, count: int) -> Floats:
    return _upper_bounds("EqualInterval", known, count)


def _natural_breaks(known: Floats, count: int) -> Floats:
    """Search breaks among a sample, then let them settle on all the values."""
    by_rank = np.linspace(0, len(known) - 1, SAMPLE // 2)
    by_value = np.searchsorted(known, np.linspace(known[0], known[-1], SAMPLE // 2))
    positions = np.unique(np.concatenate([by_rank, by_value]).astype(np.intp))
    sample = known if len(known) <= SAMPLE else known[positions]
    if count < 2 or len(np.unique(sample)) <= count:
        return np.unique(sample)[1:count]
    highest_of_class = _upper_bounds("FisherJenks", sample, count)
    # A class of mapclassify holds its upper bound; ours starts at its lower one.
    starts = np.searchsorted(known, highest_of_class, "right")
    return known[_settled(known, starts)]


def _settled(known: Floats, starts: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Move breaks until each value is in the class of the nearest mean (k-means in one dimension).

    The sum of squared distances to the means only falls: it stops by itself, or after enough steps.
    """
    sums = np.concatenate([[0.0], np.cumsum(known)])
    for _ in range(_STEPS):
        edges = np.unique(np.concatenate([[0], starts, [len(known)]]))
        means = np.diff(sums[edges]) / np.diff(edges)
        moved = np.searchsorted(known, (means[1:] + means[:-1]) / 2.0, "left")
        if np.array_equal(moved, starts):
            break
        starts = moved
    return np.minimum(starts, len(known) - 1)


def _head_tail(known: Floats, count: int) -> Floats:
    """Part at the mean, then the upper part at its own mean, and so on."""
    return _upper_bounds("HeadTailBreaks", known, None)[: count - 1]


def _upper_bounds(name: str, known: Floats, count: int | None) -> Floats:
    classifier = getattr(_mapclassify(), name)
    with warnings.catch_warnings():
        # Fewer classes than asked, or slow without numba: neither is a problem here.
        warnings.simplefilter("ignore")
        made = classifier(known) if count is None else classifier(known, k=count)
    bounds: Floats = np.asarray(made.bins, dtype=float)[:-1]
    return bounds


def _given_elsewhere(_known: Floats, _count: int) -> Floats:
    return np.array([])


METHODS: dict[str, Method] = {
    "quantiles": Method(
        "Effectifs égaux",
        "Autant de territoires dans chaque classe : l’ordre se lit bien, les écarts non.",
        _quantiles,
    ),
    "amplitudes": Method(
        "Amplitudes égales",
        "Des classes de même largeur : les écarts se lisent, mais presque tout peut tomber dans "
        "une seule.",
        _equal_intervals,
    ),
    "seuils_naturels": Method(
        "Seuils naturels",
        "Coupe là où les valeurs s’écartent les unes des autres (Fisher-Jenks, sur un échantillon, "
        "puis ajusté sur toutes).",
        _natural_breaks,
    ),
    "tete_queue": Method(
        "Tête et queue",
        "Coupe à la moyenne, puis à la moyenne de ce qui la dépasse : pour quelques valeurs très "
        "hautes parmi beaucoup de basses.",
        _head_tail,
    ),
    MANUAL: Method(
        "Limites choisies",
        "Vos propres limites, par exemple celles d’un texte ou d’une autre carte.",
        _given_elsewhere,
    ),
}
