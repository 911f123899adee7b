"""From a specification to one class per commune: the look-up table that colours every tile."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.quadrants import Crossed, at_main_communes, capacity_of, cross
from territoires.communes import Register
from territoires.communes.levels import LEVELS
from territoires.errors import UnknownDirectory
from territoires.indicators import STATUSES, Indicator, IndicatorTable, format_number
from territoires.initiatives import Directory, KnownDirectories
from territoires.maps.classes import Classes, ClassRules, classify
from territoires.maps.level import Level, level_of
from territoires.maps.limits import shown_decimals
from territoires.maps.quadrants import MapQuadrants, quadrant_classes, quadrant_numbers
from territoires.maps.spec import OUTLINES, MapSpec
from territoires.maps.statuses import status_classes
from territoires.maps.universe import inside_universe
from territoires.needs import NeedIndex, Recipe, index_of
from territoires.territory import PrivateGroups
from territoires.territory.private_group import is_private

NOWHERE, OUTSIDE_UNIVERSE, NO_VALUE, FIRST_CLASS = 0, 1, 2, 3
"""Meaning of the numbers of a look-up table; classes follow from ``FIRST_CLASS``."""

KEPT_COLOURINGS = 200  # 0.3 MB each
KEPT_CROSSINGS = 20  # 1.5 MB each
SCORE_SHOWN = 100.0  # a score from 0 to 1 is read from 0 to 100

Table = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Colouring:
    """The colours of a map, and what its legend says.

    Attributes
    ----------
    spec : MapSpec
        What was asked.
    table : ndarray of uint8, shape (communes + 1,)
        For an identifier of a tile: nowhere, outside the universe, no value, or a class.
    classes : Classes
        Limits, labels, colours, counts: of communes or of groups, as the level says.
    values : Series of float
        Value drawn, by place (commune or group), in the unit of the legend; NaN where missing.
    places : ndarray of int64, shape (communes,)
        Row of each commune in ``values``; −1 for none.
    indicator : Indicator or None
        What is drawn, unless it is an index.
    not_comparable : int
        Places that have a figure which must not be ranked with the others; drawn without colour.
    silent : mapping of str to int
        Places without a figure, by status.
    floors : int
        Places of which only a ceiling is published; drawn as that value.
    crossed : Crossed or None
        For a map of quadrants, need and capacity of each place; ``values`` are then positions in
        ``QUADRANTS``.
    """

    spec: MapSpec
    table: Table
    classes: Classes
    values: pd.Series
    places: npt.NDArray[np.int64]
    indicator: Indicator | None = None
    not_comparable: int = 0
    silent: Mapping[str, int] = field(default_factory=dict)
    floors: int = 0
    crossed: Crossed | None = None


def data_version(register: Register, indicators: IndicatorTable) -> str:
    """Return the version that tile addresses carry: the communes', then the indicators' mark."""
    mark = indicators.version.rpartition("-")[2]
    return f"{register.version}+{mark}" if mark else register.version


class MapColours:
    """Colour any specification, and keep the last ones.

    Parameters
    ----------
    register : Register
        Communes, in the order of the identifiers of the tiles.
    indicators : IndicatorTable
        Values by commune.
    directories : KnownDirectories, optional
        The initiatives that maps of quadrants count; without them, no such map.
    groups : PrivateGroups, optional
        The lists of the visits under way, in which places may be compared.

    Notes
    -----
    Safe to share between threads: when a page asks its twenty tiles at once, one thread works out
    the colours and the others wait for it.
    """

    def __init__(
        self, register: Register, indicators: IndicatorTable,
        directories: KnownDirectories | None = None, groups: PrivateGroups | None = None,
    ) -> None:  # fmt: skip
        self.register = register
        self.indicators = indicators
        self._directories = directories
        self._private = PrivateGroups() if groups is None else groups
        self.version = data_version(register, indicators)
        self._kept: OrderedDict[MapSpec, Colouring] = OrderedDict()
        self._crossings: OrderedDict[MapSpec, Colouring] = OrderedDict()
        self._levels: dict[str, Level] = {}
        self._groups: dict[str, npt.NDArray[np.uint16]] = {}
        self._lock = threading.RLock()

    def colouring(self, spec: MapSpec) -> Colouring:
        """Return the colours of a specification.

        Parameters
        ----------
        spec : MapSpec
            Its version is not looked at: the data here are used.

        Raises
        ------
        InvalidRequest
            Unknown indicator, or one that cannot be ranked; unknown universe; unknown axis, type or
            status of initiatives.
        UnknownDirectory
            The initiatives that a map of quadrants counts are not here.
        UnknownGroup
            The list in which places are compared is not here.
        """
        with self._lock:
            held, most = self._kept, KEPT_COLOURINGS
            if spec.quadrants is not None:
                held, most = self._crossings, KEPT_CROSSINGS
            kept = held.get(spec)
            if kept is None:
                kept = held[spec] = self._colour(spec)
                if len(held) > most:
                    held.popitem(last=False)
            held.move_to_end(spec)
            return kept

    def _colour(self, spec: MapSpec) -> Colouring:
        level = self._level(spec.level)
        if spec.subject == OUTLINES:
            return _outlines(spec, level)
        inside = self.inside(spec.universe)
        rows = np.unique(level.places[inside])
        rows = rows[rows >= 0]
        if isinstance(spec.subject, Recipe):
            return self._colour_index(spec, spec.subject, level, inside, rows)
        indicator = self.indicators.indicator(spec.subject)
        if spec.statuses:
            return self._colour_statuses(spec, indicator, level, inside, rows)
        comparable = level.table.comparable[spec.subject]
        shown = comparable.iloc[rows]
        valued = level.table.values[spec.subject].iloc[rows].notna()
        statuses = level.table.statuses[spec.subject].iloc[rows].astype("str")
        rules = _rules(spec, indicator)
        return _assemble(
            spec, level, inside, classify(shown.to_numpy(), rules), comparable,
            indicator=indicator, not_comparable=int((valued & shown.isna()).sum()),
            silent=statuses[~valued].value_counts().to_dict(),
            floors=int((statuses == "plancher").sum()),
        )  # fmt: skip

    def _colour_statuses(
        self, spec: MapSpec, indicator: Indicator, level: Level,
        inside: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64],
    ) -> Colouring:  # fmt: skip
        column = level.table.statuses[indicator.code]
        codes = pd.Series(
            pd.Categorical(column, categories=list(STATUSES)).codes.astype(float), column.index
        )
        classes = status_classes(codes.iloc[rows].to_numpy())
        return _assemble(spec, level, inside, classes, codes, indicator=indicator)

    def _colour_index(
        self, spec: MapSpec, recipe: Recipe, level: Level,
        inside: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64],
    ) -> Colouring:  # fmt: skip
        comparable = level.table.comparable
        universe = comparable.index if len(rows) == len(comparable) else comparable.index[rows]
        index = index_of(level.table, recipe, universe)
        if spec.quadrants is not None:
            return self._colour_quadrants(spec, spec.quadrants, level, inside, index)
        score = index.score * SCORE_SHOWN
        decimals = shown_decimals(spec.limits, 1)
        rules = ClassRules(
            spec.classes, spec.method, spec.limits, spec.palette, decimals, direction=1,
            write=lambda value: format_number(value, decimals),
        )  # fmt: skip
        classes = classify(score.to_numpy(), rules)
        return _assemble(spec, level, inside, classes, score.reindex(comparable.index))

    def _colour_quadrants(
        self, spec: MapSpec, shown: MapQuadrants, level: Level,
        inside: npt.NDArray[np.bool_], index: NeedIndex,
    ) -> Colouring:  # fmt: skip
        capacity = capacity_of(self.register, self.directory_of(shown), shown.rules)
        column = LEVELS[spec.level].column
        if column:
            communes = self.register.communes
            capacity = at_main_communes(capacity, communes[column], communes["population"])
        crossed = cross(index, capacity, shown.rules)
        numbers = quadrant_numbers(crossed.quadrant)
        classes = quadrant_classes(numbers, shown.rules)
        values = numbers.reindex(level.table.comparable.index)
        return _assemble(spec, level, inside, classes, values, crossed=crossed)

    def directory_of(self, shown: MapQuadrants) -> Directory:
        """Return the initiatives that a map of quadrants counts.

        Raises
        ------
        UnknownDirectory
            They are not here.
        """
        if self._directories is None:
            raise UnknownDirectory("Aucun annuaire d'initiatives n'est ouvert ici.")
        return self._directories.find(shown.directory)

    def is_personal(self, spec: MapSpec) -> bool:
        """Tell whether a map looks at what a person brought, that no other server has."""
        if is_private(spec.universe):
            return True
        if spec.quadrants is None or self._directories is None:
            return False
        return not self._directories.is_shipped(spec.quadrants.directory)

    def inside(self, typed: str) -> npt.NDArray[np.bool_]:
        """Tell which communes a universe holds, as :func:`inside_universe` does."""
        return inside_universe(self.register, self._private, typed)

    def _level(self, name: str) -> Level:
        if name not in self._levels:
            self._levels[name] = level_of(self.register, self.indicators, name)
        return self._levels[name]

    def groups(self, level: str) -> npt.NDArray[np.uint16]:
        """Return the number of the group of each identifier, for the lines between groups.

        Parameters
        ----------
        level : str
            ``epci`` or ``departement``.

        Returns
        -------
        ndarray of uint16, shape (communes + 1,)
            0 for no group.
        """
        if level not in self._groups:
            numbers, _ = pd.factorize(self.register.communes[LEVELS[level].column or ""])
            self._groups[level] = np.concatenate([[0], numbers + 1]).astype(np.uint16)
        return self._groups[level]


def _rules(spec: MapSpec, indicator: Indicator) -> ClassRules:
    decimals = shown_decimals(spec.limits, indicator.decimals)
    return ClassRules(
        count=spec.classes,
        method=spec.method,
        manual=spec.limits,
        palette=spec.palette,
        decimals=decimals,
        modalities=indicator.modalities,
        direction=indicator.direction,
        write=lambda value: format_number(value, decimals),
    )


def _outlines(spec: MapSpec, level: Level) -> Colouring:
    """Draw every place pale, as what is outside a universe is, and without a figure."""
    nothing = pd.Series(np.nan, index=level.table.values.index)
    nobody = np.zeros(len(level.places), dtype=bool)
    return _assemble(spec, level, nobody, classify([], ClassRules()), nothing)


def _assemble(
    spec: MapSpec, level: Level, inside: npt.NDArray[np.bool_], classes: Classes,
    values: pd.Series, **told: Any,
) -> Colouring:  # fmt: skip
    of_place = classes.of(values.to_numpy()) + FIRST_CLASS
    of_place[of_place < FIRST_CLASS] = NO_VALUE
    # Row −1, for communes in no group, reads the last, added one.
    of_commune = np.append(of_place, NO_VALUE)[level.places]
    table = np.zeros(len(of_commune) + 1, dtype=np.uint8)
    table[1:] = np.where(inside, of_commune, OUTSIDE_UNIVERSE)
    table.setflags(write=False)
    return Colouring(
        spec=spec, table=table, classes=classes, values=values, places=level.places, **told
    )
