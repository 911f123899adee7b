"""Job seekers, benefits, programmes, vacant homes: read from the producers' own files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from territoires.errors import SourceUnavailable, UnexpectedFormat
from territoires.sources.combining import load_declared
from territoires.sources.conversion import load_passages, to_current
from territoires.sources.lengths import long_term_labels, span_of
from territoires.sources.opening import recognise
from territoires.sources.registry import available_sources
from tests.conftest import DATA, SAMPLES
from tests.readings import read

DARES = SAMPLES / "dares-france-travail" / "dares_defm_communales_extrait.csv"
CNAF = SAMPLES / "cnaf-rsa" / "cnaf_s_ben_com_extrait.csv"
LOVAC = SAMPLES / "lovac" / "lovac_opendata_dep.csv"
QPV = SAMPLES / "qpv" / "qpv_95_2024.geojson"
FRANCE_SERVICES = SAMPLES / "france-services" / "liste-fs-20240801.csv"
PVD = SAMPLES / "anct-programmes" / "petites_villes_de_demain_extrait.csv"
ACV = SAMPLES / "anct-programmes" / "action_coeur_de_ville_extrait.csv"
MINE = {
    "dares_communes": DARES, "cnaf_rsa": CNAF, "dgaln_lovac_departements": LOVAC, "anct_qpv": QPV,
    "anct_france_services": FRANCE_SERVICES, "anct_pvd": PVD, "anct_acv": ACV,
}  # fmt: skip
UNVERIFIED = {"dares_zones_emploi", "anct_frr", "dgaln_lovac_communes"}
real = pytest.mark.echantillons


@dataclass
class Bench:
    register: object
    passages: object
    references: dict = field(default_factory=dict)

    def reference(self, name: str) -> pd.DataFrame:
        if name not in self.references:
            raise SourceUnavailable(f"il manque {name}")
        return self.references[name]


@pytest.fixture
def bench(register) -> Bench:
    return Bench(register, load_passages(DATA))


def values(reading, measure: str) -> pd.Series:
    rows = reading.measures[reading.measures["code_mesure"] == measure]
    return rows.set_index("code_commune")["valeur"]


def statuses(reading, measure: str) -> pd.Series:
    rows = reading.measures[reading.measures["code_mesure"] == measure]
    return rows.set_index("code_commune")["statut"]


def written(tmp_path: Path, text: str, name: str = "fichier.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# What is declared


def test_every_entry_uses_measures_that_a_source_or_the_estimate_gives() -> None:
    from territoires.sources.estimation import ESTIMATION

    given = {m.code for s in available_sources().values() for m in s.measures}
    given |= {m.code for m in ESTIMATION.measures} | {"population_15_64", "residences_principales"}
    mine = {m.code for code in UNVERIFIED | set(MINE) for m in available_sources()[code].measures}
    used = {measure for one in load_declared(DATA).values() for measure in one.formula.measures}
    assert mine - used == {"demandeurs_emploi_longue_duree_ze"}
    entries = load_declared(DATA).values()
    for one in entries:
        if set(one.formula.measures) & mine:
            assert set(one.formula.measures) <= given, one.code
    models = {one.code for one in entries if one.entry.get("modele")}
    assert models == {m.code for m in ESTIMATION.measures}


@real
@pytest.mark.parametrize(("code", "path"), MINE.items(), ids=list(MINE))
def test_a_real_file_is_recognised_as_its_own(code: str, path: Path) -> None:
    assert recognise(path, available_sources())[0].code == code


# Job seekers


@real
def test_job_seekers_give_the_published_totals(bench) -> None:
    reading = read("dares_communes", DARES, bench)
    seekers = values(reading, "demandeurs_emploi_abc")
    assert (reading.vintage, reading.cog_year, reading.complete) == ("2024-T4", 2024, False)
    assert seekers[seekers.index.str.startswith("33")].sum() == 142_570
    assert (seekers["33063"], seekers["75056"]) == (29_190, 196_995)
    assert values(reading, "demandeurs_emploi_moins_25")["33063"] == 4_050
    assert values(reading, "demandeurs_emploi_50_plus")["75056"] == 55_840
    # Lyon and its arrondissement are both passed on; the conversion keeps the city.
    assert {"69123", "69381"} <= set(seekers.index)


@real
def test_a_city_is_not_counted_with_its_arrondissements(bench, register) -> None:
    reading = read("dares_communes", DARES, bench)
    converted = to_current(
        reading, available_sources()["dares_communes"], register, load_passages(DATA)
    )
    table = converted.table[converted.table["code_mesure"] == "demandeurs_emploi_abc"]
    table = table.set_index("code_commune")["valeur"]
    assert table["75056"] == 196_995
    assert table.reindex(["75101", "69381"]).isna().all()
    assert table.count() == 534 + 3


@real
def test_a_changed_figure_is_refused_by_its_published_total(bench, tmp_path) -> None:
    text = DARES.read_text("utf-8-sig").replace(";Total;Total;29190", ";Total;Total;29195")
    with pytest.raises(UnexpectedFormat, match=r"29.195 au lieu des 29.190|142.575"):
        read("dares_communes", written(tmp_path, text), bench)


def dares(*rows: str) -> str:
    head = (
        "Date;Code commune;Type de données;Catégorie;Sexe;Tranche d'âge;"
        "Nombre de demandeurs d'emploi"
    )
    return "\n".join([head, *rows, ""])


AGES = ("Total", "Moins de 25 ans", "50 ans et plus")


def of_commune(code: str, date: str = "2023-T4", count: str = "5") -> list[str]:
    return [f"{date};{code};Brutes;ABC;Total;{age};{count}" for age in AGES]


def test_aggregates_and_earlier_quarters_are_left_out(bench, tmp_path) -> None:
    rows = [*of_commune("01001", "2022-T4", "80"), *of_commune("01001"), *of_commune("Total")]
    reading = read("dares_communes", written(tmp_path, dares(*rows)), bench)
    assert values(reading, "demandeurs_emploi_abc").to_dict() == {"01001": 5.0}
    assert (reading.vintage, reading.cog_year) == ("2023-T4", 2023)


def test_a_missing_count_stays_missing(bench, tmp_path) -> None:
    rows = [*of_commune("01001", count=""), *of_commune("01002")]
    reading = read("dares_communes", written(tmp_path, dares(*rows)), bench)
    assert statuses(reading, "demandeurs_emploi_abc")["01001"] == "non_disponible"
    assert pd.isna(values(reading, "demandeurs_emploi_abc")["01001"])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*of_commune("01001"), *of_commune("01001")], "deux lignes"),
        (of_commune("01001")[:1], "Moins de 25 ans"),
        (of_commune("01001", date="2023"), "« 2023 » inattendu"),
        ([r.replace("Brutes", "CVS-CJO") for r in of_commune("01001")], "aucune ligne"),
        (of_commune("01001", count="beaucoup"), "beaucoup"),
    ],
)
def test_what_is_not_understood_is_refused(bench, tmp_path, rows, told) -> None:
    with pytest.raises(UnexpectedFormat, match=told):
        read("dares_communes", written(tmp_path, dares(*rows)), bench)


# Long-term unemployment by zone d'emploi


@pytest.mark.parametrize(
    ("label", "span"),
    [
        ("Moins de 1 an", (0, 12)),
        ("Moins d’un an", (0, 12)),
        ("De 1 an à moins de 2 ans", (12, 24)),
        ("De 6 à moins de 12 mois", (6, 12)),
        ("2 ans à moins de 3 ans", (24, 36)),
        ("1 an ou plus", (12, float("inf"))),
        ("3 ans et +", (36, float("inf"))),
        ("12 mois et plus", (12, float("inf"))),
        ("Plus d'un an", (12, float("inf"))),
        ("Inscrits depuis 1 an ou plus", (12, float("inf"))),
    ],
)
def test_a_length_is_read_whatever_its_wording(label: str, span: tuple[float, float]) -> None:
    assert span_of(label) == span


def test_the_labels_of_a_year_or_more_are_chosen() -> None:
    detailed = ["Total", "Moins de 1 an", "De 1 an à moins de 2 ans", "2 ans ou plus"]
    assert long_term_labels(detailed, "f") == {"De 1 an à moins de 2 ans", "2 ans ou plus"}
    # The whole and its parts: the whole alone, or it would be counted twice.
    assert long_term_labels([*detailed, "1 an ou plus"], "f") == {"1 an ou plus"}


@pytest.mark.parametrize(
    "labels",
    [
        ["Moins de 1 an", "Ancien"],
        ["Moins de 18 mois", "18 mois et plus"],
        ["De 1 an à moins de 2 ans", "3 ans ou plus"],
        ["Moins de 1 an"],
    ],
)
def test_labels_that_do_not_part_at_a_year_are_refused_and_listed(labels: list[str]) -> None:
    with pytest.raises(UnexpectedFormat, match=labels[-1]):
        long_term_labels(["Total", *labels], "zones.csv")


ZONES_HEAD = (
    "Date;Code région;Région;Code zone d'emploi;Zone d'emploi;Type de données;Catégorie;Sexe;"
    "Tranche d'âge;Ancienneté;Nombre de demandeurs d'emploi"
)


def zone(code: str, length: str, count: object, date: str = "2026-T1", category: str = "ABC"):
    return f"{date};84;ARA;{code};Zone;Brutes;{category};Total;Total;{length};{count}"


def zones_file(tmp_path: Path, *rows: str) -> Path:
    return written(tmp_path, "\n".join([ZONES_HEAD, *rows, ""]))


@pytest.fixture
def with_zones(bench) -> Bench:
    table = pd.DataFrame({"ZE2020": ["0101", "8405", None]}, index=["01001", "01002", "01004"])
    table.index.name = "code_commune"
    bench.references["appartenance"] = table
    return bench


def test_each_commune_carries_the_figure_of_its_zone(with_zones, tmp_path) -> None:
    path = zones_file(
        tmp_path,
        zone("101", "Total", 1000), zone("101", "Moins de 1 an", 600),
        zone("101", "De 1 an à moins de 2 ans", 300), zone("101", "2 ans ou plus", 100),
        zone("8405", "Total", 500), zone("8405", "De 1 an à moins de 2 ans", 50),
        zone("8405", "2 ans ou plus", ""), zone("101", "Total", 9, date="2020-T1"),
        zone("101", "Total", 800, category="A"),
    )  # fmt: skip
    reading = read("dares_zones_emploi", path, with_zones)
    share = values(reading, "part_longue_duree_ze")
    assert share["01001"] == pytest.approx(40.0)
    assert values(reading, "demandeurs_emploi_longue_duree_ze")["01001"] == 400
    # A part that is not published leaves the zone unknown, it does not make it lower.
    assert share[["01002", "01004", "75056"]].isna().all()
    assert set(statuses(reading, "part_longue_duree_ze")[share.isna()]) == {"non_disponible"}
    assert (reading.vintage, reading.cog_year) == ("2026-T1", with_zones.register.cog)
    assert reading.complete is False


def test_a_file_without_lengths_is_refused_with_what_it_holds(with_zones, tmp_path) -> None:
    with pytest.raises(UnexpectedFormat, match=r"ancienneté.*Total"):
        read("dares_zones_emploi", zones_file(tmp_path, zone("101", "Total", 10)), with_zones)


def test_zones_need_the_table_of_memberships(bench, tmp_path) -> None:
    rows = [zone("101", "Total", 10), zone("101", "1 an ou plus", 4)]
    with pytest.raises(SourceUnavailable, match="appartenance"):
        read("dares_zones_emploi", zones_file(tmp_path, *rows), bench)
    assert available_sources()["dares_zones_emploi"].requires == ("appartenance",)


# RSA


@real
def test_rsa_of_the_latest_december(bench, register) -> None:
    reading = read("cnaf_rsa", CNAF, bench)
    rsa = values(reading, "foyers_rsa")
    assert (reading.vintage, reading.cog_year) == ("2024-12", 2024)
    assert (rsa["33063"], values(reading, "foyers_ppa")["33063"]) == (9_260, 26_745)
    assert rsa[rsa.index.str.startswith("33")].sum() == 40_000
    assert "" not in rsa.index
    assert "6\u202f675" in reading.notes[0]
    source = available_sources()["cnaf_rsa"]
    assert any("MSA" in gap for gap in source.gaps)
    converted = to_current(reading, source, register, load_passages(DATA)).table
    paris = converted[converted["code_commune"] == "75056"].set_index("code_mesure")["valeur"]
    assert paris["foyers_rsa"] == rsa[rsa.index.str.startswith("751")].sum() == 63_210


# Vacant homes


@real
def test_vacancy_by_departement_is_carried_by_its_communes(bench) -> None:
    reading = read("dgaln_lovac_departements", LOVAC, bench)
    share = values(reading, "part_vacants_2ans_departement")
    assert (reading.vintage, reading.complete) == ("2025", True)
    assert share["01001"] == pytest.approx(100 * 12_070 / 293_837)
    assert share["97611"] == pytest.approx(100 * 2_960 / 30_332)
    assert share["2A004"] == pytest.approx(100 * 7_168 / 116_920)
    assert share.groupby(share.index.str[:2]).nunique()["01"] == 1
    assert share.notna().all()
    assert len(share) == 34_875


def test_vacancy_by_commune_keeps_the_secret(bench, tmp_path) -> None:
    text = (
        "CODGEO_26;LIBGEO_26;pp_vacant_26;pp_vacant_plus_2ans_26;ff_pp_total_25;"
        "pp_vacant_plus_2ans_25;ff_pp_total_24\n"
        "01001;L'Abergement-Clémenciat;30;s;400;12;395\n"
        "75101;Paris 1er;1 200;300;12 000;280;11 900\n"
    )
    reading = read("dgaln_lovac_communes", written(tmp_path, text, encoding="cp1252"), bench)
    assert statuses(reading, "logements_vacants_2ans")["01001"] == "secret"
    assert pd.isna(values(reading, "logements_vacants_2ans")["01001"])
    assert values(reading, "logements_prives").to_dict() == {"01001": 400.0, "75101": 12_000.0}
    assert (reading.vintage, reading.cog_year, reading.complete) == ("2026", 2026, False)
    assert "2026" in reading.notes[0]
    assert "2025" in reading.notes[0]


def test_vacancy_without_a_stock_of_its_time_is_refused(bench, tmp_path) -> None:
    text = "CODGEO_26;LIBGEO_26;pp_vacant_plus_2ans_26;pp_total_20\n01001;X;3;100\n"
    with pytest.raises(UnexpectedFormat, match="pp_total_20"):
        read("dgaln_lovac_communes", written(tmp_path, text), bench)


# Neighbourhoods


@real
def test_neighbourhoods_of_a_local_file_are_placed_by_name(bench) -> None:
    reading = read("anct_qpv", QPV, bench)
    counts = values(reading, "qpv_nombre")
    # Argenteuil has eight of them, one of which is also in Saint-Gratien and two in Bezons.
    assert (counts["95018"], counts["95063"], counts["95555"]) == (8, 3, 2)
    assert counts["95218"] == 1  # spelt « Eragny »: settled by the map
    assert (reading.complete, reading.notes) == (False, ())
    outlines = reading.references["qpv"]
    assert (len(outlines), str(outlines.crs)) == (42, "EPSG:4326")


def test_neighbourhoods_over_several_communes(bench, tmp_path) -> None:
    text = (
        "code_qp;lib_qp;insee_com\n"
        'QN06001M;Un;"=""60057"""\n'
        'QN06002M;Deux;"60057;60175"\n'
        'QN06003M;Trois;"60175, 60057"\n'
        "QN06004M;Quatre;\n"
    )
    reading = read("anct_qpv", written(tmp_path, text), bench)
    assert values(reading, "qpv_nombre").to_dict() == {"60057": 3.0, "60175": 2.0}
    assert "QN06004M" in reading.notes[0]


@pytest.mark.parametrize(("code", "told"), [("QP009001", "génération 2015"), ("60057", "QN")])
def test_another_generation_of_codes_is_refused(bench, tmp_path, code: str, told: str) -> None:
    text = f"code_qp;lib_qp;insee_com\n{code};Un;60057\n"
    with pytest.raises(UnexpectedFormat, match=told):
        read("anct_qpv", written(tmp_path, text), bench)


@real
def test_the_indicators_of_2015_are_not_the_list_of_2024(bench) -> None:
    with pytest.raises(UnexpectedFormat, match="insee_com"):
        read("anct_qpv", SAMPLES / "qpv" / "qp_occitanie_2015.csv", bench)


# France services


@real
def test_distance_to_the_nearest_france_services(bench, register) -> None:
    reading = read("anct_france_services", FRANCE_SERVICES, bench)
    distances = values(reading, "distance_france_services")
    counts = values(reading, "france_services_nombre")
    assert (reading.vintage, reading.complete, reading.rows) == ("2024-05", True, 2_845)
    assert counts.sum() == 2_845 - 2  # two are in Saint-Martin
    assert (counts["75056"], counts["13055"]) == (11, 13)
    assert distances.notna().all()
    assert len(distances) == 34_875
    assert distances.median() == pytest.approx(6.1, abs=0.1)
    # A commune that has one is near it; measured again from the positions of the file.
    assert distances.reindex(counts.index).median() < 1.0
    valserhone = register.communes.loc["01033"]
    from territoires.communes.projection import project

    x, y = project([5.8260084241619], [46.1060711578546], 2154)
    away = ((x - valserhone["x_local"]) ** 2 + (y - valserhone["y_local"]) ** 2) ** 0.5 / 1000
    assert distances["01033"] == pytest.approx(float(away[0]), abs=0.001)


FS_HEAD = "id_fs,insee_com,latitude,longitude,format_fs,labellisation_fs,mail"


def test_a_position_far_from_its_commune_is_counted_but_not_measured(bench, tmp_path) -> None:
    good = "1,01033,46.106,5.826,Fixe,Espace labellisé 01/01/2020,"
    lost = "2,01034,48.85,2.35,Fixe,Espace labellisé 01/03/2021,"
    none = "3,01072,,,Itinérante,Espace labellisé 01/03/2021,"
    text = "\n".join([FS_HEAD, good, lost, none, ""])
    reading = read("anct_france_services", written(tmp_path, text), bench)
    assert values(reading, "france_services_nombre").to_dict() == {
        "01033": 1.0, "01034": 1.0, "01072": 1.0,
    }  # fmt: skip
    told = " ".join(reading.notes)
    assert "sans position" in told
    assert "trop éloignée" in told
    # Three places are not the country: the nearest of an extract is not the nearest.
    assert "distance_france_services" not in set(reading.measures["code_mesure"])
    assert reading.vintage == "2021-03"


# Programmes


@real
def test_programmes_with_their_two_ways_of_writing_days(bench) -> None:
    towns = read("anct_pvd", PVD, bench)
    cities = read("anct_acv", ACV, bench)
    assert (towns.vintage, cities.vintage) == ("2022-01", "2024-05")
    assert (towns.complete, cities.complete) == (False, False)
    assert set(values(towns, "petite_ville_de_demain")) == {1.0}
    assert len(values(towns, "petite_ville_de_demain")) == 26
    assert "11069" in values(cities, "action_coeur_de_ville").index


@pytest.mark.parametrize(
    ("row", "told"),
    [("01033,X,pvd-1,mars 2021", "mars 2021"), ("1033,X,pvd-1,2021-03-12", "1033")],
)
def test_a_programme_list_that_is_not_understood(bench, tmp_path, row: str, told: str) -> None:
    text = f"insee_com,lib_com,id_pvd,date_signature\n{row}\n"
    with pytest.raises(UnexpectedFormat, match=told):
        read("anct_pvd", written(tmp_path, text), bench)


def test_the_slashes_of_2026_and_blanks_are_read(bench, tmp_path) -> None:
    text = (
        "insee_com,lib_com,id_pvd,date_signature\n"
        "01033,Valserhône,pvd-1,12/03/2026\n01034,Belley,pvd-2,\n"
    )
    reading = read("anct_pvd", written(tmp_path, text), bench)
    assert (reading.vintage, len(reading.measures)) == ("2026-03", 2)
    assert "1 communes sans date" in reading.notes[0]


def test_rural_zoning_in_both_forms(bench, tmp_path) -> None:
    text = "codgeo;libgeo;codefrr\n01001;A;-9999\n01080;B;4\n01002;C;5\n"
    reading = read("anct_frr", written(tmp_path, text), bench)
    classes = {"01001": 0.0, "01080": 4.0, "01002": 5.0}
    assert values(reading, "zonage_frr").to_dict() == classes
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    lines = [["Zonage"], [], ["Source"], [], ["codgeo", "libgeo", "codefrr"]]
    for line in [*lines, ["01001", "A", None], ["01080", "B", 4], ["01002", "C", 5]]:
        book.active.append(line)
    book.save(tmp_path / "frr.xlsx")
    assert values(read("anct_frr", tmp_path / "frr.xlsx", bench), "zonage_frr").to_dict() == classes


def test_an_unknown_class_is_refused(bench, tmp_path) -> None:
    text = "codgeo;libgeo;codefrr\n01001;A;3\n"
    with pytest.raises(UnexpectedFormat, match="classe 3 inconnue"):
        read("anct_frr", written(tmp_path, text), bench)
