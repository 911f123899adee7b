"""The buttons that give a list of territories as files: the two most asked for, then the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from territoires.exports import FORMATS, Exporter
from territoires.exports.sheets import MOST_SHEETS
from territoires.indicators import format_number
from territoires.ui.passage import Passage, passage

Write = Callable[[Exporter], bytes]

_FIRST = ("xlsx", "pdf")
_FOR_MACHINES = ("csv",)  # the command line gives it


@dataclass
class _Asked:
    """How files are written now: a click may come with what changes it."""

    passage: Passage
    write: Write

    def file(self, kind: Exporter) -> bytes:
        self.passage.wait()
        return self.write(kind)


def offer_files(title: str, count: int, write: Write, key: str) -> None:
    """Draw the buttons; a file is made when it is asked for, of what the page then says.

    Parameters
    ----------
    title : str
        Files are named after it.
    count : int
        Territories that the files hold.
    write : callable
        Exporter → bytes.
    key : str
        Beginning of the keys of the buttons.
    """
    asked: _Asked = st.session_state.setdefault(f"{key}.demande", _Asked(passage(), write))
    asked.write = write
    for code in _FIRST:
        _button(title, count, asked.file, key, FORMATS[code])
    with st.popover("Autres formats"):
        for code, kind in FORMATS.items():
            if code not in (*_FIRST, *_FOR_MACHINES):
                _button(title, count, asked.file, key, kind)


def _button(title: str, count: int, write: Write, key: str, kind: Exporter) -> None:
    many = kind.code == "pdf" and count > MOST_SHEETS
    st.download_button(
        kind.label, partial(write, kind), kind.file_name(title), kind.media_type,
        key=f"{key}.{kind.code}", on_click="ignore", disabled=many,
        type="primary" if kind.code == _FIRST[0] else "secondary",
        help=f"{format_number(MOST_SHEETS)} fiches au plus." if many else None,
    )  # fmt: skip
