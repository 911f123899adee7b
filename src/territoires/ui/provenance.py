"""What every file that leaves the pages says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from territoires import __version__
from territoires.maps import MapSpec
from territoires.needs import Recipe
from territoires.workspace import Workspace


def provenance(
    workspace: Workspace, spec: MapSpec | None = None, recipe: Recipe | None = None
) -> tuple[str, ...]:
    """Return the lines that head an export: date, versions, recipe, sources with licences."""
    subject = spec.subject if spec is not None else recipe
    lines = [
        f"Territoires {__version__}, le {date.today():%d/%m/%Y}",
        f"Données {workspace.register.version}, communes au 1er janvier 2026",
    ]
    if isinstance(subject, Recipe):
        lines.append(f"Indice : {_recipe_line(workspace, recipe or subject)}")
        codes: Iterable[str] = (item.code for item in subject.items)
    elif subject is not None:
        codes = (subject,)
    else:
        codes = workspace.indicators.catalogue
    lines += [_source_line(workspace, code) for code in codes]
    return tuple(lines)


def _recipe_line(workspace: Workspace, recipe: Recipe) -> str:
    parts = [
        f"{workspace.indicators.catalogue[item.code].label} (poids {item.weight:g}, "
        f"sens {item.direction:+d})"
        for item in recipe.items
    ]
    return f"{recipe.name}, {recipe.normalisation}, {recipe.aggregation} : {' ; '.join(parts)}"


def _source_line(workspace: Workspace, code: str) -> str:
    indicator = workspace.indicators.catalogue[code]
    return (
        f"{indicator.label} : {indicator.producer}, {indicator.vintage}, {indicator.licence}, "
        f"{indicator.source_url}"
    )
