"""The interval of a rank as a small bar, for a row of a table."""

from __future__ import annotations


def interval_bar(rank: int, best: int, worst: int, last: int) -> str:
    """Return a bar from the best rank to the worst, with a mark at the rank itself, as HTML.

    It says nothing by itself: the row writes the same in figures.

    Parameters
    ----------
    rank, best, worst : int
        1 is the first.
    last : int
        Rank at the right end.
    """

    def at(value: int) -> float:
        return 100.0 * (min(value, last) - 1) / max(last - 1, 1)

    left, right = at(best), at(worst)
    return (
        f'<div class="t-interval" aria-hidden="true"><i style="left:{left:.1f}%;'
        f'width:{right - left:.1f}%"></i><b style="left:{at(rank):.1f}%"></b></div>'
    )
