"""Likeness in plain French, written from the numbers and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence

from territoires.candidates.alike.comparing import (
    Comparison,
    closest,
    comparisons,
    most_different,
    unknown_indicators,
    written_alike,
)
from territoires.candidates.alike.finding import AlikeList
from territoires.candidates.alike.rules import Phrases
from territoires.candidates.wording import listing
from territoires.indicators import Indicator, format_number, format_value

NOTHING_CLOSE = "aucun indicateur vraiment proche"
NOTHING_FAR = "rien de très différent"
_TIMES = "{fois}"
_LEAST_RATIO = 1.4  # below, « une fois et demie » would say too much
_MANY_TIMES = 10
_HALVES_UP_TO = 3
_WORDS = {
    1: "une", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq",
    6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix",
}  # fmt: skip


def common_points(alike: AlikeList, found: Sequence[Comparison]) -> str:
    """Say which indicators are closest to those of the reference, both values given.

    Parameters
    ----------
    alike : AlikeList
        The search.
    found : sequence of Comparison
        From :func:`comparisons`, for one place.
    """
    kept = closest(found, alike.rules.thresholds.told)
    return _told_together(alike, kept) or NOTHING_CLOSE


def differences(alike: AlikeList, found: Sequence[Comparison]) -> str:
    """Say which indicators differ most from those of the reference, both values given.

    Parameters
    ----------
    alike, found
        As :func:`common_points`.
    """
    kept = most_different(found, alike.rules.thresholds.told)
    return _told_together(alike, kept) or NOTHING_FAR


def likeness_sentence(alike: AlikeList, place: str) -> str:
    """Say in French what is alike, what differs, and what is unknown, for one place.

    Raises
    ------
    InvalidRequest
        The place was not compared.
    """
    target, found = alike.target_of(place), comparisons(alike, place)
    unknown = not_compared(alike, place)
    missing = f" Non comparé, faute de chiffre : {unknown}." if unknown else ""
    return (
        f"Comparaison avec {target.nom}. Points communs : {common_points(alike, found)}. "
        f"Différences : {differences(alike, found)}.{missing}"
    )


def not_compared(alike: AlikeList, place: str) -> str:
    """Name the indicators of the query that are unknown on either side; empty when none is.

    Raises
    ------
    InvalidRequest
        The place was not compared.
    """
    return listing([_lowered(one.label) for one in unknown_indicators(alike, place)])


def told(alike: AlikeList, one: Comparison) -> str:
    """Put one comparison into words: ``mairie ouverte deux fois plus longtemps (34 contre 17)``.

    The first value is that of the place, the second that of its reference.
    """
    phrases = alike.rules.phrases.get(one.indicator.code) or _by_label(one.indicator)
    values = _values(one)
    marks = "".join(f", {mark}" for mark in _marks(one.indicator))
    return f"{_phrase(phrases, one)} ({values}{marks})"


def times(value: float, reference: float) -> str:
    """Say how many times one amount is another: ``deux fois``; empty when it says nothing.

    Parameters
    ----------
    value, reference : float
        Only two amounts above 0 have a ratio.
    """
    if value <= 0 or reference <= 0:
        return ""
    ratio = max(value, reference) / min(value, reference)
    if ratio < _LEAST_RATIO:
        return ""
    if ratio > _MANY_TIMES:
        return "plus de dix fois"
    # Rounded half up, to halves, then to whole times.
    halves = math.floor(ratio * 2 + 0.5) if ratio < _HALVES_UP_TO else 2 * math.floor(ratio + 0.5)
    half = " et demie" if halves % 2 else ""
    return f"{_WORDS[halves // 2]} fois{half}"


def _told_together(alike: AlikeList, kept: Sequence[Comparison]) -> str:
    return " ; ".join(told(alike, one) for one in kept)


def _phrase(phrases: Phrases, one: Comparison) -> str:
    if written_alike(one.indicator, one.value, one.reference_value):
        return phrases.same
    if one.is_close:
        return phrases.close
    phrase = phrases.more if one.value > one.reference_value else phrases.less
    ratio = "" if one.indicator.is_ordinal else times(one.value, one.reference_value)
    return " ".join(phrase.replace(_TIMES, ratio).split())


def _values(one: Comparison) -> str:
    mine = format_value(one.indicator, one.value, one.status)
    theirs = format_value(one.indicator, one.reference_value, one.reference_status)
    if mine == theirs:
        return f"{mine} dans les deux cas"
    floors = "plancher" in (one.status, one.reference_status)
    if not one.indicator.is_ordinal and not floors:
        theirs = format_number(one.reference_value, one.indicator.decimals)
    return f"{mine} contre {theirs}"


def _marks(indicator: Indicator) -> list[str]:
    wider = f"chiffre {indicator.of_place}" if indicator.is_wider else ""
    return [mark for mark in (wider, indicator.caution) if mark]


def _by_label(indicator: Indicator) -> Phrases:
    label = _lowered(indicator.label)
    return Phrases(
        same=f"{label} : même valeur",
        close=f"{label} : valeur proche",
        more=f"{label} : valeur {_TIMES} plus haute",
        less=f"{label} : valeur {_TIMES} plus basse",
    )


def _lowered(label: str) -> str:
    """Lower the first letter of a label inside a sentence, but not that of an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
