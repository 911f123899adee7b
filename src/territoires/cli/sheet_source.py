"""What sheets are written from, at the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from territoires.exports.sheets import SheetSource
from territoires.needs import Recipe
from territoires.workspace import Workspace


def sheet_source(workspace: Workspace, recipe: Recipe, **more: Any) -> SheetSource:
    """Return what sheets are written from.

    Parameters
    ----------
    recipe : Recipe
        How needs are read.
    **more
        ``robustness``, ``address``, ``near_km`` of :class:`SheetSource`.
    """
    return SheetSource(
        register=workspace.register,
        indicators_by=workspace.indicators_by,
        directory=workspace.directory,
        needs_observed=workspace.needs_observed,
        recipe=recipe,
        version=workspace.colours.version,
        produced_on=date.today(),
        **more,
    )
