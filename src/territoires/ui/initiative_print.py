"""Sheets of initiatives, from the page Initiatives: one, or a booklet of those that are shown."""

from __future__ import annotations

import streamlit as st

from territoires.candidates.wording import plural
from territoires.exports.registry import file_name
from territoires.exports.sheets import initiative_sheet, print_sheets, write_booklet
from territoires.indicators import format_number
from territoires.initiatives import Directory
from territoires.ui.sheets import PDF, sheet_source
from territoires.workspace import Workspace

MOST_IN_A_BOOKLET = 100
"""Sheets that a page prints at once: about fifteen seconds."""


def offer_initiative_sheet(
    workspace: Workspace, directory: Directory, identifier: str, key: str,
    label: str = "Fiche (PDF)",
) -> None:  # fmt: skip
    """Draw the button that gives the sheet of an initiative; it is printed when asked for."""
    source = sheet_source(workspace, directory)
    name = str(directory.frame.loc[identifier, "nom"]) or identifier
    st.download_button(
        label,
        lambda: print_sheets([initiative_sheet(source, identifier)], source.produced_on),
        file_name(f"fiche {name}", ".pdf"), PDF, on_click="ignore", key=key,
    )  # fmt: skip


def offer_booklet(workspace: Workspace, directory: Directory, key: str) -> None:
    """Draw the button that gives the sheets of a directory, or of its first initiatives."""
    count = len(directory)
    title = booklet_title(count)
    source = sheet_source(workspace, directory)
    chosen = directory.frame.index[:MOST_IN_A_BOOKLET]

    def printed() -> bytes:
        sheets = [initiative_sheet(source, str(code)) for code in chosen]
        return write_booklet(source, title, sheets)

    if count <= MOST_IN_A_BOOKLET:
        label = f"Livret de {plural(count, 'fiche', 'fiches')} (PDF)"
    else:
        label = f"Livret des {MOST_IN_A_BOOKLET} premières fiches (PDF)"
    st.download_button(
        label, printed, file_name("livret initiatives", ".pdf"), PDF, on_click="ignore", key=key,
        disabled=not count,
        help=f"{MOST_IN_A_BOOKLET} fiches au plus : filtrez à gauche, ou cherchez un mot, pour "
        "choisir lesquelles. Quelques secondes d'attente.",
    )  # fmt: skip


def booklet_title(count: int) -> str:
    """Name a booklet, and say when it does not hold all."""
    if count <= MOST_IN_A_BOOKLET:
        return "Initiatives"
    return f"Initiatives : les {MOST_IN_A_BOOKLET} premières sur {format_number(count)}"
