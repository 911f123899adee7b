"""What is inside each format, opened by real readers: openpyxl, GDAL, an HTML parser."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from territoires.candidates import CandidateQuery, candidate_table, find_candidates
from territoires.errors import InvalidRequest
from territoires.exports import (
    EXPORTERS,
    ExportBundle,
    exporter,
    exporter_for,
    read_shortlist,
    style_by,
    territory_bundle,
)
from territoires.exports.html_map_shapes import STEPS_PER_DEGREE, pack
from territoires.exports.provenance import provenance_lines
from territoires.needs import recipes_available
from tests.test_cli import run

LINES_HOLD = ("Recette «", "Recherche :", "Licence Ouverte", "AGPL-3.0-or-later", "Données,")
HOSTILE = (
    "=CMD()",
    "+33 4",
    "-1+1",
    "@SUM(A1)",
    "<img src=x onerror=alert(1)>",
    "</script>",
    "{{1}}",
)
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def bundle_of(register, indicators, directory, data_dir):
    recipe = recipes_available(data_dir)["deprise_eloignement"]

    def make(count: int = 12, **asked) -> ExportBundle:
        query = CandidateQuery(recipe, **{"universe": ("dep:30",), **asked}, count=count)
        found = find_candidates(register, indicators, directory, query)
        used = tuple(indicators.indicator(code) for code in recipe.codes)
        lines = provenance_lines("2026-abc", 2026, date(2026, 3, 1), used, query=query)
        places = [found.context.territory(str(code)) for code in found.frame.index]
        return territory_bundle(
            "Territoires candidats", candidate_table(found), places, register,
            indicators.catalogue, lines, date(2026, 3, 1),
        )  # fmt: skip

    return make


@pytest.fixture(scope="module")
def gard(bundle_of) -> ExportBundle:
    return bundle_of()


def hostile_bundle() -> ExportBundle:
    table = pd.DataFrame(
        {
            "code_territoire": [f"com:{1000 + n:05d}" for n in range(len(HOSTILE))],
            "nom": list(HOSTILE), "note": list(HOSTILE), "statut": "",
            "=1+1": list(HOSTILE), "score": np.linspace(0, 1, len(HOSTILE)),
        }
    )  # fmt: skip
    shapes = [shapely.box(n, 45, n + 0.5, 45.5) for n in range(len(HOSTILE))]
    return ExportBundle(HOSTILE[4], table, HOSTILE, shapes, style=style_by(table))


# XLSX


def opened(bundle: ExportBundle) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(exporter("xlsx").write(bundle)))


def test_the_workbook_has_typed_columns_a_frozen_heading_and_filters(gard) -> None:
    sheet = opened(gard)["Territoires"]
    assert sheet.freeze_panes == "C2", "the heading, the rank and the name stay in sight"
    assert sheet.auto_filter.ref == sheet.dimensions
    headings = [cell.value for cell in sheet[1]]
    assert headings[:5] == ["Rang", "Nom", "Nature", "Codes des communes", "code_territoire"]
    assert len(set(headings)) == len(headings) == gard.table.shape[1]
    at = {name: position for position, name in enumerate(gard.table.columns)}
    for cells, row in zip(
        sheet.iter_rows(min_row=2), gard.table.itertuples(index=False), strict=True
    ):
        assert cells[at["codes_communes"]].value == row.codes_communes
        assert cells[at["codes_communes"]].data_type == "s"
        assert cells[at["population"]].value == row.population
        assert cells[at["population"]].number_format == "#,##0"
        assert cells[at["score"]].value == pytest.approx(row.score, abs=1e-9)
        assert cells[at["couverture"]].number_format == "0%"
        assert cells[at["rang_min"]].value is None
    told = sheet.cell(1, at["rang_min"] + 1).comment.text
    assert "Cellule vide : non disponible, jamais zéro." in told


def test_codes_keep_their_zeros(bundle_of) -> None:
    sheet = opened(bundle_of(3, universe=("dep:01",)))["Territoires"]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        assert re.fullmatch(r"01\d{3}", row[3])
        assert row[4] == f"com:{row[3]}"


def test_every_column_is_defined_and_the_sources_are_all_there(gard, indicators) -> None:
    book = opened(gard)
    rows = list(book["Définitions"].iter_rows(min_row=2, max_col=7, values_only=True))
    told = {row[1]: row for row in rows if row[1]}
    assert list(told) == list(gard.table.columns)
    density = indicators.indicator("densite")
    heading, _, description, unit, vintage, source, licence = told["valeur_densite"]
    assert (heading, unit, vintage, licence) == (
        density.label, density.unit, density.vintage, density.licence,
    )  # fmt: skip
    assert density.producer in source
    assert density.source_url in source
    assert density.numerator in description
    assert all(row[2] for row in told.values()), "a column without description"
    lines = [row[0] for row in book["Sources"].iter_rows(values_only=True)]
    assert lines == list(gard.header_lines)


def test_no_cell_of_the_workbook_runs(tmp_path) -> None:
    book = opened(hostile_bundle())
    for sheet in book:
        for row in sheet:
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.value
                assert cell.hyperlink is None
    assert [cell.value for cell in book["Territoires"]["B"][1:]] == list(HOSTILE)


# GeoPackage


@pytest.fixture
def package(gard, tmp_path):
    path = tmp_path / "candidats.gpkg"
    path.write_bytes(exporter("gpkg").write(gard))
    return path


def test_the_geopackage_has_its_layers_and_values(gard, package) -> None:
    layers = dict(pyogrio.list_layers(package))
    assert layers == {
        "contours": "MultiPolygon", "points": "Point", "definitions": None, "sources": None,
        "layer_styles": None,
    }  # fmt: skip
    for layer in ("contours", "points"):
        read = gpd.read_file(package, layer=layer)
        assert read.crs.to_epsg() == 4326
        assert read.geometry.is_valid.all()
        assert read["code_territoire"].tolist() == gard.table["code_territoire"].tolist()
        assert read["population"].tolist() == gard.table["population"].tolist()
        assert read["rang_min"].isna().all()
    outlines, points = (gpd.read_file(package, layer=layer) for layer in ("contours", "points"))
    assert shapely.hausdorff_distance(outlines.geometry, np.array(gard.outlines)).max() < 1e-9
    assert (shapely.distance(outlines.geometry, points.geometry) < 0.02).all()


def test_the_geopackage_says_where_it_comes_from(gard, package) -> None:
    sources = pyogrio.read_dataframe(package, layer="sources")["ligne"].tolist()
    assert sources == list(gard.header_lines)
    metadata = pyogrio.read_info(package, layer="contours")["layer_metadata"]
    assert set(gard.header_lines) <= set(metadata.values())
    definitions = pyogrio.read_dataframe(package, layer="definitions")
    assert definitions["colonne"].tolist() == list(gard.table.columns)


def test_qgis_finds_a_style_for_each_layer(gard, package) -> None:
    with sqlite3.connect(package) as base:
        keys = base.execute("PRAGMA table_info(layer_styles)").fetchall()
        rows = base.execute(
            "SELECT f_table_name, styleQML FROM layer_styles WHERE f_table_schema = '' "
            "AND f_geometry_column = 'geom' AND useAsDefault = 1"
        ).fetchall()
    base.close()
    assert [column[1] for column in keys if column[5]] == ["id"]
    styles = dict(rows)
    assert set(styles) == {"contours", "points"}
    renderer = ElementTree.fromstring(styles["contours"]).find("renderer-v2")
    assert renderer.get("type") == "graduatedSymbol"
    assert renderer.get("attr") == "score"
    ranges = [(float(one.get("lower")), float(one.get("upper"))) for one in renderer.iter("range")]
    names = {symbol.get("name") for symbol in renderer.iter("symbol")}
    assert names == {one.get("symbol") for one in renderer.iter("range")}
    # As QGIS does: the first range that holds the value.
    found = [
        next(rank for rank, (low, high) in enumerate(ranges) if low <= score <= high)
        for score in gard.table["score"]
    ]
    expected = len(ranges) - 1 - gard.style.of(gard.table)
    assert found == expected.tolist()


def test_a_missing_score_has_a_grey_of_its_own_in_qgis(tmp_path) -> None:
    table = pd.DataFrame({"code_territoire": ["dep:30", "dep:48"], "score": [0.5, None]})
    shapes = [shapely.box(0, 0, 1, 1)] * 2
    path = tmp_path / "x.gpkg"
    path.write_bytes(
        exporter("gpkg").write(ExportBundle("x", table, (), shapes, style=style_by(table)))
    )
    qml = pyogrio.read_dataframe(path, layer="layer_styles")["styleQML"][0]
    renderer = ElementTree.fromstring(qml).find("renderer-v2")
    assert renderer.get("attr") == 'coalesce("score", -9999)'
    assert [one.get("label") for one in renderer.iter("range")][-1] == "non disponible"


# The map in one file


class _Elements(HTMLParser):
    """Gathers the elements of a page and the text of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.opened.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data) -> None:
        if self.cells:
            self.cells[-1] += data


def parsed(content: bytes) -> _Elements:
    page = _Elements()
    page.feed(content.decode("utf-8"))
    return page


def test_the_page_holds_everything_and_asks_nothing(gard) -> None:
    content = exporter("html").write(gard)
    page = parsed(content)
    assert ("html", {"lang": "fr"}) in page.opened
    for tag, attributes in page.opened:
        assert not {"src", "href", "action", "srcset"} & set(attributes), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
    text = content.decode("utf-8")
    assert "default-src 'none'" in text
    assert "url(" not in text.replace("url(#default#VML)", "")
    assert not re.search(r"@import|sourceMappingURL", text)
    for line in LINES_HOLD:
        assert line in text
    for name in gard.table["nom"]:
        assert name in page.cells


def test_what_was_typed_is_never_an_element(gard) -> None:
    page = parsed(exporter("html").write(hostile_bundle()))
    assert "img" not in [tag for tag, _ in page.opened]
    assert set(HOSTILE) <= set(page.cells)
    calm = parsed(exporter("html").write(gard))
    scripts = [tag for tag, _ in page.opened].count("script")
    assert scripts == [tag for tag, _ in calm.opened].count("script")


def test_a_figure_that_is_missing_says_why(register, indicators) -> None:
    from territoires.territory import territory_from_code

    places = [territory_from_code(register, code) for code in ("com:30350", "com:97105")]
    table = pd.DataFrame(
        {
            "code_territoire": [place.code for place in places],
            "nom": [place.nom for place in places],
            "valeur_densite": [12.5, np.nan],
            "statut_densite": ["plancher", "secret"],
        }
    )
    bundle = territory_bundle(
        "x", table, places, register, indicators.catalogue, (), date(2026, 3, 1)
    )
    cells = parsed(exporter("html").write(bundle)).cells
    assert "12,5 ou moins" in cells
    assert "secret statistique" in cells


@pytest.mark.parametrize("unit", ["commune", "epci"])
def test_five_hundred_candidates_fit_in_an_email(bundle_of, unit) -> None:
    bundle = bundle_of(500, universe=("pays:FR",), unit=unit)
    content = exporter("html").write(bundle)
    assert len(content) < 3 * MEGABYTE
    assert len(read_shortlist(content, "c.html", limit_bytes=3 * MEGABYTE, nom="x")) == 500


def test_neighbours_are_simplified_together(register) -> None:
    rows = register.positions(register.codes_of("departement", "30"))
    outlines = list(register.geometries[rows])
    shapes = [unpacked(shape) for shape in pack(outlines, 4_000)]
    whole = shapely.union_all(outlines)
    again = shapely.union_all(shapes)
    assert sum(shapely.get_num_coordinates(shapes)) <= 4_000 + len(shapes)
    assert shapely.area(shapely.symmetric_difference(whole, again)) < 0.02 * whole.area
    gaps = again.area - shapely.area(again.buffer(0.001).buffer(-0.001))
    assert abs(gaps) < 1e-3 * whole.area


def unpacked(shape: list) -> shapely.Geometry:
    polygons = []
    for rings in shape:
        points = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / STEPS_PER_DEGREE for ring in rings]
        exterior, *holes = [ring[:, ::-1] for ring in points]
        polygons.append(shapely.make_valid(shapely.Polygon(exterior, holes)))
    return shapely.union_all(polygons)


# All of them


@pytest.mark.parametrize("code", EXPORTERS)
def test_the_same_export_gives_the_same_bytes_and_leaves_the_table(gard, code) -> None:
    before = gard.table.copy(deep=True)
    assert exporter(code).write(gard) == exporter(code).write(gard)
    pd.testing.assert_frame_equal(gard.table, before)


@pytest.mark.parametrize("code", EXPORTERS)
def test_candidates_become_a_selection(gard, code) -> None:
    content = exporter(code).write(gard)
    taken = read_shortlist(content, "c", limit_bytes=10 * MEGABYTE, nom="x")
    assert list(taken.codes) == gard.table["code_territoire"].tolist()
    assert [item.nom for item in taken.items] == gard.table["nom"].tolist()


@pytest.mark.parametrize("code", [code for code, kind in EXPORTERS.items() if kind.draws])
def test_a_map_of_nothing_is_refused(code) -> None:
    table = pd.DataFrame({"code_territoire": ["dep:30"]})
    with pytest.raises(InvalidRequest, match="n'a pas de contours : choisissez un format de tab"):
        exporter(code).write(ExportBundle("Sans", table))


def test_formats_are_told_by_the_name_of_the_file() -> None:
    assert exporter_for("d/x.CSV").code == "csv"
    assert exporter_for("x.csv", excel=True).code == "csv_excel"
    assert exporter_for("x.gpkg").code == "gpkg"
    with pytest.raises(InvalidRequest, match=r"x\.docx : format inconnu.*\.xlsx"):
        exporter_for("x.docx")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg", "html"])
def test_the_command_writes_each_format(capsys, tmp_path, suffix) -> None:
    path = tmp_path / f"candidats.{suffix}"
    status, _, told = run(
        capsys, "candidats", "--departement", "Gard", "--nombre", "3", "--tirages", "0",
        "-o", str(path),
    )  # fmt: skip
    assert status == 0, told
    assert "3 candidats écrits" in told
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    taken = read_shortlist(path.read_bytes(), path.name, limit_bytes=10 * MEGABYTE, nom="x")
    assert len(taken) == 3
    assert all(code.startswith("com:30") for code in taken.codes)


def test_the_geojson_carries_the_recipe_and_the_licences(gard) -> None:
    told = " ".join(json.loads(exporter("geojson").write(gard))["sources"])
    for line in LINES_HOLD:
        assert line in told
