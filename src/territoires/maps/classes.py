"""Cut values into classes: few, none of them empty, with limits that read as they are applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from territoires.maps.limits import DEFAULT_CLASSES, MANUAL, METHODS
from territoires.maps.palettes import (
    DEFAULT_DIVERGING,
    DEFAULT_SEQUENTIAL,
    Colour,
    Palette,
    palette_named,
)

SIDE_SHARE = 0.05
"""Share of the values that must lie on each side of zero for the palette to part there."""

MISSING_CLASS = -1
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClassRules:
    """What is asked of a classification.

    Attributes
    ----------
    count : int
        Classes wanted; fewer come out when the values are few or concentrated.
    method : str
        A key of :data:`METHODS`.
    manual : tuple of float
        Limits of the method ``manuelles``, increasing.
    palette : str
        Code of a palette; empty lets the values decide (diverging when they go through zero).
    decimals : int
        Limits are rounded to what is printed, so that a legend says what the map does.
    modalities : tuple of (float, str)
        Values that have names of their own: one class each.
    direction : int
        1: the greatest need is at the highest values; -1: at the lowest; 0: no reading in terms
        of need. Dark, or the warm side of a diverging palette, is the greatest need.
    write : callable
        Number → text for the legend.
    """

    count: int = DEFAULT_CLASSES
    method: str = "quantiles"
    manual: tuple[float, ...] = ()
    palette: str = ""
    decimals: int = 1
    modalities: tuple[tuple[float, str], ...] = ()
    direction: int = 0
    write: Callable[[float], str] = field(default=str, compare=False)


@dataclass(frozen=True)
class Classes:
    """Classes of a map, lowest values first.

    Attributes
    ----------
    bounds : tuple of float
        Interior limits, one fewer than classes; a value equal to a limit is above it. When
        ``discrete``, the values themselves, one a class.
    discrete : bool
        Each class is one value.
    labels, colours, counts : tuple
        French text, RGB and number of units of each class.
    missing_count : int
        Units without a value.
    two_sides : bool
        Colours part at zero: warm and cold sides, rather than light and dark.
    nominal : bool
        Classes have no order: what lies between two of them is not a third one, so no colour is
        ever mixed of two.
    """

    bounds: tuple[float, ...]
    discrete: bool
    labels: tuple[str, ...]
    colours: tuple[Colour, ...]
    counts: tuple[int, ...]
    missing_count: int
    two_sides: bool = False
    nominal: bool = False

    def of(self, values: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """Return the class of each value, from 0; ``MISSING_CLASS`` where it is missing."""
        numbers = np.asarray(values, dtype=float)
        found = np.full(numbers.shape, MISSING_CLASS, dtype=np.int8)
        known = np.isfinite(numbers)
        if self.labels:
            found[known] = _class_of(numbers[known], self.bounds, discrete=self.discrete)
        return found


def _class_of(known: _Floats, bounds: Sequence[float], *, discrete: bool) -> npt.NDArray[np.int8]:
    limits = np.asarray(bounds, dtype=float)
    if discrete:
        position = np.searchsorted(limits, known).clip(0, len(limits) - 1)
        matches = np.isclose(limits[position], known, rtol=0, atol=1e-9)
        return np.where(matches, position, MISSING_CLASS).astype(np.int8)
    return np.searchsorted(limits, known, side="right").astype(np.int8)


def classify(values: npt.ArrayLike, rules: ClassRules) -> Classes:
    """Cut values into classes.

    Parameters
    ----------
    values : array_like of float, shape (units,)
        One value a unit drawn; NaN where missing. Missing values take no part in the limits,
        nor infinite ones (a division by zero): they are drawn as missing.
    rules : ClassRules
        What is asked.

    Returns
    -------
    Classes
        No class when every value is missing.

    Raises
    ------
    InvalidRequest
        The palette is unknown.
    """
    numbers = np.asarray(values, dtype=float)
    known = np.sort(numbers[np.isfinite(numbers)])
    missing = len(numbers) - len(known)
    if rules.modalities:
        return _by_modality(known, missing, rules)
    if len(known) == 0:
        return Classes((), False, (), (), (), missing)
    if rules.method == MANUAL:
        return _manual(known, missing, rules)
    if len(np.unique(known)) <= rules.count:
        return _by_value(known, missing, rules)
    if _has_two_sides(known):
        return _around_zero(known, missing, rules)
    limits = _non_empty(known, _limits(known, rules))
    colours = _palette(rules, DEFAULT_SEQUENTIAL).pick(len(limits) + 1, reverse=rules.direction < 0)
    return _intervals(known, missing, rules, limits, colours)


def _palette(rules: ClassRules, default: str) -> Palette:
    return palette_named(rules.palette or default)


def _by_modality(known: _Floats, missing: int, rules: ClassRules) -> Classes:
    """One class for each named value, met or not: the legend does not change with the universe."""
    named = sorted(rules.modalities)
    limits = tuple(value for value, _ in named)
    found = _class_of(known, limits, discrete=True)
    colours = _palette(rules, DEFAULT_SEQUENTIAL).pick(len(named), reverse=rules.direction < 0)
    counts = tuple(int((found == k).sum()) for k in range(len(named)))
    unnamed = int((found == MISSING_CLASS).sum())
    labels = tuple(label for _, label in named)
    return Classes(limits, True, labels, colours, counts, missing + unnamed)


def _by_value(known: _Floats, missing: int, rules: ClassRules) -> Classes:
    met, counts = np.unique(known, return_counts=True)
    colours = _palette(rules, DEFAULT_SEQUENTIAL).pick(len(met), reverse=rules.direction < 0)
    limits = tuple(float(value) for value in met)
    labels = tuple(rules.write(value) for value in limits)
    return Classes(limits, True, labels, colours, tuple(counts.tolist()), missing)


def _limits(known: _Floats, rules: ClassRules) -> _Floats:
    limits = METHODS[rules.method].limits(known, rules.count)
    return np.unique(limits.round(rules.decimals))


def _manual(known: _Floats, missing: int, rules: ClassRules) -> Classes:
    """Keep the limits that were given, and every class: the same on all the maps that use them."""
    limits = np.array(rules.manual)
    if (limits == 0.0).any() and _has_two_sides(known):
        below, above = int((limits <= 0).sum()), int((limits >= 0).sum())
        widest = max(below, above)
        wide = _palette(rules, DEFAULT_DIVERGING).pick(2 * widest + 1, reverse=rules.direction > 0)
        colours = wide[widest - below : widest] + wide[widest + 1 : widest + 1 + above]
        return replace(_intervals(known, missing, rules, limits, colours), two_sides=True)
    palette = _palette(rules, DEFAULT_SEQUENTIAL)
    colours = palette.pick(len(limits) + 1, reverse=rules.direction < 0)
    return _intervals(known, missing, rules, limits, colours)


def _non_empty(known: _Floats, limits: _Floats) -> _Floats:
    """Keep the limits that leave something on each side."""
    below, first = np.unique(np.searchsorted(known, limits), return_index=True)
    return limits[first[(below > 0) & (below < len(known))]]


def _has_two_sides(known: _Floats) -> bool:
    """Tell whether zero parts the values: not when it only cuts off a handful."""
    below, above = (known < 0).mean(), (known > 0).mean()
    return bool(min(below, above) >= SIDE_SHARE)


def _around_zero(known: _Floats, missing: int, rules: ClassRules) -> Classes:
    """Limits symmetrical about zero: the same strength of colour is the same size of change."""
    even = rules.count % 2 == 0
    size = np.sort(np.abs(known))
    # As many classes on each side, and a middle one when their number is odd.
    upper = METHODS[rules.method].limits(size, (rules.count + 1) // 2)
    upper = np.unique(upper.round(rules.decimals))
    upper = upper[upper > 0]
    limits = np.concatenate([-upper[::-1], [0.0] if even else [], upper])
    palette = _palette(rules, DEFAULT_DIVERGING)
    # An even number of classes has no middle one: the lightest tone is left out.
    wide = palette.pick(len(limits) + (2 if even else 1), reverse=rules.direction > 0)
    middle = len(wide) // 2
    colours = wide[:middle] + wide[middle + 1 :] if even else wide
    kept = _non_empty(known, limits)
    met = np.unique(np.searchsorted(limits, known, side="right"))
    classes = _intervals(known, missing, rules, kept, tuple(colours[k] for k in met))
    return replace(classes, two_sides=True)


def _intervals(
    known: _Floats, missing: int, rules: ClassRules, limits: _Floats, colours: tuple[Colour, ...]
) -> Classes:
    bounds = tuple(float(limit) + 0.0 for limit in limits)
    found = _class_of(known, bounds, discrete=False)
    counts = tuple(int((found == k).sum()) for k in range(len(bounds) + 1))
    labels = _interval_labels(bounds, rules, float(known[0]), float(known[-1]))
    return Classes(bounds, False, labels, colours, counts, missing)


def _interval_labels(
    bounds: tuple[float, ...], rules: ClassRules, lowest: float, highest: float
) -> tuple[str, ...]:
    write = rules.write
    if not bounds:
        return (f"{write(lowest)} à {write(highest)}",)
    middle = [f"{write(a)} à {write(b)}" for a, b in pairwise(bounds)]
    return (f"moins de {write(bounds[0])}", *middle, f"{write(bounds[-1])} et plus")
