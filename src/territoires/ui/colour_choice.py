"""What colours the map: an indicator, or an index; by commune, EPCI or département."""

from __future__ import annotations

from territoires.maps import MapSpec
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_one_of_few
from territoires.workspace import Workspace

_RECIPE = "recette."
LEVELS = {"commune": "Commune", "epci": "EPCI", "departement": "Département"}


def choose_colour(state: PageState, workspace: Workspace) -> str:
    """Draw the choice of what colours the map; return an indicator code or ``recette.<name>``."""
    labels = {f"{_RECIPE}{key}": f"Indice : {r.name}" for key, r in workspace.recipes.items()}
    labels |= {code: ind.label for code, ind in workspace.indicators.catalogue.items()}
    return choose(state, "couleur", "Colorer par", tuple(labels), show=lambda code: labels[code])


def choose_level(state: PageState) -> str:
    """Draw the choice of the level the map is coloured at."""
    return choose_one_of_few(state, "par", "Par", tuple(LEVELS), show=lambda level: LEVELS[level])


def map_spec(workspace: Workspace, colour: str, level: str) -> MapSpec:
    """Return the specification of the choropleth, as the tile addresses carry it."""
    version = workspace.register.version
    if colour.startswith(_RECIPE):
        recipe = workspace.recipes[colour.removeprefix(_RECIPE)]
        return MapSpec.for_recipe(recipe, level=level, version=version)
    return MapSpec.for_indicator(colour, level=level, version=version)
