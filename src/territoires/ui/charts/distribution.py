"""How the values of one indicator spread: a histogram, a strip below it, and one place marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.ui.charts.axis import Axis, axis_for
from territoires.ui.charts.svg import (
    ACCENT,
    INK,
    LINE,
    PALE,
    QUIET,
    box,
    boxes_path,
    inside,
    line,
    picture,
    words,
)

FloatArray = npt.NDArray[np.float64]
Write = Callable[[float], str]

BINS = 40
_WIDTH, _HEIGHT = 400.0, 166.0
_LEFT, _RIGHT, _TOP, _FLOOR, _STRIP = 4.0, 396.0, 22.0, 104.0, 112.0
_STRIP_HEIGHT, _COLUMN = 14.0, 2.0
_SHADES = (0.15, 0.3, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Place:
    """The place that is marked.

    Attributes
    ----------
    name : str
        Shown beside its mark.
    value : float
        NaN when it has none: nothing is marked.
    """

    name: str
    value: float


def distribution_chart(
    values: FloatArray, title: str, description: str, write: Write,
    *, place: Place | None = None, direction: int = 0, ticks: Sequence[float] | None = None,
) -> str:  # fmt: skip
    """Return the chart of one indicator.

    Parameters
    ----------
    values : array of float
        One a place; NaN is missing and left out.
    title, description : str
        What it shows, in words.
    write : callable
        Writes a value of the axis, without its unit.
    place : Place, optional
        Marked on both.
    direction : int
        1 when the need is on the right, −1 on the left, 0 for neither.
    ticks : sequence of float, optional
        Values written under the axis, in place of round ones.

    Returns
    -------
    str
        SVG; empty when there is no value.
    """
    axis = axis_for(values)
    if axis is None:
        return ""
    at = axis.at(values[np.isfinite(values)])
    marked = place is not None and not math.isnan(place.value)
    own = float(axis.at(np.array([place.value]))[0]) if place and marked else -1.0
    parts = [
        *_histogram(at, own),
        *_strip(at),
        *_scale(axis, write, axis.ticks() if ticks is None else ticks),
        *_need(direction),
        *(_mark(place, own) if place and marked else []),
    ]
    return picture(_WIDTH, _HEIGHT, title, description, parts)


def _histogram(at: FloatArray, own: float) -> list[str]:
    cells = np.minimum((at * BINS).astype(int), BINS - 1)
    counts = np.bincount(cells, minlength=BINS)
    width = (_RIGHT - _LEFT) / BINS
    mine = min(int(own * BINS), BINS - 1) if own >= 0 else -1
    bars = []
    for cell, count in enumerate(counts):
        # A single place among thousands must still be seen.
        height = max((_FLOOR - _TOP) * count / counts.max(), 1.0) if count else 0.0
        fill = ACCENT if cell == mine else PALE
        bars.append(box(_LEFT + cell * width, _FLOOR - height, width - 1, height, fill))
    return [*bars, line(_LEFT, _FLOOR, _RIGHT, _FLOOR)]


def _strip(at: FloatArray) -> list[str]:
    """Draw every value as a tick; where several fall on the same column, a darker one."""
    columns = int((_RIGHT - _LEFT) / _COLUMN)
    counts = np.bincount(np.minimum((at * columns).astype(int), columns - 1), minlength=columns)
    held = np.flatnonzero(counts)
    weight = np.log1p(counts[held]) / np.log1p(counts.max())
    shade = np.minimum((weight * len(_SHADES)).astype(int), len(_SHADES) - 1)
    paths = []
    for level, opacity in enumerate(_SHADES):
        corners = ((_LEFT + float(c) * _COLUMN, _STRIP) for c in held[shade == level])
        outline = boxes_path(corners, _COLUMN, _STRIP_HEIGHT)
        if outline:
            paths.append(f'<path d="{outline}" fill="{ACCENT}" fill-opacity="{opacity}"/>')
    return paths


def _scale(axis: Axis, write: Write, ticks: Sequence[float]) -> list[str]:
    base = _STRIP + _STRIP_HEIGHT
    parts = []
    for value in ticks:
        x = _across(float(axis.at(np.array([value]))[0]))
        text = write(value)
        where, anchor = inside(text, _LEFT, _RIGHT, x)
        parts += [line(x, base, x, base + 4, LINE), words(where, base + 15, text, anchor=anchor)]
    return parts


def _need(direction: int) -> list[str]:
    if direction == 0:
        return []
    if direction > 0:
        return [words(_RIGHT, _HEIGHT - 4, "besoin plus grand →", anchor="end", colour=QUIET)]
    return [words(_LEFT, _HEIGHT - 4, "← besoin plus grand", anchor="start", colour=QUIET)]


def _mark(place: Place, own: float) -> list[str]:
    x = _across(own)
    where, anchor = inside(place.name, _LEFT, _RIGHT, x, size=12)
    return [
        line(x, _TOP - 4, x, _STRIP + _STRIP_HEIGHT + 2, INK, 2),
        words(where, 13, place.name, anchor=anchor, colour=INK, size=12, bold=True),
    ]


def _across(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)
