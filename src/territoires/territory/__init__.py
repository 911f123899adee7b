"""Territoire, the central noun: any set of communes, and what can be asked of it."""

from territoires.territory.finding import find_territory
from territoires.territory.making import territory_from_code, territory_from_communes
from territoires.territory.shape import dissolve
from territoires.territory.territoire import Territoire

__all__ = [
    "Territoire",
    "dissolve",
    "find_territory",
    "territory_from_code",
    "territory_from_communes",
]
