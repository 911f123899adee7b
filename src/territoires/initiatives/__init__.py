"""Initiatives: their directory, its vocabularies, its checks, and how far they reach."""

from territoires.initiatives.directory import (
    Directory,
    directory_from_table,
    load_directory,
    merge_directories,
)
from territoires.initiatives.external_counts import ExternalCount, load_external_counts
from territoires.initiatives.known import KnownDirectories
from territoires.initiatives.needs_observed import NeedsObserved, load_needs
from territoires.initiatives.perimeter import initiatives_in, perimeter_of
from territoires.initiatives.reach import count_within, nearest, presence, reach_outline, within
from territoires.initiatives.schema import COLUMNS, GEO_COLUMNS, NEED_COLUMNS
from territoires.initiatives.synergies import shown_point, synergies, synergies_table
from territoires.initiatives.uploads import has_initiative_columns
from territoires.initiatives.validation import validate_initiatives, validate_needs
from territoires.initiatives.vocabularies import (
    NO_AXIS,
    Term,
    Vocabularies,
    Vocabulary,
    load_vocabularies,
)

__all__ = [
    "COLUMNS",
    "GEO_COLUMNS",
    "NEED_COLUMNS",
    "NO_AXIS",
    "Directory",
    "ExternalCount",
    "KnownDirectories",
    "NeedsObserved",
    "Term",
    "Vocabularies",
    "Vocabulary",
    "count_within",
    "directory_from_table",
    "has_initiative_columns",
    "initiatives_in",
    "load_directory",
    "load_external_counts",
    "load_needs",
    "load_vocabularies",
    "merge_directories",
    "nearest",
    "perimeter_of",
    "presence",
    "reach_outline",
    "shown_point",
    "synergies",
    "synergies_table",
    "validate_initiatives",
    "validate_needs",
    "within",
]
