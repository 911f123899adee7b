"""Candidate territories: presets of schemes, the search, why here and why not there.

Need ranks; capacity (initiatives) only filters and is told beside: the two are never added.
"""

from territoires.candidates.contributions import Contribution
from territoires.candidates.crossing import CandidateCrossing, crossing_of
from territoires.candidates.explain import (
    initiative_sentence,
    largest_contributions,
    why,
    why_not,
)
from territoires.candidates.finding import find_territories
from territoires.candidates.grown import Ground, GrownList, load_ground
from territoires.candidates.member_file import (
    NamedMembers,
    members_from_json,
    members_in_force,
    members_to_json,
)
from territoires.candidates.members import MemberList, members_from_table, parse_members
from territoires.candidates.nearest_setting import nearest_settings
from territoires.candidates.preset_file import load_preset, load_presets
from territoires.candidates.presets import (
    Preset,
    UnmeasuredCriterion,
    is_outdated,
    preset_warnings,
)
from territoires.candidates.quadrant_file import load_quadrant_rules
from territoires.candidates.quadrants import (
    CAPACITY_LIMITS,
    QUADRANTS,
    UNPLACED,
    Crossed,
    QuadrantRules,
)
from territoires.candidates.query import (
    ALL_FRANCE,
    REFERENCES,
    CandidateQuery,
    query_from_preset,
)
from territoires.candidates.rules import RULES, Rule
from territoires.candidates.search import CandidateList, Step, find_candidates, with_intervals
from territoires.candidates.table import candidate_table

__all__ = [
    "ALL_FRANCE",
    "CAPACITY_LIMITS",
    "QUADRANTS",
    "REFERENCES",
    "RULES",
    "UNPLACED",
    "CandidateCrossing",
    "CandidateList",
    "CandidateQuery",
    "Contribution",
    "Crossed",
    "Ground",
    "GrownList",
    "MemberList",
    "NamedMembers",
    "Preset",
    "QuadrantRules",
    "Rule",
    "Step",
    "UnmeasuredCriterion",
    "candidate_table",
    "crossing_of",
    "find_candidates",
    "find_territories",
    "initiative_sentence",
    "is_outdated",
    "largest_contributions",
    "load_ground",
    "load_preset",
    "load_presets",
    "load_quadrant_rules",
    "members_from_json",
    "members_from_table",
    "members_in_force",
    "members_to_json",
    "nearest_settings",
    "parse_members",
    "preset_warnings",
    "query_from_preset",
    "why",
    "why_not",
    "with_intervals",
]
