"""What a search computes once and every rule, list and explanation reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.counted import counted
from territoires.candidates.query import ALL_FRANCE, CandidateQuery
from territoires.candidates.wording import NOUNS, Noun
from territoires.communes import Register
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.indicators import Indicator, IndicatorTable, percent_ranks
from territoires.initiatives import Directory, count_within, nearest
from territoires.initiatives.schema import split_list
from territoires.needs import NeedIndex, index_of
from territoires.territory import Territoire, territory_from_code

BoolArray = npt.NDArray[np.bool_]
DESCRIPTION = ("nom", "code_departement", "code_region", "code_epci", "population")
NEIGHBOURHOOD = "quartier"
"""Perimeter, in the vocabulary, of an initiative that is inside the communes it names."""
_WIDER_PLACES = {"departement": " départements", "zone_emploi": " zones d'emploi"}


@dataclass(frozen=True, eq=False)
class DrawBasis:
    """The table on which candidates are ranked again and again.

    Attributes
    ----------
    table : IndicatorTable
        Its places are scored in each draw.
    universe : Index of str
        Those in which the scales are made.
    members : callable
        Candidate → its places in the table.
    """

    table: IndicatorTable
    universe: pd.Index
    members: Callable[[str], Sequence[str]]


@dataclass(frozen=True, eq=False)
class SearchContext:
    """A query met with the data; each part computed at first use, over all communes.

    Attributes
    ----------
    register, indicators, directory : Register, IndicatorTable, Directory
        The data.
    query : CandidateQuery
        What is asked.
    """

    register: Register
    indicators: IndicatorTable
    directory: Directory
    query: CandidateQuery

    @property
    def noun(self) -> Noun:
        """What the places are called."""
        return NOUNS["commune"]

    @property
    def places(self) -> pd.Index:
        """Codes of all communes: the index of everything below."""
        return self.register.communes.index

    def name_of(self, place: str) -> str:
        """Name a place of this context with its code and département."""
        row = self.register.communes.loc[place]
        departement = self.register.name_of("departement", str(row["code_departement"]))
        return f"{row['nom']} ({place}, {departement})"

    def territory(self, place: str) -> Territoire:
        """Return a place of this context as a territory."""
        return territory_from_code(self.register, f"com:{place}")

    @property
    def reference_count(self) -> int:
        """Places ranked in the reference of the scores."""
        return self.index.count

    @property
    def among(self) -> str:
        """What a rank counts, after it: nothing for communes compared with communes."""
        return ""

    def counted(self, indicator: Indicator) -> str:
        """Name what the rank of a figure counts, after it: the places of :meth:`compared`."""
        return _WIDER_PLACES.get(indicator.level, self.among)

    def spread(self, indicator: Indicator, place: str) -> tuple[float, float]:
        """Return the least and the greatest figure of the communes of a place; NaN if unknown."""
        value = float(self.indicators.comparable[indicator.code][place])
        return value, value

    def compared(self, indicator: Indicator) -> pd.Series:
        """Return the figures that one of a place is ranked with: one per place that has its own.

        Index: the places of the reference, or their départements; float, NaN where missing.
        """
        values = self.indicators.comparable[indicator.code].reindex(self.index.score.index)
        if indicator.level == "departement":
            departement = self.register.communes["code_departement"].reindex(values.index)
            return values.groupby(departement).first()
        # A wider place gives one figure, that all its communes carry.
        return values.drop_duplicates() if indicator.is_wider else values

    def described(self, places: pd.Index) -> pd.DataFrame:
        """Return name, where and inhabitants of places: index ``places``, ``DESCRIPTION``."""
        return self.register.communes.loc[places, list(DESCRIPTION)].copy()

    @cached_property
    def in_universe(self) -> BoolArray:
        """Communes held by one of the territories of the query.

        Raises
        ------
        InvalidRequest
            A typed code is unknown.
        """
        if self.query.universe == ALL_FRANCE:
            return np.ones(len(self.places), dtype=bool)
        inside = np.zeros(len(self.places), dtype=bool)
        for code in self.query.universe:
            inside |= self._mask(self._communes_of(code, "où chercher"))
        return inside

    @cached_property
    def in_members(self) -> BoolArray:
        """Communes of the member list; all of them without a list.

        Raises
        ------
        InvalidRequest
            A code of the list is not that of a commune.
        """
        if self.query.members is None:
            return np.ones(len(self.places), dtype=bool)
        unknown = [code for code in self.query.members if code not in self.places]
        if unknown:
            shown = ", ".join(code[:20] for code in unknown[:5])
            message = f"Liste d'adhérents : code de commune inconnu : {shown}."
            raise InvalidRequest(message)
        return self._mask(self.query.members)

    @cached_property
    def population(self) -> pd.Series:
        """Inhabitants as floats; NaN where unknown."""
        return self.register.communes["population"].astype("float64")

    @cached_property
    def index(self) -> NeedIndex:
        """The index of needs over the reference of the query."""
        if self.query.reference == "france":
            return index_of(self.indicators, self.query.recipe)
        universe = self.places[self.in_universe & self.in_members]
        return index_of(self.indicators, self.query.recipe, universe)

    @property
    def draw_basis(self) -> DrawBasis:
        """What the rank intervals of these places are drawn on: their own table."""
        return DrawBasis(self.indicators, self.index.score.index, lambda place: (place,))

    @cached_property
    def chosen(self) -> Directory:
        """Initiatives of the chosen types and statuses, located or not.

        Raises
        ------
        InvalidRequest
            A type or a status is not in the vocabularies.
        """
        return counted(
            self.directory,
            types=self.query.initiative_types,
            statuses=self.query.initiative_statuses,
        )

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """Nearest chosen initiative: index as ``places``, ``id``, ``distance_km`` (NaN: none)."""
        return nearest(self.register, self.chosen, self.places.tolist()).set_axis(self.places)

    @cached_property
    def covering(self) -> dict[str, str]:
        """Identifier of a chosen initiative whose perimeter holds the commune, by commune."""
        covering: dict[str, str] = {}
        for identifier, cell in self.chosen.frame["communes_resolues"].items():
            for code in split_list(cell):
                covering.setdefault(code, str(identifier))
        return covering

    @cached_property
    def is_covered(self) -> BoolArray:
        """Communes in the perimeter of a chosen initiative, wholly or in part."""
        return np.asarray(self.places.isin(list(self.covering)), dtype=bool)

    @cached_property
    def is_covered_in_part(self) -> BoolArray:
        """Communes in which the chosen initiatives have no more than neighbourhoods."""
        frame = self.chosen.frame
        wider = frame.loc[frame["perimetre"] != NEIGHBOURHOOD, "communes_resolues"]
        wholly = {code for cell in wider for code in split_list(cell)}
        return np.asarray(self.is_covered & ~self.places.isin(list(wholly)), dtype=bool)

    @cached_property
    def is_excluded(self) -> BoolArray:
        """Communes that the query leaves out by name.

        Raises
        ------
        InvalidRequest
            A typed code is unknown.
        """
        inside = np.zeros(len(self.places), dtype=bool)
        for code in self.query.excluded:
            inside |= self._mask(self._communes_of(code, "à exclure"))
        return inside

    @cached_property
    def reaches(self) -> tuple[BoolArray, ...]:
        """For each threshold of the query, the communes that reach it; unknown does not.

        Raises
        ------
        InvalidRequest
            An indicator is unknown.
        """
        return tuple(self._reaches(threshold) for threshold in self.query.thresholds)

    def _reaches(self, threshold: NeedThreshold) -> BoolArray:
        indicator = self.indicators.indicator(threshold.indicator)
        values = self.indicators.comparable[indicator.code].to_numpy(dtype=float)
        if threshold.percentile is not None:
            need = values * (-1.0 if indicator.direction < 0 else 1.0)
            return np.asarray(percent_ranks(need) * 100.0 >= threshold.percentile, dtype=bool)
        least = -np.inf if threshold.at_least is None else threshold.at_least
        most = np.inf if threshold.at_most is None else threshold.at_most
        return np.asarray((values >= least) & (values <= most), dtype=bool)

    @cached_property
    def around(self) -> tuple[pd.Series, ...]:
        """For each capacity condition, the initiatives within its distance, by commune (int).

        Raises
        ------
        InvalidRequest
            An axis, a type or a status is not in the vocabularies.
        """
        return tuple(self.count_around(condition) for condition in self.query.capacities)

    def count_around(self, condition: CapacityCondition) -> pd.Series:
        """Count the initiatives of a condition within its distance of each place (int)."""
        chosen = counted(
            self.directory,
            axes=condition.axes,
            types=condition.types,
            statuses=condition.statuses,
        )
        return count_within(self.register, chosen, self.places.tolist(), condition.within_km)

    def at_reference_points(self, of_communes: pd.Series) -> pd.Series:
        """Carry a measure of all communes to these places, each measured where distances are."""
        return of_communes

    def _communes_of(self, code: str, use: str) -> Sequence[str]:
        try:
            return territory_from_code(self.register, code).communes
        except UnknownTerritory as error:
            message = f"Territoire {use} inconnu : {error}"
            raise InvalidRequest(message) from error

    def _mask(self, codes: Sequence[str]) -> BoolArray:
        mask = np.zeros(len(self.places), dtype=bool)
        mask[self.register.positions(codes)] = True
        return mask
