"""Where the figures of an export come from, written so that it can be made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from territoires import __version__
from territoires.candidates import ALL_FRANCE, CandidateQuery, Preset
from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.presets import GROUP, PERIMETERS, UNITS
from territoires.candidates.wording import format_date, format_km, listing, plural, shortened
from territoires.indicators import Indicator, format_number, format_share
from territoires.needs import AGGREGATIONS, IMPUTATIONS, NORMALISERS, Recipe, RecipeItem
from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.scaling import NO_TRANSFORMATION
from territoires.territory.making import GROUP_LEVEL
from territoires.territory.zone import ZONE_PREFIX

_LICENCE = "AGPL-3.0-or-later"
_UNIVERSE_SHOWN = 6
_LONGEST_CODE = 500
_CODES_SHOWN = 30
_LEVELS = {"reg": "région", "dep": "département", "epci": "EPCI", "com": "commune"}
_COMPARED = {
    "france": "scores comparés à toute la France",
    "univers": "scores comparés dans l'univers de la recherche seulement",
}
_NOT_EXHAUSTIVE = (
    "L'annuaire des initiatives n'est pas exhaustif : aucune initiative recensée ne veut pas dire "
    "aucune initiative"
)


@dataclass(frozen=True)
class Provenance:
    """What a reader needs to make the same file again.

    Attributes
    ----------
    produced_on : datetime.date
        Given by the caller: this package has no clock.
    code_version : str
        Version of the program.
    data_versions : tuple of (str, str)
        What and its version: ``("communes", "2026.1-…")``.
    indicators : tuple of Indicator
        Those whose figures are in the file, or in its index.
    recipe : Recipe, optional
        How the index was made.
    preset : Preset, optional
        The scheme whose rules were taken.
    query : CandidateQuery, optional
        The search; its recipe stands for ``recipe`` when that is not given.
    remarks : tuple of str
        Further French lines (licence of the boundaries, completeness of the directory…).
    """

    produced_on: date
    code_version: str
    data_versions: tuple[tuple[str, str], ...] = ()
    indicators: tuple[Indicator, ...] = ()
    recipe: Recipe | None = None
    preset: Preset | None = None
    query: CandidateQuery | None = None
    remarks: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return French lines, one statement each, without line breaks."""
        recipe = self.recipe or (self.query.recipe if self.query else None)
        lines = [
            f"Produit le {format_date(self.produced_on)} par Territoires {self.code_version} "
            f"({_LICENCE})",
            *(f"Données, {what} : {version}" for what, version in self.data_versions),
            *([recipe_line(recipe, self.indicators)] if recipe else []),
            *([preset_line(self.preset)] if self.preset else []),
            *([query_line(self.query)] if self.query else []),
            *(indicator_line(indicator) for indicator in self.indicators),
            *self.remarks,
        ]
        return tuple(" ".join(line.split()) for line in lines)


def provenance_lines(
    data_version: str, cog: int, produced_on: date, indicators: tuple[Indicator, ...] = (),
    **made_by: Any,
) -> tuple[str, ...]:  # fmt: skip
    """Return the lines that head an export: date, versions, recipe, sources with licences.

    Parameters
    ----------
    data_version : str
        Of the communes and indicators.
    cog : int
        Year of the communes, as :attr:`Register.cog`.
    produced_on : datetime.date
        Today.
    indicators : tuple of Indicator
        Those whose figures are in the file.
    **made_by
        ``recipe``, ``preset`` or ``query`` of :class:`Provenance`.
    """
    return Provenance(
        produced_on=produced_on,
        code_version=__version__,
        data_versions=(("communes et indicateurs", data_version),),
        indicators=indicators,
        remarks=(
            "Contours et noms : IGN Admin Express, Insee, DGCL (Licence Ouverte 2.0) ; communes au "
            f"1er janvier {cog}",
            _NOT_EXHAUSTIVE,
        ),
        **made_by,
    ).lines()


def recipe_line(recipe: Recipe, indicators: Iterable[Indicator] = ()) -> str:
    """Write a recipe in one line: method, then each indicator with its way and effective weight."""
    labels = {indicator.code: indicator.label for indicator in indicators}
    items = [
        _item_words(item, labels.get(item.code, item.code), share, recipe)
        for item, share in zip(recipe.items, recipe.weights, strict=True)
    ]
    return f"Recette « {recipe.name} » : {_method_words(recipe)} ; {' ; '.join(items)}"


def _method_words(recipe: Recipe) -> str:
    if recipe.is_rule:
        return f"au moins {recipe.at_least} critères sur {len(recipe.items)} au-delà de leur seuil"
    words = [
        f"normalisation : {NORMALISERS[recipe.normalisation].label.lower()}",
        f"agrégation : {AGGREGATIONS[recipe.aggregation].label.lower()}",
    ]
    if not recipe.is_arithmetic:
        words.append(f"décalage {_trimmed(recipe.geometric_shift)}")
    words.append(f"couverture minimale {format_share(recipe.min_coverage)}")
    if recipe.imputation != NO_IMPUTATION:
        words.append(f"valeurs manquantes : {IMPUTATIONS[recipe.imputation].label.lower()}")
    if not recipe.wider_values:
        words.append("sans les chiffres départementaux")
    return ", ".join(words)


def _item_words(item: RecipeItem, label: str, share: float, recipe: Recipe) -> str:
    words = [f"sens {item.direction:+d}"]
    if recipe.is_rule:
        limit = f"centile {item.percentile:g}" if item.threshold is None else f"{item.threshold:g}"
        words.append(f"seuil : {limit}")
    else:
        words.append(f"poids {_trimmed(item.weight)}, soit {format_share(share)}")
    if item.dimension:
        named = {one.code: one.label for one in recipe.dimensions}
        words.insert(0, f"dimension {named[item.dimension]}")
    if item.ideal is not None:
        words.append(f"écart à {item.ideal:g}")
    if item.transformation != NO_TRANSFORMATION:
        words.append(item.transformation)
    if item.bounds is not None and recipe.normalisation == "bornes":
        words.append(f"bornes {item.bounds[0]:g} et {item.bounds[1]:g}")
    return f"{label} ({', '.join(words)})"


def preset_line(preset: Preset) -> str:
    """Write the scheme whose rules were taken, its dates and its source."""
    until = f" au {format_date(preset.valid_until)}" if preset.valid_until else ""
    source = f" ; {preset.source_url}" if preset.source_url else ""
    return (
        f"Dispositif « {preset.name} » : règles du {format_date(preset.valid_from)}{until}{source}"
    )


def query_line(query: CandidateQuery) -> str:
    """Write where and among which communes the search was made, and every rule of it."""
    parts = [f"univers {shortened([*map(_universe_words, query.universe)], _UNIVERSE_SHOWN)}"]
    if query.members is not None:
        parts.append(f"liste de {plural(len(query.members), 'commune', 'communes')}")
    parts += [*_unit_words(query), *_bounds_words(query), *_contents_words(query)]
    parts += [*map(_threshold_words, query.thresholds), *map(_capacity_words, query.capacities)]
    parts.append(_COMPARED[query.reference])
    return f"Recherche : {' ; '.join(parts)}"


def _unit_words(query: CandidateQuery) -> list[str]:
    words = [f"un candidat est {UNITS[query.unit]}"]
    if query.unit == GROUP:
        words.append(PERIMETERS[query.perimeter])
        words += ["les groupes peuvent partager des communes"] if query.overlapping else []
    return words


def _bounds_words(query: CandidateQuery) -> list[str]:
    words = []
    low, high = query.population_min, query.population_max
    if low is not None or high is not None:
        bounds = [f"au moins {format_number(low)}"] if low is not None else []
        bounds += [f"au plus {format_number(high)}"] if high is not None else []
        words.append(f"population {listing(bounds)}")
    if query.distance_min_km is not None:
        kinds = _initiatives_words((), query.initiative_types, query.initiative_statuses)
        words.append(
            f"à {format_km(query.distance_min_km)} au moins des initiatives ({kinds}), à vol "
            "d'oiseau, et hors de leur périmètre"
        )
    return words


def _contents_words(query: CandidateQuery) -> list[str]:
    words = []
    if query.must_contain:
        words.append(f"contient {shortened(query.must_contain, _CODES_SHOWN)}")
    if query.excluded:
        words.append(f"sans {shortened(query.excluded, _CODES_SHOWN)}")
    return words


def _threshold_words(threshold: NeedThreshold) -> str:
    bounds = []
    if threshold.at_least is not None:
        bounds.append(f"au moins {threshold.at_least:g}")
    if threshold.at_most is not None:
        bounds.append(f"au plus {threshold.at_most:g}")
    if threshold.percentile is not None:
        bounds.append(f"au-delà du centile {threshold.percentile:g} du besoin")
    return f"seuil sur {threshold.indicator} : {listing(bounds)}"


def _capacity_words(condition: CapacityCondition) -> str:
    some = "au moins une initiative" if condition.present else "aucune initiative"
    kinds = _initiatives_words(condition.axes, condition.types, condition.statuses)
    return f"{some} à moins de {format_km(condition.within_km)} ({kinds})"


def _initiatives_words(
    axes: Sequence[str], types: Sequence[str], statuses: Sequence[str]
) -> str:  # fmt: skip
    """Name which initiatives count, by the codes of the vocabularies."""
    words = [f"axes : {', '.join(axes)}"] if axes else []
    words.append(f"types : {', '.join(types) or 'tous'}")
    words.append(f"statuts : {', '.join(statuses) or 'tous'}")
    return ", ".join(words)


def _universe_words(code: str) -> str:
    """Write a typed code, with what it means when it is long."""
    prefix, _, bare = code.partition(":")
    if prefix == ZONE_PREFIX:
        return f"{code} (communes dont le point de référence est dans ce contour)"
    if prefix == GROUP_LEVEL and len(bare) > _LONGEST_CODE:
        return f"liste de {plural(bare.count('-') + 1, 'commune', 'communes')}"
    if prefix in _LEVELS:
        return f"{_LEVELS[prefix]} {bare} ({code})"
    return "toute la France" if code in ALL_FRANCE else code


def indicator_line(indicator: Indicator) -> str:
    """Write what an indicator is and where it comes from."""
    unit = f" ({indicator.unit})" if indicator.unit else ""
    marks = [f"chiffre {indicator.of_place}"] if indicator.is_wider else []
    marks += [indicator.caution] if indicator.caution else []
    marks += [f"effectifs arrondis à {indicator.rounded_to}"] if indicator.rounded_to else []
    told = "".join(f", {mark}" for mark in marks)
    return (
        f"{indicator.label}{unit}{told} : {indicator.producer}, {indicator.source}, "
        f"{indicator.vintage}, {indicator.licence}, {indicator.source_url}"
    )


def _trimmed(weight: float) -> str:
    text = format_number(weight, 3).rstrip("0")
    return text.removesuffix(",")
