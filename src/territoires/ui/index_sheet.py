"""The need index of one place: score, rank, its interval, what it is made of, what is missing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from territoires.candidates.wording import sentence_start
from territoires.indicators import (
    Indicator,
    format_interval,
    format_number,
    format_rank,
    format_share,
    format_value,
    known_for,
)
from territoires.indicators.aggregation import NOT_MERGED
from territoires.needs import Recipe, RecipeItem
from territoires.needs.rule import UNDECIDED, VERDICT_WORDS, met_words
from territoires.needs.story_items import criterion
from territoires.territory import Territoire
from territoires.territory.levels import AMONG
from territoires.ui.markup import bar, key_figures, missing, text
from territoires.ui.need_results import NeedQuestion
from territoires.ui.place_reading import PlaceReading
from territoires.ui.places_shown import code_of, place_names
from territoires.workspace import Workspace

_FIRST_SHOWN = 12


def index_block(workspace: Workspace, place: Territoire, recipe: Recipe) -> str:
    """Return the index of a place among those of its level in France, as HTML.

    Returns
    -------
    str
        Empty for a level that the map does not compare (a région, a group of communes).
    """
    if place.niveau not in AMONG:
        return ""
    question = NeedQuestion(workspace, recipe, place.niveau)
    reading = PlaceReading(question, code_of(place))
    if not reading.is_compared:
        return ""
    heading = f"<h3>Indice : {text(recipe.name)}</h3>"
    return f'<div class="t-sheet">{heading}{_headline(reading)}{_parts(reading)}</div>'


def place_block(question: NeedQuestion, place: Territoire, top: int) -> str:
    """Return all that an index says of a place, with values, vintages and ranks, as HTML.

    Parameters
    ----------
    top : int
        How many are the first ones, for « toujours, souvent, parfois parmi les premiers ».
    """
    reading = PlaceReading(question, code_of(place), top, detailed=True)
    if place.niveau != question.level or not reading.is_compared:
        return f'<p class="t-sheet">{missing(_not_compared(question))}</p>'
    return f'<div class="t-sheet">{_headline(reading)}{_parts(reading)}</div>'


def first_places(question: NeedQuestion) -> str:
    """Return the places of greatest need, as HTML."""
    index = question.index()
    ranks = index.rank.dropna().sort_values(kind="stable").head(_FIRST_SHOWN)
    names = place_names(question.workspace.register, question.level, ranks.index)
    rows = "".join(
        f'<tr><th scope="row">{int(rank)}. {text(name)}</th>'
        f"<td>{text(format_number(float(index.score[str(code)]) * 100, 1))}</td></tr>"
        for (code, rank), name in zip(ranks.items(), names, strict=True)
    )
    where = "en France" if question.scope.communes is None else question.scope.label
    return (
        f'<div class="t-sheet"><h3>Les plus grands besoins, {text(where)}</h3>'
        f'<table class="t-rows">{rows}</table></div>'
    )


def _not_compared(question: NeedQuestion) -> str:
    among = f"{AMONG[question.level]} ({question.scope.label})"
    return f"Ce lieu n'est pas parmi les {among} que l'indice compare."


def _headline(reading: PlaceReading) -> str:
    index, code = reading.index, reading.code
    known = format_share(float(index.coverage[code]))
    if math.isnan(reading.score):
        label = sentence_start(VERDICT_WORDS[UNDECIDED]) if index.recipe.is_rule else "Non classé"
        return f"<p>{missing(f'{label}, part connue : {known}')}</p>"
    rank = format_rank(int(index.rank[code]), index.count)
    interval = None if reading.tested is None else reading.tested.robustness.interval(code)
    figures = [_score(reading), (rank, f"rang parmi les {_among(reading)}")]
    figures += [(format_interval(*interval), "intervalle du rang")] if interval else []
    figures.append((known, "des critères connus" if index.recipe.is_rule else "du poids connu"))
    return f"{key_figures(figures)}{_first_ones(reading)}"


def _score(reading: PlaceReading) -> tuple[str, str]:
    recipe = reading.index.recipe
    if not recipe.is_rule:
        return f"{format_number(reading.score * 100, 1)} sur 100", "score de besoin"
    verdict = VERDICT_WORDS[str(reading.index.verdict[reading.code])]
    return sentence_start(verdict), met_words(recipe, reading.scaled)


def _among(reading: PlaceReading) -> str:
    where = reading.question.scope
    inside = "en France" if where.communes is None else f"({where.label})"
    return f"{AMONG[reading.question.level]} {inside}, 1er : le plus grand besoin"


def _first_ones(reading: PlaceReading) -> str:
    """Say how often the place is among the first ones, when that is known."""
    if not reading.top:
        return ""
    if reading.tested is None:
        note = "Jusqu'où ce rang tient : onglet Solidité, « Mettre à l'épreuve »."
        return f'<p class="t-note">{text(note)}</p>'
    robustness = reading.tested.robustness
    word = str(robustness.frequency(reading.top)[reading.code]).capitalize()
    share = format_share(float(robustness.share_in_top(reading.top)[reading.code]))
    return (
        f"<p><b>{text(word)}</b> parmi les {format_number(reading.top)} premiers : {share} des "
        f"{format_number(robustness.plan.count)} tirages.</p>"
    )


def _parts(reading: PlaceReading) -> str:
    index = reading.index
    rows = []
    for block in index.recipe.blocks:
        items = [index.recipe.items[k] for k in block.positions if index.recipe.items[k].weight > 0]
        if index.recipe.dimensions and items:
            rows.append(_dimension_row(reading, block.dimension.code, block.dimension.label, items))
        ordered = items if index.recipe.dimensions else _by_contribution(reading, items)
        rows += [_item_row(reading, item) for item in ordered]
    return f'<table class="t-rows">{"".join(rows)}</table>{_left_out(reading)}'


def _by_contribution(reading: PlaceReading, items: list[RecipeItem]) -> list[RecipeItem]:
    return sorted(items, key=lambda item: -np.nan_to_num(reading.points[item.code], nan=-1.0))


def _dimension_row(reading: PlaceReading, code: str, label: str, items: list[RecipeItem]) -> str:
    own, small = reading.dimensions.get(code, math.nan), ""
    if reading.index.recipe.is_rule:
        met = sum(reading.scaled[item.code] == 1 for item in items)
        cell = text(f"{met} sur {len(items)}")
    else:
        points = [reading.points[item.code] for item in items]
        cell = missing() if np.isnan(points).all() else _points(reading, float(np.nansum(points)))
        if not math.isnan(own):
            small = f"<small>{text(format_number(own * 100, 1))} sur 100</small>"
    return f'<tr class="t-dim"><th scope="row">{text(label)}{small}</th><td>{cell}</td></tr>'


def _item_row(reading: PlaceReading, item: RecipeItem) -> str:
    indicator = reading.indicator(item.code)
    points = reading.points[item.code]
    if reading.index.recipe.is_rule:
        cell = _met(reading, item)
    else:
        cell = missing() if math.isnan(points) else _points(reading, points, gauge=True)
    notes = "".join(f"<small>{text(note)}</small>" for note in _notes(reading, item, indicator))
    title = text(indicator.definition)
    return (
        f'<tr><th scope="row"><span title="{title}">{text(indicator.label)}</span>{notes}</th>'
        f"<td>{cell}</td></tr>"
    )


def _points(reading: PlaceReading, points: float, *, gauge: bool = False) -> str:
    shown = f"{text(format_number(points * 100, 1))} points"
    share = points / reading.score if reading.score > 0 else 0.0
    return f"{shown}{bar(share)}" if gauge else shown


def _met(reading: PlaceReading, item: RecipeItem) -> str:
    met = reading.scaled[item.code]
    if math.isnan(met):
        return missing("inconnu")
    return "<b>rempli</b>" if met else "non rempli"


def _notes(reading: PlaceReading, item: RecipeItem, indicator: Indicator) -> list[str]:
    notes = []
    if reading.index.recipe.is_rule:
        notes.append(criterion(item, indicator))
    if reading.detailed:
        notes.append(_value_note(reading, indicator))
    if indicator.is_wider:
        notes.append(f"chiffre {indicator.of_place}")
    if indicator.caution:
        notes.append(indicator.caution)
    if reading.filled[item.code]:
        notes.append("valeur remplie : médiane des communes semblables")
    return notes


def _value_note(reading: PlaceReading, indicator: Indicator) -> str:
    row = reading.standing[indicator.code]
    value = None if pd.isna(row["valeur"]) else float(row["valeur"])
    words = [format_value(indicator, value, str(row["statut"])), indicator.vintage]
    if pd.notna(row["rang"]) and not (indicator.is_ordinal or indicator.is_wider):
        words.append(format_rank(int(row["rang"]), int(row["classes"])))
    if indicator.aggregation != NOT_MERGED:
        words.append(known_for(reading.known_part[indicator.code], is_known=value is not None))
    return " · ".join(filter(None, words))


def _left_out(reading: PlaceReading) -> str:
    used = reading.index.recipe.codes
    left_out = [code for code in reading.question.recipe.codes if code not in used]
    if not left_out:
        return ""
    labels = ", ".join(reading.indicator(code).label for code in left_out)
    return f'<p class="t-note">Laissés de côté par la recette : {text(labels)}.</p>'
