"""Exports: they say where they come from, run nothing, and come back as they left."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territoires.candidates import CandidateQuery, load_presets
from territoires.candidates.conditions import CapacityCondition, NeedThreshold
from territoires.errors import InvalidRequest, InvalidTable
from territoires.exports import (
    EXPORTERS,
    FORMATS,
    ExportBundle,
    Provenance,
    exporter,
    read_back,
    read_shortlist,
)
from territoires.indicators import load_catalogue
from territoires.needs import Recipe, RecipeItem
from territoires.shortlist import Shortlist, ShortlistItem, shortlist_from_table

LIMIT = 10_000_000
HOSTILE = ("=CMD()", "+33 4", "-1+1", "@SUM(A1)", "\t=1", "＝1", "'=1", "''=CMD()", '="01"')
KINDS = ("csv", "csv_excel")


def table_of(shortlist: Shortlist) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [item.code for item in shortlist.items],
            "nom": [item.nom for item in shortlist.items],
            "note": [item.note for item in shortlist.items],
            "statut": [item.statut for item in shortlist.items],
        },
        dtype="str",
    )


def cells_of(content: bytes, separator: str) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


notes = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="'=+-@\t\r\n\"; ,#0159eE/\u202e\u200f🌱</script>", max_size=12),
    st.sampled_from(HOSTILE),
)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=150)
@given(listed=st.lists(notes, min_size=1, max_size=4))
@example(["=CMD()", "</script>", "🌱 abc \u202e", "deux\nlignes\r\nou trois\rquatre"])
@example(["01001", "1E5", "'", "''", "'=", '"', "# pas un commentaire"])
def test_codes_and_notes_come_back_as_typed(kind: str, listed: list[str]) -> None:
    items = [
        ShortlistItem(f"com:{1000 + place:05d}", note or "vide", note)
        for place, note in enumerate(listed)
    ]
    shortlist = Shortlist("Aller-retour", tuple(items))
    bundle = ExportBundle("Sélection ; d'essai", table_of(shortlist), ("Recette : a ; b, c",))
    content = exporter(kind).write(bundle)
    back = read_shortlist(content, "s.csv", limit_bytes=LIMIT, nom="Aller-retour")
    assert back == shortlist


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_note_comes_back_whole(kind: str) -> None:
    note = ("é🌱\n" * 40_000)[:100_000].strip()
    shortlist = Shortlist("Longue", (ShortlistItem("30350", "Le Vigan", note),))
    content = exporter(kind).write(ExportBundle("Longue", table_of(shortlist)))
    assert read_shortlist(content, "s.csv", limit_bytes=LIMIT, nom="Longue") == shortlist


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_a_formula_but_our_codes(kind: str) -> None:
    table = pd.DataFrame({"note": list(HOSTILE), "code": ["01001"] * len(HOSTILE)})
    content = exporter(kind).write(ExportBundle("=HYPERLINK(1)", table, ("=CMD()",)))
    for row in cells_of(content, ";" if kind == "csv_excel" else ","):
        for cell in row:
            assert cell == '="01001"' or not cell.strip().startswith(("=", "+", "-", "@", "＝"))


def test_excel_dialect() -> None:
    table = pd.DataFrame(
        {
            "code_commune": ["01001", "30350", "2A004"],
            "population": pd.array([1234, None, 0], dtype="Int64"),
            "score": [0.5, np.nan, -1.25],
        }
    )
    content = exporter("csv_excel").write(ExportBundle("Essai", table, ("Une ; ligne",)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 6
    assert cells_of(content, ";") == [
        ["# Territoires : Essai"],
        ["# Une ; ligne"],
        ["code_commune", "population", "score"],
        ['="01001"', "1234", "0,5"],
        ['="30350"', "", ""],
        ["2A004", "0", "-1,25"],
    ]
    back = read_back(content, "essai.csv", limit_bytes=LIMIT)
    assert back["code_commune"].tolist() == ["01001", "30350", "2A004"]
    assert back["score"].tolist() == ["0,5", "", "-1,25"]


def test_machine_dialect_is_read_by_plain_pandas() -> None:
    table = pd.DataFrame({"code": ["01001", "30350"], "score": [0.5, np.nan]})
    content = exporter("csv").write(ExportBundle("Essai", table, ('Une, "ligne"',)))
    assert not content.startswith(b"\xef\xbb\xbf")
    again = pd.read_csv(io.BytesIO(content), comment="#", dtype={"code": "str"})
    pd.testing.assert_frame_equal(again, table)


def test_exporting_leaves_the_table_as_it_was() -> None:
    table = pd.DataFrame({"note": ["'=1", None], "n": [1.0, 2.0]})
    before = table.copy(deep=True)
    for kind in KINDS:
        exporter(kind).write(ExportBundle("Essai", table))
    pd.testing.assert_frame_equal(table, before)


def test_geojson_follows_the_rfc() -> None:
    hole = shapely.Polygon(
        [(0, 0), (0, 1), (1, 1), (1, 0)], holes=[[(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]]
    )
    table = pd.DataFrame(
        {
            "code": ["01001", "01002"],
            "population": pd.array([12, None], dtype="Int32"),
            "score": [np.nan, 0.25],
            "note": ["</script>", "=CMD()"],
        }
    )
    bundle = ExportBundle("Contours", table, ("Source : x",), [hole, None])
    collection = json.loads(exporter("geojson").write(bundle))
    first, second = collection["features"]
    assert "crs" not in collection
    assert collection["sources"] == ["Source : x"]
    assert collection["bbox"] == [0, 0, 1, 1]
    assert first["properties"] == {
        "code": "01001", "population": 12, "score": None, "note": "</script>",
    }  # fmt: skip
    assert second == {
        "type": "Feature", "geometry": None,
        "properties": {"code": "01002", "population": None, "score": 0.25, "note": "=CMD()"},
    }  # fmt: skip
    exterior, interior = first["geometry"]["coordinates"]
    assert shapely.is_ccw(shapely.LinearRing(exterior))
    assert not shapely.is_ccw(shapely.LinearRing(interior))
    with pytest.raises(InvalidRequest, match="pas de contours"):
        exporter("geojson").write(ExportBundle("Sans", table))


def test_geojson_of_real_communes_is_read_by_gdal(register, tmp_path) -> None:
    import geopandas as gpd

    communes = register.communes.sample(60, random_state=3)
    outlines = register.geometries[register.positions(communes.index)]
    table = communes[["nom", "population"]].reset_index()
    path = tmp_path / "communes.geojson"
    path.write_bytes(exporter("geojson").write(ExportBundle("x", table, (), list(outlines))))
    read = gpd.read_file(path)
    assert read.crs.to_epsg() == 4326
    assert read["code_commune"].tolist() == table["code_commune"].tolist()
    assert read.geometry.is_valid.all()
    difference = shapely.area(shapely.symmetric_difference(read.geometry.to_numpy(), outlines))
    assert (difference < 1e-4 * shapely.area(outlines)).all()


def test_an_export_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="Rien à exporter : « Vide » est vide"):
        ExportBundle("Vide", pd.DataFrame({"code": []}))


def test_what_is_not_our_shortlist_is_refused() -> None:
    with pytest.raises(InvalidTable, match="un tableau sans la colonne code_territoire"):
        read_shortlist(b"nom;ville\nx;y\n", "autre.csv", limit_bytes=LIMIT, nom="x")
    with pytest.raises(InvalidTable, match="aucun territoire"):
        read_shortlist(b"code;nom;note;statut\n", "vide.csv", limit_bytes=LIMIT, nom="x")
    with pytest.raises(InvalidTable, match="archive zip abîmée"):
        read_shortlist(b"PK\x03\x04zzzz", "s.xlsx", limit_bytes=LIMIT, nom="x")


def test_a_file_saved_again_by_a_spreadsheet_still_comes_back() -> None:
    saved = (
        "# Territoires : Ma sélection;;;\r\n# Produit le 1er mars 2026;;;\r\n"
        "code;nom;note;statut\r\ncom:01001;L'Abergement-Clémenciat;'=CMD();À contacter\r\n"
    ).encode("cp1252")
    shortlist = read_shortlist(saved, "s.csv", limit_bytes=LIMIT, nom="Ma sélection")
    assert shortlist.items == (
        ShortlistItem("com:01001", "L'Abergement-Clémenciat", "=CMD()", "a_contacter"),
    )


def test_every_format_has_what_a_download_needs() -> None:
    assert set(EXPORTERS) == {"xlsx", "csv_excel", "csv", "html", "gpkg", "geojson"}
    assert set(FORMATS) - set(EXPORTERS) == {"pdf"}
    for code, found in FORMATS.items():
        assert found.code == code
        assert found.extension.startswith(".")
        assert "/" in found.media_type
        assert found.label
    assert exporter("csv").file_name("Territoires candidats : l'Été !") == (
        "territoires-candidats-l-ete.csv"
    )
    assert exporter("geojson").file_name("../../etc") == "etc.geojson"
    assert exporter("csv").file_name("</>") == "export.csv"
    with pytest.raises(InvalidRequest, match="Format inconnu : « docx »"):
        exporter("docx")
    nothing = ExportBundle("x", pd.DataFrame({"code_territoire": ["dep:30"]}))
    with pytest.raises(InvalidRequest, match="pas de fiches"):
        exporter("pdf").write(nothing)


def test_provenance_says_everything_needed_to_do_it_again(data_dir) -> None:
    catalogue = load_catalogue(data_dir / "indicateurs" / "catalogue.toml")
    recipe = Recipe("Essai", (RecipeItem("densite", -1, 1.5),))
    preset = load_presets(data_dir)["tzcld"]
    query = CandidateQuery(
        recipe, ("reg:76",), members=("30350",), population_min=5000, population_max=10_000,
        distance_min_km=12.5, initiative_types=("tzcld",), unit="groupe", overlapping=True,
        perimeter="dans_un_epci", must_contain=("30339",), excluded=("dep:48",),
        thresholds=(NeedThreshold("densite", at_least=300),),
        capacities=(CapacityCondition(20, axes=("2",)),),
    )  # fmt: skip
    densite = catalogue["densite"]
    lines = Provenance(
        produced_on=date(2026, 3, 1), code_version="0.1.0",
        data_versions=(("communes", "2026.1-abc"),), indicators=(densite,),
        preset=preset, query=query, remarks=("Deux\nlignes",),
    ).lines()  # fmt: skip
    text = "\n".join(lines)
    for words in (
        "1er mars 2026", "Territoires 0.1.0", "communes : 2026.1-abc", "Recette « Essai »",
        f"{densite.label} (sens -1, poids 1,5, soit 100 %)", preset.name, preset.source_url,
        "31 décembre 2026", "univers région 76 (reg:76)", "liste de 1 commune",
        "au moins 5 000 et au plus 10 000",
        "les communes d'un groupe sont du même EPCI", "partager des communes", "contient 30339",
        "sans dep:48", "seuil sur densite : au moins 300", "(types : tzcld, statuts : tous)",
        "au moins une initiative à moins de 20,0 km (axes : 2, types : tous, statuts : tous)",
        "12,5 km au moins", densite.vintage, densite.licence, densite.source_url, "Deux lignes",
    ):  # fmt: skip
        assert words in text.replace("\u202f", " ").replace("\u00a0", " "), words
    assert all("\n" not in line for line in lines)


def test_a_shortlist_repeated_row_counts_once() -> None:
    table = pd.DataFrame(
        {"code": ["30350", "com:30350"], "nom": ["A", "B"], "note": ["1", "2"], "statut": ["", ""]}
    )
    assert shortlist_from_table(table, "x").items == (ShortlistItem("30350", "A", "1"),)
