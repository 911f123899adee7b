"""What sheets are written from: the data, the recipe, and what is computed once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import quote

from territoires import __version__
from territoires.candidates.wording import format_date
from territoires.communes import Register
from territoires.exports.sheets.content import Imprint
from territoires.indicators import IndicatorTable
from territoires.initiatives import Directory, NeedsObserved
from territoires.needs import NeedIndex, Recipe, Robustness, index_of
from territoires.territory import Territoire
from territoires.territory.levels import AMONG

_TOO_WIDE = ("region", "pays")
NEAR_KM = 30.0


def among(place: Territoire) -> str:
    """Say whom a territory is ranked with; a group, with the communes; empty: with nobody."""
    return AMONG.get(place.niveau, "" if place.niveau in _TOO_WIDE else AMONG["commune"])


@dataclass(frozen=True, eq=False)
class SheetSource:
    """What sheets are written from.

    Attributes
    ----------
    register : Register
        The communes.
    indicators_by : callable
        Level (one of :data:`~territoires.territory.levels.AMONG`) → its table of indicators.
    directory : Directory
        The initiatives that may be shown.
    needs_observed : NeedsObserved
        Of the field.
    recipe : Recipe or None
        How needs are read; ``None`` for sheets without an index.
    version : str
        Of the data.
    produced_on : datetime.date
        Today, which this package does not know.
    robustness : mapping of str to Robustness
        By level, the draws that are at hand: intervals of the ranks.
    intervals : mapping of str to (int, int)
        By typed code, those that were drawn for single territories: ``with_drawn_intervals``.
    address : str
        Where the application answers, ``https://…``; empty when nowhere that a reader may go.
    near_km : float
        How far « around » goes, straight line.
    """

    register: Register
    indicators_by: Callable[[str], IndicatorTable]
    directory: Directory
    needs_observed: NeedsObserved
    recipe: Recipe | None
    version: str
    produced_on: date
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    intervals: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    address: str = ""
    near_km: float = NEAR_KM
    _indices: dict[str, NeedIndex] = field(default_factory=dict, repr=False)

    @property
    def indicators(self) -> IndicatorTable:
        """Those of communes."""
        return self.indicators_by("commune")

    def index(self, level: str) -> NeedIndex | None:
        """Return the index of all places of a level, computed once; ``None`` without a recipe.

        Raises
        ------
        InvalidRequest
            The recipe does not apply to these data.
        """
        if self.recipe is None:
            return None
        if level in self.robustness:
            return self.robustness[level].index
        if level not in self._indices:
            self._indices[level] = index_of(self.indicators_by(level), self.recipe)
        return self._indices[level]

    def imprint(self, place: Territoire | None = None) -> Imprint:
        """Return what makes a sheet possible to make again."""
        link = ""
        if self.address and place is not None:
            # The map is the page without a name: « /carte » would not be found.
            link = f"{self.address.rstrip('/')}/?lieu={quote(place.code, safe=':')}"
        return Imprint(self.produced_words, f"Données {self.version}", link)

    @cached_property
    def produced_words(self) -> str:
        """Day, program and version, in French."""
        return f"Produite le {format_date(self.produced_on)} par Territoires {__version__}"
