"""The same thing as the map, in a table: sortable, downloadable, reachable by keyboard."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territoires.indicators import Indicator
from territoires.maps import group_codes, values_by_level
from territoires.tables.writing import write_csv
from territoires.ui.colour_choice import LEVELS, MapSpec, map_spec
from territoires.ui.filters import Scope
from territoires.ui.state import PageState
from territoires.workspace import Workspace
