"""Long-term job seekers by commune: an estimate, with its uncertainty. Off unless asked for.

Long-term unemployment is published by zone d'emploi only. The estimate gives each commune the share
of its zone; how far a commune may be from its zone is not known, and is taken from how far the
zones of a région are from one another. See ``docs/donnees/longue-duree.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.errors import SourceUnavailable, UnexpectedFormat
from territoires.sources.cells import measures_table
from territoires.sources.combining import Given, vintage_order
from territoires.sources.declaration import Measure, Reading, Source, Workbench, by_hand
from territoires.sources.opening import OpenedTable
from territoires.sources.zones import zone_of_communes

JOB_SEEKERS, SHARE = "demandeurs_emploi_abc", "part_longue_duree_ze"
ESTIMATE = "demandeurs_emploi_longue_duree_estime"
LOW, HIGH = f"{ESTIMATE}_bas", f"{ESTIMATE}_haut"
REFERENCE = "appartenance"

ROUNDED_TO = 5.0
# 95 % of a normal law.
_WIDTH = 1.96


def estimate_long_term(
    measures: pd.DataFrame, zones: pd.Series, regions: pd.Series
) -> pd.DataFrame:
    """Estimate the long-term job seekers of each commune.

    Parameters
    ----------
    measures : DataFrame
        :data:`MEASURE_COLUMNS`, present communes; ``demandeurs_emploi_abc`` and
        ``part_longue_duree_ze`` (percentage) are used.
    zones : Series of str
        Index code_commune: zone d'emploi, ``""`` where unknown.
    regions : Series of str
        Same index: région.

    Returns
    -------
    DataFrame
        :data:`MEASURE_COLUMNS`, one row per commune of ``zones`` and measure: the estimate (not
        rounded, so that the communes of a zone add up to it), the low and the high bounds (whole
        numbers, rounded outwards). What one of the two figures lacks stays missing.
    """
    seekers, why_seekers = _column(measures, JOB_SEEKERS, zones.index)
    percentage, why_share = _column(measures, SHARE, zones.index)
    share = percentage / 100.0
    variance = (
        (seekers * spread_within(share, zones, regions)) ** 2  # the commune is not its zone
        + seekers * share * (1.0 - share)  # a draw, in a commune of so many
        + share**2 * ROUNDED_TO**2 / 12.0  # published rounded
    )
    estimate, half = seekers * share, _WIDTH * variance**0.5
    known = half.notna()
    low = (estimate - half).clip(lower=0.0) // 1.0
    high = -(-(estimate + half).clip(upper=seekers + ROUNDED_TO / 2.0) // 1.0)  # rounded up
    reason = why_seekers.where(why_seekers != "publie", why_share)
    status = reason.where(reason != "publie", "non_disponible")
    status = status.mask(known, "publie")
    columns = {ESTIMATE: estimate, LOW: low, HIGH: high}
    codes = zones.index.to_series()
    return measures_table(
        codes, {name: (values.where(known), status) for name, values in columns.items()}
    )


def spread_within(share: pd.Series, zones: pd.Series, regions: pd.Series) -> pd.Series:
    """Take the spread between the zones of a région for the one within a zone.

    Parameters
    ----------
    share : Series of float
        Index code_commune: share of the commune's zone, NaN where unknown.
    zones, regions : Series of str
        Same index.

    Returns
    -------
    Series of float
        Standard deviation, at least that of the zones of all régions around the mean of theirs:
        a région of two zones that happen to agree says nothing. NaN where there is nothing to
        compare.
    """
    pairs = pd.DataFrame({"zone": zones, "region": regions, "share": share}).dropna()
    pairs = pairs[pairs["zone"] != ""].drop_duplicates(["zone", "region"])
    of_region = pairs.groupby("region")["share"]
    gaps = pairs["share"] - of_region.transform("mean")
    freedom = len(pairs) - of_region.ngroups
    if freedom < 1:
        return pd.Series(np.nan, index=share.index)
    everywhere = float(np.sqrt((gaps**2).sum() / freedom))
    own = of_region.std(ddof=1).fillna(0.0).clip(lower=everywhere)
    return regions.map(own).fillna(everywhere).astype(float)


def estimated(
    given: Sequence[Given], references: Mapping[str, pd.DataFrame], register: Register
) -> Given:
    """Make the estimate from what the sources gave.

    Parameters
    ----------
    given : sequence of Given
        The newest that holds each figure is used.
    references : mapping
        Must hold ``appartenance``.
    register : Register
        The communes of today.

    Raises
    ------
    SourceUnavailable
        A figure or the zones are not there; the message names the source to update first.
    """
    seekers = _newest(given, JOB_SEEKERS, "dares_communes")
    shares = _newest(given, SHARE, "dares_zones_emploi")
    if REFERENCE not in references:
        message = "Estimation impossible : il manque la table d'appartenance (zones d'emploi)."
        raise SourceUnavailable(message)
    zones = zone_of_communes(references[REFERENCE], register)
    measures = pd.concat([seekers.table, shares.table], ignore_index=True)
    return Given(
        source=ESTIMATION,
        vintage=" / ".join(dict.fromkeys((seekers.vintage, shares.vintage))),
        cog_year=register.cog,
        complete=seekers.complete and shares.complete,
        obtained_on=min(seekers.obtained_on, shares.obtained_on),
        table=estimate_long_term(measures, zones, register.communes["code_region"]),
    )


def _newest(given: Sequence[Given], measure: str, source: str) -> Given:
    able = [one for one in given if measure in one.measures()]
    if not able:
        message = f"Estimation impossible : d'abord, territoires actualiser {source}"
        raise SourceUnavailable(message)
    return max(able, key=lambda one: (one.complete, vintage_order(one.vintage)))


def _column(measures: pd.DataFrame, code: str, communes: pd.Index) -> tuple[pd.Series, pd.Series]:
    rows = measures[measures["code_mesure"] == code].set_index("code_commune").reindex(communes)
    status = rows["statut"].astype(object).fillna("non_disponible")
    return rows["valeur"].astype(float), status


def _not_read(file: OpenedTable, _bench: Workbench) -> Reading:
    message = f"{file.name} : l'estimation se calcule, elle ne se lit pas."
    raise UnexpectedFormat(message)


_PAGE = "https://data.dares.travail-emploi.gouv.fr/"

ESTIMATION = Source(
    code="estimation_longue_duree",
    label="Estimation de Territoires, d’après les données communales et par zone d’emploi",
    producer="Territoires (estimation), d’après la Dares et France Travail",
    licence="Licence Ouverte 2.0",
    page_url=_PAGE,
    locate=by_hand(_PAGE),
    read=_not_read,
    layouts=(),
    measures=(Measure(ESTIMATE, "valeur"), Measure(LOW, "valeur"), Measure(HIGH, "valeur")),
    requires=(REFERENCE,),
    verified=False,
    gaps=(
        "Estimation, non chiffre publié : chaque commune reçoit la part de sa zone d’emploi. Elle "
        "ne montre pas ce qui distingue une commune de sa zone.",
        "Intervalle de 95 % sous les hypothèses de docs/donnees/longue-duree.md : l’écart entre "
        "zones d’une région y tient lieu de l’écart, inconnu, entre communes d’une zone.",
        "L’effectif de la commune et la part de la zone peuvent être de trimestres différents.",
    ),
)
"""What the estimate says of itself. Not in ``producers``: there is no file to read."""
