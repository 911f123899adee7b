"""The levels of the French territorial grid that the register knows, from one commune to all.

A level has a prefix, because codes collide: ``76`` is a région (``reg:76``) and a département
(``dep:76``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One level of the grid.

    Attributes
    ----------
    name : str
        As code calls it: ``commune``, ``epci``, ``ept``, ``arrondissement``, ``departement``,
        ``region``, ``pays``.
    prefix : str
        What stands before the colon of a typed code.
    column : str or None
        Column of ``Register.communes`` that carries the code of this level.
    label : str
        In French, for people.
    """

    name: str
    prefix: str
    column: str | None
    label: str


LEVELS: dict[str, Level] = {
    level.name: level
    for level in (
        Level("commune", "com", None, "commune"),
        Level("epci", "epci", "code_epci", "EPCI"),
        Level("ept", "ept", "code_ept", "établissement public territorial"),
        Level("arrondissement", "arr", "code_arrondissement", "arrondissement"),
        Level("departement", "dep", "code_departement", "département"),
        Level("region", "reg", "code_region", "région"),
        Level("pays", "pays", None, "pays"),
    )
}

COUNTRY_CODE = "FR"
COUNTRY_NAME = "France"
