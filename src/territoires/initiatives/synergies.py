"""With whom could this initiative work? Those around that bring what it does not have."""

from __future__ import annotations

import math

import pandas as pd

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.initiatives.directory import Directory
from territoires.initiatives.reach import within
from territoires.initiatives.schema import split_list

SAME_AXES_ANOTHER_TYPE = "même axe, autre métier"
OTHER_AXES = "autre axe du réseau"
COMPLEMENTS = (OTHER_AXES, SAME_AXES_ANOTHER_TYPE)
"""What another initiative brings, the first being put first."""


def synergies(
    register: Register, directory: Directory, identifier: str, radius_km: float
) -> pd.DataFrame:
    """List the initiatives within reach that complete one: other axes of the network, other types.

    Parameters
    ----------
    register : Register
        The communes.
    directory : Directory
        Where to look; closed and refused initiatives are left out.
    identifier : str
        The initiative.
    radius_km : float
        Straight line from its shown point.

    Returns
    -------
    pd.DataFrame
        Rows of ``directory.frame`` with ``distance_km``, ``apport`` (one of ``COMPLEMENTS``) and
        ``axes_apportes`` (codes joined by ``;``); what brings another axis first, then the nearest.
        Those of the same type and axes, and those without an axis and of the same type, are not
        listed: they are alike, they do not complete.

    Raises
    ------
    InvalidRequest
        No initiative has this identifier, it has no known place, or the radius is impossible.
    """
    if identifier not in directory.frame.index:
        raise InvalidRequest(f"Aucune initiative n'a l'identifiant « {identifier!s:.80} ».")
    own = directory.frame.loc[identifier]
    longitude, latitude = (
        float(
            directory.frame[axis].to_numpy(dtype=float)[directory.frame.index.get_loc(identifier)]
        )
        for axis in ("longitude", "latitude")
    )
    if math.isnan(longitude) or math.isnan(latitude):
        raise InvalidRequest(
            f"« {own['nom']} » n'est pas localisée : donnez sa commune pour chercher autour d'elle."
        )
    around = within(register, directory, (longitude, latitude), radius_km).drop(index=identifier)
    around = around[~around["statut"].isin(["clos", "refuse"])]
    mine = set(split_list(str(own["axes"])))
    brought = [";".join(a for a in split_list(str(x)) if a not in mine) for x in around["axes"]]
    another_type = (around["type"] != own["type"]).to_numpy()
    around = around.assign(axes_apportes=brought, apport=SAME_AXES_ANOTHER_TYPE)
    around.loc[around["axes_apportes"] != "", "apport"] = OTHER_AXES
    completes = (around["axes_apportes"] != "") | another_type
    order = around["apport"].map({word: rank for rank, word in enumerate(COMPLEMENTS)})
    return (
        around.assign(_order=order)[completes]
        .sort_values(["_order", "distance_km"], kind="stable")
        .drop(columns="_order")
    )
