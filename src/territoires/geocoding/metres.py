"""Metres of the French projected systems, past and present: recognised, told by a heading, or said.

A pair of metres may be read in two systems: 650,000 and 1,780,000 are in Guadeloupe (UTM 20) and
near Narbonne (Lambert II étendu). The land chooses when only one reading falls on it, then the
heading, then the département of the texts; else the pair is not used, and both readings are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from territoires.communes.projection import METROPOLE, local_epsg, unproject
from territoires.geocoding.toponyms import departement_of

LAMBERT_93 = "Lambert-93"
LAMBERT_2 = "Lambert II étendu"
_LEAST = 1_000.0  # no degrees are so many, no metres of these systems so few

_Floats = npt.NDArray[np.float64]
_Objects = npt.NDArray[np.object_]
Locate = Callable[[_Floats, _Floats], _Objects]
"""Longitudes and latitudes to the commune under each point, ``None`` where there is none."""


class System(NamedTuple):
    """A projected system, where its communes are (metres, with some room around), its names."""

    epsg: int
    name: str
    x: tuple[float, float]
    y: tuple[float, float]
    heading: str


def _conic(zone: int) -> System:
    north = (zone - 41) * 1_000_000.0 + 200_000.0
    limits = (north - 140_000, north + 140_000)
    return System(3900 + zone, f"CC{zone}", (1_000_000, 2_320_000), limits, rf"(?:rgf93)?cc{zone}")


SYSTEMS = (
    System(METROPOLE, LAMBERT_93, (80_000, 1_260_000), (6_030_000, 7_130_000), "lambert93|l93"),
    System(local_epsg("971"), "UTM 20 Nord", (600_000, 740_000), (1_570_000, 2_020_000), "utm20n?"),
    System(local_epsg("973"), "UTM 22 Nord", (100_000, 470_000), (220_000, 660_000), "utm22n?"),
    System(local_epsg("974"), "UTM 40 Sud", (300_000, 390_000), (7_620_000, 7_700_000), "utm40s?"),
    System(local_epsg("976"), "UTM 38 Sud", (490_000, 550_000), (8_540_000, 8_630_000), "utm38s?"),
    System(
        27572, LAMBERT_2, (40_000, 1_260_000), (1_600_000, 2_690_000),
        "lambert(?:2|ii)(?:etendu|e)?|l2e",
    ),
    *(_conic(zone) for zone in range(42, 51)),
)  # fmt: skip
"""In the order in which a pair that falls on no land is read."""
_TOLD = re.compile("|".join(f"({system.heading})" for system in SYSTEMS))


class Reading(NamedTuple):
    """How pairs of numbers were read, n of them.

    Attributes
    ----------
    longitude, latitude : np.ndarray of float
        Degrees, EPSG:4326, where the pair was metres; else as given.
    system : np.ndarray of object
        ``"Lambert-93"``, ``"CC48"``…, ``""`` where the pair was no metres.
    swapped : np.ndarray of bool
        X and Y had to be swapped.
    ambiguous : np.ndarray of object
        ``"UTM 20 Nord ou Lambert II étendu"`` where nothing chooses, else ``""``.
    either : dict of int to tuple of str
        The communes of those readings, by row.
    """

    longitude: _Floats
    latitude: _Floats
    system: _Objects
    swapped: npt.NDArray[np.bool_]
    ambiguous: _Objects
    either: dict[int, tuple[str, ...]]


def system_told(key: str) -> str:
    """Return the system that a heading names, ``""`` for none.

    Parameters
    ----------
    key : str
        Heading reduced to its letters and digits: ``"xlambert2etendu"``, ``"ycc48"``.
    """
    found = _TOLD.search(key)
    return SYSTEMS[found.lastindex - 1].name if found and found.lastindex else ""


def without_system(key: str) -> str:
    """Return a heading without the system that it names: ``"xcc48"`` becomes ``"x"``."""
    return _TOLD.sub("", key)


def read_metres(
    x: _Floats, y: _Floats, locate: Locate, *, told: str = "", codes: Sequence[str] = ()
) -> Reading:
    """Turn metres of the French projected systems into degrees; leave the rest as it is.

    Parameters
    ----------
    x, y : np.ndarray of float, shape (n,)
        As typed: metres, degrees, or anything.
    locate : callable
        Says which commune is under a point.
    told : str
        System that the headings name, ``""`` for none: heard where the pair may be of it.
    codes : sequence of str, length n or 0
        Commune that the texts of each row designate, ``""`` for none.
    """
    longitude, latitude = x.copy(), y.copy()
    system, ambiguous = (np.full(len(x), "", dtype=object) for _ in range(2))
    swapped = np.zeros(len(x), dtype=bool)
    either: dict[int, tuple[str, ...]] = {}
    options = [option for option in _options(x, y) if len(option.rows)]
    times = np.bincount(
        np.concatenate([option.rows for option in options] or [np.zeros(0, dtype=np.intp)]),
        minlength=len(x),
    )
    for option in options:
        alone = times[option.rows] == 1
        rows = option.rows[alone]
        longitude[rows], latitude[rows] = option.longitude[alone], option.latitude[alone]
        system[rows], swapped[rows] = option.system, option.turned
    for row, places in _in_doubt(options, times, locate).items():
        chosen = _choose(places, told, codes[row] if codes else "")
        if chosen is None:
            landed = [place for place in places if place.commune]
            ambiguous[row] = " ou ".join(dict.fromkeys(place.system for place in landed))
            either[row] = tuple(dict.fromkeys(place.commune for place in landed))
        else:
            longitude[row], latitude[row] = chosen.longitude, chosen.latitude
            system[row], swapped[row] = chosen.system, chosen.turned
    return Reading(longitude, latitude, system, swapped, ambiguous, either)


class _Option(NamedTuple):
    """Rows that may be metres of one system, in one order, and where that would put them."""

    system: str
    turned: bool
    rows: npt.NDArray[np.intp]
    longitude: _Floats
    latitude: _Floats


class _Place(NamedTuple):
    """One reading of one pair; ``commune`` is ``""`` where it falls on no land."""

    system: str
    turned: bool
    longitude: float
    latitude: float
    commune: str


def _options(x: _Floats, y: _Floats) -> Iterator[_Option]:
    metres = np.flatnonzero((np.abs(x) > _LEAST) & (np.abs(y) > _LEAST))
    for system in SYSTEMS if len(metres) else ():
        for turned, (east, north) in enumerate(((x, y), (y, x))):
            rows = metres[_within(east[metres], system.x) & _within(north[metres], system.y)]
            yield _Option(
                system.name, bool(turned), rows, *unproject(east[rows], north[rows], system.epsg)
            )


def _in_doubt(
    options: Sequence[_Option], times: npt.NDArray[np.intp], locate: Locate
) -> dict[int, list[_Place]]:
    """List the readings of each row that has several, in the order of the systems."""
    readings: dict[int, list[_Place]] = {}
    for option in options:
        several = times[option.rows] > 1
        longitude, latitude = option.longitude[several], option.latitude[several]
        communes = locate(longitude, latitude)
        found = zip(
            option.rows[several].tolist(),
            longitude.tolist(),
            latitude.tolist(),
            communes,
            strict=True,
        )
        for row, lon, lat, commune in found:
            place = _Place(option.system, option.turned, lon, lat, commune or "")
            readings.setdefault(row, []).append(place)
    return readings


def _choose(places: Sequence[_Place], told: str, code: str) -> _Place | None:
    """Choose among the readings of a pair; ``None`` when nothing does."""
    named = [place for place in places if place.system == told] or list(places)
    landed = [place for place in named if place.commune]
    # In one system, the order that was typed is the right one as long as it falls on land.
    straight = {place.system for place in landed if not place.turned}
    landed = [place for place in landed if not place.turned or place.system not in straight]
    if len(landed) < 2:
        return (landed or named)[0]
    near = [
        place for place in landed if code and departement_of(place.commune) == departement_of(code)
    ]
    return near[0] if len(near) == 1 else None


def _within(values: _Floats, limits: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return (values >= limits[0]) & (values <= limits[1])
