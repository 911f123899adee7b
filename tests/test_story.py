"""How a score is made, in words: everything that decides the scores is said, and said once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from territoires.indicators import load_indicators
from territoires.needs import AGGREGATIONS, NORMALISERS, Dimension, Recipe, RecipeItem, index_of
from territoires.needs.editing import as_rule, with_normalisation
from territoires.needs.story import Scene, Story, tell
from territoires.needs.story_items import criterion, reading

RECIPE = Recipe(
    "Essai",
    (
        RecipeItem("densite", -1, 3.0, dimension="lieux", reason="Peu de monde."),
        RecipeItem("heures_mairie", -1, 1.0, dimension="lieux"),
        RecipeItem("taux_pauvrete_departement", 1, 1.0, dimension="revenus"),
    ),
    description="Ce que l’on cherche.",
    date="2026-11-26",
    sources=("Une source : https://exemple.test/a",),
    dimensions=(Dimension("lieux", "Lieux", 3.0), Dimension("revenus", "Revenus", 1.0)),
)


@pytest.fixture(scope="module")
def table(register, data_dir):
    return load_indicators(data_dir, register)


def told(table, recipe: Recipe, scene: Scene | None = None) -> tuple[Story, str]:
    story = tell(index_of(table, recipe), recipe, table, scene or Scene("commune", "France", "v1"))
    return story, "\n".join(story.lines())


def test_every_line_of_the_recipe_is_said(table) -> None:
    _, text = told(table, RECIPE)
    for item in RECIPE.items:
        indicator = table.indicator(item.code)
        for words in (
            indicator.label, indicator.definition, indicator.vintage, indicator.source_url,
            indicator.licence, *indicator.gaps,
        ):  # fmt: skip
            assert words in text
    assert "Raison : Peu de monde." in text
    assert "56,2\u00a0% du poids" in text
    assert "Lieux (75\u00a0% du score)" in text
    assert "https://exemple.test/a" in text
    assert "26/11/2026" in text
    assert "sous 66\u00a0%" in text
    assert "chiffre du département" in text
    assert "34\u202f875 communes de France" in text


@pytest.mark.parametrize("method", NORMALISERS)
@pytest.mark.parametrize("mean", AGGREGATIONS)
def test_each_method_has_its_own_words(table, method: str, mean: str) -> None:
    if mean == "geometrique" and not NORMALISERS[method].unit_scale:
        return
    changed = replace(with_normalisation(RECIPE, method, table.comparable), aggregation=mean)
    _, text = told(table, changed)
    _, usual = told(table, RECIPE)
    if (method, mean) != (RECIPE.normalisation, RECIPE.aggregation):
        assert text != usual
    assert ("bornes" in text.partition("Mise à la même échelle")[0]) == (method == "bornes")
    assert ("Décalage de 0,01" in text) == (mean == "geometrique")


def test_what_is_filled_left_out_or_cannot_apply_is_said(table) -> None:
    filled = replace(RECIPE, imputation="mediane_locale")
    _, text = told(table, filled)
    count = int(index_of(table, filled).imputed.to_numpy().sum())
    assert f"Valeurs remplies ici : {count:,}".replace(",", "\u202f") in text
    _, text = told(table, replace(RECIPE, wider_values=False))
    assert "laissés de côté : Taux de pauvreté (département)" in text


def test_a_rule_is_told_as_a_rule(table) -> None:
    rule = replace(as_rule(RECIPE), at_least=1)
    items = (replace(rule.items[0], percentile=None, threshold=20.0), *rule.items[1:])
    rule = replace(rule, items=items)
    story, text = told(table, rule)
    assert "au moins 1 critère sur 3 est rempli" in text
    assert "critère rempli : au plus 20,0\u00a0hab./km²" in text
    assert "dans les 25\u00a0% de plus grand besoin" in text
    assert "Mise à la même échelle" not in [section.title for section in story.sections]


def test_lines_are_one_line_each(table) -> None:
    odd = replace(RECIPE, description="Sur\ndeux\n\nlignes", rationale="  et   des\u2028espaces ")
    story, _ = told(table, odd)
    assert "Ce que l’indice mesure : Sur deux lignes" in story.lines()
    assert "Ce que l’indice mesure : et des espaces" in story.lines()
    assert all(len(line.splitlines()) == 1 for line in story.lines())


def test_the_side_of_the_need_is_said(table) -> None:
    density = table.indicator("densite")
    assert reading(RecipeItem("densite", -1), density) == "besoin quand la valeur est basse"
    ideal = RecipeItem("densite", 1, ideal=50.0, threshold=10.0)
    assert reading(ideal, density) == "besoin quand la valeur s’éloigne de 50,0\u00a0hab./km²"
    assert criterion(ideal, density) == "écart au moins 10,0\u00a0hab./km²"
    assert criterion(RecipeItem("densite", percentile=87.5), density) == (
        "dans les 12,5\u00a0% de plus grand besoin"
    )
