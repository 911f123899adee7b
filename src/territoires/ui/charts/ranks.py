"""Two rankings of the same places: where they are many, shades; the few that matter, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from territoires.indicators import format_number
from territoires.ui.charts.svg import ACCENT, INK, LINE, box, inside, line, picture, words

CELLS = 48
ENTERING, LEAVING, CHOSEN = "entre", "sort", "lieu choisi"
_SIDE, _LEFT, _TOP = 420.0, 34.0, 14.0
_PLOT = 372.0


@dataclass(frozen=True)
class Marked:
    """A place marked on the chart.

    Attributes
    ----------
    kind : str
        ``ENTERING``, ``LEAVING`` or ``CHOSEN``.
    name : str
        Said when pointed at; written for the chosen one.
    across, down : int
        Its rank under the first recipe and under the second.
    """

    kind: str
    name: str
    across: int
    down: int


def rank_chart(
    counts: npt.NDArray[np.int64], last: tuple[int, int], axes: tuple[str, str],
    marked: Sequence[Marked], description: str,
) -> str:  # fmt: skip
    """Return the chart: first recipe across, second down, the greatest needs at the top left.

    Parameters
    ----------
    counts : array of int, (cells, cells)
        Places by cell: rows for the rank under the first recipe, columns for the second.
    last : tuple of int
        How many places each ranks.
    axes : tuple of str
        Names of the recipes.
    marked : sequence of Marked
        Drawn above the shades, in order.
    description : str
        The same in words.
    """
    parts = [
        box(_LEFT, _TOP, _PLOT, _PLOT, "#ffffff"),
        *_shades(counts),
        line(_LEFT, _TOP, _LEFT + _PLOT, _TOP + _PLOT, LINE, dashed=True),
        *_frame(last, axes),
        *(_mark(one, last) for one in marked),
    ]
    return picture(_SIDE, _SIDE + 8, f"Rangs : {axes[0]} et {axes[1]}", description, parts)


def _shades(counts: npt.NDArray[np.int64]) -> list[str]:
    most = counts.max(initial=0)
    if not most:
        return []
    side = _PLOT / counts.shape[0]
    shade = np.log1p(counts) / np.log1p(most)
    return [
        box(_LEFT + side * int(row), _TOP + side * int(column), side + 0.3, side + 0.3, ACCENT,
            0.08 + 0.77 * float(shade[row, column]))
        for row, column in np.argwhere(counts)
    ]  # fmt: skip


def _frame(last: tuple[int, int], axes: tuple[str, str]) -> list[str]:
    right, bottom = _LEFT + _PLOT, _TOP + _PLOT
    middle = _TOP + _PLOT / 2
    return [
        line(_LEFT, _TOP, right, _TOP),
        line(_LEFT, _TOP, _LEFT, bottom),
        words(_LEFT, bottom + 15, "1er", anchor="start"),
        words(right, bottom + 15, f"{format_number(last[0])}e", anchor="end"),
        words(_LEFT + _PLOT / 2, bottom + 30, f"Rang : {axes[0]}", colour=INK),
        words(_LEFT - 5, _TOP + 10, "1er", anchor="end"),
        f'<g transform="rotate(-90 {_LEFT - 14:g} {middle:g})">'
        f"{words(_LEFT - 14, middle, f'Rang : {axes[1]}', colour=INK)}</g>",
    ]


def _mark(one: Marked, last: tuple[int, int]) -> str:
    x = _LEFT + _PLOT * (one.across - 0.5) / max(last[0], 1)
    y = _TOP + _PLOT * (one.down - 0.5) / max(last[1], 1)
    label = f"{one.name} ({one.kind}) : {one.across}, {one.down}"
    title = f"<title>{escape(label)}</title>"
    if one.kind == CHOSEN:
        where, anchor = inside(one.name, _LEFT, _LEFT + _PLOT, x, size=12)
        above = y - 10 if y > _TOP + 24 else y + 20
        name = words(where, above, one.name, anchor=anchor, colour=INK, size=12, bold=True)
        return (
            f'<g>{title}<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#ffffff" stroke="{INK}" '
            f'stroke-width="3"/>{name}</g>'
        )
    fill = INK if one.kind == ENTERING else "#ffffff"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{fill}" stroke="{INK}" '
        f'stroke-width="1.4">{title}</circle>'
    )
