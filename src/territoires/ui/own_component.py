"""What Streamlit lacks, as a component of ours: a line of HTML, its script and its style beside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


@cache
def own_component(package: str, name: str, html: str) -> Any:
    """Return a component, made once for the server.

    Parameters
    ----------
    package : str
        Holds ``name.js``, and ``name.css`` if it has a style.
    name : str
        Of the component and its files.
    html : str
        What it is before its script runs.
    """
    folder = files(package)
    style = folder / f"{name}.css"
    return st.components.v2.component(
        f"territoires_{name}",
        html=html,
        css=style.read_text(encoding="utf-8") if style.is_file() else None,
        js=(folder / f"{name}.js").read_text(encoding="utf-8"),
    )
