"""How much of the country each figure covers, how old it is, and where it is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from territoires.indicators.catalogue import Indicator
from territoires.indicators.reading import STATUSES
from territoires.indicators.table import IndicatorTable

_QUARTER = re.compile(r"(\d{4})-T([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?!\d)")
_NAMED_MONTH = re.compile(r"(\w+) (\d{4})")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_IN_YEAR = 12


def coverage(table: IndicatorTable, codes: Iterable[str] | None = None) -> pd.DataFrame:
    """Count what each indicator covers.

    Parameters
    ----------
    table : IndicatorTable
        Of the communes.
    codes : iterable of str, optional
        Indicators; all by default.

    Returns
    -------
    DataFrame
        Index: indicator; ``communes`` and ``habitants`` (shares between 0 and 1 that have a
        figure), then one count of communes by status.
    """
    chosen = list(table.catalogue if codes is None else codes)
    known = table.values[chosen].notna()
    weights = table.population.to_numpy()
    rows = {
        code: {
            "communes": float(known[code].mean()),
            "habitants": float((known[code].to_numpy() * weights).sum() / weights.sum()),
            **_counts(table.statuses[code]),
        }
        for code in chosen
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def coverage_by_departement(table: IndicatorTable, code: str) -> pd.DataFrame:
    """Count what one indicator covers, département by département.

    Returns
    -------
    DataFrame
        Index: code of the département, sorted; ``total`` communes, ``communes`` (share that has a
        figure, between 0 and 1), then one count by status.

    Raises
    ------
    InvalidRequest
        No indicator has this code.
    """
    table.indicator(code)
    groups = table.departements
    counts = pd.crosstab(groups, table.statuses[code].astype("str"))
    counts = counts.reindex(columns=list(STATUSES), fill_value=0)
    known = table.values[code].notna().groupby(groups).agg(["size", "mean"])
    counts.insert(0, "total", known["size"])
    counts.insert(1, "communes", known["mean"])
    return counts.rename_axis("code_departement").rename_axis(None, axis="columns")


def age_in_months(indicator: Indicator, today: date) -> int | None:
    """Return how long ago the period of a figure ended.

    Where the figure is made of several periods, the oldest counts; nothing when the vintage is
    not a date.
    """
    ends = [_end(part) for part in indicator.vintage.split(" / ")]
    known = [end for end in ends if end is not None]
    if not known:
        return None
    year, month = min(known)
    return max((today.year - year) * _MONTHS_IN_YEAR + today.month - month, 0)


def age_text(months: int | None) -> str:
    """Write an age in French: ``8 mois``, ``3 ans``."""
    if months is None:
        return "âge inconnu"
    if months < 1:
        return "moins d'un mois"
    if months < 2 * _MONTHS_IN_YEAR:
        return f"{months} mois"
    return f"{months // _MONTHS_IN_YEAR} ans"


def _end(vintage: str) -> tuple[int, int] | None:
    """Return year and month of the end of a period."""
    if found := _QUARTER.search(vintage):
        return int(found[1]), int(found[2]) * 3
    if (found := _MONTH.search(vintage)) and 1 <= int(found[2]) <= _MONTHS_IN_YEAR:
        return int(found[1]), int(found[2])
    if (found := _NAMED_MONTH.search(vintage)) and found[1] in _MONTHS:
        return int(found[2]), _MONTHS.index(found[1]) + 1
    years = [int(year) for year in _YEAR.findall(vintage)]
    return (max(years), _MONTHS_IN_YEAR) if years else None


def _counts(statuses: pd.Series) -> dict[str, int]:
    codes = np.asarray(statuses.array.codes)
    counts = np.bincount(codes, minlength=len(STATUSES))
    return {name: int(counts[at]) for at, name in enumerate(STATUSES)}
