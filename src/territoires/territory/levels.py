"""What each kind of territory is called, whatever names it: a sheet, a page, a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from territoires.territory.making import GROUP_LEVEL, PART_LEVEL, ZONE_LEVEL
from territoires.territory.territoire import ARM_LEVEL, QPV_LEVEL

LEVEL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "commune": "commune",
        "epci": "EPCI",
        "ept": "établissement public territorial",
        "arrondissement": "arrondissement",
        "departement": "département",
        "region": "région",
        "pays": "pays",
        ARM_LEVEL: "arrondissement municipal",
        QPV_LEVEL: "quartier prioritaire (QPV)",
        GROUP_LEVEL: "groupe de communes",
        PART_LEVEL: "partie de commune",
        ZONE_LEVEL: "zone dessinée",
    }
)
"""French name of every :attr:`Territoire.niveau`, as it stands inside a sentence."""

AMONG: Mapping[str, str] = MappingProxyType(
    {"commune": "communes", "epci": "EPCI", "departement": "départements"}
)
"""Levels whose places are ranked with one another, and what a sentence calls several of them."""

WITHOUT_SHORT_CODE = frozenset({GROUP_LEVEL, ZONE_LEVEL})
"""Levels whose codes list communes or vertices: they tell people nothing."""
