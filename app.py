"""``streamlit run app.py``: the same door as ``territoires servir``, from a checkout."""

from pathlib import Path

import streamlit as st

import territoires.ui
from territoires.ui.appearance import apply_options
from territoires.ui.server import lifespan, middleware, server_routes

apply_options()

app = st.App(
    Path(territoires.ui.__file__).with_name("navigation.py"),
    routes=server_routes(),
    middleware=middleware(),
    lifespan=lifespan,
)
