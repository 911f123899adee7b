"""The buttons that give a list of territories as files: the two most asked for, then the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from territoires.exports import FORMATS, Exporter
from territoires.exports.sheets import MOST_SHEETS
from territoires.indicators import format_number

_FIRST = ("xlsx", "pdf")
_FOR_MACHINES = ("csv",)  # the command line gives it


def offer_files(title: str, count: int, write: Callable[[Exporter], bytes], key: str) -> None:
    """Draw the buttons; a file is made when it is asked for.

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
    for code in _FIRST:
        _button(title, count, write, key, FORMATS[code])
    with st.popover("Autres formats"):
        for code, kind in FORMATS.items():
            if code not in (*_FIRST, *_FOR_MACHINES):
                _button(title, count, write, key, kind)


def _button(
    title: str, count: int, write: Callable[[Exporter], bytes], key: str, kind: Exporter
) -> None:  # fmt: skip
    many = kind.code == "pdf" and count > MOST_SHEETS
    st.download_button(
        kind.label, partial(write, kind), kind.file_name(title), kind.media_type,
        key=f"{key}.{kind.code}", on_click="ignore", disabled=many,
        type="primary" if kind.code == _FIRST[0] else "secondary",
        help=f"{format_number(MOST_SHEETS)} fiches au plus." if many else None,
    )  # fmt: skip
