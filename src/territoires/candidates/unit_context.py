"""The same search over larger places: EPCI, or groups of communes that were found.

A larger place answers through its communes: its people are theirs together, its figures are their
sums (:meth:`IndicatorTable.for_groups`), and distances are measured from its most populous commune.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.conditions import CapacityCondition
from territoires.candidates.context import DESCRIPTION, BoolArray, SearchContext
from territoires.candidates.wording import NOUNS, Noun, plural
from territoires.communes import Register
from territoires.indicators import Indicator, IndicatorTable
from territoires.territory import Territoire, territory_from_code

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Units:
    """Larger places, and their communes.

    Attributes
    ----------
    territories : tuple of Territoire
        Whole communes, by rising code; their codes are the index of everything.
    """

    territories: tuple[Territoire, ...]

    @classmethod
    def of(cls, territories: Iterable[Territoire]) -> Units:
        """Put places by rising code, as a table of their figures is."""
        return cls(tuple(sorted(territories, key=lambda one: one.code)))

    @cached_property
    def codes(self) -> pd.Index:
        """Typed codes, in order."""
        return pd.Index([one.code for one in self.territories], dtype="str")

    @cached_property
    def groups(self) -> pd.Series:
        """Typed code of the place (value) of each commune (index), once a place that holds it."""
        pairs = [(commune, one.code) for one in self.territories for commune in one.communes]
        return pd.Series([c for _, c in pairs], index=[c for c, _ in pairs], dtype="str")

    def positions(self, register: Register) -> list[IntArray]:
        """Return the rows of the communes of each place in the register."""
        return [register.positions(one.communes) for one in self.territories]

    def seats(self, register: Register) -> IntArray:
        """Return the row of the most populous commune of each place, from which one measures."""
        return np.array([register.main_row(rows) for rows in self.positions(register)])


@dataclass(frozen=True, eq=False)
class UnitContext(SearchContext):
    """A query met with places larger than a commune.

    Attributes
    ----------
    register, directory, query
        As :class:`SearchContext`.
    indicators : IndicatorTable
        Of these places.
    units : Units
        The places.
    communes : SearchContext
        The same query over communes.
    """

    units: Units = field(kw_only=True)
    communes: SearchContext = field(kw_only=True)

    @classmethod
    def over(cls, communes: SearchContext, units: Units, table: IndicatorTable) -> Self:
        """Carry the query of a context over communes to larger places.

        Parameters
        ----------
        communes : SearchContext
            The query over communes.
        units : Units
            The places.
        table : IndicatorTable
            Their figures, indexed by typed code.
        """
        return cls(
            communes.register, table, communes.directory, communes.query,
            units=units, communes=communes,
        )  # fmt: skip

    @property
    def noun(self) -> Noun:
        """What the places are called."""
        return NOUNS[self.query.unit]

    @property
    def among(self) -> str:
        """What a rank counts, after it."""
        return f" {self.noun.plural}"

    @property
    def places(self) -> pd.Index:
        """Typed codes of the places."""
        return self.units.codes

    @cached_property
    def _rows(self) -> list[IntArray]:
        return self.units.positions(self.register)

    @cached_property
    def _seats(self) -> IntArray:
        return self.units.seats(self.register)

    @cached_property
    def _by_code(self) -> dict[str, Territoire]:
        return {one.code: one for one in self.units.territories}

    def territory(self, place: str) -> Territoire:
        """Return a place of this context as a territory."""
        return self._by_code[place]

    def name_of(self, place: str) -> str:
        """Name a place with its communes counted and the département of its main one."""
        one = self._by_code[place]
        communes = plural(len(one.communes), "commune", "communes")
        seat = self.register.communes.iloc[self._seats[self.places.get_loc(place)]]
        departement = self.register.name_of("departement", str(seat["code_departement"]))
        return f"{one.nom} ({departement}, {communes})"

    def described(self, places: pd.Index) -> pd.DataFrame:
        """Return name, where its main commune is, and inhabitants: ``DESCRIPTION``."""
        at = self.places.get_indexer(places)
        frame = self.register.communes.iloc[self._seats[at]][list(DESCRIPTION)].copy()
        frame.index = places
        frame["nom"] = [self._by_code[place].nom for place in places]
        frame["population"] = self.population.reindex(places).astype("Int64")
        return frame

    @cached_property
    def population(self) -> pd.Series:
        """Inhabitants as floats; NaN where unknown."""
        known = [one.population for one in self.units.territories]
        return pd.Series([np.nan if n is None else float(n) for n in known], index=self.places)

    @cached_property
    def in_universe(self) -> BoolArray:
        """Places whose main commune is in the universe of the query."""
        return self.communes.in_universe[self._seats]

    @cached_property
    def in_members(self) -> BoolArray:
        """Places that hold a commune of the member list."""
        return self._any(self.communes.in_members)

    @cached_property
    def is_excluded(self) -> BoolArray:
        """Places that hold a commune the query leaves out."""
        return self._any(self.communes.is_excluded)

    @cached_property
    def covering(self) -> dict[str, str]:
        """Identifier of a chosen initiative whose perimeter holds one of the communes, by place."""
        held = self.communes.covering
        return {
            one.code: next(held[commune] for commune in one.communes if commune in held)
            for one in self.units.territories
            if any(commune in held for commune in one.communes)
        }

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """Nearest chosen initiative from the main commune: ``id``, ``distance_km``."""
        return self.communes.nearest.iloc[self._seats].set_axis(self.places)

    def compared(self, indicator: Indicator) -> pd.Series:
        """Return the figures that one of a place is ranked with: those of the same level."""
        return self.indicators.comparable[indicator.code]

    def spread(self, indicator: Indicator, place: str) -> tuple[float, float]:
        """Return the least and the greatest figure of the communes of a place; NaN if unknown."""
        figures = self.communes.indicators.comparable[indicator.code]
        inside = figures[list(self._by_code[place].communes)]
        return float(inside.min()), float(inside.max())

    def counted(self, _indicator: Indicator) -> str:
        """Name what the rank of a figure counts: a place has its own, whoever publishes it."""
        return self.among

    def count_around(self, condition: CapacityCondition) -> pd.Series:
        """Count the initiatives of a condition within its distance of each main commune (int)."""
        return self.at_reference_points(self.communes.count_around(condition))

    def at_reference_points(self, of_communes: pd.Series) -> pd.Series:
        """Carry a measure of all communes to these places: that of the main commune of each."""
        return of_communes.iloc[self._seats].set_axis(self.places)

    def _any(self, communes: BoolArray) -> BoolArray:
        return np.array([bool(communes[rows].any()) for rows in self._rows], dtype=bool)


def epci_units(register: Register) -> Units:
    """Return every EPCI as a place, by rising code."""
    return Units.of(territory_from_code(register, f"epci:{code}") for code in register.epci.index)
