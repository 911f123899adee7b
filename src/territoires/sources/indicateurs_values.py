"""The embedded indicators, computed for every commune: one function each, one registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes import Register
from territoires.indicators import Indicator
from territoires.sources.indicateurs_distances import (
    distance_to_nearest,
    distance_to_nearest_town,
    distance_to_seat,
)

FloatArray = npt.NDArray[np.float64]
# Kilometres to the metre: finer would be noise.
DISTANCE_DECIMALS = 3


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the embedded indicators are computed from.

    Attributes
    ----------
    register : Register
        Communes, départements, arrondissements.
    facts : DataFrame
        Index: code of the département; the columns of ``departements.csv``, as text.
    zones : Mapping of str to float
        Housing-tension zone by commune, where known.
    lycees : DataFrame
        One row per lycée: ``code_commune``, ``code_departement``, ``epsg_local``, ``x_local``,
        ``y_local``.
    """

    register: Register
    facts: pd.DataFrame
    zones: Mapping[str, float]
    lycees: pd.DataFrame

    @property
    def communes(self) -> pd.DataFrame:
        """One row per commune."""
        return self.register.communes


def compute_column(inputs: Inputs, indicator: Indicator) -> pd.DataFrame:
    """Compute one indicator.

    Returns
    -------
    DataFrame
        Index code_commune; ``valeur, numerateur, denominateur`` (float), ``statut``.
    """
    return COMPUTERS[indicator.code](inputs, indicator)


def reference_period(facts: pd.DataFrame, column: str) -> str:
    """Return the period that most départements share: the others are another survey."""
    return str(facts[column].mode().iloc[0])


def _population(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    people = _floats(inputs.communes["population"])
    return _column(inputs, people, numerator=people)


def _change(inputs: Inputs, indicator: Indicator) -> pd.DataFrame:
    now = _floats(inputs.communes["population"])
    before = _floats(inputs.communes["population_2016"])
    measurable = before > 0
    rate = np.full(now.shape, np.nan)
    ratio = np.divide(now, before, out=np.full(now.shape, np.nan), where=measurable)
    rate[measurable] = (ratio[measurable] ** (1.0 / indicator.years) - 1.0) * 100.0
    table = _column(inputs, rate, now, before)
    # Nobody then: no rate has a meaning, which is not the same as an unknown one.
    table.loc[before == 0, "statut"] = "hors_champ"
    return table


def _density(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    people = _floats(inputs.communes["population"])
    area = _floats(inputs.communes["superficie_km2"])
    return _column(inputs, people / area, people, area)


def _town(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    return _distance(inputs, distance_to_nearest_town(inputs.communes))


def _prefecture(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    seats = inputs.communes["code_departement"].map(inputs.register.departements["chef_lieu"])
    return _distance(inputs, distance_to_seat(inputs.communes, seats))


def _sous_prefecture(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    communes = inputs.communes
    seats = communes["code_arrondissement"].map(inputs.register.arrondissements["chef_lieu"])
    table = _distance(inputs, distance_to_seat(communes, seats))
    divided = set(inputs.register.arrondissements["code_departement"])
    undivided = ~communes["code_departement"].isin(divided)
    table.loc[undivided, "statut"] = "hors_champ"
    return table


def _lycee(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    kilometres = distance_to_nearest(inputs.communes, inputs.lycees)
    # A lycée of the commune is at hand, whichever of its mairies it was placed at.
    kilometres[inputs.communes.index.isin(inputs.lycees["code_commune"])] = 0.0
    return _distance(inputs, kilometres)


def _opening_hours(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    return _column(inputs, _floats(inputs.communes["mairie_heures_semaine"]))


def _housing_zone(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    zones = pd.Series(inputs.zones, dtype=float).reindex(inputs.communes.index)
    return _column(inputs, _floats(zones))


def _unemployment(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    return _departemental(inputs, "taux_chomage", "taux_chomage_periode")


def _poverty(inputs: Inputs, _indicator: Indicator) -> pd.DataFrame:
    return _departemental(inputs, "taux_pauvrete", "taux_pauvrete_annee")


def _departemental(inputs: Inputs, column: str, period: str) -> pd.DataFrame:
    departements = inputs.communes["code_departement"]
    values = pd.to_numeric(inputs.facts[column].replace("", None))
    table = _column(inputs, _floats(departements.map(values)))
    same = inputs.facts[period] == reference_period(inputs.facts, period)
    other_survey = ~departements.map(same).fillna(value=True).astype(bool).to_numpy()
    table.loc[other_survey & table["valeur"].notna(), "statut"] = "hors_champ"
    return table


def _distance(inputs: Inputs, kilometres: pd.Series) -> pd.DataFrame:
    return _column(inputs, np.round(_floats(kilometres), DISTANCE_DECIMALS))


def _column(
    inputs: Inputs,
    value: FloatArray,
    numerator: FloatArray | None = None,
    denominator: FloatArray | None = None,
) -> pd.DataFrame:
    """Lay out one indicator; without a value, neither numerator nor denominator is kept."""
    missing = np.isnan(value)
    nothing = np.full(value.shape, np.nan)
    return pd.DataFrame(
        {
            "valeur": value,
            "numerateur": np.where(missing, np.nan, nothing if numerator is None else numerator),
            "denominateur": np.where(
                missing, np.nan, nothing if denominator is None else denominator
            ),
            "statut": np.where(missing, "non_disponible", "publie"),
        },
        index=inputs.communes.index,
    )


def _floats(column: pd.Series) -> FloatArray:
    return column.to_numpy(dtype=float, na_value=np.nan)


COMPUTERS: dict[str, Callable[[Inputs, Indicator], pd.DataFrame]] = {
    "population": _population,
    "evolution_population": _change,
    "densite": _density,
    "distance_ville_10000": _town,
    "distance_prefecture": _prefecture,
    "distance_sous_prefecture": _sous_prefecture,
    "distance_lycee": _lycee,
    "heures_mairie": _opening_hours,
    "zone_tension_logement": _housing_zone,
    "taux_chomage_departement": _unemployment,
    "taux_pauvrete_departement": _poverty,
}
