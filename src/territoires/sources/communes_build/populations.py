"""Populations of 2016 brought to the communes of 2026."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from territoires.sources.communes_build.inputs import Inputs


@dataclass(frozen=True)
class Populations2016:
    """2016 populations, and what could not be brought.

    Attributes
    ----------
    by_commune : dict
        Commune of 2026 → inhabitants; absent where unknown.
    source_total : int
        Total of the source.
    lost : dict
        Commune of 2019 that has since been divided → (inhabitants, communes of 2026).
    """

    by_commune: Mapping[str, int]
    source_total: int
    lost: Mapping[str, tuple[int, tuple[str, ...]]]


def bring_populations(inputs: Inputs) -> Populations2016:
    """Sum the 2016 populations of the communes of 2019 that make each commune of 2026.

    A commune divided since 2019 has no known 2016 population, nor have its parts: the source gives
    the whole only.
    """
    successors = successors_since_2019(inputs)
    known: dict[str, int] = {}
    lost: dict[str, tuple[int, tuple[str, ...]]] = {}
    for code, population in sorted(inputs.populations_2016.items()):
        after = successors[code]
        if len(after) == 1:
            known[after[0]] = known.get(after[0], 0) + population
        else:
            lost[code] = (population, after)
    for _, parts in lost.values():
        for part in parts:
            known.pop(part, None)
    return Populations2016(known, sum(inputs.populations_2016.values()), lost)


def successors_since_2019(inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """Return what each commune of 1 January 2019 is on 1 January 2026, sorted.

    Several codes mean that the commune was divided; none, that the source does not tell.
    """
    now = {row["code"] for row in inputs.communes}
    merged = merged_codes(inputs)
    then = {
        row["code"]
        for row in inputs.cog_2019
        if row["type"] == "commune-actuelle" and "collectiviteOutremer" not in row
    }
    parts = _restored_parts(inputs, now, then)
    successors: dict[str, tuple[str, ...]] = {}
    for code in then:
        own = code if code in now else merged.get(code)
        told = {own} if own else set()
        successors[code] = tuple(sorted(told | parts.get(code, set())))
    return successors


def merged_codes(inputs: Inputs) -> dict[str, str]:
    """Return the commune of 2026 that holds each former code, by the code of 2026 itself."""
    return {
        former: row["code"] for row in inputs.communes for former in row.get("anciensCodes") or ()
    }


def _restored_parts(inputs: Inputs, now: set[str], then: set[str]) -> dict[str, set[str]]:
    """Return, by commune of 2019, its delegated communes that are communes again."""
    parts: dict[str, set[str]] = {}
    for row in inputs.cog_2019:
        if row["type"] != "commune-deleguee":
            continue
        code, whole = row["code"], row["chefLieu"]
        if code in now and code not in then and whole in now:
            parts.setdefault(whole, set()).add(code)
    return parts
