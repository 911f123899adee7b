"""Booklets: a selection, a list of candidates, any sheets under one cover."""

from __future__ import annotations

from collections.abc import Sequence

from territoires.candidates import CandidateList, why
from territoires.candidates.wording import format_date, plural
from territoires.exports.sheets.content import Sheet, TerritorySheet
from territoires.exports.sheets.letters import LONGEST_TITLE, on_one_line
from territoires.exports.sheets.press import Booklet, print_sheets
from territoires.exports.sheets.source import SheetSource
from territoires.exports.sheets.territory import territory_sheet
from territoires.shortlist import DEFAULT_STATUS, STATUSES, Shortlist
from territoires.territory import territory_from_code


def write_booklet(
    source: SheetSource, title: str, sheets: Sequence[Sheet], provenance: Sequence[str] = ()
) -> bytes:
    """Print sheets under one cover, with a contents page.

    Parameters
    ----------
    source : SheetSource
        What the sheets were written from: the cover says when.
    title : str
        Of the cover.
    sheets : sequence of TerritorySheet or InitiativeSheet
        In order.
    provenance : sequence of str
        French lines: how this list was made, from which data.

    Returns
    -------
    bytes
        PDF.

    Raises
    ------
    InvalidRequest
        There is no sheet, or too many.
    """
    count = plural(len(sheets), "fiche", "fiches")
    subtitle = f"{count} · {format_date(source.produced_on)} · données {source.version}"
    booklet = Booklet(on_one_line(title, LONGEST_TITLE), subtitle, tuple(provenance))
    return print_sheets(sheets, source.produced_on, booklet)


def selection_sheets(
    source: SheetSource, selection: Shortlist, candidates: CandidateList | None = None
) -> list[TerritorySheet]:
    """Write the sheet of each territory of a selection, with its note and status.

    Parameters
    ----------
    candidates : CandidateList, optional
        A search: those it ranked say why they are there.

    Raises
    ------
    UnknownTerritory
        A territory of the selection does not exist in this register.
    """
    return [
        territory_sheet(
            source,
            territory_from_code(source.register, item.code),
            title=item.nom,
            status="" if item.statut == DEFAULT_STATUS else STATUSES[item.statut],
            note=item.note,
            why=_reason(candidates, item.code),
        )
        for item in selection.items
    ]


def _reason(candidates: CandidateList | None, code: str) -> str:
    ranked = None if candidates is None else candidates.ranked_code(code)
    return "" if candidates is None or ranked is None else why(candidates, ranked)


def candidate_sheets(source: SheetSource, found: CandidateList) -> list[TerritorySheet]:
    """Write the sheet of each candidate that is shown, with the reasons of the search."""
    return [
        territory_sheet(source, found.context.territory(str(code)), why=why(found, str(code)))
        for code in found.frame.index
    ]
