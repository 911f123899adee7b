"""Lists as people type them: each example of a spelling, a heading, a mistake, with its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territoires.cli.geocoder import geocoder
from territoires.cli.place_file import read_pieces
from territoires.cli.valider import valider
from territoires.communes import Register
from territoires.communes.projection import project
from territoires.errors import TerritoiresError
from territoires.geocoding import (
    GEO_COLUMNS,
    NOT_FOUND,
    SURE,
    TO_CHECK,
    Gazetteer,
    geocode_table,
    recognise_columns,
)
from territoires.geocoding.feature_file import read_features
from territoires.tables import TypedTable, read_table

LIMIT = 5_000_000
FUZZ_CASES = 1_500
"""Byte strings and tables thrown at the geocoder by hypothesis, in all, at each run."""

Place = Callable[[dict[str, str]], pd.Series]


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def place(gazetteer: Gazetteer) -> Place:
    """Geocode a table of one row."""

    def place_row(cells: dict[str, str]) -> pd.Series:
        frame = pd.DataFrame({heading: [cell] for heading, cell in cells.items()}, dtype="str")
        return geocode_table(TypedTable(frame, "utf-8", ","), gazetteer).iloc[0]

    return place_row


VIGAN, HAVRE, PARIS, SAINT_DENIS, ABERGEMENT = "30350", "76351", "75056", "97411", "01001"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        # One column, under its usual headings.
        ({"code_insee": "30350"}, VIGAN),
        ({"INSEE": "30350"}, VIGAN),
        ({"Code commune": "30350"}, VIGAN),
        ({"Code INSEE de la commune": "30350"}, VIGAN),
        ({"N° INSEE": "30350"}, VIGAN),
        ({"Code (INSEE)": "30350"}, VIGAN),
        ({"Commune (code INSEE)": "30350"}, VIGAN),
        ({"CODGEO": "30350"}, VIGAN),
        # Codes without their zero, or with what a spreadsheet adds.
        ({"INSEE": "1001"}, ABERGEMENT),
        ({"INSEE": "1001.0"}, ABERGEMENT),
        ({"INSEE": "'01001"}, ABERGEMENT),
        ({"CP": "1400", "ville": "Abergement Clemenciat"}, ABERGEMENT),
        ({"CP": "1400,0", "ville": "L'Abergement-Clémenciat"}, ABERGEMENT),
        ({"adresse": "1 rue des Lilas, 1400 L'Abergement-Clémenciat"}, ABERGEMENT),
        # Postcode and town.
        ({"CP": "30120", "Ville": "LE VIGAN"}, VIGAN),
        ({"Code postal": "30 120", "Nom de la commune": "Vigan (Le)"}, VIGAN),
        ({"code_postal": "F-30120", "commune": "le vigan"}, VIGAN),
        ({"cp": "30120/30570", "ville": "Le Vigan"}, VIGAN),
        ({"CP Ville": "30120 Le Vigan"}, VIGAN),
        ({"cp": "76600", "ville": "Le Havrre"}, HAVRE),
        ({"cp": "14460", "ville": "Colombeles"}, "14167"),
        # Département as a number or a name.
        ({"dep": "76", "ville": "Havre"}, HAVRE),
        ({"dep": "1", "ville": "Bourg en Bresse"}, "01053"),
        ({"Département": "Seine-Maritime", "ville": "Le Havre"}, HAVRE),
        ({"Département": "Département du Gard", "ville": "Le Vigan"}, VIGAN),
        ({"Département": "Gard (30)", "ville": "Le Vigan"}, VIGAN),
        ({"Département": "Réunion", "ville": "St Denis"}, SAINT_DENIS),
        ({"dep": "2a", "ville": "Ajaccio"}, "2A004"),
        ({"dep": "20", "ville": "Ajaccio"}, "2A004"),
        # Département beside the name.
        ({"ville": "Le Havre (76)"}, HAVRE),
        ({"ville": "Vigan (Le) (30)"}, VIGAN),
        ({"ville": "Le Vigan (Gard)"}, VIGAN),
        ({"ville": "Le Vigan, Gard"}, VIGAN),
        ({"ville": "Le Vigan - Gard"}, VIGAN),
        ({"ville": "Saint-Denis, La Réunion"}, SAINT_DENIS),
        ({"ville": "97411 St Denis"}, SAINT_DENIS),
        ({"adresse": "97411 St Denis"}, SAINT_DENIS),
        # Names as they are written.
        ({"ville": "Sourd (Le)"}, "02731"),
        ({"ville": "Mairie du Havre"}, HAVRE),
        ({"ville": "Commune du Vigan", "dep": "30"}, VIGAN),
        ({"ville": "Ville-d'Avray"}, "92077"),
        # Municipal arrondissements.
        ({"ville": "PARIS 18"}, PARIS),
        ({"ville": "Paris XVIIIe"}, PARIS),
        ({"ville": "18e arrondissement de Paris"}, PARIS),
        ({"ville": "PARIS-18E-ARRONDISSEMENT"}, PARIS),
        ({"adresse": "12 rue des Martyrs 75018 PARIS 18"}, PARIS),
        # One-line addresses, CEDEX and business postcodes.
        ({"adresse": "12 rue de la Paix, 76600 Le Havre"}, HAVRE),
        ({"adresse": "BP 12, 76084 LE HAVRE CEDEX"}, HAVRE),
        ({"adresse": "CS 12345\n35000 Rennes, France"}, "35238"),
        ({"cp": "76084", "ville": "Le Havre Cedex"}, HAVRE),
        ({"cp": "78130", "ville": "LES MUREAUX 78132 CEDEX"}, "78440"),
        ({"cp": "26901", "ville": "VALENCE 9"}, "26362"),
        ({"cp": "97743", "ville": "Saint-Denis Cedex 9"}, SAINT_DENIS),
        # Columns exchanged.
        ({"code_insee": "30120", "ville": "Le Vigan"}, VIGAN),
        ({"code_insee": "30120", "cp": "30350", "ville": "Le Vigan"}, VIGAN),
        ({"cp": "Le Vigan", "ville": "30120"}, VIGAN),
        ({"cp": "Oô", "ville": "31110"}, "31404"),
        ({"code_insee": "26460", "cp": "26060"}, "26060"),
        ({"code_insee": "Le Vigan", "ville": "30350"}, VIGAN),
        # Delegated, associated and former communes.
        ({"cp": "49320", "ville": "Les Alleuds"}, "49050"),
        ({"code_insee": "49001"}, "49050"),
        ({"dep": "60", "ville": "Voisinlieu"}, "60057"),
        ({"dep": "50", "ville": "Cherbourg-Octeville"}, "50129"),
        ({"code_insee": "93059"}, "93066"),
        # Coordinates.
        ({"lat": "43.9905", "lon": "3.6055"}, VIGAN),
        ({"Y": "43,9905", "X": "3,6055"}, VIGAN),
        ({"X": "748500", "Y": "6322000"}, VIGAN),
        ({"x_lambert93": "748 500,25", "y_lambert93": "6 322 000,5"}, VIGAN),
        ({"ville": "Le Vigan", "X": "6322000", "Y": "748500"}, VIGAN),
        ({"ville": "Le Vigan", "lon": "43.9905", "lat": "3.6055"}, VIGAN),
        ({"lat": "43°59'26\"N", "lon": "3°36'20\"E"}, VIGAN),
        ({"geo_point_2d": "43.9905, 3.6055"}, VIGAN),
        ({"wkt": "POINT (3.6055 43.9905)"}, VIGAN),
        ({"ville": "Saint-Denis", "lon": "55.4504", "lat": "-20.8823"}, SAINT_DENIS),
    ],
)
def test_each_arrangement_is_placed_for_sure(
    place: Place, cells: dict[str, str], code: str
) -> None:
    row = place(cells)
    assert (row["geo_statut"], row["geo_code_commune"]) == (SURE, code), row["geo_motif"]
    assert 0 < row["geo_score"] <= 1
    assert 0 < row["geo_marge"] <= 1
    assert row["geo_methode"]
    assert row["geo_precision"]
    assert row["geo_motif"].endswith(".")
    assert row["geo_candidats"] == ""


@pytest.mark.parametrize(
    ("cells", "best", "among", "said"),
    [
        # A wrong postcode with the right town: the town is proposed, the postcode is said.
        ({"cp": "51000", "ville": "Reims"}, "51454", "51454", "celui de Châlons"),
        # Homonyms are never guessed.
        ({"ville": "Saint-Denis"}, "", "93066", "homonymes"),
        ({"cp": "1/2/2040", "ville": "Le Vigan"}, VIGAN, "46334", "c'est une date"),
        # The points that the texts do not confirm.
        ({"lon": "43.9905", "lat": "3.6055"}, VIGAN, VIGAN, "interverties"),
        ({"X": "6322000", "Y": "748500"}, VIGAN, VIGAN, "Lambert-93"),
        (
            {"code": "", "INSEE": "01001", "lon": "3.6055", "lat": "43.9905"},
            ABERGEMENT,
            VIGAN,
            "Contradiction",
        ),
        # A former commune shared between two others: history does not say which.
        ({"code_insee": "08227"}, "", "08454", "2 communes possibles"),
        ({"dep": "08", "ville": "Hocmont"}, "", "08203", "2 communes possibles"),
        # EPCI names: their communes are the candidates.
        ({"ville": "CC du Pays Viganais"}, "", VIGAN, "CC du Pays Viganais (243000270)"),
        (
            {"Collectivité": "Communauté de communes du Pays Viganais"},
            "",
            VIGAN,
            "Intercommunalité",
        ),
        ({"Collectivité": "Grenoble-Alpes-Métropole"}, "", "38185", "Intercommunalité"),
        ({"Collectivité": "Plaine Commune"}, "", "93066", "Intercommunalité"),
        # Near one name, and the start of another of the same postcode.
        ({"cp": "68500", "ville": "Bergholt"}, "68029", "68029", "Nom"),
        ({"ville": "Nîmes et environs"}, "30189", "30189", "Mots non reconnus"),
        ({"ville": "Paris 21e"}, PARIS, PARIS, "Mots non reconnus"),
        ({"adresse": "5 rue de Paris, Lille"}, "59350", "59350", "Lille"),
        ({"cp": "13295", "ville": "Marseille Prado Cedex"}, "13055", "13055", "13295 inconnu"),
    ],
)
def test_each_doubt_is_put_before_a_person(
    place: Place, cells: dict[str, str], best: str, among: str, said: str
) -> None:
    row = place(cells)
    assert (row["geo_statut"], row["geo_code_commune"]) == (TO_CHECK, best), row["geo_motif"]
    assert among in row["geo_candidats"].split(";")
    assert said in row["geo_motif"]
    assert row["geo_score"] <= 0.7
    assert 0 <= row["geo_marge"] <= 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"ville": "Nouméa"}, "outre-mer"),
        ({"cp": "97133", "ville": "Saint-Barthélemy"}, "outre-mer"),
        ({"dep": "975", "ville": "Saint-Pierre"}, "outre-mer"),
        ({"cp": "76084"}, "Seine-Maritime (76)"),
        ({"cp": "92055", "ville": "Paris La Défense Cedex"}, "Hauts-de-Seine (92)"),
        ({"cp": "1/2/2040"}, "c'est une date"),
        ({"cp": "2040-02-01 00:00:00"}, "c'est une date"),
        ({"lon": "0", "lat": "0"}, "nulles"),
        ({"lon": "NaN", "lat": "43"}, "illisibles"),
        ({"lon": "1e308", "lat": "1e308"}, "hors des degrés"),
        ({"lon": "1e999", "lat": "43"}, "illisibles"),
        ({"X": "741000", "Y": "4900000"}, "hors des degrés"),
        ({"geo_point_2d": "quelque part"}, "illisibles"),
        ({"ville": "=CMD()|'/c calc'!A0"}, "non reconnu"),
        ({"ville": "a\x00b"}, "non reconnu"),
        ({"ville": ""}, "aucun lieu"),
    ],
)
def test_what_cannot_be_placed_says_why(place: Place, cells: dict[str, str], said: str) -> None:
    row = place(cells)
    assert (row["geo_statut"], row["geo_code_commune"]) == (NOT_FOUND, "")
    assert said in row["geo_motif"]
    assert np.isnan(row["geo_marge"])


def test_direction_marks_change_nothing(place: Place) -> None:
    assert place({"ville": "\u202eLe Vigan\u200f", "dep": "30"})["geo_code_commune"] == VIGAN


@pytest.mark.parametrize("departement", ["30", "971", "972", "973", "974", "976", "2A"])
def test_metres_of_each_projected_system_are_read(
    place: Place, register: Register, departement: str
) -> None:
    commune = register.communes[register.communes["code_departement"] == departement].iloc[0]
    x, y = project(commune["longitude"], commune["latitude"], int(commune["epsg_local"]))
    row = place({"X": f"{float(x):.1f}", "Y": f"{float(y):.1f}", "ville": commune["nom"]})
    assert row["geo_code_commune"] == commune.name
    assert row["geo_longitude"] == pytest.approx(commune["longitude"], abs=1e-4)
    assert "Coordonnées lues en" in row["geo_motif"]


def test_the_margin_is_what_separates_the_first_from_the_second(place: Place) -> None:
    exact = place({"cp": "14460", "ville": "Colombelles"})
    typed = place({"cp": "14460", "ville": "Colombeles"})
    tied = place({"cp": "58120", "ville": "Château-Chinon"})
    against = place({"code_insee": "01001", "ville": "Narbonne"})
    assert exact["geo_marge"] == 1
    assert 0.1 <= typed["geo_marge"] < 1
    assert tied["geo_marge"] == 0
    assert against["geo_marge"] == 0


@pytest.mark.parametrize(
    ("headings", "role", "chosen"),
    [
        (["Code INSEE de la commune", "Nom"], "code", "Code INSEE de la commune"),
        (["Code postal (siège)", "Ville"], "postcode", "Code postal (siège)"),
        (["Code Postal de la Commune"], "postcode", "Code Postal de la Commune"),
        (["Nom de la ville"], "town", "Nom de la ville"),
        (["Libellé de la commune"], "town", "Libellé de la commune"),
        (["N° département"], "departement", "N° département"),
        (["Adresse du siège"], "address", "Adresse du siège"),
        (["X (Lambert 93)", "Y (Lambert 93)"], "longitude", "X (Lambert 93)"),
        (["Longitude (WGS84)", "Latitude (WGS84)"], "latitude", "Latitude (WGS84)"),
        (["Coordonnées GPS"], "point", "Coordonnées GPS"),
    ],
)
def test_longer_headings_are_recognised(headings: list[str], role: str, chosen: str) -> None:
    assert getattr(recognise_columns(headings), role) == chosen


# Files


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(geocoder, arguments, standalone_mode=False, catch_exceptions=False)
    return result.return_value, result.output


ROWS = [["Nom", "CP", "Ville"], ["Un", "30120", "Le Vigan"], ["Deux", "76600", "Le Havre"]]


def write_workbook(path: Path) -> None:
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_excel(writer, index=False)


def write_features(path: Path) -> None:
    properties = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    points = [[3.6055, 43.9905], [0.1079, 49.4938]]
    features = [
        {"type": "Feature", "properties": each, "geometry": {"type": "Point", "coordinates": at}}
        for each, at in zip(properties, points, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def write_rows(path: Path) -> None:
    path.write_text("\n".join(";".join(row) for row in ROWS), "utf-8")


@pytest.mark.parametrize(
    ("name", "write"),
    [("l.csv", write_rows), ("l.xlsx", write_workbook), ("l.geojson", write_features)],
)
def test_every_kind_of_file_keeps_its_columns_and_its_order(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    source, target = tmp_path / name, tmp_path / "placee.csv"
    write(source)
    status, _ = run(str(source), str(target))
    assert status == 0
    placed = pd.read_csv(target, dtype="str", keep_default_na=False)
    assert placed.columns[:3].tolist() == ["Nom", "CP", "Ville"]
    assert placed.columns[-len(GEO_COLUMNS) :].tolist() == list(GEO_COLUMNS)
    assert placed["Nom"].tolist() == ["Un", "Deux"]
    assert placed["geo_code_commune"].tolist() == [VIGAN, HAVRE]


@pytest.mark.parametrize(
    ("name", "write"), [("l.xlsx", write_workbook), ("l.json", write_features)]
)
def test_valider_reads_them_too(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / name)
    result = CliRunner().invoke(
        valider, [str(tmp_path / name)], standalone_mode=False, catch_exceptions=False
    )
    assert result.return_value == 1
    assert "La colonne « type » manque" in result.output
    assert "2 lignes lues" in result.output


def test_a_large_file_is_read_by_pieces_as_if_it_were_whole(tmp_path: Path) -> None:
    source = tmp_path / "grande.csv"
    rows = [f'{number};"ligne {number}\nsuite";30120;Le Vigan' for number in range(400)]
    source.write_text("# source\nid;note;cp;ville\n" + "\n".join(rows) + "\n399;trop;peu", "utf-8")
    pieces = list(read_pieces(str(source), piece_bytes=3_000))
    whole = read_table(source.read_bytes(), source.name, limit_bytes=LIMIT)
    assert len(pieces) > 3
    assert [piece.share for piece in pieces] == sorted(piece.share for piece in pieces)
    assert pieces[-1].share == 1.0
    together = pd.concat([piece.table.frame for piece in pieces], ignore_index=True)
    pd.testing.assert_frame_equal(together, whole.frame)
    assert tuple(line for piece in pieces for line in piece.table.lines) == whole.lines
    assert tuple(each for piece in pieces for each in piece.table.findings) == whole.findings


def test_rows_written_by_pieces_are_those_of_the_whole(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "liste.csv", tmp_path / "placee.csv"
    source.write_text("cp,ville\n" + "30120,Le Vigan\n76600,Le Havre\n" * 30, "utf-8")
    monkeypatch.setattr("territoires.cli.geocoder._ROWS_AT_A_TIME", 7)
    status, told = run(str(source), str(target))
    assert status == 0
    assert "60 lignes : 60 placées sûrement" in told
    assert pd.read_csv(target, dtype="str")["geo_code_commune"].tolist() == [VIGAN, HAVRE] * 30


def test_nothing_is_left_of_a_file_that_stops_half_way(tmp_path: Path) -> None:
    source = tmp_path / "coupee.csv"
    source.write_text('cp,ville\n30120,"Le Vigan\n', "utf-8")
    with pytest.raises(TerritoiresError, match="guillemet"):
        run(str(source), str(tmp_path / "placee.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["coupee.csv"]


def test_headings_alone_and_a_column_named_twice(tmp_path: Path) -> None:
    source, target = tmp_path / "vide.csv", tmp_path / "placee.csv"
    source.write_text("ville,ville,cp\n", "utf-8")
    status, told = run(str(source), str(target))
    assert status == 0
    assert "Aucune ligne à placer" in told
    assert "« ville » est répété" in told
    source.write_text("prix\n12 euros\n", "utf-8")
    with pytest.raises(TerritoiresError, match="Aucune colonne ne dit un lieu"):
        run(str(source), str(target))


def test_bad_rows_do_not_lose_the_good_ones(tmp_path: Path) -> None:
    source, target = tmp_path / "liste.csv", tmp_path / "placee.csv"
    cells = [b"Le Vi\x00gan", b"x" * 1_000_000, "\u202eLe Vigan".encode(), b"=1+1", b"Le Vigan"]
    source.write_bytes(
        b"dep;ville;cp\n" + b"".join(b"30;" + cell + b";1/2/2040\n" for cell in cells)
    )
    status, told = run(str(source), str(target))
    placed = pd.read_csv(target, dtype="str", keep_default_na=False)
    assert status == 0
    assert len(placed) == 5
    assert placed["geo_code_commune"].tolist()[2:] == [VIGAN, "", VIGAN]
    assert placed["geo_motif"].str.contains("c'est une date").all()
    assert placed["ville"].iloc[3] == "'=1+1"
    assert "ligne 2" in told
    assert "1000000 caractères" in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "ligne 1"),
        (b"[1]", "FeatureCollection"),
        (b"\xff\xfe", "GeoJSON"),
        (b"[" * 100_000, "GeoJSON"),
        (b'{"type":"FeatureCollection","features":3}', "FeatureCollection"),
    ],
)
def test_what_is_no_geojson_is_refused_in_french(content: bytes, said: str) -> None:
    with pytest.raises(TerritoiresError, match=said):
        read_features(content, "essai.geojson", limit_bytes=LIMIT)


def test_an_unusable_geometry_is_said_and_the_properties_serve(gazetteer: Gazetteer) -> None:
    square = [[[3.60, 43.98], [3.61, 43.98], [3.61, 44.0], [3.60, 43.98]]]
    features = [
        {"properties": {"ville": "Le Vigan", "cp": 30120}, "geometry": {"type": "Point"}},
        {"properties": {"ville": None}, "geometry": {"type": "Polygon", "coordinates": square}},
        {"properties": {"ville": "\ud800"}, "geometry": None},
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    table = read_features(content, "essai.geojson", limit_bytes=LIMIT)
    assert [finding.line for finding in table.findings] == [1]
    placed = geocode_table(table, gazetteer)
    assert placed["geo_code_commune"].tolist() == [VIGAN, VIGAN, ""]


# Anything

_PIECES = st.sampled_from(
    [
        b"code_insee", b"cp", b"ville", b"adresse", b"lon", b"lat", b"geo_point_2d", b",", b";",
        b"\t", b"\n", b"\r\n", b'"', b"\x00", b"\xff", b"\xe9", b"\xef\xbb\xbf", b"30350", b"30120",
        b"Le Vigan", b"=CMD()", b"1e308", b"NaN", b"0", b"1/2/2040", b"(", b")",
        b"CC du ", b"Mairie d",
        b"PARIS 18", b"97411 St Denis", "\u202e\u200f".encode(), b"#", b"sep=;\n",
        b"748500", b"6322000",
        b"POINT(", b"43\xc2\xb059'", b" - Gard", b"Cedex 9", b"BP 12",
    ]
)  # fmt: skip
_ANYTHING = st.one_of(st.binary(max_size=200), st.lists(_PIECES, max_size=40).map(b"".join))


@given(content=_ANYTHING)
@settings(
    max_examples=FUZZ_CASES // 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_bytes_give_rows_or_a_french_refusal(gazetteer: Gazetteer, content: bytes) -> None:
    try:
        table = read_table(content, "essai.csv", limit_bytes=LIMIT)
        placed = geocode_table(table, gazetteer)
    except TerritoiresError:
        return  # anything else would be a trace
    check_honest(placed, len(table.frame))


@given(
    content=st.one_of(
        _ANYTHING,
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inside: (
                st.lists(inside, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["type", "features", "geometry", "properties", "coordinates", "ville"]
                    ),
                    inside | st.sampled_from(["FeatureCollection", "Feature", "Point", "Polygon"]),
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(lambda tree: json.dumps({"type": "FeatureCollection", "features": [tree]}).encode()),
    )
)
@settings(max_examples=FUZZ_CASES // 3, deadline=None)
def test_any_geojson_gives_rows_or_a_french_refusal(gazetteer: Gazetteer, content: bytes) -> None:
    try:
        table = read_features(content, "essai.geojson", limit_bytes=LIMIT)
        placed = geocode_table(table, gazetteer)
    except TerritoiresError:
        return  # anything else would be a trace
    check_honest(placed, len(table.frame))


_CELL = st.one_of(
    st.text(max_size=30),
    st.floats().map(repr),
    st.lists(_PIECES, max_size=4).map(lambda parts: b"".join(parts).decode("latin-1")),
)
_ROLES = ("code_insee", "cp", "ville", "dep", "adresse", "lon", "lat", "geo_point_2d")


@given(
    rows=st.lists(st.lists(_CELL, min_size=8, max_size=8), max_size=5),
    columns=st.permutations(_ROLES),
)
@settings(max_examples=FUZZ_CASES // 3, deadline=None)
def test_any_cells_give_one_honest_row_each(
    gazetteer: Gazetteer, rows: list[list[str]], columns: list[str]
) -> None:
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    check_honest(geocode_table(TypedTable(frame, "utf-8", ","), gazetteer), len(rows))


def check_honest(placed: pd.DataFrame, rows: int) -> None:
    """Check what no input may break: one row each, a status, a reason, a margin."""
    assert len(placed) == rows
    assert set(placed["geo_statut"]) <= {SURE, TO_CHECK, NOT_FOUND}
    assert (placed["geo_motif"] != "").all()
    assert placed["geo_score"].between(0, 1).all()
    lost = placed["geo_statut"] == NOT_FOUND
    assert placed.loc[lost, "geo_marge"].isna().all()
    assert placed.loc[~lost, "geo_marge"].between(0, 1).all()
    sure = placed["geo_statut"] == SURE
    assert (placed.loc[sure, "geo_code_commune"] != "").all()
    assert (placed.loc[sure, "geo_marge"] > 0).all()
