"""Charts as SVG: numbers in, text out. Nothing here knows Streamlit, nothing is a script.

Each chart says in words what it shows (``title`` and ``desc``), for who does not see it.
"""

from territoires.ui.charts.axis import Axis, axis_for
from territoires.ui.charts.distribution import Place, distribution_chart
from territoires.ui.charts.interval import interval_bar
from territoires.ui.charts.quadrants import Candidate, Cloud, Corner, quadrant_chart
from territoires.ui.charts.ranks import CELLS, CHOSEN, ENTERING, LEAVING, Marked, rank_chart
from territoires.ui.charts.svg import as_image

__all__ = [
    "CELLS",
    "CHOSEN",
    "ENTERING",
    "LEAVING",
    "Axis",
    "Candidate",
    "Cloud",
    "Corner",
    "Marked",
    "Place",
    "as_image",
    "axis_for",
    "distribution_chart",
    "interval_bar",
    "quadrant_chart",
    "rank_chart",
]
