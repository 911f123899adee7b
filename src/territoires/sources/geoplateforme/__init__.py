"""The national address service (Géoplateforme), on demand only."""

from territoires.sources.geoplateforme.placing import AddressGuide
from territoires.sources.geoplateforme.service import NationalService

__all__ = ["AddressGuide", "NationalService"]
