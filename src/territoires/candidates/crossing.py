"""The candidates of a list among all the places they are compared with, by need and by capacity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from territoires.candidates.context import BoolArray, SearchContext
from territoires.candidates.quadrants import (
    QUADRANTS,
    UNPLACED,
    Crossed,
    QuadrantRules,
    capacity_of,
    counted_by,
    cross,
    quadrant_of,
)
from territoires.candidates.search import CandidateList
from territoires.initiatives import Directory, count_within


@dataclass(frozen=True, eq=False)
class CandidateCrossing:
    """Candidates, and the places around them, by need and by capacity.

    Attributes
    ----------
    found : CandidateList
        The search.
    counted : Directory
        The initiatives that count, located or not.
    field : Crossed
        The places that the scores compare: communes, for communes and groups; else EPCI.
    inside : array of bool
        Which of them are in the area of the search, and in its list of members.
    candidates : DataFrame
        Index: candidates shown, in order. ``besoin`` (0–1), ``presence`` (float),
        ``initiatives`` (int, within reach of the reference point), ``quadrant``.
    """

    found: CandidateList
    counted: Directory
    field: Crossed
    inside: BoolArray
    candidates: pd.DataFrame

    @property
    def rules(self) -> QuadrantRules:
        """Where the quadrants part."""
        return self.field.rules

    @cached_property
    def by_quadrant(self) -> pd.DataFrame:
        """Count what each quadrant holds.

        Index: ``QUADRANTS``, then ``UNPLACED`` for what is not ranked. ``lieux`` and ``habitants``
        (int) of the area of the search, ``candidats`` (int).
        """
        codes = [*QUADRANTS, UNPLACED]
        quadrant = self.field.quadrant[self.inside]
        people = self.found.asked.population.reindex(quadrant.index).fillna(0.0)
        return pd.DataFrame(
            {
                "lieux": quadrant.value_counts().reindex(codes, fill_value=0),
                "habitants": people.groupby(quadrant).sum().reindex(codes, fill_value=0.0),
                "candidats": self.candidates["quadrant"]
                .value_counts()
                .reindex(codes, fill_value=0),
            },
            index=pd.Index(codes, name="quadrant"),
        ).astype("int64")


def crossing_of(found: CandidateList, rules: QuadrantRules) -> CandidateCrossing:
    """Cross need and capacity for the candidates of a list and all they are compared with.

    Parameters
    ----------
    found : CandidateList
        Its own directory is the one counted.
    rules : QuadrantRules
        Which initiatives count, how far, and where the quadrants part.

    Raises
    ------
    InvalidRequest
        An axis, a type or a status is unknown.
    """
    asked, context = found.asked, found.context
    capacity = capacity_of(context.register, context.directory, rules)
    field = cross(asked.index, asked.at_reference_points(capacity), rules)
    held = pd.Series(asked.in_universe & asked.in_members, index=asked.places)
    chosen = counted_by(rules, context.directory)
    return CandidateCrossing(
        found, chosen, field, held.reindex(field.need.index).to_numpy(dtype=bool),
        _candidates(found, chosen, capacity, field),
    )  # fmt: skip


def _candidates(
    found: CandidateList, chosen: Directory, capacity: pd.Series, field: Crossed
) -> pd.DataFrame:
    context, shown = found.context, found.frame.index
    here = context.at_reference_points(capacity).reindex(shown)
    main = _main_communes(context, shown)
    around = count_within(context.register, chosen, main.tolist(), field.rules.reach_km)
    need = found.frame["score"]
    return pd.DataFrame(
        {
            "besoin": need,
            "presence": here,
            "initiatives": around.to_numpy(),
            "quadrant": quadrant_of(need, here, field.limits),
        },
        index=shown,
    )


def _main_communes(context: SearchContext, places: pd.Index) -> np.ndarray[tuple[int], np.dtype]:
    codes = context.register.communes.index
    of_all = context.at_reference_points(pd.Series(codes.to_numpy(), index=codes))
    return of_all.reindex(places).to_numpy()
