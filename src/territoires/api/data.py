"""What the routes need of the workspace, which is given to them and never built here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from territoires.communes import Register
from territoires.indicators import IndicatorTable
from territoires.maps import IdentifierTiles, MapColours


class ServedData(Protocol):
    """The parts of a workspace that the routes read.

    Any of them may raise :class:`~territoires.errors.DataFileError` when it is first asked.
    """

    @property
    def register(self) -> Register:
        """The communes."""

    @property
    def indicators(self) -> IndicatorTable:
        """Their figures."""

    @property
    def tiles(self) -> IdentifierTiles:
        """Identifier tiles of the communes."""

    @property
    def colours(self) -> MapColours:
        """Colours of the choropleths."""


GetData = Callable[[], ServedData]
