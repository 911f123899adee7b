"""The communes that a map compares, by the code of its universe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from territoires.communes import Register
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.maps.spec import FRANCE
from territoires.territory import PrivateGroups, territory_from_code
from territoires.territory.private_group import is_private


def inside_universe(register: Register, groups: PrivateGroups, typed: str) -> npt.NDArray[np.bool_]:
    """Tell which communes a universe holds.

    Parameters
    ----------
    register : Register
        The communes.
    groups : PrivateGroups
        The lists of the visits under way.
    typed : str
        As ``MapSpec.universe``.

    Returns
    -------
    ndarray of bool, shape (communes,)

    Raises
    ------
    InvalidRequest
        Nothing has this code.
    UnknownGroup
        It names a list that is not here.
    """
    inside = np.full(len(register.communes), typed == FRANCE)
    if typed == FRANCE:
        return inside
    if is_private(typed):
        communes = groups.find(typed).communes
    else:
        try:
            communes = territory_from_code(register, typed).communes
        except UnknownTerritory as error:
            raise InvalidRequest(f"univers : {error}") from error
    inside[register.positions(communes)] = True
    return inside
