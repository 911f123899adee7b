"""Recognises the columns that speak of a place, under the headings people give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from territoires.geocoding.metres import without_system
from territoires.tables.text import plain

_HEADINGS: dict[str, tuple[str, ...]] = {
    # For each role, from the clearest heading to the vaguest; letters and digits only.
    "code": (
        "codecommune", "codeinsee", "codeinseecommune", "codecommuneinsee", "inseecom",
        "inseecommune", "codeinseecom", "comcode", "codecom", "insee", "codgeo", "depcom",
        "cominsee", "citycode", "codedelacommune", "numinsee", "ninsee", "numeroinsee",
        "communecode", "communeinsee", "codegeographique", "cog", "codecommunecog",
        "codeofficielgeographique", "inseecode", "codeofficielcommune", "codeinseeville",
        "inseeville", "communecodeinsee", "codecommuneimplantation", "codecommunesiege",
    ),
    "postcode": (
        "codepostal", "cp", "postcode", "postalcode", "codepost", "cpostal", "codepostale",
        "zip", "zipcode", "adressecodepostal", "cpville", "adressepostalecp", "codepos",
        "codepostalcommune", "communecodepostal", "codepostalville", "cpcommune", "codepostalsiege",
        "cpsiege", "postal",
    ),
    "town": (
        "commune", "nomcommune", "ville", "libcom", "libellecommune", "nomcom", "libgeo",
        "libcommune", "nomdelacommune", "nomdecommune", "communenom", "localite", "city",
        "nomville", "villecommune", "communeville", "adresseville", "adressecommune", "town",
        "municipalite", "nomofficielcommune", "libelledelacommune", "communesiege",
        "communedimplantation", "communeimplantation", "villesiege", "villes", "communes",
        "bureaudistributeur", "acheminement", "libelleacheminement",
    ),
    "departement": (
        "codedepartement", "departement", "dep", "dept", "dpt", "inseedep", "numerodepartement",
        "numdep", "nodepartement", "codedep", "codedept", "depcode", "coddep", "libdep",
        "nomdepartement", "libelledepartement", "departementnumero", "departementnom", "depnom",
        "departementcode", "numdepartement", "nomdep",
    ),
    "address": (
        "adresse", "adressecomplete", "adressepostale", "address", "adressepostalecomplete",
        "adr", "lieu", "localisation", "emplacement", "adresseligne", "adressephysique", "adresse1",
        "libelleadresse", "adressegeographique", "adressesiege", "adressedusiege",
        "adresselieu", "lieuimplantation",
    ),
    "longitude": (
        "longitude", "lon", "lng", "long", "x", "longitudewgs84", "coordx", "coordonneex",
        "xlongitude", "longitudex", "geolon", "xwgs84", "lonwgs84", "longitudedegres",
        "xlambert93", "xl93", "lambert93x", "coordonneesx", "xlambert",
    ),
    "latitude": (
        "latitude", "lat", "y", "latitudewgs84", "coordy", "coordonneey", "ylatitude",
        "latitudey", "geolat", "ywgs84", "latwgs84", "latitudedegres", "ylambert93", "yl93",
        "lambert93y", "coordonneesy", "ylambert",
    ),
    "point": (
        "geopoint2d", "geopoint", "coordonnees", "coordonneesgps", "coordonneesgeographiques",
        "latlon", "latlong", "latlng", "latitudelongitude", "gps", "pointgeo", "geolocalisation",
        "coordgps", "coordinates", "position", "wkt", "point", "geocoordonnees", "coords", "geo",
        "geom",
    ),
}  # fmt: skip
_KNOWN = frozenset(key for keys in _HEADINGS.values() for key in keys)
# Used only when no other column says a place: a list of members is often one column of names.
_NAME_FOR_WANT_OF_BETTER = (
    "nom", "libelle", "collectivite", "territoire", "membre", "adherent", "nomcollectivite",
    "name", "label", "raisonsociale",
)  # fmt: skip
LABELS = {
    "code": "code commune",
    "postcode": "code postal",
    "town": "nom de commune",
    "departement": "département",
    "address": "adresse",
    "longitude": "longitude",
    "latitude": "latitude",
    "point": "coordonnées",
}
"""Role of a column, as an attribute of :class:`Columns` → its name in French."""
_PARENTHESES = re.compile(r"[(\[][^()\[\]]*[)\]]")
_SMALL_WORDS = frozenset(
    ("de", "du", "des", "la", "le", "les", "l", "d", "n", "no", "numero", "libelle")
)
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Columns:
    """Which column plays which role; ``None`` when none does.

    Attributes
    ----------
    code, postcode, town, departement, address, longitude, latitude, point : str or None
        Headings, as typed; ``point`` holds both coordinates in one cell.
    unused : tuple of str
        Columns that could have played a role already taken.
    """

    code: str | None = None
    postcode: str | None = None
    town: str | None = None
    departement: str | None = None
    address: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    point: str | None = None
    unused: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Tell whether these columns can place anything."""
        return bool(self.code or self.postcode or self.town or self.address or self.located)

    @property
    def located(self) -> bool:
        """Tell whether there are coordinates."""
        apart = self.longitude is not None and self.latitude is not None
        return apart or self.point is not None

    @property
    def description(self) -> str:
        """What was understood, in French."""
        found = [
            f"{label} dans « {heading} »"
            for role, label in LABELS.items()
            if (heading := getattr(self, role)) is not None
        ]
        text = f"Colonnes comprises : {', '.join(found)}." if found else "Aucune colonne de lieu."
        if self.unused:
            named = ", ".join(f"« {heading} »" for heading in self.unused)
            text += f" Non utilisées : {named}."
        return text


def recognise_columns(headings: Sequence[str]) -> Columns:
    """Recognise the columns of a place.

    Parameters
    ----------
    headings : sequence of str
        As typed: ``"Code INSEE"``, ``"code_postal"``, ``"Ville"``, ``"Lat."``.

    Returns
    -------
    Columns
        The clearest heading of each role. A column of names (``"nom"``, ``"collectivité"``) is
        taken for the commune only when nothing else says a place.
    """
    by_key: dict[str, str] = {}
    for heading in headings:
        by_key.setdefault(heading_key(heading), heading)
    # "Commune (code INSEE)" says a code: only what is not known whole is read without its details.
    for heading in [each for key, each in by_key.items() if key not in _KNOWN]:
        by_key.setdefault(_without_parentheses(heading), heading)
        by_key.setdefault(_without_small_words(heading), heading)
        by_key.setdefault(without_system(heading_key(heading)), heading)
    roles = {role: _candidates(by_key, known) for role, known in _HEADINGS.items()}
    chosen = {role: found[0] for role, found in roles.items() if found}
    unused = tuple(heading for found in roles.values() for heading in found[1:])
    columns = Columns(**chosen, unused=unused)
    if columns.usable:
        return columns
    vague = _candidates(by_key, _NAME_FOR_WANT_OF_BETTER)
    if not vague:
        return columns
    return Columns(**{**chosen, "town": vague[0]}, unused=unused)


def heading_key(heading: str) -> str:
    """Reduce a heading to its letters and digits: ``"Code INSEE"`` becomes ``"codeinsee"``."""
    return _NOT_ALPHANUMERIC.sub("", plain(heading))


def _without_parentheses(heading: str) -> str:
    return heading_key(_PARENTHESES.sub(" ", heading))


def _without_small_words(heading: str) -> str:
    words = _NOT_ALPHANUMERIC.sub(" ", plain(_PARENTHESES.sub(" ", heading))).split()
    return "".join(word for word in words if word not in _SMALL_WORDS)


def _candidates(by_key: dict[str, str], known: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(by_key[key] for key in known if key in by_key))
