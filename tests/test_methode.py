"""The page that tells how an index is made says what the code does, to the digit."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from territoires.needs import (
    IMPUTATIONS,
    NORMALISERS,
    TIERS,
    DrawPlan,
    Recipe,
    RecipeItem,
    compute_index,
)
from territoires.needs.coherence import TOO_ALIKE
from territoires.needs.recipe import DEFAULT_GEOMETRIC_SHIFT, DEFAULT_MIN_COVERAGE
from territoires.needs.robustness import ALWAYS, FREQUENCIES, HIGH, LOW, OFTEN, SOMETIMES
from territoires.needs.rule_draws import THRESHOLD_SHIFT
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "methode"
PAGE = " ".join((FOLDER / "indice.md").read_text("utf-8").split())


def french(number: float) -> str:
    return f"{number:g}".replace(".", ",")


@pytest.mark.parametrize(
    "said",
    [
        f"le classement {DrawPlan().count:,} fois".replace(",", " "),
        f"de ± {DrawPlan().margin:.0%}".replace("%", " %") + " au plus",
        f"du {LOW}<sup>e</sup> au {HIGH}<sup>e</sup> centile",
        f"**{FREQUENCIES[0]}** dans les N premiers | dans {ALWAYS} % des tirages ou plus",
        f"**{FREQUENCIES[1]}** | {OFTEN} % ou plus",
        f"**{FREQUENCIES[2]}** | {SOMETIMES} % ou plus ; au-dessous, « {FREQUENCIES[3]} »",
        f"déplacés de {french(THRESHOLD_SHIFT)} centiles",
        f"au-delà de ± {french(TOO_ALIKE)}",
        f"`decalage_geometrique`, {french(DEFAULT_GEOMETRIC_SHIFT)} par défaut",
        f"`couverture_min` ({french(DEFAULT_MIN_COVERAGE)} par défaut)",
        f"de « {TIERS[0]} » à « {TIERS[-1]} »",
        f"`{Recipe('x', (RecipeItem('a'),)).normalisation}` (par défaut)",
    ],
)
def test_each_number_of_the_page_is_that_of_the_code(said: str) -> None:
    assert said in PAGE


def test_each_way_of_the_code_is_on_the_page() -> None:
    for name in NORMALISERS:
        assert f"| `{name}`" in PAGE
    for name in set(IMPUTATIONS) - {"aucune"}:
        assert f'`imputation = "{name}"`' in PAGE
    assert DrawPlan().leave_out == 0.5, "« une fois sur deux »"
    assert len(TIERS) == 5, "« des cinquièmes »"


def test_the_worked_example_is_right() -> None:
    values = pd.DataFrame({"a": [0.9], "b": [0.1]}, index=["x"])
    items = tuple(RecipeItem(code, bounds=(0.0, 1.0)) for code in values)
    for way, said in (
        ("arithmetique", "Moyenne arithmétique : {}"),
        ("geometrique", "Géométrique : {}"),
    ):
        recipe = Recipe("exemple", items, normalisation="bornes", aggregation=way)
        score = compute_index(values, recipe).score["x"]
        assert said.format(f"{score:.2f}".replace(".", ",")) in PAGE


def test_the_formulas_of_the_page_are_those_of_the_engine() -> None:
    values = np.array([3.0, 1.0, 3.0, 7.0, np.nan])
    known = values[~np.isnan(values)]
    told = {
        "rang": [
            ((known < v).sum() + ((known == v).sum() - 1) / 2) / (len(known) - 1) for v in known
        ],
        "min_max": (known - known.min()) / (known.max() - known.min()),
        "bornes": np.clip((known - 2.0) / (5.0 - 2.0), 0.0, 1.0),
        "z": (known - known.mean()) / known.std(),
    }
    for name, expected in told.items():
        scaled = NORMALISERS[name].compute(values, (2.0, 5.0))
        np.testing.assert_allclose(scaled[~np.isnan(values)], expected, atol=1e-12)
        assert np.isnan(scaled[-1])


@pytest.mark.parametrize("page", sorted(path.name for path in FOLDER.glob("*.md")))
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    text = (FOLDER / page).read_text("utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if not t.startswith("http")]
    assert targets
    assert [t for t in targets if not (FOLDER / t).resolve().exists()] == []
