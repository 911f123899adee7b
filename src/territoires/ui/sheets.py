"""Sheets to print, from the pages: what this visit sees, as PDF."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import streamlit as st

from territoires.candidates import CandidateList
from territoires.exports.candidate_files import TITLE as CANDIDATES_TITLE
from territoires.exports.registry import file_name
from territoires.exports.sheets import (
    SheetSource,
    candidate_sheets,
    initiative_sheet,
    print_sheets,
    selection_sheets,
    territory_sheet,
    with_drawn_intervals,
    write_booklet,
)
from territoires.initiatives import Directory
from territoires.needs import DrawPlan, Recipe
from territoires.shortlist import Shortlist
from territoires.territory import Territoire, territory_from_code
from territoires.territory.levels import AMONG
from territoires.ui.need_results import NeedQuestion
from territoires.ui.server import base_path
from territoires.workspace import Workspace

PDF = "application/pdf"
DRAWS = DrawPlan(count=500)
"""For the intervals that a page has not drawn already: two seconds or so."""
_ONLY_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - named, not listened to


def sheet_source(
    workspace: Workspace, directory: Directory, recipe: Recipe | None = None
) -> SheetSource:
    """Return what sheets are written from, for this visit.

    Parameters
    ----------
    directory : Directory
        Of the session: a person's own rows are on their sheets.
    recipe : Recipe, optional
        How needs are read; the one of a first visit by default. The intervals of its ranks are on
        the sheets when it was put to the test.
    """
    chosen = recipe or workspace.recipes[workspace.default_recipe]
    tested = {level: NeedQuestion(workspace, chosen, level).tested() for level in AMONG}
    return SheetSource(
        register=workspace.register,
        indicators_by=workspace.indicators_by,
        directory=directory,
        needs_observed=workspace.needs_observed,
        recipe=chosen,
        version=workspace.colours.version,
        produced_on=date.today(),
        robustness={level: one.robustness for level, one in tested.items() if one is not None},
        address=_address(),
    )


def initiative_pdf(workspace: Workspace, directory: Directory, identifier: str) -> bytes:
    """Print the sheet of an initiative of a directory.

    Raises
    ------
    InvalidRequest
        The directory has no such initiative.
    """
    source = sheet_source(workspace, directory)
    return print_sheets([initiative_sheet(source, identifier)], source.produced_on)


def selection_pdf(
    workspace: Workspace, directory: Directory, selection: Shortlist,
    found: CandidateList | None, provenance: tuple[str, ...],
) -> bytes:  # fmt: skip
    """Print a selection as one booklet, with its notes and the reasons of a search."""
    recipe = None if found is None else found.query.recipe
    places = [territory_from_code(workspace.register, code) for code in selection.codes]
    source = with_drawn_intervals(sheet_source(workspace, directory, recipe), places, DRAWS)
    sheets = selection_sheets(source, selection, found)
    return write_booklet(source, selection.nom, sheets, provenance)


def candidates_pdf(
    workspace: Workspace, directory: Directory, found: CandidateList, provenance: tuple[str, ...]
) -> bytes:
    """Print the sheets of the candidates shown, with the reasons of the search, as one booklet."""
    places = [found.context.territory(str(code)) for code in found.frame.index]
    source = sheet_source(workspace, directory, found.query.recipe)
    source = with_drawn_intervals(source, places, DRAWS)
    return write_booklet(source, CANDIDATES_TITLE, candidate_sheets(source, found), provenance)


def offer_place_sheet(
    workspace: Workspace, directory: Directory, place: Territoire, recipe: Recipe
) -> None:
    """Draw the button that gives the sheet of a place; it is printed when it is asked for."""
    source = sheet_source(workspace, directory, recipe)

    def printed() -> bytes:
        drawn = with_drawn_intervals(source, [place], DRAWS)
        return print_sheets([territory_sheet(drawn, place)], source.produced_on)

    name = file_name(f"fiche {place.nom}", ".pdf")
    st.download_button("Fiche (PDF)", printed, name, PDF, on_click="ignore")


def _address() -> str:
    """Return where others may open this application; empty when it answers here only."""
    page = urlsplit(st.context.url or "")
    if page.scheme not in {"http", "https"} or page.hostname in _ONLY_HERE:
        return ""
    return f"{page.scheme}://{page.netloc}{base_path()}"
