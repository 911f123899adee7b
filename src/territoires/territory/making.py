"""Makes territories from a typed code or from communes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes import LEVELS, Register
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.territory.territoire import ARM_LEVEL, QPV_LEVEL, Territoire, arm_row
from territoires.territory.zone import ZONE_PREFIX, zone_from_code

GROUP_LEVEL = "groupe"
PART_LEVEL = "partie"
ZONE_LEVEL = "zone"
ARM_PREFIX = "arm"
_THIN_SPACE = "\u202f"


def territory_from_code(register: Register, code: str) -> Territoire:
    """Return the territory that has a typed code.

    Parameters
    ----------
    register : Register
        The communes.
    code : str
        As :attr:`Territoire.code`; the order of communes in a ``groupe:`` does not matter.

    Raises
    ------
    UnknownTerritory
        Nothing has this code, or it draws no area that holds a commune.
    """
    prefix, colon, bare = code.strip().partition(":")
    make = MAKERS.get(prefix.lower())
    if not colon or make is None:
        known = ", ".join(f"{prefix}:" for prefix in MAKERS)
        message = f"« {code[:40]} » n'est pas un code de territoire ; préfixes connus : {known}."
        raise UnknownTerritory(message)
    return make(register, bare.strip().upper())


def territory_from_communes(
    register: Register,
    codes: Iterable[str],
    nom: str,
    partiel: bool = False,
    population: int | None = None,
) -> Territoire:
    """Make a territory of communes.

    Parameters
    ----------
    register : Register
        The communes.
    codes : iterable of str
        Any order; repetitions count once.
    nom : str
        For people.
    partiel : bool
        Whether only a part of these communes is meant.
    population : int, optional
        Of the part, when it is known; otherwise that of the communes, for a whole one.

    Raises
    ------
    InvalidRequest
        No commune at all.
    UnknownTerritory
        A code is not that of a commune in force.
    """
    members = tuple(sorted(set(codes)))
    if not members:
        raise InvalidRequest("Un territoire comprend au moins une commune.")
    rows = register.positions(members)
    if population is None and not partiel:
        population = _population(register, rows)
    level = PART_LEVEL if partiel else GROUP_LEVEL if len(members) > 1 else "commune"
    prefix = "com" if level == "commune" else level
    return Territoire(f"{prefix}:{'-'.join(members)}", nom, level, members, partiel, population)


def _of_level(level: str) -> Callable[[Register, str], Territoire]:
    def make(register: Register, code: str) -> Territoire:
        members = register.codes_of(level, code)
        population = _population(register, register.positions(members))
        typed = f"{LEVELS[level].prefix}:{code}"
        return Territoire(typed, register.name_of(level, code), level, members, False, population)

    return make


def _of_arrondissement(register: Register, code: str) -> Territoire:
    row = arm_row(register, code)
    if row is None:
        message = f"Aucun arrondissement municipal n'a le code {code[:20]}."
        raise UnknownTerritory(message)
    unit = register.inferior.iloc[row]
    known = unit["population"]
    return Territoire(
        f"{ARM_PREFIX}:{code}",
        str(unit["nom"]),
        ARM_LEVEL,
        (str(unit["code_commune"]),),
        True,
        None if pd.isna(known) else int(known),
    )


def _of_neighbourhood(register: Register, code: str) -> Territoire:
    known = register.neighbourhoods
    members = known["codes_communes"].get(code, "")
    if not members:
        message = (
            f"Aucun quartier prioritaire (QPV) de code {code[:20]} dans les données en service. "
            "Leur liste se lit par : territoires actualiser anct_qpv"
        )
        raise UnknownTerritory(message)
    communes = tuple(members.split(";"))
    names = ", ".join(register.name_of("commune", commune) for commune in communes)
    population = known["population"][code]
    return Territoire(
        f"{QPV_LEVEL}:{code}",
        f"QPV {known['nom'][code]} ({names})",
        QPV_LEVEL,
        communes,
        True,
        None if pd.isna(population) else int(population),
    )


def _of_group(register: Register, code: str) -> Territoire:
    members = code.split("-")
    return territory_from_communes(register, members, _group_name(register, members))


def _of_part(register: Register, code: str) -> Territoire:
    members = code.split("-")
    name = f"Partie de {_group_name(register, members)}"
    return territory_from_communes(register, members, name, partiel=True)


def _of_zone(register: Register, code: str) -> Territoire:
    try:
        zone = zone_from_code(code)
        members = zone.communes(register)
    except InvalidRequest as error:
        raise UnknownTerritory(str(error)) from error
    population = _population(register, register.positions(members))
    count = f"{len(members):,}".replace(",", _THIN_SPACE)
    name = f"Zone dessinée ({count} commune{'s' if len(members) > 1 else ''})"
    return Territoire(zone.code, name, ZONE_LEVEL, members, False, population)


MAKERS: Mapping[str, Callable[[Register, str], Territoire]] = {
    **{level.prefix: _of_level(level.name) for level in LEVELS.values()},
    ARM_PREFIX: _of_arrondissement,
    QPV_LEVEL: _of_neighbourhood,
    GROUP_LEVEL: _of_group,
    PART_LEVEL: _of_part,
    ZONE_PREFIX: _of_zone,
}


def _group_name(register: Register, codes: Sequence[str]) -> str:
    """Name a group after its most populous commune."""
    communes = register.communes.iloc[register.positions(sorted(set(codes)))]
    main = int(np.argmax(communes["population"].fillna(-1).to_numpy(dtype="int64")))
    name = str(communes["nom"].iloc[main])
    others = len(communes) - 1
    if not others:
        return name
    return f"{name} et {others} autre{'s' if others > 1 else ''} commune{'s' if others > 1 else ''}"


def _population(register: Register, rows: npt.NDArray[np.int64]) -> int | None:
    known = register.communes["population"].iloc[rows].dropna()
    return int(known.sum()) if len(known) else None
