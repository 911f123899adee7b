"""INSEE's catalogue: the newest product, whatever its vintage, in the real records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from territoires.errors import SourceUnavailable
from territoires.sources.fetching import Client, Limits
from territoires.sources.melodi import melodi
from tests.conftest import SAMPLES
from tests.producers import MELODI, Producers, producers


@pytest.fixture
def server():
    with producers() as state:
        yield state


@pytest.fixture
def client(server: Producers, tmp_path: Path) -> Client:
    limits = Limits(attempts=1, connect_seconds=2, silence_seconds=2)
    return Client(tmp_path, mirror=server.url, tell=print, limits=limits)


def publish(server: Producers, dataset: str, record: object) -> None:
    content = json.dumps(record, ensure_ascii=False).encode()
    server.serve(f"{MELODI}/catalog/{dataset}", content, kind="application/json")


def product(name: str, modified: str = "2026-01-01T00:00:00") -> dict[str, str]:
    address = f"https://api.insee.fr/melodi/file/X/{name}"
    return {"id": name, "format": "CSV", "accessURL": address, "modified": modified}


@pytest.mark.echantillons
@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("DS_BPE", "DS_BPE_2024_CSV_FR"),
        ("DS_FILOSOFI_CC", "DS_FILOSOFI_CC_2021_CSV_FR"),
        ("DS_FLORES_PE", "DS_FLORES_PE_2023_CSV_FR"),
        ("DS_EC_NAIS", "DS_EC_NAIS_CSV_FR"),
    ],
)
def test_the_real_catalogue_is_read(server, client, dataset: str, expected: str) -> None:
    catalogue = SAMPLES / "insee-melodi" / "melodi_catalogue_2026-01-06.json"
    records = json.loads(catalogue.read_text(encoding="utf-8"))
    publish(server, dataset, next(one for one in records if one["identifier"] == dataset))
    address = melodi(dataset)(client)
    assert address.url == f"https://api.insee.fr/melodi/file/{dataset}/{expected}"
    assert address.file_name == f"{expected}.zip"


@pytest.mark.echantillons
def test_the_whole_catalogue_is_understood_too(server, client) -> None:
    whole = (SAMPLES / "insee-melodi" / "melodi_catalogue_2026-01-06.json").read_bytes()
    server.serve(f"{MELODI}/catalog/DS_BPE", whole)
    assert melodi("DS_BPE")(client).file_name == "DS_BPE_2024_CSV_FR.zip"


def test_vintage_first_then_the_date_of_change(server, client) -> None:
    older = product("DS_X_2029_CSV_FR", "2031-01-01T00:00:00")
    corrected = product("DS_X_v2_2030_CSV_FR", "2030-06-01T00:00:00")
    first = product("DS_X_2030_CSV_FR", "2030-01-01T00:00:00")
    for products in ([older, corrected, first], [first, corrected, older]):
        publish(server, "DS_X", {"identifier": "DS_X", "product": products})
        assert melodi("DS_X")(client).file_name == "DS_X_v2_2030_CSV_FR.zip"


def test_titles_that_are_lists_do_not_matter(server, client) -> None:
    one = {**product("DS_X_2030_CSV_FR"), "title": [{"lang": "fr", "content": "Titre"}]}
    publish(server, "DS_X", {"identifier": "DS_X", "title": [], "product": [one]})
    assert melodi("DS_X")(client).file_name == "DS_X_2030_CSV_FR.zip"


@pytest.mark.parametrize("record", [[], {}, "DS_X", None, {"identifier": "DS_Y"}])
def test_another_form_of_catalogue_is_said(server, client, record: object) -> None:
    publish(server, "DS_X", record)
    with pytest.raises(SourceUnavailable, match="« DS_X » n'est pas dans la réponse"):
        melodi("DS_X")(client)


@pytest.mark.parametrize("products", [None, [], [product("AUTRE_2030_CSV_FR")]])
def test_what_was_found_is_named(server, client, products: object) -> None:
    publish(server, "DS_X", {"identifier": "DS_X", "product": products})
    found = "AUTRE_2030_CSV_FR" if products else "aucun"
    with pytest.raises(SourceUnavailable, match=f"Produits trouvés : {found}"):
        melodi("DS_X")(client)
