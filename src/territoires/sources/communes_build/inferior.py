"""Below the communes: municipal arrondissements, delegated and associated communes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territoires.sources.communes_build.inputs import Inputs, Record, outlines_of
from territoires.sources.communes_build.outlines import polygonal, snap

_NATURES = {
    "arrondissement-municipal": ("arrondissement_municipal", "ARM"),
    "commune-deleguee": ("deleguee", "COMD"),
    "commune-associee": ("associee", "COMA"),
}


def build_inferior(inputs: Inputs) -> gpd.GeoDataFrame:
    """Return one row per unit, sorted by code then nature.

    Returns
    -------
    GeoDataFrame
        ``code, nom, nature, code_commune, codes_postaux, population, geometry`` (EPSG:4326, may be
        missing: some delegated communes have no outline in any edition).
    """
    rows = [row for row in inputs.cog if row["type"] in _NATURES]
    rows.sort(key=lambda row: (row["code"], row["type"]))
    table = pd.DataFrame(
        {
            "code": [row["code"] for row in rows],
            "nom": [row["nom"] for row in rows],
            "nature": [_NATURES[row["type"]][0] for row in rows],
            "code_commune": [row.get("commune") or row["chefLieu"] for row in rows],
            "codes_postaux": [";".join(row.get("codesPostaux") or ()) or None for row in rows],
            "population": pd.array([row.get("population") for row in rows], dtype="Int32"),
        }
    )
    return gpd.GeoDataFrame(table, geometry=_outlines(inputs, rows), crs=4326)


def _outlines(inputs: Inputs, rows: list[Record]) -> gpd.array.GeometryArray:
    """Take the newer edition first, then the older one, where the unit had the same nature."""
    editions = [
        {kind: outlines_of(places, kind) for _, kind in _NATURES.values()}
        for places in (inputs.places, inputs.old_places)
    ]
    found = np.full(len(rows), None, dtype=object)
    for number, row in enumerate(rows):
        kind = _NATURES[row["type"]][1]
        known = [edition[kind][row["code"]] for edition in editions if row["code"] in edition[kind]]
        found[number] = known[0] if known else None
    return gpd.array.from_shapely(snap(polygonal(shapely.force_2d(found))), crs=4326)
