"""A recipe in the fields of an address: short, readable, the same for the same recipe.

Used by the tiles, which need what decides the colours and nothing else, and by the pages, whose
links give a recipe to someone else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn
from urllib.parse import quote, unquote

from territoires.errors import InvalidRequest
from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.recipe import (
    DEFAULT_GEOMETRIC_SHIFT,
    DEFAULT_MIN_COVERAGE,
    SCORE,
    Recipe,
)
from territoires.needs.recipe_parts import Dimension, RecipeItem
from territoires.needs.scaling import NO_TRANSFORMATION

MAX_ITEMS = 60
MAX_WEIGHT = 1_000_000.0
MAX_NUMBER = 40  # characters
MAX_NAME = 200  # characters
NAMELESS = "Indice"
RECIPE_FIELDS = frozenset(
    {
        "recette", "dimensions", "mode", "au_moins", "normalisation", "agregation", "decalage",
        "couverture", "imputation", "departemental", "nom",
    }
)  # fmt: skip
_LEFT_OUT = "non"


def bare(recipe: Recipe) -> Recipe:
    """Return a recipe without its texts: what decides the scores, and nothing else."""
    items = tuple(replace(item, weight=float(item.weight), reason="") for item in recipe.items)
    dimensions = tuple(replace(one, weight=float(one.weight), name="") for one in recipe.dimensions)
    return replace(
        recipe, name=NAMELESS, items=items, dimensions=dimensions, description="", rationale="",
        date="", sources=(), axis="", min_coverage=float(recipe.min_coverage),
    )  # fmt: skip


def recipe_to_fields(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as fields, in one way only; reasons, description and sources are left out.

    Returns
    -------
    dict
        Names of ``RECIPE_FIELDS``; what has its default value is left out, but for the method.
    """
    fields = {"recette": ",".join(_write_item(item, recipe) for item in recipe.items)}
    if recipe.dimensions:
        fields["dimensions"] = ",".join(map(_write_dimension, recipe.dimensions))
    if recipe.is_rule:
        fields |= {"mode": recipe.mode, "au_moins": str(recipe.at_least)}
    fields |= {"normalisation": recipe.normalisation, "agregation": recipe.aggregation}
    if recipe.geometric_shift != DEFAULT_GEOMETRIC_SHIFT:
        fields["decalage"] = write_number(recipe.geometric_shift)
    fields["couverture"] = write_number(recipe.min_coverage)
    if recipe.imputation != NO_IMPUTATION:
        fields["imputation"] = recipe.imputation
    if not recipe.wider_values:
        fields["departemental"] = _LEFT_OUT
    if recipe.name != NAMELESS:
        fields["nom"] = recipe.name
    return fields


def recipe_from_fields(fields: Mapping[str, str]) -> Recipe:
    """Read a recipe from the fields of an address.

    Parameters
    ----------
    fields : mapping of str to str
        Decoded; ``recette`` is there, names outside ``RECIPE_FIELDS`` are not looked at.

    Raises
    ------
    InvalidRequest
        A field is malformed or out of range.
    """
    texts = fields["recette"].split(",")
    if len(texts) > MAX_ITEMS:
        _refuse("recette", str(len(texts)), f"au plus {MAX_ITEMS} indicateurs")
    dimensions = _dimensions(fields.get("dimensions", ""))
    name = fields.get("nom", NAMELESS)
    if len(name) > MAX_NAME:
        _refuse("nom", name, f"{MAX_NAME} caractères au plus")
    if fields.get("departemental", _LEFT_OUT) != _LEFT_OUT:
        _refuse("departemental", fields["departemental"], f"« {_LEFT_OUT} » est le seul choix")
    shift = fields.get("decalage", str(DEFAULT_GEOMETRIC_SHIFT))
    return Recipe(
        name,
        tuple(_read_item(text, dimensions) for text in texts),
        fields.get("normalisation", "rang"),
        fields.get("agregation", "arithmetique"),
        read_number("couverture", fields.get("couverture", str(DEFAULT_MIN_COVERAGE))),
        dimensions=dimensions,
        mode=fields.get("mode", SCORE),
        at_least=_whole("au_moins", fields.get("au_moins", "0")),
        geometric_shift=read_number("decalage", shift),
        imputation=fields.get("imputation", NO_IMPUTATION),
        wider_values="departemental" not in fields,
    )  # fmt: skip


def _write_item(item: RecipeItem, recipe: Recipe) -> str:
    numbers = (float(item.direction), item.weight, *(item.bounds or ()))
    parts = [item.code, *map(write_number, numbers)]
    if item.dimension:
        at = [one.code for one in recipe.dimensions].index(item.dimension)
        parts.append(f"d={at}")
    if item.transformation != NO_TRANSFORMATION:
        parts.append(f"t={item.transformation}")
    marked = {"i": item.ideal, "s": item.threshold, "c": item.percentile}
    parts += [
        f"{mark}={write_number(value)}" for mark, value in marked.items() if value is not None
    ]
    if item.linked:
        parts.append(f"a={'+'.join(item.linked)}")
    return ":".join(parts)


def _read_item(text: str, dimensions: tuple[Dimension, ...]) -> RecipeItem:
    code, *parts = text.split(":")
    numbers = [part for part in parts if "=" not in part]
    marks = dict(part.split("=", 1) for part in parts if "=" in part)
    if (
        len(numbers) not in (2, 4)
        or numbers[0] not in ("1", "-1")
        or not set(marks) <= set("dtisca")
    ):
        expected = "« code:sens:poids » attendu, puis, au besoin, « :bas:haut » et des précisions"
        _refuse("recette", text, expected)
    weight, *bounds = (read_number("recette", number) for number in numbers[1:])
    if weight > MAX_WEIGHT:
        _refuse("recette", text, f"un poids d’au plus {MAX_WEIGHT:.0f}")
    ideal, threshold, percentile = (
        read_number("recette", marks[mark]) if mark in marks else None for mark in "isc"
    )
    return RecipeItem(
        code, int(numbers[0]), weight, (bounds[0], bounds[1]) if bounds else None,
        dimension=_dimension_code(marks["d"], dimensions) if "d" in marks else "",
        transformation=marks.get("t", NO_TRANSFORMATION), ideal=ideal, threshold=threshold,
        percentile=percentile, linked=tuple(marks["a"].split("+")) if "a" in marks else (),
    )  # fmt: skip


def _write_dimension(dimension: Dimension) -> str:
    parts = [dimension.code, write_number(dimension.weight), dimension.aggregation]
    if dimension.name:
        parts.append(quote(dimension.name, safe=" "))
    return ":".join(parts).rstrip(":")


def _dimensions(text: str) -> tuple[Dimension, ...]:
    if not text:
        return ()
    parts = text.split(",")
    if len(parts) > MAX_ITEMS:
        _refuse("dimensions", str(len(parts)), f"au plus {MAX_ITEMS}")
    return tuple(map(_read_dimension, parts))


def _read_dimension(text: str) -> Dimension:
    code, *rest = text.split(":")
    if not 1 <= len(rest) <= 3 or len(text) > MAX_NAME * 10:
        _refuse("dimensions", text, "« code:poids » attendu, ou « code:poids:agregation:nom »")
    weight = read_number("dimensions", rest[0])
    if weight > MAX_WEIGHT:
        _refuse("dimensions", text, f"un poids d’au plus {MAX_WEIGHT:.0f}")
    return Dimension(
        code, unquote(rest[2]) if len(rest) > 2 else "", weight, rest[1] if len(rest) > 1 else ""
    )


def _dimension_code(text: str, dimensions: tuple[Dimension, ...]) -> str:
    at = _whole("recette", text)
    if at >= len(dimensions):
        _refuse("recette", text, "numéro d’une dimension qui n’est pas donnée")
    return dimensions[at].code


def write_number(number: float) -> str:
    """Write a number in the shortest way that reads back the same."""
    number = float(number)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def read_number(name: str, text: str) -> float:
    """Read a finite number of an address.

    Raises
    ------
    InvalidRequest
        It is not one.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or len(text) > MAX_NUMBER:
        _refuse(name, text, "un nombre est attendu")
    return number


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        _refuse(name, text, "un nombre entier est attendu")
    return int(text)


def _refuse(name: str, value: str, expected: str) -> NoReturn:
    message = f"{name} : « {value:.60} » ; {expected}."
    raise InvalidRequest(message)
