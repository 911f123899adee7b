"""Territoire: a set of communes, possibly a part of one, whatever the reason they are together.

A commune, an EPCI, a département, the perimeter of an experiment, a candidate: all are
territories, and everything that can be asked of one can be asked of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from territoires.communes import Register
from territoires.territory.shape import area_km2, connected, outline_of

ARM_LEVEL = "arrondissement_municipal"
QPV_LEVEL = "qpv"


@dataclass(frozen=True)
class Territoire:
    """A set of communes with a name.

    Attributes
    ----------
    code : str
        Typed: ``com:30350``, ``epci:…``, ``ept:…``, ``arr:…``, ``dep:30``, ``reg:76``,
        ``arm:75113``, ``qpv:QN09506M``, ``pays:FR``; ``groupe:01001-01002`` for any other set of
        communes, ``partie:…`` for a part of them; ``zone:…`` for those inside a drawn area
        (``zone.py``).
        :func:`territory_from_code` reads all of them back.
    nom : str
        For people.
    niveau : str
        ``commune``, ``epci``, ``ept``, ``arrondissement``, ``departement``, ``region``, ``pays``,
        ``arrondissement_municipal``, ``qpv``, ``groupe``, ``partie`` or ``zone``.
    communes : tuple of str
        Codes, rising, without repetition; never empty.
    partiel : bool
        Whether it covers only a part of its communes (a district, a municipal arrondissement).
    population : int or None
        Inhabitants: the sum of what is known of its communes, ``None`` when nothing is, and for
        a part whose own population nobody gave (that of its communes would be too many).
    """

    code: str
    nom: str
    niveau: str
    communes: tuple[str, ...]
    partiel: bool
    population: int | None

    def outline(self, register: Register) -> shapely.Geometry:
        """Return the outline, EPSG:4326.

        That of its communes for a part, except a municipal arrondissement, which has its own, and
        a priority neighbourhood whose outline is known.
        """
        own = _own_outline(register, self)
        if own is not None:
            return own
        return outline_of(register, self.communes)

    def reference_point(self, register: Register) -> tuple[float, float]:
        """Return longitude and latitude, degrees, of the point from which distances are told.

        The reference point of the commune (its mairie, else an interior point); for several
        communes, that of the most populous, the lowest code among equals; for a part that has an
        outline of its own, a point inside.
        """
        own = _own_outline(register, self)
        if own is not None:
            inside = own.representative_point()
            return inside.x, inside.y
        main = register.communes.iloc[register.main_row(register.positions(self.communes))]
        return float(main["longitude"]), float(main["latitude"])

    def superficie_km2(self, register: Register) -> float | None:
        """Return the area in km², measured in the local projected system.

        ``None`` for a part without an outline of its own.
        """
        own = _own_outline(register, self)
        if own is not None:
            return area_km2(register, self.communes[0], own)
        if self.partiel:
            return None
        areas = register.communes["superficie_km2"].iloc[register.positions(self.communes)]
        return float(areas.sum())

    def contiguous(self, register: Register) -> bool:
        """Tell whether one can go from any commune to any other by shared borders, inside."""
        return connected(register, self.communes)


def arm_row(register: Register, code: str) -> int | None:
    """Return the row of a municipal arrondissement in ``Register.inferior``."""
    units = register.inferior
    rows = np.flatnonzero((units["code"] == code) & (units["nature"] == ARM_LEVEL))
    return int(rows[0]) if len(rows) else None


def _own_outline(register: Register, territory: Territoire) -> shapely.Geometry | None:
    code = territory.code.partition(":")[2]
    outline: shapely.Geometry | None = None
    if territory.niveau == QPV_LEVEL and code in register.neighbourhoods.index:
        outline = register.neighbourhoods["geometry"][code]
    if territory.niveau == ARM_LEVEL:
        row = arm_row(register, code)
        outline = None if row is None else register.inferior_geometries[row]
    return outline
