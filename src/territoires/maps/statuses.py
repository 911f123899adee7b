"""Where a figure is published, and why it is not elsewhere: five colours, always the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from territoires.indicators import STATUS_LABELS, STATUSES
from territoires.maps.classes import Classes
from territoires.maps.palettes import parse

# Told apart by lightness as much as by hue; what is missing is grey.
_COLOURS = {
    "publie": "#1f8db3",
    "plancher": "#a7e2b6",
    "secret": "#704aa7",
    "non_disponible": "#c9cdd3",
    "hors_champ": "#f7c378",
}
_SHORT = {"plancher": "valeur plancher"}


def status_classes(codes: npt.NDArray[np.float64]) -> Classes:
    """Make one class of each status that occurs.

    Parameters
    ----------
    codes : array of float
        Positions in :data:`~territoires.indicators.STATUSES`.
    """
    counts = np.bincount(codes.astype(int), minlength=len(STATUSES))
    present = [at for at, count in enumerate(counts) if count]
    names = [STATUSES[at] for at in present]
    return Classes(
        bounds=tuple(float(at) for at in present),
        discrete=True,
        labels=tuple(_SHORT.get(name, STATUS_LABELS[name]) for name in names),
        colours=tuple(parse(_COLOURS[name]) for name in names),
        counts=tuple(int(counts[at]) for at in present),
        missing_count=0,
        nominal=True,
    )
