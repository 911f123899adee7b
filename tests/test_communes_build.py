"""The build of the register: its parts on small cases, its result on every commune."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import zipfile
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from territoires.communes.schema import COMMUNE_COLUMNS, REQUIRED_FILES
from territoires.errors import BuildCheckFailed, InvalidRequest, SourceUnavailable
from territoires.sources import communes_build
from territoires.sources import packages as packages_module
from territoires.sources.build import BUILDERS, build_data
from territoires.sources.communes_build import checks, outlines
from territoires.sources.communes_build.history import build_former_communes
from territoires.sources.communes_build.inputs import Inputs
from territoires.sources.communes_build.mairies import (
    reference_points,
    tidy_address,
    tidy_site,
    tidy_telephone,
)
from territoires.sources.communes_build.neighbours import shared_borders
from territoires.sources.communes_build.opening_hours import DAYS, parse_opening_hours
from territoires.sources.communes_build.populations import bring_populations
from territoires.sources.packages import Package, PackageStore, read_member

LLIVIA = (1.974, 42.473)


# --- the committed register, every commune ---------------------------------------------------


@pytest.fixture(scope="module")
def folder(data_dir):
    return data_dir / "communes"


@pytest.fixture(scope="module")
def communes(folder):
    return pd.read_parquet(folder / "communes.parquet").set_index("code_commune")


@pytest.fixture(scope="module")
def shapes(folder):
    return gpd.read_parquet(folder / "contours.parquet")


@pytest.fixture(scope="module")
def inferior(folder):
    return gpd.read_parquet(folder / "contours_inferieurs.parquet")


@pytest.fixture(scope="module")
def neighbours(folder):
    return pd.read_parquet(folder / "voisins.parquet")


@pytest.fixture(scope="module")
def former(folder):
    return pd.read_csv(folder / "anciennes_communes.csv", dtype=str, keep_default_na=False)


def test_every_file_is_the_one_that_the_version_tells(folder):
    told = json.loads((folder / "version.json").read_text(encoding="utf-8"))
    assert set(told["fichiers"]) == set(REQUIRED_FILES)
    for name, digest in told["fichiers"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    content = json.dumps(told["fichiers"], sort_keys=True).encode()
    assert told["version"] == f"2026.1-{hashlib.sha256(content).hexdigest()[:8]}"
    assert (folder / "contours.parquet").stat().st_size < 12_000_000


def test_counts(communes, inferior):
    assert len(communes) == 34_875
    assert communes.index.is_unique
    assert communes.index.is_monotonic_increasing
    assert list(communes.reset_index().columns) == list(COMMUNE_COLUMNS)
    assert communes["code_departement"].nunique() == 101
    assert communes["code_region"].nunique() == 18
    assert inferior["nature"].value_counts().to_dict() == checks.INFERIOR


def test_populations(communes):
    population = communes["population"]
    assert population.sum() == 68_350_798
    assert population["75056"] == 2_103_778
    assert tuple(population.index[population == 0]) == checks.DESERTED
    mayotte = communes["code_departement"] == "976"
    assert set(communes["population_millesime"][mayotte]) == {2017}
    assert set(communes["population_millesime"][~mayotte]) == {2023}
    assert communes["population_2016"][mayotte].isna().all()


def test_populations_of_2016_are_whole(communes):
    """A commune nouvelle of 2019 has the people of all its parts, not of its chef-lieu alone."""
    before = communes["population_2016"]
    assert before["75056"] == 2_190_327
    assert before["85194"] == 43_219
    assert before["30350"] == 3_854
    divided = communes.index[before.isna() & (communes["code_departement"] != "976")]
    assert list(divided) == [
        "14666", "14712", "15031", "15035", "15047", "15141", "15171", "60054", "60694", "85084",
        "85165", "85212",
    ]  # fmt: skip
    change = (communes["population"] / before).astype(float)
    assert change[before > 10_000].between(0.7, 1.6).all()


def test_outlines_are_one_coverage(shapes, communes):
    assert shapes.crs.to_epsg() == 4326
    assert shapes["code_commune"].tolist() == communes.index.tolist()
    geometries = shapes.geometry.to_numpy()
    assert shapely.is_valid(geometries).all()
    assert not shapely.is_empty(geometries).any()
    assert set(shapely.get_type_id(geometries)) == {3, 6}
    assert shapely.coverage_is_valid(geometries)
    (hole,) = outlines.gaps(geometries)
    assert hole[1:] == pytest.approx(LLIVIA, abs=0.02)
    coordinates = shapely.get_coordinates(geometries) / outlines.GRID
    assert (coordinates == np.round(coordinates)).all()


def test_absorbed_communes_are_drawn(shapes, inferior):
    """Pierrefitte-sur-Seine is in Saint-Denis; each unit below is in its commune."""
    geometries = shapes.set_index("code_commune").geometry
    assert geometries["93066"].contains(shapely.Point(2.3614, 48.9646))
    drawn = inferior[inferior.geometry.notna()]
    parents = geometries.reindex(drawn["code_commune"]).to_numpy()
    units = drawn.geometry.to_numpy()
    inside = shapely.area(shapely.intersection(units, parents)) / shapely.area(units)
    assert inside.min() > 0.99
    assert inferior[inferior.geometry.isna()]["nature"].value_counts().to_dict() == {"deleguee": 93}


def test_areas(communes):
    area = communes["superficie_km2"]
    assert area.sum() == pytest.approx(632_700, rel=0.01)
    assert area["75056"] == pytest.approx(105.4, rel=0.01)
    assert area["12218"] == pytest.approx(106.4, rel=0.01)
    assert area["15141"] == pytest.approx(14.0, rel=0.02)
    whole = area[["15031", "15035", "15047", "15141", "15171"]]
    assert whole.sum() == pytest.approx(91.98, rel=0.01)  # INSEE's for the commune they were
    assert area.idxmax() == "97353"
    assert area.idxmin() == "33103"


def test_reference_points(communes, shapes):
    points = shapely.points(communes["longitude"], communes["latitude"])
    geometries = shapes.geometry.to_numpy()
    interior = (communes["reference"] == "interieur").to_numpy()
    assert shapely.intersects(geometries, points)[interior].all()
    assert shapely.distance(geometries, points).max() < 0.005  # 300 m, in degrees
    assert (~interior).mean() > 0.94
    assert set(communes["epsg_local"]) == {2154, 5490, 2972, 2975, 4471}
    metropole = communes[communes["epsg_local"] == 2154]
    assert metropole["x_local"].between(90_000, 1_250_000).all()
    assert metropole["y_local"].between(6_000_000, 7_150_000).all()


def test_contacts_hold_nothing_personal(communes):
    told = communes[["mairie_adresse", "mairie_telephone", "mairie_site"]]
    for column in told:
        assert not told[column].dropna().str.contains("@").any(), column
    phones = communes["mairie_telephone"].dropna()
    assert phones.str.fullmatch(r"0[1-58-9]( \d\d){4}").all()
    assert communes["mairie_site"].dropna().str.match(r"https?://\S+$").all()
    assert not communes["mairie_adresse"].dropna().str.contains("\n").any()


def test_opening_hours_of_all(communes):
    hours = communes["mairie_heures_semaine"]
    assert hours.dropna().between(0.25, 168).all()
    assert (hours.isna() == communes["mairie_horaires"].isna()).all()
    assert communes.loc["30350", "mairie_horaires"] == "lun–ven 9h–12h, 13h–17h"
    assert hours["30350"] == 35


def test_neighbours_both_ways(neighbours, communes):
    pairs = set(zip(neighbours["code_commune"], neighbours["code_voisin"], strict=True))
    assert len(pairs) == len(neighbours)
    assert {(there, here) for here, there in pairs} == pairs
    assert all(here != there for here, there in pairs)
    assert (neighbours["frontiere_m"] > 0).all()
    assert set(neighbours["code_commune"]) <= set(communes.index)
    assert {there for here, there in pairs if here == "15141"} & {"15031", "15035"}


def test_communes_without_neighbour_are_islands(neighbours, communes):
    alone = set(communes.index) - set(neighbours["code_commune"])
    assert len(alone) == 15
    assert {"29155", "56069", "85113", "97110", "22016"} <= alone


def test_exclaves_are_those_of_the_map(neighbours, communes):
    """The enclaves of Valréas, of Bigorre and Ménessaire are cut from their département."""
    departement = communes["code_departement"]
    here, there = neighbours["code_commune"], neighbours["code_voisin"]
    same = here.map(departement).to_numpy() == there.map(departement).to_numpy()
    inside = neighbours[same].groupby("code_commune")["code_voisin"].agg(set)
    names = communes["nom"]
    assert set(names[list(reached("84138", inside))]) == {
        "Grillon", "Richerenches", "Valréas", "Visan",
    }  # fmt: skip
    assert set(names[list(reached("65292", inside))]) == {"Gardères", "Luquet"}
    assert reached("21403", inside) == {"21403"}
    assert len(reached("48095", inside)) == (departement == "48").sum()


def reached(start, neighbours):
    seen, waiting = {start}, [start]
    while waiting:
        new = neighbours.get(waiting.pop(), set()) - seen
        seen |= new
        waiting.extend(new)
    return seen


def test_former_communes_lead_to_communes_of_now(former, communes):
    known = set(communes.index)
    led = former["codes_communes"].str.split(";")
    assert all(set(codes) <= known and codes == sorted(codes) for codes in led)
    assert ((led.str.len() > 1) == (former["ambigu"] == "1")).all()
    assert not former.duplicated(["code_ancien", "nom"]).any()
    names = communes["nom"]
    assert not any(
        names.get(code) == name
        for code, name in zip(former["code_ancien"], former["nom"], strict=True)
    )


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("51606", "Verdey", "51235;51313;51369"),
        ("01015", "Arbignieu", "01015"),
        ("12076", "Conques-en-Rouergue", "12218"),
        ("15141", "Neussargues en Pinatelle", "15031;15035;15047;15141;15171"),
        ("20004", "Ajaccio", "2A004"),
        ("75050", "Nanterre", "92050"),
        ("14712", "Saline", "14666;14712"),
        ("93059", "Pierrefitte-sur-Seine", "93066"),
        ("49382", "Le Fresne-sur-Loire", "49160"),
        ("60694", "Villotran", "60694"),
    ],
)
def test_former_communes_known_cases(former, code, name, expected):
    row = former[(former["code_ancien"] == code) & (former["nom"] == name)]
    assert row["codes_communes"].tolist() == [expected]


def test_groups(folder, communes):
    for column, name in {
        "code_epci": "epci",
        "code_ept": "ept",
        "code_arrondissement": "arrondissements",
        "code_departement": "departements",
        "code_region": "regions",
    }.items():
        table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        assert set(communes[column].dropna()) == set(table["code"]), name
        if "chef_lieu" in table:
            assert table["chef_lieu"].isin(communes.index).all(), name
    assert list(communes.index[communes["code_epci"].isna()]) == [
        "22016", "29083", "29155", "85113",
    ]  # fmt: skip


# --- against what the producers publish -------------------------------------------------------


@pytest.mark.echantillons
def test_codes_names_and_groups_are_those_of_insee(samples, communes, inferior):
    told = pd.read_csv(samples / "insee-cog/v_commune_2026.csv", dtype=str)
    official = told[told["TYPECOM"] == "COM"].set_index("COM")
    assert set(official.index) == set(communes.index)
    official = official.loc[communes.index]
    for ours, theirs in {
        "nom": "LIBELLE",
        "code_departement": "DEP",
        "code_region": "REG",
        "code_arrondissement": "ARR",
    }.items():
        assert communes[ours].fillna("").tolist() == official[theirs].fillna("").tolist(), ours
    kinds = {"arrondissement_municipal": "ARM", "deleguee": "COMD", "associee": "COMA"}
    ours = {
        (unit.code, kinds[unit.nature], unit.nom, unit.code_commune)
        for unit in inferior.itertuples()
    }
    below = told[told["TYPECOM"] != "COM"]
    theirs = below[["COM", "TYPECOM", "LIBELLE", "COMPARENT"]].itertuples(index=False, name=None)
    assert ours == set(theirs)


@pytest.mark.echantillons
def test_populations_are_those_of_insee(samples, communes):
    path = samples / "insee-populations/donnees_communes_2023.csv"
    official = pd.read_csv(path, sep=";", dtype={"COM": str}).set_index("COM")["PMUN"]
    common = communes.index.intersection(official.index)
    assert len(common) > 34_800
    assert (communes.loc[common, "population"] == official[common]).all()


@pytest.mark.echantillons
def test_areas_are_near_those_of_insee(samples, communes):
    """Cadastral, of 2021: lakes, estuaries and mergers since then make the tails."""
    with zipfile.ZipFile(samples / "insee-comparateur/base_cc_comparateur_csv.zip") as archive:
        name = next(name for name in archive.namelist() if "meta" not in name.lower())
        table = pd.read_csv(io.BytesIO(archive.read(name)), sep=";", dtype={"CODGEO": str})
    official = table.set_index("CODGEO")["SUPERF"].dropna()
    ratio = (communes["superficie_km2"] / official).dropna()
    assert len(ratio) > 34_800
    assert ratio.median() == pytest.approx(1, abs=0.01)
    assert ratio.between(0.95, 1.05).mean() > 0.95
    assert ratio.between(0.9, 1.1).mean() > 0.985


@pytest.mark.echantillons
def test_outlines_are_near_those_of_another_simplification(samples, shapes):
    for name in ("bzh", "cor", "guad", "may", "reu"):
        other = gpd.read_file(samples / f"contours-communes/{name}_com_2023.geojson")
        pairs = shapes.merge(other, left_on="code_commune", right_on="INSEE_COM")
        ours = pairs["geometry_x"].to_numpy()
        theirs = shapely.make_valid(pairs["geometry_y"].to_numpy())
        common = shapely.area(shapely.intersection(ours, theirs))
        assert np.median(common / shapely.area(shapely.union(ours, theirs))) > 0.96, name


@pytest.mark.echantillons
def test_former_communes_agree_with_the_movements_of_insee(samples, former, communes):
    """Where one lives now is among the places that the movements since 1943 lead to."""
    path = samples / "insee-cog/v_mvt_commune_2026.csv"
    moves = pd.read_csv(path, dtype=str)
    moves = moves[(moves["TYPECOM_AV"] == "COM") & (moves["TYPECOM_AP"] == "COM")]
    after = {key: set(group["COM_AP"]) for key, group in moves.groupby(["COM_AV", "DATE_EFF"])}
    dates = moves.groupby("COM_AV")["DATE_EFF"].agg(lambda dates: sorted(set(dates))).to_dict()

    known = set(communes.index)

    @cache
    def now(code, since):
        later = [date for date in dates.get(code, ()) if date > since]
        if not later:
            return {code} & known
        return set().union(*(now(next_code, later[0]) for next_code in after[code, later[0]]))

    told = {
        (row.code_ancien, row.nom): set(row.codes_communes.split(";"))
        for row in former.itertuples()
    }
    compared = 0
    for row in moves.itertuples():
        ours = told.get((row.COM_AV, row.LIBELLE_AV))
        moved = after[row.COM_AV, row.DATE_EFF]
        theirs = set().union(*(now(code, row.DATE_EFF) for code in moved))
        if ours and theirs:
            compared += 1
            assert ours & theirs, (row.COM_AV, row.LIBELLE_AV, ours, theirs)
    assert compared > 6_500


# --- opening hours ----------------------------------------------------------------------------

clocks = st.integers(0, 23 * 60 + 59).map(lambda m: f"{m // 60:02d}:{m % 60:02d}:00")
entries = st.tuples(
    st.sampled_from(DAYS),
    st.sampled_from((*DAYS, "")),
    st.lists(st.tuples(clocks, clocks), max_size=3),
)
weeks = st.lists(entries, max_size=6)


@given(weeks, st.randoms(use_true_random=False))
def test_hours_do_not_depend_on_order_and_hold_in_a_week(week, random):
    shuffled = [(first, last, random.sample(slots, len(slots))) for first, last, slots in week]
    random.shuffle(shuffled)
    told, again = parse_opening_hours(json.dumps(week)), parse_opening_hours(json.dumps(shuffled))
    assert told == again
    if told:
        assert 0 < told.hours_per_week <= 168
        assert told.text


@given(weeks)
def test_hours_are_those_counted_minute_by_minute(week):
    open_minutes = set()
    for first, last, slots in week:
        start, end = DAYS.index(first), DAYS.index(last or first)
        days = range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]
        for opens, closes in slots:
            low, high = minutes(opens), minutes(closes) or 1440
            open_minutes |= {(day, minute) for day in days for minute in range(low, high)}
    told = parse_opening_hours(json.dumps(week))
    assert (told.hours_per_week if told else 0) == pytest.approx(len(open_minutes) / 60)


def minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:5])


@pytest.mark.parametrize(
    ("source", "hours", "text"),
    [
        ("[]", None, None),
        ("", None, None),
        ('[["lundi","lundi",[["09:00:00","09:00:00"]]]]', None, None),
        (
            '[["lundi","mardi",[["09:00:00","12:00:00"],["11:00:00","13:30:00"]]]]',
            9,
            "lun–mar 9h–13h30",
        ),
        ('[["jeudi","",[["09:00:00","12:00:00"]]]]', 3, "jeu 9h–12h"),
        (
            '[["samedi","lundi",[["22:00:00","00:00:00"]]]]',
            6,
            "lun 22h–24h ; sam–dim 22h–24h",
        ),
    ],
)
def test_hours_known_cases(source, hours, text):
    told = parse_opening_hours(source)
    assert (told and (told.hours_per_week, told.text)) == (hours and (hours, text))


# --- mairies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("04 67 81 66 00", "04 67 81 66 00"),
        ("0467816600", "04 67 81 66 00"),
        ("06 12 34 56 78", None),
        ("04 67 81", None),
        ("", None),
    ],
)
def test_telephone(typed, tidy):
    assert tidy_telephone(typed) == tidy


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("https://www.levigan.fr/", "https://www.levigan.fr/"),
        (" http://www.lees-athas.fr ", "http://www.lees-athas.fr"),
        ("https:/www.troussencourt.fr", None),
        ("www.bajus.fr", None),
        ("mairie@orange.example", None),
        ("javascript:alert(1)", None),
    ],
)
def test_site(typed, tidy):
    assert tidy_site(typed) == tidy


def test_address():
    assert tidy_address("2-4  route de Chauny\n\n02300 Neuflieux") == (
        "2-4 route de Chauny, 02300 Neuflieux"
    )
    assert tidy_address("") is None


def test_reference_point_is_the_first_believable_mairie():
    outline = box(2.0, 46.0, 2.1, 46.1)
    near, far = shapely.Point(2.101, 46.05), shapely.Point(2.5, 46.05)
    editions = [
        pd.Series([shapely.to_wkb(point, hex=True) for point in points])
        for points in ([near, far, far, shapely.Point()], [far, near, far, far])
    ]
    found = reference_points(editions, np.array([outline] * 4), np.array([2154] * 4))
    assert found.from_mairie.tolist() == [True, True, False, False]
    assert found.longitude[:2].tolist() == [2.101, 2.101]
    assert 2.0 < found.longitude[2] < 2.1
    assert found.refused_m[2] == pytest.approx(30_960, rel=0.01)
    assert np.isnan(found.refused_m[[0, 1, 3]]).all()


# --- outlines, neighbours ---------------------------------------------------------------------


def inputs_of(**given):
    empty = {
        name: [] for name in ("cog", "regions", "departements", "arrondissements", "epci", "ept")
    }
    rest = {"cog_2019": [], "history": [], "populations_2016": {}}
    places = {"places": places_of([]), "old_places": places_of([])}
    return Inputs(**{**empty, **rest, **places, **given})


def places_of(rows):
    return pd.DataFrame(rows, columns=["code", "type", "code_parent", "outline"])


def commune(code, *former, kind="commune-actuelle", **more):
    return {
        "code": code, "nom": f"Commune {code}", "type": kind, "zone": "metro",
        "anciensCodes": list(former), **more,
    }  # fmt: skip


def test_outlines_are_restored_and_completed():
    """B has no outline but a delegated commune; A is drawn without C, which joined it."""
    west, middle, east = box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)
    built = outlines.build_outlines(
        inputs_of(
            cog=[commune("1", "3"), commune("2"), commune("2", kind="commune-deleguee",
                                                          chefLieu="2")],
            places=places_of(
                [("1", "COM", None, middle), ("2", "COM", None, None), ("2", "COMD", "2", east)]
            ),
            old_places=places_of(
                [("3", "COM", None, west), ("15141", "COMD", None, box(8, 8, 9, 9))]
            ),
        )
    )  # fmt: skip
    assert built.codes == ("1", "2")
    assert built.snapped[0].equals(shapely.union(west, middle))
    assert built.snapped[1].equals(east)
    assert built.absorbed == {"1": ("3",)}
    assert shapely.coverage_is_valid(built.snapped)


def test_a_commune_without_any_outline_stops_the_build():
    with pytest.raises(BuildCheckFailed, match="9"):
        outlines.build_outlines(inputs_of(cog=[commune("9")]))


def test_repair_keeps_what_has_an_area():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 2), (1, 1), (0, 1)])
    repaired = outlines.polygonal(np.array([bow, spike, None], dtype=object))
    assert shapely.is_valid(repaired[:2]).all()
    assert shapely.area(repaired[:2]).tolist() == [0.5, 1.0]
    assert repaired[2] is None


@given(st.lists(st.tuples(st.floats(-61, 55), st.floats(-21, 51)), min_size=1, max_size=20))
def test_snapping_moves_less_than_half_a_step_and_is_stable(points):
    cells = np.array([shapely.Point(point).buffer(0.1) for point in points], dtype=object)
    once = outlines.snap(cells)
    assert shapely.is_valid(once).all()
    assert shapely.hausdorff_distance(once, cells).max() <= outlines.GRID
    assert shapely.equals(outlines.snap(once), once).all()


def test_overlaps_and_gaps_are_measured():
    ring = shapely.difference(box(0, 0, 3, 3), box(1, 1, 2, 2))
    found = outlines.overlaps(("a", "b"), np.array([box(0, 0, 1, 1), box(0.5, 0, 1.5, 1)]))
    assert [pair[:2] for pair in found] == [("a", "b")]
    assert found[0][2] == pytest.approx(0.5 * 111.3 * 110.6, rel=0.01)
    ((area, x, y),) = outlines.gaps(np.array([ring]))
    assert (x, y) == pytest.approx((1.5, 1.5))
    assert area == pytest.approx(111.3 * 110.6, rel=0.01)


@given(st.integers(2, 5), st.integers(2, 4))
def test_neighbours_of_a_grid(columns, rows):
    """On a chessboard near Paris, neighbours share a side, never a corner."""
    step = 2.0**-6
    cells = [
        box(2 + x * step, 48 + y * step, 2 + (x + 1) * step, 48 + (y + 1) * step)
        for x in range(columns)
        for y in range(rows)
    ]
    codes = [f"{x}{y}" for x in range(columns) for y in range(rows)]
    table = shared_borders(codes, np.array(cells), np.full(len(cells), 2154))
    pairs = set(zip(table["code_commune"], table["code_voisin"], strict=True))
    expected = {
        (a, b)
        for a in codes
        for b in codes
        if abs(int(a[0]) - int(b[0])) + abs(int(a[1]) - int(b[1])) == 1
    }
    assert pairs == expected
    upright = table[table["code_commune"].str[1] == table["code_voisin"].str[1]]
    assert upright["frontiere_m"].to_numpy() == pytest.approx(step * 111_200, rel=0.005)


def test_neighbours_south_and_west_of_zero():
    cells = np.array([box(-1, -1, 0, 0), box(0, -1, 1, 0)])
    table = shared_borders(("a", "b"), cells, np.array([2975, 2975]))
    assert table["code_commune"].tolist() == ["a", "b"]


# --- populations, history ---------------------------------------------------------------------


def divided_inputs():
    """In 2019: W (with delegated W and P), M, N. In 2026: P is out again, N is in M."""
    return inputs_of(
        cog=[commune("M", "N"), commune("P"), commune("W")],
        cog_2019=[
            *(commune(code) for code in "MNW"),
            commune("P", kind="commune-deleguee", chefLieu="W"),
            commune("W", kind="commune-deleguee", chefLieu="W"),
        ],
        populations_2016={"M": 100, "N": 20, "W": 7},
        history=[
            state("W", "COM-0", nom="Ouest", dateFin="2016-01-01", successeur="W COMD"),
            state("W", "COMD", nom="Ouest", type="COMD", pole="W COM"),
            state("P", "COM-0", nom="Pré", dateFin="2016-01-01", successeur="P COMD"),
            state("P", "COMD", nom="Pré", type="COMD", pole="W COM"),
            state("W", "COM", nom="Ouest et Pré"),
            state("N", "COM", nom="Nord"),
            state("M", "COM", nom="Commune M"),
            state("X", "COM", nom="Groupe", dateFin="1980-01-01", membres=["M COM", "N COM"]),
            state("Y", "COM", nom="Groupe seul", dateFin="1970-01-01", membres=["N COM"]),
        ],
    )


def state(code, suffix, **more):
    return {"code": code, "id": f"{code} {suffix}", "type": "COM", **more}


def test_populations_follow_mergers_and_are_lost_by_divisions():
    brought = bring_populations(divided_inputs())
    assert brought.by_commune == {"M": 120}
    assert brought.lost == {"W": (7, ("P", "W"))}
    assert brought.source_total == 127


def test_history_keeps_ambiguity_and_finds_communes_that_are_out_again():
    table = build_former_communes(divided_inputs()).table.set_index("nom")
    assert table["codes_communes"].to_dict() == {
        "Nord": "M",
        "Ouest": "W",
        "Ouest et Pré": "P;W",
        "Pré": "P",
        "Groupe": "M",
        "Groupe seul": "M",
    }
    assert table["ambigu"].to_dict()["Ouest et Pré"] == 1
    assert table["date_fin"]["Ouest"] == "2016-01-01"


# --- packages, orchestration ------------------------------------------------------------------

PACKAGE = Package("pip", "exemple", "1.0", "exemple-1.0.whl", hashlib.sha256(b"x").hexdigest())


def test_a_package_that_is_not_the_one_examined_is_refused(tmp_path):
    (tmp_path / PACKAGE.file_name).write_bytes(b"y")
    with pytest.raises(SourceUnavailable, match="empreinte"):
        PackageStore(tmp_path).path(PACKAGE)
    assert not (tmp_path / PACKAGE.file_name).exists()


def test_a_package_is_fetched_once(tmp_path, monkeypatch):
    calls = []

    def fetch(command, *, cwd, **_):
        calls.append(command)
        (tmp_path / cwd / PACKAGE.file_name).write_bytes(b"x")

    monkeypatch.setattr(packages_module.subprocess, "run", fetch)
    store = PackageStore(tmp_path / "cache")
    assert store.path(PACKAGE) == store.path(PACKAGE)
    assert len(calls) == 1
    assert calls[0][1:4] == ["-m", "pip", "download"]
    assert "exemple==1.0" in calls[0]


@pytest.mark.parametrize(
    "failure",
    [
        FileNotFoundError(),
        subprocess.TimeoutExpired("pip", 1),
        subprocess.CalledProcessError(1, "pip", stderr=b"no network"),
    ],
)
def test_a_client_that_fails_is_told_in_french(tmp_path, monkeypatch, failure):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(packages_module.subprocess, "run", fail)
    with pytest.raises(SourceUnavailable, match="exemple"):
        PackageStore(tmp_path).path(PACKAGE)
    assert list(tmp_path.iterdir()) == []


def test_members_are_read_from_both_kinds_of_archives(tmp_path):
    wheel, ball = tmp_path / "a.whl", tmp_path / "a.tgz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("d/f.txt", "été")
    with tarfile.open(ball, "w:gz") as archive:
        content = "été".encode()
        member = tarfile.TarInfo("d/f.txt")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    for path in (wheel, ball):
        assert read_member(path, "d/f.txt").decode() == "été"
        with pytest.raises(SourceUnavailable):
            read_member(path, "absent")
        path.write_bytes(b"broken")
        with pytest.raises(SourceUnavailable):
            read_member(path, "d/f.txt")


def test_an_unknown_part_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match="communes, passages, indicateurs, initiatives"):
        build_data(tmp_path, parts=("commune",), tell=print)
    assert next(iter(BUILDERS)) == "communes"


def test_a_failed_check_leaves_what_was_there(tmp_path, monkeypatch):
    kept = tmp_path / "communes" / "version.json"
    kept.parent.mkdir()
    kept.write_text("avant", encoding="utf-8")
    monkeypatch.setattr(communes_build, "read_inputs", lambda _: None)
    monkeypatch.setattr(communes_build, "make_product", lambda _: None)
    monkeypatch.setattr(checks, "CHECKS", (lambda _: iter(["trop peu de communes"]),))
    with pytest.raises(BuildCheckFailed, match="trop peu de communes"):
        build_data(tmp_path, parts=("communes",), tell=lambda _: None)
    assert kept.read_text(encoding="utf-8") == "avant"
    assert [path.name for path in tmp_path.iterdir()] == ["communes"]


def test_installing_swaps_the_whole_folder(tmp_path):
    place, new = tmp_path / "communes", tmp_path / "neuf"
    for folder, name in ((place, "ancien.csv"), (new, "nouveau.csv")):
        folder.mkdir()
        (folder / name).touch()
    communes_build._install(new, place, tmp_path / "avant")
    assert [path.name for path in place.iterdir()] == ["nouveau.csv"]
    assert not (tmp_path / "avant").exists()
