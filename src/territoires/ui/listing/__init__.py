"""A list of territories one can tick, sort and point at: the map outlines the row pointed at.

Streamlit's own table says nothing of the row under the pointer. This one does, to the window of the
page, where the map listens (``territoires.maps.elements.HoveredOutline``).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from territoires.indicators import MISSING_TEXT, format_number
from territoires.ui.own_component import own_component

_HTML = '<div class="liste"></div>'
ALWAYS, MINOR, LEAST = "", "mineure", "moindre"
NAME, TEXT, NUMBER, BAR = "nom", "texte", "nombre", "barre"


@dataclass(frozen=True)
class Column:
    """A column of the list.

    Attributes
    ----------
    title : str
        French.
    kind : str
        ``nom``: of the row; ``texte``; ``nombre``, to the right; ``barre``: a number out of 100,
        with its bar.
    room : str
        Where it is shown: everywhere (``""``), but for a telephone (``mineure``), or on a wide list
        only (``moindre``).
    help : str
        What the title means, shown when it is pointed at.
    """

    title: str
    kind: str = TEXT
    room: str = ALWAYS
    help: str = ""


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it is sorted by.

    Attributes
    ----------
    shown : str
        French; what is missing is said.
    order : float or str or None
        ``None`` stands last, whichever way the column is sorted.
    """

    shown: str
    order: float | str | None

    def __post_init__(self) -> None:
        if isinstance(self.order, float) and math.isnan(self.order):
            object.__setattr__(self, "order", None)


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes
    ----------
    code : str
        What a tick gives back.
    name : str
        For people who do not see the row: « Choisir … ».
    outlined : str
        Typed code of what the map outlines.
    cells : tuple of Cell
        One by column.
    """

    code: str
    name: str
    outlined: str
    cells: tuple[Cell, ...]


def cell_of(value: Any, decimals: int = 0) -> Cell:
    """Make a cell of a number, a text, or what is missing, which is said."""
    if value is None or pd.isna(value):
        return Cell(MISSING_TEXT, None)
    if isinstance(value, str):
        return Cell(value, value)
    number = float(value)
    return Cell(format_number(number, decimals), number)


def territory_list(
    columns: Sequence[Column], rows: Sequence[Row], *, key: str, caption: str
) -> list[str]:
    """Draw the list; return the codes of the rows that are ticked, in the order of the rows.

    Parameters
    ----------
    key : str
        Of its ticks in the session: another list must have another.
    caption : str
        What the list is, for those who do not see it.
    """
    answer = own_component(__package__, "liste", _HTML)(
        data={
            "liste": key,
            "coches": _ticked(key),
            "titre": caption,
            "colonnes": [
                {"titre": one.title, "genre": one.kind, "place": one.room, "aide": one.help}
                for one in columns
            ],
            "lignes": [
                {
                    "code": row.code, "nom": row.name, "contour": row.outlined,
                    "cellules": [[cell.shown, cell.order] for cell in row.cells],
                }
                for row in rows
            ],
        },
        default={"coches": []},
        key=key,
        on_coches_change=_keep,
    )  # fmt: skip
    ticked = set(answer.coches)
    return [row.code for row in rows if row.code in ticked]


def list_mark(codes: Iterable[str]) -> str:
    """Return a mark of what a list holds, for its key: ticks belong to a list, not to the next."""
    return str(zlib.crc32("\n".join(codes).encode()))


def _ticked(key: str) -> list[str]:
    """Return what was ticked when the list is drawn anew, as after another page."""
    before = st.session_state.get(key)
    return [] if before is None else list(before.get("coches") or ())


def _keep() -> None:
    """Let the ticks be a value of the session; there is nothing more to do when they change."""
