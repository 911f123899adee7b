"""Whose values a map draws: the communes themselves, or groups of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes import Register
from territoires.communes.levels import LEVELS
from territoires.indicators import IndicatorTable


@dataclass(frozen=True, eq=False)
class Level:
    """The places of a level.

    Attributes
    ----------
    table : IndicatorTable
        Their indicators.
    places : ndarray of int64, shape (communes,)
        Row of the place of each commune in the table; −1 for none.
    """

    table: IndicatorTable
    places: npt.NDArray[np.int64]


def level_of(register: Register, indicators: IndicatorTable, name: str) -> Level:
    """Return the places of a level: ``commune``, ``epci`` or ``departement``."""
    communes = register.communes
    if name == "commune":
        rows = indicators.values.index.get_indexer(communes.index)
        return Level(indicators, rows.astype(np.int64))
    groups = communes[LEVELS[name].column or ""]
    table = indicators.for_groups(groups)
    rows = table.values.index.get_indexer(pd.Index(groups))
    return Level(table, np.where(groups.isna(), -1, rows).astype(np.int64))
