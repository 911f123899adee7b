"""Exports of territories: outlines, reference points, colours and backdrop put round a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial

import numpy as np
import pandas as pd
import shapely

from territoires.communes import Register
from territoires.exports.bundle import Backdrop, ExportBundle
from territoires.exports.columns import describe
from territoires.exports.style import style_by
from territoires.indicators import Indicator
from territoires.maps import MAINLAND, QUICK_VIEWS
from territoires.territory import Territoire, dissolve

_OVERSEAS = [view.code.removeprefix("dep:") for view in QUICK_VIEWS if view is not MAINLAND]
_SPREAD = 4
"""Régions beyond which a map is of the whole mainland: a few of them would look like islands."""
_BACKDROP_TOLERANCE = 0.01
"""Degrees; the area of what is smoothed away is about its square: a square kilometre."""


def territory_bundle(
    title: str, table: pd.DataFrame, territories: Sequence[Territoire], register: Register,
    catalogue: Mapping[str, Indicator], provenance: tuple[str, ...], produced_on: date,
    *, with_map: bool = True,
) -> ExportBundle:  # fmt: skip
    """Gather what the exports of a list of territories need.

    Parameters
    ----------
    title : str
        French.
    table : DataFrame
        One row per territory.
    territories : sequence of Territoire
        In the order of the rows.
    register : Register
        Where outlines come from.
    catalogue : mapping of str to Indicator
        What the columns mean.
    provenance : tuple of str
        French lines.
    produced_on : datetime.date
        Today.
    with_map : bool
        Whether the format draws (:attr:`Exporter.draws`): outlines take a while, a table needs
        none.

    Raises
    ------
    InvalidRequest
        There is nothing to export.
    """
    columns = describe(table, catalogue)
    if not with_map:
        return ExportBundle(title, table, provenance, columns=columns, produced_on=produced_on)
    return ExportBundle(
        title, table, provenance,
        outlines=[place.outline(register) for place in territories],
        points=[place.reference_point(register) for place in territories],
        columns=columns,
        style=style_by(table),
        backdrop=partial(
            backdrop_of, register, {code for one in territories for code in one.communes}
        ),
        produced_on=produced_on,
    )  # fmt: skip


def backdrop_of(register: Register, communes: Iterable[str]) -> Backdrop:
    """Return the départements of the régions that hold some communes, simplified.

    All the mainland when they are spread over more than a few régions.

    Returns
    -------
    Backdrop
        Neighbours are simplified together: no gap opens between them.
    """
    rows = register.positions(sorted(communes))
    everywhere = register.communes["code_region"].astype("str")
    regions = set(everywhere.iloc[rows])
    if len(regions) > _SPREAD:
        overseas = register.communes["code_departement"].isin(_OVERSEAS)
        regions |= set(everywhere[~overseas])
    return _backdrop(register, tuple(sorted(regions)))


@lru_cache(maxsize=8)  # the whole country takes a second
def _backdrop(register: Register, regions: tuple[str, ...]) -> Backdrop:
    communes = register.communes
    inside = communes[communes["code_region"].isin(regions)]
    codes = sorted(str(code) for code in inside["code_departement"].unique())
    members = [register.positions(register.codes_of("departement", code)) for code in codes]
    outlines = np.array([dissolve(register.geometries[rows]) for rows in members], dtype=object)
    names = tuple(register.name_of("departement", code) for code in codes)
    simple = shapely.coverage_simplify(outlines, _BACKDROP_TOLERANCE)
    return Backdrop(names, tuple(simple))
