"""The candidates as a table for people: the columns of our exports."""

from __future__ import annotations

import pandas as pd

from territoires.candidates.explain import why
from territoires.candidates.search import CONTRIBUTION, CandidateList
from territoires.indicators import for_a_table

_SCORE_DECIMALS = 4
_DISTANCE_DECIMALS = 1


def candidate_table(candidates: CandidateList) -> pd.DataFrame:
    """Lay out the candidates to be shown, one row each, in order.

    Returns
    -------
    DataFrame
        RangeIndex; ``rang, nom, nature`` (``commune``), ``codes_communes, departement, region,
        epci, population, score`` (0–1), ``couverture`` (0–1), ``rang_reference``,
        ``initiative_proche, distance_km, valeur_<indicator>, statut_<indicator>,
        contribution_<indicator>, motif``.
        Missing stays missing.
    """
    frame = candidates.frame
    context = candidates.context
    register = context.register
    columns: dict[str, object] = {
        "rang": frame["rang"],
        "nom": frame["nom"],
        "nature": "commune",
        "codes_communes": frame.index.to_series(),
        "departement": frame["code_departement"].map(register.departements["nom"]),
        "region": frame["code_region"].map(register.regions["nom"]),
        "epci": frame["code_epci"].map(register.epci["nom"]),
        "population": frame["population"],
        "score": frame["score"].round(_SCORE_DECIMALS),
        "couverture": frame["couverture"].round(_SCORE_DECIMALS),
        "rang_reference": frame["rang_reference"],
        "initiative_proche": frame["id_initiative_proche"].map(context.directory.frame["nom"]),
        "distance_km": frame["distance_km"].round(_DISTANCE_DECIMALS),
    }
    for code in candidates.recipe.codes:
        values = context.indicators.values[code].loc[frame.index]
        columns[f"valeur_{code}"] = for_a_table(context.indicators.indicator(code), values)
        statuses = context.indicators.statuses[code].loc[frame.index]
        columns[f"statut_{code}"] = statuses.astype("str")
    for code in candidates.recipe.codes:
        columns[f"contribution_{code}"] = frame[CONTRIBUTION + code].round(_SCORE_DECIMALS)
    columns["motif"] = [why(candidates, str(code)) for code in frame.index]
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)
