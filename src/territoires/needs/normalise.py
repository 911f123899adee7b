"""Bring an indicator to a common scale: one function per way, one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.indicators import percent_ranks

FloatArray = npt.NDArray[np.float64]
Bounds = tuple[float, float]

MIDDLE = 0.5


@dataclass(frozen=True)
class Normaliser:
    """A way to a common scale.

    Attributes
    ----------
    label, description : str
        French, for the person who chooses.
    compute : callable
        ``(values, bounds) -> scaled``; never decreasing; NaN stays NaN; values are finite.
    flip : callable
        Turns the scale over when a low value is the need.
    needs_bounds : bool
        Whether each indicator must give its bounds.
    unit_scale : bool
        Whether scaled values lie between 0 and 1.
    """

    label: str
    description: str
    compute: Callable[[FloatArray, Bounds | None], FloatArray]
    flip: Callable[[FloatArray], FloatArray]
    needs_bounds: bool = False
    unit_scale: bool = True


def normalise(
    values: FloatArray, method: str, direction: int, bounds: Bounds | None = None
) -> FloatArray:
    """Scale one indicator so that the highest is the greatest need.

    Parameters
    ----------
    values : array of float
        NaN where missing; finite elsewhere.
    method : str
        A key of ``NORMALISERS``.
    direction : int
        1, or -1 when a low value is the need.
    bounds : tuple of float, optional
        For the method ``bornes``.

    Returns
    -------
    array of float
        Same shape, NaN stays NaN; in [0, 1] except under ``z``.
    """
    normaliser = NORMALISERS[method]
    scaled = normaliser.compute(values, bounds)
    return normaliser.flip(scaled) if direction < 0 else scaled


def _rank(values: FloatArray, _bounds: Bounds | None) -> FloatArray:
    return percent_ranks(values)


def _observed_range(values: FloatArray, _bounds: Bounds | None) -> FloatArray:
    known = values[~np.isnan(values)]
    if known.size == 0:
        return values.copy()
    low, high = float(known.min()), float(known.max())
    # All equal: nobody is above anybody.
    return _between(values, low, high) if high > low else np.where(values == low, MIDDLE, values)


def _fixed_bounds(values: FloatArray, bounds: Bounds | None) -> FloatArray:
    if bounds is None:
        message = "bounds are required"
        raise ValueError(message)
    return _between(values, *bounds)


def _between(values: FloatArray, low: float, high: float) -> FloatArray:
    # Halved first: high - low may overflow where low / 2 and high / 2 do not.
    width = high / 2.0 - low / 2.0
    if width == 0.0:
        return np.where(np.isnan(values), np.nan, (values >= high).astype(float))
    clipped: FloatArray = np.clip((values / 2.0 - low / 2.0) / width, 0.0, 1.0)
    return clipped


def _standard_score(values: FloatArray, _bounds: Bounds | None) -> FloatArray:
    known = values[~np.isnan(values)]
    if known.size == 0 or known.min() == known.max():
        return np.where(np.isnan(values), np.nan, 0.0)
    scale = float(np.abs(known).max())
    scaled = values / scale
    centred = scaled - np.mean(known / scale)
    deviation = float(np.std(known / scale))
    result: FloatArray = centred / deviation if deviation > 0 else np.sign(centred)
    return result


def _complement(scaled: FloatArray) -> FloatArray:
    return 1.0 - scaled


NORMALISERS: dict[str, Normaliser] = {
    "rang": Normaliser(
        "Rang",
        "Place parmi les territoires comparés, de 0 à 1 ; les ex æquo partagent leur rang moyen.",
        _rank,
        _complement,
    ),
    "min_max": Normaliser(
        "Minimum et maximum observés",
        "0 pour la plus faible valeur observée, 1 pour la plus forte.",
        _observed_range,
        _complement,
    ),
    "bornes": Normaliser(
        "Bornes fixes",
        "0 et 1 aux bornes de la recette ; au-delà, écrêté. Comparable d’une année à l’autre.",
        _fixed_bounds,
        _complement,
        needs_bounds=True,
    ),
    "z": Normaliser(
        "Écart à la moyenne",
        "Nombre d’écarts-types au-dessus de la moyenne ; le score n’est plus borné à 0 et 1.",
        _standard_score,
        np.negative,
        unit_scale=False,
    ),
}
