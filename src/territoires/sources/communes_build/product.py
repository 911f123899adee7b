"""The register as built, before it is checked and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from territoires.sources.communes_build.communes_table import (
    build_communes_table,
    epsg_of,
    reference_points_of,
)
from territoires.sources.communes_build.groups import build_groups
from territoires.sources.communes_build.history import FormerCommunes, build_former_communes
from territoires.sources.communes_build.inferior import build_inferior
from territoires.sources.communes_build.inputs import Inputs
from territoires.sources.communes_build.mairies import ReferencePoints
from territoires.sources.communes_build.neighbours import shared_borders
from territoires.sources.communes_build.outlines import Outlines, build_outlines
from territoires.sources.communes_build.populations import Populations2016, bring_populations


@dataclass(frozen=True, eq=False)
class Product:
    """Everything that ``data/communes/`` will hold, and how it was obtained.

    Attributes
    ----------
    communes : DataFrame
        Columns of ``schema.COMMUNE_COLUMNS``, sorted by code.
    outlines : Outlines
        Same communes, same order.
    inferior : GeoDataFrame
        Units below the communes.
    neighbours : DataFrame
        Both directions of each pair.
    groups : dict of DataFrame
        By file name.
    former : FormerCommunes
        Former communes.
    populations : Populations2016
        How the 2016 populations were brought.
    points : ReferencePoints
        How the reference points were chosen.
    """

    communes: pd.DataFrame
    outlines: Outlines
    inferior: gpd.GeoDataFrame
    neighbours: pd.DataFrame
    groups: Mapping[str, pd.DataFrame]
    former: FormerCommunes
    populations: Populations2016
    points: ReferencePoints

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables written as CSV, by file name."""
        return {**self.groups, "anciennes_communes.csv": self.former.table}


def make_product(inputs: Inputs) -> Product:
    """Build every part of the register from what the packages say."""
    outlines = build_outlines(inputs)
    points = reference_points_of(inputs, outlines)
    populations = bring_populations(inputs)
    return Product(
        communes=build_communes_table(inputs, outlines, populations, points),
        outlines=outlines,
        inferior=build_inferior(inputs),
        neighbours=shared_borders(outlines.codes, outlines.snapped, epsg_of(inputs)),
        groups=build_groups(inputs),
        former=build_former_communes(inputs),
        populations=populations,
        points=points,
    )
