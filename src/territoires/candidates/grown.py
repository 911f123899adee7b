"""Groups of communes as candidates: the query's rules, then growth, then the list of what grew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from territoires.candidates.before_growing import check_some_left, check_starts, check_wanted
from territoires.candidates.context import BoolArray, SearchContext
from territoires.candidates.group_context import GroupContext
from territoires.candidates.growing import (
    Contiguity,
    GrownTerritory,
    Growth,
    GrowthRules,
    GrowthSettings,
    contiguity_of,
    grow,
    growth_units,
    load_growth_settings,
    load_links,
    municipal_parts,
    neighbourhood_parts,
    with_need_of_commune,
)
from territoires.candidates.growing.results import COMMUNE, OUTDONE, PART, RETAINED
from territoires.candidates.neighbourhoods import neighbourhood_notes, own_figure
from territoires.candidates.presets import INSIDE_EPCI
from territoires.candidates.query import CandidateQuery
from territoires.candidates.rules import RULES, Rule
from territoires.candidates.search import (
    CandidateList,
    Step,
    apply_rules,
    ranked_frame,
    unmeasured_notes,
)
from territoires.candidates.unit_context import Units
from territoires.candidates.wording import plural, sentence_start, shortened
from territoires.communes import Register
from territoires.indicators import format_number, format_rank
from territoires.tables.text import plain
from territoires.territory import Territoire, territory_from_code, territory_from_communes
from territoires.territory.making import ARM_PREFIX
from territoires.territory.territoire import QPV_LEVEL, arm_row

Progress = Callable[[float], None]

NO_LIMIT = 100_000_000
"""More inhabitants than there are: no upper bound."""

# What a group answers for as a whole, and each of its communes need not.
_OF_THE_WHOLE = ("population", "non_classee")
# What the commune a group starts from must pass, and its neighbours need not.
_OF_THE_START = ("hors_liste", "capacite", "seuil")


def _has_room(communes: SearchContext) -> BoolArray:
    """Return the communes outside the perimeters, and those too large that one fills in part only.

    Another part of them may be a candidate; it is said that the commune is concerned already.
    """
    high = communes.query.population_max
    too_large = communes.population.to_numpy(dtype=float) > (NO_LIMIT if high is None else high)
    return ~communes.is_covered | (communes.is_covered_in_part & too_large)


_OF_EACH = tuple(
    replace(rule, keeps=_has_room) if rule.code == "deja_couverte" else rule
    for rule in RULES
    if rule.code not in (*_OF_THE_WHOLE, *_OF_THE_START)
)


@dataclass(frozen=True, eq=False)
class Ground:
    """What groups grow on, loaded once.

    Attributes
    ----------
    graph : Contiguity
        Which communes touch, or are tied by a declared link.
    settings : GrowthSettings
        How hard to search.
    parts : DataFrame
        Parts of the communes that are too large, as :func:`municipal_parts` lays them out:
        municipal arrondissements, and the priority neighbourhoods of the official data.
    """

    graph: Contiguity
    settings: GrowthSettings
    parts: pd.DataFrame


def load_ground(data_dir: Path, register: Register) -> Ground:
    """Load what groups grow on.

    Raises
    ------
    DataFileError
        A file of ``croissance/`` is missing or damaged.
    """
    links = load_links(data_dir, register)
    parts = [municipal_parts(register)]
    if len(register.neighbourhoods):
        parts.append(neighbourhood_parts(register))
    return Ground(
        contiguity_of(register, links), load_growth_settings(data_dir),
        pd.concat(parts, ignore_index=True),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class GrownList(CandidateList):
    """Groups, communes alone and parts of communes; one may ask about any commune.

    Attributes
    ----------
    communes : SearchContext
        The query over communes.
    growth : Growth
        What grew, and the verdict on every commune that took part.
    """

    communes: SearchContext = field(kw_only=True)
    growth: Growth = field(kw_only=True)

    @property
    def asked(self) -> SearchContext:
        """One asks about communes."""
        return self.communes

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that communes are put to, one by one."""
        return _OF_EACH

    def place_of(self, code: str) -> str | None:
        """Return the first candidate that holds a commune, or none."""
        self._check_asked(code)
        for candidate in self.ranked.index:
            if code in self.context.territory(str(candidate)).communes:
                return str(candidate)
        return None

    def reasons(self, code: str) -> tuple[str, ...]:
        """Say why a commune is in no candidate: the rules, else what growth made of it."""
        if self.place_of(code) is not None:
            return ()
        by_rule = super().reasons(code)
        if by_rule:
            return by_rule
        verdict = self.growth.reason(code)
        return (f"{verdict}{self._beside(code) if self.growth.verdicts[code] in OUTDONE else ''}",)

    def _beside(self, code: str) -> str:
        """Say the need of a commune beside that of the territories that were preferred."""
        preferred = [one.score * 100.0 for one in self.growth.territories]
        if not preferred:
            return ""
        least, most = (format_number(bound, 1) for bound in (min(preferred), max(preferred)))
        span = f"de {least}" if least == most else f"de {least} à {most}"
        index = self.communes.index
        rank = format_rank(int(index.rank[code]), index.count)
        return (
            f" : son score de besoin est de {format_number(index.score[code] * 100.0, 1)} sur 100 "
            f"({rank} communes), celui des territoires retenus {span} ; leur forme compte aussi"
        )


def grow_candidates(
    communes: SearchContext, ground: Ground, progress: Progress | None = None
) -> GrownList:
    """Search for groups of communes, communes alone and parts of communes.

    Parameters
    ----------
    communes : SearchContext
        A query of unit ``groupe`` met with the communes.
    ground : Ground
        What groups grow on.
    progress : callable, optional
        Told the share done, 0 to 1, several times a second; may raise to stop.

    Returns
    -------
    GrownList
        From the greatest need.

    Raises
    ------
    InvalidRequest
        What is asked is impossible: the message says what, and the nearest setting that works.
    """
    verdicts, steps = apply_rules(communes, _OF_EACH)
    admitted = communes.places[verdicts == ""]
    check_wanted(communes, _OF_EACH)
    check_some_left(communes, _OF_EACH, admitted, steps)
    starts, start_steps = _starts(communes, admitted)
    check_starts(communes, _OF_EACH, admitted, starts)
    growth = _grow(communes, ground, admitted, starts if start_steps else admitted[:0], progress)
    units = Units.of({one.code: one for one in _territories(communes.register, growth)}.values())
    table = communes.indicators.for_groups(units.groups)
    context = GroupContext.over(communes, units, table)
    known = pd.Series(verdicts, index=communes.places, name="regle", dtype="object")
    known[growth.verdicts.index] = growth.verdicts.replace(RETAINED, "")
    return GrownList(
        context=context,
        ranked=ranked_frame(context, context.places),
        steps=(*steps, *start_steps, _found_step(growth, len(admitted))),
        verdicts=known.astype("str"),
        remarks=_remarks(communes.register, growth),
        notes=(
            *_unused(communes),
            *growth.notes,
            *neighbourhood_notes(communes.register, _in_part(growth)),
            *unmeasured_notes(communes),
        ),
        communes=communes,
        growth=growth,
    )


def growth_rules(query: CandidateQuery, starts: tuple[str, ...] = ()) -> GrowthRules:
    """Say to growth what a query asks."""
    return GrowthRules(
        population_min=query.population_min or 1,
        population_max=NO_LIMIT if query.population_max is None else query.population_max,
        inside_epci=query.perimeter == INSIDE_EPCI,
        overlapping=query.overlapping,
        must_contain=query.must_contain,
        starts=starts,
        count=query.count,
    )


def _grow(
    communes: SearchContext, ground: Ground, admitted: pd.Index, starts: pd.Index,
    progress: Progress | None,
) -> Growth:  # fmt: skip
    units = growth_units(communes.register, communes.index.score, admitted)
    rules = growth_rules(communes.query, tuple(starts))
    parts = with_need_of_commune(ground.parts, units)
    return grow(ground.graph, units, rules, ground.settings, parts, progress)


def _starts(communes: SearchContext, admitted: pd.Index) -> tuple[pd.Index, tuple[Step, ...]]:
    """Return the communes from which a group may grow, and what narrowed them.

    All of them without a step, when nothing narrows them or when communes are required: a group
    that must contain them grows from them.
    """
    starts, steps = admitted, []
    for rule in [] if communes.query.must_contain else _asked_of_starts(communes):
        kept = starts[rule.keeps(communes)[communes.places.get_indexer(starts)]]
        label = f"de départ, {rule.label}"
        steps.append(Step(rule.code, label, len(starts) - len(kept), len(kept)))
        starts = kept
    return starts, tuple(steps)


def _asked_of_starts(communes: SearchContext) -> list[Rule]:
    return [rule for rule in RULES if rule.code in _OF_THE_START and rule.applies(communes.query)]


def _unused(communes: SearchContext) -> tuple[str, ...]:
    """Say what plays no part: groups that must hold given communes grow from these alone."""
    if not communes.query.must_contain:
        return ()
    return tuple(
        f"Les groupes partent des communes exigées : la règle « {rule.label} » ne joue pas."
        for rule in _asked_of_starts(communes)
    )


def _territories(register: Register, growth: Growth) -> list[Territoire]:
    return [_territory(register, one) for one in growth.territories]


def _territory(register: Register, grown: GrownTerritory) -> Territoire:
    if grown.nature == COMMUNE:
        return territory_from_code(register, f"com:{grown.codes[0]}")
    if grown.nature == PART:
        return _part(register, grown)
    return territory_from_code(register, f"groupe:{'-'.join(grown.codes)}")


def _part(register: Register, grown: GrownTerritory) -> Territoire:
    if arm_row(register, grown.part) is not None:
        return territory_from_code(register, f"{ARM_PREFIX}:{grown.part}")
    if grown.part in register.neighbourhoods.index:
        return territory_from_code(register, f"{QPV_LEVEL}:{grown.part}")
    whole = territory_from_code(register, f"com:{grown.codes[0]}")
    of = "d'" if plain(whole.nom)[0] in "aeiouyh" else "de "
    name = f"Partie {of}{whole.nom}"
    return territory_from_communes(
        register, grown.codes, name, partiel=True, population=grown.population
    )


def _in_part(growth: Growth) -> set[str]:
    """Return the communes that are offered in part."""
    return {one.codes[0] for one in growth.territories if one.nature == PART}


def _found_step(growth: Growth, admitted: int) -> Step:
    held = len({code for one in growth.territories for code in one.codes})
    count = len(growth.territories)
    label = f"dans {plural(count, 'territoire candidat', 'territoires candidats')}"
    return Step("croissance", label, admitted - held, held)


def _remarks(register: Register, growth: Growth) -> dict[str, str]:
    return {_territory(register, one).code: _remark(register, one) for one in growth.territories}


def _remark(register: Register, grown: GrownTerritory) -> str:
    names = register.communes["nom"]
    sentences = [f"{sentence_start(grown.stop)}."] if grown.stop else []
    if len(grown.codes) > 1:
        shown = shortened([str(names[code]) for code in grown.codes], 12)
        sentences.insert(0, f"Communes : {shown}.")
    if grown.nature == PART:
        sentences.append(
            f"Les chiffres sont ceux de la commune entière{own_figure(register, grown.part)}."
        )
    sentences += [f"Passe par une liaison déclarée : {link.nature}." for link in grown.links]
    return " ".join(sentences)
