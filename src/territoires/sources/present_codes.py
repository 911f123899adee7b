"""The commune of today of any code: of another year, or of a municipal arrondissement."""

from __future__ import annotations

import pandas as pd

from territoires.communes import Register
from territoires.sources.conversion_passages import Passages


def present_codes(codes: pd.Series, year: int, register: Register, passages: Passages) -> pd.Series:
    """Return the commune of today of each code of a year.

    Municipal arrondissements are of their city; codes older than the table of changes, of the only
    commune they went to.

    Parameters
    ----------
    codes : Series of str
        Codes of communes or of municipal arrondissements.
    year : int
        Of the official code that they are of.
    register : Register
        Communes of today.
    passages : Passages
        What became of the others.

    Returns
    -------
    Series of str
        Same index; the code itself where nothing is known of it.
    """
    heirs, today = passages.merged(year), register.communes.index
    placed = codes.map({**_former(register), **heirs, **arrondissements(register)}).fillna(codes)
    return codes.where(codes.isin(today) & ~codes.isin(heirs), placed)


def beside_their_city(codes: pd.Series, register: Register) -> pd.Series:
    """Say whether each code is a municipal arrondissement of a city that is there too.

    Returns
    -------
    Series of bool
        Same index as the codes.
    """
    return codes.map(arrondissements(register)).isin(set(codes))


def arrondissements(register: Register) -> dict[str, str]:
    """Return the commune of each municipal arrondissement of Paris, Lyon and Marseille, by code."""
    rows = register.inferior
    rows = rows[rows["nature"] == "arrondissement_municipal"]
    return dict(zip(rows["code"], rows["code_commune"], strict=True))


def _former(register: Register) -> dict[str, str]:
    """Return the commune of each code older than the table of changes, where it is only one."""
    rows = register.former
    rows = rows[rows["ambigu"].astype(str) == "0"]
    return dict(zip(rows["code_ancien"], rows["codes_communes"], strict=True))
