"""The shortlist: chosen territories of any level, with notes; kept on the user's side."""

from territoires.shortlist.binder import Binder
from territoires.shortlist.binder_file import binder_from_json, binder_to_json
from territoires.shortlist.model import (
    DEFAULT_STATUS,
    MAX_ITEMS,
    MAX_NAME_LENGTH,
    MAX_NOTE_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    STATUSES,
    Shortlist,
    ShortlistItem,
    read_status,
    read_tags,
)
from territoires.shortlist.table import known_part, shortlist_from_table, shortlist_table

__all__ = [
    "DEFAULT_STATUS",
    "MAX_ITEMS",
    "MAX_NAME_LENGTH",
    "MAX_NOTE_LENGTH",
    "MAX_TAGS",
    "MAX_TAG_LENGTH",
    "STATUSES",
    "Binder",
    "Shortlist",
    "ShortlistItem",
    "binder_from_json",
    "binder_to_json",
    "known_part",
    "read_status",
    "read_tags",
    "shortlist_from_table",
    "shortlist_table",
]
