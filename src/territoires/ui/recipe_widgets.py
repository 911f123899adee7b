"""Widgets that show a recipe and change it: what they hold always comes from the recipe itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from territoires.ui.markup import escape_markdown
from territoires.ui.recipe_use import Change, edit
from territoires.ui.written_number import MOST_LETTERS, read_written, write_number
from territoires.workspace import Workspace

Width = int | Literal["stretch"]
ToChange = Callable[[Any], Change]
"""From what a widget holds to the change it asks for."""

_STEP, _TOP = 0.05, 3.0
_MOST_STEPS = 60


def row(align: Literal["center", "bottom"] = "center") -> DeltaGenerator:
    """Return a line of widgets side by side, on a phone too."""
    return st.container(horizontal=True, vertical_alignment=align, gap="small", wrap=False)


def weight_row(
    workspace: Workspace, key: str, label: str, weight: float, heaviest: float, change: ToChange
) -> None:
    """Draw a weight as a slider and as a box, always in step, in a :func:`row`.

    Parameters
    ----------
    key : str
        Session key of the slider; the box has it too, with ``.ecrit``.
    label : str
        For who does not see them.
    heaviest : float
        Greatest weight of the recipe: sliders that are compared go as far as one another.
    change : callable
        From a weight to the change of the recipe.
    """
    top, step = slider_scale(heaviest)
    hold(key, float(weight))
    st.slider(
        label, 0.0, top, step=step, key=key, label_visibility="collapsed", format="%.6g",
        on_change=_changed, args=(workspace, key, change),
    )  # fmt: skip
    number_box(workspace, f"{key}.ecrit", f"{label}, au clavier", weight, change)


def slider_scale(heaviest: float) -> tuple[float, float]:
    """Return the end of the sliders and their step, for the greatest weight of a recipe."""
    top, step = _TOP, _STEP
    while top < heaviest:
        top *= 2
    while top / step > _MOST_STEPS:
        step *= 2
    return top, step


def number_box(
    workspace: Workspace, key: str, label: str, number: float, change: ToChange, *,
    width: Width = 68, visible: bool = False,
) -> None:  # fmt: skip
    """Draw a number to be typed the French way; what is not one leaves the recipe as it is."""
    hold(key, write_number(number))
    st.text_input(
        label, key=key, max_chars=MOST_LETTERS, width=width,
        label_visibility="visible" if visible else "collapsed",
        on_change=_typed, args=(workspace, key, change),
    )  # fmt: skip


def hold(key: str, value: object) -> None:
    """Give a widget its value, before it is drawn, when it has another."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def on_change(workspace: Workspace, key: str, change: ToChange) -> dict[str, Any]:
    """Return the arguments of a widget whose value changes the recipe."""
    return {"key": key, "on_change": _changed, "args": (workspace, key, change)}


def _changed(workspace: Workspace, key: str, change: ToChange) -> None:
    edit(workspace, change(st.session_state[key]))


def _typed(workspace: Workspace, key: str, change: ToChange) -> None:
    number = read_written(st.session_state[key])
    if number is None:
        typed = escape_markdown(str(st.session_state[key])[:MOST_LETTERS])
        st.toast(f"« {typed} » n'est pas un nombre.")
        return
    edit(workspace, change(number))
