"""What a choropleth shows, and its address: each tile says all of it, so any server can answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from territoires.communes.levels import LEVELS
from territoires.errors import InvalidRequest
from territoires.maps.limits import (
    DEFAULT_CLASSES,
    MANUAL,
    MAX_CLASSES,
    METHODS,
    MIN_CLASSES,
    check_manual,
)
from territoires.maps.palettes import palette_named
from territoires.maps.quadrants import (
    QUADRANT_FIELDS,
    MapQuadrants,
    quadrants_from_fields,
    quadrants_to_fields,
)
from territoires.needs import Recipe
from territoires.needs.recipe_address import (
    MAX_ITEMS,
    MAX_WEIGHT,
    RECIPE_FIELDS,
    bare,
    read_number,
    recipe_from_fields,
    recipe_to_fields,
    write_number,
)
from territoires.territory.private_group import is_private
from territoires.territory.zone import ZONE_PREFIX, zone_from_code

GROUP_LEVELS = ("commune", "epci", "departement")
QUADRANT_LEVELS = ("commune", "epci")
"""What has a place from which initiatives are within reach or not; a département is too wide."""
FRANCE = "pays:FR"

OUTLINES = "contours"
"""In place of an indicator: outlines alone, on which points are read."""

STYLE = "4"
"""Changes with the drawing itself, since browsers keep tiles for good."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,79}")
_UNIVERSE = re.compile(r"[a-z]{3,5}:[0-9A-Z]{1,12}")
_VERSION = re.compile(r"[0-9A-Za-z._+-]{0,80}")
_KNOWN = (RECIPE_FIELDS - {"nom"}) | QUADRANT_FIELDS | {
    "indicateur", "niveau", "univers", "classes", "methode", "limites", "palette",
    "montre", "v", "style",
}  # fmt: skip
_STATUSES_SHOWN, _QUADRANTS_SHOWN = "statuts", "quadrants"


@dataclass(frozen=True)
class MapSpec:
    """All that decides the colours of a choropleth, and nothing else.

    Attributes
    ----------
    subject : str or Recipe
        Code of an indicator, :data:`OUTLINES`, or an index. A recipe is kept without its texts.
    level : str
        Whose values are drawn: ``commune``, ``epci`` or ``departement``.
    universe : str
        Typed code of the territory compared (``pays:FR``, ``reg:76``, ``zone:…``, ``prive:…`` for
        a list that only its owner's visit knows): limits of the classes and scores are those of
        this universe, and the rest of France is left pale.
    classes : int
        Classes wanted.
    method : str
        How they are cut: a key of ``METHODS``.
    limits : tuple of float
        For the method ``manuelles``: interior limits, increasing.
    quadrants : MapQuadrants or None
        Draw the index crossed with the initiatives within reach, in place of the index alone.
    palette : str
        Code of a palette; empty for the one that suits the values.
    statuses : bool
        Draw whether there is a figure, and why not, in place of the figure.
    version : str
        Version of the data (``data_version``).

    Raises
    ------
    InvalidRequest
        A field is out of range.
    """

    subject: str | Recipe
    level: str = "commune"
    universe: str = FRANCE
    classes: int = DEFAULT_CLASSES
    method: str = "quantiles"
    palette: str = ""
    version: str = ""
    statuses: bool = False
    limits: tuple[float, ...] = ()
    quadrants: MapQuadrants | None = None

    def __post_init__(self) -> None:
        if self.statuses and isinstance(self.subject, Recipe):
            _refuse("montre", _STATUSES_SHOWN, "un indice n'a pas de statut")
        if isinstance(self.subject, Recipe):
            _check_recipe(self.subject)
        elif not _CODE.fullmatch(self.subject):
            _refuse("indicateur", self.subject, "un code d'indicateur est attendu")
        if self.quadrants is not None:
            self._check_quadrants()
        if self.level not in GROUP_LEVELS:
            _refuse("niveau", self.level, f"choix : {', '.join(GROUP_LEVELS)}")
        _check_universe(self.universe)
        self._check_classes()
        if self.palette:
            palette_named(self.palette)
        if not _VERSION.fullmatch(self.version):
            _refuse("v", self.version, "une version de données est attendue")

    def _check_quadrants(self) -> None:
        if not isinstance(self.subject, Recipe):
            _refuse("montre", _QUADRANTS_SHOWN, "un indice est à croiser, pas un indicateur")
        if self.level not in QUADRANT_LEVELS:
            _refuse("niveau", self.level, f"pour des quadrants : {', '.join(QUADRANT_LEVELS)}")
        if self.palette or self.limits:
            _refuse("montre", _QUADRANTS_SHOWN, "les quadrants ont leurs couleurs et leurs limites")

    def _check_classes(self) -> None:
        if not MIN_CLASSES <= self.classes <= MAX_CLASSES:
            _refuse("classes", self.classes, f"de {MIN_CLASSES} à {MAX_CLASSES}")
        if self.method not in METHODS:
            _refuse("methode", self.method, f"choix : {', '.join(METHODS)}")
        if bool(self.limits) != (self.method == MANUAL):
            _refuse("limites", len(self.limits), f"elles vont avec la méthode « {MANUAL} »")
        if self.limits and check_manual(self.limits) != self.limits:
            _refuse("limites", self.limits, "des nombres croissants sont attendus")

    @classmethod
    def for_indicator(
        cls, code: str, *, level: str = "commune", universe: str = FRANCE, version: str = ""
    ) -> MapSpec:
        """Map one indicator, with the usual classes."""
        return cls(code, level=level, universe=universe, version=version)

    @classmethod
    def for_statuses(cls, code: str, *, version: str = "") -> MapSpec:
        """Map where one indicator has a figure, and why not elsewhere."""
        return cls(code, version=version, statuses=True)

    @classmethod
    def for_outlines(cls, *, level: str = "commune", version: str = "") -> MapSpec:
        """Map the outlines of places, without any figure."""
        return cls(OUTLINES, level=level, version=version)

    @classmethod
    def for_recipe(
        cls, recipe: Recipe, *, level: str = "commune", universe: str = FRANCE, version: str = ""
    ) -> MapSpec:
        """Map an index; its name and texts stay out of the address."""
        return cls(bare(recipe), level=level, universe=universe, version=version)

    @classmethod
    def for_quadrants(
        cls, recipe: Recipe, quadrants: MapQuadrants, *,
        level: str = "commune", universe: str = FRANCE, version: str = "",
    ) -> MapSpec:  # fmt: skip
        """Map an index crossed with the initiatives within reach."""
        return cls(bare(recipe), level, universe, version=version, quadrants=quadrants)


def _check_recipe(recipe: Recipe) -> None:
    if recipe != bare(recipe):
        _refuse("recette", recipe.name, "utilisez MapSpec.for_recipe")
    if len(recipe.items) > MAX_ITEMS:
        _refuse("recette", len(recipe.items), f"au plus {MAX_ITEMS} indicateurs")
    for item in recipe.items:
        if not _CODE.fullmatch(item.code):
            _refuse("recette", item.code, "un code d'indicateur est attendu")
    weights = [item.weight for item in recipe.items] + [one.weight for one in recipe.dimensions]
    heaviest = max(weights)
    if heaviest > MAX_WEIGHT:
        _refuse("recette", heaviest, f"un poids d'au plus {MAX_WEIGHT:.0f}")


def _check_universe(universe: str) -> None:
    prefix = universe.partition(":")[0]
    if prefix == ZONE_PREFIX:
        if zone_from_code(universe).code != universe:  # one address for one map
            _refuse("univers", universe, "une zone écrite autrement que par sa page")
        return
    if is_private(universe):
        return
    known = [level.prefix for level in LEVELS.values() if level.name != "commune"]
    if not _UNIVERSE.fullmatch(universe) or prefix not in known:
        _refuse("univers", universe, f"un code précédé de {', '.join(f'{p}:' for p in known)}")


# To and from an address


def spec_to_query(spec: MapSpec) -> str:
    """Write a specification as the query of an address, in one way only, so that it caches."""
    recipe = spec.subject if isinstance(spec.subject, Recipe) else None
    fields: dict[str, str] = {}
    if recipe is None:
        fields["indicateur"] = str(spec.subject)
    else:
        fields |= recipe_to_fields(recipe)
    fields |= {"niveau": spec.level, "univers": spec.universe, "classes": str(spec.classes)}
    fields["methode"] = spec.method
    if spec.limits:
        fields["limites"] = ",".join(map(write_number, spec.limits))
    if spec.palette:
        fields["palette"] = spec.palette
    if spec.statuses:
        fields["montre"] = _STATUSES_SHOWN
    if spec.quadrants is not None:
        fields |= {"montre": _QUADRANTS_SHOWN, **quadrants_to_fields(spec.quadrants)}
    return urlencode({**fields, "v": spec.version, "style": STYLE}, safe=":,")


def spec_from_query(pairs: Sequence[tuple[str, str]]) -> MapSpec:
    """Read a specification from the query of an address.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Decoded names and values.

    Raises
    ------
    InvalidRequest
        A parameter is unknown, given twice, missing or out of range.
    """
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name not in _KNOWN:
            _refuse("Paramètre", name, "inconnu")
        if name in fields:
            _refuse(name, value, "donné deux fois")
        fields[name] = value
    shown = _shown(fields)
    return MapSpec(
        subject=_subject(fields),
        level=fields.get("niveau", "commune"),
        universe=fields.get("univers", FRANCE),
        classes=_whole(fields, "classes", DEFAULT_CLASSES),
        method=fields.get("methode", "quantiles"),
        palette=fields.get("palette", ""),
        version=fields.get("v", ""),
        statuses=shown == _STATUSES_SHOWN,
        limits=_limits(fields.get("limites", "")),
        quadrants=quadrants_from_fields(fields) if shown == _QUADRANTS_SHOWN else None,
    )


def _limits(text: str) -> tuple[float, ...]:
    if not text:
        return ()
    return check_manual([read_number("limites", number) for number in text.split(",")])


def _shown(fields: Mapping[str, str]) -> str:
    """Read what is shown in place of the value: nothing else, statuses, or quadrants."""
    shown = fields.get("montre", "")
    choices = ("", _STATUSES_SHOWN, _QUADRANTS_SHOWN)
    if shown not in choices:
        _refuse("montre", shown, f"choix : {', '.join(choices[1:])}")
    alone = sorted(QUADRANT_FIELDS & set(fields)) if shown != _QUADRANTS_SHOWN else []
    if alone:
        _refuse("Paramètre", alone[0], f"il va avec « montre={_QUADRANTS_SHOWN} »")
    return shown


def _subject(fields: Mapping[str, str]) -> str | Recipe:
    if ("indicateur" in fields) == ("recette" in fields):
        message = "Donnez « indicateur » ou « recette », l'un des deux."
        raise InvalidRequest(message)
    if "indicateur" in fields:
        return fields["indicateur"]
    return recipe_from_fields(fields)


def _whole(fields: Mapping[str, str], name: str, default: int) -> int:
    text = fields.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        _refuse(name, text, "un nombre entier est attendu")
    return int(text)


def _refuse(name: str, value: object, expected: str) -> None:
    message = f"{name} : « {value!s:.60} » ; {expected}."
    raise InvalidRequest(message)
