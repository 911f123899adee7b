"""Numbered marks and their names, laid so that none hides another, as far as there is room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from territoires.ui.charts.svg import INK, words

MARK_RADIUS = 7.5
_LINE, _LETTER, _NAME_SIZE = 12.5, 6.4, 11.0
_MOST_NAMED, _MOST_NUMBERED, _LONGEST = 20, 60, 24
_STEP = 3.0

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Mark:
    """A place to mark.

    Attributes
    ----------
    number, name : str
        Written in the mark; written beside it.
    across : float or None
        ``None``: anywhere in the band.
    down : float
        Height on the picture.
    """

    number: str
    name: str
    across: float | None
    down: float


def drawn_marks(
    marks: Sequence[Mark], band: tuple[float, float], plot: tuple[float, float, float, float]
) -> list[str]:
    """Return the marks and names as SVG, the first marks above the others.

    Parameters
    ----------
    marks : sequence of Mark
        By importance.
    band : (float, float)
        Left and right of the band.
    plot : (float, float, float, float)
        Top, bottom, left and right of where names may be.
    """
    placed = _stand(marks, band)
    taken = [_around(x, one.down) for one, x in placed]
    names: list[str] = []
    for one, x in placed[:_MOST_NAMED]:
        shown = one.name if len(one.name) <= _LONGEST else f"{one.name[: _LONGEST - 1]}…"
        label = f"{one.number} {shown}"
        first = plot[2] if one.across is None else x + MARK_RADIUS + 3
        found = _room(label, (x, first, one.down), taken, plot)
        if found is not None:
            taken.append(found)
            names += _name(label, found, is_left=found[2] <= x)
    circles = [
        _circle(one, x, numbered=order < _MOST_NUMBERED) for order, (one, x) in enumerate(placed)
    ]
    return [*names, *reversed(circles)]


def _stand(marks: Sequence[Mark], band: tuple[float, float]) -> list[tuple[Mark, float]]:
    """Spread the marks of the band across it, each where it covers the others least."""
    left, right = band[0] + MARK_RADIUS + 2, band[1] - MARK_RADIUS - 2
    # From the right, where the names are.
    slots = [right - _STEP * step for step in range(int((right - left) / _STEP) + 1)]
    placed: list[tuple[Mark, float]] = []
    for one in marks:
        x = one.across
        if x is None:
            x = min(slots, key=lambda slot: (_covered(slot, one.down, placed), -slot))
        placed.append((one, x))
    return placed


def _covered(x: float, y: float, placed: Sequence[tuple[Mark, float]]) -> float:
    """Say how much a mark would cover those placed: 0 for none."""
    reach = 2 * MARK_RADIUS + 1
    distances = (math.hypot(x - at, y - one.down) for one, at in placed)
    return sum(max(0.0, reach - distance) for distance in distances)


def _around(x: float, y: float) -> Box:
    return x - MARK_RADIUS, y - MARK_RADIUS, x + MARK_RADIUS, y + MARK_RADIUS


def _room(
    label: str, mark: tuple[float, float, float], taken: Sequence[Box],
    plot: tuple[float, float, float, float],
) -> Box | None:  # fmt: skip
    """Find where a name fits beside its mark, on the right or else on the left, or nowhere."""
    x, first, y = mark
    top, bottom, least, most = plot
    half = _LINE / 2
    if not top + half <= y <= bottom - half:
        return None
    width = len(label) * _LETTER
    for left in (first, x - MARK_RADIUS - 3 - width):
        found = (left, y - half, left + width, y + half)
        fits = least <= left and left + width <= most
        if fits and not any(_meet(found, other) for other in taken):
            return found
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _name(label: str, found: Box, *, is_left: bool) -> list[str]:
    """Write a name from the side of its mark: letters wider than thought go away from it."""
    left, top, right, bottom = found
    x, anchor = (right, "end") if is_left else (left, "start")
    down = (top + bottom) / 2 + 4
    text = words(x, down, label, anchor=anchor, colour=INK, size=_NAME_SIZE, bold=True)
    halo = 'stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'
    return [text.replace("<text ", f"<text {halo} ", 1), text]


def _circle(one: Mark, x: float, *, numbered: bool) -> str:
    radius = MARK_RADIUS if numbered else 3.0
    circle = (
        f'<circle cx="{x:.1f}" cy="{one.down:.1f}" r="{radius:g}" fill="#ffffff" '
        f'stroke="{INK}" stroke-width="1.3"/>'
    )
    if not numbered:
        return circle
    size = 10.0 if len(one.number) < 3 else 8.0
    return circle + words(x, one.down + 3.5, one.number, colour=INK, size=size, bold=True)
