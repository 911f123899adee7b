"""How far our simplified outlines are from others: what ``contours_embarques_km`` rests on.

Points drawn at random, by area, are looked up in our outlines and in those of another edition
(official samples beside the checkout): where the two disagree, at least one is wrong. Far enough
from any other commune, they agree. Communes whose area differs between the two are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from bench.geocodage.lists import SAMPLES
from territoires.communes import Register
from territoires.communes.projection import METROPOLE, local_epsg
from territoires.geocoding import Gazetteer
from territoires.indicators import format_share

LIMITS_METRES = (0, 50, 100, 150, 200)
_POINTS = 60_000
_SEED = 20261126
_SAME_AREA = 0.03
_FAR = 500.0
_EDITIONS = {
    "Val-d’Oise": ("communes95.geojson", "code", METROPOLE),
    "Bretagne": ("bzh_com_2023.geojson", "INSEE_COM", METROPOLE),
    "Corse": ("cor_com_2023.geojson", "INSEE_COM", METROPOLE),
    "La Réunion": ("reu_com_2023.geojson", "INSEE_COM", local_epsg("974")),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """Random points of one place.

    Attributes
    ----------
    place : str
        Where.
    differ : ndarray of bool
        The two editions put the point in two communes.
    metres : ndarray of float
        From the point to the nearest other commune of ours; infinite when far.
    """

    place: str
    differ: np.ndarray
    metres: np.ndarray

    def beyond(self, limit: float) -> float:
        """Share of the points that differ, farther than a limit from any other commune."""
        return float((self.differ & (self.metres > limit)).mean())

    def within(self, limit: float) -> float:
        """Share of the points that are nearer than a limit to another commune."""
        return float((self.metres <= limit).mean())


def measure_outlines(register: Register) -> None:
    """Print, by limit, what would still be wrong and what would be asked."""
    for compared in _compared(register):
        print(f"contours, {compared.place} : {len(compared.differ)} points au hasard")
        for limit in LIMITS_METRES:
            print(
                f"  au-delà de {limit} m : {compared.beyond(limit):.3%} dans deux communes ; "
                f"à vérifier {compared.within(limit):.1%}"
            )


def told(gazetteer: Gazetteer) -> str:
    """Say the measurement at the limit in use, in one French sentence."""
    limit = 1000 * gazetteer.thresholds.contours_embarques_km
    shares = [
        f"{format_share(one.beyond(0), 2)} puis {format_share(one.beyond(limit), 3)} ({one.place})"
        for one in _compared(gazetteer.register)
    ]
    if not shares:
        return ""
    return (
        "Part des points tirés au hasard que ces contours et ceux d’une autre édition mettent dans "
        f"deux communes, tous, puis au-delà de {limit:.0f} m : {', '.join(shares)}."
    )


def _compared(register: Register) -> Iterator[Compared]:
    for place, (name, column, epsg) in _EDITIONS.items():
        path = SAMPLES / "contours-communes" / name
        if path.is_file():
            theirs = gpd.read_file(path).set_crs(4326, allow_override=True).to_crs(epsg)
            theirs = theirs[theirs[column].isin(register.communes.index)]
            ours = register.geometries[register.positions(theirs[column])]
            here = gpd.GeoSeries(ours, crs=4326).to_crs(epsg)
            yield _compare(place, here.to_numpy(), theirs.geometry.to_numpy())


def _compare(place: str, ours: Sequence, theirs: Sequence) -> Compared:
    same = np.abs(shapely.area(ours) / shapely.area(theirs) - 1) < _SAME_AREA
    chance = np.random.default_rng(_SEED)
    west, south, east, north = shapely.total_bounds(theirs)
    points = shapely.points(
        chance.uniform(west, east, _POINTS), chance.uniform(south, north, _POINTS)
    )
    here, there = _under(points, ours), _under(points, theirs)
    kept = np.flatnonzero((here >= 0) & (there >= 0) & same[here] & same[there])
    metres = np.full(len(kept), np.inf)
    rows, near = shapely.STRtree(ours).query(points[kept], predicate="dwithin", distance=_FAR)
    others = near != here[kept][rows]
    rows, near = rows[others], near[others]
    np.minimum.at(metres, rows, shapely.distance(points[kept][rows], np.asarray(ours)[near]))
    return Compared(place, here[kept] != there[kept], metres)


def _under(points: np.ndarray, outlines: Sequence) -> np.ndarray:
    found = np.full(len(points), -1)
    rows, which = shapely.STRtree(outlines).query(points, predicate="intersects")
    found[rows] = which
    return found
