"""The needs index of a territory, read: score, rank, interval, what it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from territoires.candidates.intervals import group_scores
from territoires.candidates.wording import format_inhabitants, sentence_start
from territoires.exports.sheets.content import Figure, Gauge, IndexReading, Row
from territoires.exports.sheets.figures import PlaceFigures, percent_points
from territoires.exports.sheets.places import code_of
from territoires.exports.sheets.source import SheetSource, among
from territoires.indicators import format_interval, format_number, format_rank, format_share
from territoires.needs import NeedIndex, Recipe, RecipeItem
from territoires.needs.index import SCORE_DECIMALS
from territoires.needs.rule import UNDECIDED, VERDICT_WORDS, met_words
from territoires.needs.story_items import criterion
from territoires.territory import Territoire
from territoires.territory.levels import AMONG

_LARGEST = 2


@dataclass(frozen=True, eq=False)
class _Point:
    """A place in an index, whatever its level.

    Attributes
    ----------
    recipe : Recipe
        As it was applied.
    score, coverage : float
        0 to 1; NaN for a place that is not ranked.
    points : dict of str to float
        What each indicator brings; NaN where missing.
    scaled : dict of str to float
        On the common scale; under a rule, 1 where the criterion is met.
    rank, count : int or None
        Among its like; ``None`` when it has no rank.
    interval : (int, int), optional
        Ranks between which it is, when draws are at hand.
    verdict : str
        Of a rule.
    """

    recipe: Recipe
    score: float
    coverage: float
    points: dict[str, float]
    scaled: dict[str, float]
    rank: int | None = None
    interval: tuple[int, int] | None = None
    count: int = 0
    verdict: str = ""


def read_index(source: SheetSource, figures: PlaceFigures) -> IndexReading | None:
    """Read the index of a territory.

    Parameters
    ----------
    source : SheetSource
        Its recipe; without one, or where it says nothing, there is no reading.
    figures : PlaceFigures
        Of the territory.

    Returns
    -------
    IndexReading or None
        A commune, an EPCI and a département are ranked among their like. Another set of communes
        has the mean of its communes, weighted by their inhabitants, and the rank that this mean
        would have among the communes of France; a région, no rank.
    """
    place = figures.place
    point = _of_level(source, place) if place.niveau in AMONG else _of_communes(source, place)
    if point is None:
        return None
    rows = tuple(_rows(point, figures))
    return IndexReading(
        title=point.recipe.name,
        figures=tuple(_figures(point, place)),
        gauge=_gauge(point),
        rows=rows,
        note=_note(point, place),
        sentence=_sentence(point, figures),
    )


def _of_level(source: SheetSource, place: Territoire) -> _Point | None:
    index = source.index(place.niveau)
    code = code_of(place)
    if index is None or code not in index.score.index:
        return None
    rank = index.rank[code]
    return _Point(
        recipe=index.recipe,
        score=float(index.score[code]),
        coverage=float(index.coverage[code]),
        points=_row(index.contributions, code),
        scaled=_row(index.normalised, code),
        rank=None if pd.isna(rank) else int(rank),
        interval=_interval(source, place),
        count=index.count,
        verdict=str(index.verdict[code]),
    )


def _row(frame: pd.DataFrame, code: str) -> dict[str, float]:
    numbers = frame.loc[[code]].to_numpy(dtype=float)[0]
    return dict(zip(map(str, frame.columns), numbers.tolist(), strict=True))


def _interval(source: SheetSource, place: Territoire) -> tuple[int, int] | None:
    if place.code in source.intervals:
        return source.intervals[place.code]
    tested = source.robustness.get(place.niveau)
    return None if tested is None else tested.interval(code_of(place))


def _of_communes(source: SheetSource, place: Territoire) -> _Point | None:
    index = source.index("commune")
    if index is None:
        return None
    rows = [index.score.index.get_indexer(pd.Index(place.communes))]
    people = source.indicators.population.reindex(index.score.index).to_numpy(dtype=float)
    scores = index.score.to_numpy(dtype=float)

    def mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        # Where a commune has no score, it takes no part; what one lacks brings it nothing.
        filled = np.where(np.isnan(scores), np.nan, np.nan_to_num(values))
        return float(group_scores(filled, rows, people)[0])

    known = ~np.isnan(index.contributions.to_numpy(dtype=float)[rows[0]]).all(axis=0)
    points = {
        code: mean(index.contributions[code].to_numpy(dtype=float)) if is_known else math.nan
        for code, is_known in zip(index.recipe.codes, known, strict=True)
    }
    score = float(group_scores(scores, rows, people)[0])
    return _Point(
        recipe=index.recipe,
        score=score,
        coverage=float(group_scores(index.coverage.to_numpy(dtype=float), rows, people)[0]),
        points=points,
        scaled=_mean_scaled(index, rows, people),
        rank=_rank_it_would_have(scores, score) if among(place) else None,
        interval=_interval(source, place),
        count=index.count,
    )


def _rank_it_would_have(scores: np.ndarray, score: float) -> int | None:
    """Rank a mean among the scores that it is a mean of."""
    if math.isnan(score):
        return None
    higher = np.round(scores, SCORE_DECIMALS) > round(score, SCORE_DECIMALS)
    return 1 + int(np.count_nonzero(higher))


def _mean_scaled(index: NeedIndex, rows: list[np.ndarray], people: np.ndarray) -> dict[str, float]:
    return {
        code: float(group_scores(index.normalised[code].to_numpy(dtype=float), rows, people)[0])
        for code in index.recipe.codes
    }


def _figures(point: _Point, place: Territoire) -> list[Figure]:
    known = Figure(format_share(point.coverage), _known_label(point))
    if math.isnan(point.score):
        label = sentence_start(VERDICT_WORDS[UNDECIDED]) if point.recipe.is_rule else "Non classé"
        return [Figure(label, "trop peu est connu ici"), known]
    figures = [_score(point)]
    if point.rank is not None:
        count = f"{format_number(point.count)} {among(place)}"
        label = f"sur {count}" if place.niveau in AMONG else f"rang qu'il aurait sur {count}"
        figures.append(Figure(format_rank(point.rank), label))
    if point.interval is not None:
        ends = format_interval(*point.interval)
        figures.append(Figure(ends, "intervalle du rang, 9 tirages sur 10"))
    return [*figures, known]


def _known_label(point: _Point) -> str:
    return "des critères connus" if point.recipe.is_rule else "du poids connu"


def _score(point: _Point) -> Figure:
    if not point.recipe.is_rule or not point.verdict:
        return Figure(f"{format_number(point.score * 100, 1)}", "score de besoin, sur 100")
    return Figure(
        sentence_start(VERDICT_WORDS[point.verdict]), met_words(point.recipe, point.scaled)
    )


def _counted(recipe: Recipe) -> list[RecipeItem]:
    return [item for item in recipe.items if item.weight > 0]


def _gauge(point: _Point) -> Gauge | None:
    if point.rank is None or point.count < 2:
        return None
    ranks = (point.rank, *(point.interval or ()))
    return Gauge(*((rank - 1) / (point.count - 1) for rank in ranks))


def _rows(point: _Point, figures: PlaceFigures) -> list[Row]:
    items = sorted(
        _counted(point.recipe), key=lambda item: -np.nan_to_num(point.points[item.code], nan=-1.0)
    )
    return [_item_row(point, figures, item) for item in items]


def _item_row(point: _Point, figures: PlaceFigures, item: RecipeItem) -> Row:
    indicator = figures.source.indicators.indicator(item.code)
    points = point.points[item.code]
    note = criterion(item, indicator) if point.recipe.is_rule else ""
    if indicator.is_wider:
        note = f"{note} · chiffre {indicator.of_place}" if note else f"chiffre {indicator.of_place}"
    if point.recipe.is_rule and point.verdict:
        told = _met(point.scaled[item.code])
        return Row(indicator.label, note, figures.value_words(indicator), told)
    if math.isnan(points):
        return Row(
            indicator.label, note, figures.value_words(indicator), "ne compte pas", is_missing=True
        )
    share = points / point.score if point.score > 0 else 0.0
    return Row(indicator.label, note, figures.value_words(indicator), percent_points(points), share)


def _met(scaled: float) -> str:
    if math.isnan(scaled):
        return "inconnu"
    return "rempli" if scaled else "non rempli"


def _note(point: _Point, place: Territoire) -> str:
    mean = "Moyenne des communes, pondérée par leurs habitants"
    if not among(place):
        return f"{mean}. Sans rang : ce territoire n'est comparé à aucun autre."
    if point.rank is None:
        return "Une valeur manquante n'est pas un zéro : sous la part exigée, pas de rang."
    interval = (
        "L'intervalle vient de recettes aussi défendables : neuf rangs tirés sur dix y sont."
        if point.interval is not None
        else "L'intervalle du rang n'a pas été tiré pour cette fiche."
    )
    if place.niveau in AMONG:
        return f"1er : le plus grand besoin. {interval}"
    told = " ; le rang est celui que cette moyenne aurait parmi les communes"
    return f"{mean}{told} (1er : le plus grand besoin). {interval}"


def _sentence(point: _Point, figures: PlaceFigures) -> str:
    place = figures.place
    people = "" if place.population is None else f"{format_inhabitants(place.population)}, "
    if math.isnan(point.score):
        return (
            f"{place.nom} : {people}sans rang dans « {point.recipe.name} », dont "
            f"{format_share(point.coverage)} seulement du poids est connu ici."
        )
    return (
        f"{place.nom} : {people}{_rank_words(point, place)}score de besoin "
        f"{format_number(point.score * 100, 1)} sur 100 d'après « {point.recipe.name} », calculé "
        f"sur {format_share(point.coverage)} du poids de la recette.{_largest(point, figures)}"
    )


def _rank_words(point: _Point, place: Territoire) -> str:
    if point.rank is None:
        return ""
    rank = f"{format_rank(point.rank)} rang sur {format_number(point.count)}"
    words = f"{rank} {among(place)}"
    if point.interval is not None:
        best, worst = point.interval
        words += f" (du {format_rank(best)} au {format_rank(worst)})"
    return f"{words}, "


def _largest(point: _Point, figures: PlaceFigures) -> str:
    known = [(code, points) for code, points in point.points.items() if points > 0]
    known.sort(key=lambda pair: -pair[1])
    parts = []
    for code, points in known[:_LARGEST]:
        indicator = figures.source.indicators.indicator(code)
        label = indicator.label[:1].lower() + indicator.label[1:]
        value = figures.value_words(indicator)
        parts.append(f"{label}, {value} ({percent_points(points)})")
    return f" Ce qui pèse le plus : {' ; '.join(parts)}." if parts else ""
