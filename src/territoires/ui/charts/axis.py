"""An axis on which skewed figures can be read: logarithmic, or cut where few values are left."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.indicators import format_number

FloatArray = npt.NDArray[np.float64]

_SPREAD = 10.0  # 99th percentile over median, from which a logarithm reads better
_POSITIVE = 0.99  # share of values above zero that a logarithm asks for
_FAR = 0.5  # of the width between 1st and 99th percentiles: beyond, values would flatten the rest
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """Where values stand along a line.

    Attributes
    ----------
    low, high : float
        Ends; ``low`` is positive when logarithmic.
    logarithmic : bool
        Whether ten times more is one step.
    below, above : int
        Values beyond the ends, drawn at them.
    """

    low: float
    high: float
    logarithmic: bool = False
    below: int = 0
    above: int = 0

    def at(self, values: FloatArray) -> FloatArray:
        """Return positions from 0 to 1; beyond the ends, at the ends."""
        if not self.logarithmic:
            # Halved first: high - low may overflow where the halves do not.
            placed = (values / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        else:
            positive = np.maximum(values, self.low)
            start = math.log(self.low)
            placed = (np.log(positive) - start) / (math.log(self.high) - start)
        clipped: FloatArray = np.clip(placed, 0.0, 1.0)
        return clipped

    def ticks(self, wanted: int = 5) -> list[float]:
        """Return round values to write under the axis, at most ``wanted`` + 1."""
        return self._decades() if self.logarithmic else self._steps(wanted)

    def note(self) -> str:
        """Say in French how the axis must be read; empty for a plain one."""
        notes = ["échelle logarithmique"] if self.logarithmic else []
        beyond = [
            f"{format_number(count)} {word}{'s' if count > 1 else ''}"
            for count, word in ((self.below, "plus basse"), (self.above, "plus haute"))
            if count
        ]
        if beyond:
            notes.append(f"ramenées aux bords : {' et '.join(beyond)}")
        return " ; ".join(notes)

    def _decades(self) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        every = max(1, (last - first) // 4)
        powers = (10.0**power for power in range(first, last + 1, every))
        return [value for value in powers if self.low <= value <= self.high]

    def _steps(self, wanted: int) -> list[float]:
        rough = (self.high / 2 - self.low / 2) / wanted * 2
        unit = 10.0 ** math.floor(math.log10(rough))
        step = next((unit * one for one in _STEPS if unit * one >= rough), rough)
        first = math.ceil(self.low / step)
        count = math.floor(self.high / step) - first + 1
        ticks = [(first + k) * step for k in range(max(0, min(count, wanted + 1)))]
        return [tick for tick in ticks if self.low <= tick <= self.high]


def axis_for(values: FloatArray) -> Axis | None:
    """Choose the axis that lets a set of values be read.

    Parameters
    ----------
    values : array of float
        NaN and infinite values are not looked at.

    Returns
    -------
    Axis or None
        ``None`` when there is no value.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    if low == high:
        around = max(abs(low) * 0.1, 0.5)
        return Axis(low - around, high + around)
    first, middle, last = (float(p) for p in np.percentile(known, (1, 50, 99)))
    if middle > 0 and last / middle > _SPREAD and (known > 0).mean() >= _POSITIVE:
        return _logarithmic(known, high)
    if first == last:
        return Axis(low, high)
    far = _FAR * (last - first)
    cut_low = first if low < first - far else low
    cut_high = last if high > last + far else high
    return Axis(
        cut_low, cut_high,
        below=int(np.count_nonzero(known < cut_low)), above=int(np.count_nonzero(known > cut_high)),
    )  # fmt: skip


def _logarithmic(known: FloatArray, high: float) -> Axis:
    low = float(np.percentile(known[known > 0], 0.5))
    return Axis(low, high, logarithmic=True, below=int(np.count_nonzero(known < low)))
