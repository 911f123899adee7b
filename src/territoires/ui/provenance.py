"""What every file that leaves the pages says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from territoires.exports.provenance import provenance_lines
from territoires.indicators import Indicator
from territoires.needs.story import Story
from territoires.workspace import Workspace


def provenance(
    workspace: Workspace, indicators: tuple[Indicator, ...] = (), **made_by: Any
) -> tuple[str, ...]:
    """Return the lines that head an export: date, versions, recipe, sources with licences.

    Parameters
    ----------
    indicators : tuple of Indicator
        Those whose figures are in the file.
    **made_by
        ``recipe``, ``preset`` or ``query`` of :class:`territoires.exports.Provenance`.
    """
    return provenance_lines(
        workspace.colours.version, workspace.register.cog, date.today(), indicators, **made_by
    )


def story_provenance(workspace: Workspace, story: Story) -> tuple[str, ...]:
    """Return the lines that head an export of an index: date, versions, and how it is made."""
    return (*provenance(workspace), *story.lines())


def indicators_of(workspace: Workspace, codes: tuple[str, ...]) -> tuple[Indicator, ...]:
    """Return the catalogue's entries of some codes."""
    return tuple(workspace.indicators.indicator(code) for code in codes)
