"""Fill missing values, only when a recipe asks for it, and always say which were filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
NO_IMPUTATION = "aucune"


@dataclass(frozen=True)
class Imputation:
    """A way to fill what is missing.

    Attributes
    ----------
    label, description : str
        French, for the person who chooses.
    fill : callable
        ``(values, groups) -> values``: values (places,) with NaN where missing; groups (places,),
        −1 for a place in none. What cannot be filled stays NaN.
    """

    label: str
    description: str
    fill: Callable[[FloatArray, npt.NDArray[np.intp]], FloatArray]


def impute(
    columns: list[FloatArray], method: str, groups: pd.Series
) -> tuple[list[FloatArray], BoolArray]:
    """Fill the missing values of several indicators.

    Parameters
    ----------
    columns : list of array of float, (places,)
        NaN where missing.
    method : str
        A key of ``IMPUTATIONS``.
    groups : Series of str
        In the order of the places: those alike, whose median stands for what is missing; missing
        for a place in no group.

    Returns
    -------
    list of array, array of bool (items, places)
        The values, and where they were filled.
    """
    numbers = pd.factorize(groups)[0].astype(np.intp)
    filled = [IMPUTATIONS[method].fill(column, numbers) for column in columns]
    marks = np.stack([
        np.isnan(before) & ~np.isnan(after)
        for before, after in zip(columns, filled, strict=True)
    ])  # fmt: skip
    return filled, marks


def _nothing(values: FloatArray, _groups: npt.NDArray[np.intp]) -> FloatArray:
    return values


def _group_median(values: FloatArray, groups: npt.NDArray[np.intp]) -> FloatArray:
    inside = groups >= 0
    medians = pd.Series(values[inside]).groupby(groups[inside]).median()
    typical = medians.reindex(groups).to_numpy(dtype=float)
    return np.where(np.isnan(values) & inside, typical, values)


IMPUTATIONS: dict[str, Imputation] = {
    NO_IMPUTATION: Imputation(
        "Aucune", "Ce qui manque reste manquant : le poids connu est montré.", _nothing
    ),
    "mediane_locale": Imputation(
        "Médiane des communes semblables",
        "Ce qui manque prend la valeur médiane des communes de même classe de densité du "
        "département ; chaque valeur ainsi remplie est signalée.",
        _group_median,
    ),
}
