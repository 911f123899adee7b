"""Initiatives recorded in a territory and around it."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd

from territoires.communes import Register
from territoires.initiatives import NO_AXIS, Directory, initiatives_in, within
from territoires.initiatives.schema import split_list
from territoires.shortlist.side_by_side.model import Presence
from territoires.territory import Territoire

_ANYWHERE_KM = 30_000.0  # further than anything on Earth


def presence_of(
    register: Register, directory: Directory, place: Territoire, radius_km: float
) -> Presence:
    """Count the initiatives of a territory and those around it.

    Parameters
    ----------
    radius_km : float
        Straight line from the reference point of the territory, bound included.

    Raises
    ------
    InvalidRequest
        The radius is negative or not a number.
    """
    here = initiatives_in(directory, place)
    around = within(register, directory, place.reference_point(register), _ANYWHERE_KM)
    outside = around[~around.index.isin(here.index)]
    # Asked apart: a distance that cannot be is refused.
    near = within(register, directory, place.reference_point(register), radius_km)
    near = near[~near.index.isin(here.index)]
    return Presence(
        here=len(here),
        here_by_axis=_by_axis(here),
        near=len(near),
        near_by_axis=_by_axis(near),
        nearest=str(outside["nom"].iloc[0]) if len(outside) else "",
        nearest_km=float(outside["distance_km"].iloc[0]) if len(outside) else math.nan,
    )


def _by_axis(rows: pd.DataFrame) -> dict[str, int]:
    counts = Counter(axis for cell in rows["axes"] for axis in split_list(cell) or (NO_AXIS,))
    return dict(sorted(counts.items()))
