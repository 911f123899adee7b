"""The composition root: what one data folder holds, opened once and shared.

The interface, the routes and the command line all stand on a :class:`Workspace`; nothing below
knows where the files are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from territoires.candidates import (
    Ground,
    Preset,
    QuadrantRules,
    load_ground,
    load_presets,
    load_quadrant_rules,
)
from territoires.communes import Register, load_register
from territoires.communes.neighbourhoods import no_neighbourhoods, read_neighbourhoods
from territoires.errors import DataFileError
from territoires.geocoding import Gazetteer
from territoires.indicators import IndicatorTable, load_indicators, load_pack
from territoires.initiatives import (
    Directory,
    ExternalCount,
    KnownDirectories,
    NeedsObserved,
    Vocabularies,
    load_directory,
    load_external_counts,
    load_needs,
    load_vocabularies,
)
from territoires.manifest import check_manifest
from territoires.maps import IdentifierTiles, MapColours, load_identifier_tiles
from territoires.needs import Recipe, recipes_available
from territoires.settings import Settings
from territoires.territory import PrivateGroups
from territoires.versions import DataVersion, current_version

_T = TypeVar("_T")
# What does not depend on the official data: kept when a new version of them comes into use.
_LASTING = (
    "manifest", "shipped_register", "vocabularies", "directory", "external_counts", "needs",
    "known_recipes", "presets", "gazetteer", "embedded", "directories", "private_groups",
    "quadrant_rules",
)  # fmt: skip

# In order of preference: the first whose data are here, for most communes, serves a first visit.
PREFERRED_RECIPES = ("besoins_sociaux", "deprise_eloignement")
MOSTLY_FILLED = 0.5

_WITHOUT_SMALL_FILES = ("register", "shipped_register", "official")
_REFERENCES = "references"
_FINER_OUTLINES = f"{_REFERENCES}/contours.parquet"


@dataclass(frozen=True, eq=False)
class Official:
    """The official data in use.

    Attributes
    ----------
    version : DataVersion or None
        ``None`` when the embedded pack serves alone.
    table : IndicatorTable or None
        Its indicators; ``None`` when it has none.
    neighbourhoods : DataFrame
        Priority neighbourhoods, as ``read_neighbourhoods`` lays them out; empty when it has none.
    problem : str
        French: why the version that is named does not serve; empty when nothing is wrong.
    """

    version: DataVersion | None = None
    table: IndicatorTable | None = None
    neighbourhoods: pd.DataFrame = field(default_factory=no_neighbourhoods)
    problem: str = ""


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
        if part not in _WITHOUT_SMALL_FILES and "manifest" not in self._parts:
            check_manifest(self.settings.data_dir)
            self._parts["manifest"] = True

    @property
    def shipped_register(self) -> Register:
        """The communes, with the boundaries that are shipped."""
        return self._part("shipped_register", lambda: load_register(self.settings.data_dir))

    @property
    def register(self) -> Register:
        """The communes, their groups, names, neighbourhoods, and the finest boundaries."""
        return self._part("register", self._finest_register)

    def _finest_register(self) -> Register:
        register, version = self.shipped_register, self.data_version
        if version is None:
            return register
        if len(self.official.neighbourhoods):
            register = register.with_neighbourhoods(self.official.neighbourhoods)
        finer = version.folder / _FINER_OUTLINES
        if not finer.is_file():
            return register
        return register.with_outlines(finer, version.identifier.rpartition("-")[2])

    @property
    def embedded(self) -> IndicatorTable:
        """The indicators that are shipped, for every commune."""
        return self._part(
            "embedded", lambda: load_indicators(self.settings.data_dir, self.shipped_register)
        )

    @property
    def official(self) -> Official:
        """The official data in use; a version that is damaged is said, and does not serve."""
        return self._part("official", lambda: _open_official(self.settings, self.shipped_register))

    @property
    def data_version(self) -> DataVersion | None:
        """The version of the official data in use, if any."""
        return self.official.version

    @property
    def indicators(self) -> IndicatorTable:
        """Every indicator for every commune: the embedded ones, then the official ones."""
        return self._part("indicators", self._join_packs)

    def _join_packs(self) -> IndicatorTable:
        official = self.official.table
        return self.embedded if official is None else self.embedded.joined(official)

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
    def directories(self) -> KnownDirectories:
        """The directories that an address may count: the shipped one, and those of the visits."""
        return self._part("directories", lambda: KnownDirectories(lambda: self.directory))

    @property
    def private_groups(self) -> PrivateGroups:
        """The lists of communes that the visits under way brought."""
        return self._part("private_groups", PrivateGroups)

    @property
    def external_counts(self) -> tuple[ExternalCount, ...]:
        """How many initiatives others have counted, by type, where somebody has."""
        return self._part("external_counts", lambda: load_external_counts(self.settings.data_dir))

    @property
    def needs_observed(self) -> NeedsObserved:
        """Unmet needs observed in the field."""
        return self._part("needs", lambda: load_needs(self.settings.data_dir))

    @property
    def known_recipes(self) -> Mapping[str, Recipe]:
        """Every index recipe that is shipped, by file name, whether its data are here or not."""
        return self._part("known_recipes", lambda: recipes_available(self.settings.data_dir))

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """The recipes whose indicators are all here and verified, by file name."""
        waiting = self.waiting_recipes
        return {name: one for name, one in self.known_recipes.items() if name not in waiting}

    @property
    def waiting_recipes(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the indicators that are missing, by recipe that waits for them.

        A figure read of a form that no real file has verified is not enough for what is shipped.
        """
        here = {code for code, one in self.indicators.catalogue.items() if one.verified}
        missing = {
            name: tuple(item.code for item in recipe.items if item.code not in here)
            for name, recipe in self.known_recipes.items()
        }
        return {name: codes for name, codes in missing.items() if codes}

    @property
    def default_recipe(self) -> str:
        """The preferred recipe that the data in use fill for most communes, else the first one."""
        recipes = self.recipes
        for name in PREFERRED_RECIPES:
            if name in recipes and self._is_filled(recipes[name]):
                return name
        return next(iter(recipes))

    def _is_filled(self, recipe: Recipe) -> bool:
        """Whether most communes have what a recipe asks, an extract of a département having not."""
        known = self.indicators.comparable[list(recipe.codes)].notna().mean()
        share = sum(
            float(known[code]) * weight
            for code, weight in zip(recipe.codes, recipe.weights, strict=True)
        )
        return bool(share > MOSTLY_FILLED)

    @property
    def presets(self) -> Mapping[str, Preset]:
        """Schemes and their dated rules, by file name."""
        return self._part("presets", lambda: load_presets(self.settings.data_dir))

    @property
    def quadrant_rules(self) -> QuadrantRules:
        """Where need and capacity part, until a person says otherwise."""
        return self._part("quadrant_rules", lambda: load_quadrant_rules(self.settings.data_dir))

    @property
    def ground(self) -> Ground:
        """What groups of communes grow on: who touches whom, how hard to search."""
        return self._part("ground", lambda: load_ground(self.settings.data_dir, self.register))

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
        return self._part("colours", self._make_colours)

    def _make_colours(self) -> MapColours:
        return MapColours(self.register, self.indicators, self.directories, self.private_groups)

    def renewed(self) -> Workspace:
        """Return a workspace that reads the official data again, and keeps all the rest."""
        with self._lock:
            kept = {name: self._parts[name] for name in _LASTING if name in self._parts}
        return Workspace(self.settings, kept)

    def check(self) -> None:
        """Load everything, so that a server never starts half.

        Raises
        ------
        DataFileError
            At the first file that is missing or damaged.
        """
        _ = (self.register, self.indicators, self.vocabularies, self.directory)
        _ = (self.needs_observed, self.recipes, self.presets, self.tiles, self.gazetteer)
        _ = self.quadrant_rules


def _open_official(settings: Settings, register: Register) -> Official:
    try:
        version = current_version(settings.user_data_dir)
        if version is None:
            return Official()
        made_for = version.document.get("registre")
        if made_for != register.version:
            problem = (
                f"La version {version.identifier} des données officielles a été faite pour les "
                f"communes {made_for} ; celles d'ici sont {register.version}. Refaites-la : "
                "territoires actualiser"
            )
            return Official(problem=problem)
        folder = version.folder / "indicateurs"
        table = load_pack(folder, register) if (folder / "catalogue.toml").is_file() else None
        return Official(version, table, read_neighbourhoods(version.folder / _REFERENCES))
    except DataFileError as error:
        # The embedded pack serves: a damaged download must not close the application.
        return Official(problem=str(error))


def open_workspace(settings: Settings) -> Workspace:
    """Open a data folder; nothing is read until it is asked for."""
    return Workspace(settings)
