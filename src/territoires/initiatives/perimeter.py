"""The territory of an initiative, and what is known of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.initiatives.directory import Directory
from territoires.initiatives.schema import split_list
from territoires.territory import Territoire, territory_from_code, territory_from_communes
from territoires.territory.territoire import ARM_LEVEL

WHOLE = "communes"
"""The only perimeter that is exactly the communes given; of the others, no population is told."""

QUARTIER = "quartier"


def perimeter_of(register: Register, directory: Directory, identifier: str) -> Territoire | None:
    """Return the communes of an initiative as a territory.

    Parameters
    ----------
    identifier : str
        Of a row of the directory.

    Returns
    -------
    Territoire or None
        ``None`` when no commune is known. ``partiel`` for a quartier, or inside a municipal
        arrondissement, whose outline it then takes. The population is only given for whole
        communes: an intercommunal perimeter is to be checked, a main commune is not the whole.

    Raises
    ------
    InvalidRequest
        The directory has no such initiative.
    """
    if identifier not in directory.frame.index:
        raise InvalidRequest(f"Aucune initiative n'a l'identifiant « {identifier[:120]} ».")
    row = directory.frame.loc[identifier]
    codes = split_list(str(row["communes_resolues"]))
    if not codes:
        return None
    name, perimeter = str(row["nom"]), str(row["perimetre"])
    typed = split_list(str(row["communes_couvertes"])) or (str(row["code_commune"]),)
    territory = _arrondissement(register, typed) or territory_from_communes(
        register, codes, name, partiel=perimeter == QUARTIER
    )
    told = territory.population if perimeter == WHOLE else None
    return replace(territory, nom=name, population=told)


def initiatives_in(directory: Directory, place: Territoire) -> pd.DataFrame:
    """Return the initiatives that stand in a territory, or cover it: rows of ``Directory.frame``.

    In a municipal arrondissement, those that name it: its city holds many others.
    """
    inside = directory.filter(communes=place.communes).frame
    if place.niveau == ARM_LEVEL:
        return inside[inside["code_commune"] == place.code.partition(":")[2]]
    return inside


def _arrondissement(register: Register, typed: tuple[str, ...]) -> Territoire | None:
    inferior = register.inferior
    municipal = inferior.loc[inferior["nature"] == ARM_LEVEL, "code"]
    if len(typed) == 1 and typed[0] in set(municipal):
        return replace(territory_from_code(register, f"arm:{typed[0]}"), partiel=True)
    return None
