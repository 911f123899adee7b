"""The estimate of long-term job seekers by commune keeps within what is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.errors import SourceUnavailable
from territoires.sources.cells import measures_table, published
from territoires.sources.combining import Given
from territoires.sources.estimation import (
    ESTIMATE,
    HIGH,
    JOB_SEEKERS,
    LOW,
    SHARE,
    estimate_long_term,
    estimated,
    spread_within,
)
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources
from tests.conftest import SAMPLES

DARES = SAMPLES / "dares-france-travail" / "dares_defm_communales_extrait.csv"
SHARES = {"0101": 30.0, "0102": 40.0, "0103": 50.0, "0201": 45.0, "0202": 46.0}


def communes(rows: list[tuple[str, str, float]]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Lay out (commune, zone, job seekers) as the sources would; région: first two figures."""
    table = pd.DataFrame(rows, columns=["code", "zone", "seekers"]).set_index("code")
    measures = measures_table(
        table.index.to_series(),
        {
            JOB_SEEKERS: published(table["seekers"].astype(float)),
            SHARE: published(table["zone"].map(SHARES).astype(float)),
        },
    )
    return measures, table["zone"], table["zone"].str[:2]


def wide(table: pd.DataFrame) -> pd.DataFrame:
    return table.pivot_table(
        index="code_commune", columns="code_mesure", values="valeur", dropna=False
    )


INVENTED = [
    ("a", "0101", 5), ("b", "0101", 50), ("c", "0101", 5000), ("d", "0102", 0), ("e", "0103", 100),
    ("f", "0201", 400), ("g", "0202", 20),
]  # fmt: skip


def test_the_estimate_is_the_share_of_the_zone() -> None:
    table = wide(estimate_long_term(*communes(INVENTED)))
    assert table.loc["c", ESTIMATE] == pytest.approx(1500.0)
    assert table.loc["d", ESTIMATE] == 0.0
    assert table.loc["d", HIGH] > 0  # 0 published may be one or two


def test_the_interval_is_what_the_documentation_says() -> None:
    measures, zones, regions = communes(INVENTED)
    sigma = spread_within(zones.map(SHARES) / 100, zones, regions)
    # Région 01: 30, 40, 50 % → 10 points. Région 02 is closer than all: it gets the common spread.
    assert sigma["a"] == pytest.approx(0.10)
    assert sigma["f"] == pytest.approx(((0.02 + 2 * 0.005**2) / 3) ** 0.5)
    row = wide(estimate_long_term(measures, zones, regions)).loc["e"]
    half = 1.96 * ((100 * 0.10) ** 2 + 100 * 0.25 + 0.25 * 25 / 12) ** 0.5
    assert (row[LOW], row[HIGH]) == (np.floor(50 - half), np.ceil(50 + half))


def test_small_communes_are_known_less_well() -> None:
    table = wide(estimate_long_term(*communes(INVENTED))).loc[["a", "b", "c"]]
    relative = (table[HIGH] - table[LOW]) / table[ESTIMATE]
    assert relative["a"] > relative["b"] > relative["c"]


def test_missing_stays_missing_and_says_why() -> None:
    measures, zones, regions = communes([*INVENTED, ("h", "", 30), ("i", "0101", np.nan)])
    secret = (measures["code_commune"] == "b") & (measures["code_mesure"] == JOB_SEEKERS)
    measures.loc[secret, ["valeur", "statut"]] = [np.nan, "secret"]
    result = estimate_long_term(measures, zones, regions)
    missing = result[result["code_commune"].isin(["b", "h", "i"])]
    assert missing["valeur"].isna().all()
    assert set(missing["statut"]) == {"secret", "non_disponible"}
    assert set(missing[missing["code_commune"] == "b"]["statut"]) == {"secret"}
    known = result[~result["code_commune"].isin(["b", "h", "i"])]
    assert set(known["statut"]) == {"publie"}


def test_nothing_to_compare_means_no_estimate() -> None:
    result = estimate_long_term(*communes([("a", "0101", 50), ("f", "0201", 400)]))
    assert result["valeur"].isna().all()
    assert set(result["statut"]) == {"non_disponible"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(SHARES)), st.integers(0, 4000)), min_size=5, max_size=40
    )
)
def test_interval_and_sums_hold(drawn: list[tuple[str, int]]) -> None:
    rows = [(f"{at:05d}", zone, 5.0 * count) for at, (zone, count) in enumerate(drawn)]
    rows += [("x", "0101", 5.0), ("y", "0102", 5.0)]
    measures, zones, regions = communes(rows)
    table = wide(estimate_long_term(measures, zones, regions))
    seekers = pd.Series({code: count for code, _zone, count in rows}).loc[table.index]
    assert (table[LOW] <= table[ESTIMATE]).all()
    assert (table[ESTIMATE] <= table[HIGH]).all()
    assert (table[LOW] >= 0).all()
    assert (table[HIGH] <= np.ceil(seekers + 2.5)).all()
    of_zone = zones.loc[table.index]
    expected = seekers.groupby(of_zone).sum() * pd.Series(SHARES) / 100
    assert np.allclose(table[ESTIMATE].groupby(of_zone).sum(), expected.dropna())


@pytest.mark.echantillons
def test_gironde_adds_up_to_its_zones(register) -> None:
    """The real job seekers of Gironde, in invented zones with invented shares."""
    source = available_sources()["dares_communes"]
    with open_file(DARES, source) as opened:
        measures = source.read(opened, None).measures
    measures = measures[measures["code_commune"].str.startswith("33")]
    here = pd.Index(measures["code_commune"].unique())
    zones = pd.Series([f"750{at % 4}" for at in range(len(here))], index=here)
    invented = {"7500": 38.0, "7501": 42.0, "7502": 45.0, "7503": 51.0}
    shares = measures_table(here.to_series(), {SHARE: published(zones.map(invented))})
    given_ = pd.concat([measures, shares], ignore_index=True)
    table = wide(estimate_long_term(given_, zones, register.communes["code_region"].reindex(here)))
    seekers = measures[measures["code_mesure"] == JOB_SEEKERS].set_index("code_commune")["valeur"]
    assert seekers.sum() == 142_570
    by_zone = seekers.groupby(zones).sum() * pd.Series(invented) / 100
    assert np.allclose(table[ESTIMATE].groupby(zones).sum(), by_zone)
    assert ((table[LOW] <= table[ESTIMATE]) & (table[ESTIMATE] <= table[HIGH])).all()
    relative = ((table[HIGH] - table[LOW]) / table[ESTIMATE]).loc[seekers.sort_values().index]
    assert relative.head(100).median() > 2 * relative.tail(20).median()


def given_of(code: str, table: pd.DataFrame, vintage: str) -> Given:
    return Given(available_sources()[code], vintage, 2026, True, "2026-11-22", table)


def test_the_estimate_needs_both_sources_and_the_zones(register) -> None:
    codes = list(register.communes.index[:3])
    measures, _zones, _regions = communes(
        [(codes[0], "0101", 50), (codes[1], "0102", 60), (codes[2], "0103", 70)]
    )
    seekers, shares = (measures[measures["code_mesure"] == m] for m in (JOB_SEEKERS, SHARE))
    both = [
        given_of("dares_communes", seekers, "2024-T4"),
        given_of("dares_zones_emploi", shares, "2026-T1"),
    ]
    zones = pd.DataFrame({"code_commune": codes, "ZE2020": ["101", "102", "103"]})
    made = estimated(both, {"appartenance": zones}, register)
    assert made.vintage == "2024-T4 / 2026-T1"
    assert made.source.verified is False
    assert len(made.table) == 3 * len(register.communes)
    assert wide(made.table)[ESTIMATE].count() == 3
    with pytest.raises(SourceUnavailable, match="dares_zones_emploi"):
        estimated(both[:1], {"appartenance": zones}, register)
    with pytest.raises(SourceUnavailable, match="appartenance"):
        estimated(both, {}, register)
