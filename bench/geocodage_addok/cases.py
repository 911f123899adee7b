"""The rows that are asked, each with the address it means."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from tests.addok import MadeAddress, made_addresses

from territoires.communes import Register

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROWS = 250  # of each kind
SEED = 20261127
SHORT = {
    "Avenue": "av.", "Boulevard": "bd", "Chemin": "ch.", "Impasse": "imp.", "Route": "rte",
    "Place": "pl.", "Allée": "all.", "Saint": "St", "Sainte": "Ste", "Général": "Gal",
    "Docteur": "Dr",
}  # fmt: skip
NOWHERE = ("de la Baleine Bleue", "Anatole Quelconque", "du Télésiège", "des Kangourous")


@dataclass(frozen=True)
class Case:
    """A row, and what it means."""

    kind: str
    address: str
    postcode: str
    town: str
    truth: MadeAddress | None


def cases(register: Register) -> list[Case]:
    """Make the rows: every kind from other addresses."""
    chance = random.Random(SEED)
    made = made_addresses(register)
    houses = [each for each in made if each.kind == "housenumber"]
    streets = {(each.commune, each.street): each for each in made if each.kind == "street"}
    rows: list[Case] = []
    for kind, spoil in KINDS.items():
        for each in chance.sample(houses, ROWS):
            line = spoil(each, chance)
            away = kind in ("voie absente", "autre sorte de voie")
            if away and (each.commune, line.partition(" ")[2]) in streets:
                continue
            meant = streets[each.commune, each.street] if kind == "numéro absent" else each
            truth = None if away else meant
            rows.append(Case(kind, line, each.postcode, each.city, truth))
    return rows


def _shortened(each: MadeAddress, _chance: random.Random) -> str:
    return " ".join(SHORT.get(word, word) for word in each.first_line.split())


def _dressed(each: MadeAddress, chance: random.Random) -> str:
    before = chance.choice(("Maison des associations, ", "Bât. B, ", "2e étage, "))
    return f"{before}{each.first_line}, BP {chance.randrange(10, 999)}"


def _misspelt(each: MadeAddress, chance: random.Random) -> str:
    kind, _, name = each.street.partition(" ")
    return f"{each.number} {kind} {typo(name, chance)}"


def _other_kind(each: MadeAddress, chance: random.Random) -> str:
    kinds = [kind for kind in ("Rue", "Avenue", "Place", "Chemin") if kind not in each.street]
    return f"{each.number} {chance.choice(kinds)} {each.street.partition(' ')[2]}"


KINDS: dict[str, Callable[[MadeAddress, random.Random], str]] = {
    "juste": lambda each, _chance: each.first_line,
    "sans accents, en capitales": lambda each, _chance: _bare(each.first_line),
    "abrégée": _shortened,
    "avec bâtiment et BP": _dressed,
    "une faute": _misspelt,
    "numéro absent": lambda each, _chance: f"{int(each.number) + 200} {each.street}",
    "autre sorte de voie": _other_kind,
    "voie absente": lambda each, chance: f"{each.number} Rue {chance.choice(NOWHERE)}",
}


def _bare(text: str) -> str:
    folded = pd.Series([text]).str.normalize("NFKD").str.encode("ascii", "ignore")
    return str(folded.str.decode("ascii").iloc[0]).upper()


def is_right(case: Case, longitude: float, latitude: float) -> bool:
    """Whether a point is that of the address meant, or of its street when it has no such number."""
    return (
        case.truth is not None
        and abs(longitude - case.truth.longitude) < 1e-5
        and abs(latitude - case.truth.latitude) < 1e-5
    )


def as_csv(rows: list[Case]) -> bytes:
    """Write the rows as a member would send them."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(("adresse", "cp", "ville"))
    writer.writerows((case.address, case.postcode, case.town) for case in rows)
    return stream.getvalue().encode()


def typo(name: str, chance: random.Random) -> str:
    """Change, lose, add or swap one letter."""
    at = chance.randrange(len(name))
    return chance.choice(
        (
            name[:at] + chance.choice(LETTERS) + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + chance.choice(LETTERS) + name[at:],
            name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        )
    )
