"""Streets that do not exist, in communes that do: what the engine is loaded with.

Each chosen commune gets some sixty streets, with numbered addresses along them, and hamlets;
every commune of the register is there too, so that wrong towns have something to match. Positions
lie inside the commune's outline. Nothing here comes from an address base.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from territoires.communes import Register

SEED = 20261126
_STREETS = 60
_HAMLETS = 6
_KINDS = ("Rue", "Avenue", "Chemin", "Impasse", "Place", "Allée", "Boulevard", "Route", "Montée")
_NAMES = (
    "de l'Église", "Jean Jaurès", "des Lilas", "du Moulin", "de la Fontaine", "Victor Hugo",
    "de la Gare", "des Écoles", "du Château", "Pasteur", "de la République", "des Tilleuls",
    "du Stade", "de Verdun", "Louise Michel", "du Lavoir", "des Vignes", "de la Poste",
    "Gambetta", "du Général Leclerc", "des Acacias", "Jules Ferry", "de la Liberté", "du Puits",
    "Émile Zola", "des Jardins", "de la Croix", "Olympe de Gouges", "du Canal", "des Remparts",
    "du Docteur Roux", "de la Source", "du 8 Mai 1945", "des Frères Lumière", "d'Alsace",
    "du Vieux Pont", "Sainte-Anne", "de l'Hôtel de Ville", "des Capucins", "du Marché",
)  # fmt: skip
_HAMLET_NAMES = (
    "La Grange Neuve", "Le Mas Blanc", "Les Quatre Vents", "La Croix Rouge", "Le Bois Joli",
    "Les Ormeaux", "La Bergerie", "Le Grand Champ", "La Tuilerie", "Les Combes",
)  # fmt: skip
# Towns and villages of every kind: namesakes (Saint-Denis), an arrondissement, overseas, Corsica,
# a commune nouvelle, names with an article or a hyphen.
CITY_CODES = (
    "30350", "30189", "34172", "93066", "97411", "76351", "2A004", "2B033", "01004", "59350",
    "44109", "35238", "33063", "31555", "67482", "38185", "21231", "63113", "87085", "86194",
    "14118", "29019", "56260", "72181", "49007", "37261", "45234", "18033", "58194", "71270",
    "74010", "73065", "05061", "04070", "83137", "06088", "84007", "13055", "69123", "75056",
    "48095", "12202", "15014", "19272", "23096", "24322", "47001", "64445", "65440", "66136",
)  # fmt: skip


@dataclass(frozen=True)
class MadeAddress:
    """One address, and the truth about it.

    Attributes
    ----------
    number, street : str
        ``"12"`` and ``"Rue des Lilas"``; no number for a street or a hamlet.
    kind : str
        ``housenumber``, ``street`` or ``locality``.
    citycode, commune, city, postcode : str
        Code as the address base has it (that of the arrondissement in Paris, Lyon, Marseille),
        code of the commune, its name, its postcode.
    longitude, latitude : float
        EPSG:4326.
    """

    number: str
    street: str
    kind: str
    citycode: str
    commune: str
    city: str
    postcode: str
    longitude: float
    latitude: float

    @property
    def first_line(self) -> str:
        """Number and street."""
        return f"{self.number} {self.street}".strip()


def made_addresses(register: Register) -> list[MadeAddress]:
    """Make the addresses: the same at each run."""
    return [each for street in _streets(register) for each in street]


def write_documents(path: Path, register: Register) -> None:
    """Write every commune, and the made streets, in the form that addok loads."""
    with path.open("w", encoding="utf-8") as file:
        for document in _documents(register):
            file.write(json.dumps(document, ensure_ascii=False) + "\n")


def _documents(register: Register) -> Iterator[dict[str, Any]]:
    communes = register.communes
    names = register.departements["nom"]
    for code, row in zip(communes.index, communes.itertuples(), strict=True):
        context = f"{row.code_departement}, {names[row.code_departement]}"
        population = 0 if row.population != row.population else int(row.population or 0)
        yield {
            "_id": code, "id": code, "type": "municipality", "name": row.nom, "city": row.nom,
            "postcode": (row.codes_postaux or "").split(";"), "citycode": code,
            "lon": row.longitude, "lat": row.latitude, "context": context,
            "importance": min(1.0, population / 2_000_000),
        }  # fmt: skip
    for number, street in enumerate(_streets(register)):
        first = street[0]
        document = {
            "_id": f"v{number}", "id": f"v{number}", "type": first.kind, "name": first.street,
            "city": first.city, "postcode": first.postcode, "citycode": first.citycode,
            "lon": first.longitude, "lat": first.latitude, "importance": 0.1,
            "context": f"{communes.at[first.commune, 'code_departement']}",
        }  # fmt: skip
        houses = {each.number: {"lat": each.latitude, "lon": each.longitude} for each in street[1:]}
        yield {**document, "housenumbers": houses} if houses else document


def _streets(register: Register) -> Iterator[list[MadeAddress]]:
    """Give each street: itself first, then its numbers."""
    chance = random.Random(SEED)
    parts = register.inferior[register.inferior["nature"] == "arrondissement_municipal"]
    for commune in CITY_CODES:
        row = register.communes.loc[commune]
        own = parts[parts["code_commune"] == commune]
        ways = [f"{kind} {name}" for kind in _KINDS for name in _NAMES]
        for way in chance.sample(ways, _STREETS):
            yield _street(way, commune, row, own, register, chance)
        for name in chance.sample(_HAMLET_NAMES, _HAMLETS):
            yield _street(name, commune, row, own, register, chance)[:1]


def _street(
    name: str, commune: str, row: Any, own: Any, register: Register, chance: random.Random
) -> list[MadeAddress]:
    citycode, postcode = commune, row["codes_postaux"].split(";")[0]
    outline = register.geometries[register.positions([commune])[0]]
    if len(own):
        part = own.index[chance.randrange(len(own))]
        citycode, postcode = own.at[part, "code"], own.at[part, "codes_postaux"].split(";")[0]
        outline = register.inferior_geometries[part]
    first, last = _inside(outline, chance), _inside(outline, chance)
    kind = "locality" if name in _HAMLET_NAMES else "street"
    about = (citycode, commune, row["nom"], postcode)
    street = [MadeAddress("", name, kind, *about, *first)]
    numbers = sorted(chance.sample(range(1, 90), 12))
    for rank, number in enumerate(numbers):
        share = rank / len(numbers)
        x = first[0] + share * (last[0] - first[0])
        y = first[1] + share * (last[1] - first[1])
        if outline.contains(shapely.Point(x, y)):
            place = (round(x, 6), round(y, 6))
            street.append(MadeAddress(str(number), name, "housenumber", *about, *place))
    return street


def _inside(outline: shapely.Geometry, chance: random.Random) -> tuple[float, float]:
    west, south, east, north = outline.bounds
    while True:
        x, y = chance.uniform(west, east), chance.uniform(south, north)
        if outline.contains(shapely.Point(x, y)):
            return round(x, 6), round(y, 6)
