"""Indicators: what each figure means, its values, its ranks, and how it is added up to territories.

Read :mod:`catalogue` for the meaning, :mod:`table` for the values. A value that exists but comes
from another survey keeps its figure with the status ``hors_champ``: it is shown, never ranked.
"""

from territoires.indicators.aggregation import NOT_MERGED_WORDS, WEIGHTED_MEAN
from territoires.indicators.catalogue import Indicator, load_catalogue
from territoires.indicators.format import (
    MISSING_TEXT,
    STATUS_LABELS,
    for_a_table,
    format_coverage,
    format_interval,
    format_number,
    format_rank,
    format_share,
    format_value,
    known_for,
)
from territoires.indicators.ranks import Ranking, percent_ranks, rank_values
from territoires.indicators.table import (
    RANKED_STATUSES,
    STATUSES,
    IndicatorTable,
    load_indicators,
    load_pack,
)

__all__ = [
    "MISSING_TEXT",
    "NOT_MERGED_WORDS",
    "RANKED_STATUSES",
    "STATUSES",
    "STATUS_LABELS",
    "WEIGHTED_MEAN",
    "Indicator",
    "IndicatorTable",
    "Ranking",
    "for_a_table",
    "format_coverage",
    "format_interval",
    "format_number",
    "format_rank",
    "format_share",
    "format_value",
    "known_for",
    "load_catalogue",
    "load_indicators",
    "load_pack",
    "percent_ranks",
    "rank_values",
]
