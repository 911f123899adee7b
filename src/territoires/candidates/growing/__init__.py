"""Growing territories: groups of whole communes, connected, within both population bounds."""

from territoires.candidates.growing.contiguity import (
    Contiguity,
    Link,
    contiguity_from_pairs,
    contiguity_of,
    load_links,
)
from territoires.candidates.growing.growth import grow, grow_by_steps
from territoires.candidates.growing.impossible import NoTerritory
from territoires.candidates.growing.results import VERDICTS, GrownTerritory, Growth, Part
from territoires.candidates.growing.rules import GrowthRules
from territoires.candidates.growing.settings import GrowthSettings, load_growth_settings
from territoires.candidates.growing.units import (
    growth_units,
    municipal_parts,
    neighbourhood_parts,
    with_need_of_commune,
)

__all__ = [
    "VERDICTS",
    "Contiguity",
    "GrownTerritory",
    "Growth",
    "GrowthRules",
    "GrowthSettings",
    "Link",
    "NoTerritory",
    "Part",
    "contiguity_from_pairs",
    "contiguity_of",
    "grow",
    "grow_by_steps",
    "growth_units",
    "load_growth_settings",
    "load_links",
    "municipal_parts",
    "neighbourhood_parts",
    "with_need_of_commune",
]
