"""Why here, why not there: every number of the sentences is computed again, another way."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from territoires.candidates import (
    CandidateQuery,
    find_candidates,
    largest_contributions,
    why,
    why_not,
)
from territoires.errors import InvalidRequest
from territoires.indicators import STATUSES
from territoires.needs import Recipe, RecipeItem, recipes_available
from tests.plain_index import plain_index

N = r"−?\d[\d ]*(?:,\d+)?"
RANK = rf"(?:1er|{N}e)"
# The whole paragraph: a number that no group captures makes the match fail.
PARAGRAPH = re.compile(
    rf"(?P<nom>.+?) \((?P<code>\w{{5}}), (?P<departement>[^)]+)\) : "
    rf"(?P<population>{N}) habitants?, "
    rf"(?P<rang>{RANK}) rang(?P<tied> ex æquo)? sur (?P<candidates>{N}) communes? candidates?, "
    rf"score de besoin (?P<score>{N}) sur 100 "
    rf"\((?P<rang_reference>{RANK}) rang sur (?P<reference>{N}) en France\), "
    rf"calculé sur (?P<couverture>{N}) % du poids de la recette\. "
    r"Ce qui pèse le plus : (?P<contributions>.+?) \(1er rang : le besoin le plus grand\)\. "
    r"(?P<initiative>Initiative des types choisis connue la plus proche : .+?, à [^.]+ km\.|"
    r"Aucune initiative des types choisis localisée[^.]+\.|"
    r"Elle fait déjà partie, en tout ou partie, du périmètre de .+? \([^)]+\)\.)"
    r"(?: Non disponible : (?P<missing>[^.]+)\.)?"
)
CONTRIBUTION = re.compile(
    rf"(?P<label>.+?) : (?P<value>{N}) (?P<unit>[^(]+?) "
    rf"\((?P<level>chiffre du département, )?(?P<vintage>[^)]+)\), (?P<rank>{RANK}) rang sur "
    rf"(?P<count>{N})(?P<among> départements)? en France, (?P<points>{N}) points"
)
NEAREST = re.compile(rf".*? : « (?P<nom>.+) » \((?P<type>.+)\), à (?P<km>{N}) km\.")


@pytest.fixture(scope="module", params=["deprise_eloignement", "acces_services"])
def recipe(request, data_dir) -> Recipe:
    return recipes_available(data_dir)[request.param]


@pytest.fixture(scope="module")
def candidates(register, indicators, directory, recipe):
    query = CandidateQuery(recipe, initiative_types=("tzcld",), initiative_statuses=("habilite",))
    return find_candidates(register, indicators, directory, query)


def plain_spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def number(text: str) -> float:
    cleaned = re.sub(r"(er|e)$", "", text)
    return float(cleaned.replace(" ", "").replace(",", ".").replace("−", "-"))


def shown_as(text: str, value: float) -> bool:
    """Tell whether a printed number is the rounding of a value, at its own precision."""
    decimals = len(text.partition(",")[2]) if "," in text else 0
    return abs(number(text) - value) <= 0.5 * 10.0**-decimals + 1e-9


class ByHand:
    """Scores and ranks by plain pandas, from the values alone."""

    def __init__(self, indicators, recipe: Recipe, register) -> None:
        self.recipe, self.register = recipe, register
        self.values = indicators.values.where(indicators.statuses.isin(["publie", "plancher"]))
        needs = pd.DataFrame(
            {item.code: self.values[item.code] * item.direction for item in recipe.items}
        )
        self.needs = needs
        points, self.coverage = plain_index(needs, recipe)
        self.points = points * 100
        kept = self.coverage >= recipe.min_coverage - 1e-9
        self.score = self.points.sum(axis=1).where(kept)
        self.rank = self.score.round(9).rank(method="min", ascending=False)

    def rank_of(self, indicator, code: str) -> tuple[int, int]:
        need = self.needs[indicator.code]
        if indicator.level == "departement":
            departements = self.register.communes["code_departement"]
            one_each = need.groupby(departements).max().dropna()
            return int((one_each > need[code]).sum()) + 1, len(one_each)
        return int((need > need[code]).sum()) + 1, int(need.notna().sum())


@pytest.fixture(scope="module")
def by_hand(indicators, recipe, register):
    return ByHand(indicators, recipe, register)


def sample(candidates, count: int, seed: int) -> list[str]:
    """Draw candidates, those with something missing or overseas included."""
    ranked = candidates.ranked
    drawn = ranked.sample(count - 10, random_state=seed).index.tolist()
    partial = ranked[ranked["couverture"] < 1].sample(5, random_state=seed).index.tolist()
    overseas = ranked[ranked["code_departement"].str.len() == 3]
    return [*drawn, *partial, *overseas.sample(5, random_state=seed).index.tolist()]


def test_every_number_of_fifty_paragraphs(candidates, by_hand, register, directory) -> None:
    for code in sample(candidates, 50, seed=2026):
        text = plain_spaces(why(candidates, code))
        found = PARAGRAPH.fullmatch(text)
        assert found, text
        check_place(found, code, by_hand, register)
        check_contributions(found["contributions"], code, by_hand, candidates)
        check_initiative(found["initiative"], code, register, directory)
        check_missing(found["missing"], code, by_hand, candidates)


def check_place(found, code: str, by_hand: ByHand, register) -> None:
    commune = register.communes.loc[code]
    assert (found["code"], found["nom"]) == (code, plain_spaces(commune["nom"]))
    assert found["departement"] == register.departements["nom"][commune["code_departement"]]
    assert number(found["population"]) == commune["population"]
    assert shown_as(found["score"], by_hand.score[code])
    assert number(found["rang"]) == number(found["rang_reference"]) == by_hand.rank[code]
    assert bool(found["tied"]) == ((by_hand.rank == by_hand.rank[code]).sum() > 1)
    ranked = by_hand.rank.notna().sum()
    assert number(found["candidates"]) == number(found["reference"]) == ranked
    assert shown_as(found["couverture"], by_hand.coverage[code] * 100)


def check_contributions(text: str, code: str, by_hand: ByHand, candidates) -> None:
    catalogue = candidates.context.indicators.catalogue
    labels = {item.label.lower(): item for item in catalogue.values()}
    parts = [CONTRIBUTION.fullmatch(part) for part in text.split(" ; ")]
    assert len(parts) == 2
    assert all(parts), text
    largest = by_hand.points.loc[code].nlargest(2)
    for part, points in zip(parts, largest, strict=True):
        indicator = labels[part["label"].lower()]
        assert shown_as(part["points"], points)
        assert by_hand.points.loc[code, indicator.code] == pytest.approx(points)
        assert shown_as(part["value"], by_hand.values.loc[code, indicator.code])
        assert part["unit"] == plain_spaces(indicator.unit)
        assert part["vintage"] == indicator.vintage.replace(" (", ", ").replace(")", "")
        assert (number(part["rank"]), number(part["count"])) == by_hand.rank_of(indicator, code)
        assert bool(part["among"]) == (indicator.level == "departement")
        assert "département" in part[0] or indicator.level == "commune"


def check_initiative(text: str, code: str, register, directory) -> None:
    frame = directory.frame
    chosen = frame[(frame["type"] == "tzcld") & (frame["statut"] == "habilite")]
    covering = chosen[[code in cell.split(";") for cell in chosen["communes_resolues"]]]
    if len(covering):
        assert any(f"périmètre de « {name} »" in text for name in covering["nom"])
        return
    here = register.communes.loc[code]
    system = register.communes["epsg_local"].reindex(chosen["geo_code_commune"]).to_numpy(float)
    same = chosen[chosen["longitude"].notna().to_numpy() & (system == here["epsg_local"])]
    if same.empty:
        assert text.startswith("Aucune initiative des types choisis localisée dans l'annuaire")
        assert "n'est pas complet" in text
        return
    to_metres = Transformer.from_crs(4326, int(here["epsg_local"]), always_xy=True)
    x, y = to_metres.transform(same["longitude"].to_numpy(), same["latitude"].to_numpy())
    x0, y0 = to_metres.transform(here["longitude"], here["latitude"])
    distances = np.hypot(x - x0, y - y0) / 1000
    found = NEAREST.fullmatch(text)
    assert found, text
    assert abs(number(found["km"]) - distances.min()) <= 0.05 + 0.005
    nearest_names = same["nom"][distances <= distances.min() + 0.005]
    assert found["nom"] in {plain_spaces(name) for name in nearest_names}
    assert found["type"] == directory.vocabularies.types.label("tzcld")


def check_missing(text: str | None, code: str, by_hand: ByHand, candidates) -> None:
    catalogue = candidates.context.indicators.catalogue
    missing = {item for item in by_hand.recipe.codes if pd.isna(by_hand.values.loc[code, item])}
    named = {
        item for item in by_hand.recipe.codes
        if text and plain_spaces(catalogue[item].label).lower() in text.lower()
    }  # fmt: skip
    assert named == missing


def test_why_not_tells_the_rule_and_by_how_much(register, indicators, directory, recipe) -> None:
    query = CandidateQuery(
        recipe, universe=("reg:76",), population_min=5000, population_max=10_000,
        distance_min_km=20.0, initiative_types=("tzcld",), initiative_statuses=("habilite",),
    )  # fmt: skip
    found = find_candidates(register, indicators, directory, query)
    population = register.communes["population"].astype(float)
    rng = np.random.default_rng(7)
    for code in rng.choice(register.communes.index, 60, replace=False):
        text = plain_spaces(why_not(found, str(code)))
        assert "n'est pas candidate" in text
        outside = register.communes["code_region"][code] != "76"
        assert ("Occitanie" in text.partition("n'est pas candidate")[2]) == outside
        small, big = population[code] < 5000, population[code] > 10_000
        gap = re.search(rf"soit ({N}) habitants? de (moins|plus) que le (\w+) de ({N})", text)
        assert bool(gap) == bool(small or big)
        if gap:
            limit = 5000 if small else 10_000
            assert number(gap[1]) == abs(population[code] - limit)
            assert number(gap[4]) == limit
            assert gap[2] == ("moins" if small else "plus")
        near = found.context.nearest["distance_km"][code]
        close = re.search(rf"elle est à ({N}) km de .*? soit ({N}) km de moins", text)
        assert bool(close) == bool(near < 20)
        if close:
            assert shown_as(close[1], near)
            assert shown_as(close[2], 20 - near)


def test_why_not_gives_the_place_of_a_candidate(register, indicators, directory, recipe) -> None:
    query = CandidateQuery(recipe, universe=("dep:30",), count=5)
    found = find_candidates(register, indicators, directory, query)
    first, later = found.frame.index[0], found.ranked.index[30]
    assert " est candidate : 1er rang" in why_not(found, first)
    assert "au-delà des" not in why_not(found, first)
    assert "au-delà des 5 affichées" in why_not(found, later)
    rank = found.ranked["rang"][later]
    written = "1er" if rank == 1 else f"{rank}e"
    assert re.search(
        f": {written} rang( ex æquo)? sur {len(found.ranked)} ", plain_spaces(why_not(found, later))
    )


def test_a_commune_with_too_little_known_says_what_share(register, indicators, directory) -> None:
    recipe = Recipe("Change", (RecipeItem("evolution_population", -1), RecipeItem("densite", -1)))
    query = CandidateQuery(recipe, universe=("dep:976",))
    found = find_candidates(register, indicators, directory, query)
    assert found.ranked.empty
    text = plain_spaces(why_not(found, "97608"))
    assert "50 % du poids de la recette est connu, il en faut 66 %" in text


def test_asking_about_what_is_not_there_is_refused(candidates) -> None:
    with pytest.raises(InvalidRequest, match="Aucune commune n'a le code « 99999 »"):
        why_not(candidates, "99999")
    with pytest.raises(InvalidRequest, match="pas parmi les communes candidates"):
        why(candidates, "99999")


def test_the_largest_contributions_are_the_largest(candidates) -> None:
    for code in candidates.ranked.sample(200, random_state=4).index:
        points = candidates.ranked.loc[code].filter(like="c_").astype(float) * 100
        told = [part.points for part in largest_contributions(candidates, code, most=3)]
        assert told == pytest.approx(points.nlargest(3)[lambda p: p > 0].tolist())


def test_a_floor_is_said_to_be_one(register, indicators, directory, data_dir) -> None:
    floored = indicators.statuses.copy()
    floored["evolution_population"] = pd.Categorical(
        ["plancher"] * len(floored), categories=list(STATUSES)
    )
    table = dataclasses.replace(indicators, statuses=floored)
    recipe = recipes_available(data_dir)["deprise_eloignement"]
    found = find_candidates(register, table, directory, CandidateQuery(recipe, count=1))
    assert "ou moins (2016-2023)" in plain_spaces(why(found, str(found.frame.index[0])))
