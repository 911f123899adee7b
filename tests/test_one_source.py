"""Several files of one source: which are read, and what is said of the others."""

from __future__ import annotations

import pandas as pd

from territoires.sources.declaration import Reading
from territoires.sources.one_source import united


def reading(
    name: str, vintage: str, codes: str, *, complete: bool, value: float = 1.0, **more
) -> Reading:
    table = pd.DataFrame(
        {
            "code_commune": codes.split(),
            "code_mesure": "habitants",
            "valeur": value,
            "statut": "publie",
        }
    )
    return Reading(vintage, 2026, table, complete, len(table), name=name, **more)


def test_a_whole_country_is_not_left_for_a_newer_extract() -> None:
    whole = reading("pays.csv", "2021", "01001 01002 01004", complete=True)
    extract = reading("gironde.csv", "2023", "33063", complete=False)
    for order in ([whole, extract], [extract, whole]):
        made = united(order)
        assert (made.vintage, made.complete, len(made.measures)) == ("2021", True, 3)
        assert made.notes == (
            "gironde.csv : millésime 2023, extrait ; laissé de côté pour pays.csv (2021).",
        )


def test_the_newest_of_two_whole_files_is_read() -> None:
    old = reading("ancien.csv", "2024-T3", "01001", complete=True)
    new = reading("nouveau.csv", "2024-T4", "01001", complete=True, value=2.0)
    made = united([old, new])
    assert made.measures["valeur"].tolist() == [2.0]
    assert "ancien.csv" in made.notes[0]


def test_a_second_file_of_the_same_vintage_adds_what_the_first_leaves_out() -> None:
    france = reading("france.csv", "2023", "01001 01002", complete=True, notes=("Sans Mayotte.",))
    mayotte = reading("mayotte.csv", "2023", "97601 01001", complete=False, value=9.0)
    made = united([mayotte, france])
    assert made.measures.set_index("code_commune")["valeur"].to_dict() == {
        "01001": 1.0, "01002": 1.0, "97601": 9.0,
    }  # fmt: skip
    assert (made.rows, made.complete) == (4, True)
    assert made.notes == ("france.csv : Sans Mayotte.",)


def test_a_form_that_no_real_file_verified_is_remembered() -> None:
    sure = reading("a.csv", "2023", "01001", complete=False)
    unsure = reading("b.csv", "2023", "01002", complete=False, form_verified=False)
    assert united([sure]).form_verified
    assert not united([sure, unsure]).form_verified
