"""The shortlist: chosen territories of any level, with notes; kept on the user's side."""

from territoires.shortlist.model import (
    DEFAULT_STATUS,
    MAX_ITEMS,
    MAX_NOTE_LENGTH,
    STATUSES,
    Shortlist,
    ShortlistItem,
    read_status,
)
from territoires.shortlist.table import shortlist_from_table, shortlist_table

__all__ = [
    "DEFAULT_STATUS",
    "MAX_ITEMS",
    "MAX_NOTE_LENGTH",
    "STATUSES",
    "Shortlist",
    "ShortlistItem",
    "read_status",
    "shortlist_from_table",
    "shortlist_table",
]
