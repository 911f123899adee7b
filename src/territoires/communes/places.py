"""What the search box can find: places of every kind, their names, codes and position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from territoires.tables.text import plain

if TYPE_CHECKING:
    from territoires.communes.register import Register

FORMER_KIND = "ancienne_commune"
ARM_KIND = "arrondissement_municipal"

_PREFIXES = {
    "commune": "com",
    FORMER_KIND: "com",
    ARM_KIND: "arm",
    "epci": "epci",
    "ept": "ept",
    "departement": "dep",
    "region": "reg",
}


@dataclass(frozen=True)
class Place:
    """One answer of the search box.

    Attributes
    ----------
    kind : str
        ``commune``, ``epci``, ``ept``, ``departement``, ``region``, ``arrondissement_municipal``
        or ``ancienne_commune``.
    code : str
        Its code; that of the present commune for a former one.
    label : str
        In French, for people: ``Le Vigan (30350) — Gard``.
    longitude, latitude : float
        Reference point, degrees; that of the most populous commune for a group.
    bounds : tuple of float
        West, south, east, north, degrees: what the map should show.
    """

    kind: str
    code: str
    label: str
    longitude: float
    latitude: float
    bounds: tuple[float, float, float, float]

    @property
    def territory(self) -> str:
        """Typed code of the territory to open: ``com:30350``, ``epci:…``, ``arm:75113``."""
        return f"{_PREFIXES[self.kind]}:{self.code}"


class Entry(NamedTuple):
    """One name in the index: an answer not yet drawn on a map."""

    kind: str
    code: str
    name: str
    weight: int  # inhabitants, see entries(); −1 for a name that is no longer in use
    departement: str = ""  # code; empty for what spreads over several
    postcodes: str = ""
    former_code: str = ""

    @property
    def territory(self) -> str:
        """Typed code of the territory it names."""
        return f"{_PREFIXES[self.kind]}:{self.code}"

    @property
    def in_use(self) -> bool:
        """Whether the name is that of something that exists today."""
        return self.kind != FORMER_KIND


def entries(register: Register) -> Iterator[Entry]:
    """List all names of a register: communes first, so that they win at equal weight."""
    yield from _communes(register)
    yield from _municipal_arrondissements(register)
    for kind in ("epci", "ept", "departement", "region"):
        yield from _groups(register, kind)
    yield from _former(register)


def _communes(register: Register) -> Iterator[Entry]:
    table = register.communes
    columns = (
        table.index.tolist(),
        table["nom"].tolist(),
        table["population"].fillna(0).tolist(),
        table["code_departement"].tolist(),
        table["codes_postaux"].fillna("").tolist(),
    )
    for code, name, weight, departement, postcodes in zip(*columns, strict=True):
        yield Entry("commune", code, name, weight, departement, postcodes)


def _municipal_arrondissements(register: Register) -> Iterator[Entry]:
    table = register.inferior[register.inferior["nature"] == ARM_KIND]
    columns = (
        table["code"].tolist(),
        table["nom"].tolist(),
        table["population"].fillna(0).tolist(),
        table["codes_postaux"].fillna("").tolist(),
    )
    for code, name, weight, postcodes in zip(*columns, strict=True):
        yield Entry(ARM_KIND, code, name, weight, postcodes=postcodes)


def _groups(register: Register, level: str) -> Iterator[Entry]:
    population = register.communes["population"].fillna(0).to_numpy(dtype="int64")
    # An intercommunality comes just after its main commune, after which it is often named.
    weigh = (lambda of: of.max() - 1) if level in ("epci", "ept") else np.sum
    for code, name in register.tables[level]["nom"].items():
        members = register.positions(register.codes_of(level, str(code)))
        yield Entry(level, str(code), str(name), int(weigh(population[members])))


def _former(register: Register) -> Iterator[Entry]:
    below = register.inferior[register.inferior["nature"] != ARM_KIND]
    rows = pd.concat(
        [
            below[["code", "nom", "code_commune"]].set_axis(["code", "nom", "codes"], axis=1),
            register.former[["code_ancien", "nom", "codes_communes"]].set_axis(
                ["code", "nom", "codes"], axis=1
            ),
        ]
    ).dropna()
    departements = dict(register.communes["code_departement"].items())
    # The present name of a commune is no news; nor is the same former name, twice told.
    seen = {(str(code), plain(str(name))) for code, name in register.communes["nom"].items()}
    for old_code, name, codes in rows.itertuples(index=False, name=None):
        for code in codes.split(";"):
            known = (code, plain(name))
            if code in departements and known not in seen:
                seen.add(known)
                yield Entry(FORMER_KIND, code, name, -1, departements[code], former_code=old_code)


def place_of(register: Register, entry: Entry) -> Place:
    """Draw an entry: its label, its reference point and its bounds."""
    if entry.kind == ARM_KIND:
        return _place_of_arrondissement(register, entry)
    level = "commune" if entry.kind == FORMER_KIND else entry.kind
    rows = register.positions(register.codes_of(level, entry.code))
    main = register.communes.iloc[register.main_row(rows)]
    corners = register.bounds[rows]
    return Place(
        entry.kind,
        entry.code,
        _label(register, entry, main),
        float(main["longitude"]),
        float(main["latitude"]),
        _box(corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)),
    )


def _place_of_arrondissement(register: Register, entry: Entry) -> Place:
    row = int(np.flatnonzero(register.inferior["code"] == entry.code)[0])
    outline = register.inferior_geometries[row]
    label = f"{entry.name} ({entry.code})"
    if outline is None:
        parent = Entry("commune", str(register.inferior["code_commune"].iloc[row]), "", 0)
        drawn = place_of(register, parent)
        return Place(ARM_KIND, entry.code, label, drawn.longitude, drawn.latitude, drawn.bounds)
    inside = outline.representative_point()
    return Place(ARM_KIND, entry.code, label, inside.x, inside.y, outline.bounds)


def _box(
    south_west: np.ndarray[tuple[int], np.dtype[np.float64]],
    north_east: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> tuple[float, float, float, float]:
    west, south = south_west.tolist()
    east, north = north_east.tolist()
    return west, south, east, north


def _label(register: Register, entry: Entry, main: pd.Series) -> str:
    departement = register.name_of("departement", str(main["code_departement"]))
    if entry.kind == FORMER_KIND:
        return f"{entry.name}, aujourd'hui {main['nom']} ({entry.code}) — {departement}"
    if entry.kind == "commune":
        return f"{entry.name} ({entry.code}) — {departement}"
    if entry.kind == "departement":
        return f"{entry.name} (département {entry.code})"
    if entry.kind == "region":
        return f"{entry.name} (région {entry.code})"
    return f"{entry.name} ({entry.kind.upper()} {entry.code}) — {departement}"
