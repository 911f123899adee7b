"""One paragraph per indicator of a recipe: what it is, which way it reads, how much it counts."""

from __future__ import annotations

from collections.abc import Mapping

from territoires.indicators import Indicator, format_number, format_share, format_value
from territoires.needs.recipe import Recipe
from territoires.needs.recipe_parts import RecipeItem
from territoires.needs.scaling import NO_TRANSFORMATION, TRANSFORMATIONS

_MOST_DECIMALS = 6


def reading(item: RecipeItem, indicator: Indicator) -> str:
    """Say which side the need is on: « besoin quand la valeur est basse »."""
    if item.ideal is not None:
        ideal = format_value(indicator, item.ideal)
        side = "s’éloigne" if item.direction > 0 else "s’approche"
        return f"besoin quand la valeur {side} de {ideal}"
    return f"besoin quand la valeur est {'haute' if item.direction > 0 else 'basse'}"


def criterion(item: RecipeItem, indicator: Indicator) -> str:
    """Say when a criterion is met: « au moins 12 % », « dans les 25 % de plus grand besoin »."""
    if item.percentile is not None:
        top = format_share(1.0 - item.percentile / 100.0, 0 if _is_whole(item.percentile) else 1)
        return f"dans les {top} de plus grand besoin"
    if item.threshold is None:
        return "sans seuil"
    limit = format_value(indicator, item.threshold)
    distance = "écart " if item.ideal is not None else ""
    return f"{distance}{'au moins' if item.direction > 0 else 'au plus'} {limit}"


def trimmed(number: float) -> str:
    """Write a number with no more decimals than it has, six at most."""
    text = format_number(number, _MOST_DECIMALS)
    return text.rstrip("0").rstrip(",") if "," in text else text


class ItemTeller:
    """Writes about the indicators of one recipe.

    Parameters
    ----------
    recipe : Recipe
        As it is computed: its weights are those said.
    catalogue : mapping of str to Indicator
        Names and sources.
    """

    def __init__(self, recipe: Recipe, catalogue: Mapping[str, Indicator]) -> None:
        self._recipe = recipe
        self._catalogue = catalogue
        self._shares = dict(zip(recipe.codes, recipe.weights, strict=True))
        self._dimensions = {one.code: one.label for one in recipe.dimensions}

    def paragraph(self, item: RecipeItem) -> str:
        """Write all there is to know of one indicator, ending with a full stop."""
        indicator = self._catalogue[item.code]
        unit = f" ({indicator.unit})" if indicator.unit else ""
        sentences = [
            f"{indicator.label}{unit} : {self._role(item, indicator)}",
            indicator.definition,
            _ratio(indicator),
            indicator.direction_note if item.ideal is None else "",
            f"Raison : {item.reason}" if item.reason else "",
            _provenance(indicator),
            *(f"Limite : {gap}" for gap in indicator.gaps),
        ]
        return " ".join(_stopped(sentence) for sentence in sentences if sentence)

    def _role(self, item: RecipeItem, indicator: Indicator) -> str:
        words = []
        if item.dimension:
            words.append(f"dimension « {self._dimensions[item.dimension]} »")
        if self._recipe.is_rule:
            met = criterion(item, indicator)
            words.append(f"critère rempli : {met}" if item.weight > 0 else "ne compte pas")
            words += [f"et rempli avec « {self._catalogue[code].label} »" for code in item.linked]
        else:
            words.append(f"{format_share(float(self._shares[item.code]), 1)} du poids")
        words.append(reading(item, indicator))
        return ", ".join([*words, *self._scale(item, indicator), *_marks(indicator)])

    def _scale(self, item: RecipeItem, indicator: Indicator) -> list[str]:
        words = []
        if item.transformation != NO_TRANSFORMATION:
            words.append(f"après {TRANSFORMATIONS[item.transformation].label.lower()}")
        if item.bounds is not None and self._recipe.normalisation == "bornes":
            low, high = (trimmed(bound) for bound in item.bounds)
            unit = f" {indicator.unit}" if indicator.unit else ""
            of_distance = "de l’écart " if item.ideal is not None else ""
            words.append(f"bornes {of_distance}{low} et {high}{unit}")
        return words


def _marks(indicator: Indicator) -> list[str]:
    marks = [f"chiffre {indicator.of_place}"] if indicator.is_wider else []
    return [*marks, indicator.caution] if indicator.caution else marks


def _ratio(indicator: Indicator) -> str:
    if indicator.numerator and indicator.denominator:
        return f"Numérateur : {indicator.numerator} ; dénominateur : {indicator.denominator}."
    return f"Compte : {indicator.numerator}." if indicator.numerator else ""


def _provenance(indicator: Indicator) -> str:
    return (
        f"Millésime {indicator.vintage}, {indicator.producer}, {indicator.source} "
        f"({indicator.licence}), {indicator.source_url}"
    )


def _is_whole(number: float) -> bool:
    return float(number).is_integer()


def _stopped(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
