"""Which places may be listed: those of an area, where it is already done or where it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from territoires.communes import LEVELS, Register

ANYWHERE, WITH, WITHOUT = "tous", "avec", "sans"
PRESENCES = (ANYWHERE, WITH, WITHOUT)


def places_of(register: Register, communes: Iterable[str], level: str) -> frozenset[str]:
    """Return the places of a level that hold communes.

    Parameters
    ----------
    register : Register
        The communes.
    communes : iterable of str
        Their codes.
    level : str
        ``commune``, or a level that has a column in the register.
    """
    column = LEVELS[level].column
    if column is None:
        return frozenset(communes)
    return frozenset(register.communes.loc[list(communes), column].dropna())


def listed_places(
    index: pd.Index,
    areas: Iterable[Collection[str]],
    done_in: Collection[str],
    presence: str = ANYWHERE,
) -> frozenset[str] | None:
    """Return the places that a list may hold.

    Parameters
    ----------
    index : Index
        Every place of the level.
    areas : iterable of collection of str
        From :func:`places_of`; a place must be in all of them.
    done_in : collection of str
        Places where an initiative of the kind wanted is recorded: keys of
        :func:`initiatives_by_place`.
    presence : str
        One of ``PRESENCES``: learning where it is done (``avec``), spreading where it is not
        recorded (``sans``), or both.

    Returns
    -------
    frozenset of str or None
        ``None`` for all places; empty when none is left.
    """
    kept = set(index).intersection(*areas)
    if presence == WITH:
        kept &= set(done_in)
    elif presence == WITHOUT:
        kept -= set(done_in)
    return None if len(kept) == len(index) else frozenset(kept)
