"""A recipe that someone gives: bounded, checked against the catalogue, refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from territoires.errors import InvalidRequest
from territoires.indicators import Indicator
from territoires.needs.fields import refuse
from territoires.needs.recipe import Recipe, check_recipe
from territoires.needs.recipe_address import MAX_ITEMS, MAX_NAME, MAX_WEIGHT
from territoires.needs.recipe_lines import located
from territoires.needs.recipe_reading import recipe_from_toml, recipe_text

MAX_TEXT = 5_000
"""Characters of a description, a rationale, a reason or a source."""
_NAME_SHOWN = 80


def recipe_from_upload(content: bytes, name: str, catalogue: Mapping[str, Indicator]) -> Recipe:
    """Read a recipe file that a person gives.

    Parameters
    ----------
    content : bytes
        TOML, UTF-8.
    name : str
        File name, for messages.
    catalogue : mapping of str to Indicator
        Indicators that are here.

    Returns
    -------
    Recipe
        One that an address and a map can carry.

    Raises
    ------
    InvalidRequest
        Too big, not a recipe, or an indicator that is not here or must not be ranked; the message
        names file, line and field.
    """
    name = name[:_NAME_SHOWN]
    text = recipe_text(content, name)
    recipe = recipe_from_toml(text, name)
    try:
        check_size(recipe)
        check_recipe(recipe, catalogue)
    except InvalidRequest as error:
        raise InvalidRequest(located(text, name, str(error))) from error
    return recipe


def check_size(recipe: Recipe) -> None:
    """Refuse a recipe that an address could not carry, or whose texts are a book.

    Raises
    ------
    InvalidRequest
        Too many indicators or dimensions, a weight too great, a text too long.
    """
    for field, count in (("indicateurs", recipe.items), ("dimensions", recipe.dimensions)):
        if len(count) > MAX_ITEMS:
            refuse(field, f"{MAX_ITEMS} au plus, {len(count)} lus")
    for field, weight in _weights(recipe):
        if weight > MAX_WEIGHT:
            refuse(field, f"un poids de {MAX_WEIGHT:.0f} au plus est attendu, « {weight:g} » lu")
    for field, text, most in _texts(recipe):
        if len(text) > most:
            refuse(field, f"{most} caractères au plus, {len(text)} lus")


def _weights(recipe: Recipe) -> Iterator[tuple[str, float]]:
    for position, one in enumerate(recipe.dimensions, start=1):
        yield f"dimensions n° {position}, poids", one.weight
    for position, item in enumerate(recipe.items, start=1):
        yield f"indicateurs n° {position}, poids", item.weight


def _texts(recipe: Recipe) -> Iterator[tuple[str, str, int]]:
    yield "nom", recipe.name, MAX_NAME
    yield "axe", recipe.axis, MAX_NAME
    yield "date", recipe.date, MAX_NAME
    yield "description", recipe.description, MAX_TEXT
    yield "justification", recipe.rationale, MAX_TEXT
    yield from (("sources", source, MAX_TEXT) for source in recipe.sources)
    for position, one in enumerate(recipe.dimensions, start=1):
        yield f"dimensions n° {position}, nom", one.name, MAX_NAME
    for position, item in enumerate(recipe.items, start=1):
        yield f"indicateurs n° {position}, raison", item.reason, MAX_TEXT
