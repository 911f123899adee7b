"""What a download does not believe: mixed contents, dribbles, disguises, demands for more."""

from __future__ import annotations

import gzip
import json
import os
import socket
from datetime import date
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from territoires.errors import SourceUnavailable
from territoires.sources.declaration import Address
from territoires.sources.fetching import Client, Limits
from territoires.sources.fetching.addresses import Route, safe_name
from tests.producers import Producers, producers

HOST = "data.example"
PATH = f"/{HOST}/fichier.csv"
ADDRESS = Address(f"https://{HOST}/fichier.csv", "fichier.csv")
OLD = b"code;valeur\n" + b"01001;12\n" * 20_000
NEW = OLD.replace(b"12", b"99")
YESTERDAY = "Sun, 22 Nov 2026 06:00:00 GMT"


@pytest.fixture
def server():
    with producers() as state:
        yield state


def client_of(server: Producers, folder: Path, said: list[str] | None = None, **limits) -> Client:
    quick = {
        "connect_seconds": 2, "silence_seconds": 2, "whole_seconds": 5, "attempts": 3,
        "first_wait_seconds": 0.01, "longest_wait_seconds": 0.05,
    }  # fmt: skip
    return Client(
        folder, mirror=server.url, tell=(said if said is not None else []).append,
        limits=Limits(**{**quick, **limits}), today=lambda: date(2026, 11, 23),
    )  # fmt: skip


def get(client: Client, address: Address = ADDRESS, **options):
    return client.download(address, **{"hosts": (), "max_bytes": 10**7, "key": "essai", **options})


def half_done(server: Producers, folder: Path) -> None:
    """Leave the beginning of the old content in the cache."""
    server.serve(PATH, OLD, cut_at=100_000)
    with pytest.raises(SourceUnavailable, match="1 essais"):
        get(client_of(server, folder, attempts=1))
    assert (folder / "essai" / "fichier.csv.partiel").stat().st_size == 100_000
    server.requests.clear()


def test_a_download_cut_yesterday_goes_on_today(server, tmp_path) -> None:
    half_done(server, tmp_path)
    server.serve(PATH, OLD)
    assert get(client_of(server, tmp_path)).path.read_bytes() == OLD
    [only] = server.asked(PATH)
    assert only["Range"] == "bytes=100000-"
    assert only["If-Range"].startswith('"')


def test_a_server_deaf_to_if_range_does_not_make_a_mixture(server, tmp_path) -> None:
    half_done(server, tmp_path)
    server.serve(PATH, NEW, ignores_if_range=True)
    said: list[str] = []
    assert get(client_of(server, tmp_path, said)).path.read_bytes() == NEW
    assert "ne suit pas" in said[0]


def test_a_part_that_begins_elsewhere_is_not_joined(server, tmp_path) -> None:
    half_done(server, tmp_path)
    server.serve(PATH, OLD, headers={"Content-Range": "bytes 5-10/20"})
    assert get(client_of(server, tmp_path)).path.read_bytes() == OLD
    assert "Range" not in server.asked(PATH)[1]


def test_without_etag_the_date_serves(server, tmp_path) -> None:
    server.serve(PATH, OLD, etag=False, modified=YESTERDAY, cut_at=100_000, cut_times=1)
    client = client_of(server, tmp_path)
    assert get(client).path.read_bytes() == OLD
    assert server.asked(PATH)[1]["If-Range"] == YESTERDAY
    assert get(client).unchanged
    assert server.asked(PATH)[2]["If-Modified-Since"] == YESTERDAY


def test_without_any_mark_everything_is_asked_again(server, tmp_path) -> None:
    server.serve(PATH, OLD, etag=False, cut_at=100_000, cut_times=1)
    assert get(client_of(server, tmp_path)).path.read_bytes() == OLD
    assert "Range" not in server.asked(PATH)[1]


def test_a_byte_now_and_then_does_not_hold_us(server, tmp_path) -> None:
    server.serve(PATH, OLD, pause=0.02, chunk=1)
    client = client_of(server, tmp_path, whole_seconds=0.3, attempts=5)
    with pytest.raises(SourceUnavailable, match="trop lent"):
        get(client)
    assert len(server.asked(PATH)) == 1


def test_a_server_that_falls_silent_is_left(server, tmp_path) -> None:
    server.serve(PATH, OLD, pause=0.6)
    with pytest.raises(SourceUnavailable, match=r"plus rien ne vient|pas de réponse"):
        get(client_of(server, tmp_path, silence_seconds=0.2, attempts=2))


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html>\n<title>Maintenance</title>", b"\xef\xbb\xbf \n<HTML lang='fr'>"]
)
def test_a_page_disguised_as_a_table_is_refused(server, tmp_path, page: bytes) -> None:
    server.serve(PATH, page, kind="text/csv")
    with pytest.raises(SourceUnavailable, match=r"data\.example.*page web.*navigateur"):
        get(client_of(server, tmp_path))
    assert list((tmp_path / "essai").iterdir()) == []


def test_the_good_file_survives_a_bad_day(server, tmp_path) -> None:
    server.serve(PATH, OLD)
    client = client_of(server, tmp_path)
    path = get(client).path
    server.serve(PATH, b"<html>Maintenance</html>", kind="text/csv")
    with pytest.raises(SourceUnavailable):
        get(client)
    server.serve(PATH, NEW, cut_at=1000)
    with pytest.raises(SourceUnavailable):
        get(client)
    assert path.read_bytes() == OLD


def test_a_size_that_was_not_announced_is_bounded(server, tmp_path) -> None:
    server.serve(PATH, OLD, headers={"Content-Length": "", "Connection": "close"}, pause=0.001)
    with pytest.raises(SourceUnavailable, match="fichier refusé"):
        get(client_of(server, tmp_path), max_bytes=5000)
    assert list((tmp_path / "essai").iterdir()) == []


def test_what_is_kept_is_the_file_and_not_its_wrapping(server, tmp_path) -> None:
    server.serve(PATH, gzip.compress(OLD), headers={"Content-Encoding": "gzip"})
    got = get(client_of(server, tmp_path))
    assert got.path.read_bytes() == OLD
    assert got.size == len(OLD)


@pytest.mark.parametrize("asked", ["30", "Mon, 23 Nov 2099 06:00:00 GMT"])
def test_a_server_that_says_when_is_heard(server, tmp_path, asked: str) -> None:
    server.serve(PATH, OLD, fail_first=1, fail_status=429, retry_after=asked)
    said: list[str] = []
    get(client_of(server, tmp_path, said, first_wait_seconds=0.0, longest_wait_seconds=0.6))
    assert said == ["  le serveur répond 429 ; nouvel essai dans 1 s"]


def test_a_message_names_the_producer_and_not_the_mirror(server, tmp_path) -> None:
    with pytest.raises(SourceUnavailable) as refused:
        get(client_of(server, tmp_path))
    assert str(refused.value).startswith(ADDRESS.url)
    assert server.url not in str(refused.value)
    assert "--depuis" in str(refused.value)


def test_nothing_of_the_person_goes_out(server, tmp_path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login moi password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(server.url) is not None
    server.serve(PATH, OLD, headers={"Set-Cookie": "suivi=1; Path=/"})
    client = client_of(server, tmp_path)
    get(client)
    get(client)
    for headers in server.asked(PATH):
        assert not {"Authorization", "Cookie"} & set(headers)
        assert headers["User-Agent"].startswith("Territoires/")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://[x", "//autre.example/x"])
def test_a_redirection_may_not_leave_the_web(server, tmp_path, target: str) -> None:
    server.serve(PATH, b"", redirect=target)
    with pytest.raises(SourceUnavailable, match="refusée"):
        get(client_of(server, tmp_path))


def test_a_disk_that_refuses_is_said(server, tmp_path) -> None:
    server.serve(PATH, OLD)
    (tmp_path / "essai").write_text("un fichier à la place du dossier")
    with pytest.raises(SourceUnavailable, match="ne peut être écrit"):
        get(client_of(server, tmp_path))


def test_a_machine_without_network_is_said_quickly(tmp_path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        client = client_of(Producers(url=f"http://127.0.0.1:{port}"), tmp_path)
        with pytest.raises(SourceUnavailable, match=r"connexion impossible.*3 essais"):
            get(client)


def test_a_json_answer_is_bounded(server, tmp_path) -> None:
    server.serve(PATH, json.dumps(["x" * 2000]).encode())
    assert client_of(server, tmp_path).get_json(ADDRESS.url) == ["x" * 2000]
    with pytest.raises(SourceUnavailable, match="trop longue"):
        client_of(server, tmp_path, json_bytes=1000).get_json(ADDRESS.url)
    server.serve(PATH, b"[" * 500_000)
    with pytest.raises(SourceUnavailable, match="JSON"):
        client_of(server, tmp_path).get_json(ADDRESS.url)


def test_a_neighbour_of_the_mirror_is_not_the_mirror() -> None:
    route = Route("http://miroir.example")
    assert route.to("http://miroir.example.org/x") == "http://miroir.example/miroir.example.org/x"
    assert route.to("https://a.example/b?c=1") == "http://miroir.example/a.example/b?c=1"
    assert route.to("http://miroir.example/a/b") == "http://miroir.example/a/b"


@given(st.text(max_size=400))
def test_a_safe_name_is_one_name(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert not set(safe) & {"/", "\\", "\0", os.sep}
    assert len(safe) <= 120
