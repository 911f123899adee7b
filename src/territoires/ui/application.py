"""The door: one ASGI application, Streamlit's pages and our own routes in one process.

Started by ``territoires servir`` or ``streamlit run app.py``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from territoires.ui.appearance import apply_options
from territoires.ui.server import lifespan, middleware, server_routes

apply_options()

app = st.App(
    Path(__file__).with_name("navigation.py"),
    routes=server_routes(),
    middleware=middleware(),
    lifespan=lifespan,
)
