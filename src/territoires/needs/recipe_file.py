"""Recipes as TOML files that a person can read, change and send back."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from territoires.errors import DataFileError, InvalidRequest
from territoires.needs.recipe import DEFAULT_MIN_COVERAGE, Recipe, RecipeItem
from territoires.tables.system_errors import french_reason
from territoires.tables.toml import NOT_UTF8, toml_place

_RECIPE_KEYS = {
    "nom",
    "normalisation",
    "agregation",
    "couverture_min",
    "description",
    "justification",
    "date",
    "sources",
    "indicateurs",
}
_ITEM_KEYS = {"code", "sens", "poids", "bornes", "raison"}


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises
    ------
    InvalidRequest
        The file is absent or not a valid recipe; the message names file and field.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        message = f"{path} : fichier introuvable."
        raise InvalidRequest(message) from error
    except OSError as error:
        message = f"{path} : fichier impossible à lire ({french_reason(error)})."
        raise InvalidRequest(message) from error
    except UnicodeDecodeError as error:
        message = f"{path.name} : {NOT_UTF8}."
        raise InvalidRequest(message) from error
    return recipe_from_toml(text, path.name)


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
        Not TOML, a field is unknown, missing or out of range.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{name} : ce n’est pas du TOML lisible ({toml_place(error)})."
        raise InvalidRequest(message) from error
    try:
        return _recipe(document)
    except InvalidRequest as error:
        message = f"{name} : {error}"
        raise InvalidRequest(message) from error


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
    folder = data_dir / "recettes"
    recipes = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            recipes[path.stem] = load_recipe(path)
        except InvalidRequest as error:
            raise DataFileError(path, str(error).rstrip(".")) from error
    if not recipes:
        raise DataFileError(folder, "aucune recette")
    return recipes


def recipe_to_toml(recipe: Recipe) -> str:
    """Write a recipe so that ``recipe_from_toml`` gives the same one back."""
    lines = [f"nom = {_quoted(recipe.name)}"]
    texts = {
        "description": recipe.description,
        "justification": recipe.rationale,
        "date": recipe.date,
    }
    lines += [f"{key} = {_quoted(text)}" for key, text in texts.items() if text]
    if recipe.sources:
        lines += ["sources = ["] + [f"  {_quoted(source)}," for source in recipe.sources] + ["]"]
    lines += [
        f"normalisation = {_quoted(recipe.normalisation)}",
        f"agregation = {_quoted(recipe.aggregation)}",
        f"couverture_min = {float(recipe.min_coverage)!r}",
    ]
    for item in recipe.items:
        lines += ["", "[[indicateurs]]", *_item_lines(item)]
    return "\n".join(lines) + "\n"


def _item_lines(item: RecipeItem) -> list[str]:
    lines = [
        f"code = {_quoted(item.code)}",
        f"sens = {item.direction}",
        f"poids = {float(item.weight)!r}",
    ]
    if item.bounds is not None:
        low, high = item.bounds
        lines.append(f"bornes = [{float(low)!r}, {float(high)!r}]")
    if item.reason:
        lines.append(f"raison = {_quoted(item.reason)}")
    return lines


def _quoted(text: str) -> str:
    # JSON strings are TOML strings, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _recipe(document: Mapping[str, Any]) -> Recipe:
    _refuse_unknown(document, _RECIPE_KEYS)
    entries = document.get("indicateurs", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        message = "indicateurs : des tables [[indicateurs]] sont attendues."
        raise InvalidRequest(message)
    return Recipe(
        name=_text(document, "nom"),
        items=tuple(_item(position, entry) for position, entry in enumerate(entries, start=1)),
        normalisation=_text(document, "normalisation", "rang"),
        aggregation=_text(document, "agregation", "arithmetique"),
        min_coverage=_number(document, "couverture_min", DEFAULT_MIN_COVERAGE),
        description=_text(document, "description"),
        rationale=_text(document, "justification"),
        date=_date(document),
        sources=_texts(document, "sources"),
    )


def _item(position: int, entry: Mapping[str, Any]) -> RecipeItem:
    try:
        _refuse_unknown(entry, _ITEM_KEYS)
        return RecipeItem(
            code=_text(entry, "code"),
            direction=_direction(entry),
            weight=_number(entry, "poids", 1.0),
            bounds=_bounds(entry),
            reason=_text(entry, "raison"),
        )
    except InvalidRequest as error:
        message = f"indicateurs n° {position}, {error}"
        raise InvalidRequest(message) from error


def _direction(entry: Mapping[str, Any]) -> int:
    value = _number(entry, "sens", None)
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
    return float(bounds[0]), float(bounds[1])


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
        message = f"{key} : un nombre est attendu, « {value} » lu."
        raise InvalidRequest(message)
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
