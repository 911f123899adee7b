"""Downloads, against a real server on loopback that misbehaves in every way we know of."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from territoires.errors import InvalidRequest, SourceUnavailable
from territoires.settings import load_settings
from territoires.sources.declaration import Address
from territoires.sources.fetching import Client, Limits
from territoires.sources.melodi import melodi
from tests.producers import Producers, producers, serve_melodi

PATH = "/data.example/fichier.csv"
ADDRESS = Address("https://data.example/fichier.csv", "fichier.csv")
CONTENT = b"code;valeur\n" + b"01001;12\n" * 5000
# A body whose length is not announced ends with the connection.
UNTOLD = {"Content-Length": "", "Connection": "close"}
QUICK = Limits(
    connect_seconds=2, silence_seconds=2, whole_seconds=5, attempts=3, first_wait_seconds=0.01,
    longest_wait_seconds=0.05,
)  # fmt: skip


@pytest.fixture
def server():
    with producers() as state:
        yield state


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def client(server: Producers, tmp_path: Path, said: list[str]) -> Client:
    return Client(
        tmp_path, mirror=server.url, tell=said.append, limits=QUICK,
        today=lambda: date(2026, 11, 23),
    )  # fmt: skip


def get(client: Client, address: Address = ADDRESS, **options):
    return client.download(address, **{"hosts": (), "max_bytes": 10**7, "key": "essai", **options})


def test_a_file_is_kept_with_its_digest_and_the_day(client, server, tmp_path) -> None:
    server.serve(PATH, CONTENT)
    got = get(client)
    assert got.path.read_bytes() == CONTENT
    assert got.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (got.url, got.size, got.obtained_on) == (ADDRESS.url, len(CONTENT), "2026-11-23")
    assert sorted(p.name for p in (tmp_path / "essai").iterdir()) == [
        "fichier.csv",
        "fichier.csv.json",
    ]


def test_a_file_that_did_not_change_is_not_sent_again(client, server) -> None:
    server.serve(PATH, CONTENT)
    assert not get(client).unchanged
    again = get(client)
    assert again.unchanged
    assert again.sha256 == hashlib.sha256(CONTENT).hexdigest()
    server.serve(PATH, b"autre\n")
    assert get(client).path.read_bytes() == b"autre\n"


def test_a_kept_file_that_was_damaged_is_asked_for_again(client, server) -> None:
    server.serve(PATH, CONTENT)
    get(client).path.write_bytes(b"rien")
    assert get(client).path.read_bytes() == CONTENT


def test_a_cut_transfer_goes_on_from_where_it_stopped(client, server, said) -> None:
    server.serve(PATH, CONTENT, cut_at=20_000, cut_times=1)
    assert get(client).path.read_bytes() == CONTENT
    ranges = [headers.get("Range") for headers in server.asked(PATH)]
    assert ranges[0] is None
    assert ranges[1] is not None
    assert any("coupé" in line or "interrompue" in line for line in said)


def test_a_server_without_ranges_is_asked_for_the_whole(client, server) -> None:
    server.serve(PATH, CONTENT, cut_at=20_000, cut_times=1, ignores_range=True)
    assert get(client).path.read_bytes() == CONTENT


def test_a_file_that_changes_between_two_parts_is_not_a_mixture(client, server) -> None:
    server.serve(PATH, CONTENT, cut_at=10_000)
    with pytest.raises(SourceUnavailable):
        get(client)
    newer = CONTENT.replace(b"12", b"99")
    server.serve(PATH, newer)
    assert get(client).path.read_bytes() == newer


def test_a_file_always_cut_is_refused_and_leaves_no_file(client, server, tmp_path) -> None:
    server.serve(PATH, CONTENT, cut_at=0)
    with pytest.raises(SourceUnavailable, match="3 essais"):
        get(client)
    assert not (tmp_path / "essai" / "fichier.csv").exists()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_fails_is_asked_again(client, server, said, status: int) -> None:
    server.serve(PATH, CONTENT, fail_first=2, fail_status=status, retry_after="0")
    assert get(client).path.read_bytes() == CONTENT
    assert sum(str(status) in line for line in said) == 2


def test_a_server_that_keeps_failing_is_given_up(client, server) -> None:
    server.serve(PATH, CONTENT, fail_first=9)
    with pytest.raises(SourceUnavailable, match=r"répond 500 \(3 essais\).*--depuis"):
        get(client)


def test_a_file_that_is_gone_is_said_at_once(client, server) -> None:
    with pytest.raises(SourceUnavailable, match="introuvable à cette adresse"):
        get(client)
    assert len(server.asked(PATH)) == 1


def test_a_dropped_connection_is_said(client, server) -> None:
    server.serve(PATH, CONTENT, drops=True)
    with pytest.raises(SourceUnavailable, match="interrompue"):
        get(client)


def test_a_page_in_place_of_a_file_is_refused(client, server) -> None:
    server.serve(PATH, b"<html>Maintenance</html>", kind="text/html; charset=utf-8")
    with pytest.raises(SourceUnavailable, match="page web"):
        get(client)


def test_a_transfer_that_never_ends_is_stopped(server, tmp_path) -> None:
    limits = Limits(
        connect_seconds=1, silence_seconds=1, whole_seconds=0.3, attempts=1, first_wait_seconds=0
    )
    client = Client(tmp_path, mirror=server.url, tell=print, limits=limits)
    server.serve(PATH, CONTENT * 4, pause=0.05)
    with pytest.raises(SourceUnavailable, match="trop lent"):
        get(client)


def test_a_file_too_large_is_refused_announced_or_not(client, server) -> None:
    server.serve(PATH, CONTENT)
    with pytest.raises(SourceUnavailable, match="fichier refusé"):
        get(client, max_bytes=1000)


def test_being_sent_to_another_host_is_refused_unless_allowed(client, server) -> None:
    server.serve(PATH, b"", redirect="https://ailleurs.example/fichier.csv")
    server.serve("/ailleurs.example/fichier.csv", CONTENT)
    with pytest.raises(SourceUnavailable, match=r"autre serveur \(ailleurs\.example\)"):
        get(client)
    assert get(client, hosts=("ailleurs.example",)).path.read_bytes() == CONTENT


def test_a_circle_of_redirections_ends(client, server) -> None:
    server.serve(PATH, b"", redirect=f"{server.url}{PATH}")
    with pytest.raises(SourceUnavailable, match="tourne en rond"):
        get(client)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://data.example/x", "javascript:x", "http://[x"]
)
def test_only_the_web_is_asked(client, url: str) -> None:
    with pytest.raises(SourceUnavailable, match="http"):
        get(client, Address(url, "x"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c", "", ".bashrc", "é" * 300])
def test_a_file_name_stays_in_its_folder(client, server, tmp_path, name: str) -> None:
    server.serve(PATH, CONTENT)
    path = get(client, Address(ADDRESS.url, name)).path
    assert path.parent == tmp_path / "essai"
    assert not path.name.startswith(".")


@pytest.mark.parametrize("told", [True, False], ids=["annonce", "sans annonce"])
def test_progress_is_told_to_the_end(server, tmp_path, told: bool) -> None:
    seen: list[tuple[int, int | None]] = []
    client = Client(
        tmp_path, mirror=server.url, tell=print, limits=QUICK,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    server.serve(PATH, CONTENT, headers={} if told else UNTOLD)
    get(client)
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)


def test_the_newest_product_of_melodi_is_read_in_its_catalogue(client, server) -> None:
    serve_melodi(server, "DS_BPE", "2025", b"GEO\n")
    address = melodi("DS_BPE")(client)
    assert address.url == "https://api.insee.fr/melodi/file/DS_BPE/DS_BPE_2025_CSV_FR"
    serve_melodi(server, "DS_BPE", "2027", b"GEO\n")
    assert melodi("DS_BPE")(client).file_name == "DS_BPE_2027_CSV_FR.zip"


def test_a_catalogue_without_the_product_lists_what_it_has(client, server) -> None:
    serve_melodi(server, "DS_BPE", "2025", b"GEO\n")
    with pytest.raises(SourceUnavailable, match=r"Produits trouvés : .*DS_BPE_2025_CSV_FR"):
        melodi("DS_BPE", "_PARQUET")(client)
    server.serve("/api.insee.fr/melodi/catalog/DS_AUTRE", b'{"identifier": "X"}')
    with pytest.raises(SourceUnavailable, match="DS_AUTRE"):
        melodi("DS_AUTRE")(client)


def test_an_answer_that_is_not_json_is_said(client, server) -> None:
    server.serve("/api.insee.fr/melodi/catalog/DS_BPE", b"<html>")
    with pytest.raises(SourceUnavailable, match="JSON"):
        melodi("DS_BPE")(client)


def test_the_mirror_is_a_setting() -> None:
    assert load_settings({"TERRITOIRES_MIROIR": "http://127.0.0.1:1"}).mirror_url
    assert load_settings({"TERRITOIRES_MIROIR": ""}).mirror_url is None


@pytest.mark.parametrize("text", ["miroir", "ftp://m.example", "http://", "http://m.example/?a=1"])
def test_a_mirror_is_an_address(text: str) -> None:
    with pytest.raises(InvalidRequest, match="TERRITOIRES_MIROIR"):
        load_settings({"TERRITOIRES_MIROIR": text})
