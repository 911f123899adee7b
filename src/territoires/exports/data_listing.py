"""The list of the figures there are, as a table for people: the same on screen and in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from territoires.communes import Register
from territoires.indicators import STATUSES, IndicatorTable
from territoires.indicators.coverage import (
    age_in_months,
    age_text,
    coverage,
    coverage_by_departement,
)

_DECIMALS = 4


def indicator_listing(
    table: IndicatorTable, today: date, codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Lay out one row per indicator.

    Parameters
    ----------
    table : IndicatorTable
        Of the communes.
    today : date
        From which ages are counted.
    codes : sequence of str, optional
        Indicators; all by default.

    Returns
    -------
    DataFrame
        RangeIndex; ``code, libelle, famille, unite, niveau, paquet, millesime, age_mois, age,
        cog, part_communes, part_habitants`` (0–1), one count per status, ``producteur, source,
        source_url, licence, obtenu_le, arrondi, mention``.
    """
    chosen = list(table.catalogue if codes is None else codes)
    covered = coverage(table, chosen).to_dict("index")
    rows = []
    for code in chosen:
        one, seen = table.indicator(code), covered[code]
        months = age_in_months(one, today)
        rows.append(
            {
                "code": code,
                "libelle": one.label,
                "famille": one.family,
                "unite": one.unit,
                "niveau": one.level,
                "paquet": "officiel" if one.is_official else "embarque",
                "millesime": one.vintage,
                "age_mois": months,
                "age": age_text(months),
                "cog": one.cog_year,
                "part_communes": round(float(seen["communes"]), _DECIMALS),
                "part_habitants": round(float(seen["habitants"]), _DECIMALS),
                **{name: int(seen[name]) for name in STATUSES},
                "producteur": one.producer,
                "source": one.source,
                "source_url": one.source_url,
                "licence": one.licence,
                "obtenu_le": one.obtained_on,
                "arrondi": one.rounded_to or None,
                "mention": one.caution,
            }
        )
    frame = pd.DataFrame(rows)
    return frame.astype({"age_mois": "Int64", "arrondi": "Int64"})


def departement_listing(
    table: IndicatorTable, register: Register, codes: Sequence[str]
) -> pd.DataFrame:
    """Lay out one row per indicator and département.

    Returns
    -------
    DataFrame
        RangeIndex; ``code, code_departement, departement, total, part_communes`` (0–1), one count
        per status.
    """
    pieces = []
    for code in codes:
        counts = coverage_by_departement(table, code).reset_index()
        counts = counts.rename(columns={"communes": "part_communes"}).round({"part_communes": 4})
        names = counts["code_departement"].map(register.departements["nom"])
        counts.insert(1, "departement", names)
        counts.insert(0, "code", code)
        pieces.append(counts)
    return pd.concat(pieces, ignore_index=True)
