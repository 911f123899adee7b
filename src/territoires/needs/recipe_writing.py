"""Recipes written as TOML files that a person can read, change and send back."""

from __future__ import annotations

import json

from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.recipe import DEFAULT_GEOMETRIC_SHIFT, Recipe
from territoires.needs.recipe_parts import Dimension, RecipeItem
from territoires.needs.scaling import NO_TRANSFORMATION


def recipe_to_toml(recipe: Recipe) -> str:
    """Write a recipe so that ``recipe_from_toml`` gives the same one back."""
    lines = [f"nom = {_quoted(recipe.name)}"]
    texts = {
        "axe": recipe.axis,
        "description": recipe.description,
        "justification": recipe.rationale,
        "date": recipe.date,
    }
    lines += [f"{key} = {_quoted(text)}" for key, text in texts.items() if text]
    if recipe.sources:
        lines += ["sources = ["] + [f"  {_quoted(source)}," for source in recipe.sources] + ["]"]
    lines += _method_lines(recipe)
    for dimension in recipe.dimensions:
        lines += ["", "[[dimensions]]", *_dimension_lines(dimension)]
    for item in recipe.items:
        lines += ["", "[[indicateurs]]", *_item_lines(item)]
    return "\n".join(lines) + "\n"


def _method_lines(recipe: Recipe) -> list[str]:
    lines = []
    if recipe.is_rule:
        lines += [f"mode = {_quoted(recipe.mode)}", f"au_moins = {recipe.at_least}"]
    lines += [
        f"normalisation = {_quoted(recipe.normalisation)}",
        f"agregation = {_quoted(recipe.aggregation)}",
        f"couverture_min = {_number(recipe.min_coverage)}",
    ]
    if recipe.geometric_shift != DEFAULT_GEOMETRIC_SHIFT:
        lines.append(f"decalage_geometrique = {_number(recipe.geometric_shift)}")
    if recipe.imputation != NO_IMPUTATION:
        lines.append(f"imputation = {_quoted(recipe.imputation)}")
    if not recipe.wider_values:
        lines.append("valeurs_departementales = false")
    return lines


def _dimension_lines(dimension: Dimension) -> list[str]:
    lines = [f"code = {_quoted(dimension.code)}"]
    if dimension.name:
        lines.append(f"nom = {_quoted(dimension.name)}")
    lines.append(f"poids = {_number(dimension.weight)}")
    if dimension.aggregation:
        lines.append(f"agregation = {_quoted(dimension.aggregation)}")
    return lines


def _item_lines(item: RecipeItem) -> list[str]:
    lines = [f"code = {_quoted(item.code)}"]
    if item.dimension:
        lines.append(f"dimension = {_quoted(item.dimension)}")
    lines += [f"sens = {item.direction}", f"poids = {_number(item.weight)}"]
    if item.bounds is not None:
        lines.append(f"bornes = [{', '.join(map(_number, item.bounds))}]")
    if item.transformation != NO_TRANSFORMATION:
        lines.append(f"transformation = {_quoted(item.transformation)}")
    numbers = {"ideal": item.ideal, "seuil": item.threshold, "centile": item.percentile}
    lines += [f"{key} = {_number(value)}" for key, value in numbers.items() if value is not None]
    if item.linked:
        lines.append(f"avec = [{', '.join(map(_quoted, item.linked))}]")
    if item.reason:
        lines.append(f"raison = {_quoted(item.reason)}")
    return lines


def _number(number: float) -> str:
    return repr(float(number))


def _quoted(text: str) -> str:
    # JSON strings are TOML strings, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
