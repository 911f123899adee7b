"""Lines between places: communes from close by, EPCI when they are what is drawn, départements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.maps.identifiers import MARGIN, Identifiers

NO_LINE, THIN, STRONG = 0, 1, 2

Lines = npt.NDArray[np.uint8]
Groups = npt.NDArray[np.uint16]

_COMMUNES_FROM = 10
_EPCI_FROM = 7
_DEPARTEMENTS_FROM = 5
_WIDE_FROM = 9


@dataclass(frozen=True)
class LinePlan:
    """What lines a map carries at a zoom.

    Attributes
    ----------
    thin : str or None
        Level whose borders are light lines; ``None`` for none.
    strong : str or None
        Level whose borders are darker lines.
    wide : bool
        Strong lines are a pixel wide rather than half a pixel.
    """

    thin: str | None
    strong: str | None
    wide: bool


def line_plan(level: str, zoom: int) -> LinePlan:
    """Return the lines that help at a zoom without covering the colours.

    Parameters
    ----------
    level : str
        Level of the values drawn.
    zoom : int
        Zoom of the tile.
    """
    strong = "departement" if zoom >= _DEPARTEMENTS_FROM and level != "departement" else None
    thin: str | None = None
    if level == "departement":
        thin = "departement"
    elif level == "epci" and zoom >= _EPCI_FROM:
        thin = "epci"
    elif level == "commune" and zoom >= _COMMUNES_FROM:
        thin = "commune"
    return LinePlan(thin, strong, wide=zoom >= _WIDE_FROM)


def draw_lines(identifiers: Identifiers, plan: LinePlan, groups: dict[str, Groups]) -> Lines:
    """Mark the samples that lie on a line.

    Parameters
    ----------
    identifiers : ndarray of uint16, shape (n + 2, n + 2)
        A tile with its margin.
    plan : LinePlan
        What to mark.
    groups : dict of str to ndarray of uint16, shape (communes + 1,)
        Group of each identifier, for each level of the plan but communes.

    Returns
    -------
    ndarray of uint8, shape (n, n)
        ``NO_LINE``, ``THIN`` or ``STRONG``. The coast is not a line.
    """
    inner = identifiers[MARGIN:-MARGIN, MARGIN:-MARGIN]
    lines = np.zeros(inner.shape, dtype=np.uint8)
    if plan.thin is not None:
        lines[_borders(identifiers, plan.thin, groups, wide=False)] = THIN
    if plan.strong is not None:
        lines[_borders(identifiers, plan.strong, groups, wide=plan.wide)] = STRONG
    return lines


def _borders(
    identifiers: Identifiers, level: str, groups: dict[str, Groups], *, wide: bool
) -> npt.NDArray[np.bool_]:
    numbers = identifiers if level == "commune" else groups[level].take(identifiers)
    return _differs(numbers, wide=wide)


def _differs(numbers: npt.NDArray[np.uint16], *, wide: bool) -> npt.NDArray[np.bool_]:
    """Tell where the sample to the right or below is another place; wide: left or above too."""
    across = numbers[:, :-1] != numbers[:, 1:]
    down = numbers[:-1] != numbers[1:]
    land = numbers != 0
    if not land.all():
        across &= land[:, :-1] & land[:, 1:]
        down &= land[:-1] & land[1:]
    found: npt.NDArray[np.bool_] = across[1:-1, 1:] | down[1:, 1:-1]
    if wide:
        found |= across[1:-1, :-1] | down[:-1, 1:-1]
    return found
