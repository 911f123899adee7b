"""Territories alike: who lives what we live, and where else it could work.

Read :mod:`scale` for how figures are made comparable, :mod:`distance` for how far two places are,
:mod:`wording` for how it is told. What the ranking is worth was tested: ``Verdict``, and
``docs/methode/semblables.md``.
"""

from territoires.candidates.alike.account import (
    account_lines,
    compared_sentence,
    reservations,
)
from territoires.candidates.alike.comparing import (
    Comparison,
    closest,
    comparisons,
    most_different,
    unknown_indicators,
)
from territoires.candidates.alike.finding import AlikeList, find_alike
from territoires.candidates.alike.profiles import Profile, median_profile, profiles_of
from territoires.candidates.alike.query import SEVERAL, AlikeQuery, Several
from territoires.candidates.alike.references import (
    TypedReference,
    initiative_territories,
    read_reference,
)
from territoires.candidates.alike.rules import (
    Criterion,
    LikenessRules,
    Verdict,
    wider_criteria,
)
from territoires.candidates.alike.rules_file import load_likeness_rules
from territoires.candidates.alike.sizes import SIZE_MODES, SizeClasses
from territoires.candidates.alike.table import alike_table
from territoires.candidates.alike.universe import (
    ANYWHERE,
    PRESENCES,
    WITH,
    WITHOUT,
    listed_places,
    places_of,
)
from territoires.candidates.alike.visits import initiatives_by_place
from territoires.candidates.alike.wording import (
    common_points,
    differences,
    likeness_sentence,
    not_compared,
)

__all__ = [
    "ANYWHERE",
    "PRESENCES",
    "SEVERAL",
    "SIZE_MODES",
    "WITH",
    "WITHOUT",
    "AlikeList",
    "AlikeQuery",
    "Comparison",
    "Criterion",
    "LikenessRules",
    "Profile",
    "Several",
    "SizeClasses",
    "TypedReference",
    "Verdict",
    "account_lines",
    "alike_table",
    "closest",
    "common_points",
    "compared_sentence",
    "comparisons",
    "differences",
    "find_alike",
    "initiative_territories",
    "initiatives_by_place",
    "likeness_sentence",
    "listed_places",
    "load_likeness_rules",
    "median_profile",
    "most_different",
    "not_compared",
    "places_of",
    "profiles_of",
    "read_reference",
    "reservations",
    "unknown_indicators",
    "wider_criteria",
]
