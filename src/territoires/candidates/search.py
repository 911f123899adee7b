"""From a query to a ranked list, and the count of what each rule left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.context import SearchContext
from territoires.candidates.intervals import rank_intervals
from territoires.candidates.presets import EPCI, GROUP
from territoires.candidates.query import CandidateQuery
from territoires.candidates.rules import RULES, Rule
from territoires.candidates.unit_context import UnitContext, epci_units
from territoires.candidates.wording import plural
from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable, format_number
from territoires.initiatives import Directory
from territoires.needs import DrawPlan, Recipe, check_recipe
from territoires.needs.index import SCORE_DECIMALS
from territoires.needs.robustness import Progress

CONTRIBUTION = "c_"


@dataclass(frozen=True)
class Step:
    """One line of the funnel.

    Attributes
    ----------
    rule : str
        Code of the rule.
    label : str
        What the remaining communes have in common, in French.
    excluded, remaining : int
        Communes this rule left out, and those that remain after it.
    """

    rule: str
    label: str
    excluded: int
    remaining: int


@dataclass(frozen=True, eq=False)
class CandidateList:
    """Candidate communes, ranked, and why the others are not there.

    Attributes
    ----------
    context : SearchContext
        The query and what was computed for it.
    ranked : DataFrame
        Every candidate, greatest need first. Index ``code_commune``; ``rang`` (int, ties share the
        best), ``nom, code_departement, code_region, code_epci, population``, ``score`` (0–1),
        ``couverture`` (0–1), ``rang_reference`` (Int64, among the communes of the reference),
        ``distance_km`` (to the nearest chosen initiative; NaN: none to measure from),
        ``id_initiative_proche``, ``deja_couverte`` (bool), and one ``c_<indicator>`` per indicator
        of the recipe, which add up to the score (NaN: not known).
    steps : tuple of Step
        The rules that applied, in order.
    verdicts : Series of str
        Index: all places; the first rule that left it out, ``""`` for a candidate.
    remarks : mapping of str to str
        More to say of a candidate, in French, by code.
    notes : tuple of str
        What must be said of the search itself, in French.
    chosen : tuple of str
        Candidates that a person kept, in the order of their ranks; empty for the first ones.
    """

    context: SearchContext
    ranked: pd.DataFrame
    steps: tuple[Step, ...]
    verdicts: pd.Series
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()

    @property
    def asked(self) -> SearchContext:
        """The places that a person may ask about: those of ``verdicts``."""
        return self.context

    @property
    def query(self) -> CandidateQuery:
        """What was asked."""
        return self.context.query

    @property
    def recipe(self) -> Recipe:
        """The recipe as it was applied: without the figures that it leaves out."""
        return self.context.index.recipe

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The candidates shown, of ``ranked``: those chosen, else as many as the query asks for."""
        if self.chosen:
            return self.ranked[self.ranked.index.isin(self.chosen)]
        return self.ranked.head(self.query.count)

    def ranked_code(self, typed: str) -> str | None:
        """Return how ``ranked`` names a territory given by its typed code; ``None``: not ranked."""
        for code in (typed, typed.removeprefix("com:")):
            if code in self.ranked.index:
                return code
        return None

    def only(self, codes: Iterable[str]) -> Self:
        """Return the same search, with some of its candidates alone shown; ranks stay."""
        return replace(self, chosen=tuple(codes))

    @property
    def excluded(self) -> Mapping[str, int]:
        """Communes left out by each rule, in order."""
        return {step.rule: step.excluded for step in self.steps}

    def funnel(self) -> str:
        """Tell the funnel in French: ``34 875 communes → 1 204 dans les bornes → …``."""
        return funnel_words(self.asked, self.steps)

    @property
    def total(self) -> int:
        """Communes there are in all."""
        return len(self.verdicts)

    @property
    def reference_count(self) -> int:
        """Places ranked in the reference of the scores."""
        return self.context.reference_count

    @cached_property
    def tied_beyond(self) -> int:
        """Candidates not shown though they tie with the last one shown."""
        if len(self.ranked) <= len(self.frame):
            return 0
        last = self.frame["rang"].iloc[-1]
        return int((self.ranked["rang"].iloc[len(self.frame) :] == last).sum())

    def place_of(self, code: str) -> str | None:
        """Return the candidate that a place asked about belongs to: itself here, or none.

        Raises
        ------
        InvalidRequest
            No place asked about has this code.
        """
        self._check_asked(code)
        return None if self.verdicts[code] else code

    def reasons(self, code: str) -> tuple[str, ...]:
        """Say why a place is no candidate: every rule that leaves it out, not only the first.

        Returns
        -------
        tuple of str
            French clauses; empty for a candidate.

        Raises
        ------
        InvalidRequest
            No place asked about has this code.
        """
        return tuple(rule.reason(self.asked, code) for rule in self.failed_rules(code))

    def failed_rules(self, code: str) -> tuple[Rule, ...]:
        """Return every rule that leaves a place out, not only the first.

        Raises
        ------
        InvalidRequest
            No place asked about has this code.
        """
        self._check_asked(code)
        position = self.verdicts.index.get_loc(code)
        asked = [rule for rule in self.rules if rule.applies(self.query)]
        return tuple(rule for rule in asked if not rule.keeps(self.asked)[position])

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that places are put to."""
        return RULES

    def _check_asked(self, code: str) -> None:
        if code not in self.verdicts.index:
            noun = self.asked.noun
            message = f"{noun.agree('Aucun')} {noun.singular} n'a le code « {code!s:.20} »."
            raise InvalidRequest(message)


def funnel_words(asked: SearchContext, steps: Sequence[Step]) -> str:
    """Tell a funnel in French, from all the places that a person may ask about."""
    start = plural(len(asked.places), asked.noun.singular, asked.noun.plural)
    told = [f"{format_number(step.remaining)} {step.label}" for step in steps]
    return " → ".join([start, *told])


def with_intervals(
    found: CandidateList, plan: DrawPlan | None = None, progress: Progress | None = None
) -> CandidateList:
    """Put the order of the candidates to the test.

    Parameters
    ----------
    found : CandidateList
        The search.
    plan : DrawPlan, optional
        What is varied; a thousand draws by default.
    progress : callable, optional
        Told the share done, 0 to 1; may raise to stop.

    Returns
    -------
    CandidateList
        The same, whose ``ranked`` also has ``rang_min`` and ``rang_max`` (int): between them is the
        rank among the candidates in nine draws out of ten.
    """
    if found.ranked.empty:
        return found
    basis = found.context.draw_basis
    bounds = rank_intervals(
        basis.table, found.query.recipe, [basis.members(str(c)) for c in found.ranked.index],
        found.ranked["score"].to_numpy(dtype=float), universe=basis.universe, plan=plan,
        progress=progress,
    ).set_axis(found.ranked.index)  # fmt: skip
    return replace(found, ranked=found.ranked.assign(**bounds[["rang_min", "rang_max"]]))


def find_candidates(
    register: Register, indicators: IndicatorTable, directory: Directory, query: CandidateQuery
) -> CandidateList:
    """Search all communes of France, or all its EPCI.

    Parameters
    ----------
    register, indicators, directory : Register, IndicatorTable, Directory
        The data; the indicators are those of communes.
    query : CandidateQuery
        What is asked; groups are for :func:`find_territories`.

    Returns
    -------
    CandidateList
        Possibly empty: its steps say which rule emptied it.

    Raises
    ------
    InvalidRequest
        An indicator, a territory, a commune, a type or a status of the query is unknown.
    ValueError
        Groups of communes are asked for.
    """
    if query.unit == GROUP:
        message = "groups grow: see find_territories"
        raise ValueError(message)
    check_recipe(query.recipe, indicators.catalogue)
    context = _context(SearchContext(register, indicators, directory, query))
    verdicts, steps = apply_rules(context)
    ranked = ranked_frame(context, context.places[verdicts == ""])
    return CandidateList(
        context=context,
        ranked=ranked,
        steps=steps,
        verdicts=pd.Series(verdicts, index=context.places, name="regle", dtype="str"),
        notes=unmeasured_notes(context),
    )


def unmeasured_notes(context: SearchContext) -> tuple[str, ...]:
    """Say how many chosen initiatives no distance could count, when a distance leaves places out.

    Returns
    -------
    tuple of str
        French; empty when there are none.
    """
    count = len(context.chosen.unlocated)
    if not count or not context.query.distance_min_km:
        return ()
    chosen = plural(count, "initiative choisie", "initiatives choisies")
    return (f"{chosen} sans lieu connu : la distance demandée n'en tient pas compte.",)


def _context(communes: SearchContext) -> SearchContext:
    """Return the context of the unit that the query asks for."""
    if communes.query.unit != EPCI:
        return communes
    units = epci_units(communes.register)
    return UnitContext.over(communes, units, communes.indicators.for_groups(units.groups))


def apply_rules(
    context: SearchContext, rules: Sequence[Rule] = RULES
) -> tuple[npt.NDArray[np.object_], tuple[Step, ...]]:
    """Apply rules one after the other.

    Parameters
    ----------
    context : SearchContext
        The places and the query.
    rules : sequence of Rule
        Those that the query asks for are applied.

    Returns
    -------
    array of str, tuple of Step
        For each place, the first rule that leaves it out, ``""`` for none; then the funnel.
    """
    # Read now, so that an unknown place or word is refused whether or not a rule needs it.
    _ = (context.in_universe, context.in_members, context.chosen)
    verdicts = np.full(len(context.places), "", dtype=object)
    remaining = np.ones(len(context.places), dtype=bool)
    steps = []
    for rule in rules:
        if not rule.applies(context.query):
            continue
        leaves = remaining & ~rule.keeps(context)
        verdicts[leaves] = rule.code
        remaining &= ~leaves
        steps.append(Step(rule.code, rule.label, int(leaves.sum()), int(remaining.sum())))
    return verdicts, tuple(steps)


def ranked_frame(context: SearchContext, kept: pd.Index) -> pd.DataFrame:
    """Rank the places kept: the columns of :attr:`CandidateList.ranked`, greatest need first."""
    index = context.index
    score = index.score.reindex(kept)
    # Scores equal but for the order of additions are ties, then the code decides.
    rounded = score.round(SCORE_DECIMALS)
    order = np.lexsort((np.arange(len(kept)), -rounded.to_numpy()))
    kept, rounded = kept[order], rounded.iloc[order]
    frame = context.described(kept)
    frame.insert(0, "rang", rounded.rank(method="min", ascending=False).astype("int64"))
    frame["score"] = score.iloc[order]
    frame["couverture"] = index.coverage.reindex(kept)
    frame["rang_reference"] = index.rank.reindex(kept)
    near = context.nearest.loc[kept]
    frame["distance_km"] = near["distance_km"]
    frame["id_initiative_proche"] = near["id"]
    frame["deja_couverte"] = kept.isin(list(context.covering))
    contributions = index.contributions.reindex(kept)
    return frame.join(contributions.add_prefix(CONTRIBUTION))
