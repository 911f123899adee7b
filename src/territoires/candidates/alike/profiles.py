"""The territories that one looks like: their figures, added up as those of any territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable
from territoires.territory import Territoire

MEDIAN_CODE = "profil"


@dataclass(frozen=True, eq=False)
class Profile:
    """What is known of one reference.

    Attributes
    ----------
    code, nom : str
        Typed code and name of the territory.
    communes : tuple of str
        Its communes.
    population : float
        Inhabitants.
    values : Series of float
        Index: indicators; Σ numerators / Σ denominators of the communes (or the rule of the
        catalogue); NaN where nothing comparable is known of enough inhabitants.
    statuses : Series of str
        Same index.
    """

    code: str
    nom: str
    communes: tuple[str, ...]
    population: float
    values: pd.Series
    statuses: pd.Series


def profiles_of(
    communes: IndicatorTable, territories: Sequence[Territoire], min_part: float
) -> tuple[Profile, ...]:
    """Give every indicator of the reference territories.

    Parameters
    ----------
    communes : IndicatorTable
        Of the communes.
    territories : sequence of Territoire
        Whole ones; given twice, one counts once.
    min_part : float
        Share of the inhabitants of a territory that a figure must cover to count, 0–1.

    Returns
    -------
    tuple of Profile
        By code: the order in which they were typed changes nothing.

    Raises
    ------
    InvalidRequest
        No territory, or a part of a commune, which has no figures of its own.
    """
    unique = {territory.code: territory for territory in territories}
    ordered = [unique[code] for code in sorted(unique)]
    if not ordered:
        message = "Donnez au moins un territoire de référence, par exemple com:30350."
        raise InvalidRequest(message)
    for territory in ordered:
        _refuse_part(territory)
    members = pd.concat([pd.Series(one.code, index=list(one.communes)) for one in ordered])
    table = communes.for_groups(members)
    values = known_values(table, list(table.catalogue), min_part).T
    statuses = table.statuses.astype("str").T
    return tuple(
        Profile(
            code=one.code,
            nom=one.nom,
            communes=one.communes,
            population=float(table.population[one.code]),
            values=values[one.code],
            statuses=statuses[one.code],
        )
        for one in ordered
    )


def known_values(table: IndicatorTable, codes: Sequence[str], min_part: float) -> pd.DataFrame:
    """Return the figures of a table that may be compared; NaN elsewhere.

    Parameters
    ----------
    table : IndicatorTable
        Of communes, or of groups: the figure of a group must cover enough of its inhabitants.
    codes : sequence of str
        Indicators.
    min_part : float
        That share, 0–1.
    """
    chosen = list(codes)
    covered = table.coverage[chosen] >= min_part
    return table.comparable[chosen].where(covered)


def median_profile(profiles: Sequence[Profile], classes: Sequence[str]) -> Profile:
    """Return the median of each indicator over several references, as one profile.

    The median and not the mean: one dense city would draw the mean of the densities to itself.

    Parameters
    ----------
    profiles : sequence of Profile
        References.
    classes : sequence of str
        Indicators whose values are classes: the median is one of them, the lower of two.
    """
    values = pd.DataFrame([profile.values for profile in profiles])
    median = values.median()
    for code in classes:
        known = np.sort(values[code].dropna().to_numpy())
        median[code] = known[(len(known) - 1) // 2] if len(known) else np.nan
    return Profile(
        code=MEDIAN_CODE,
        nom=f"le profil médian de {len(profiles)} territoires",
        communes=tuple(sorted({code for profile in profiles for code in profile.communes})),
        population=float(np.median([profile.population for profile in profiles])),
        values=median,
        statuses=pd.Series("publie", index=median.index),
    )


def _refuse_part(territory: Territoire) -> None:
    if territory.partiel:
        message = (
            f"{territory.nom} ({territory.code}) n'est qu'une partie de commune : ses indicateurs "
            f"ne sont pas connus. Donnez la commune entière : com:{territory.communes[0]}."
        )
        raise InvalidRequest(message)
