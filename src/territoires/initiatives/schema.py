"""The columns of a file of initiatives: the contract between what is typed and what is shown."""

from __future__ import annotations

from collections.abc import Mapping

from territoires.geocoding.columns import heading_key
from territoires.geocoding.table import GEO_COLUMNS as PLACED_COLUMNS

COLUMNS = (
    "id",
    "nom",
    "type",
    "axes",
    "porteur",
    "reseau",
    "statut",
    "adresse",
    "code_postal",
    "commune",
    "code_commune",
    "longitude",
    "latitude",
    "perimetre",
    "communes_couvertes",
    "date_debut",
    "site_web",
    "description",
    "objectifs",
    "ressources",
    "partenaires",
    "collectivites",
    "resultats",
    "enseignements",
    "visibilite",
    "source_url",
    "source_date",
)
# The margin helps to review a list; the directory keeps the decision.
GEO_COLUMNS = tuple(column for column in PLACED_COLUMNS if column != "geo_marge")
REQUIRED = ("nom", "type")
PLACE_COLUMNS = ("adresse", "code_postal", "commune", "code_commune", "longitude")
URL_COLUMNS = ("site_web", "source_url")
DATE_COLUMNS = ("date_debut", "source_date")
FREE_TEXT = (
    "nom",
    "porteur",
    "adresse",
    "description",
    "objectifs",
    "ressources",
    "partenaires",
    "collectivites",
    "resultats",
    "enseignements",
)
NEED_COLUMNS = ("id", "code_commune", "domaine", "description", "observe_le", "source_url")

# Headings that circulate for the same thing: read, and said in the findings.
ALIASES = {
    "axe": "axes",
    "code_insee": "code_commune",
    "insee": "code_commune",
    "insee_com": "code_commune",
    "codgeo": "code_commune",
    "codes_communes": "communes_couvertes",
    "cp": "code_postal",
    "ville": "commune",
    "lon": "longitude",
    "lng": "longitude",
    "lat": "latitude",
    "note": "description",
    "site": "site_web",
    "date_habilitation": "date_debut",
}

LIST_SEPARATOR = ";"

_BY_KEY = {heading_key(alias): column for alias, column in ALIASES.items()} | {
    heading_key(column): column for column in (*COLUMNS, *PLACED_COLUMNS)
}


def canonical_headings(headings: list[str]) -> dict[str, str]:
    """Say which column each heading stands for, aliases included.

    Parameters
    ----------
    headings : list of str
        As typed.

    Returns
    -------
    dict
        Typed heading → column of :data:`COLUMNS` or :data:`GEO_COLUMNS`, whatever the capitals,
        accents, spaces and underscores (``"Code Postal"``); unknown headings and
        aliases of a column that is there too are left out.
    """
    return _recognised(headings, _BY_KEY)


def need_headings(headings: list[str]) -> dict[str, str]:
    """Say which of :data:`NEED_COLUMNS` each heading is: see :func:`canonical_headings`."""
    return _recognised(headings, {heading_key(column): column for column in NEED_COLUMNS})


def _recognised(headings: list[str], by_key: Mapping[str, str]) -> dict[str, str]:
    columns = set(by_key.values())
    found = {heading: heading for heading in headings if heading in columns}
    for heading in headings:
        column = by_key.get(heading_key(heading))
        if heading not in found and column and column not in found.values():
            found[heading] = column
    return found


def split_list(text: str) -> tuple[str, ...]:
    """Split a cell that holds several codes joined by ``;``."""
    return tuple(part.strip() for part in text.split(LIST_SEPARATOR) if part.strip())
