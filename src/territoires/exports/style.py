"""How an export that has a map is coloured: one column, its classes, the same in every format."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.indicators import format_number
from territoires.maps.classes import Classes, ClassRules, classify

_CLASSES = 5
_DECIMALS = 2


@dataclass(frozen=True, eq=False)
class MapStyle:
    """The colours of a map.

    Attributes
    ----------
    column : str
        Column of the table that colours.
    title : str
        French, above the legend.
    classes : Classes
        Limits, labels and colours; the last class is the greatest need.
    """

    column: str
    title: str
    classes: Classes

    def of(self, table: pd.DataFrame) -> npt.NDArray[np.int8]:
        """Return the class of each row; ``-1`` where the value is missing."""
        return self.classes.of(_numbers(table[self.column]))


def style_by(
    table: pd.DataFrame, column: str = "score", title: str = "Score de besoin, de 0 à 1"
) -> MapStyle | None:
    """Cut a column into classes of even counts.

    Returns
    -------
    MapStyle or None
        ``None`` when the table has no such column, or no value in it: there is nothing to tell.
    """
    if column not in table.columns:
        return None
    values = _numbers(table[column])
    if not np.isfinite(values).any():
        return None
    rules = ClassRules(
        count=_CLASSES, decimals=_DECIMALS, direction=1, palette="braise",
        write=lambda value: format_number(value, _DECIMALS),
    )  # fmt: skip
    return MapStyle(column, title, classify(values, rules))


def _numbers(cells: pd.Series) -> npt.NDArray[np.float64]:
    numbers: npt.NDArray[np.float64] = np.asarray(
        cells.astype("Float64").to_numpy(dtype=float, na_value=np.nan), dtype=np.float64
    )
    return numbers
