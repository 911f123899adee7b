"""What cannot be had: said with the nearest setting that can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from territoires.candidates.growing.area import Area
from territoires.candidates.growing.contiguity import Contiguity
from territoires.candidates.growing.core import joined
from territoires.candidates.growing.cuts import reachable, reached
from territoires.candidates.growing.group import exact_sums
from territoires.candidates.growing.promise import Start, promising_first
from territoires.candidates.growing.rules import GrowthRules
from territoires.candidates.growing.search import Outcome
from territoires.candidates.growing.sprout import sprout
from territoires.candidates.wording import format_inhabitants, listing, plural, shortened
from territoires.errors import InvalidRequest

# Starts from which a bound to suggest is looked for: the most promising ones.
_LOOKED_AT = 2_000


class NoTerritory(InvalidRequest):
    """Nothing in the area obeys the rules.

    Attributes
    ----------
    population_min, population_max : int or None
        The nearest bound that gives a territory, the other one left as it is; ``None`` when
        changing this bound alone would not.
    """

    def __init__(
        self, message: str, population_min: int | None = None, population_max: int | None = None
    ) -> None:
        super().__init__(message)
        self.population_min = population_min
        self.population_max = population_max


def check_codes(units: pd.DataFrame, rules: GrowthRules) -> None:
    """Refuse codes that are not in the area, and required communes of unknown population.

    Raises
    ------
    InvalidRequest
        The message lists them.
    """
    lists = (
        ("exigées", rules.must_contain),
        ("refusées", rules.never),
        ("de départ", rules.starts),
    )
    for what, codes in lists:
        unknown = [str(code)[:20] for code in codes if code not in units.index]
        if unknown:
            raise InvalidRequest(
                f"Communes {what} absentes de la zone : {shortened(unknown)}. "
                "Vérifiez les codes, ou agrandissez la zone."
            )
    wanted = units.loc[sorted(set(rules.must_contain))]
    if len(lacking := wanted[wanted["population"].isna()]):
        raise InvalidRequest(
            f"Population inconnue : {shortened(lacking['nom'].tolist())}. Un territoire qui doit "
            "les contenir ne peut pas être compté : retirez-les des communes exigées."
        )


def required_core(area: Area, units: pd.DataFrame, graph: Contiguity, rules: GrowthRules) -> Start:
    """Join the communes that must be there.

    Raises
    ------
    InvalidRequest
        They are of several EPCI though one is asked for, or cannot be joined.
    NoTerritory
        They are too many inhabitants already.
    """
    wanted = units.loc[sorted(set(rules.must_contain))]
    if rules.inside_epci:
        _check_one_epci(wanted)
    core = joined(area, area.must)
    if core is None:
        raise InvalidRequest(_why_not_joined(wanted, graph, rules))
    population = sum(area.sums[place][0] for place in core)
    if population > area.goal.high:
        message = _too_many(area, wanted, core, population)
        raise NoTerritory(message, population_max=int(population))
    return core


def _check_one_epci(wanted: pd.DataFrame) -> None:
    if wanted["code_epci"].isna().any() and len(wanted) > 1:
        alone = wanted.loc[wanted["code_epci"].isna(), "nom"].tolist()
        raise InvalidRequest(
            f"Sans EPCI : {shortened(alone)}. Permettez aux groupes de passer d'un EPCI à l'autre."
        )
    epci = set(wanted["code_epci"])
    if len(epci) > 1:
        raise InvalidRequest(
            f"Les communes exigées ({shortened(wanted['nom'].tolist())}) sont de {len(epci)} EPCI, "
            "et le périmètre n'en admet qu'un. Permettez aux groupes de passer d'un EPCI à "
            "l'autre, ou n'exigez que des communes du même."
        )


def _why_not_joined(wanted: pd.DataFrame, graph: Contiguity, rules: GrowthRules) -> str:
    names = listing(wanted["nom"].tolist())
    start = f"Rien ne relie {names} de proche en proche"
    codes = wanted.index.tolist()
    if not reached(codes[0], graph.around).issuperset(codes):
        return f"{start} : aucune frontière ni liaison déclarée. Exigez-les dans deux recherches."
    where = "dans cet EPCI" if rules.inside_epci else "dans cette zone"
    return (
        f"{start} {where} : les communes qui les séparent sont refusées, non classées, seules dans "
        "les bornes ou trop peuplées. Exigez aussi celles qu'il faut traverser, ou agrandissez la "
        "zone."
    )


def _too_many(area: Area, wanted: pd.DataFrame, core: Start, population: float) -> str:
    names = listing(wanted["nom"].tolist())
    between = len(core) - len(wanted)
    with_others = f" et {plural(between, 'commune', 'communes')} entre elles" if between else ""
    return (
        f"{names}{with_others} : {format_inhabitants(population)}, plus que le maximum de "
        f"{format_inhabitants(area.goal.high)}. Portez le maximum à "
        f"{format_inhabitants(population)} au moins, ou retirez une commune exigée."
    )


def no_territory(area: Area, starts: Sequence[Start], outcome: Outcome) -> NoTerritory:
    """Explain that nothing was found, from what was gathered, and look for the nearest bounds."""
    low, high = area.goal.low, area.goal.high
    asked = f"de {format_inhabitants(low)} à {format_inhabitants(high)}"
    if not starts:
        return NoTerritory(
            f"Aucun territoire {asked} : aucune commune de la zone n'y est admise (classée, de "
            "population connue, non refusée, de départ s'il y en a). Agrandissez la zone, ou "
            "prenez un autre indice."
        )
    lower = _lower_bound(area, outcome)
    upper = _upper_bound(area, starts)
    least = min(area.sums[place][0] for place in range(len(area)))
    message = (
        f"Aucun territoire {asked} dans cette zone. Ses communes admises, réunies de proche en "
        f"proche, comptent de {format_inhabitants(least)} à {format_inhabitants(_largest(area))}. "
    )
    return NoTerritory(message + _suggestion(low, high, lower, upper), lower, upper)


def _largest(area: Area) -> float:
    """Return the population of the most populated set of communes that ties hold together."""
    largest = 0.0
    seen: set[int] = set()
    for place in range(len(area)):
        if place not in seen:
            together = reachable(area, place)
            seen |= together
            largest = max(largest, sum(area.sums[one][0] for one in together))
    return largest


def _lower_bound(area: Area, outcome: Outcome) -> int | None:
    """Return the highest lower bound below the one asked that growth is known to reach."""
    low = int(outcome.most_gathered)
    if not outcome.best_start or not 0 < low < area.goal.low:
        return None
    eased = replace(area, goal=replace(area.goal, low=float(low)))
    grown = sprout(eased, outcome.best_start, [False] * len(area), patience=0)
    return low if grown.found else None


def _upper_bound(area: Area, starts: Sequence[Start]) -> int | None:
    """Return the lowest upper bound that growth is known to reach from a promising start."""
    eased = replace(area, goal=replace(area.goal, high=float("inf")))
    free = [False] * len(area)
    reached = []
    for number in promising_first(area, starts)[:_LOOKED_AT]:
        grown = sprout(eased, starts[number], free, patience=0)
        if grown.found:
            reached.append(exact_sums(area, grown.members)[0])
    return int(min(reached)) if reached else None


def _suggestion(low: float, high: float, lower: int | None, upper: int | None) -> str:
    options = []
    if lower is not None:
        text = f"un minimum de {format_inhabitants(lower)}"
        options.append(((low - lower) / low, text))
    if upper is not None:
        options.append(
            ((upper - high) / max(high, 1.0), f"un maximum de {format_inhabitants(upper)}")
        )
    if not options:
        return "Agrandissez la zone, ou prenez un indice qui y classe plus de communes."
    texts = [text for _, text in sorted(options)]
    return f"Réglage le plus proche qui donne un résultat : {listing(texts, 'ou')}."
