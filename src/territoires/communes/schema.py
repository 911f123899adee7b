"""What the files of ``data/communes/`` must contain: the contract between build and loading."""

from __future__ import annotations

VERSION_FILE = "version.json"
COMMUNES_FILE = "communes.parquet"
OUTLINES_FILE = "contours.parquet"
INFERIOR_FILE = "contours_inferieurs.parquet"
NEIGHBOURS_FILE = "voisins.parquet"

COMMUNE_COLUMNS: dict[str, str] = {
    "code_commune": "str",
    "nom": "str",
    "code_departement": "str",
    "code_region": "str",
    "code_arrondissement": "str",
    "code_epci": "str",
    "code_ept": "str",
    "siren": "str",
    "codes_postaux": "str",
    "population": "Int32",
    "population_millesime": "Int16",
    "population_2016": "Int32",
    "superficie_km2": "float64",
    "epsg_local": "Int32",
    "longitude": "float64",
    "latitude": "float64",
    "reference": "str",
    "x_local": "float64",
    "y_local": "float64",
    "mairie_adresse": "str",
    "mairie_telephone": "str",
    "mairie_site": "str",
    "mairie_horaires": "str",
    "mairie_heures_semaine": "float64",
}

INFERIOR_COLUMNS: dict[str, str] = {
    "code": "str",
    "nom": "str",
    "nature": "str",
    "code_commune": "str",
    "codes_postaux": "str",
    "population": "Int32",
}

NEIGHBOUR_COLUMNS: dict[str, str] = {
    "code_commune": "str",
    "code_voisin": "str",
    "frontiere_m": "float64",
}

OUTLINE_COLUMNS = ("code_commune", "geometry")

REGIONS = ("code", "nom", "chef_lieu")
DEPARTEMENTS = ("code", "nom", "code_region", "chef_lieu")
ARRONDISSEMENTS = ("code", "nom", "code_departement", "code_region", "chef_lieu")
EPCI = ("code", "nom", "nature")
EPT = ("code", "nom")
FORMER = ("code_ancien", "nom", "date_fin", "codes_communes", "ambigu")
COLLECTIVITES = ("code", "nom", "codes_postaux")

CSV_COLUMNS: dict[str, tuple[str, ...]] = {
    "regions.csv": REGIONS,
    "departements.csv": DEPARTEMENTS,
    "arrondissements.csv": ARRONDISSEMENTS,
    "epci.csv": EPCI,
    "ept.csv": EPT,
    "anciennes_communes.csv": FORMER,
    "collectivites.csv": COLLECTIVITES,
}

REQUIRED_FILES = (COMMUNES_FILE, OUTLINES_FILE, INFERIOR_FILE, NEIGHBOURS_FILE, *CSV_COLUMNS)
