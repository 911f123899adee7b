"""Numbers the French way: ``1 234,5 km``, ``−0,4 %/an``, and words for what is missing."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from territoires.indicators.catalogue import Indicator

THOUSANDS = "\u202f"  # espace fine insécable
BEFORE_UNIT = "\u00a0"  # espace insécable
MINUS = "\u2212"
MISSING_TEXT = "non disponible"

STATUS_LABELS = {
    "publie": "publié",
    "secret": "secret statistique",
    "plancher": "valeur plancher : la valeur réelle peut être plus basse",
    "non_disponible": MISSING_TEXT,
    "hors_champ": "hors champ de la source",
}


def format_number(value: float, decimals: int = 0) -> str:
    """Write a number with a decimal comma and narrow no-break spaces.

    Raises
    ------
    ValueError
        The value is not finite: a missing value has no figures.
    """
    if not math.isfinite(value):
        message = f"not a finite number: {value}"
        raise ValueError(message)
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    text = text.replace(",", THOUSANDS).replace(".", ",")
    return (MINUS if negative else "") + text


def format_value(indicator: Indicator, value: float | None, status: str = "publie") -> str:
    """Write a value of an indicator with its unit, or say why there is none.

    Parameters
    ----------
    indicator : Indicator
        Gives unit, decimals and class labels.
    value : float or None
        NaN and None are missing.
    status : str
        Status of the value: a floor is written "… ou moins", a missing secret is named.
    """
    if value is None or math.isnan(value):
        return _missing(status)
    if indicator.is_ordinal:
        return dict(indicator.modalities).get(value, MISSING_TEXT)
    text = format_number(value, indicator.decimals)
    if indicator.unit:
        text += BEFORE_UNIT + indicator.unit
    return f"{text} ou moins" if status == "plancher" else text


def for_a_table(indicator: Indicator, values: pd.Series) -> pd.Series:
    """Prepare values for a column of a table or of a file.

    Parameters
    ----------
    indicator : Indicator
        Gives decimals and class labels.
    values : Series of float
        NaN is missing.

    Returns
    -------
    Series
        Same index: rounded numbers, or the names of classes; missing stays missing.
    """
    if not indicator.is_ordinal:
        return values.round(indicator.decimals)
    labels = dict(indicator.modalities)
    return pd.Series([labels.get(value) for value in values], values.index, dtype="str")


def format_rank(rank: int, count: int | None = None) -> str:
    """Write a rank: ``1er``, ``12e``, ``12e sur 34 875``."""
    text = format_number(rank) + ("er" if rank == 1 else "e")
    return text if count is None else f"{text} sur {format_number(count)}"


def format_interval(best: int, worst: int) -> str:
    """Write between which ranks a place is: ``1 204 à 1 530``; ``3`` when it does not move."""
    ends = dict.fromkeys((best, worst))
    return " à ".join(format_number(rank) for rank in ends)


def format_share(share: float, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage."""
    return f"{format_number(share * 100.0, decimals)}{BEFORE_UNIT}%"


def french_date(iso: str) -> str:
    """Write an ISO date as the French do: ``23/11/2026``; anything else as it is."""
    try:
        return f"{date.fromisoformat(iso):%d/%m/%Y}"
    except ValueError:
        return iso


def format_coverage(share: float) -> str:
    """Write a share between 0 and 1 that is neither nothing nor the whole unless it really is."""
    if 0.0 < share < 0.01:
        return f"moins de 1{BEFORE_UNIT}%"
    if 0.99 < share < 1.0:
        return f"plus de 99{BEFORE_UNIT}%"
    return format_share(share)


def known_for(share: float, *, is_known: bool) -> str:
    """Say on which part of its inhabitants the figure of a territory stands; nothing of the whole.

    Parameters
    ----------
    share : float
        Inhabitants of the communes whose figure is known (0-1).
    is_known : bool
        Whether the territory is given a figure; too small a part gives none.
    """
    if not 0.0 < share < 1.0:
        return ""
    return f"connu pour {format_coverage(share)} des habitants{'' if is_known else ' seulement'}"


def _missing(status: str) -> str:
    return STATUS_LABELS[status] if status in ("secret", "hors_champ") else MISSING_TEXT
