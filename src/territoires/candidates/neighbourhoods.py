"""What must be said of priority neighbourhoods (QPV) that are offered as parts, or are not."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from territoires.candidates.wording import plural
from territoires.communes import Register


def own_figure(register: Register, part: str) -> str:
    """Say, after the figures of the whole commune, which one is that of the neighbourhood itself.

    Returns
    -------
    str
        Empty for another part.
    """
    if part not in register.neighbourhoods.index:
        return ""
    year = register.neighbourhoods["annee_population"][part]
    return f" ; la population est celle du quartier (Insee{f', {year}' if year else ''})"


def neighbourhood_notes(register: Register, communes: Collection[str]) -> tuple[str, ...]:
    """Say which neighbourhoods of communes that are offered in part could not be offered, and why.

    Parameters
    ----------
    communes : collection of str
        Communes offered in part.
    """
    known = register.neighbourhoods
    lists = known["codes_communes"].str.split(";")
    here = lists.map(lambda places: not set(communes).isdisjoint(places)).astype(bool)
    several = here & known["codes_communes"].str.contains(";").astype(bool)
    unknown = here & ~several & known["population"].isna()
    notes = []
    if unknown.any():
        notes.append(
            f"{_counted(unknown)} de communes trop peuplées, sans population dans les données en "
            "service : pas proposés. L'Insee la publie : territoires actualiser "
            "insee_qpv_population --depuis FICHIER."
        )
    if several.any():
        notes.append(
            f"{_counted(several)} sur plusieurs communes : pas proposés, leur population n'étant "
            "pas publiée commune par commune."
        )
    return tuple(notes)


def _counted(chosen: pd.Series) -> str:
    return plural(int(chosen.sum()), "quartier prioritaire (QPV)", "quartiers prioritaires (QPV)")
