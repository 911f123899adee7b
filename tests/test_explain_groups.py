"""Why this group, why this EPCI: every number of the sentences is computed again, another way."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from territoires.candidates import (
    CandidateQuery,
    find_territories,
    load_ground,
    load_presets,
    query_from_preset,
    why,
    with_intervals,
)
from territoires.needs import DrawPlan, Recipe, compute_index, recipes_available
from territoires.needs.draws import draw_variants
from tests.plain_index import plain_index
from tests.test_explain import (
    RANK,
    N,
    check_initiative,
    check_missing,
    number,
    plain_spaces,
    shown_as,
)

FEW = DrawPlan(count=60, seed=11)
CLOSE = 1e-5
"""Share of the range of the scores within which single precision may tie."""
# The whole paragraph: a number that no group captures makes the match fail.
PARAGRAPH = re.compile(
    rf"(?P<nom>.+) \((?P<departement>[^,()]+), (?P<communes>{N}) communes?\) : "
    rf"(?:(?P<population>{N}) habitants?, )?"
    rf"(?P<rang>{RANK}) rang(?P<tied> ex æquo)? sur (?P<candidates>{N}) "
    rf"(?:territoires?|EPCI) candidats? "
    rf"\((?:du (?P<low>{RANK}) au )?(?P<high>{RANK}) rang dans neuf tirages sur dix\), "
    rf"score de besoin (?P<score>{N}) sur 100 "
    rf"\((?P<rang_reference>{RANK}) rang sur (?P<reference>{N}) (?P<among>communes|EPCI) "
    rf"en France\), calculé sur (?P<couverture>{N}) % du poids de la recette\. "
    r"Ce qui pèse le plus : (?P<contributions>.+?) \(1er rang : le besoin le plus grand\)\. "
    r"(?P<initiative>Initiative des types choisis connue la plus proche : .+?, à [^.]+ km\.|"
    r"Aucune initiative des types choisis localisée[^.]+\.|"
    r"Il fait déjà partie, en tout ou partie, du périmètre de .+? \([^)]+\)\.)"
    r"(?: Non disponible : (?P<missing>[^.]+)\.)?"
    r"(?P<remarks>.*)"
)
CONTRIBUTION = re.compile(
    rf"(?P<label>.+?) : (?P<value>{N}) (?P<unit>[^(]+?) "
    rf"\((?P<level>chiffre du département, )?(?P<vintage>[^)]+)\), (?P<rank>{RANK}) rang sur "
    rf"(?P<count>{N}) (?P<among>communes|EPCI|départements) en France, (?P<points>{N}) points"
)


def summed_up(indicators, code: str, place_of: pd.Series) -> pd.Series:
    """Add one indicator up by place, from the figures of the communes (index) it is known of."""
    indicator = indicators.catalogue[code]
    known = indicators.statuses[code].isin(["publie", "plancher"]) & indicators.values[code].notna()
    rows = place_of[known.reindex(place_of.index).to_numpy()]
    value = indicators.values[code].reindex(rows.index).to_numpy()
    people = indicators.population.reindex(rows.index).to_numpy(float)
    top = indicators.numerators[code].reindex(rows.index).to_numpy()
    below = indicators.denominators[code].reindex(rows.index).to_numpy()
    if indicator.aggregation in ("moyenne_ponderee", "departementale"):
        top, below = value * people, people
    table = pd.DataFrame({"top": top, "below": below, "value": value}).groupby(rows.to_numpy())
    total = table[["top", "below"]].sum()
    ratio = total["top"] / total["below"]
    if indicator.aggregation == "ratio":
        ratio = ratio * indicator.factor
    if indicator.aggregation == "taux_annuel":
        ratio = (ratio ** (1 / indicator.years) - 1) * 100
    return ratio.where(table.size() > 1, table["value"].first()).round(10)


@dataclasses.dataclass
class ByHand:
    """What the paragraphs must say, by plain pandas: index of everything, the candidates."""

    recipe: Recipe
    values: pd.DataFrame
    population: pd.Series
    score: pd.Series
    points: pd.DataFrame
    coverage: pd.Series
    reference: pd.Series
    """Scores of the places that the rank of reference counts."""
    compared: pd.DataFrame
    """Figures of these places, that a contribution is ranked with."""
    draws: pd.DataFrame
    """Scores, one column per draw."""

    @property
    def rank(self) -> pd.Series:
        return self.score.round(9).rank(method="min", ascending=False)


def place_of_each(found) -> pd.Series:
    """Return the candidate (value) of each commune (index)."""
    pairs = [
        (commune, code)
        for code in found.ranked.index
        for commune in found.context.territory(str(code)).communes
    ]
    return pd.Series([code for _, code in pairs], index=[commune for commune, _ in pairs])


def drawn_scores(values: pd.DataFrame, recipe) -> pd.DataFrame:
    """Score places under the recipe of each draw, one after the other."""
    variants = draw_variants(recipe, FEW)
    scores = {}
    for draw in range(FEW.count):
        method = variants.methods[variants.method[draw]]
        inner, outer = variants.inner[draw], variants.outer[draw]
        there = {
            block.dimension.code
            for block in recipe.blocks
            if any(inner[position] > 0 for position in block.positions)
        }
        varied = dataclasses.replace(
            recipe,
            items=tuple(
                dataclasses.replace(item, weight=float(weight))
                for item, weight in zip(recipe.items, inner, strict=True)
                if weight > 0
            ),
            dimensions=tuple(
                dataclasses.replace(block.dimension, weight=float(weight))
                for block, weight in zip(recipe.blocks, outer, strict=True)
                if block.dimension.code in there
            ),
            normalisation=method.normalisation,
            aggregation=method.aggregation,
            min_coverage=0.0,
        )
        scores[draw] = compute_index(values, varied).score
    return pd.DataFrame(scores)


def needs_of(values: pd.DataFrame, recipe) -> pd.DataFrame:
    return pd.DataFrame({item.code: values[item.code] * item.direction for item in recipe.items})


def mean_of_inhabitants(column: pd.Series, people: pd.Series, place_of: pd.Series) -> pd.Series:
    """Average the figures of communes over places, weighted by those who live there."""
    own, weights = column.reindex(place_of.index), people.reindex(place_of.index)
    weights = weights.where(own.notna())
    return (own * weights).groupby(place_of).sum() / weights.groupby(place_of).sum()


def groups_by_hand(found, indicators, register, recipe) -> ByHand:
    """A group is worth its inhabitants, on the scale of the communes of France."""
    place_of = place_of_each(found)
    values = indicators.values.where(indicators.statuses.isin(["publie", "plancher"]))
    values = values[list(recipe.codes)]
    people = register.communes["population"].astype(float)
    points, coverage = plain_index(needs_of(values, recipe), recipe)
    ranked = coverage >= recipe.min_coverage - 1e-9
    score = points.sum(axis=1).where(ranked)

    def mean(column: pd.Series) -> pd.Series:
        return mean_of_inhabitants(column, people, place_of)

    return ByHand(
        recipe=recipe,
        values=pd.DataFrame({c: summed_up(indicators, c, place_of) for c in recipe.codes}),
        population=people.reindex(place_of.index).groupby(place_of).sum(),
        score=mean(score),
        points=points.fillna(0.0)[ranked].apply(mean),
        coverage=mean(coverage),
        reference=score,
        compared=values,
        draws=drawn_scores(values, recipe).reindex(place_of.index).apply(mean),
    )


def epci_by_hand(_found, indicators, register, recipe) -> ByHand:
    """An EPCI is an EPCI among the EPCI of France."""
    place_of = "epci:" + register.communes["code_epci"].dropna()
    values = pd.DataFrame({c: summed_up(indicators, c, place_of) for c in recipe.codes})
    people = register.communes["population"].astype(float)
    points, coverage = plain_index(needs_of(values, recipe), recipe)
    score = points.sum(axis=1).where(coverage >= recipe.min_coverage - 1e-9)
    return ByHand(
        recipe=recipe,
        values=values,
        population=people.reindex(place_of.index).groupby(place_of).sum(),
        score=score,
        points=points,
        coverage=coverage,
        reference=score,
        compared=values,
        draws=drawn_scores(values, recipe),
    )


@pytest.fixture(scope="module", params=["deprise_eloignement", "acces_services"])
def recipe(request, data_dir) -> Recipe:
    return recipes_available(data_dir)[request.param]


BY_HAND = {"groupe": groups_by_hand, "epci": epci_by_hand}


@pytest.fixture(scope="module", params=["groupe", "epci"])
def found(request, data_dir, register, indicators, directory, recipe):
    if request.param == "groupe":
        query = query_from_preset(
            recipe, load_presets(data_dir)["tzcld"], universe=("reg:76", "reg:93"), count=150
        )
    else:
        query = CandidateQuery(
            recipe, unit="epci", initiative_types=("tzcld",), initiative_statuses=("habilite",)
        )
    ground = load_ground(data_dir, register)
    return with_intervals(find_territories(register, indicators, directory, query, ground), FEW)


@pytest.fixture(scope="module")
def by_hand(found, indicators, register, recipe):
    made = BY_HAND[found.query.unit](found, indicators, register, recipe)
    kept = found.ranked.index
    return dataclasses.replace(
        made,
        **{
            name: getattr(made, name).loc[kept]
            for name in ("values", "population", "score", "points", "coverage", "draws")
        },
    )


def sample(found, count: int, seed: int) -> list[str]:
    """Draw candidates, those that are rare included: alone, in part, covered, partly known."""
    ranked = found.ranked
    size = ranked.index.map(lambda code: len(found.context.territory(code).communes))
    rare = ranked[(size == 1) | ranked["deja_couverte"] | (ranked["couverture"] < 1)]
    kept = rare.sample(min(len(rare), count // 4), random_state=seed).index
    others = ranked.index.difference(kept).to_series()
    return [*kept, *others.sample(count - len(kept), random_state=seed)]


def test_every_number_of_fifty_paragraphs(found, by_hand, register, directory) -> None:
    for code in sample(found, 50, seed=2026):
        text = plain_spaces(why(found, code))
        told = PARAGRAPH.fullmatch(text)
        assert told, text
        place = found.context.territory(code)
        people = register.communes["population"].reindex(place.communes)
        check_place(told, place, by_hand, register)
        check_ranks(told, code, by_hand, found)
        check_contributions(told["contributions"], code, by_hand, found)
        check_seat(told, str(people.fillna(-1).astype(int).idxmax()), place, register, directory)
        check_missing(told["missing"], code, by_hand, found)
        check_remarks(told["remarks"], place, found, register)


def check_place(told, place, by_hand: ByHand, register) -> None:
    assert told["nom"] == plain_spaces(place.nom)
    if told["nom"].endswith(" autres communes"):
        assert f"et {len(place.communes) - 1} autres communes" in told["nom"]
    assert number(told["communes"]) == len(place.communes)
    assert (told["population"] is None) == place.partiel
    if not place.partiel:
        assert number(told["population"]) == by_hand.population[place.code]
    assert shown_as(told["score"], by_hand.score[place.code] * 100)
    assert shown_as(told["couverture"], by_hand.coverage[place.code] * 100)


def check_ranks(told, code: str, by_hand: ByHand, found) -> None:
    rank, scores = by_hand.rank, by_hand.reference.dropna()
    assert number(told["rang"]) == rank[code]
    assert bool(told["tied"]) == ((rank == rank[code]).sum() > 1)
    assert number(told["candidates"]) == len(rank) == len(found.ranked)
    assert number(told["rang_reference"]) == 1 + (scores > by_hand.score[code] + 1e-9).sum()
    assert number(told["reference"]) == len(scores)
    assert told["among"] == ("communes" if found.query.unit == "groupe" else "EPCI")
    check_interval(number(told["low"] or told["high"]), 0.05, min, code, by_hand)
    check_interval(number(told["high"]), 0.95, max, code, by_hand)


def check_interval(told: float, share: float, widen, code: str, by_hand: ByHand) -> None:
    """Draws are ranked in single precision, which may tie the closest scores and no other."""
    draws, own = by_hand.draws, by_hand.rank[code]
    close = CLOSE * (draws.max() - draws.min())
    ranks = [1 + (draws > draws.loc[code] + side * close).sum() for side in (1, -1)]
    best, worst = (np.sort(one)[round((FEW.count - 1) * share)] for one in ranks)
    assert widen(best, own) <= told <= widen(worst, own)


def check_contributions(text: str, code: str, by_hand: ByHand, found) -> None:
    catalogue = found.context.indicators.catalogue
    labels = {item.label.lower(): item for item in catalogue.values()}
    parts = [CONTRIBUTION.fullmatch(part) for part in text.split(" ; ")]
    assert len(parts) == 2
    assert all(parts), text
    for part, points in zip(parts, by_hand.points.loc[code].nlargest(2), strict=True):
        indicator = labels[part["label"].lower()]
        assert shown_as(part["points"], points * 100)
        assert by_hand.points.loc[code, indicator.code] == pytest.approx(points)
        assert shown_as(part["value"], by_hand.values.loc[code, indicator.code])
        assert part["unit"] == plain_spaces(indicator.unit)
        assert part["vintage"] == indicator.vintage.replace(" (", ", ").replace(")", "")
        rank, count, among = standing(indicator, code, by_hand, found)
        assert (number(part["rank"]), number(part["count"]), part["among"]) == (rank, count, among)


def standing(indicator, code: str, by_hand: ByHand, found) -> tuple[int, int, str]:
    """Rank a figure among those of the same level, one for each département that publishes it."""
    (direction,) = (i.direction for i in by_hand.recipe.items if i.code == indicator.code)
    figures, among = by_hand.compared[indicator.code], "EPCI"
    if found.query.unit == "groupe":
        among = "communes"
        if indicator.level == "departement":
            departements = found.context.register.communes["code_departement"]
            figures, among = figures.groupby(departements).first(), "départements"
    needs = figures.dropna() * direction
    own = by_hand.values.loc[code, indicator.code] * direction
    return 1 + int((needs > own + 1e-9).sum()), len(needs), among


def check_seat(told, seat: str, place, register, directory) -> None:
    """Distances are those of the most populous commune; a perimeter may hold any of them."""
    departement = register.communes["code_departement"][seat]
    assert told["departement"] == register.departements["nom"][departement]
    covered = "périmètre de" in told["initiative"]
    for commune in place.communes if covered else [seat]:
        held = held_by(commune, directory)
        if covered and not held:
            continue
        check_initiative(told["initiative"], commune, register, directory)
        return
    pytest.fail(told["initiative"])


def held_by(commune: str, directory) -> bool:
    frame = directory.frame
    chosen = frame[(frame["type"] == "tzcld") & (frame["statut"] == "habilite")]
    return any(commune in cell.split(";") for cell in chosen["communes_resolues"])


def check_remarks(text: str, place, found, register) -> None:
    """Every number of the remarks is a bound, a count of communes or parts, or in a name."""
    names = [plain_spaces(register.communes["nom"][code]) for code in place.communes]
    if place.niveau == "groupe" and found.query.unit == "groupe":
        rest = len(names) - 12
        listed = ", ".join(names[:12])
        if rest > 0:
            listed += f" et {rest} autre{'s' if rest > 1 else ''}"
        assert f" Communes : {listed}." in text
        text = text.replace(f" Communes : {listed}.", "")
    allowed = {float(found.query.population_max or 0)}
    if place.partiel:
        inferior = register.inferior
        own = inferior[inferior["code_commune"] == place.communes[0]]
        for name in sorted(own["nom"].map(plain_spaces), key=len, reverse=True):
            text = text.replace(name, "")
        allowed.add(float(register.communes["population"][place.communes[0]]))
        text = re.sub(rf"aucune des {len(own)} parties connues", "", text)
    for figure in re.findall(rf"({N}) habitants?", text):
        assert number(figure) in allowed, text
    assert not re.search(r"\d", re.sub(rf"{N} habitants?", "", text)), text
