"""Every format comes back into a selection as it left, and nothing else is taken for one."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile

import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from territoires.errors import InvalidTable
from territoires.exports import (
    EXPORTERS,
    READERS,
    ExportBundle,
    exporter,
    read_export,
    reading_workbook,
)
from territoires.exports.natures import known_nature
from territoires.exports.reading import read_shortlist
from territoires.shortlist import Shortlist, ShortlistItem
from territoires.shortlist.identity import IDENTITY

LIMIT = 50_000_000
NEW_FORMATS = ("xlsx", "geojson", "gpkg", "html")
LONGEST = 100_000
SQUARE = shapely.box(3.5, 43.9, 3.7, 44.1)


def bundle_of(shortlist: Shortlist) -> ExportBundle:
    items = shortlist.items
    table = pd.DataFrame(
        {
            "ordre": range(1, len(items) + 1),
            "code_territoire": [item.code for item in items],
            "nom": [item.nom for item in items],
            "statut": [item.statut for item in items],
            "note": [item.note for item in items],
        }
    )
    return ExportBundle(
        shortlist.nom, table, ("Source : « essai » </script>",), [SQUARE] * len(items)
    )


def there_and_back(kind: str, shortlist: Shortlist) -> Shortlist:
    content = exporter(kind).write(bundle_of(shortlist))
    return read_shortlist(content, f"s.{kind}", limit_bytes=LIMIT, nom=shortlist.nom)


notes = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="'=+-@\t\r\n\"; ,#_x05FD0\u202e\u200f🌱</script>{%}\ufffe\uffff&", max_size=9),
    st.sampled_from(
        [
            "=CMD()", "</script><script>alert(1)</script>", "🌱 abc \u202e", "_x000D_", "\uffff",
            "_x005F_x000D_", "a\rb", "a\r\nb", "{{ 1 }} {% raw %}", "<!--", "]]>", "&amp; &#13;",
            "\ufffe […suite : feuille « Textes longs »]", "007", "1E5", "NaN", "null", "None",
        ]
    ),
)  # fmt: skip


@pytest.mark.parametrize("kind", NEW_FORMATS)
@settings(max_examples=30)
@given(listed=st.lists(notes, min_size=1, max_size=4))
@example(["=CMD()", "</script>", "🌱 abc \u202e", "deux\nlignes\r\nou trois\rquatre"])
@example(["_x005F_x000D_", "_x000D_", "\ufffe\uffff", "_x0041"])
def test_what_was_typed_comes_back(kind: str, listed: list[str]) -> None:
    items = [
        ShortlistItem(f"com:{1000 + place:05d}", note[:200] or "vide", note)
        for place, note in enumerate(listed)
    ]
    shortlist = Shortlist("Aller-retour", tuple(items))
    assert there_and_back(kind, shortlist) == shortlist


@pytest.mark.parametrize("kind", NEW_FORMATS)
@pytest.mark.parametrize(
    "text",
    ["é🌱\n", "</script>\u202e=", "_x000D_", "a"],
    ids=["emoji", "hostile", "escape", "plain"],
)
def test_the_longest_note_comes_back_whole(kind: str, text: str) -> None:
    note = (text * LONGEST)[:LONGEST].strip()
    items = (
        ShortlistItem("30350", "Le Vigan", note, "contacte"),
        ShortlistItem("dep:30", "Gard", "court"),
        ShortlistItem("groupe:30350-30016", "Deux", note[::-1].strip()),
    )
    shortlist = Shortlist("Longue", items)
    assert there_and_back(kind, shortlist) == shortlist


def test_a_cell_holds_what_a_spreadsheet_can_hold() -> None:
    shortlist = Shortlist("Longue", (ShortlistItem("30350", "Le Vigan", "🌱" * LONGEST),))
    book = openpyxl.load_workbook(io.BytesIO(exporter("xlsx").write(bundle_of(shortlist))))
    cells = [cell.value for sheet in book for row in sheet for cell in row if cell.value]
    assert max(len(str(cell).encode("utf-16-le")) // 2 for cell in cells) <= 32_767
    note = book["Territoires"]["E2"].value
    assert note.endswith("[…suite : feuille « Textes longs »]")
    assert book["Textes longs"]["A2"].value == "com:30350"


def test_a_workbook_that_a_person_sorted_and_changed_comes_back() -> None:
    long = "début " + "x" * 40_000
    items = (ShortlistItem("30350", "Le Vigan", long), ShortlistItem("dep:30", "Gard", "avant"))
    book = openpyxl.load_workbook(
        io.BytesIO(exporter("xlsx").write(bundle_of(Shortlist("x", items))))
    )
    sheet = book["Territoires"]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    second[3:5] = ["Contacté", "après"]
    first[4] = first[4].replace("début", "DÉBUT")
    for row, values in enumerate((second, first), start=2):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value
    sheet.insert_rows(1)
    sheet["A1"] = "Réunion de mars"
    saved = io.BytesIO()
    book.save(saved)
    back = read_shortlist(saved.getvalue(), "s.xlsx", limit_bytes=LIMIT, nom="x")
    assert back.items == (
        ShortlistItem("dep:30", "Gard", "après", "contacte"),
        ShortlistItem("30350", "Le Vigan", long.replace("début", "DÉBUT")),
    )


@pytest.mark.parametrize("kind", EXPORTERS)
def test_tags_come_back_and_what_is_not_there_is_empty(kind: str) -> None:
    table = pd.DataFrame(
        {"code_territoire": ["com:01001", "epci:200034601"], "etiquettes": ["rural ; =1", None]}
    )
    content = exporter(kind).write(ExportBundle("Essai", table, (), [SQUARE, None]))
    back = read_export(content, "s", limit_bytes=LIMIT)
    assert back.columns.tolist() == list(IDENTITY)
    assert back.to_numpy().tolist() == [
        ["com:01001", "", "", "", "rural ; =1"],
        ["epci:200034601", "", "", "", ""],
    ]


def test_former_exports_still_come_back() -> None:
    former = b"# Territoires : x\ncode,nom,note,statut\ncom:01001,A,n,contacte\n"
    back = read_shortlist(former, "s.csv", limit_bytes=LIMIT, nom="x")
    assert back.items == (ShortlistItem("com:01001", "A", "n", "contacte"),)
    feature = {"type": "Feature", "geometry": None, "properties": {"code": "dep:30", "nom": "Gard"}}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert read_shortlist(collection, "s", limit_bytes=LIMIT, nom="x").codes == ("dep:30",)


# What is not ours


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return stream.getvalue()


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, kind)
    return stream.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def geopackage(tmp_path) -> bytes:
    import geopandas as gpd

    frame = gpd.GeoDataFrame({"ville": ["Alès"]}, geometry=[SQUARE], crs="EPSG:4326")
    frame.to_file(tmp_path / "autre.gpkg", driver="GPKG", layer="villes")
    return (tmp_path / "autre.gpkg").read_bytes()


STRANGERS = {
    "un PDF": b"%PDF-1.7 ...",
    "une image PNG": picture("PNG"),
    "une image JPEG": picture("JPEG"),
    "un document Word": zipped(word__document_xml="<x/>"),
    "une archive zip": zipped(a_txt="x"),
    "un fichier XML": b"<?xml version='1.0'?><kml/>",
    "un classeur sans la colonne code_territoire (colonnes lues : nom, ville)": workbook(
        ["nom", "ville"], ["x", "y"]
    ),
    "un fichier JSON, pas un GeoJSON": b'{"a": 1}',
    "un fichier JSON sans la colonne code_territoire (colonnes lues : ville)": json.dumps(
        {"features": [{"properties": {"ville": "y"}}, 3, {"properties": None}]}
    ).encode(),
    "une page HTML, pas une carte": b"<!DOCTYPE html><html><p>bonjour</p></html>",
    "un tableau sans la colonne code_territoire (colonnes lues : nom, ville)": b"nom;ville\nx;y\n",
    "un classeur abîmé": b"\xd0\xcf\x11\xe0" + bytes(600),
    "une base SQLite, pas un GeoPackage": b"SQLite format 3\x00" + bytes(4_000),
    "commence comme un fichier JSON": b"{" + b"[" * 200_000,
    "est vide": b" \n ",
}


@pytest.mark.parametrize(("told", "content"), STRANGERS.items(), ids=list(STRANGERS))
def test_what_is_not_ours_is_refused_with_what_it_is(told: str, content: bytes) -> None:
    with pytest.raises(InvalidTable) as refused:
        read_export(content, "fichier", limit_bytes=LIMIT)
    assert str(refused.value).startswith("fichier ")
    assert told in str(refused.value)


@given(st.data())
def test_a_damaged_archive_is_still_named(data) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>" * 20)
    content = bytearray(packed.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(2, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert known_nature(bytes(content)) in {
        "un document LibreOffice", "une archive zip", "une archive zip abîmée"
    }  # fmt: skip


def test_a_geopackage_of_others_is_refused_with_its_columns(tmp_path) -> None:
    with pytest.raises(InvalidTable, match=r"une base SQLite sans la colonne.*ville"):
        read_export(geopackage(tmp_path), "f.gpkg", limit_bytes=LIMIT)


@pytest.mark.parametrize("kind", EXPORTERS)
def test_half_a_file_is_refused_or_read_short_and_never_crashes(kind: str) -> None:
    items = tuple(ShortlistItem(f"com:{1000 + n:05d}", "x", "note " * 50) for n in range(30))
    content = exporter(kind).write(bundle_of(Shortlist("x", items)))
    for share in (0.02, 0.4, 0.9):
        cut = content[: int(len(content) * share)]
        if kind in ("csv", "csv_excel"):
            # A text that is cut is a shorter table, or ends in the middle of a quotation.
            with contextlib.suppress(InvalidTable):
                assert 0 < len(read_export(cut, "x.csv", limit_bytes=LIMIT)) <= 30
            continue
        with pytest.raises(InvalidTable, match=r"^moitié "):
            read_export(cut, "moitié", limit_bytes=LIMIT)


def test_sizes_are_bounded() -> None:
    content = exporter("xlsx").write(bundle_of(Shortlist("x", (ShortlistItem("dep:30", "Gard"),))))
    with pytest.raises(InvalidTable, match="la limite est de 0,001 Mo"):
        read_export(content, "s.xlsx", limit_bytes=1_000)


def test_a_workbook_that_unpacks_to_a_flood_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(reading_workbook, "_MAX_UNPACKED", 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(1_000_001))
    with pytest.raises(InvalidTable, match="trop gros une fois déplié"):
        read_export(stream.getvalue(), "s.xlsx", limit_bytes=LIMIT)


def test_every_format_that_is_written_can_be_read() -> None:
    assert {kind.replace("csv_excel", "csv") for kind in EXPORTERS} == set(READERS)
