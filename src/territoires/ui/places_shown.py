"""Codes and names of the places of a level, for tables and charts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from territoires.communes import Register
from territoires.territory import Territoire


def code_of(place: Territoire | None) -> str:
    """Return the code of a place among those of its level; empty for no place."""
    return "" if place is None else place.code.partition(":")[2]


def place_names(register: Register, level: str, codes: Sequence[str] | pd.Index) -> pd.Series:
    """Return the name of each place; of a commune, with its département: ``Le Vigan (30)``."""
    places = list(codes)
    if level == "commune":
        rows = register.communes.loc[places, ["nom", "code_departement"]].astype(str)
        names: pd.Series = rows["nom"] + " (" + rows["code_departement"] + ")"
        return names
    groups = register.epci if level == "epci" else register.departements
    named: pd.Series = groups["nom"].loc[places].astype(str)
    return named
