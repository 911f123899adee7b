"""The register: every commune, its names and codes, its groups, its outline, its neighbours."""

from territoires.communes.levels import LEVELS, Level
from territoires.communes.loading import load_register
from territoires.communes.places import Place
from territoires.communes.register import Register

__all__ = ["LEVELS", "Level", "Place", "Register", "load_register"]
