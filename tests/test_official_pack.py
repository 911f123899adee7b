"""The application with the official figures: they come and go without a restart."""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from territoires.candidates import CandidateList, CandidateQuery, candidate_table, find_candidates
from territoires.exports import ExportBundle, exporter, read_back
from territoires.maps import MapSpec
from territoires.settings import load_settings
from territoires.shortlist import Shortlist, ShortlistItem, shortlist_table
from territoires.sources.fetching import Client
from territoires.sources.updating import Request, update
from territoires.sources.version_store import go_back, use_version
from territoires.ui import server
from territoires.ui.background import Progress, jobs
from territoires.ui.filters import Scope
from territoires.ui.provenance import indicators_of, provenance
from territoires.ui.table_twin import twin_of
from territoires.versions import current_identifier, current_version
from tests.conftest import SAMPLES
from tests.producers import zipped
from tests.test_api import get, served
from tests.test_pages import html, once_found, open_page, text
from tests.test_updating import national_facilities

pytestmark = pytest.mark.echantillons


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a version of the real files, and of invented facilities for the whole country."""
    folder = tmp_path_factory.mktemp("officiel")
    offered = folder / "fichiers"
    offered.mkdir()
    (offered / "bpe.zip").write_bytes(zipped(DS_BPE_2024_data__csv=national_facilities()))
    for name in (
        "insee-comparateur/base_cc_comparateur_csv.zip",
        "insee-filosofi/cc_filosofi_2021_COM.csv",
        "dares-france-travail/dares_defm_communales_extrait.csv",
    ):
        (offered / Path(name).name).symlink_to(SAMPLES / name)
    settings = load_settings({"TERRITOIRES_DONNEES": str(folder / "utilisateur")})
    client = Client(folder / "t", mirror=None, tell=lambda _line: None)
    report = update(
        settings, Request(offered=str(offered)), client, lambda _line: None, date(2026, 11, 23)
    )
    assert not report.failed
    return settings.user_data_dir


@pytest.fixture(autouse=True)
def in_use(official: Path, monkeypatch: pytest.MonkeyPatch):
    """Use that version, look for another one at each request, and leave nothing behind."""
    monkeypatch.setenv("TERRITOIRES_DONNEES", str(official))
    monkeypatch.setattr(server, "LOOK_EVERY_SECONDS", 0.0)
    identifier = current_identifier(official)
    server.forget_workspace()
    yield
    use_version(official, identifier)
    server.forget_workspace()


def test_the_candidates_rank_on_the_official_figures() -> None:
    page = once_found(open_page("candidats", unite="commune"))
    assert not page.exception
    assert page.selectbox(key="candidats.recette").value == "besoins_sociaux"
    assert "Données embarquées seules" not in text(page)
    labels = [slider.label for slider in page.select_slider]
    assert "Taux de chômage (recensement)" in labels
    assert "Logements vacants" in labels


def test_new_figures_come_and_go_without_a_restart(official: Path) -> None:
    assert "officiel" in set(open_page("donnees").dataframe[0].value["Données"])
    before = server.shared_workspace()
    directory = before.directory
    assert "taux_pauvrete" in before.indicators.catalogue
    go_back(official)
    after = server.shared_workspace()
    assert "taux_pauvrete" not in after.indicators.catalogue
    assert after.colours.version != before.colours.version
    assert after.directory is directory  # what did not change is not loaded again
    page = open_page("carte")
    assert "Données embarquées seules" in text(page)
    assert page.selectbox(key="carte.couleur").value == "recette.deprise_eloignement"
    assert set(open_page("donnees").dataframe[0].value["Données"]) == {"embarqué"}


def test_work_on_figures_that_are_replaced_is_stopped(official: Path) -> None:
    server.shared_workspace()
    started = threading.Event()

    def endless(progress: Progress) -> None:
        while True:
            progress(0.5)
            started.set()
            time.sleep(0.002)

    job = jobs.start("anciens chiffres", endless, "v")
    try:
        assert started.wait(10)
        server.shared_workspace()
        assert not job.wait(0.1), "the same figures: the work goes on"
        go_back(official)
        server.shared_workspace()
        assert job.wait(10)
        assert jobs.find("anciens chiffres") is None
    finally:
        job.stop()


def test_the_invitation_closes_for_the_session(official: Path) -> None:
    go_back(official)
    page = open_page("carte")
    page.button(key="official_notice.close").click().run()
    assert "Données embarquées seules" not in text(page)


@pytest.mark.parametrize("damage", ["version.json", "indicateurs/valeurs.parquet"])
def test_a_damaged_version_is_said_and_the_pages_go_on(official: Path, damage: str) -> None:
    version = current_version(official)
    assert version is not None
    path = version.folder / damage
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    try:
        server.forget_workspace()
        page = open_page("carte")
        assert not page.exception
        assert any("prennent le relais" in warning.value for warning in page.warning)
        assert "taux_pauvrete" not in server.shared_workspace().indicators.catalogue
    finally:
        path.write_bytes(content)


def test_figures_made_for_other_communes_are_set_aside(official: Path) -> None:
    version = current_version(official)
    assert version is not None
    path = version.folder / "version.json"
    content = path.read_text("utf-8")
    path.write_text(content.replace('"registre": "2026.1', '"registre": "2025.1'))
    try:
        server.forget_workspace()
        workspace = server.shared_workspace()
        assert workspace.data_version is None
        assert "territoires actualiser" in workspace.official.problem
    finally:
        path.write_text(content)


def test_why_a_figure_is_missing_is_said_to_the_last_place() -> None:
    page = open_page("carte", lieu="com:30350", couleur="taux_pauvrete")
    assert "secret statistique" in html(page) or "%" in html(page)
    page.toggle(key="carte.tableau").set_value(True).run()
    table = page.dataframe[0].value
    assert {"secret statistique", "publié"} <= set(table["Statut du chiffre"])
    legend = html(page)
    assert "secret statistique, 30\u202f398 communes" in legend
    assert "hors champ de la source, 71 communes" in legend
    assert "132 communes à la valeur plancher" in legend
    page = open_page("carte", lieu="com:97105")
    assert "hors champ de la source" in html(page)
    page = open_page("carte", lieu="com:33063")
    assert "effectifs arrondis à 5 par le producteur" in html(page)


STATUSES = {"97105": "hors_champ", "30350": "publie", "30001": "secret"}
POVERTY = "taux_pauvrete"


def read_csv(content: bytes) -> pd.DataFrame:
    return read_back(content, "essai.csv", limit_bytes=10**8)


def candidates_of(codes: tuple[str, ...]) -> CandidateList:
    space = server.shared_workspace()
    query = CandidateQuery(space.recipes["besoins_sociaux"], members=codes, count=20)
    return find_candidates(space.register, space.indicators, space.directory, query)


def a_floor() -> str:
    column = server.shared_workspace().indicators.statuses[POVERTY]
    return str(column.index[column == "plancher"][0])


@pytest.mark.parametrize("code", ["csv_excel", "csv", "geojson"])
def test_the_export_of_the_candidates_says_why_a_figure_is_missing(code: str) -> None:
    expected = {**STATUSES, a_floor(): "plancher"}
    found = candidates_of(tuple(expected))
    table = candidate_table(found)
    outlines = [found.context.register.geometries[0]] * len(table)
    content = exporter(code).write(ExportBundle("essai", table, (), outlines))
    if code == "geojson":
        rows = [feature["properties"] for feature in json.loads(content)["features"]]
    else:
        rows = read_csv(content).to_dict("records")
    told = {row["codes_communes"]: row[f"statut_{POVERTY}"] for row in rows}
    assert told == expected
    secret = next(row for row in rows if row["codes_communes"] == "30001")
    assert not secret[f"valeur_{POVERTY}"]


@pytest.mark.parametrize("code", ["csv", "geojson"])
def test_the_export_of_the_shortlist_says_why_a_figure_is_missing(code: str) -> None:
    space = server.shared_workspace()
    chosen = Shortlist("essai")
    for commune in STATUSES:
        chosen = chosen.add(ShortlistItem(f"com:{commune}", commune))
    table = shortlist_table(
        chosen, space.register, space.indicators, space.directory, (POVERTY, "demandeurs_emploi")
    )
    lines = provenance(space, indicators_of(space, (POVERTY, "demandeurs_emploi")))
    content = exporter(code).write(
        ExportBundle("essai", table, lines, [space.register.geometries[0]] * len(table))
    )
    if code == "geojson":
        document = json.loads(content)
        rows = [feature["properties"] for feature in document["features"]]
        head = " ".join(document["sources"])
    else:
        rows, head = read_csv(content).to_dict("records"), content.decode()
    told = {row["code_territoire"].removeprefix("com:"): row[f"statut_{POVERTY}"] for row in rows}
    assert told == STATUSES
    assert "Inscrits à France Travail (A, B, C) (pers.), effectifs arrondis à 5" in head


def test_the_export_of_the_map_says_why_a_figure_is_missing() -> None:
    space = server.shared_workspace()
    colouring = space.colours.colouring(MapSpec.for_indicator(POVERTY))
    table = twin_of(space, colouring, "Taux de pauvreté", Scope("pays:FR", "France", None))
    told = read_csv(exporter("csv_excel").write(ExportBundle("essai", table))).set_index("Code")
    words = told["Statut du chiffre"]
    assert words[[*STATUSES, a_floor()]].tolist() == [
        "hors champ de la source", "publié", "secret statistique",
        "valeur plancher : la valeur réelle peut être plus basse",
    ]  # fmt: skip
    assert told.loc["97105", "Rang"] == ""


def test_the_api_and_the_tiles_know_the_new_figures() -> None:
    version = server.shared_workspace().colours.version.replace("+", "%2B")
    with served(server.shared_workspace) as address:
        tile = f"{address}/tuiles/5/15/11.png?indicateur=taux_pauvrete"
        assert get(f"{address}/sante").json["indicateurs"] > 20
        drawn, plain = get(f"{tile}&montre=statuts&v={version}"), get(f"{tile}&v={version}")
        wrong = get(f"{tile}&montre=autre")
    assert drawn.status == plain.status == 200
    assert drawn.body != plain.body
    assert wrong.status == 400
    assert "statuts" in wrong.text


def test_the_page_of_the_data_shows_each_figure_and_each_source() -> None:
    page = open_page("donnees", indicateur="demandeurs_emploi")
    assert not page.exception
    listing = page.dataframe[0].value
    assert "officiel" in set(listing["Données"])
    sheet = html(page)
    assert "effectifs arrondis à 5" in sheet
    assert "Où ce chiffre existe" in sheet
    assert "territoires actualiser dares_communes" in sheet
    assert "<b>extrait</b>" in sheet


def test_a_median_is_never_merged_and_its_range_is_shown() -> None:
    table = server.shared_workspace().indicators
    communes = ["30350", "30339", "30298"]
    medians = table.comparable["niveau_vie_median"][communes].dropna()
    viganais = table.for_territory(communes).set_index("code").loc["niveau_vie_median"]
    assert len(medians) > 1
    assert viganais[["valeur"]].isna().all()
    assert (viganais["minimum"], viganais["maximum"]) == (medians.min(), medians.max())
    page = open_page("carte", lieu="epci:243000270")
    assert re.search(r"de \d\d.\d{3}.* à \d\d.\d{3}.* selon les communes", html(page))
    assert "cette valeur ne se combine pas entre communes" in html(page)
    assert "moyenne des communes, pondérée par leur population" in html(page)
    # A rate of the same territory is the rate of its sums, never a mean of rates.
    rate = table.for_territory(communes).set_index("code").loc["taux_chomage_recensement", "valeur"]
    sums = [
        frame["taux_chomage_recensement"][communes].sum()
        for frame in (table.numerators, table.denominators)
    ]
    assert rate == pytest.approx(sums[0] / sums[1] * 100)
