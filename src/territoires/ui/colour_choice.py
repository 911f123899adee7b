"""What colours the map: an indicator, or an index; by commune, EPCI or département."""

from __future__ import annotations

from territoires.indicators import Indicator
from territoires.maps import MapSpec
from territoires.needs import Recipe
from territoires.ui.recipe_store import (
    MINE,
    adopt_shared_recipe,
    my_recipe,
    my_recipe_label,
    show_in_address,
)
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_one_of_few
from territoires.workspace import Workspace

_RECIPE = "recette."
LEVELS = {"commune": "Commune", "epci": "EPCI", "departement": "Département"}


def choose_colour(state: PageState, workspace: Workspace) -> str:
    """Draw the choice of what colours the map.

    Returns
    -------
    str
        An indicator code, ``recette.<name>``, or ``MINE`` for the person's own recipe.
    """
    adopt_shared_recipe(workspace)
    labels = _labels(workspace)
    chosen = choose(
        state, "couleur", "Colorer par", tuple(labels), show=lambda code: labels[code],
        default=default_colour(workspace),
    )  # fmt: skip
    mine = my_recipe()
    if chosen == MINE and mine is not None:
        show_in_address(state, mine)
    return chosen


def default_colour(workspace: Workspace) -> str:
    """Return what colours the map of a first visit: the default recipe of the pack."""
    return f"{_RECIPE}{workspace.default_recipe}"


def colour_title(workspace: Workspace, colour: str) -> str:
    """Return what the legend and the exports call the choice."""
    return _labels(workspace)[colour]


def _labels(workspace: Workspace) -> dict[str, str]:
    indices = {f"{_RECIPE}{key}": f"Indice : {r.name}" for key, r in workspace.recipes.items()}
    mine = my_recipe()
    if mine is not None:
        indices[MINE] = my_recipe_label(mine)
    catalogue = workspace.indicators.catalogue
    return indices | {code: _named(one) for code, one in catalogue.items()}


def _named(indicator: Indicator) -> str:
    return f"{indicator.label} ({indicator.caution})" if indicator.caution else indicator.label


def choose_level(state: PageState) -> str:
    """Draw the choice of the level the map is coloured at."""
    return choose_one_of_few(state, "par", "Par", tuple(LEVELS), show=lambda level: LEVELS[level])


def recipe_of(workspace: Workspace, colour: str) -> Recipe:
    """Return the recipe that colours the map, else the default one."""
    mine = my_recipe()
    if colour == MINE and mine is not None:
        return mine
    name = colour.removeprefix(_RECIPE) if colour.startswith(_RECIPE) else ""
    return workspace.recipes[name or workspace.default_recipe]


def map_spec(workspace: Workspace, colour: str, level: str) -> MapSpec:
    """Return the specification of the choropleth, as the tile addresses carry it."""
    version = workspace.colours.version
    if colour == MINE or colour.startswith(_RECIPE):
        return MapSpec.for_recipe(recipe_of(workspace, colour), level=level, version=version)
    return MapSpec.for_indicator(colour, level=level, version=version)
