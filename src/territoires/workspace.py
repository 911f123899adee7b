"""The composition root: what one data folder holds, opened once and shared.

The interface, the routes and the command line all stand on a :class:`Workspace`; nothing below
knows where the files are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from territoires.candidates import Preset, load_presets
from territoires.communes import Register, load_register
from territoires.geocoding import Gazetteer
from territoires.indicators import IndicatorTable, load_indicators
from territoires.initiatives import (
    Directory,
    NeedsObserved,
    Vocabularies,
    load_directory,
    load_needs,
    load_vocabularies,
)
from territoires.manifest import check_manifest
from territoires.maps import IdentifierTiles, MapColours, load_identifier_tiles
from territoires.needs import Recipe, recipes_available
from territoires.settings import Settings

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Workspace:
    """Every part of a data folder, each loaded at first use and kept.

    Attributes
    ----------
    settings : Settings
        Where the data are, and the limits in force.

    Raises
    ------
    DataFileError
        From any property: a file is missing or damaged; the message names it and its remedy.
    """

    settings: Settings
    _parts: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def _part(self, name: str, load: Callable[[], _T]) -> _T:
        # Several browser sessions may ask at once: one of them loads, the others wait.
        if name not in self._parts:
            with self._lock:
                if name not in self._parts:
                    self._check_small_files(name)
                    self._parts[name] = load()
        part: _T = self._parts[name]
        return part

    def _check_small_files(self, part: str) -> None:
        # The register answers for its own files, and a command may need nothing else.
        if part != "register" and "manifest" not in self._parts:
            check_manifest(self.settings.data_dir)
            self._parts["manifest"] = True

    @property
    def register(self) -> Register:
        """The communes, their groups, names and boundaries."""
        return self._part("register", lambda: load_register(self.settings.data_dir))

    @property
    def indicators(self) -> IndicatorTable:
        """Every indicator for every commune."""
        return self._part(
            "indicators", lambda: load_indicators(self.settings.data_dir, self.register)
        )

    def indicators_by(self, level: str) -> IndicatorTable:
        """Every indicator for every place of a level: ``commune``, ``epci`` or ``departement``."""
        if level == "commune":
            return self.indicators
        groups = self.register.communes[f"code_{level}"]
        return self._part(f"indicators.{level}", lambda: self.indicators.for_groups(groups))

    @property
    def vocabularies(self) -> Vocabularies:
        """Codes and labels of axes, types, statuses."""
        return self._part("vocabularies", lambda: load_vocabularies(self.settings.data_dir))

    @property
    def directory(self) -> Directory:
        """The initiatives that are shipped."""
        return self._part(
            "directory",
            lambda: load_directory(self.settings.data_dir, self.register, self.vocabularies),
        )

    @property
    def needs_observed(self) -> NeedsObserved:
        """Unmet needs observed in the field."""
        return self._part("needs", lambda: load_needs(self.settings.data_dir))

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """Index recipes by file name."""
        return self._part("recipes", lambda: recipes_available(self.settings.data_dir))

    @property
    def presets(self) -> Mapping[str, Preset]:
        """Schemes and their dated rules, by file name."""
        return self._part("presets", lambda: load_presets(self.settings.data_dir))

    @property
    def gazetteer(self) -> Gazetteer:
        """All names a commune may answer to."""
        return self._part("gazetteer", lambda: Gazetteer.from_register(self.register))

    @property
    def tiles(self) -> IdentifierTiles:
        """Raster tiles of commune identifiers."""
        return self._part(
            "tiles", lambda: load_identifier_tiles(self.settings.data_dir, self.register)
        )

    @property
    def colours(self) -> MapColours:
        """The colour of every commune for whatever a map may show."""
        return self._part("colours", lambda: MapColours(self.register, self.indicators))

    def check(self) -> None:
        """Load everything, so that a server never starts half.

        Raises
        ------
        DataFileError
            At the first file that is missing or damaged.
        """
        _ = (self.register, self.indicators, self.vocabularies, self.directory)
        _ = (self.needs_observed, self.recipes, self.presets, self.tiles, self.gazetteer)


def open_workspace(settings: Settings) -> Workspace:
    """Open a data folder; nothing is read until it is asked for."""
    return Workspace(settings)
