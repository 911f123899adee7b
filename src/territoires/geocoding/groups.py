"""Recognises the name of an EPCI, which a list may give where a commune is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from territoires.communes import Register
from territoires.geocoding.evidence import Clues
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.normalise import read_town

_NATURE = re.compile(
    r"^(?:communaute (?:de )?communes|communaute (?:d )?agglomeration|communaute urbaine|"
    r"communaute|metropole|agglomeration|agglo|etablissement public territorial|epci|interco|"
    r"cc|ca|cu|ept|me)\b"
)
_LINK = re.compile(r"^(?:de la|de l|du|des|de|d|le|la|les|l) ")


class Group(NamedTuple):
    """An EPCI, or an EPT of Greater Paris.

    Attributes
    ----------
    code, nom : str
        SIREN and official name.
    communes : tuple of str
        Its members.
    """

    code: str
    nom: str
    communes: tuple[str, ...]


def intercommunal(clues: Clues, gazetteer: Gazetteer) -> Group | None:
    """Return the EPCI that a name is, if it is the name of one and of no commune.

    Parameters
    ----------
    clues : Clues
        What the row says; an address on one line never names an EPCI.
    gazetteer : Gazetteer
        Names of communes, and the register that has those of EPCI.

    Returns
    -------
    Group or None
        Found with or without its nature (``"CC"``, ``"communauté de communes"``); with it, the
        start of a single name is enough. ``None`` when several EPCI answer.
    """
    key = clues.town.key
    if not key or clues.in_line or gazetteer.in_france.spelt(clues.town):
        return None
    names = _names(gazetteer.register)
    bare = _bare(key)
    found = names.get(bare, ())
    if not found and _NATURE.match(key) and bare:
        started = {codes for name, codes in names.items() if name.startswith(f"{bare} ")}
        found = next(iter(started)) if len(started) == 1 else ()
    if len(found) != 1:
        return None
    level, code = found[0]
    register = gazetteer.register
    return Group(code, register.name_of(level, code), register.codes_of(level, code))


@lru_cache(maxsize=4)
def _names(register: Register) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the EPCI and EPT by bare name, as (level, code)."""
    names: dict[str, list[tuple[str, str]]] = {}
    for level, table in (("epci", register.epci), ("ept", register.ept)):
        for code, nom in table["nom"].items():
            names.setdefault(_bare(read_town(nom).key), []).append((level, str(code)))
    return {name: tuple(found) for name, found in names.items()}


def _bare(key: str) -> str:
    return _LINK.sub("", _NATURE.sub("", key).strip())
