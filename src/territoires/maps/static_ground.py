"""What a static map stands on: the communes in its frame, or the départements when too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from territoires.communes import Register
from territoires.maps.static_frame import ACCENT, Frame, Shapes, path_of
from territoires.territory import Territoire, dissolve
from territoires.territory.shape import outline_of
from territoires.territory.territoire import ARM_LEVEL

_LAND, _TINT = "#fbfbf9", "#cfe3df"
_COMMUNE_LINE, _DEPARTEMENT_LINE = "#d3d9d7", "#96a29f"
_MOST_COMMUNES = 700  # beyond, their borders would be all there is to see
_DETAIL = 0.35  # units: what is smaller is not seen on paper
_METRES_PER_DEGREE = 111_320.0

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ground:
    """What is on the paper.

    Attributes
    ----------
    shapes : array of shapely geometries
        Communes, or départements.
    departements : array of str
        Of each shape.
    own : array of bool
        Which shapes are of the territory.
    outline : shapely.Geometry
        Of the territory.
    """

    shapes: Shapes
    departements: npt.NDArray[np.object_]
    own: npt.NDArray[np.bool_]
    outline: shapely.Geometry

    def draw(self, frame: Frame) -> str:
        """Write it as SVG elements."""
        cut = frame.cut(self.shapes)
        around = "".join(path_of(shape) for shape in cut[~self.own])
        inside = "".join(path_of(shape) for shape in cut[self.own])
        borders = "".join(path_of(shape) for shape in frame.cut(self._by_departement()))
        outline = path_of(frame.cut(np.array([self.outline], dtype=object))[0])
        return (
            f'<path d="{around}" fill="{_LAND}" stroke="{_COMMUNE_LINE}" stroke-width=".5"/>'
            f'<path d="{outline}" fill="{_TINT}"/>'
            f'<path d="{inside}" fill="{_TINT}" stroke="#fff" stroke-width=".6"/>'
            f'<path d="{borders}" fill="none" stroke="{_DEPARTEMENT_LINE}" stroke-width=".8"/>'
            f'<path d="{outline}" fill="none" stroke="#fff" stroke-width="3.4"/>'
            f'<path d="{outline}" fill="none" stroke="{ACCENT}" stroke-width="1.5" '
            'stroke-linejoin="round"/>'
        )

    def _by_departement(self) -> Shapes:
        codes = sorted(set(self.departements.tolist()))
        merged = [dissolve(self.shapes[self.departements == code]) for code in codes]
        return np.array(merged, dtype=object)


def main_commune(register: Register, place: Territoire) -> str:
    """Return the most populous commune of a territory, the lowest code among equals."""
    return str(register.communes.index[register.main_row(register.positions(place.communes))])


def system_of(register: Register, place: Territoire) -> tuple[int, Rows]:
    """Return the projected system of the main commune of a territory, and the members in it.

    Returns
    -------
    int, array of int
        EPSG code; rows of ``Register.communes``.
    """
    rows = register.positions(place.communes)
    systems = register.communes["epsg_local"].to_numpy(dtype=np.int64)[rows]
    epsg = int(register.communes["epsg_local"][main_commune(register, place)])
    return epsg, rows[systems == epsg]


def own_bounds(register: Register, place: Territoire, members: Rows) -> npt.NDArray[np.float64]:
    """Return west, south, east, north of what a territory is made of, degrees: shape (n, 4)."""
    if place.niveau == ARM_LEVEL:
        return np.array([place.outline(register).bounds])
    return register.bounds[members]


def own_outline(register: Register, place: Territoire, members: Rows) -> shapely.Geometry:
    """Return the outline of a territory within its main system, EPSG:4326."""
    if len(members) == len(place.communes):
        return place.outline(register)
    return outline_of(register, tuple(register.communes.index[members]))


def ground_of(register: Register, place: Territoire, members: Rows, frame: Frame) -> Ground:
    """Return what is drawn of a territory and of its neighbours in a frame."""
    rows = rows_in(register, frame)
    if len(rows) > _MOST_COMMUNES:
        return _by_departements(register, place, members, frame)
    shapes: Shapes = shapely.coverage_simplify(frame.shapes(register.geometries[rows]), _DETAIL)
    departements = register.communes["code_departement"].to_numpy(dtype=object)[rows]
    if place.niveau == ARM_LEVEL:
        return Ground(shapes, departements, *_part(register, place, len(rows), frame))
    own = np.isin(rows, members)
    return Ground(shapes, departements, own, dissolve(shapes[own]))


def _part(
    register: Register, place: Territoire, count: int, frame: Frame
) -> tuple[npt.NDArray[np.bool_], shapely.Geometry]:
    """Return no shape of one's own, and the outline of a part of a commune."""
    outline = frame.shapes(np.array([place.outline(register)], dtype=object))[0]
    return np.zeros(count, dtype=bool), outline


def _by_departements(register: Register, place: Territoire, members: Rows, frame: Frame) -> Ground:
    communes = register.communes
    codes = communes.loc[communes["epsg_local"] == frame.epsg, "code_departement"].unique()
    wholes = [outline_of(register, register.codes_of("departement", str(code))) for code in codes]
    shapes: Shapes = shapely.coverage_simplify(
        frame.shapes(np.array(wholes, dtype=object)), _DETAIL
    )
    own = np.array([own_outline(register, place, members)], dtype=object)
    outline = frame.shapes(own)[0].simplify(_DETAIL)
    return Ground(shapes, np.array(codes, dtype=object), np.zeros(len(codes), dtype=bool), outline)


def rows_in(register: Register, frame: Frame) -> Rows:
    """Return the communes of the frame's system that may be seen in it, as rows."""
    communes = register.communes
    half = np.array([frame.width, frame.height]) / 2 * frame.metres_per_unit
    middle = np.array([frame.west, frame.north]) + half * [1, -1]
    # A commune reaches no further from its reference point than its own box is long.
    west, south, east, north = register.bounds.T
    reach = np.maximum(east - west, north - south) * _METRES_PER_DEGREE
    away = np.abs(communes[["x_local", "y_local"]].to_numpy() - middle) <= half + reach[:, None]
    same = communes["epsg_local"].to_numpy() == frame.epsg
    return np.flatnonzero(same & away.all(axis=1))
