"""Thresholds of need, initiatives around, exclusions: each obeyed, each told with its numbers."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from territoires.candidates import (
    find_candidates,
    find_territories,
    load_ground,
    load_preset,
    load_presets,
    why_not,
)
from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.candidates.presets import PERIMETERS, UNITS
from territoires.candidates.query import CandidateQuery, query_from_preset
from territoires.errors import DataFileError, InvalidRequest
from territoires.initiatives import count_within
from territoires.needs import recipes_available


@pytest.fixture(scope="module")
def search(register, indicators, directory, data_dir):
    recipe = recipes_available(data_dir)["deprise_eloignement"]

    def run(**choices):
        choices.setdefault("count", 40_000)
        return find_candidates(register, indicators, directory, CandidateQuery(recipe, **choices))

    return run


def test_a_threshold_in_value_is_reached_by_every_candidate(search, indicators) -> None:
    least = NeedThreshold("densite", at_least=300, at_most=500)
    found = search(thresholds=(least,))
    density = indicators.comparable["densite"][found.frame.index]
    assert len(found.frame) > 100
    assert density.between(300, 500).all()
    sentence = why_not(found, "75056")
    assert "« Densité de population » y est de" in sentence
    assert "au moins 300" in sentence
    assert "au plus 500" in sentence


def test_a_percentile_keeps_where_the_need_is_greatest(search, indicators) -> None:
    found = search(thresholds=(NeedThreshold("evolution_population", percentile=80),))
    losing = indicators.comparable["evolution_population"]
    kept = losing[found.frame.index]
    assert kept.max() <= np.nanpercentile(losing, 20) + 1e-9  # the need is where it falls
    sentence = why_not(found, "75056")
    assert "« Évolution annuelle de la population » y est de" in sentence
    assert re.search(r"les 20\s%", sentence)


def test_an_unknown_value_does_not_reach_a_threshold(search, indicators) -> None:
    unknown = indicators.comparable["heures_mairie"]
    code = unknown.index[unknown.isna()][0]
    found = search(thresholds=(NeedThreshold("heures_mairie", at_least=0),))
    assert code not in found.frame.index
    assert "n'y est pas connu" in why_not(found, code)


@pytest.mark.parametrize("present", [True, False])
def test_initiatives_around_are_those_counted(search, register, directory, present) -> None:
    condition = CapacityCondition(15, present, types=("jardin_partage",))
    found = search(capacities=(condition,), universe=("dep:14",))
    gardens = directory.filter(types=("jardin_partage",))
    counts = count_within(register, gardens, found.frame.index.tolist(), 15)
    assert len(found.frame)
    assert ((counts > 0) == present).all()
    left_out = found.verdicts.index[found.verdicts == "capacite"][0]
    assert "Jardin partagé" in why_not(found, left_out)
    assert "15,0\u00a0km" in why_not(found, left_out)


def test_excluded_territories_never_take_part(search, register) -> None:
    found = search(universe=("reg:76",), excluded=("dep:30", "com:34172"))
    departements = register.communes.loc[found.frame.index, "code_departement"]
    assert "30" not in set(departements)
    assert "34172" not in found.frame.index
    assert "exclue" in why_not(found, "30350")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NeedThreshold("densite"), "donnez une borne"),
        (lambda: NeedThreshold("densite", at_least=1, percentile=5), "l'un des deux"),
        (lambda: NeedThreshold("densite", at_least=5, at_most=1), "bornes impossibles"),
        (lambda: NeedThreshold("densite", at_least=float("nan")), "bornes impossibles"),
        (lambda: NeedThreshold("densite", percentile=120), "centile de 0 à 100"),
        (lambda: CapacityCondition(-1), "une distance de 0"),
        (lambda: CapacityCondition(float("inf")), "une distance de 0"),
    ],
)
def test_impossible_conditions_are_refused(make, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        make()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"thresholds": (NeedThreshold("bonheur", at_least=1),)}, "Indicateur inconnu"),
        ({"capacities": (CapacityCondition(5, axes=("9",)),)}, "Axe inconnu"),
        ({"capacities": (CapacityCondition(5, types=("x",)),)}, "Type d'initiative inconnu"),
        ({"excluded": ("dep:00",)}, "inconnu"),
        ({"unit": "quartier"}, "Choix : commune, groupe, epci"),
        ({"perimeter": "cercle"}, "Choix : libre|Choix : dans_un_epci"),
    ],
)
def test_unknown_words_are_refused(search, choices, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        search(**choices)


def test_every_shipped_preset_is_usable_and_says_what_it_is(
    data_dir, register, indicators, directory
) -> None:
    ground = load_ground(data_dir, register)
    presets = load_presets(data_dir)
    assert set(presets) == {
        "tzcld", "generateur", "jardin_partage", "animation_territoriale", "libre",
    }  # fmt: skip
    for preset in presets.values():
        assert preset.unit in UNITS
        assert preset.perimeter in PERIMETERS
        assert preset.notes
        query = query_from_preset(recipes_available(data_dir)["deprise_eloignement"], preset)
        assert query.thresholds == preset.thresholds
        asked = dataclasses.replace(query, universe=("reg:53",))
        found = find_territories(register, indicators, directory, asked, ground)
        assert len(found.verdicts) == (1_255 if preset.unit == "epci" else 34_875)
        assert found.funnel()
    assert presets["tzcld"].unit == "groupe"
    assert not presets["tzcld"].is_proposal
    assert presets["generateur"].is_proposal


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('unite = "quartier"', "unite : « quartier » inconnu"),
        ("[[seuils]]\nau_moins = 3", "champ absent : indicateur"),
        ('[[seuils]]\nindicateur = "densite"', "donnez une borne"),
        ('[[seuils]]\nindicateur = "densite"\nau_moins = "3"', "un nombre est attendu"),
        ('[[seuils]]\nindicateur = "densite"\nplus = 3', "champ inconnu : plus"),
        ("[[capacites]]\npresence = true", "champ absent : distance_km"),
        ("[[capacites]]\ndistance_km = 5\npresence = 1", "true ou false"),
        ("seuils = 3", "des tables"),
        ("population_min = 5", "source_url"),
    ],
)
def test_a_damaged_condition_is_named(tmp_path, text, problem) -> None:
    path = tmp_path / "essai.toml"
    path.write_text(f'nom = "Essai"\nvalide_depuis = 2026-01-01\n{text}\n', "utf-8")
    with pytest.raises(DataFileError, match=problem):
        load_preset(path)
