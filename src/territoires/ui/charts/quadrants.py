"""Need against capacity: all places as shades, the candidates as numbered and named marks.

Most places have nothing recorded within reach: they would be one line of a plain scatter. They have
a band of their own on the left, where only the height counts; the others are on a logarithmic axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from territoires.indicators import format_number
from territoires.ui.charts.marks import MARK_RADIUS, Mark, drawn_marks
from territoires.ui.charts.svg import INK, LINE, QUIET, box, boxes_path, line, picture, words

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_WIDTH, _HEIGHT = 420.0, 476.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 40.0, 54.0, 414.0, 388.0
_BAND_RIGHT, _AXIS_LEFT = 160.0, 166.0
_NAMES = (_TOP, _BOTTOM, _AXIS_LEFT + 4, _RIGHT)
_ROWS, _COLUMNS = 48, 36
_LEAST = 0.1
"""Presence at the left end of the axis: below, one initiative almost out of reach."""
_TICKS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_SHADES = (0.18, 0.32, 0.5, 0.7, 0.9)


@dataclass(frozen=True, eq=False)
class Cloud:
    """All the places.

    Attributes
    ----------
    need : array of float
        0 to 100 for most recipes.
    presence : array of float
        0: nothing recorded within reach.
    quadrant : array of int
        0 to 3: strong need without, strong with, lesser without, lesser with.
    """

    need: FloatArray
    presence: FloatArray
    quadrant: IntArray


@dataclass(frozen=True)
class Corner:
    """What is written in a corner: two lines of name, one of counts; and its colour."""

    first: str
    second: str
    counts: str
    colour: str


@dataclass(frozen=True)
class Candidate:
    """A candidate marked on the chart; ``number`` is its rank in the list."""

    number: int
    name: str
    need: float
    presence: float


@dataclass(frozen=True)
class _Scales:
    low: float
    high: float
    most: float

    def down(self, need: FloatArray) -> FloatArray:
        """Height on the picture."""
        share = (np.asarray(need, dtype=float) - self.low) / (self.high - self.low)
        return _BOTTOM - 4 - share.clip(0.0, 1.0) * (_BOTTOM - _TOP - 4 - MARK_RADIUS)

    def across(self, presence: FloatArray) -> FloatArray:
        """Place on the axis, for a presence above 0."""
        clipped = np.asarray(presence, dtype=float).clip(_LEAST, self.most)
        share = np.log(clipped / _LEAST) / math.log(self.most / _LEAST)
        return _AXIS_LEFT + share * (_RIGHT - _AXIS_LEFT)


def quadrant_chart(
    cloud: Cloud, limits: tuple[float, float], corners: Sequence[Corner],
    candidates: Sequence[Candidate], description: str,
) -> str:  # fmt: skip
    """Return the chart: capacity across, need upwards.

    Parameters
    ----------
    cloud : Cloud
        All places, none without a need.
    limits : (float, float)
        Least need that is strong; capacity above which there is some.
    corners : sequence of Corner
        Four, in the order of ``Cloud.quadrant``.
    candidates : sequence of Candidate
        In the order of the list: the first ones have their names where there is room.
    description : str
        The same in words.

    Returns
    -------
    str
        SVG; empty when there is no place.
    """
    if not cloud.need.size:
        return ""
    scales = _scales(cloud, candidates)
    at = _limits_at(scales, limits)
    parts = [
        *_grounds(at, corners),
        *_shades(cloud, scales, corners),
        *_axes(scales, limits[0]),
        *_partings(at),
        *_written(corners),
        *drawn_marks(_marks(candidates, scales), (_LEFT, _BAND_RIGHT), _NAMES),
    ]
    return picture(_WIDTH, _HEIGHT, "Besoin et capacité", description, parts)


def _scales(cloud: Cloud, candidates: Sequence[Candidate]) -> _Scales:
    needs = np.append(cloud.need, [one.need for one in candidates])
    low, high = float(needs.min()), float(needs.max())
    if low == high:
        low, high = low - 1.0, high + 1.0
    most = max(float(cloud.presence.max()), *(one.presence for one in candidates), 1.0)
    return _Scales(low, high, most)


def _limits_at(scales: _Scales, limits: tuple[float, float]) -> tuple[float, float]:
    """Return where the quadrants part: across, down."""
    need, capacity = limits
    between = (_BAND_RIGHT + _AXIS_LEFT) / 2
    across = between if capacity <= 0 else float(scales.across(np.array([capacity]))[0])
    return across, float(scales.down(np.array([need]))[0])


def _regions(at: tuple[float, float]) -> Iterator[tuple[float, float, float, float]]:
    """Yield x, y, width, height of each quadrant."""
    across, down = at
    for top, bottom in ((_TOP, down), (down, _BOTTOM)):
        for left, right in ((_LEFT, across), (across, _RIGHT)):
            yield left, top, right - left, bottom - top


def _grounds(at: tuple[float, float], corners: Sequence[Corner]) -> list[str]:
    """Tint each quadrant, and prepare what keeps its shades inside it."""
    parts = [box(_LEFT, _TOP, _RIGHT - _LEFT, _BOTTOM - _TOP, "#ffffff")]
    for number, ((x, y, width, height), corner) in enumerate(
        zip(_regions(at), corners, strict=True)
    ):
        parts.append(f'<clipPath id="q{number}">{box(x, y, width, height, INK)}</clipPath>')
        parts.append(box(x, y, width, height, corner.colour, 0.1))
    return parts


def _shades(cloud: Cloud, scales: _Scales, corners: Sequence[Corner]) -> list[str]:
    height = (_BOTTOM - _TOP) / _ROWS
    row = _cell(scales.down(cloud.need), _TOP, _BOTTOM, _ROWS)
    column = _cell(scales.across(cloud.presence), _AXIS_LEFT, _RIGHT, _COLUMNS)
    nothing = cloud.presence == 0
    width = (_RIGHT - _AXIS_LEFT) / _COLUMNS
    parts = []
    for chosen, cells, left, wide in (
        (nothing, row, _LEFT, _BAND_RIGHT - _LEFT),
        (~nothing, row + column * _ROWS, _AXIS_LEFT, width),
    ):
        most = np.bincount(cells[chosen]).max(initial=1)
        for number, corner in enumerate(corners):
            counts = np.bincount(cells[chosen & (cloud.quadrant == number)])
            paths = _paths(counts, int(most), corner.colour, (left, wide, height))
            parts.append(f'<g clip-path="url(#q{number})" shape-rendering="crispEdges">{paths}</g>')
    return parts


def _cell(at: FloatArray, first: float, last: float, count: int) -> IntArray:
    cell: IntArray = ((at - first) / (last - first) * count).astype(np.int64).clip(0, count - 1)
    return cell


def _paths(counts: IntArray, most: int, colour: str, size: tuple[float, float, float]) -> str:
    left, width, height = size
    held = np.flatnonzero(counts)
    weight = np.log1p(counts[held]) / math.log1p(most)
    level = np.minimum((weight * len(_SHADES)).astype(int), len(_SHADES) - 1)
    paths = ""
    for shade, opacity in enumerate(_SHADES):
        corners = [
            (left + int(cell // _ROWS) * width, _TOP + int(cell % _ROWS) * height)
            for cell in held[level == shade]
        ]
        if corners:
            outline = boxes_path(corners, round(width, 2), round(height, 2))
            paths += f'<path d="{outline}" fill="{escape(colour)}" fill-opacity="{opacity}"/>'
    return paths


def _axes(scales: _Scales, need_limit: float) -> list[str]:
    parts = [words((_LEFT + _BAND_RIGHT) / 2, _BOTTOM + 13, "aucune")]
    for tick in (tick for tick in _TICKS if tick <= scales.most):
        x = float(scales.across(np.array([tick]))[0])
        text = format_number(tick, 0 if tick >= 1 else 1)
        parts += [
            line(x, _BOTTOM, x, _BOTTOM + 3),
            words(x, _BOTTOM + 13, f"≤ {text}" if tick == _LEAST else text),
        ]
    right = "Présence d'initiatives à portée →"
    parts.append(words(_RIGHT, _BOTTOM + 27, right, anchor="end", colour=INK))
    limit = float(scales.down(np.array([need_limit]))[0])
    for value in (scales.low, scales.high):
        y = float(scales.down(np.array([value]))[0])
        if abs(y - limit) > 14:
            parts.append(words(_LEFT - 4, y + 4, format_number(value), anchor="end"))
    told = format_number(need_limit)
    parts.append(words(_LEFT - 4, limit + 4, told, anchor="end", colour=INK, bold=True))
    x, y = 12.0, (_TOP + _BOTTOM) / 2
    title = words(x, y, "Besoin (indice) →", colour=INK)
    parts.append(f'<g transform="rotate(-90 {x:g} {y:g})">{title}</g>')
    return parts


def _partings(at: tuple[float, float]) -> list[str]:
    across, down = at
    return [
        line(_LEFT, down, _RIGHT, down, INK, 1.2, dashed=True),
        line(across, _TOP, across, _BOTTOM, INK, 1.2, dashed=True),
        line(_LEFT, _TOP, _LEFT, _BOTTOM, LINE),
        line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, LINE),
    ]


def _written(corners: Sequence[Corner]) -> list[str]:
    """Write the four corners above and below, at their ends."""
    parts = []
    for number, corner in enumerate(corners):
        top = 12.0 if number < 2 else _BOTTOM + 46
        at_right = number % 2 == 1
        x, anchor = (_RIGHT, "end") if at_right else (_LEFT, "start")
        aside = -14 if at_right else 14
        parts += [
            box(x - 10 if at_right else x, top - 9, 10, 10, corner.colour),
            words(x + aside, top, corner.first, anchor=anchor, colour=INK, size=11.5, bold=True),
            words(x, top + 14, corner.second, anchor=anchor, colour=INK, size=11.5, bold=True),
            words(x, top + 28, corner.counts, anchor=anchor, colour=QUIET),
        ]
    return parts


def _marks(candidates: Sequence[Candidate], scales: _Scales) -> list[Mark]:
    """Place each candidate; ``None`` across says that it stands anywhere in the band."""
    marks = []
    for one in candidates:
        y = float(scales.down(np.array([one.need]))[0])
        x = float(scales.across(np.array([one.presence]))[0]) if one.presence > 0 else None
        inner = None
        if x is not None:  # whole inside its own part
            inner = min(max(x, _AXIS_LEFT + MARK_RADIUS), _RIGHT - MARK_RADIUS)
        marks.append(Mark(str(one.number), one.name, inner, y))
    return marks
