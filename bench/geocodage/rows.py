"""Rows drawn from the register, clean then spoilt; each knows its commune."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from bench.geocodage import noise
from territoires.communes import Register

ROWS = 100_000
FEWER = 20_000
SEED = 20260101


@dataclass(frozen=True, eq=False)
class Trial:
    """A list to place, and the answers.

    Attributes
    ----------
    group, name : str
        French: the list, and what was done to it.
    cells : DataFrame of str
        What the geocoder is given.
    truth : Series of str
        Commune of each row; for a list without codes, its département.
    judged_on : str
        ``commune`` or ``departement``.
    postcodes, towns : sequence of str
        What a peer that takes a postcode and a name is given; empty when the list has none.
    """

    group: str
    name: str
    cells: pd.DataFrame
    truth: pd.Series
    judged_on: str = "commune"
    postcodes: Sequence[str] = field(default=())
    towns: Sequence[str] = field(default=())


def trials(register: Register) -> Iterator[Trial]:
    """Yield the arrangements of clean rows, then each noise by level."""
    rows = drawn(register, ROWS)
    yield from _clean(rows)
    yield from _typos(rows)
    yield from _other_noise(rows.head(FEWER).copy(), register)
    yield from _stale(register)


def drawn(register: Register, count: int) -> pd.DataFrame:
    """Draw communes: code, name, one postcode, département, point."""
    communes = register.communes[register.communes["codes_postaux"].fillna("") != ""]
    rows = communes.sample(count, replace=True, random_state=SEED).reset_index()
    chance = random.Random(SEED)
    rows["cp"] = [chance.choice(codes.split(";")) for codes in rows["codes_postaux"]]
    return rows


def _clean(rows: pd.DataFrame) -> Iterator[Trial]:
    numbered = rows.index.astype("str") + " rue des Lilas"
    line = numbered + " " + rows["cp"] + " " + rows["nom"]
    point = {axis: rows[axis].map("{:.6f}".format) for axis in ("longitude", "latitude")}
    pair = {"cp": rows["cp"], "ville": rows["nom"]}
    everything = {"code_insee": rows["code_commune"], **pair, **point}
    yield _trial("adresses propres", "code postal et nom", rows, pair)
    yield _trial("adresses propres", "adresse sur une ligne", rows, {"adresse": line})
    department = {"dep": rows["code_departement"], "ville": rows["nom"]}
    yield _trial("adresses propres", "département et nom", rows, department, peer=False)
    code = {"code_insee": rows["code_commune"]}
    yield _trial("adresses propres", "code", rows, code, peer=False)
    yield _trial("adresses propres", "coordonnées", rows, point, peer=False)
    yield _trial("adresses propres", "code, nom, code postal, coordonnées", rows, everything)


def _typos(rows: pd.DataFrame) -> Iterator[Trial]:
    for count, size in ((1, ROWS), (2, FEWER), (3, FEWER)):
        some, chance = rows.head(size), random.Random(SEED + count)
        names = pd.Series([noise.typos(name, count, chance) for name in some["nom"]])
        words = "une faute" if count == 1 else f"{count} fautes"
        pair = {"cp": some["cp"], "ville": names}
        yield _trial("fautes de frappe", f"code postal et nom, {words}", some, pair)
        if count == 1:
            pair = {"dep": some["code_departement"], "ville": names}
            name = "département et nom, une faute"
            yield _trial("fautes de frappe", name, some, pair, peer=False)
            few, alone = rows.head(FEWER), {"ville": names.head(FEWER)}
            yield _trial("fautes de frappe", "nom seul, une faute", few, alone, peer=False)


def _other_noise(rows: pd.DataFrame, register: Register) -> Iterator[Trial]:
    spoilt: dict[str, Callable[[str], str]] = {
        "accents et tirets perdus": noise.without_accents,
        "nom tronqué aux 4/5": lambda name: noise.truncated(name, 0.8),
        "nom tronqué aux 3/5": lambda name: noise.truncated(name, 0.6),
        "nom tronqué aux 2/5": lambda name: noise.truncated(name, 0.4),
    }
    for name, spoil in spoilt.items():
        pair = {"cp": rows["cp"], "ville": rows["nom"].map(spoil)}
        yield _trial("autres bruits", name, rows, pair)
    lost = rows["cp"].str.replace(r"^0", "", regex=True)
    yield _trial("autres bruits", "zéro perdu", rows, {"cp": lost, "ville": rows["nom"]})
    yield _trial(
        "autres bruits", "colonnes code postal et nom interverties", rows,
        {"cp": rows["nom"], "ville": rows["cp"]},
    )  # fmt: skip
    yield _trial(
        "autres bruits", "colonnes code commune et code postal interverties", rows,
        {"code_insee": rows["cp"], "cp": rows["code_commune"], "ville": rows["nom"]},
    )  # fmt: skip
    wrong = {"cp": pd.Series(_next_door(rows, register)), "ville": rows["nom"]}
    yield _trial("autres bruits", "code postal d'une commune voisine", rows, wrong)


def _next_door(rows: pd.DataFrame, register: Register) -> list[str]:
    """Return a postcode of a neighbour that is not one of the commune; its own where none is."""
    codes = register.communes["codes_postaux"].fillna("")
    found = []
    for code, own in zip(rows["code_commune"], rows["cp"], strict=True):
        mine = set(codes[code].split(";"))
        others = [cp for each in register.neighbours(code) for cp in codes[each].split(";") if cp]
        found.append(next((cp for cp in others if cp not in mine), own))
    return found


def _stale(register: Register) -> Iterator[Trial]:
    """Names and codes that are no more, whose heir is one commune."""
    past = register.former[register.former["codes_communes"].fillna("").str.count(";") == 0]
    past = past[past["codes_communes"].isin(register.communes.index)].reset_index(drop=True)
    heirs = register.communes.loc[past["codes_communes"]]
    rows = pd.DataFrame(
        {
            "code_commune": past["codes_communes"],
            "nom": past["nom"],
            "ancien": past["code_ancien"],
            "code_departement": heirs["code_departement"].to_numpy(),
            "cp": heirs["codes_postaux"].fillna("").str.partition(";")[0].to_numpy(),
        }
    )
    pair = {"cp": rows["cp"], "ville": rows["nom"]}
    yield _trial("noms et codes périmés", "ancien nom et code postal", rows, pair)
    pair = {"dep": rows["code_departement"], "ville": rows["nom"]}
    yield _trial("noms et codes périmés", "ancien nom et département", rows, pair, peer=False)
    code = {"code_insee": rows["ancien"], "ville": rows["nom"]}
    yield _trial("noms et codes périmés", "ancien code et ancien nom", rows, code, peer=False)


def _trial(
    group: str, name: str, rows: pd.DataFrame, cells: dict[str, pd.Series], *, peer: bool = True
) -> Trial:
    frame = pd.DataFrame({key: list(values) for key, values in cells.items()}, dtype="str")
    truth = rows["code_commune"].astype("str").reset_index(drop=True)
    if not peer:
        return Trial(group, name, frame, truth)
    towns = frame["ville"] if "ville" in frame else rows["nom"]
    postcodes = frame["cp"] if "cp" in frame else rows["cp"]
    return Trial(group, name, frame, truth, "commune", postcodes.tolist(), towns.tolist())
