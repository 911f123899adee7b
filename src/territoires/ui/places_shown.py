"""Names of the places of a level, for tables and charts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from territoires.communes import Register
from territoires.ui.table_twin import identity


def place_names(register: Register, level: str, codes: Sequence[str] | pd.Index) -> pd.Series:
    """Return the name of each place; of a commune, with its département: ``Le Vigan (30)``."""
    rows = identity(register, level).loc[list(codes)]
    names = rows["Nom"].astype(str)
    return names + " (" + rows["Département"].astype(str) + ")" if level == "commune" else names
