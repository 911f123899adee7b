"""A recipe in an address reads back the same, and nothing else is believed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.maps import MapSpec, spec_from_query, spec_to_query
from territoires.needs import AGGREGATIONS, Dimension, Recipe, RecipeItem
from territoires.needs.recipe_address import bare, recipe_from_fields, recipe_to_fields

CODES = ("densite", "revenu", "services", "emploi2")
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: number + 0.0)
weights = st.floats(0.01, 1e6)
means = st.sampled_from(["", *AGGREGATIONS])


def linked(codes):
    return st.lists(st.sampled_from(codes), max_size=2, unique=True)


@st.composite
def items(draw, code, dimensions, rule):
    ideal = draw(st.none() | numbers)
    transformation = "aucune" if ideal is not None else draw(st.sampled_from(["aucune", "log10"]))
    low = draw(st.floats(0.01, 1e3))
    others = [other for other in CODES if other != code]
    by_value = draw(st.booleans())
    return RecipeItem(
        code, draw(st.sampled_from([-1, 1])), draw(weights), (low, low + draw(st.floats(0.1, 1e3))),
        dimension=draw(st.sampled_from(dimensions)) if dimensions else "",
        transformation=transformation, ideal=ideal,
        threshold=draw(numbers) if rule and by_value else None,
        percentile=draw(st.floats(0, 100)) if rule and not by_value else None,
        linked=tuple(draw(linked(others))) if rule else (),
    )  # fmt: skip


@st.composite
def recipes(draw):
    rule, named = draw(st.booleans()), draw(st.booleans())
    dimensions = tuple(
        Dimension(code, draw(st.text(max_size=20)), draw(weights), draw(means))
        for code in (("un", "deux_2") if named else ())
    )  # fmt: skip
    codes = [one.code for one in dimensions]
    normalisation = draw(st.sampled_from(["rang", "min_max", "bornes"]))
    return Recipe(
        draw(st.text(min_size=1, max_size=30).filter(str.strip)),
        tuple(draw(items(code, codes, rule)) for code in CODES),
        normalisation, draw(st.sampled_from(sorted(AGGREGATIONS))), draw(st.floats(0, 1)),
        dimensions=dimensions, mode="regle" if rule else "score",
        at_least=draw(st.integers(1, 4)) if rule else 0, geometric_shift=draw(st.floats(0, 0.5)),
        imputation=draw(st.sampled_from(["aucune", "mediane_locale"])),
        wider_values=draw(st.booleans()),
    )  # fmt: skip


@given(recipes())
def test_a_recipe_reads_back_the_same_from_the_query_of_an_address(made):
    query = urlencode(recipe_to_fields(made))
    assert recipe_from_fields(dict(parse_qsl(query, keep_blank_values=True))) == made


@given(recipes())
def test_a_map_of_any_recipe_reads_back_the_same_from_its_tiles(made):
    spec = MapSpec.for_recipe(made, version="2026-1")
    query = spec_to_query(spec)
    assert spec_from_query(parse_qsl(query, keep_blank_values=True)) == spec
    assert spec.subject == bare(made)
    assert "nom=" not in query


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recette": "densite"}, "code:sens:poids"),
        ({"recette": "densite:2:1"}, "code:sens:poids"),
        ({"recette": "densite:1:1:0"}, "code:sens:poids"),
        ({"recette": "densite:1:1:x=2"}, "code:sens:poids"),
        ({"recette": "densite:1:nan"}, "un nombre est attendu"),
        ({"recette": "densite:1:1:i=inf"}, "un nombre est attendu"),
        ({"recette": "densite:1:" + "9" * 50}, "un nombre est attendu"),
        ({"recette": "densite:1:1e9"}, "un poids d’au plus"),
        ({"recette": "densite:1:1:d=0"}, "dimension qui n’est pas donnée"),
        ({"recette": "densite:1:1:d=-1", "dimensions": "a:1"}, "nombre entier"),
        ({"recette": ",".join(f"i{k}:1:1" for k in range(61))}, "au plus 60"),
        ({"recette": "densite:1:1", "dimensions": "a"}, "code:poids"),
        ({"recette": "densite:1:1:d=0", "dimensions": "A-B:1"}, "minuscules"),
        ({"recette": "densite:1:1:d=0", "dimensions": "a:1:mediane"}, "mediane"),
        ({"recette": "densite:1:1", "mode": "vote"}, "mode"),
        ({"recette": "densite:1:1", "mode": "regle", "au_moins": "1"}, "seuil"),
        ({"recette": "densite:1:1", "departemental": "oui"}, "seul choix"),
        ({"recette": "densite:1:1", "imputation": "moyenne"}, "moyenne"),
        ({"recette": "densite:1:1", "decalage": "0.9"}, "0,5"),
        ({"recette": "densite:1:1", "nom": "x" * 201}, "200 caractères"),
    ],
)
def test_what_is_not_a_recipe_is_refused_in_french(fields, words):
    with pytest.raises(InvalidRequest, match=words):
        recipe_from_fields(fields)
