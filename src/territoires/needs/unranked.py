"""The places that an index does not rank, and why: what is missing, and how it is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territoires.indicators import MISSING_TEXT, STATUS_LABELS, IndicatorTable, format_share
from territoires.needs.index import NeedIndex

COVERAGE, MISSING, REASON = "couverture", "manquants", "motif"
_OTHER = "publie"  # published, and yet not comparable with the rest


def unranked(index: NeedIndex, table: IndicatorTable) -> pd.DataFrame:
    """List the places that an index does not rank.

    Parameters
    ----------
    index : NeedIndex
        Over places of ``table``.
    table : IndicatorTable
        Says how each figure is missing.

    Returns
    -------
    DataFrame
        Index: place, in the order of the index; ``couverture`` (float, 0–1), ``manquants`` (int, of
        the indicators that count) and ``motif`` (French).
    """
    places = index.rank.index[index.rank.isna()]
    items = [item.code for item in index.recipe.items if item.weight > 0]
    lacking = index.normalised.loc[places, items].isna()
    how = table.statuses.loc[places, items].astype(str).where(lacking, "")
    coverage = index.coverage.loc[places]
    return pd.DataFrame(
        {
            COVERAGE: coverage,
            MISSING: lacking.sum(axis="columns"),
            REASON: _reasons(index, table, how, coverage),
        },
        index=places,
    )


def _reasons(
    index: NeedIndex, table: IndicatorTable, how: pd.DataFrame, coverage: pd.Series
) -> list[str]:
    """Write the reason of each row; those that lack the same things share one sentence."""
    labels = [table.catalogue[str(code)].label for code in how.columns]
    rows = how.assign(_couverture=coverage.round(6)).to_numpy(dtype=object)
    written: dict[tuple[object, ...], str] = {}
    reasons = []
    for row in map(tuple, rows):
        if row not in written:
            written[row] = _reason(index, labels, [str(status) for status in row[:-1]], row[-1])
        reasons.append(written[row])
    return reasons


def _reason(index: NeedIndex, labels: list[str], statuses: list[str], coverage: float) -> str:
    missing = [
        f"{label} ({_word(status)})"
        for label, status in zip(labels, statuses, strict=True)
        if status
    ]
    lacks = f"il manque : {', '.join(missing)}" if missing else "rien ne manque"
    if index.recipe.is_rule:
        return f"ce qui manque peut changer la réponse ; {lacks}"
    if not np.isfinite(coverage) or coverage <= 0:
        return f"aucun indicateur connu ; {lacks}"
    known, least = format_share(float(coverage)), format_share(index.recipe.min_coverage)
    return f"{known} du poids connu, il en faut {least} ; {lacks}"


def _word(status: str) -> str:
    if status in (_OTHER, "hors_champ"):
        return "hors champ"
    return STATUS_LABELS.get(status, MISSING_TEXT)
