"""Finds the territory that a person means, and never guesses between two."""

from __future__ import annotations

from collections.abc import Sequence

from territoires.communes import LEVELS, Register
from territoires.communes.levels import COUNTRY_CODE, COUNTRY_NAME
from territoires.errors import AmbiguousTerritory, InvalidRequest, UnknownTerritory
from territoires.tables.text import plain
from territoires.territory.making import ARM_PREFIX, MAKERS, territory_from_code
from territoires.territory.territoire import ARM_LEVEL, QPV_LEVEL, Territoire, arm_row

_ARRONDISSEMENT = "arrondissement"
_CLOSE_NAMES = 5
_LISTED = 12


def find_territory(register: Register, text: str, level: str | None = None) -> Territoire:
    """Find a territory by its code, typed or bare, or by its name.

    Parameters
    ----------
    register : Register
        The communes.
    text : str
        ``reg:76``, ``76``, ``Occitanie``; accents and case do not count.
    level : str, optional
        A level of the grid, or ``arrondissement_municipal``, to look at nothing else. Without it,
        an arrondissement, which is named after its main commune, gives way to everything else.

    Raises
    ------
    UnknownTerritory
        Nothing answers; the message gives close names.
    AmbiguousTerritory
        Several different territories answer; the message lists their codes.
    InvalidRequest
        The level does not exist, or the text is empty.
    """
    if level is not None and level not in (*LEVELS, ARM_LEVEL):
        raise InvalidRequest(f"Niveau inconnu : {level[:40]}. Niveaux : {', '.join(LEVELS)}.")
    wanted = text.strip()
    if not wanted:
        raise InvalidRequest("Donnez le code ou le nom d'un territoire.")
    found = _answers(register, wanted, level)
    kept = [territory for territory in found if level in (None, territory.niveau)]
    if level is None:
        kept = [one for one in found if one.niveau != _ARRONDISSEMENT] or found
    if not kept:
        raise _unknown(register, wanted, level, elsewhere=found)
    # Paris, commune and département, is one place: the smallest level stands for both.
    if len({(territory.communes, territory.partiel) for territory in kept}) > 1:
        raise _ambiguous(register, wanted, kept)
    return kept[0]


def _answers(register: Register, text: str, level: str | None) -> list[Territoire]:
    if text.partition(":")[0].lower() in MAKERS and ":" in text:
        return [territory_from_code(register, text)]
    codes = _codes_equal_to(register, text) or _codes_named(register, text, level)
    return [territory_from_code(register, code) for code in dict.fromkeys(codes)]


def _codes_equal_to(register: Register, text: str) -> list[str]:
    bare = text.upper()
    typed = [
        f"{LEVELS[level].prefix}:{bare}"
        for level, table in register.tables.items()
        if bare in table.index
    ]
    if arm_row(register, bare) is not None:
        typed.append(f"{ARM_PREFIX}:{bare}")
    if bare in register.neighbourhoods.index:
        typed.append(f"{QPV_LEVEL}:{bare}")
    return typed


def _codes_named(register: Register, text: str, level: str | None) -> list[str]:
    if level not in (None, "commune", ARM_LEVEL):
        # A short table is read faster than the index of all names is built.
        in_table = _named_in_table(register, str(level), text)
        if in_table:
            return in_table
    typed = [entry.territory for entry in register.place_index.named(text) if entry.in_use]
    typed += _named_in_table(register, _ARRONDISSEMENT, text)
    return [f"pays:{COUNTRY_CODE}", *typed] if plain(text) == plain(COUNTRY_NAME) else typed


def _named_in_table(register: Register, level: str, text: str) -> list[str]:
    table, name = register.tables.get(level), plain(text)
    if table is None:
        return []
    prefix = LEVELS[level].prefix
    return [f"{prefix}:{code}" for code, nom in table["nom"].items() if plain(nom) == name]


def _unknown(
    register: Register, text: str, level: str | None, elsewhere: Sequence[Territoire]
) -> UnknownTerritory:
    kind = f" de niveau « {level} »" if level else ""
    message = f"Aucun territoire{kind} ne répond à « {text[:60]} »."
    if elsewhere:
        return UnknownTerritory(
            f"{message} Existe à un autre niveau : {_listed(register, elsewhere)}."
        )
    former = [entry for entry in register.place_index.named(text) if not entry.in_use]
    if former and level in (None, "commune"):
        present = [territory_from_code(register, entry.territory) for entry in former]
        return UnknownTerritory(
            f"{message} Ancienne commune, aujourd'hui : {_listed(register, present)}."
        )
    close = [
        territory_from_code(register, entry.territory)
        for entry in register.place_index.close_names(text, 4 * _CLOSE_NAMES)
        if entry.in_use
    ]
    close = [territory for territory in close if level in (None, territory.niveau)][:_CLOSE_NAMES]
    hint = (
        f" Noms proches : {_listed(register, close)}." if close else " Vérifiez le code ou le nom."
    )
    return UnknownTerritory(message + hint)


def _ambiguous(register: Register, text: str, found: Sequence[Territoire]) -> AmbiguousTerritory:
    return AmbiguousTerritory(
        f"« {text[:60]} » désigne plusieurs territoires : {_listed(register, found)}. "
        "Donnez le code de celui que vous voulez."
    )


def _listed(register: Register, territories: Sequence[Territoire]) -> str:
    shown = [_described(register, territory) for territory in territories[:_LISTED]]
    more = len(territories) - len(shown)
    return ", ".join(shown) + (f" et {more} autres" if more > 0 else "")


def _described(register: Register, territory: Territoire) -> str:
    if territory.niveau not in ("commune", "epci", "ept", "arrondissement"):
        return f"{territory.code} ({territory.nom})"
    departement = str(register.communes["code_departement"][territory.communes[0]])
    where = register.name_of("departement", departement)
    return f"{territory.code} ({territory.nom}, {where})"
