"""Territories side by side: figures found again by hand on the real data, and how they are told."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import InvalidRequest
from territoires.exports.side_by_side import comparison_html, comparison_page, layout, remarks
from territoires.indicators import IndicatorTable
from territoires.initiatives import nearest, within
from territoires.maps.small_maps import maps_at_one_scale
from territoires.needs import DrawPlan, index_of, recipes_available, robustness_of
from territoires.needs.recipe_reading import recipe_from_toml
from territoires.shortlist.side_by_side import (
    LEVELS,
    STRONGEST,
    WEAKEST,
    Compared,
    Reference,
    SideBySide,
    drawn_intervals,
    extremes,
    side_by_side,
)
from territoires.territory import Territoire, territory_from_code
from tests.conftest import DATA

RECIPE = "deprise_eloignement"
RADIUS = 20.0
VIGAN, LODEVE = "com:30350", "com:34142"
RULE = """
nom = "Règle"
mode = "regle"
au_moins = 1
[[indicateurs]]
code = "densite"
sens = -1
seuil = 20
[[indicateurs]]
code = "distance_prefecture"
sens = 1
seuil = 50
"""


def references_with(table: IndicatorTable, register, recipe) -> dict[str, Reference]:
    tables = {"commune": table} | {
        level: table.for_groups(register.communes[f"code_{level}"]) for level in LEVELS[1:]
    }
    return {level: Reference(level, one, index_of(one, recipe)) for level, one in tables.items()}


@pytest.fixture(scope="module")
def references(register, indicators) -> dict[str, Reference]:
    return references_with(indicators, register, recipes_available(DATA)[RECIPE])


def compare(register, references, directory, *codes: str, **told) -> SideBySide:
    places = [territory_from_code(register, code) for code in codes]
    named = [(place, place.nom) for place in places]
    return side_by_side(register, references, directory, named, radius_km=RADIUS, **told)


def random_codes(register, seed: int) -> list[str]:
    rng = random.Random(seed)
    communes = register.communes.index.tolist()
    start = rng.choice(communes)
    group = rng.sample(communes, rng.randint(2, 12))
    return [
        f"com:{start}",
        f"groupe:{'-'.join(sorted(group))}",
        f"epci:{rng.choice(register.epci.index.tolist())}",
        f"dep:{rng.choice(register.departements.index.tolist())}",
        f"partie:{rng.choice(communes)}",
        f"arm:{rng.choice(['75101', '75113', '13201', '69381'])}",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_figures_of_random_territories_are_found_again_by_hand(
    register, indicators, references, directory, seed
) -> None:
    found = compare(register, references, directory, *random_codes(register, seed))
    for column in found.columns:
        members = list(column.place.communes)
        rows = indicators.population.index.isin(members)
        _check_rate(indicators, column, rows, "densite", lambda ratio: ratio)
        yearly = indicators.catalogue["evolution_population"].years
        _check_rate(
            indicators, column, rows, "evolution_population",
            lambda ratio, years=yearly: (ratio ** (1 / years) - 1) * 100,
        )  # fmt: skip
        _check_ranks(references, column)
        if not column.place.partiel:
            area = register.communes.loc[members, "superficie_km2"].sum()
            people = register.communes.loc[members, "population"].sum()
            assert column.area_km2 == pytest.approx(area)
            assert column.density == pytest.approx(people / area)


def _check_rate(indicators, column: Compared, rows, code: str, formula) -> None:
    """Add numerators and denominators up commune by commune, with nothing of the program."""
    known = rows & indicators.comparable[code].notna().to_numpy()
    figure = column.figures[code]
    if not known.any():
        assert math.isnan(figure.comparable)
        return
    if known.sum() == 1:
        expected = float(indicators.values[code][known].iloc[0])
    else:
        above = math.fsum(indicators.numerators[code][known])
        below = math.fsum(indicators.denominators[code][known])
        expected = formula(above / below)
    assert figure.value == pytest.approx(expected, rel=1e-9)
    people = indicators.population[rows]
    if people.sum():
        share = people[known[rows]].sum() / people.sum()
        assert figure.coverage == pytest.approx(share)


def _check_ranks(references, column: Compared) -> None:
    reference = references[column.level]
    for code in ("densite", "distance_prefecture", "population"):
        figure, indicator = column.figures[code], reference.table.indicator(code)
        others = reference.table.comparable[code].dropna().sort_values()
        assert figure.ranked == len(others)
        if figure.rank is None:
            assert math.isnan(figure.comparable)
        elif not column.is_mean:
            own = reference.table.rank(code).ranks[column.place.code.partition(":")[2]]
            assert figure.rank == own
        elif indicator.direction < 0:
            assert figure.rank == 1 + np.searchsorted(others, figure.value, side="left")
        else:
            above = len(others) - np.searchsorted(others, figure.value, side="right")
            assert figure.rank == 1 + above


@pytest.mark.parametrize("seed", range(4))
def test_the_index_of_a_territory_is_its_own_or_the_mean_of_its_communes(
    register, references, directory, seed
) -> None:
    found = compare(register, references, directory, *random_codes(register, seed))
    for column in found.columns:
        index, need = references[column.level].index, column.need
        own = column.place.code.partition(":")[2]
        if not column.is_mean:
            assert need.score == pytest.approx(index.score[own], nan_ok=True)
            assert need.rank == (None if pd.isna(index.rank[own]) else index.rank[own])
        else:
            scores = index.score[list(column.place.communes)].dropna()
            people = register.communes["population"].fillna(0)[scores.index].to_numpy(dtype=float)
            if not len(scores):
                assert math.isnan(need.score)
            else:
                weights = people if people.sum() else None
                assert need.score == pytest.approx(np.average(scores, weights=weights))
        if not math.isnan(need.score):
            assert math.fsum(
                part for part in need.contributions.values() if not math.isnan(part)
            ) == pytest.approx(need.score)


def test_initiatives_inside_and_around_are_those_of_the_directory(
    register, references, directory
) -> None:
    found = compare(register, references, directory, VIGAN, "com:35238", "arm:75113")
    rennes = found.columns[1].presence
    here = directory.filter(communes=["35238"]).frame
    around = within(register, directory, "35238", RADIUS)
    assert rennes.here == len(here)
    assert rennes.near == len(set(around.index) - set(here.index))
    assert rennes.here + rennes.near > 0
    assert sum(rennes.here_by_axis.values()) >= rennes.here
    vigan = found.columns[0].presence
    inside = directory.filter(communes=["30350"]).frame.index
    others = replace(directory, frame=directory.frame.drop(index=inside))
    nearest_one = nearest(register, others, ["30350"]).iloc[0]
    assert vigan.nearest_km == pytest.approx(nearest_one["distance_km"])
    assert vigan.nearest == directory.frame["nom"][nearest_one["id"]]
    # What is in the rest of Paris is around its 13th arrondissement, not inside.
    paris = found.columns[2].presence
    assert paris.here < len(directory.filter(communes=["75056"]).frame)


CODES = (VIGAN, LODEVE, "epci:243000270", "groupe:30350-34142", "arm:75113", "com:97105")


@settings(max_examples=6)
@given(order=st.permutations(CODES), kept=st.integers(2, 6))
def test_no_territory_changes_what_is_said_of_another(
    register, references, directory, order, kept
) -> None:
    whole = {one.place.code: one for one in compare(
        register, references, directory, *CODES
    ).columns}  # fmt: skip
    for column in compare(register, references, directory, *order[:kept]).columns:
        same = whole[column.place.code]
        assert repr(column.figures) == repr(same.figures)
        assert repr(column.need) == repr(same.need)
        assert repr(column.presence) == repr(same.presence)


def test_intervals_are_those_of_the_test_of_the_recipe(
    register, indicators, references, directory
) -> None:
    plan = DrawPlan(count=60)
    places = [territory_from_code(register, code) for code in (VIGAN, "groupe:30350-34142")]
    drawn = drawn_intervals(references["commune"], places, plan)
    whole = robustness_of(indicators, references["commune"].index.recipe, plan=plan)
    low, high = drawn[VIGAN]
    found = compare(register, references, directory, VIGAN, LODEVE).with_intervals(drawn)
    assert found.columns[0].need.interval == (whole.best["30350"], whole.worst["30350"])
    assert found.columns[1].need.interval is None
    assert low <= high
    assert drawn_intervals(references["commune"], places[1:], plan) == {
        places[1].code: drawn[places[1].code]
    }
    assert 1 <= drawn[places[1].code][0] <= drawn[places[1].code][1] <= len(indicators.values)


def test_a_place_that_is_not_ranked_has_no_interval(register, indicators, directory) -> None:
    recipe = recipes_available(DATA)[RECIPE]
    values = indicators.values.copy()
    values.loc["30350", list(recipe.codes)] = np.nan
    bare = references_with(replace(indicators, values=values), register, recipe)
    place = territory_from_code(register, VIGAN)
    assert drawn_intervals(bare["commune"], [place], DrawPlan(count=20)) == {}
    column = compare(register, bare, directory, VIGAN, LODEVE).columns[0]
    assert column.need.rank is None
    assert math.isnan(column.need.score)
    assert all(math.isnan(part) for part in column.need.contributions.values())
    assert column.need.within((1, 2)).interval is None


def with_status(indicators: IndicatorTable, code: str, commune: str, status: str):
    values, statuses = indicators.values.copy(), indicators.statuses.copy()
    coverage = indicators.coverage.copy()
    values.loc[commune, code] = np.nan
    statuses[code] = statuses[code].astype(object)
    statuses.loc[commune, code] = status
    statuses[code] = pd.Categorical(statuses[code], indicators.statuses[code].cat.categories)
    coverage.loc[commune, code] = 0.0
    return replace(indicators, values=values, statuses=statuses, coverage=coverage)


@pytest.mark.parametrize(
    ("status", "said"),
    [("secret", "secret statistique"), ("hors_champ", "hors champ de la source"),
     ("non_disponible", "non disponible")],
)  # fmt: skip
def test_what_is_missing_stays_missing_and_says_why(
    register, indicators, directory, status, said
) -> None:
    table = with_status(indicators, "heures_mairie", "30350", status)
    own = references_with(table, register, recipes_available(DATA)[RECIPE])
    found = compare(register, own, directory, VIGAN, LODEVE, "groupe:30350-34142")
    figure = found.columns[0].figures["heures_mairie"]
    assert math.isnan(figure.value)
    assert figure.rank is None
    assert found.columns[0].missing == ("heures_mairie",)
    assert found.marks("heures_mairie")[0] == ""
    # A group whose other commune is known is known in part, and by that part alone.
    group = found.columns[2]
    assert group.partial == ("heures_mairie",)
    assert group.figures["heures_mairie"].value == indicators.values["heures_mairie"]["34142"]
    sections = {section.title: section for section in layout(found, directory.vocabularies)}
    cell = _line(sections["Indicateurs : accès aux services"], "Ouverture hebdomadaire")[0]
    assert (cell.text, cell.is_missing) == (said, True)
    gaps = _line(sections["Ce qui manque"], "Chiffres manquants")
    assert gaps[0].notes == (f"{found.indicators['heures_mairie'].label} : {said}",)
    assert gaps[1].text == "aucun : tout est connu"
    points = _line(sections["Contributions au score, en points"], "Ouverture hebdomadaire")
    assert points[0].is_missing
    assert not points[2].is_missing


def _line(section, label: str):
    return next(line.cells for line in section.lines if line.label.startswith(label))


def test_a_figure_of_another_survey_is_shown_and_not_compared(
    register, references, directory
) -> None:
    found = compare(register, references, directory, "com:97105", VIGAN, LODEVE)
    figure = found.columns[0].figures["taux_pauvrete_departement"]
    assert figure.is_known
    assert figure.status == "hors_champ"
    assert math.isnan(figure.comparable)
    assert found.marks("taux_pauvrete_departement") == ("", STRONGEST, WEAKEST)


def test_scores_of_two_levels_are_not_compared(register, references, directory) -> None:
    same = compare(register, references, directory, VIGAN, LODEVE)
    assert same.is_of_one_level
    assert set(same.need_marks()) == {STRONGEST, WEAKEST}
    mixed = compare(register, references, directory, VIGAN, "dep:30")
    assert mixed.need_marks() == ("", "")
    assert mixed.marks("densite") == (WEAKEST, STRONGEST)
    assert any("ne se comparent pas" in one for one in remarks(mixed))


def test_a_rule_tells_its_verdict_where_it_judges(register, indicators, directory) -> None:
    own = references_with(indicators, register, recipe_from_toml(RULE, "regle.toml"))
    found = compare(register, own, directory, VIGAN, "groupe:30350-34142")
    assert found.columns[0].need.verdict == own["commune"].index.verdict["30350"]
    index = next(s for s in layout(found, directory.vocabularies) if s.title.startswith("Indice"))
    verdicts = _line(index, "Verdict")
    assert verdicts[0].text == "retenu"  # Nîmes is more than 50 km away
    assert verdicts[1].is_missing


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=2, max_size=6))
def test_marks_are_of_the_greatest_and_the_least(needs: list[float]) -> None:
    marks = extremes(needs)
    known = [need for need in needs if not math.isnan(need)]
    if len(set(known)) < 2:
        assert set(marks) == {""}
        return
    for need, mark in zip(needs, marks, strict=True):
        assert (mark == STRONGEST) == (need == max(known))
        assert (mark == WEAKEST) == (need == min(known))


def test_too_few_too_many_and_twice_are_refused(register, references, directory) -> None:
    communes = [f"com:{code}" for code in register.communes.index[:7]]
    for codes in ([VIGAN], communes, [VIGAN, VIGAN]):
        with pytest.raises(InvalidRequest, match="de 2 à 6"):
            compare(register, references, directory, *codes)


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>&\u202e'


def test_a_page_is_whole_by_itself_and_hostile_words_stay_words(
    register, references, directory
) -> None:
    places = [territory_from_code(register, code) for code in (VIGAN, LODEVE)]
    named = [(places[0], HOSTILE), (places[1], "Lodève")]
    found = side_by_side(register, references, directory, named, radius_km=RADIUS)
    maps = maps_at_one_scale(register, places)
    content = comparison_html(
        found, layout(found, directory.vocabularies), maps, (*remarks(found), HOSTILE)
    )
    page = comparison_page(HOSTILE, content, ("Source : " + HOSTILE, "\ud83c")).decode()
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href|url)\s*[=(]\s*["\']?(?!data:)\w+:', page)
    assert page.count('<th scope="col">') == 3
    widths = {len(re.findall(r"<t[dh]", row)) for row in re.findall(r"<tr>(.*?)</tr>", page)}
    assert widths == {3}


SHAPE = re.compile(r'<path d="(M[^"]*)" fill="#cfe3df"/>')
BAR = re.compile(r'<path d="M[\d.]+,[\d.]+v3h([\d.]+)v-3"')


def test_small_maps_are_all_of_one_scale(register) -> None:
    codes = ("com:30350", "com:97105", "epci:243000270", "com:34142")
    places = [territory_from_code(register, code) for code in codes]
    drawings = maps_at_one_scale(register, places)
    scales = []
    for place, drawing in zip(places, drawings, strict=True):
        (outline,) = SHAPE.findall(drawing)
        scales.append(math.sqrt(_drawn_area(outline) / place.superficie_km2(register)))
    assert max(scales) / min(scales) < 1.1  # a tenth of a unit is much for a small commune
    assert len({BAR.findall(drawing)[0] for drawing in drawings}) == 1
    assert len({re.findall(r">([\d,]+ k?m)</text>", drawing)[-1] for drawing in drawings}) == 1


def _drawn_area(path: str) -> float:
    area = 0.0
    for ring in path.split("M")[1:]:
        points = [tuple(map(float, pair.split(","))) for pair in ring.rstrip("Z").split()]
        turned = zip(points, points[1:] + points[:1], strict=True)
        area += abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turned)) / 2
    return area


def test_a_territory_in_two_projected_systems_can_be_compared(
    register, references, directory
) -> None:
    codes = ("groupe:30350-97105", "pays:FR")
    found = compare(register, references, directory, *codes)
    assert found.columns[1].place.population > 60_000_000
    places: list[Territoire] = [column.place for column in found.columns]
    assert all(drawing.startswith("<svg") for drawing in maps_at_one_scale(register, places))
