"""Territories side by side: figures, index, initiatives, sizes, and what is missing of each."""

from territoires.shortlist.side_by_side.comparing import is_ranked, side_by_side, where_is
from territoires.shortlist.side_by_side.model import (
    FEWEST,
    MOST,
    STRONGEST,
    WEAKEST,
    Compared,
    Figure,
    Need,
    Presence,
    SideBySide,
    extremes,
)
from territoires.shortlist.side_by_side.needs import drawn_intervals, need_of
from territoires.shortlist.side_by_side.presence import presence_of
from territoires.shortlist.side_by_side.reference import LEVELS, Reference, level_of

__all__ = [
    "FEWEST",
    "LEVELS",
    "MOST",
    "STRONGEST",
    "WEAKEST",
    "Compared",
    "Figure",
    "Need",
    "Presence",
    "Reference",
    "SideBySide",
    "drawn_intervals",
    "extremes",
    "is_ranked",
    "level_of",
    "need_of",
    "presence_of",
    "side_by_side",
    "where_is",
]
