"""The places alike as a table for people: the columns of our exports."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from territoires.candidates.alike.comparing import comparisons
from territoires.candidates.alike.finding import AlikeList
from territoires.candidates.alike.visits import initiatives_column
from territoires.candidates.alike.wording import common_points, differences
from territoires.candidates.wording import sentence_start
from territoires.communes import LEVELS, Register
from territoires.indicators import for_a_table

_DISTANCE_DECIMALS = 4


def alike_table(
    register: Register,
    alike: AlikeList,
    initiatives: Mapping[str, tuple[str, ...]],
    *,
    details: bool = False,
) -> pd.DataFrame:
    """Lay out the places alike, one row each, the most alike first.

    Parameters
    ----------
    register : Register
        Gives names.
    alike : AlikeList
        The search.
    initiatives : Mapping
        Of each place: :func:`initiatives_by_place`.
    details : bool
        Add what the distance is made of.

    Returns
    -------
    DataFrame
        RangeIndex; ``rang``, ``code_<level>``, ``nom, distance`` (0–1), ``population`` (Int64),
        ``departement, region, epci`` (communes only), ``couverture`` (0–1), ``comparaison`` (name
        of the reference, or of the profile, measured to), ``points_communs, differences,
        initiatives``. With ``details``, three columns by indicator: ``valeur_``, ``reference_``
        and ``ecart_`` (gap of rank, 0–1): the distance is √(Σ weight × gap² / Σ weight).
    """
    frame = alike.frame
    found = [comparisons(alike, str(place)) for place in frame.index]
    level = alike.query.level
    names = register.tables[level]["nom"]
    columns: dict[str, object] = {
        "rang": frame["rang"],
        f"code_{level}": frame.index.to_series(),
        "nom": names.reindex(frame.index),
        "distance": frame["distance"].round(_DISTANCE_DECIMALS),
        "population": frame["population"].astype("Int64"),
        **(_where(register, frame.index) if level == "commune" else {}),
        "couverture": frame["couverture"].round(_DISTANCE_DECIMALS),
        "comparaison": [alike.targets[at].nom for at in frame["reference"]],
        "points_communs": [sentence_start(common_points(alike, one)) for one in found],
        "differences": [sentence_start(differences(alike, one)) for one in found],
        "initiatives": initiatives_column(frame.index, initiatives),
        **(_details(alike) if details else {}),
    }
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _where(register: Register, index: pd.Index) -> dict[str, object]:
    communes = register.communes.loc[index]
    return {
        level: communes[str(LEVELS[level].column)].map(register.tables[level]["nom"])
        for level in ("departement", "region", "epci")
    }


def _details(alike: AlikeList) -> dict[str, object]:
    index, nearest = alike.frame.index, alike.frame["reference"]
    gaps = alike.gaps.loc[index]
    columns: dict[str, object] = {}
    for code in alike.query.codes:
        indicator = alike.places.catalogue[code]
        theirs = pd.Series([alike.targets[at].values[code] for at in nearest], index=index)
        columns[f"valeur_{code}"] = for_a_table(indicator, alike.places.values[code].loc[index])
        columns[f"reference_{code}"] = for_a_table(indicator, theirs)
        columns[f"ecart_{code}"] = gaps[code].round(_DISTANCE_DECIMALS)
    return columns
