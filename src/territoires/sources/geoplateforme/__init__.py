"""The national address service (Géoplateforme), on demand only."""

from territoires.sources.geoplateforme.placing import place_addresses
from territoires.sources.geoplateforme.service import NationalService

__all__ = ["NationalService", "place_addresses"]
