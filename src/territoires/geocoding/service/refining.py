"""Takes a geocoded table to the address: asks once what is worth asking, judges what comes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.geocoding.columns import Columns, recognise_columns
from territoires.geocoding.decide import Decision
from territoires.geocoding.decision_rows import read_decisions, write_decisions
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.points import Sight, read_points, sights
from territoires.geocoding.service.contract import (
    AddressService,
    Failure,
    Found,
    Question,
    Reply,
)
from territoires.geocoding.service.judging import METHOD, gazetteer_communes, judge
from territoires.geocoding.service.questions import write_questions
from territoires.geocoding.service.rules import ServiceRules
from territoires.geocoding.table import GEO_COLUMNS

_WITHHELD = "Adresse non envoyée au service national : la ligne n'est montrée qu'à la commune."


@dataclass(frozen=True)
class Refined:
    """A table taken to the address, and what it took.

    Attributes
    ----------
    frame : pd.DataFrame
        Rows, columns and index of the table that was given; only ``geo_*`` cells changed.
    asked, placed, failed, withheld : int
        Rows whose address was asked; placed by the service; that it did not answer; kept from it.
    """

    frame: pd.DataFrame
    asked: int
    placed: int
    failed: int
    withheld: int

    @property
    def summary(self) -> str:
        """What happened, in French."""
        if not self.asked:
            return f"Service national : aucune adresse à demander.{self._kept_back}"
        told = f"{_lines(self.asked)} demandée{_s(self.asked)}, {self.placed} à l'adresse"
        lost = f", {self.failed} sans réponse (gardées hors ligne)" if self.failed else ""
        return f"Service national : {told}{lost}.{self._kept_back}"

    @property
    def _kept_back(self) -> str:
        if not self.withheld:
            return ""
        return f" {_lines(self.withheld)} non publique{_s(self.withheld)} : adresse non envoyée."


def refine(
    placed: pd.DataFrame,
    gazetteer: Gazetteer,
    service: AddressService,
    rules: ServiceRules,
    *,
    columns: Columns | None = None,
    withheld: npt.NDArray[np.bool_] | None = None,
) -> Refined:
    """Place at their address the rows of a geocoded table that give one.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`.
    gazetteer : Gazetteer
        That it was placed with.
    service : callable
        Answers questions; see :data:`AddressService`.
    rules : ServiceRules
        What is believed.
    columns : Columns, optional
        Which column says what; recognised from the headings by default.
    withheld : np.ndarray of bool, shape (n,), optional
        Rows whose address must not go out.

    Returns
    -------
    Refined
        Rows without an address, and rows placed by their own coordinates, are left as they are.
    """
    inputs = [name for name in placed.columns if name not in GEO_COLUMNS]
    columns = columns or recognise_columns(inputs)
    questions = write_questions(placed, columns, gazetteer, rules.manners.caracteres_max)
    kept = np.zeros(len(placed), dtype=bool) if withheld is None else withheld
    secret = [row for row in questions if kept[row]]
    asked = {row: question for row, question in questions.items() if not kept[row]}
    replies = _ask(asked, service)
    decisions = read_decisions(placed, questions)
    seen = _sights(decisions, replies, gazetteer)
    judged = {
        row: judge(decisions[row], asked[row], replies[row], seen[row], gazetteer, rules.belief)
        for row in asked
    }
    for row in secret:
        decision = decisions[row]
        judged[row] = replace(decision, reason=f"{decision.reason} {_WITHHELD}".strip())
    return Refined(
        write_decisions(placed, judged),
        asked=len(asked),
        placed=sum(each.method == METHOD for each in judged.values()),
        failed=sum(isinstance(reply, Failure) for reply in replies.values()),
        withheld=len(secret),
    )


def _ask(asked: Mapping[int, Question], service: AddressService) -> dict[int, Reply]:
    """Ask each distinct question once."""
    distinct = list(dict.fromkeys(asked.values()))
    replies = dict(zip(distinct, service(distinct), strict=True)) if distinct else {}
    return {row: replies[question] for row, question in asked.items()}


def _sights(
    decisions: Mapping[int, Decision], replies: Mapping[int, Reply], gazetteer: Gazetteer
) -> dict[int, Sight]:
    """Locate the points of the replies, against our commune, else against that of the reply."""
    seen = dict.fromkeys(replies, Sight())
    found = [(row, reply) for row, reply in replies.items() if isinstance(reply, Found)]
    if not found:
        return seen
    points = read_points(
        _as_typed([reply.longitude for _, reply in found]),
        _as_typed([reply.latitude for _, reply in found]),
        gazetteer.register,
    )
    codes = [
        decisions[row].code or next(iter(gazetteer_communes(reply.code, gazetteer)), "")
        for row, reply in found
    ]
    rows = (row for row, _ in found)
    return {**seen, **dict(zip(rows, sights(points, codes, gazetteer.register), strict=True))}


def _as_typed(numbers: Sequence[float]) -> pd.Series[str]:
    return pd.Series(["" if math.isnan(each) else repr(each) for each in numbers], dtype="str")


def _lines(count: int) -> str:
    return f"{count} ligne{_s(count)}"


def _s(count: int) -> str:
    return "s" if count > 1 else ""
