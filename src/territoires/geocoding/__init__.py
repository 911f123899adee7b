"""From text to commune: recognise, look up, decide, and say every doubt. Offline and pure."""

from territoires.geocoding.columns import Columns, recognise_columns
from territoires.geocoding.decide import NOT_FOUND, SURE, TO_CHECK, Decision, decide
from territoires.geocoding.evidence import Evidence
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.table import GEO_COLUMNS, geocode_table, geocoding_summary
from territoires.geocoding.thresholds import Scores, Thresholds, load_thresholds

__all__ = [
    "GEO_COLUMNS",
    "NOT_FOUND",
    "SURE",
    "TO_CHECK",
    "Columns",
    "Decision",
    "Evidence",
    "Gazetteer",
    "Scores",
    "Thresholds",
    "decide",
    "geocode_table",
    "geocoding_summary",
    "load_thresholds",
    "recognise_columns",
]
