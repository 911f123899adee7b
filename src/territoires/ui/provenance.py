"""What every file that leaves the pages says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from territoires import __version__
from territoires.exports import Provenance
from territoires.indicators import Indicator
from territoires.needs.story import Story
from territoires.workspace import Workspace

_REMARKS = (
    "Contours et noms : IGN Admin Express, Insee, DGCL (Licence Ouverte 2.0) ; communes au "
    "1er janvier 2026",
    "L'annuaire des initiatives n'est pas exhaustif : aucune initiative recensée ne veut pas dire "
    "aucune initiative",
)


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
    return Provenance(
        produced_on=date.today(),
        code_version=__version__,
        data_versions=(("communes et indicateurs", workspace.colours.version),),
        indicators=indicators,
        remarks=_REMARKS,
        **made_by,
    ).lines()


def story_provenance(workspace: Workspace, story: Story) -> tuple[str, ...]:
    """Return the lines that head an export of an index: date, versions, and how it is made."""
    return (*provenance(workspace), *story.lines())


def indicators_of(workspace: Workspace, codes: tuple[str, ...]) -> tuple[Indicator, ...]:
    """Return the catalogue's entries of some codes."""
    return tuple(workspace.indicators.indicator(code) for code in codes)
