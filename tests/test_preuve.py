"""A published index recomputed: by the engine, by plain numpy, and against what was published."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from click.testing import CliRunner
from docs import preuve
from docs.preuve import PAGE, altered, compare, main, ranks_of, unrounded, written

from territoires.needs import load_recipe
from tests.conftest import DATA

FOLDER = DATA / "preuves"
COMPONENTS = (
    "esperance_vie",
    "scolarisation_attendue",
    "scolarisation_moyenne",
    "rnb_par_habitant",
)


def rows(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["code_iso"]: row for row in csv.DictReader(file)}


def hdi(life: float, expected: float, mean: float, income: float) -> float:
    """Follow the method of the UNDP, without the engine."""
    health = np.clip((life - 20.0) / (85.0 - 20.0), 0.0, 1.0)
    education = (np.clip(expected / 18.0, 0.0, 1.0) + np.clip(mean / 15.0, 0.0, 1.0)) / 2.0
    wealth = np.log(np.clip(income, 100.0, 75_000.0) / 100.0) / np.log(750.0)
    return float(np.cbrt(health * education * wealth))


def by_hand(name: str) -> npt.NDArray[np.float64]:
    return np.array([hdi(*(float(row[c]) for c in COMPONENTS)) for row in rows(name).values()])


@pytest.fixture(scope="module")
def compared() -> pd.DataFrame:
    return compare(FOLDER)


def test_the_engine_and_plain_numpy_give_the_same_index(compared: pd.DataFrame) -> None:
    np.testing.assert_allclose(
        compared["recalcule"].to_numpy(), by_hand("idh_2023.csv"), rtol=0.0, atol=1e-12
    )
    np.testing.assert_allclose(
        unrounded(FOLDER)["recalcule"].to_numpy(),
        by_hand("idh_2023_non_arrondi.csv"),
        rtol=0.0,
        atol=1e-12,
    )


def test_no_published_index_is_out_of_what_the_rounding_of_its_table_allows(
    compared: pd.DataFrame,
) -> None:
    assert len(compared) == 193
    assert compared.loc[~compared["permis"], "pays"].tolist() == []
    # Facts of the report, written down here once more: neither the file nor the page alone says so.
    assert compared.loc["FRA", ["publie", "rang_publie"]].tolist() == [0.920, 26]
    assert compared.loc["ISL", ["publie", "rang_publie"]].tolist() == [0.972, 1]
    assert compared.loc["SSD", ["publie", "rang_publie"]].tolist() == [0.388, 193]


def test_unrounded_figures_give_back_the_published_index_to_its_last_decimal() -> None:
    found = unrounded(FOLDER)
    assert found.loc[~found["egal"], "pays"].tolist() == []
    assert {"CRI", "NRU", "SEN"} <= set(found.index), "the three greatest differences"


def test_unrounded_figures_are_those_of_the_table_before_rounding() -> None:
    table = rows("idh_2023.csv")
    for code, precise in rows("idh_2023_non_arrondi.csv").items():
        for component in COMPONENTS:
            decimals = len(table[code][component].partition(".")[2])
            rounded = f"{float(precise[component]):.{decimals}f}"
            assert rounded == table[code][component], (code, component)
        for same in ("pays", "rang_publie", "idh_publie"):
            assert precise[same] == table[code][same]


def test_ranks_hardly_move(compared: pd.DataFrame) -> None:
    assert ranks_of(compared["publie"]).equals(compared["rang_publie"].rename("rang"))
    assert (compared["rang_recalcule"] - compared["rang_publie"]).abs().max() <= 2


@pytest.mark.parametrize("mistake", altered(load_recipe(FOLDER / "idh.toml")))
def test_a_mistake_in_the_recipe_is_seen(mistake: str) -> None:
    recipe = altered(load_recipe(FOLDER / "idh.toml"))[mistake]
    seen_in_table = (~compare(FOLDER, recipe)["permis"]).sum()
    seen_unrounded = (~unrounded(FOLDER, recipe)["egal"]).sum()
    assert seen_in_table + seen_unrounded > 0


def test_the_page_tells_the_figures_that_are_computed() -> None:
    assert written(PAGE.read_text("utf-8"), FOLDER) == PAGE.read_text("utf-8")
    done = CliRunner().invoke(main)
    assert done.exit_code == 0, done.output
    assert "Costa Rica" in done.output


def test_a_page_that_tells_others_is_refused_and_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "preuve.md"
    shutil.copyfile(PAGE, page)
    true = page.read_text("utf-8")
    page.write_text(true.replace("0,00136", "0,00036"), encoding="utf-8")
    monkeypatch.setattr(preuve, "PAGE", page)
    refused = CliRunner().invoke(main)
    assert refused.exit_code == 1
    assert "--ecrire" in refused.output
    assert CliRunner().invoke(main, ["--ecrire"]).exit_code == 0
    assert page.read_text("utf-8") == true


def test_a_digit_copied_wrong_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "preuves"
    shutil.copytree(FOLDER, folder)
    table = folder / "idh_2023.csv"
    lines = table.read_text("utf-8")
    assert "FRA,France,26,0.920,83.3,16.1,11.8,55060" in lines
    for wrong in ("83.8,16.1,11.8,55060", "83.3,16.7,11.8,55060", "83.3,16.1,11.8,50560"):
        table.write_text(lines.replace("83.3,16.1,11.8,55060", wrong), encoding="utf-8")
        found = compare(folder)
        assert found.loc[~found["permis"], "pays"].tolist() == ["France"], wrong
