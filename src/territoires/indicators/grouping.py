"""Add a table of communes up to groups, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.indicators.aggregation import (
    NOT_MERGED,
    Aggregate,
    FloatArray,
    IntArray,
    Members,
    aggregate,
    totals,
)
from territoires.indicators.catalogue import Indicator
from territoires.indicators.reading import STATUSES, status_column

if TYPE_CHECKING:
    from territoires.indicators.table import IndicatorTable

BoolArray = npt.NDArray[np.bool_]
_CODES = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True, eq=False)
class _Partition:
    """Which row belongs to which group; rows without a group are already left out."""

    rows: IntArray
    group: IntArray
    labels: pd.Index
    population: FloatArray

    @property
    def count(self) -> int:
        return len(self.labels)

    @property
    def communes(self) -> IntArray:
        return np.bincount(self.group, minlength=self.count)

    def total(self, amounts: FloatArray) -> FloatArray:
        return totals(self.group, amounts, self.count)


@dataclass(frozen=True, eq=False)
class _Column:
    """One indicator, restricted to the rows of a partition."""

    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    status: npt.NDArray[np.int8]


def group_table(
    table: IndicatorTable, positions: npt.NDArray[np.intp], groups: pd.Series
) -> dict[str, Any]:
    """Compute the fields of the grouped table.

    Parameters
    ----------
    table : IndicatorTable
        Communes.
    positions : array of int
        Row of ``table`` for each element of ``groups``.
    groups : Series
        Group code of each row, possibly missing.

    Returns
    -------
    dict
        ``values, numerators, denominators, statuses, coverage`` (DataFrame indexed by group) and
        ``population`` (Series).
    """
    partition = _partition(table, positions, groups)
    columns: dict[str, dict[str, Any]] = {
        name: {} for name in ("values", "numerators", "denominators", "statuses", "coverage")
    }
    for code, indicator in table.catalogue.items():
        column, least = _column(table, code, partition), table.group_rules.least(indicator)
        merged, status, coverage = _merge(column, indicator, partition, least)
        columns["values"][code] = merged.value
        columns["numerators"][code] = merged.numerator
        columns["denominators"][code] = merged.denominator
        columns["statuses"][code] = status_column(status)
        columns["coverage"][code] = coverage
    frames: dict[str, Any] = {
        name: pd.DataFrame(data, index=partition.labels) for name, data in columns.items()
    }
    frames["population"] = pd.Series(
        partition.total(partition.population), index=partition.labels, name="population"
    )
    return frames


def _partition(
    table: IndicatorTable, positions: npt.NDArray[np.intp], groups: pd.Series
) -> _Partition:
    codes, labels = pd.factorize(groups, sort=True)
    member = codes >= 0
    rows = positions[member]
    population = table.population.to_numpy(dtype=float)[rows]
    return _Partition(rows, codes[member], pd.Index(labels), population)


def _column(table: IndicatorTable, code: str, partition: _Partition) -> _Column:
    rows = partition.rows
    statuses = table.statuses[code].array
    return _Column(
        table.values[code].to_numpy()[rows],
        table.numerators[code].to_numpy()[rows],
        table.denominators[code].to_numpy()[rows],
        np.asarray(statuses.codes)[rows].astype(np.int8),
    )


def _merge(
    column: _Column, indicator: Indicator, partition: _Partition, least: float
) -> tuple[Aggregate, npt.NDArray[np.int8], FloatArray]:
    has_value = ~np.isnan(column.value)
    floor = column.status == _CODES["plancher"]
    known = has_value & (floor | (column.status == _CODES["publie"]))
    coverage = _coverage(known, partition)
    merged = aggregate(_members(column, known, partition), indicator)
    _leave_out(merged, coverage < least)
    apart = has_value & (column.status == _CODES["hors_champ"])
    _fill_with_other_survey(merged, aggregate(_members(column, apart, partition), indicator))
    merges = indicator.aggregation != NOT_MERGED
    status = _statuses(column, merged, known, partition, merges=merges)
    return merged, status, coverage


def _members(column: _Column, kept: BoolArray, partition: _Partition) -> Members:
    return Members(
        group=partition.group[kept],
        count=partition.count,
        value=column.value[kept],
        numerator=column.numerator[kept],
        denominator=column.denominator[kept],
        population=partition.population[kept],
        communes=partition.communes,
    )


def _leave_out(merged: Aggregate, groups: BoolArray) -> None:
    for amounts in (merged.value, merged.numerator, merged.denominator):
        amounts[groups] = np.nan


def _fill_with_other_survey(merged: Aggregate, other: Aggregate) -> None:
    empty = np.isnan(merged.value)
    merged.value[empty] = other.value[empty]
    merged.numerator[empty] = other.numerator[empty]
    merged.denominator[empty] = other.denominator[empty]


def _statuses(
    column: _Column, merged: Aggregate, known: BoolArray, partition: _Partition, *, merges: bool
) -> npt.NDArray[np.int8]:
    """Say "publie" where known communes give a value; else the reason all the others share.

    What does not merge is missing for that reason, unless all its communes share another.
    """
    known_count = partition.total(known.astype(float))
    result = np.full(partition.count, _CODES["non_disponible"], dtype=np.int8)
    for status in ("secret", "hors_champ"):
        same = partition.total((column.status == _CODES[status]).astype(float))
        unknown = partition.communes - known_count if merges else partition.communes
        result[(same == unknown) & (unknown > 0)] = _CODES[status]
    apart = (known_count == 0) & ~np.isnan(merged.value)
    result[apart] = _CODES["hors_champ"]
    has_value = (known_count > 0) & ~np.isnan(merged.value)
    floors = partition.total((known & (column.status == _CODES["plancher"])).astype(float))
    result[has_value] = _CODES["publie"]
    result[has_value & (floors == known_count)] = _CODES["plancher"]
    return result


def _coverage(known: BoolArray, partition: _Partition) -> FloatArray:
    """Share of inhabitants in known communes; of communes where nobody lives."""
    inhabitants = partition.total(partition.population)
    deserted = inhabitants == 0
    weights = np.where(deserted[partition.group], 1.0, partition.population)
    return partition.total(np.where(known, weights, 0.0)) / partition.total(weights)
