"""The candidates as a table for people: the columns of our exports."""

from __future__ import annotations

import pandas as pd

from territoires.candidates.explain import why
from territoires.candidates.search import CONTRIBUTION, CandidateList
from territoires.indicators import for_a_table

_SCORE_DECIMALS = 4
_DISTANCE_DECIMALS = 1
_NATURES = {"arrondissement_municipal": "partie", "qpv": "partie"}


def candidate_table(candidates: CandidateList) -> pd.DataFrame:
    """Lay out the candidates to be shown, one row each, in order.

    Returns
    -------
    DataFrame
        RangeIndex; ``rang, nom, nature`` (``commune``, ``groupe``, ``partie`` or ``epci``),
        ``codes_communes`` (joined by ``;``), ``code_territoire`` (typed, to take the file back as a
        selection), ``departement, region, epci`` (of the main commune),
        ``population, score`` (0–1), ``rang_min, rang_max`` (missing before
        :func:`with_intervals`), ``couverture`` (0–1), ``rang_reference, initiative_proche,
        distance_km, valeur_<indicator>, statut_<indicator>, contribution_<indicator>, motif``.
        Missing stays missing.
    """
    frame = candidates.frame
    context = candidates.context
    register = context.register
    places = [context.territory(str(code)) for code in frame.index]
    columns: dict[str, object] = {
        "rang": frame["rang"],
        "nom": frame["nom"],
        "nature": [_NATURES.get(place.niveau, place.niveau) for place in places],
        "codes_communes": [";".join(place.communes) for place in places],
        "code_territoire": [place.code for place in places],
        "departement": frame["code_departement"].map(register.departements["nom"]),
        "region": frame["code_region"].map(register.regions["nom"]),
        "epci": frame["code_epci"].map(register.epci["nom"]),
        "population": frame["population"],
        "score": frame["score"].round(_SCORE_DECIMALS),
        "rang_min": frame.get("rang_min", _unknown(len(frame))),
        "rang_max": frame.get("rang_max", _unknown(len(frame))),
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


def _unknown(count: int) -> pd.api.extensions.ExtensionArray:
    return pd.array([pd.NA] * count, dtype="Int64")
