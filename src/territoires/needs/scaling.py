"""From raw figures to the common scale of a recipe: transformation, ideal value, normalisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import numpy.typing as npt

from territoires.errors import InvalidRequest
from territoires.needs.normalise import Bounds, normalise

if TYPE_CHECKING:
    from territoires.needs.recipe_parts import RecipeItem

FloatArray = npt.NDArray[np.float64]
NO_TRANSFORMATION = "aucune"


@dataclass(frozen=True)
class Transformation:
    """A change of scale made before normalising.

    Attributes
    ----------
    label, description : str
        French, for the person who chooses.
    compute : callable
        ``values -> values``, increasing; NaN stays NaN.
    positive_only : bool
        Whether a figure of zero or less has no image.
    """

    label: str
    description: str
    compute: Callable[[FloatArray], FloatArray]
    positive_only: bool = False


def scale_item(values: FloatArray, item: RecipeItem, method: str) -> FloatArray:
    """Bring one indicator to the scale of a recipe, the highest being the greatest need.

    Parameters
    ----------
    values : array of float, (places,)
        In the unit of the indicator; NaN where missing; finite elsewhere.
    item : RecipeItem
        Its transformation, ideal value, direction and bounds (given in the unit of the indicator).
    method : str
        A key of ``NORMALISERS``.

    Returns
    -------
    array of float, (places,)
        NaN stays NaN; in [0, 1] except under ``z``.

    Raises
    ------
    InvalidRequest
        The transformation has no image for a figure.
    """
    if item.ideal is not None:
        # Far from the ideal on either side is the need: bounds are distances then.
        return normalise(item.measured(values), method, item.direction, item.bounds)
    change = TRANSFORMATIONS[item.transformation]
    if change.positive_only and np.any(values <= 0):
        _refuse_without_image(item, int(np.count_nonzero(values <= 0)))
    return normalise(change.compute(values), method, item.direction, _transformed(item))


def _refuse_without_image(item: RecipeItem, count: int) -> NoReturn:
    plural = "s" if count > 1 else ""
    message = (
        f"indicateurs : « {item.code} » a {count} valeur{plural} nulle{plural} ou négative{plural} "
        f": la transformation « {item.transformation} » ne s’y applique pas. Retirez-la, ou "
        "changez d’indicateur."
    )
    raise InvalidRequest(message)


def _transformed(item: RecipeItem) -> Bounds | None:
    if item.bounds is None:
        return None
    low, high = TRANSFORMATIONS[item.transformation].compute(np.array(item.bounds, dtype=float))
    return float(low), float(high)


def _identity(values: FloatArray) -> FloatArray:
    return values


TRANSFORMATIONS: dict[str, Transformation] = {
    NO_TRANSFORMATION: Transformation("Aucune", "Les valeurs telles qu’elles sont.", _identity),
    "log10": Transformation(
        "Logarithme décimal",
        "Dix fois plus compte comme un pas, où que l’on soit : pour les valeurs très étalées.",
        np.log10,
        positive_only=True,
    ),
}
