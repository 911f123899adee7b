"""What must hold before indicators are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.errors import BuildCheckFailed
from territoires.indicators import Indicator
from territoires.sources.indicateurs_lycees import PlacedLycees
from territoires.sources.indicateurs_values import COMPUTERS, Inputs, reference_period

# Straight lines inside one département or the métropole, hours in a week: beyond, an error.
PLAUSIBLE = {
    "population": (0.0, 3_000_000.0),
    "evolution_population": (-30.0, 60.0),
    "densite": (0.0, 35_000.0),
    "distance_ville_10000": (0.0, 400.0),
    "distance_prefecture": (0.0, 400.0),
    "distance_sous_prefecture": (0.0, 400.0),
    "distance_lycee": (0.0, 400.0),
    "heures_mairie": (0.25, 100.0),
    "zone_tension_logement": (1.0, 5.0),
    "taux_chomage_departement": (1.0, 60.0),
    "taux_pauvrete_departement": (1.0, 90.0),
}
# Share of communes that must have a figure: below, a source has changed.
LEAST_COVERAGE = {"heures_mairie": 0.85}
DEFAULT_LEAST_COVERAGE = 0.99
# Share of the list of lycées that must have a place: below, the list or the geocoder has changed.
LEAST_LYCEES = 0.9
_PERIODS = {
    "taux_chomage_departement": "taux_chomage_periode",
    "taux_pauvrete_departement": "taux_pauvrete_annee",
}


def check_facts(inputs: Inputs, catalogue: Mapping[str, Indicator]) -> None:
    """Check the départemental facts against register and catalogue.

    Raises
    ------
    BuildCheckFailed
        A département is missing, or the catalogue announces another period.
    """
    absent = set(inputs.register.departements.index) - set(inputs.facts.index)
    if absent:
        _fail(f"faits départementaux absents : {', '.join(sorted(absent))}")
    for code, column in _PERIODS.items():
        period = reference_period(inputs.facts, column)
        if code in catalogue and period not in catalogue[code].vintage:
            _fail(f"{code} : le catalogue annonce {catalogue[code].vintage}, les faits {period}")


def check_lycees(lycees: PlacedLycees) -> None:
    """Check that the lycées have a place, and a point in it.

    Raises
    ------
    BuildCheckFailed
        Too few are placed, or a place has no point.
    """
    share = len(lycees.places) / max(1, len(lycees.places) + len(lycees.unplaced))
    if share < LEAST_LYCEES:
        _fail(f"lycées placés : {share:.0%} de la liste, il en faut {LEAST_LYCEES:.0%}")
    if not np.isfinite(lycees.places[["x_local", "y_local"]].to_numpy(dtype=float)).all():
        _fail("un lycée placé n’a pas de point")


def check_columns(
    columns: Mapping[str, pd.DataFrame], catalogue: Mapping[str, Indicator], register: Register
) -> None:
    """Check every computed indicator.

    Raises
    ------
    BuildCheckFailed
        Lists the indicator and the first rule it breaks.
    """
    unknown = set(COMPUTERS) ^ set(catalogue)
    if unknown:
        _fail(f"catalogue et calculs ne se correspondent pas : {', '.join(sorted(unknown))}")
    for code, table in columns.items():
        if not table.index.equals(register.communes.index):
            _fail(f"{code} : les communes ne sont pas celles du registre")
        for rule, holds in _RULES.items():
            if not holds(table, catalogue[code]):
                _fail(f"{code} : {rule}")


def _fail(problem: str) -> None:
    message = f"Indicateurs non installés : {problem}."
    raise BuildCheckFailed(message)


def _plausible(table: pd.DataFrame, indicator: Indicator) -> bool:
    low, high = PLAUSIBLE[indicator.code]
    return bool(table["valeur"].dropna().between(low, high).all())


def _covered(table: pd.DataFrame, indicator: Indicator) -> bool:
    least = LEAST_COVERAGE.get(indicator.code, DEFAULT_LEAST_COVERAGE)
    known = table["valeur"].notna() | (table["statut"] == "hors_champ")
    return bool(known.mean() >= least)


def _published_have_values(table: pd.DataFrame, _indicator: Indicator) -> bool:
    return bool(table.loc[table["statut"] == "publie", "valeur"].notna().all())


def _unknown_have_none(table: pd.DataFrame, _indicator: Indicator) -> bool:
    unknown = table["statut"].isin(["non_disponible", "secret"])
    return bool(table.loc[unknown, "valeur"].isna().all())


def _ratio_holds(table: pd.DataFrame, indicator: Indicator) -> bool:
    if indicator.aggregation not in ("ratio", "taux_annuel"):
        return True
    known = table[table["valeur"].notna()]
    ratio = known["numerateur"] / known["denominateur"]
    if indicator.aggregation == "taux_annuel":
        expected = (ratio ** (1.0 / indicator.years) - 1.0) * 100.0
    else:
        expected = ratio * indicator.factor
    return bool(np.allclose(known["valeur"], expected))


def _classes_known(table: pd.DataFrame, indicator: Indicator) -> bool:
    if not indicator.is_ordinal:
        return True
    return bool(table["valeur"].dropna().isin([value for value, _ in indicator.modalities]).all())


_RULES: dict[str, Callable[[pd.DataFrame, Indicator], bool]] = {
    "une valeur est hors des limites plausibles": _plausible,
    "trop de communes sans valeur": _covered,
    "une valeur publiée est vide": _published_have_values,
    "une valeur non disponible est remplie": _unknown_have_none,
    "la valeur n’est pas numérateur / dénominateur": _ratio_holds,
    "une classe n’est pas au catalogue": _classes_known,
}
