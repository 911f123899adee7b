"""With whom could this initiative work? Those around that bring what it does not have."""

from __future__ import annotations

import math

import pandas as pd

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.initiatives.directory import Directory
from territoires.initiatives.reach import within
from territoires.initiatives.schema import LIST_SEPARATOR, split_list
from territoires.initiatives.vocabularies import Vocabularies

OTHER_AXES = "autre axe du réseau"
SAME_AXES_ANOTHER_TYPE = "même axe, autre métier"
UNKNOWN_AXES_ANOTHER_TYPE = "axe inconnu, autre métier"
COMPLEMENTS = (OTHER_AXES, SAME_AXES_ANOTHER_TYPE, UNKNOWN_AXES_ANOTHER_TYPE)
"""What another initiative brings, the first being put first."""

_NOT_THERE = ("clos", "refuse")
_KM_DECIMALS = 1


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
        Those of the same type that bring no axis are not listed: they are alike, they do not
        complete.

    Raises
    ------
    InvalidRequest
        No initiative has this identifier, it has no known place, or the radius is impossible.
    """
    point = shown_point(directory, identifier)
    own = directory.frame.loc[identifier]
    around = within(register, directory, point, radius_km).drop(index=identifier)
    around = around[~around["statut"].isin(_NOT_THERE)]
    mine = set(split_list(str(own["axes"])))
    theirs = [split_list(str(axes)) for axes in around["axes"]]
    brought = [LIST_SEPARATOR.join(a for a in axes if a not in mine) for axes in theirs]
    around = around.assign(
        apport=[_complement(mine, axes) for axes in theirs], axes_apportes=brought
    )
    completes = (around["axes_apportes"] != "") | (around["type"] != own["type"])
    rank = {word: place for place, word in enumerate(COMPLEMENTS)}
    return (
        around[completes]
        .sort_values("distance_km", kind="stable")
        .sort_values("apport", key=lambda words: words.map(rank), kind="stable")
    )


def _complement(mine: set[str], theirs: tuple[str, ...]) -> str:
    if not theirs:
        return UNKNOWN_AXES_ANOTHER_TYPE
    return OTHER_AXES if set(theirs) - mine else SAME_AXES_ANOTHER_TYPE


def shown_point(directory: Directory, identifier: str) -> tuple[float, float]:
    """Return the longitude and latitude (EPSG:4326) where an initiative may be shown.

    Raises
    ------
    InvalidRequest
        No initiative has this identifier, or it has no known place.
    """
    if identifier not in directory.frame.index:
        raise InvalidRequest(f"Aucune initiative n'a l'identifiant « {identifier!s:.80} ».")
    own = directory.frame.loc[[identifier]]
    longitude, latitude = own[["longitude", "latitude"]].to_numpy(dtype=float)[0].tolist()
    if math.isnan(longitude) or math.isnan(latitude):
        raise InvalidRequest(
            f"« {own['nom'].iloc[0]} » n'est pas localisée : donnez sa commune pour chercher "
            "autour d'elle."
        )
    return longitude, latitude


def synergies_table(found: pd.DataFrame, vocabularies: Vocabularies) -> pd.DataFrame:
    """Lay out what :func:`synergies` found as a table for people, in its order.

    Returns
    -------
    pd.DataFrame
        RangeIndex; ``numero`` (from 1: the same on the list, the map and in files), ``id, nom,
        apport, axes_apportes`` (labels), ``type`` (label), ``code_commune, commune, distance_km,
        source_url``. Nothing finer than the commune.
    """
    axes = found["axes_apportes"].map(
        lambda codes: ", ".join(vocabularies.axes.label(code) for code in split_list(codes))
    )
    columns = {
        "numero": range(1, len(found) + 1),
        "id": found.index,
        "nom": found["nom"].to_numpy(),
        "apport": found["apport"].to_numpy(),
        "axes_apportes": axes.to_numpy(),
        "type": found["type"].map(vocabularies.types.label).to_numpy(),
        "code_commune": found["geo_code_commune"].to_numpy(),
        "commune": found["geo_commune"].to_numpy(),
        "distance_km": found["distance_km"].round(_KM_DECIMALS).to_numpy(),
        "source_url": found["source_url"].to_numpy(),
    }
    return pd.DataFrame(columns)
