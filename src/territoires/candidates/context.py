"""What a search computes once and every rule, list and explanation reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.query import ALL_FRANCE, CandidateQuery
from territoires.communes import Register
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.indicators import IndicatorTable
from territoires.initiatives import Directory, nearest
from territoires.initiatives.schema import split_list
from territoires.needs import NeedIndex, index_of
from territoires.territory import territory_from_code

BoolArray = npt.NDArray[np.bool_]


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
    def places(self) -> pd.Index:
        """Codes of all communes: the index of everything below."""
        return self.register.communes.index

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
            inside |= self._mask(self._communes_of(code))
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

    @cached_property
    def chosen(self) -> Directory:
        """Initiatives of the chosen types and statuses, located or not.

        Raises
        ------
        InvalidRequest
            A type or a status is not in the vocabularies.
        """
        words = self.directory.vocabularies
        _refuse_unknown("Type d'initiative", self.query.initiative_types, words.types.codes)
        _refuse_unknown("Statut d'initiative", self.query.initiative_statuses, words.statuses.codes)
        return self.directory.filter(
            types=self.query.initiative_types or None,
            statuses=self.query.initiative_statuses or None,
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

    def _communes_of(self, code: str) -> Sequence[str]:
        try:
            return territory_from_code(self.register, code).communes
        except UnknownTerritory as error:
            message = f"Territoire où chercher inconnu : {error}"
            raise InvalidRequest(message) from error

    def _mask(self, codes: Sequence[str]) -> BoolArray:
        mask = np.zeros(len(self.places), dtype=bool)
        mask[self.register.positions(codes)] = True
        return mask


def _refuse_unknown(what: str, codes: Sequence[str], known: Sequence[str]) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown:
        message = f"{what} inconnu : {unknown[0]!s:.40}. Choix : {', '.join(known)}."
        raise InvalidRequest(message)
