"""The tab « Distributions »: how each indicator of a recipe spreads, and where the place stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from territoires.indicators import (
    Indicator,
    format_number,
    format_share,
    format_value,
    percent_ranks,
)
from territoires.needs import RecipeItem
from territoires.territory import Territoire
from territoires.territory.levels import AMONG
from territoires.ui.charts import Place, as_image, axis_for, distribution_chart
from territoires.ui.kept import Kept
from territoires.ui.markup import missing, text
from territoires.ui.need_results import NeedQuestion
from territoires.ui.places_shown import code_of
from territoires.ui.written_number import write_number

FloatArray = npt.NDArray[np.float64]
_figures: Kept[Hashable, str] = Kept(300)  # about 10 kB each


def distributions_tab(question: NeedQuestion, place: Territoire | None) -> None:
    """Draw one chart per indicator, over the places compared."""
    count = len(question.table.values if question.universe is None else question.universe)
    among = f"{format_number(count)} {AMONG[question.level]}, {question.scope.label}"
    marked = "" if place else " Choisissez un lieu sur la carte : il sera marqué."
    st.caption(f"{among}. Chaque trait sous l'histogramme est un lieu.{marked}")
    figures = "".join(_kept_figure(question, item, place) for item in question.index().recipe.items)
    st.html(f'<div class="t-figures">{figures}</div>')


def _kept_figure(question: NeedQuestion, item: RecipeItem, place: Territoire | None) -> str:
    """Return a figure drawn once: weights, which move often, do not change it."""
    shown = replace(item, weight=1.0, reason="", dimension="", linked=())
    key = (shown, *question.key[1:], place.code if place else "")
    return _figures.get_or_make(key, lambda: figure(question, item, place))


def figure(question: NeedQuestion, item: RecipeItem, place: Territoire | None) -> str:
    """Return the chart of an indicator with what it says in words, as HTML."""
    indicator = question.table.indicator(item.code)
    column = question.table.comparable[item.code]
    if question.universe is not None:
        column = column.loc[question.universe]
    values = column.to_numpy(dtype=float, na_value=np.nan)
    code = code_of(place)
    own = float(column[code]) if code in column.index else math.nan
    told = _summary(indicator, values)
    about = _about_place(indicator, item, values, own, place) if place else ""
    title, described = f"Distribution : {indicator.label}", f"{told} {about}".strip()
    chart = distribution_chart(
        values, title, described, _writer(indicator),
        place=Place(place.nom, own) if place else None, ticks=_ticks(indicator),
        direction=item.direction if item.ideal is None else 0,
    )  # fmt: skip
    axis = axis_for(values)
    note = axis.note() if axis and not indicator.is_ordinal else ""
    drawn = as_image(chart, f"{title}. {described}") or missing("aucune valeur ici")
    return _figure(indicator, drawn, (about, told, note))


def _figure(indicator: Indicator, chart: str, notes: Sequence[str]) -> str:
    unit = f", {text(indicator.unit)}" if indicator.unit else ""
    marks = f" · chiffre {indicator.of_place}" if indicator.is_wider else ""
    marks += f" · {indicator.caution}" if indicator.caution else ""
    lines = "".join(f"<p>{text(note[:1].upper() + note[1:])}</p>" for note in notes if note)
    return (
        f'<figure class="t-figure"><figcaption><b>{text(indicator.label)}</b>{unit}'
        f"<small>{text(indicator.vintage + marks)}</small></figcaption>{chart}{lines}</figure>"
    )


def _summary(indicator: Indicator, values: FloatArray) -> str:
    known = values[~np.isnan(values)]
    if not known.size:
        return ""
    absent = len(values) - known.size
    lacks = f" ; {format_number(absent)} sans chiffre" if absent else ""
    if indicator.is_ordinal:
        return f"{format_number(known.size)} lieux renseignés{lacks}."
    low, middle, high = (
        format_value(indicator, float(one)) for one in np.percentile(known, (0, 50, 100))
    )
    return f"De {low} à {high}, la moitié sous {middle}{lacks}."


def _about_place(
    indicator: Indicator, item: RecipeItem, values: FloatArray, own: float, place: Territoire
) -> str:
    if math.isnan(own):
        return f"{place.nom} : non disponible ou non comparable."
    shown = format_value(indicator, own)
    shares = percent_ranks(item.need(values))
    share = float(shares[np.flatnonzero(values == own)[0]])
    return f"{place.nom} : {shown}, besoin plus grand que {format_share(share)} des autres lieux."


def _ticks(indicator: Indicator) -> Sequence[float] | None:
    return [value for value, _ in indicator.modalities] if indicator.is_ordinal else None


def _writer(indicator: Indicator) -> Callable[[float], str]:
    labels = dict(indicator.modalities)
    return lambda value: labels.get(value, "") if labels else write_number(value)
