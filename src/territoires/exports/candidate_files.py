"""A list of candidates as an export: its table, its places, and how it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from territoires.candidates import CandidateList, Preset, candidate_table
from territoires.exports.bundle import ExportBundle
from territoires.exports.provenance import provenance_lines
from territoires.exports.territories import territory_bundle

TITLE = "Territoires candidats"


def candidate_bundle(
    found: CandidateList, preset: Preset, data_version: str, produced_on: date,
    *, with_map: bool = True, booklet: Callable[[tuple[str, ...]], bytes] | None = None,
) -> ExportBundle:  # fmt: skip
    """Gather what the exports of candidates need: those that are shown.

    Parameters
    ----------
    found : CandidateList
        The search.
    preset : Preset
        The scheme whose rules were taken.
    data_version : str
        Of the communes and indicators.
    produced_on : datetime.date
        Today.
    with_map : bool
        As :func:`territory_bundle`.
    booklet : callable, optional
        Provenance → the sheets, printed.

    Raises
    ------
    InvalidRequest
        There is no candidate.
    """
    context = found.context
    used = tuple(context.indicators.indicator(code) for code in found.recipe.codes)
    lines = provenance_lines(
        data_version, context.register.cog, produced_on, used, query=found.query, preset=preset
    )
    places = [context.territory(str(code)) for code in found.frame.index]
    bundle = territory_bundle(
        TITLE, candidate_table(found), places, context.register, context.indicators.catalogue,
        lines, produced_on, with_map=with_map,
    )  # fmt: skip
    return replace(bundle, booklet=booklet)
