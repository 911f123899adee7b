"""The figures of a territory as rows: value, rank among its like, vintage, what is missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from territoires.exports.sheets.content import Row
from territoires.exports.sheets.places import code_of
from territoires.exports.sheets.source import SheetSource, among
from territoires.indicators import (
    NOT_MERGED_WORDS,
    RANKED_STATUSES,
    STATUS_LABELS,
    Indicator,
    format_number,
    format_rank,
    format_value,
    known_for,
)
from territoires.shortlist.side_by_side import is_ranked
from territoires.territory import Territoire
from territoires.territory.levels import AMONG

Values = Mapping[Hashable, Any]
"""A row of a table, by column."""


@dataclass(frozen=True, eq=False)
class PlaceFigures:
    """Every figure of a territory.

    Attributes
    ----------
    source : SheetSource
        The data.
    place : Territoire
        The territory.
    """

    source: SheetSource
    place: Territoire

    @cached_property
    def values(self) -> dict[str, Values]:
        """By indicator: the rows of ``IndicatorTable.for_territory``."""
        table = self.source.indicators.for_territory(self.place.communes)
        return {str(row["code"]): row for row in table.to_dict("records")}

    @cached_property
    def standing(self) -> dict[str, Values]:
        """By indicator: rank among the places of its level, or, for a group, the communes.

        Empty for what is not compared.
        """
        if self.place.niveau not in AMONG:
            return self._borrowed() if among(self.place) else {}
        table = self.source.indicators_by(self.place.niveau)
        code = code_of(self.place)
        if code not in table.values.index:
            return {}
        return {str(k): row for k, row in table.standing(code).to_dict("index").items()}

    def _borrowed(self) -> dict[str, Values]:
        """By indicator: the rank that the figure would have among those of the communes."""
        table = self.source.indicators
        found: dict[str, Values] = {}
        for code, row in self.values.items():
            indicator = table.indicator(code)
            is_known = row["statut"] in RANKED_STATUSES and not _is_na(row["valeur"])
            if is_known and is_ranked(indicator, "commune"):
                sign = -1.0 if indicator.direction < 0 else 1.0
                needs = table.comparable[code].dropna().to_numpy(dtype=float) * sign
                mine = float(row["valeur"]) * sign
                less = np.count_nonzero(needs < mine) + np.count_nonzero(needs == mine) / 2
                found[code] = {
                    "rang": 1 + int(np.count_nonzero(needs > mine)),
                    "classes": len(needs),
                    "centile": 100.0 * less / max(len(needs), 1),
                }
        return found

    @property
    def title(self) -> str:
        """Say among whom the ranks are."""
        if not self.standing:
            return (
                "Sans rang : ce territoire n'est comparé à aucun autre. À droite, entre quoi et "
                "quoi va le chiffre de ses communes."
                if self.has_range
                else "Sans rang : ce territoire n'est comparé à aucun autre."
            )
        is_compared = self.place.niveau in AMONG
        rank = "Rang" if is_compared else "Rang que ce chiffre aurait"
        ranges = " Sous chaque nom, entre quoi et quoi vont ses communes." if self.has_range else ""
        return (
            f"{rank} parmi les {among(self.place)} de France ; 1er : le plus grand besoin. La "
            f"barre est la part de ceux dont le besoin est moindre.{ranges}"
        )

    @property
    def has_range(self) -> bool:
        """Whether it is told between what and what the figures of its communes lie."""
        return self.place.niveau not in AMONG and len(self.place.communes) > 1

    @property
    def _has_range_column(self) -> bool:
        """Whether the range has the column of the rank, which this territory does not have."""
        return self.has_range and not self.standing

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings of the rows: two where there is neither rank nor range."""
        if self.standing:
            return ("Indicateur", "Valeur", "Rang", "Besoin")
        return ("Indicateur", "Valeur", *(["Ses communes"] if self._has_range_column else []))

    def value_words(self, indicator: Indicator) -> str:
        """Write a value with its unit, or why there is none."""
        row = self.values[indicator.code]
        value = None if _is_na(row["valeur"]) else float(row["valeur"])
        return format_value(indicator, value, str(row["statut"]))

    def is_missing(self, indicator: Indicator) -> bool:
        """Tell whether there is no figure."""
        return _is_na(self.values[indicator.code]["valeur"])

    def rank_words(self, indicator: Indicator) -> str:
        """Write the rank of a figure: ``12e sur 34 875``; empty when it has none of its own."""
        row = self._ranked(indicator)
        return "" if row is None else format_rank(int(row["rang"]), int(row["classes"]))

    def rows(self) -> tuple[Row, ...]:
        """Return every figure: those of the recipe first, then the others by theme."""
        catalogue = self.source.indicators.catalogue
        first = self.source.recipe.codes if self.source.recipe else ()
        order = [*(code for code in first if code in catalogue)]
        order += [code for code in catalogue if code not in order]
        return tuple(self.row(catalogue[code]) for code in order)

    def row(self, indicator: Indicator) -> Row:
        """Return one figure."""
        ranked = self._ranked(indicator)
        return Row(
            label=indicator.label,
            note=self._note(indicator),
            value=self.value_words(indicator),
            rank=self._range(indicator) if self._has_range_column else self.rank_words(indicator),
            share=None if ranked is None else float(ranked["centile"]) / 100,
            is_missing=self.is_missing(indicator),
        )

    def _ranked(self, indicator: Indicator) -> Values | None:
        """Return the standing that means something: not of a class, nor of a wider place."""
        row = self.standing.get(indicator.code)
        if row is None or _is_na(row["rang"]) or indicator.is_ordinal or not indicator.direction:
            return None
        return None if indicator.is_wider and self.place.niveau == "commune" else row

    def _note(self, indicator: Indicator) -> str:
        row = self.values[indicator.code]
        notes = [indicator.vintage]
        if indicator.is_wider:
            notes.append(f"chiffre {indicator.of_place}")
        if indicator.caution:
            notes.append(indicator.caution)
        if self.standing and self.has_range and (told := self._range(indicator)):
            notes.append(told)
        status = str(row["statut"])
        if not self.is_missing(indicator) and status != "publie":
            notes.append(STATUS_LABELS[status])
        if row["methode"] == NOT_MERGED_WORDS:
            ends = "" if self.has_range else self._range(indicator)
            notes.append(ends and f"{ends} selon les communes")
        else:
            is_known = not self.is_missing(indicator)
            notes.append(known_for(float(row["couverture"]), is_known=is_known))
        return " · ".join(filter(None, notes))

    def _range(self, indicator: Indicator) -> str:
        """Say between what and what a figure lies, over the communes: all there is of a median."""
        row = self.values[indicator.code]
        low, high = row["minimum"], row["maximum"]
        if _is_na(low) or indicator.is_ordinal or low == high:
            return ""
        ends = (format_number(float(end), indicator.decimals) for end in (low, high))
        return f"de {' à '.join(ends)}"


def _is_na(value: Any) -> bool:
    return bool(pd.isna(value))


def source_lines(source: SheetSource, codes: Iterable[str] | None = None) -> tuple[str, ...]:
    """Name the sources of figures: what they gave and its vintage, producer, source, licence.

    Parameters
    ----------
    source : SheetSource
        The data.
    codes : iterable of str, optional
        Indicators; all by default.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    catalogue = source.indicators.catalogue
    for code in catalogue if codes is None else codes:
        one = catalogue[code]
        groups.setdefault((one.producer, one.source, one.licence), []).append(
            f"{one.label} ({one.vintage})"
        )
    return tuple(
        f"{', '.join(labels)} : {producer}, {told} ; {licence}."
        for (producer, told, licence), labels in groups.items()
    )


def percent_points(points: float) -> str:
    """Write what an indicator brings to a score out of 100: ``12,3 points``."""
    rounded = format_number(points * 100, 1)
    return f"{rounded}\u00a0point{'s' if abs(points) * 100 >= 2 else ''}"
