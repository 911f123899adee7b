"""Widgets bound to a :class:`PageState`: what a person sets is in the address of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from territoires.ui.state import PageState, join, split

Label = Callable[[str], str]
_YES, _NO = "oui", "non"


def choose(
    state: PageState, name: str, label: str, options: Sequence[str], *,
    show: Label = str, default: str | None = None, help_text: str | None = None,
) -> str:  # fmt: skip
    """Draw a select box and return the chosen option (the default when the address is wrong)."""
    fallback = options[0] if default is None else default
    _start(state, name, options, fallback)
    chosen: str = st.selectbox(
        label, options, key=state.key(name), format_func=show, help=help_text
    )
    state.keep(name, chosen, fallback)
    return chosen


def choose_one_of_few(
    state: PageState, name: str, label: str, options: Sequence[str], show: Label = str,
    default: str | None = None,
) -> str:  # fmt: skip
    """Draw a row of choices, one of which is always on."""
    fallback = options[0] if default is None else default
    _start(state, name, options, fallback)
    chosen = st.segmented_control(
        label, options, key=state.key(name), format_func=show, required=True
    )
    state.keep(name, chosen or fallback, fallback)
    return chosen or fallback


def choose_many(
    state: PageState, name: str, label: str, options: Sequence[str], *,
    show: Label = str, default: Sequence[str] = (), help_text: str | None = None,
    placeholder: str = "Tous",
) -> tuple[str, ...]:  # fmt: skip
    """Draw a multiple choice; its placeholder says what nothing chosen means."""
    key = state.key(name)
    fallback = join(tuple(default))
    if key not in st.session_state:
        wanted = split(state.first_value(name, fallback))
        st.session_state[key] = [value for value in wanted if value in options]
    else:
        st.session_state[key] = [value for value in st.session_state[key] if value in options]
    chosen = st.multiselect(
        label,
        options,
        key=key,
        format_func=show,
        placeholder=placeholder,
        help=help_text,
        select_all=False,
    )
    state.keep(name, join(chosen), fallback)
    return tuple(chosen)


def choose_number(
    state: PageState, name: str, label: str, *, default: int | None,
    least: int = 0, most: int = 10_000_000, step: int = 1, help_text: str | None = None,
) -> int | None:  # fmt: skip
    """Draw a whole number that may be empty (no bound)."""
    key = state.key(name)
    fallback = "" if default is None else str(default)
    if key not in st.session_state:
        text = state.first_value(name, fallback)
        asked = int(text) if text.isdecimal() and len(text) < 10 else None
        st.session_state[key] = asked if asked is not None and least <= asked <= most else None
    value = st.number_input(
        label, least, most, value=None, step=step, key=key, help=help_text, placeholder="sans"
    )
    state.keep(name, "" if value is None else str(int(value)), fallback)
    return None if value is None else int(value)


def choose_whether(state: PageState, name: str, label: str, *, default: bool) -> bool:
    """Draw a switch."""
    key = state.key(name)
    if key not in st.session_state:
        st.session_state[key] = asked_whether(state, name, default=default)
    chosen = st.toggle(label, key=key)
    state.keep(name, _YES if chosen else _NO, _YES if default else _NO)
    return chosen


def asked_whether(state: PageState, name: str, *, default: bool) -> bool:
    """Return what the address says of a switch that is not drawn, and let it say so still."""
    fallback = _YES if default else _NO
    wanted = state.first_value(name, fallback)
    asked = wanted if wanted in (_YES, _NO) else fallback
    state.keep(name, asked, fallback)
    return asked == _YES


def open_tab(state: PageState, labels: Mapping[str, str]) -> tuple[str, dict[str, DeltaGenerator]]:
    """Draw tabs; return the name of the open one, and all of them by name.

    Parameters
    ----------
    labels : Mapping
        Name in the address → label; the first is the default.
    """
    key, first = state.key("onglet"), next(iter(labels))
    if st.session_state.get(key) not in labels.values():
        st.session_state[key] = labels.get(state.first_value("onglet"), labels[first])
    tabs: Sequence[DeltaGenerator] = st.tabs(list(labels.values()), key=key, on_change="rerun")
    chosen = next(name for name, label in labels.items() if label == st.session_state[key])
    state.keep("onglet", chosen, first)
    return chosen, dict(zip(labels, tabs, strict=True))


def _start(state: PageState, name: str, options: Sequence[str], fallback: str) -> None:
    key = state.key(name)
    if st.session_state.get(key) not in options:
        wanted = state.first_value(name, fallback)
        st.session_state[key] = wanted if wanted in options else fallback
