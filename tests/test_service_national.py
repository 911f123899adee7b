"""The national service, played by a real engine of its family, behind a network that fails."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from territoires.cli import main
from territoires.errors import InvalidRequest
from territoires.geocoding import SURE, Gazetteer, geocode_table
from territoires.geocoding.service import Refined, load_service_rules
from territoires.settings import DEFAULT_GEOCODER, load_settings
from territoires.sources.fetching import Limits
from territoires.sources.geoplateforme import placing
from territoires.sources.geoplateforme.placing import AddressGuide
from territoires.tables import TypedTable
from tests.addok import CITY_CODES, MadeAddress, made_addresses
from tests.addok.faults import (
    Fault,
    Proxy,
    cut,
    fault_proxy,
    shuffled_columns,
    shuffled_rows,
    with_cells,
    without,
)

QUICK = Limits(
    connect_seconds=2, silence_seconds=5, whole_seconds=20, attempts=3, first_wait_seconds=0.01,
    longest_wait_seconds=1.0,
)  # fmt: skip
IMPATIENT = replace(QUICK, silence_seconds=0.3)


@pytest.fixture(scope="module")
def gazetteer(register) -> Gazetteer:
    return Gazetteer.from_register(register)


@pytest.fixture(scope="module")
def made(register) -> list[MadeAddress]:
    """Sixty numbered addresses, from every chosen commune."""
    chance = random.Random(7)
    houses = [each for each in made_addresses(register) if each.kind == "housenumber"]
    first = {each.commune: each for each in chance.sample(houses, len(houses))}
    return [*first.values(), *chance.sample(houses, 60 - len(first))]


@pytest.fixture(scope="module")
def placed(made, gazetteer) -> pd.DataFrame:
    """Those addresses, geocoded offline."""
    return offline(made, gazetteer)


@pytest.fixture
def proxy(addok) -> Iterator[Proxy]:
    with fault_proxy(addok.url) as state:
        yield state


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask ten rows at a time, without a pause."""
    real = load_service_rules

    def load(folder: Path):
        rules = real(folder)
        manners = replace(rules.manners, lignes_par_lot=10, requetes_par_seconde=1000.0)
        return replace(rules, manners=manners)

    monkeypatch.setattr(placing, "load_service_rules", load)


@pytest.fixture
def ask(proxy, placed, gazetteer, tmp_path, small_batches) -> Callable[..., Refined]:
    """Take the sixty addresses to the service, through the proxy."""

    def run(frame: pd.DataFrame | None = None, **options) -> Refined:
        environ = {"TERRITOIRES_GEOCODEUR": proxy.url, "TERRITOIRES_DONNEES": str(tmp_path)}
        rows = placed if frame is None else frame
        given = {"tell": lambda _line: None, "limits": QUICK, **options}
        with AddressGuide(gazetteer, load_settings(environ), **given) as guide:
            return guide.place(rows)

    return run


def offline(made: list[MadeAddress], gazetteer: Gazetteer) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "adresse": [each.first_line for each in made],
            "cp": [each.postcode for each in made],
            "ville": [each.city for each in made],
        },
        dtype="str",
    )
    return geocode_table(TypedTable(rows, "utf-8", ","), gazetteer)


def assert_all_right(refined: Refined, made: list[MadeAddress]) -> None:
    frame = refined.frame
    assert frame["geo_code_commune"].tolist() == [each.commune for each in made]
    assert (frame["geo_methode"] == "ban").all(), frame["geo_motif"].tolist()
    assert (frame["geo_statut"] == SURE).all(), frame["geo_motif"].tolist()
    assert frame["geo_longitude"].tolist() == pytest.approx([x.longitude for x in made], abs=1e-5)
    assert frame["geo_latitude"].tolist() == pytest.approx([x.latitude for x in made], abs=1e-5)


def assert_kept_offline(refined: Refined, placed: pd.DataFrame, words: str) -> None:
    """Every row is there, where it was, and says what failed."""
    frame = refined.frame
    assert refined.failed == refined.asked == len(placed)
    for column in placed.columns.drop("geo_motif"):
        pd.testing.assert_series_equal(frame[column], placed[column])
    assert frame["geo_motif"].str.contains("Service national sans réponse").all()
    assert frame["geo_motif"].str.contains(words, regex=False).all(), frame["geo_motif"].iloc[0]


# The real engine


def test_made_addresses_are_found_again(ask, made) -> None:
    refined = ask()
    assert {each.commune for each in made} == set(CITY_CODES)
    assert_all_right(refined, made)
    assert (refined.asked, refined.failed) == (60, 0)


def test_only_the_address_and_the_code_go_out_by_bounded_batches(ask, proxy, placed) -> None:
    secret = placed.assign(nom="Association secrète", courriel="moi@exemple.fr")
    ask(secret[["nom", "courriel", *placed.columns]])
    assert max(proxy.rows_seen()) <= 10
    assert sum(proxy.rows_seen()) == 60
    for body in proxy.seen:
        assert "secrète".encode() not in body
        assert b"exemple.fr" not in body


def test_a_wrong_street_is_not_taken_for_the_right_one(ask, made, gazetteer) -> None:
    absent = [replace(each, street="Rue de la Baleine Bleue") for each in made]
    frame = ask(offline(absent, gazetteer)).frame
    taken = (frame["geo_methode"] == "ban") & (frame["geo_statut"] == SURE)
    assert not taken.any(), frame["geo_motif"][taken].tolist()
    assert frame["geo_motif"].str.contains("service national|non retenue").all()


def test_what_was_answered_is_not_asked_again(ask, proxy, made) -> None:
    first = ask()
    asked = len(proxy.seen)
    assert_all_right(ask(), made)
    assert len(proxy.seen) == asked
    again = ask(keep=False)
    assert len(proxy.seen) == 2 * asked
    pd.testing.assert_frame_equal(again.frame, first.frame)


def test_a_run_that_was_cut_short_goes_on_from_there(ask, proxy, made) -> None:
    proxy.faults = [Fault(), Fault(), Fault()]
    proxy.always = Fault(status=503)
    half = ask()
    assert 0 < half.failed < 60
    assert half.placed == 60 - half.failed
    proxy.always = None
    proxy.seen.clear()
    assert_all_right(ask(), made)
    assert sum(proxy.rows_seen()) == half.failed


def test_a_damaged_cache_is_begun_anew(ask, made, tmp_path) -> None:
    ask()
    file = tmp_path / "geocodage" / "adresses.sqlite"
    file.write_bytes(b"ceci n'est pas une base" * 200)
    assert_all_right(ask(), made)
    assert file.read_bytes().startswith(b"SQLite")


# The network


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=429, headers={"Retry-After": "0"}),
        Fault(drop=True),
        Fault(announced=10**6),
        Fault(change=cut(0.5)),
        Fault(change=cut(0.93)),
        Fault(change=shuffled_columns),
        Fault(change=shuffled_rows),
        Fault(change=lambda content: content.replace(b"\r\n", b"\n")),
    ],
    ids=[
        "500", "429", "coupure", "longueur", "moitié", "presque tout", "colonnes", "lignes", "fins",
    ],
)  # fmt: skip
def test_a_passing_trouble_changes_nothing(ask, proxy, made, fault) -> None:
    proxy.faults = [fault]
    assert_all_right(ask(), made)


def test_a_time_out_is_tried_again(ask, proxy, made) -> None:
    proxy.faults = [Fault(silence=2.5)]
    assert_all_right(ask(limits=replace(QUICK, silence_seconds=2.0)), made)


def test_the_wait_that_the_service_asks_for_is_kept(ask, proxy, made) -> None:
    proxy.faults = [Fault(status=429, headers={"Retry-After": "1"})]
    assert_all_right(ask(), made)
    assert proxy.moments[1] - proxy.moments[0] >= 1.0


def test_requests_are_spaced(ask, proxy, made, monkeypatch) -> None:
    real = placing.load_service_rules

    def load(folder: Path):
        rules = real(folder)
        return replace(rules, manners=replace(rules.manners, requetes_par_seconde=5.0))

    monkeypatch.setattr(placing, "load_service_rules", load)
    assert_all_right(ask(), made)
    gaps = [after - before for before, after in zip(proxy.moments, proxy.moments[1:], strict=False)]
    assert min(gaps) >= 0.19


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(status=500), "le serveur répond 500 (3 essais)"),
        (Fault(status=503), "le serveur répond 503"),
        (Fault(status=429, headers={"Retry-After": "3600"}), "demande d'attendre 3600 s"),
        (Fault(status=403), "refuse la demande (403)"),
        (Fault(status=308, headers={"Location": "http://127.0.0.1:1/"}), "une autre adresse"),
        (Fault(drop=True), "connexion impossible ou interrompue"),
        (Fault(change=lambda _content: b""), "réponse vide ou coupée"),
        (Fault(change=lambda _content: b"<!DOCTYPE html><p>Bonjour"), "une page web"),
        (Fault(change=lambda _content: b"\xff\xfe\x00"), "pas en UTF-8"),
        (Fault(change=without("result_citycode")), "result_citycode"),
        (Fault(change=without("ligne")), "ligne"),
        (Fault(change=cut(0.1)), "réponse vide ou coupée"),
        (Fault(change=with_cells("adresse", "une autre")), "sans les lignes demandées"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_lasting_trouble_is_written_on_each_row(ask, proxy, placed, fault, words) -> None:
    proxy.always = fault
    assert_kept_offline(ask(), placed, words)
    # The service in trouble is soon left alone.
    assert len(proxy.seen) <= 80


def test_a_service_that_never_answers_is_given_up(ask, proxy, placed) -> None:
    proxy.always = Fault(silence=1.0)
    begin = time.monotonic()
    assert_kept_offline(ask(limits=IMPATIENT), placed, "pas de réponse dans le délai")
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize("status", [400, 413])
def test_a_row_that_the_service_refuses_does_not_take_the_others_along(
    ask, proxy, made, gazetteer, status
) -> None:
    spoilt = [*made[:33], replace(made[33], street="Rue Maudite"), *made[34:]]
    proxy.spiteful, proxy.spiteful_status = "Maudite", status
    refined = ask(offline(spoilt, gazetteer))
    assert refined.failed == 1
    assert f"refuse la demande ({status})" in refined.frame["geo_motif"].iloc[33]
    others = refined.frame.drop(index=33)
    assert (others["geo_methode"] == "ban").all()
    assert (others["geo_statut"] == SURE).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_cells("result_citycode", "01004"), "service national"),
        (with_cells("longitude", "9.9"), "Contradiction"),
        (with_cells("latitude", "NaN"), "inutilisables"),
        (with_cells("result_score", "0.31"), "non retenue"),
        (with_cells("result_type", "municipality"), "que la commune"),
    ],
    ids=["code", "longitude", "latitude", "score", "type"],
)
def test_a_service_that_lies_is_not_believed(ask, proxy, placed, change, words) -> None:
    proxy.always = Fault(change=change)
    frame = ask().frame
    others = frame[frame["geo_code_commune"] != "01004"]
    assert others["geo_motif"].str.contains(words).all()
    assert not ((others["geo_methode"] == "ban") & (others["geo_statut"] == SURE)).any()
    assert frame["geo_code_commune"].equals(placed["geo_code_commune"])
    assert others["geo_longitude"].equals(placed["geo_longitude"][others.index])


# Settings and command


def test_the_address_of_the_service_is_a_setting() -> None:
    assert load_settings({}).geocoder_url == DEFAULT_GEOCODER
    assert load_settings({"TERRITOIRES_GEOCODEUR": "aucun"}).geocoder_url is None
    given = {"TERRITOIRES_GEOCODEUR": "http://127.0.0.1:7878/"}
    assert load_settings(given).geocoder_url == "http://127.0.0.1:7878"
    with pytest.raises(InvalidRequest, match="TERRITOIRES_GEOCODEUR"):
        load_settings({"TERRITOIRES_GEOCODEUR": "ftp://exemple.fr"})


@pytest.fixture
def command(tmp_path, monkeypatch, capsys) -> Callable[..., tuple[int, pd.DataFrame, str]]:
    """Run ``territoires geocoder`` on three rows."""
    source, target = tmp_path / "liste.csv", tmp_path / "placee.csv"

    def run(made: list[MadeAddress], url: str, *options: str):
        rows = [f'"{each.first_line}",{each.postcode},"{each.city}"' for each in made]
        source.write_text("\n".join(["adresse,cp,ville", *rows, ""]), encoding="utf-8")
        monkeypatch.setenv("TERRITOIRES_GEOCODEUR", url)
        monkeypatch.setenv("TERRITOIRES_DONNEES", str(tmp_path))
        with pytest.raises(SystemExit) as ended:
            main(["geocoder", str(source), str(target), *options])
        status = ended.value.code
        placed = pd.DataFrame()
        if target.is_file():
            placed = pd.read_csv(target, dtype=str, keep_default_na=False)
        captured = capsys.readouterr()
        return status, placed, captured.out + captured.err

    return run


def test_without_the_option_nothing_goes_out(command, proxy, made) -> None:
    status, rows, _ = command(made[:3], proxy.url)
    assert status == 0
    assert proxy.seen == []
    assert set(rows["geo_methode"]) == {"hors_ligne"}


@pytest.mark.parametrize("option", ["--service", "--adresses"])
def test_the_command_places_at_the_address(command, proxy, made, option) -> None:
    status, rows, said = command(made[:3], proxy.url, option)
    assert status == 0
    assert rows["geo_precision"].tolist() == ["adresse"] * 3
    assert "127.0.0.1" in said
    assert "3 lignes demandées, 3 à l'adresse" in said


def test_the_command_is_partial_when_the_service_fails(command, proxy, made, tmp_path) -> None:
    proxy.always = Fault(status=403)
    status, rows, said = command(made[:3], proxy.url, "--service", "--sans-cache")
    assert status == 3
    assert rows["geo_motif"].str.contains("sans réponse").all()
    assert set(rows["geo_methode"]) == {"hors_ligne"}
    assert "3 sans réponse" in said
    assert not (tmp_path / "geocodage").exists()


def test_a_list_read_by_pieces_gives_a_broken_service_up_once(
    command, proxy, made, monkeypatch
) -> None:
    monkeypatch.setattr("territoires.cli.geocoder._ROWS_AT_A_TIME", 2)
    proxy.always = Fault(status=429, headers={"Retry-After": "3600"})
    status, rows, said = command(made[:9], proxy.url, "--service", "--sans-cache")
    assert (status, len(rows)) == (3, 9)
    assert rows["geo_motif"].str.contains("demande d'attendre 3600 s").all()
    assert len(proxy.seen) == 2
    assert said.count("rien d'autre n'y va") == 1


def test_the_command_is_refused_where_the_service_is_forbidden(command, made) -> None:
    status, rows, said = command(made[:3], "aucun", "--service")
    assert status == 1
    assert rows.empty
    assert "TERRITOIRES_GEOCODEUR" in said
