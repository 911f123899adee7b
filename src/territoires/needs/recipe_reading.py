"""Recipes read from TOML: what is wrong is said with the file, the line and the field."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from territoires.errors import DataFileError, InvalidRequest
from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.recipe import (
    DEFAULT_GEOMETRIC_SHIFT,
    DEFAULT_MIN_COVERAGE,
    SCORE,
    Recipe,
)
from territoires.needs.recipe_lines import located
from territoires.needs.recipe_parts import Dimension, RecipeItem
from territoires.needs.scaling import NO_TRANSFORMATION
from territoires.tables.system_errors import french_reason
from territoires.tables.toml import NOT_UTF8, toml_place

_T = TypeVar("_T")
MAX_BYTES = 200_000
_FOLDER = "recettes"
_GREATEST = 10**300  # whole numbers have no limit in TOML; ours end a little before 10^308
_RECIPE_KEYS = {
    "nom", "axe", "mode", "au_moins", "normalisation", "agregation", "decalage_geometrique",
    "couverture_min", "imputation", "valeurs_departementales", "description", "justification",
    "date", "sources", "dimensions", "indicateurs",
}  # fmt: skip
_DIMENSION_KEYS = {"code", "nom", "poids", "agregation"}
_ITEM_KEYS = {
    "code", "dimension", "sens", "poids", "bornes", "transformation", "ideal", "seuil", "centile",
    "avec", "raison",
}  # fmt: skip


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises
    ------
    InvalidRequest
        The file is absent or not a valid recipe; the message names file, line and field.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        message = f"{path} : fichier introuvable."
        raise InvalidRequest(message) from error
    except OSError as error:
        message = f"{path} : fichier impossible à lire ({french_reason(error)})."
        raise InvalidRequest(message) from error
    return recipe_from_toml(recipe_text(content, path.name), path.name)


def recipe_text(content: bytes, name: str) -> str:
    """Return the text of a recipe file.

    Raises
    ------
    InvalidRequest
        Above ``MAX_BYTES``, or not UTF-8.
    """
    if len(content) > MAX_BYTES:
        message = f"{name} : trop gros pour une recette ({MAX_BYTES // 1000} ko au plus)."
        raise InvalidRequest(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} : {NOT_UTF8}."
        raise InvalidRequest(message) from error


def recipe_from_toml(text: str, name: str) -> Recipe:
    """Read a recipe from text.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        File name, for messages.

    Raises
    ------
    InvalidRequest
        Not TOML, or a field is unknown, missing or out of range.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"{name} : ce n’est pas du TOML lisible ({_unreadable(error)})."
        raise InvalidRequest(message) from error
    try:
        return _recipe(document)
    except InvalidRequest as error:
        raise InvalidRequest(located(text, name, str(error))) from error


def _unreadable(error: ValueError | RecursionError) -> str:
    """Say what stops the reader; it gives no place for tables without end nor endless numbers."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return toml_place(error)
    if isinstance(error, RecursionError):
        return "trop de tables les unes dans les autres"
    return "un nombre a trop de chiffres"


def recipes_available(data_dir: Path) -> dict[str, Recipe]:
    """Load the recipes that are shipped.

    Parameters
    ----------
    data_dir : Path
        Data folder, which holds ``recettes/*.toml``.

    Returns
    -------
    dict
        Recipes by file name without its extension, sorted.

    Raises
    ------
    DataFileError
        There is none, or one is damaged.
    """
    recipes = {}
    for name, path in recipe_files(data_dir).items():
        try:
            recipes[name] = load_recipe(path)
        except InvalidRequest as error:
            raise DataFileError(path, str(error).rstrip(".")) from error
    if not recipes:
        raise DataFileError(data_dir / _FOLDER, "aucune recette")
    return recipes


def recipe_files(data_dir: Path) -> dict[str, Path]:
    """Find the recipes that are shipped, by file name without its extension, sorted."""
    return {path.stem: path for path in sorted((data_dir / _FOLDER).glob("*.toml"))}


def _recipe(document: Mapping[str, Any]) -> Recipe:
    _refuse_unknown(document, _RECIPE_KEYS)
    return Recipe(
        name=_text(document, "nom"),
        items=_tables(document, "indicateurs", _item),
        normalisation=_text(document, "normalisation", "rang"),
        aggregation=_text(document, "agregation", "arithmetique"),
        min_coverage=_number(document, "couverture_min", DEFAULT_MIN_COVERAGE),
        description=_text(document, "description"),
        rationale=_text(document, "justification"),
        date=_date(document),
        sources=_texts(document, "sources"),
        dimensions=_tables(document, "dimensions", _dimension),
        mode=_text(document, "mode", SCORE),
        at_least=_whole(document, "au_moins"),
        geometric_shift=_number(document, "decalage_geometrique", DEFAULT_GEOMETRIC_SHIFT),
        imputation=_text(document, "imputation", NO_IMPUTATION),
        wider_values=_yes(document, "valeurs_departementales", default=True),
        axis=_text(document, "axe"),
    )


def _tables(
    document: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], _T]
) -> tuple[_T, ...]:
    entries = document.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        message = f"{name} : des tables [[{name}]] sont attendues."
        raise InvalidRequest(message)
    made = []
    for position, entry in enumerate(entries, start=1):
        try:
            made.append(read(entry))
        except InvalidRequest as error:
            message = f"{name} n° {position}, {error}"
            raise InvalidRequest(message) from error
    return tuple(made)


def _dimension(entry: Mapping[str, Any]) -> Dimension:
    _refuse_unknown(entry, _DIMENSION_KEYS)
    return Dimension(
        code=_text(entry, "code"),
        name=_text(entry, "nom"),
        weight=_number(entry, "poids", 1.0),
        aggregation=_text(entry, "agregation"),
    )


def _item(entry: Mapping[str, Any]) -> RecipeItem:
    _refuse_unknown(entry, _ITEM_KEYS)
    return RecipeItem(
        code=_text(entry, "code"),
        direction=_direction(entry),
        weight=_number(entry, "poids", 1.0),
        bounds=_bounds(entry),
        reason=_text(entry, "raison"),
        dimension=_text(entry, "dimension"),
        transformation=_text(entry, "transformation", NO_TRANSFORMATION),
        ideal=_optional_number(entry, "ideal"),
        threshold=_optional_number(entry, "seuil"),
        percentile=_optional_number(entry, "centile"),
        linked=_texts(entry, "avec"),
    )


def _direction(entry: Mapping[str, Any]) -> int:
    # Away from an ideal value is the usual need: the direction may then be left out.
    value = _number(entry, "sens", 1.0 if "ideal" in entry else None)
    if value not in (-1.0, 1.0):
        message = f"sens : 1 ou -1 attendu, « {entry['sens']} » lu."
        raise InvalidRequest(message)
    return int(value)


def _bounds(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    if "bornes" not in entry:
        return None
    bounds = entry["bornes"]
    if not isinstance(bounds, list) or len(bounds) != 2 or not all(map(_is_number, bounds)):
        message = "bornes : deux nombres sont attendus, par exemple [0, 10]."
        raise InvalidRequest(message)
    low, high = ({"bornes": bound} for bound in bounds)
    return _number(low, "bornes", None), _number(high, "bornes", None)


def _text(document: Mapping[str, Any], key: str, default: str = "") -> str:
    value = document.get(key, default)
    if not isinstance(value, str):
        message = f"{key} : un texte est attendu."
        raise InvalidRequest(message)
    return value


def _texts(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = document.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        message = f"{key} : une liste de textes est attendue."
        raise InvalidRequest(message)
    return tuple(values)


def _number(document: Mapping[str, Any], key: str, default: float | None) -> float:
    value = document.get(key, default)
    if value is None:
        message = f"{key} : ce champ est attendu."
        raise InvalidRequest(message)
    if not _is_number(value):
        message = f"{key} : un nombre est attendu, {_shown(value)} lu."
        raise InvalidRequest(message)
    return float(value)


def _optional_number(document: Mapping[str, Any], key: str) -> float | None:
    return _number(document, key, None) if key in document else None


def _whole(document: Mapping[str, Any], key: str) -> int:
    value = _number(document, key, 0.0)
    if not value.is_integer():
        message = f"{key} : un nombre entier est attendu, « {value} » lu."
        raise InvalidRequest(message)
    return int(value)


def _yes(document: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = document.get(key, default)
    if not isinstance(value, bool):
        message = f"{key} : true ou false est attendu, {_shown(value)} lu."
        raise InvalidRequest(message)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, float) or (
        isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _GREATEST
    )


def _shown(value: object) -> str:
    # Python refuses to write a whole number of thousands of digits.
    if isinstance(value, int) and abs(value) > _GREATEST:
        return "un entier démesuré"
    return f"« {value!s:.80} »"


def _date(document: Mapping[str, Any]) -> str:
    value = document.get("date", "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(document, "date")


def _refuse_unknown(document: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(document) - known)
    if unknown:
        message = f"{unknown[0]} : champ inconnu. Connus : {', '.join(sorted(known))}."
        raise InvalidRequest(message)
