"""The recipes that are shipped: what each owes its reader, and whether it says what it claims."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from docs.recettes import PAGE, labels_of, written

from territoires.indicators import IndicatorTable, load_catalogue
from territoires.indicators.alike import load_density_classes
from territoires.initiatives import load_vocabularies
from territoires.needs import TIERS, NeedIndex, index_of, recipes_available
from territoires.settings import load_settings
from territoires.sources.combining import load_declared
from territoires.sources.fetching import Client
from territoires.sources.registry import available_sources
from territoires.sources.updating import Request, update
from territoires.versions import current_version
from territoires.workspace import open_workspace
from tests.conftest import DATA, SAMPLES

RECIPES = recipes_available(DATA)
WITHOUT = (DATA / "recettes" / "SANS_RECETTE.md").read_text("utf-8")
TOO_ALIKE = 0.9
REAL_FILES = (
    "insee-comparateur/base_cc_comparateur_csv.zip",
    "insee-filosofi/cc_filosofi_2021_COM.csv",
    "dares-france-travail/dares_defm_communales_extrait.csv",
    "cnaf-rsa/cnaf_s_ben_com_extrait.csv",
    "france-services/liste-fs-20240801.csv",
)
shipped = pytest.mark.parametrize("name", sorted(RECIPES))


@dataclass(frozen=True)
class Entry:
    """What both catalogues say of an indicator before any file is read."""

    level: str
    family: str
    direction: int
    rankable: bool
    model: bool
    verified: bool


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    """Both catalogues; official indicators are verified when all their measures are."""
    verified = {
        measure.code
        for source in available_sources().values()
        if source.verified
        for measure in source.measures
    }
    embedded = load_catalogue(DATA / "indicateurs" / "catalogue.toml")
    found = {
        code: Entry(one.level, one.family, one.direction, one.rankable, one.model, one.verified)
        for code, one in embedded.items()
    }
    for code, one in load_declared(DATA).items():
        said = one.entry
        found[code] = Entry(
            said["niveau"], said["famille"], said["sens"], said.get("classable", True),
            said.get("modele", False), set(one.formula.measures) <= verified,
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> IndicatorTable:
    """Make the official data of the real files, as ``territoires actualiser --depuis`` does."""
    return indicators_of(tmp_path_factory.mktemp("recettes"), *map(SAMPLES.joinpath, REAL_FILES))


def indicators_of(folder: Path, *files: Path) -> IndicatorTable:
    """Read files in place of the producers, and open what they make."""
    offered = folder / "fichiers"
    offered.mkdir()
    for file in files:
        (offered / file.name).symlink_to(file)
    settings = load_settings({"TERRITOIRES_DONNEES": str(folder / "utilisateur")})
    client = Client(folder / "t", mirror=None, tell=lambda _line: None)
    report = update(
        settings, Request(offered=str(offered)), client, lambda _line: None,
        datetime.date(2026, 11, 26),
    )  # fmt: skip
    assert not report.failed
    assert current_version(settings.user_data_dir) is not None
    return open_workspace(settings).indicators


@pytest.fixture(scope="module")
def indices(official: IndicatorTable) -> Mapping[str, NeedIndex]:
    """Index of every recipe; the samples lack the national facilities, which are left out."""
    return {
        name: index_of(official, recipe.without(set(recipe.codes) - set(official.catalogue)))
        for name, recipe in RECIPES.items()
    }


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print whatever the options of pytest: these results are read by people."""

    def tell(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return tell


# What a recipe owes its reader


@shipped
def test_a_recipe_says_when_why_and_from_what(name: str) -> None:
    recipe = RECIPES[name]
    assert datetime.date.fromisoformat(recipe.date) >= datetime.date(2026, 11, 26)
    assert len(recipe.description) > 60
    assert len(recipe.rationale) > 200
    assert len(recipe.sources) >= 4
    for source in recipe.sources:
        assert re.search(r" : https://\S+$", source), source
    for item in recipe.items:
        assert item.reason.endswith("."), item.code
        assert item.bounds is not None, item.code


@shipped
def test_a_recipe_has_named_dimensions_all_used(name: str) -> None:
    recipe = RECIPES[name]
    assert len(recipe.dimensions) >= 2
    assert all(one.name and one.weight > 0 for one in recipe.dimensions)
    assert {one.code for one in recipe.dimensions} == {item.dimension for item in recipe.items}
    assert recipe.weights.max() <= 0.5  # an index of one indicator is that indicator


@shipped
def test_a_recipe_ranks_need_by_verified_figures_of_communes(name: str, entries) -> None:
    recipe = RECIPES[name]
    used = {code: entries[code] for code in recipe.codes}
    assert sum(one.level == "commune" for one in used.values()) >= 4
    for item in recipe.items:
        entry = used[item.code]
        assert item.direction == entry.direction, item.code
        assert entry.rankable, item.code
        assert entry.verified, item.code
        assert not entry.model, item.code
        assert entry.family != "initiatives", f"{item.code} : une capacité"
    of_communes = [weight for code, weight in zip(recipe.codes, recipe.weights, strict=True)
                   if used[code].level == "commune"]  # fmt: skip
    assert sum(of_communes) >= 0.6


def test_one_recipe_needs_the_embedded_pack_alone() -> None:
    embedded = load_catalogue(DATA / "indicateurs" / "catalogue.toml")
    assert set(RECIPES["deprise_eloignement"].codes) <= set(embedded)


def test_each_axis_has_one_recipe_or_says_what_is_missing() -> None:
    axes = load_vocabularies(DATA).axes.labels
    assert list(axes) == ["1", "2", "3", "4", "5"]
    entries = dict(re.findall(r"^## Axe (\d) · (.+)$", WITHOUT, re.MULTILINE))
    with_recipe = [recipe.axis for recipe in RECIPES.values() if recipe.axis]
    assert sorted([*with_recipe, *entries]) == list(axes)
    for axis, label in entries.items():
        assert label == axes[axis].replace("’", "'")


@pytest.mark.parametrize("axis", re.findall(r"^## Axe (\d)", WITHOUT, re.MULTILINE))
def test_an_axis_without_recipe_names_the_data_and_who_has_them(axis: str) -> None:
    entry = WITHOUT.partition(f"## Axe {axis} · ")[2].partition("\n## ")[0]
    missing = [line.split("|")[1:-1] for line in entry.splitlines() if line.startswith("| ")]
    assert missing[0][0].strip() == "Donnée qui manque"
    assert len(missing) > 4
    assert all(cell.strip() for row in missing for cell in row)
    for part in ("Le besoin dont parle l'axe", "Pourquoi pas un substitut", "En attendant"):
        assert f"**{part}" in entry


def test_the_table_of_axes_names_the_files() -> None:
    for name, recipe in RECIPES.items():
        if recipe.axis:
            assert re.search(rf"^\| {recipe.axis} · .*`{name}\.toml`", WITHOUT, re.MULTILINE)


def test_the_page_of_the_recipes_says_what_their_files_say() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written(page, DATA), "à réécrire : python -m docs.recettes"
    labels = labels_of(DATA)
    for name, recipe in RECIPES.items():
        section = page.partition(f"\n## {recipe.name}")[2].partition("\n## ")[0]
        assert f"<!-- recette {name} -->" in section
        for part in ("La question", "Pourquoi", "Limites", "À ne pas en faire"):
            assert f"**{part}.**" in section
        for code in recipe.codes:
            assert f"| {labels[code]} | `{code}` |" in section


# What they say of France, on real files


@pytest.mark.echantillons
@shipped
def test_the_bounds_of_a_recipe_hold_most_communes(name: str, official: IndicatorTable) -> None:
    for item in RECIPES[name].items:
        if item.code not in official.catalogue:
            continue
        assert item.bounds is not None
        low, high = item.bounds
        known = official.comparable[item.code].dropna()
        assert low < known.median() < high, item.code
        assert known.between(low, high).mean() >= 0.8, item.code


@pytest.mark.echantillons
@shipped
def test_a_recipe_ranks_the_communes_that_its_files_cover(name: str, indices, say) -> None:
    index = indices[name]
    absent = sorted(set(RECIPES[name].codes) - set(index.recipe.codes))
    known = index.coverage[index.rank.notna()]
    say(f"{name} : {index.count} communes, couverture {known.mean():.2f}, sans {absent or '–'}")
    assert set(absent) <= {"services_quotidiens"}
    # Job seekers and RSA are extracts: Gironde, Corse, Paris.
    assert index.count > (850 if name == "eloignement_emploi_droits" else 34_000)
    assert known.min() >= index.recipe.min_coverage - 1e-9


@pytest.mark.echantillons
def test_no_two_recipes_tell_the_same_story(indices: Mapping[str, NeedIndex], say) -> None:
    scores = pd.DataFrame({name: index.score for name, index in indices.items()})
    known = scores.notna().astype(int)
    matrix, shared = scores.corr("spearman"), known.T @ known
    say(f"Corrélations de Spearman des scores :\n{matrix.round(2).to_string()}")
    say(f"Communes classées par les deux :\n{shared.to_string()}")
    for first in matrix:
        for second in matrix:
            if first < second:
                assert shared.loc[first, second] > 500
                assert abs(matrix.loc[first, second]) <= TOO_ALIKE, (first, second)


# Places known for it, by class of need: the first fifth of France, and the last.
KNOWN_FOR_IT = {
    "besoins_sociaux": (("30132", "33402", "02304", "59172"), ("78688", "91534", "74067")),
    "economie_locale": (("59002", "62033", "54493", "59079"), ("73227", "74173", "74067")),
    "eloignement_emploi_droits": (("33240", "33314"), ("33238", "33274")),
    "deprise_eloignement": (("36045", "97353"), ("93050", "33550", "44109")),
    "acces_services": (("34028", "08190", "97353"), ("74010", "44109")),
}


@pytest.mark.echantillons
@shipped
def test_places_known_for_their_need_come_first_and_others_last(name: str, indices) -> None:
    """Mining towns, the Médoc, Guiana's interior; ski resorts, rich suburbs, large cities."""
    classes = indices[name].classes
    first, last = KNOWN_FOR_IT[name]
    assert classes[list(first)].eq(TIERS[0]).all(), classes[list(first)]
    assert classes[list(last)].eq(TIERS[-1]).all(), classes[list(last)]


# What was added for them


@pytest.mark.echantillons
def test_jobs_and_employers_are_those_of_the_file(official: IndicatorTable) -> None:
    raw = pd.read_csv(
        SAMPLES / "insee-comparateur" / "base_cc_comparateur_extrait.csv",
        sep=";", dtype={"CODGEO": "str"}, index_col="CODGEO",
    )  # fmt: skip
    jobs, employers = "evolution_emplois", "etablissements_employeurs_pour_1000"
    gueret, paris = "23096", "75056"
    for code in (gueret, paris):
        row = raw.loc[code]
        assert official.values.loc[code, jobs] == pytest.approx(
            100 * row["P18_EMPLT"] / row["P13_EMPLT"]
        )
        assert official.numerators.loc[code, employers] == row["ETTEF118"] + row["ETTEFP1018"]
        assert official.denominators.loc[code, employers] == row["P18_POP"]
    assert official.statuses.loc["97611", [jobs, employers]].eq("non_disponible").all()
    assert official.indicator(jobs).vintage == "2018 / 2013"
    assert official.indicator(employers).vintage == "2018"
    # 26.7 million jobs in France outside Mayotte at the census of 2018; arrondissements not added.
    assert official.numerators[jobs].sum() == pytest.approx(26.7e6, rel=0.01)


@pytest.mark.echantillons
def test_an_edition_without_employers_is_read_all_the_same(tmp_path: Path) -> None:
    real = SAMPLES / "insee-comparateur" / "base_cc_comparateur_extrait.csv"
    header, _, rows = real.read_text("utf-8").partition("\n")
    older = tmp_path / "comparateur.csv"
    for old, new in (("ETTEFP10", "AUTRE"), ("P13_EMPLT", "P13_AUTRE")):
        header = header.replace(old, new)
    older.write_text(f"{header}\n{rows}", encoding="utf-8")
    table = indicators_of(tmp_path, older)
    assert table.comparable["taux_chomage_recensement"].notna().sum() > 300
    assert "etablissements_employeurs_pour_1000" not in table.catalogue
    assert "evolution_emplois" not in table.catalogue


def test_the_classes_of_density_are_dated_sourced_and_of_use(register) -> None:
    classes = load_density_classes(DATA / "indicateurs" / "classes_densite.toml")
    assert classes.bounds == (50.0, 300.0, 1500.0)
    assert datetime.date.fromisoformat(classes.date)
    assert "approximation" in classes.source
    assert classes.source_url.startswith("https://")
    communes = register.communes
    counts = classes.of(communes["population"] / communes["superficie_km2"]).value_counts()
    assert set(counts.index) == set(classes.labels)
    assert counts.min() > 500
    written_bounds = "".join(classes.labels).replace(" ", "").replace("\u202f", "")
    assert all(f"{bound:.0f}" in written_bounds for bound in classes.bounds)
