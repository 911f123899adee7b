"""Unmet needs observed in the field, as a layer of the map."""

from __future__ import annotations

import folium
import pandas as pd

from territoires.maps import MapPoint, points_layer
from territoires.workspace import Workspace

NEED_COLOUR = "#7b3294"


def needs_layer(workspace: Workspace, communes: tuple[str, ...] | None) -> folium.FeatureGroup:
    """Return one circle per commune where needs were observed, at its reference point.

    Parameters
    ----------
    communes : tuple of str or None
        Those looked at; ``None`` for all.
    """
    counts = workspace.needs_observed.counts()
    places = workspace.register.communes
    known = counts[counts.index.isin(places.index if communes is None else communes)]
    return points_layer([_point(workspace, str(code), int(n)) for code, n in known.items()],
                        "Besoins observés")  # fmt: skip


def _point(workspace: Workspace, code: str, count: int) -> MapPoint:
    row: pd.Series = workspace.register.communes.loc[[code]].iloc[0]
    plural = "s" if count > 1 else ""
    line = f"{row['nom']} : {count} besoin{plural} observé{plural}"
    return MapPoint(float(row["longitude"]), float(row["latitude"]), count, NEED_COLOUR, (line,))
