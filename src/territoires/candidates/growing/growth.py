"""Growing candidate territories: whole communes, connected, within both bounds, most in need."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import pandas as pd

from territoires.candidates.growing.area import Area, Goal, compactness, goal_of, make_area
from territoires.candidates.growing.contiguity import Contiguity
from territoires.candidates.growing.cuts import reachable
from territoires.candidates.growing.group import exact_sums
from territoires.candidates.growing.impossible import check_codes, no_territory, required_core
from territoires.candidates.growing.promise import Start
from territoires.candidates.growing.results import GROUP, RETAINED, GrownTerritory, Growth
from territoires.candidates.growing.rules import GrowthRules
from territoires.candidates.growing.search import FoundGroup, Outcome, Search
from territoires.candidates.growing.settings import GrowthSettings
from territoires.candidates.growing.singles import parts_of_communes, whole_communes
from territoires.candidates.growing.sorting import Sorted, sort_units
from territoires.candidates.growing.stopping import links_needed, stop_reason
from territoires.candidates.growing.units import checked_parts, checked_units
from territoires.candidates.wording import plural
from territoires.indicators import format_number

Steps = Generator[float, None, Growth]


def grow(
    graph: Contiguity,
    units: pd.DataFrame,
    rules: GrowthRules,
    settings: GrowthSettings,
    parts: pd.DataFrame | None = None,
    progress: Callable[[float], None] | None = None,
) -> Growth:
    """Find the candidate territories of an area; see :func:`grow_by_steps`.

    Parameters
    ----------
    progress : callable, optional
        Told the share done, 0 to 1, several times a second; may raise to stop.
    """
    steps = grow_by_steps(graph, units, rules, settings, parts)
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            growth: Growth = end.value
            return growth
        if progress is not None:
            progress(done)


def grow_by_steps(
    graph: Contiguity,
    units: pd.DataFrame,
    rules: GrowthRules,
    settings: GrowthSettings,
    parts: pd.DataFrame | None = None,
) -> Steps:
    """Find the candidate territories of an area, a little at a time.

    Communes within the bounds stay alone; those above are offered in part; the others are grouped.
    A group maximises the mean need of its inhabitants (of those whose need is known: an unknown
    need is never a need of 0) plus its compactness at its weight. Groups grow from every commune,
    each time by the neighbour most in need; the best are improved by local search; without overlap
    they are chosen one after the other, what is left growing again around what is taken.

    Parameters
    ----------
    graph : Contiguity
        Which communes touch; may be larger than the area.
    units : DataFrame
        As :func:`growth_units` makes it; the order of rows does not matter.
    rules : GrowthRules
        What is asked.
    settings : GrowthSettings
        How hard to search.
    parts : DataFrame, optional
        Parts of communes (:func:`municipal_parts`, and others of the same columns).

    Yields
    ------
    float
        Share done, 0 to 1, every few hundredths of a second. Stop iterating to cancel.

    Returns
    -------
    Growth
        At the end, as the generator's value.

    Raises
    ------
    InvalidRequest
        A code is not in the area, or what must be there cannot be together. Before anything grows.
    NoTerritory
        Nothing obeys the rules: the nearest bounds that give a result are said.
    """
    units, parts = checked_units(units), checked_parts(parts)
    check_codes(units, rules)
    task = _Task(graph, units, rules, goal_of(rules, settings), sort_units(units, rules))
    yield 0.0
    area = make_area(graph, units, task.sorted.members, rules, task.goal)
    yield 0.0
    singles = [
        *whole_communes(units, task.sorted.alone, task.goal),
        *parts_of_communes(units, task.sorted.too_large, parts, task.goal),
    ]
    starts = task.starts(area)
    outcome = yield from _search(area, rules, settings, starts).run()
    if not outcome.groups and not singles:
        raise no_territory(area, starts, outcome)
    return task.growth(area, outcome, singles, len(starts))


def _search(
    area: Area, rules: GrowthRules, settings: GrowthSettings, starts: list[Start]
) -> Search:
    # Territories that must contain the same communes share them, and nothing else.
    apart = bool(area.must) or not rules.overlapping
    return Search(
        area=area,
        settings=settings,
        starts=starts,
        count=rules.count if rules.overlapping or not area.must else 1,
        overlapping=not apart,
        kept=area.must,
        keep_start=bool(rules.starts) and not area.must,
    )


@dataclass(frozen=True, eq=False)
class _Task:
    graph: Contiguity
    units: pd.DataFrame
    rules: GrowthRules
    goal: Goal
    sorted: Sorted

    def starts(self, area: Area) -> list[Start]:
        """Return where growth starts: every ranked commune, or what must be there."""
        if not self.rules.must_contain:
            admitted = set(self.rules.starts) or set(area.codes)
            return [
                (place,)
                for place, code in enumerate(area.codes)
                if area.ranked[place] and code in admitted
            ]
        if not area.must:  # what must be there stays alone
            return []
        core = required_core(area, self.units, self.graph, self.rules)
        around = {other for place in core for other, _ in area.ties[place]} - set(core)
        return [core, *((*core, place) for place in sorted(around))]

    def growth(
        self, area: Area, outcome: Outcome, singles: Sequence[GrownTerritory], startable: int
    ) -> Growth:
        """Choose among groups, communes and parts, and give a verdict on every commune."""
        taken: set[int] = set()
        if not self.rules.overlapping:
            taken.update(*(group.refined.members for group in outcome.groups))
        groups = [self._territory(area, group, taken) for group in outcome.groups]
        best = sorted((*groups, *singles), key=lambda one: (-one.objective, one.codes, one.part))
        chosen = best[: self.rules.count]
        chosen.sort(key=lambda one: (-one.score, -one.objective, one.codes, one.part))
        together = _inhabitants_together(area)
        return Growth(
            rules=self.rules,
            territories=tuple(chosen),
            verdicts=self._verdicts(area, together, chosen),
            reachable=pd.Series(together, index=area.codes, dtype="float64"),
            tried=startable - outcome.untried,
            startable=startable,
            notes=self._notes(outcome, startable, len(chosen)),
        )

    def _territory(self, area: Area, group: FoundGroup, taken: set[int]) -> GrownTerritory:
        members = group.refined.members
        population, known, needs, surface, outline = exact_sums(area, members)
        score, shape = needs / known, compactness(surface, outline)
        return GrownTerritory(
            nature=GROUP,
            codes=tuple(area.codes[place] for place in members),
            population=int(population),
            score=score,
            coverage=known / population,
            compactness=shape,
            objective=score + self.goal.compactness_weight * shape,
            stop=stop_reason(area, self.graph, group, taken),
            start=tuple(area.codes[place] for place in group.start),
            links=links_needed(area, self.graph, members),
        )

    def _verdicts(
        self, area: Area, together: Sequence[float], chosen: Sequence[GrownTerritory]
    ) -> pd.Series:
        verdicts = pd.Series(self.sorted.verdicts, index=self.units.index, dtype="object")
        verdicts[self.sorted.alone] = "seule"
        verdicts[self.sorted.too_large] = "trop_peuplee"
        verdicts[area.codes] = [
            self._verdict_on_member(code, inhabitants)
            for code, inhabitants in zip(area.codes, together, strict=True)
        ]
        verdicts[verdicts == ""] = "ailleurs"
        if self.rules.must_contain:
            verdicts[verdicts.isin(["ailleurs", "isolee", "ile"])] = "hors_demande"
        verdicts[sorted({code for one in chosen for code in one.codes})] = RETAINED
        return verdicts.astype("str").rename("verdict")

    def _verdict_on_member(self, code: str, together: float) -> str:
        if together >= self.goal.low:
            return "ailleurs"
        return "isolee" if self.graph.around(code) else "ile"

    def _notes(self, outcome: Outcome, startable: int, chosen: int) -> tuple[str, ...]:
        notes = []
        if outcome.untried:
            notes.append(
                f"Points de départ essayés : les {format_number(startable - outcome.untried)} plus "
                f"prometteurs sur {format_number(startable)} ; l'effort de recherche est borné."
            )
        if self.rules.must_contain and not self.rules.overlapping and self.rules.count > 1:
            notes.append(
                "Tous les territoires contiendraient les communes exigées : sans recouvrement, il "
                "n'y en a qu'un. Permettez le recouvrement pour en comparer plusieurs."
            )
        elif chosen < self.rules.count:
            found = plural(chosen, "territoire trouvé", "territoires trouvés")
            notes.append(f"{found} sur {format_number(self.rules.count)} demandés.")
        return tuple(notes)


def _inhabitants_together(area: Area) -> list[float]:
    """Return, by place, the inhabitants of all that ties lead to, itself included."""
    together = [0.0] * len(area)
    seen: set[int] = set()
    for place in range(len(area)):
        if place not in seen:
            reached = reachable(area, place)
            seen |= reached
            inhabitants = sum(area.sums[one][0] for one in sorted(reached))
            for one in reached:
                together[one] = inhabitants
    return together
