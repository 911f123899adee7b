"""The interval of a rank as a small bar, for a row of a table."""

from __future__ import annotations

from territoires.ui.charts.svg import ACCENT, LINE, PALE, box, picture

_WIDTH, _HEIGHT = 120.0, 14.0


def interval_bar(rank: int, best: int, worst: int, last: int, description: str) -> str:
    """Return a bar from the best rank to the worst, with a mark at the rank itself.

    Parameters
    ----------
    rank, best, worst : int
        1 is the first.
    last : int
        Rank at the right end.
    description : str
        The same in words.
    """

    def at(value: int) -> float:
        return (_WIDTH - 3.0) * (min(value, last) - 1) / max(last - 1, 1)

    left, right = at(best), at(worst)
    parts = [
        box(0, 6, _WIDTH, 2, LINE),
        box(left, 4, max(right - left, 0) + 3.0, 6, PALE),
        box(at(rank), 1, 3, 12, ACCENT),
    ]
    return picture(_WIDTH, _HEIGHT, "Intervalle du rang", description, parts)
