"""Who already does it in a place like mine: the initiatives of each place."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from territoires.communes import LEVELS, Register
from territoires.initiatives import Directory
from territoires.initiatives.schema import LIST_SEPARATOR, split_list


def initiatives_by_place(
    register: Register, directory: Directory, level: str = "commune"
) -> Mapping[str, tuple[str, ...]]:
    """Return the initiatives that stand in each place, or cover it wholly or in part.

    Parameters
    ----------
    register : Register
        The communes.
    directory : Directory
        Already filtered to the types and statuses wanted.
    level : str
        ``commune``, or a level that has a column in the register.

    Returns
    -------
    Mapping of str to tuple of str
        Identifiers by place code, in the order of the directory. A place that is not there has no
        recorded initiative, which does not say that it has none.
    """
    column = LEVELS[level].column
    place_of = register.communes[column] if column else None
    found: dict[str, dict[str, None]] = {}
    for identifier, cell in directory.frame["communes_resolues"].items():
        for commune in split_list(str(cell)):
            place = commune if place_of is None else place_of.get(commune)
            if isinstance(place, str):
                found.setdefault(place, {})[str(identifier)] = None
    return {place: tuple(identifiers) for place, identifiers in found.items()}


def initiatives_column(index: pd.Index, found: Mapping[str, tuple[str, ...]]) -> pd.Series[str]:
    """Lay the identifiers out beside places, joined by ``;``; empty where none is recorded."""
    cells = [LIST_SEPARATOR.join(found.get(str(place), ())) for place in index]
    return pd.Series(cells, index=index, dtype="str")
