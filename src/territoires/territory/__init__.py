"""Territoire, the central noun: any set of communes, and what can be asked of it."""

from territoires.territory.finding import find_territory
from territoires.territory.making import territory_from_code, territory_from_communes
from territoires.territory.private_group import PrivateGroup, PrivateGroups
from territoires.territory.shape import dissolve
from territoires.territory.territoire import Territoire
from territoires.territory.zone import Zone, zone_from_code
from territoires.territory.zone_file import read_zone_file
from territoires.territory.zone_fitting import fitted_zone

__all__ = [
    "PrivateGroup",
    "PrivateGroups",
    "Territoire",
    "Zone",
    "dissolve",
    "find_territory",
    "fitted_zone",
    "read_zone_file",
    "territory_from_code",
    "territory_from_communes",
    "zone_from_code",
]
