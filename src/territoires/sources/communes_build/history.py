"""Former communes and where they went, from the history since 1943 and the codes since 2019.

One code may have been several communes, and one commune may have become several: both are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from territoires.sources.communes_build.inputs import Inputs, Record
from territoires.sources.communes_build.populations import successors_since_2019

Codes = frozenset[str]

_SHARED_OUT: dict[str, Codes] = {
    "08227": frozenset({"08203", "08454"}),  # Hocmont, 1968
    "45117": frozenset({"45093", "45313"}),  # Creusy, 1965
    "51385": frozenset({"51440", "51487", "51503"}),  # Moronvilliers, 1950
    "51606": frozenset({"51235", "51313", "51369"}),  # Verdey, 1966
    "60606": frozenset({"60509", "60587"}),  # Sarron, 1951
    "77362": frozenset({"77066", "77444"}),  # Pierrelez, 1949
}
"""Communes suppressed and shared between several (INSEE, mouvements de communes): the history says
that they ended, ``anciensCodes`` names one of the communes that received them."""


@dataclass(frozen=True, eq=False)
class FormerCommunes:
    """The table of former communes.

    Attributes
    ----------
    table : DataFrame
        ``code_ancien, nom, date_fin, codes_communes, ambigu``, sorted by code, name.
    without_successor : tuple of str
        Former communes that the source leads nowhere.
    """

    table: pd.DataFrame
    without_successor: tuple[str, ...]


def build_former_communes(inputs: Inputs) -> FormerCommunes:
    """Follow each state of each commune to the communes of 2026."""
    tracer = _Tracer(inputs)
    found: dict[tuple[str, str], tuple[str, Codes]] = {}
    for state in _former_states(inputs):
        key = (state["code"], state["nom"])
        date, codes = found.get(key, ("", frozenset()))
        found[key] = (max(date, state.get("dateFin", "")), codes | tracer.now(state["id"]))
    lost = tuple(f"{nom} ({code})" for (code, nom), (_, codes) in found.items() if not codes)
    rows = [
        (code, nom, date, ";".join(sorted(codes)), int(len(codes) > 1))
        for (code, nom), (date, codes) in sorted(found.items())
        if codes
    ]
    columns = ["code_ancien", "nom", "date_fin", "codes_communes", "ambigu"]
    return FormerCommunes(pd.DataFrame(rows, columns=columns), lost)


def _former_states(inputs: Inputs) -> Iterator[Record]:
    """Yield the states of communes that are not one of 2026 under the same code and name.

    A few codes were given to a delegated commune only, when it changed département: kept too.
    """
    current = {row["code"]: row["nom"] for row in inputs.communes}
    of_communes = {state["code"] for state in inputs.history if state["type"] == "COM"}
    for state in inputs.history:
        as_commune = state["type"] == "COM" or state["code"] not in of_communes
        if as_commune and current.get(state["code"]) != state["nom"]:
            yield state


class _Tracer:
    """Follows ``successeur``, ``pole`` and ``membres`` to 2019, then to 2026."""

    def __init__(self, inputs: Inputs) -> None:
        self._states: dict[str, Record] = {state["id"]: state for state in inputs.history}
        self._now = {row["code"] for row in inputs.communes}
        self._since_2019 = successors_since_2019(inputs)
        self._seat = _seats(inputs)
        self._known: dict[str, Codes] = {}

    def now(self, identifier: str) -> Codes:
        """Return the communes of 2026 that a state became."""
        if identifier not in self._known:
            self._known[identifier] = frozenset()  # a loop in the source leads nowhere
            self._known[identifier] = self._follow(self._states[identifier])
        return self._known[identifier]

    def _follow(self, state: Record) -> Codes:
        if "successeur" in state:
            return self.now(state["successeur"])
        if "dateFin" in state:  # a group that came apart, or a commune shared out
            members = self._union(state.get("membres", ()))
            return members or _SHARED_OUT.get(state["code"], frozenset())
        if state["type"] == "COM":
            return frozenset(self._since_2019.get(state["code"], ()))
        return self._alive_part(state)

    def _alive_part(self, state: Record) -> Codes:
        """Return where a part of a commune of 2019 is now; it may be a commune again."""
        code = state["code"]
        whole = self.now(state["pole"])
        if state["type"] != "COMP" and code in self._now and code in whole:
            return frozenset({code})
        seat = self._seat.get(code)
        if len(whole) > 1 and seat in whole:
            return frozenset({str(seat)})
        return whole

    def _union(self, identifiers: Iterable[str]) -> Codes:
        return frozenset().union(*(self.now(identifier) for identifier in identifiers))


def _seats(inputs: Inputs) -> dict[str, str]:
    """Return the commune of each delegated or associated commune of 2026."""
    return {row["code"]: row["chefLieu"] for row in inputs.cog if "chefLieu" in row}
