"""The directory: every fact is there, shown where it may be, and no more precisely."""

from __future__ import annotations

import csv
import itertools
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import DataFileError, InvalidRequest, InvalidTable, SourceUnavailable
from territoires.initiatives import (
    COLUMNS,
    GEO_COLUMNS,
    NO_AXIS,
    directory_from_table,
    has_initiative_columns,
    load_directory,
    load_needs,
    load_vocabularies,
    merge_directories,
    perimeter_of,
)
from territoires.initiatives.identifiers import distinct, identifier
from territoires.sources.initiatives_build import build_initiatives, default_facts_dir
from territoires.tables import read_table, write_csv
from tests.conftest import DATA, FACTS

needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason=f"faits absents : {FACTS}")


@pytest.fixture(scope="module")
def vocabularies():
    return load_vocabularies(DATA)


def read(text):
    return read_table(text.encode(), "essai.csv", limit_bytes=1_000_000)


def facts(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# What is shipped


@needs_facts
def test_every_fact_is_kept(directory):
    zones, others = facts("tzcld.csv"), facts("initiatives.csv")
    assert len(directory) == len(zones) + len(others) == 239
    frame = directory.frame.reset_index()
    shipped = {(row.nom, row.type, row.axes, row.code_commune) for row in frame.itertuples()}
    for row in others:
        assert (row["nom"], row["type"], row["axe"], row["code_commune"]) in shipped
    by_name = frame[frame["type"] == "tzcld"].set_index("nom")
    for row in zones:
        kept = by_name.loc[row["nom"]]
        assert kept["communes_couvertes"] == row["codes_communes"]
        assert kept["perimetre"] == row["perimetre"]
        assert kept["date_debut"] == row["date_habilitation"]
        assert kept["statut"] == "habilite"
        assert row["note"] in kept["description"]


@needs_facts
def test_nothing_is_located_but_by_its_source(directory):
    coded = sum(bool(row["code_commune"]) for row in facts("initiatives.csv"))
    coded += sum(bool(row["codes_communes"]) for row in facts("tzcld.csv"))
    assert len(directory.located) == coded
    assert len(directory.unlocated) == 239 - coded
    lost = directory.unlocated.frame
    assert (lost["geo_statut"] == "non_trouve").all()
    assert (lost["geo_motif"] != "").all()
    assert lost["latitude"].isna().all()


@pytest.mark.parametrize(
    ("kind", "axis", "words", "codes"),
    [
        ("generateur", "1", "Bourgogne-Franche-Comté", {""}),
        ("animation_territoriale", "1", "solidaire 21", {"21231"}),
        ("animation_territoriale", "1", "Béthune-Bruay", {"62119"}),
        ("relais_local", "2", "Tartinerie", {"32416"}),
        ("jardin_partage", "2", "Venoix", {"14118"}),
        ("jardin_partage", "2", "Granville", {"50218"}),
        ("insertion", "3", "Don Bosco", {"29103"}),
        ("jardin_partage", "2", "Port-Launay", {"29222"}),
        ("economie_informelle", "4", "quartiers Nord de Marseille", {"13055"}),
        ("chaton", "4", "Collectif CHATONS", {"69123"}),
        ("autre", "4", "Terre de convergence", {"30350"}),
        ("tzcld", "5", "Colombelles", {"14167"}),
        ("installation_paysanne", "5", "Devenir paysan", {""}),
        ("autre", "", "CNLRQ", {""}),
        ("regie_de_quartier", "", "Belfort", {"90010"}),
    ],
)
def test_the_founding_examples_are_there(directory, kind, axis, words, codes):
    frame = directory.frame
    found = frame[(frame["type"] == kind) & frame["nom"].str.contains(words, regex=False)]
    assert len(found) == 1
    assert found["axes"].item() == axis
    assert set(found["geo_code_commune"]) == codes


def test_every_code_and_point_is_of_the_register(directory, register):
    located = directory.located.frame
    assert located["geo_code_commune"].isin(register.communes.index).all()
    under = register.locate(located["longitude"].to_numpy(), located["latitude"].to_numpy())
    assert (pd.Series(under, index=located.index) == located["geo_code_commune"]).all()
    covered = {
        code for cell in directory.frame["communes_resolues"] for code in cell.split(";") if code
    }
    assert covered <= set(register.communes.index)


def test_arrondissements_and_delegated_communes_keep_their_place(directory, register):
    paris = directory.frame.loc["tzcld-paris-13e-oudine-chevaleret-et-bedier-boutroux"]
    assert paris["code_commune"] == "75113"
    assert paris["geo_code_commune"] == "75056"
    assert paris["geo_precision"] == "arrondissement"
    hall = register.communes.loc["75056"]
    assert (
        np.hypot(paris["longitude"] - hall["longitude"], paris["latitude"] - hall["latitude"])
        > 0.01
    )
    assert paris["communes_resolues"] == "75056"
    assert directory.filter(communes=["75056"]).frame["geo_precision"].eq("arrondissement").all()


def test_words_are_those_of_the_vocabularies(directory, vocabularies):
    frame = directory.frame
    assert set(frame["type"]) <= set(vocabularies.types.codes)
    assert set(frame["statut"]) <= set(vocabularies.statuses.codes)
    assert set(frame["perimetre"]) - {""} <= set(vocabularies.perimeters.codes)
    assert set(frame["visibilite"]) <= set(vocabularies.visibilities.codes)
    assert {axis for cell in frame["axes"] for axis in cell.split(";")} - {""} == set("12345")


def test_informal_activities_have_no_address(directory):
    exposed = directory.filter(axes=["4"]).frame
    assert len(exposed) == 12
    assert (exposed["visibilite"] == "commune").all()
    assert (exposed[["adresse", "code_postal"]] == "").to_numpy().all()
    shipped = read_table((DATA / "initiatives.csv").read_bytes(), "x", limit_bytes=10**7).frame
    assert (shipped.loc[shipped["axes"] == "4", ["adresse", "code_postal", "longitude"]] == "").all(
        axis=None
    )


def test_no_personal_detail_is_shipped():
    text = (DATA / "initiatives.csv").read_text(encoding="utf-8")
    assert re.search(r"[\w.]+@[\w.]+\.\w", text) is None
    assert re.search(r"\b0[67]([ .-]?\d\d){4}\b", text) is None


def test_perimeters_are_territories_shown_for_what_they_are(directory, register):
    def perimeter(identifier):
        return perimeter_of(register, directory, identifier)

    whole = perimeter("tzcld-pipriac-et-saint-ganton")
    assert whole.communes == ("35219", "35268")
    assert (whole.partiel, whole.nom) == (False, "Pipriac et Saint-Ganton")
    assert whole.population == register.communes.loc[["35219", "35268"], "population"].sum()
    part = perimeter("tzcld-lyon-8e-plaine-santy")
    assert (part.code, part.communes, part.partiel) == ("arm:69388", ("69123",), True)
    assert part.population is None
    joint = perimeter("tzcld-pays-de-colombey-et-du-sud-toulois-colombey-les-belles")
    assert len(joint.communes) == 38
    assert joint.population is None
    assert perimeter("tzcld-tope-5-du-chatelleraudais") is None
    with pytest.raises(InvalidRequest, match="inconnue"):
        perimeter("inconnue")


# Filters and completeness


def test_filters_add_up(directory):
    by_axis = [len(directory.filter(axes=[axis])) for axis in "12345"]
    assert by_axis == [35, 57, 2, 12, 33 + 80]
    assert len(directory.filter(axes=[NO_AXIS])) == 20
    assert sum(by_axis) + 20 == len(directory)
    assert len(directory.filter(axes=["4", NO_AXIS], types=["amap"])) == 15
    assert len(directory.filter(statuses=["habilite"])) == 80
    assert len(directory.filter(types=[])) == 0
    assert len(directory.filter()) == len(directory)


def test_an_initiative_is_in_each_commune_it_covers(directory):
    for code in ("54135", "88504", "54529"):
        found = directory.filter(communes=[code], types=["tzcld"]).frame
        assert found["nom"].tolist() == ["Pays de Colombey et du Sud Toulois"]


def test_completeness_says_zero_where_nothing_is_recorded(directory, register):
    table = directory.completeness(register)
    assert len(table) == len(register.departements) + 1
    assert table["initiatives"].sum() == len(directory)
    assert table["localisees"].sum() == len(directory.located)
    assert table.loc["", "initiatives"] == len(directory.unlocated)
    assert table.loc["14", "initiatives"] == (
        directory.located.frame["geo_code_commune"].str.startswith("14").sum()
    )
    empty = table[table["initiatives"] == 0]
    assert len(empty) > 10
    assert (empty["source_recente"] == "").all()
    assert table["source_recente"].max() == "2026-11-22"


# Reading and writing


def test_the_directory_is_read_back_from_its_own_export(directory, register, vocabularies):
    for excel in (False, True):
        content = write_csv(directory.to_table(), excel=excel, header_lines=["Source : essai"])
        table = read_table(content, "x", limit_bytes=10**7)
        again = directory_from_table(table, register, vocabularies)
        assert again.frame.index.tolist() == directory.frame.index.tolist()
        for column in ("nom", "geo_code_commune", "communes_resolues", "description"):
            assert again.frame[column].tolist() == directory.frame[column].tolist()
        pd.testing.assert_series_equal(
            again.frame["longitude"], directory.frame["longitude"], atol=1e-5
        )


def test_a_point_that_nobody_gave_is_not_written_as_given(directory, register, vocabularies):
    shown = directory_from_table(read(UPLOAD), register, vocabularies)
    table = shown.to_table()
    assert table["longitude"].notna().tolist() == [True, False, False, False, False]
    hall = register.communes.loc["30350", "longitude"]
    placed = table["geo_longitude"].map(lambda text: float(text) if text else -1.0).tolist()
    assert placed == pytest.approx([3.6071, hall, hall, -1.0, hall], abs=1e-5)
    given = directory.to_table()
    assert (given["geo_precision"][given["longitude"].notna()] == "coordonnees").all()


def test_a_missing_or_damaged_directory_is_named(tmp_path, register, vocabularies):
    with pytest.raises(DataFileError, match=r"initiatives\.csv"):
        load_directory(tmp_path, register, vocabularies)
    (tmp_path / "initiatives.csv").write_text("id,nom\na,b\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="colonnes absentes : type"):
        load_directory(tmp_path, register, vocabularies)
    headings = ",".join((*COLUMNS, *GEO_COLUMNS))
    row = "," * (len(COLUMNS) + len(GEO_COLUMNS) - 1)
    (tmp_path / "initiatives.csv").write_text(f"{headings}\na{row}\na{row}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="répété"):
        load_directory(tmp_path, register, vocabularies)


def test_what_is_reserved_to_the_network_is_not_shown(tmp_path, directory, register, vocabularies):
    table = directory.to_table()
    table.loc[:4, "visibilite"] = "reseau"
    (tmp_path / "initiatives.csv").write_bytes(write_csv(table))
    loaded = load_directory(tmp_path, register, vocabularies)
    assert len(loaded) == len(directory) - 5
    assert loaded.withheld == 5
    assert not set(loaded.frame.index) & set(table.loc[:4, "id"])


# A member's file

UPLOAD = (
    "nom;type;axe;code_insee;adresse;longitude;latitude;visibilite\n"
    "Jardin;jardin_partage;2;30350;1 rue X;3.6071;43.9920;\n"
    "Atelier;autre;4;30350;2 rue Y;3.6071;43.9920;\n"
    "Cantine;autre;2;30350;3 rue Z;3.6071;43.9920;reseau\n"
    "Sans lieu;autre;;;;;;\n"
    "Jardin;jardin_partage;2;30350;4 rue X;;;bizarre\n"
)


def test_an_uploaded_file_is_shown_no_more_precisely_than_asked(register, vocabularies):
    shown = directory_from_table(read(UPLOAD), register, vocabularies).frame
    assert shown["nom"].tolist() == ["Jardin", "Atelier", "Cantine", "Sans lieu", "Jardin"]
    assert shown["visibilite"].tolist() == ["publique", "commune", "reseau", "publique", "commune"]
    assert shown["adresse"].tolist() == ["1 rue X", "", "", "", ""]
    exact, *coarse = shown["longitude"].tolist()
    assert exact == pytest.approx(3.6071)
    hall = register.communes.loc["30350", "longitude"]
    assert [coarse[0], coarse[1], coarse[3]] == pytest.approx([hall] * 3)
    assert np.isnan(coarse[2])
    assert not shown["geo_longitude"].iloc[[1, 2]].str.startswith("3.6071").any()
    assert shown.index.is_unique
    assert shown.index[0] == "jardin-partage-jardin"
    assert shown.index[4] == "jardin-partage-jardin-2"


def test_the_name_of_an_initiative_is_not_taken_for_a_place(register, vocabularies):
    shown = directory_from_table(read("nom,type\nColombelles,tzcld\n"), register, vocabularies)
    assert len(shown.located) == 0
    assert shown.frame["geo_statut"].tolist() == ["non_trouve"]


def test_ones_own_rows_join_the_directory(directory, register, vocabularies):
    own = directory_from_table(read(UPLOAD), register, vocabularies)
    both = merge_directories(directory, own)
    assert len(both) == len(directory) + len(own)
    edited = directory.to_table().head(3).assign(nom="corrigé")
    table = read_table(write_csv(edited), "x", limit_bytes=10**6)
    again = merge_directories(both, directory_from_table(table, register, vocabularies))
    assert len(again) == len(both)
    assert (again.frame["nom"] == "corrigé").sum() == 3
    assert again.frame.index.is_unique
    assert has_initiative_columns(table)
    assert not has_initiative_columns(read("nom,commune\nA,B\n"))


def test_a_file_without_names_is_refused(register, vocabularies):
    with pytest.raises(InvalidTable, match="nom"):
        directory_from_table(read("type,commune\nautre,Nîmes\n"), register, vocabularies)


def test_a_script_in_a_name_stays_text(register, vocabularies):
    table = read('nom,type,code_commune\n"<script>alert(1)</script>",autre,30350\n')
    shown = directory_from_table(table, register, vocabularies)
    assert shown.frame["nom"].tolist() == ["<script>alert(1)</script>"]
    assert shown.frame.index.tolist() == ["autre-script-alert-1-script"]


# Identifiers


def test_identifiers_are_readable():
    assert identifier("tzcld", "Colombelles", "Colombelles") == "tzcld-colombelles"
    assert identifier("amap", "AMAP Les Castors bio", "Montreuil") == (
        "amap-les-castors-bio-montreuil"
    )
    assert identifier("", "", "") == "initiative"


@given(st.text(), st.text(), st.text())
def test_an_identifier_is_always_a_slug(kind, name, commune):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier(kind, name, commune))


@given(st.lists(st.sampled_from(["a", "a-2", "b", "a-3"]), max_size=12), st.data())
def test_a_new_row_changes_no_identifier_above(wanted, data):
    names = distinct(wanted)
    assert len(set(names)) == len(names)
    assert distinct([*wanted, data.draw(st.sampled_from(["a", "b"]))])[:-1] == names


# Vocabularies


def test_axes_are_told_apart_by_everyone(vocabularies):
    colours = [term.colour for term in vocabularies.axes.terms.values()]
    colours.append(vocabularies.no_axis.colour)
    assert len(colours) == 6
    for sight in SIGHTS.values():
        seen = [_lab(sight @ _linear(colour)) for colour in colours]
        for one, other in itertools.combinations(seen, 2):
            assert np.linalg.norm(one - other) > 15  # CIE76: 2.3 is just noticeable


def test_vocabularies_have_labels_colours_icons(vocabularies):
    assert vocabularies.axes.codes == ("1", "2", "3", "4", "5")
    assert NO_AXIS not in vocabularies.axes
    types = vocabularies.types.terms.values()
    assert all(re.fullmatch(r"#[0-9A-F]{6}", term.colour) for term in types)
    assert len({term.icon for term in types}) == len(types)
    assert vocabularies.types.label("ptce") == "PTCE"
    assert vocabularies.types.label("inconnu au bataillon") == "inconnu au bataillon"
    assert vocabularies.axis_colour("") == vocabularies.no_axis.colour
    assert vocabularies.axis_colour("4;2") == vocabularies.axes.term("4").colour
    assert vocabularies.axis_label("2;5").startswith("2 · Initiatives volontaires")
    assert vocabularies.axis_label("") == "Sans axe"


def test_a_damaged_vocabulary_is_named(tmp_path):
    shutil.copytree(DATA / "vocabulaires", tmp_path / "vocabulaires")
    (tmp_path / "vocabulaires" / "types.csv").write_text("code,libelle\na,A\na,B\n")
    with pytest.raises(DataFileError, match=r"types\.csv"):
        load_vocabularies(tmp_path)
    (tmp_path / "vocabulaires" / "types.csv").unlink()
    with pytest.raises(DataFileError, match=r"types\.csv"):
        load_vocabularies(tmp_path)


# Needs observed


def test_needs_ship_empty_and_are_read_when_filled(tmp_path):
    assert len(load_needs(DATA)) == 0
    path = tmp_path / "besoins.csv"
    headings = (DATA / "besoins.csv").read_text(encoding="utf-8").strip()
    path.write_text(f"{headings}\nb-1,30350,mobilite,Pas de car,2026-03,\n", encoding="utf-8")
    needs = load_needs(tmp_path)
    assert needs.for_communes(["30350"]).frame["domaine"].tolist() == ["mobilite"]
    assert len(needs.for_communes(["75056"])) == 0
    assert needs.counts().to_dict() == {"30350": 1}
    path.write_text("id,domaine\nb-1,mobilite\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="code_commune"):
        load_needs(tmp_path)


def test_a_missing_table_is_said_once_in_french(tmp_path, register, vocabularies):
    for name, load in (
        ("besoins.csv", lambda: load_needs(tmp_path)),
        ("initiatives.csv", lambda: load_directory(tmp_path, register, vocabularies)),
    ):
        with pytest.raises(DataFileError) as caught:
            load()
        said = str(caught.value)
        assert said.startswith(f"{tmp_path / name} : fichier absent. ")
        assert said.count(name) == 1
        assert "No such file" not in said
        assert ")." not in said.replace("besoins.md)", "")


# Building


@needs_facts
def test_the_shipped_file_is_what_the_builder_makes(tmp_path):
    for entry in ("communes", "vocabulaires"):
        (tmp_path / entry).symlink_to(DATA / entry)
    summary = build_initiatives(tmp_path, FACTS)
    assert (tmp_path / "initiatives.csv").read_bytes() == (DATA / "initiatives.csv").read_bytes()
    assert "239 initiatives" in str(summary)
    assert default_facts_dir(DATA) == FACTS


def test_without_facts_nor_directory_nothing_is_said_to_be_kept(tmp_path):
    with pytest.raises(SourceUnavailable, match="Il n'y a pas encore d'annuaire") as caught:
        build_initiatives(tmp_path, tmp_path / "absent")
    assert "gardé" not in str(caught.value)


def test_without_facts_the_shipped_file_stays(tmp_path):
    (tmp_path / "initiatives.csv").write_text("gardé", encoding="utf-8")
    with pytest.raises(SourceUnavailable, match="gardé"):
        build_initiatives(tmp_path, tmp_path / "absent")
    assert (tmp_path / "initiatives.csv").read_text(encoding="utf-8") == "gardé"


def _matrix(numbers):
    return np.array(numbers.split(), dtype=float).reshape(3, 3)


SIGHTS = {  # Machado, Oliveira and Fernandes 2009, full severity, linear RGB
    "ordinaire": np.eye(3),
    "protanopie": _matrix(
        "0.152286 1.052583 -0.204868  0.114503 0.786281 0.099216  -0.003882 -0.048116 1.051998"
    ),
    "deuteranopie": _matrix(
        "0.367322 0.860646 -0.227968  0.280085 0.672501 0.047413  -0.011820 0.042940 0.968881"
    ),
    "tritanopie": _matrix(
        "1.255528 -0.076749 -0.178779  -0.078411 0.930809 0.147602  0.004733 0.691367 0.303900"
    ),
}


def _linear(colour):
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ np.clip(linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
