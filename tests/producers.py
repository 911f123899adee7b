"""A loopback server that stands for every producer: their real files, at their paths, with faults.

Used as the mirror of a :class:`Client`: a path is ``/<host of the producer>/<its path>``.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.conftest import SAMPLES
from tests.loopback import LoopbackHandler, loopback_server

MELODI = "/api.insee.fr/melodi"
INSEE = "/www.insee.fr/fr/statistiques/fichier"
DATA_GOUV = "www.data.gouv.fr"


@dataclass
class Answer:
    """What a path answers, and how it misbehaves."""

    content: bytes
    kind: str = "application/octet-stream"
    fail_first: int = 0
    fail_status: int = 500
    retry_after: str = ""
    redirect: str = ""
    cut_at: int | None = None
    cut_times: int = 10**9
    pause: float = 0.0
    ignores_range: bool = False
    etag: bool = True
    modified: str = ""
    ignores_if_range: bool = False
    chunk: int = 1000
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False


@dataclass
class Producers:
    """The server, what it serves, and what was asked of it."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    by_question: Callable[[str, dict[str, str]], bytes | None] | None = None

    def serve(self, path: str, content: bytes | Path, **faults) -> Answer:
        """Answer a path with these bytes."""
        data = content.read_bytes() if isinstance(content, Path) else content
        self.answers[path] = Answer(data, **faults)
        return self.answers[path]

    def asked(self, path: str) -> list[dict[str, str]]:
        """Headers of each request of a path."""
        return [headers for asked, headers in self.requests if asked == path]


@contextmanager
def producers() -> Iterator[Producers]:
    """Start the server on a free port."""
    state = Producers()
    with loopback_server(_Handler, state) as state.url:
        yield state


class _Handler(LoopbackHandler):
    state: Producers

    def do_GET(self) -> None:  # noqa: N802 (the library calls it so)
        path = unquote(urlsplit(self.path).path)
        self.state.requests.append((path, dict(self.headers)))
        answer = self.state.answers.get(path) or self._to_the_question(path)
        if answer is None:
            self._plain(404, b"nothing here")
        elif answer.drops:
            self.drop()
        elif answer.fail_first > 0:
            answer.fail_first -= 1
            extra = {"Retry-After": answer.retry_after} if answer.retry_after else {}
            self._plain(answer.fail_status, b"later", extra)
        elif answer.redirect:
            self._plain(302, b"", {"Location": answer.redirect})
        else:
            self._file(answer)

    def _to_the_question(self, path: str) -> Answer | None:
        """Answer a service, whose path is always the same."""
        if self.state.by_question is None:
            return None
        query = dict(parse_qsl(urlsplit(self.path).query))
        try:
            content = self.state.by_question(path, query)
        except KeyError:
            return None
        return None if content is None else Answer(content, kind="application/json")

    def _plain(self, status: int, content: bytes, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _file(self, answer: Answer) -> None:
        mark = f'"{hashlib.md5(answer.content).hexdigest()}"' if answer.etag else ""
        since = self.headers.get("If-Modified-Since", "")
        known = self.headers.get("If-None-Match", since)
        if known and known in (mark, answer.modified):
            self._plain(304, b"", {"ETag": mark} if mark else None)
            return
        start = self._start(answer, mark or answer.modified)
        body = answer.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", answer.kind)
        for name, value in self._about(answer, start, len(body), mark).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self._body(answer, body)

    def _about(self, answer: Answer, start: int, size: int, mark: str) -> dict[str, str]:
        usual = {"Content-Length": str(size), "ETag": mark, "Last-Modified": answer.modified}
        if start:
            whole = len(answer.content)
            usual["Content-Range"] = f"bytes {start}-{whole - 1}/{whole}"
        return {**usual, **answer.headers}

    def _start(self, answer: Answer, mark: str) -> int:
        asked = self.headers.get("Range", "")
        if not asked or answer.ignores_range:
            return 0
        if self.headers.get("If-Range") != mark and not answer.ignores_if_range:
            return 0
        return int(asked.removeprefix("bytes=").rstrip("-"))

    def _body(self, answer: Answer, body: bytes) -> None:
        if answer.cut_at is not None and answer.cut_times > 0:
            answer.cut_times -= 1
            self.wfile.write(body[: answer.cut_at])
            self.drop()
            return
        if not answer.pause:
            self.wfile.write(body)
            return
        for piece in range(0, len(body), answer.chunk):
            time.sleep(answer.pause)
            try:
                self.wfile.write(body[piece : piece + answer.chunk])
            except OSError:
                return  # the client had enough


def zipped(**members: bytes) -> bytes:
    """Return a zip of these files; ``__`` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def serve_melodi(
    state: Producers, dataset: str, vintage: str, data: bytes, member: str = ""
) -> str:
    """Publish a dataset the way Melodi does; return the path of its file."""
    product = f"{dataset}_{vintage}_CSV_FR"
    path = f"{MELODI}/file/{dataset}/{product}"
    listed = {
        "identifier": dataset,
        "product": [
            {"id": f"{dataset}_2011_CSV_FR", "format": "CSV", "modified": "2026-01-01T00:00:00",
             "accessURL": f"https://api.insee.fr/melodi/file/{dataset}/{dataset}_2011_CSV_FR"},
            {"id": f"{dataset}_FR", "format": "XLSX", "accessURL": "https://api.insee.fr/x"},
            {"id": product, "format": "CSV", "modified": "2026-01-01T00:00:00",
             "accessURL": f"https://api.insee.fr/melodi/file/{dataset}/{product}"},
        ],
    }  # fmt: skip
    state.serve(f"{MELODI}/catalog/{dataset}", json.dumps(listed).encode(), kind="application/json")
    members = {f"{dataset}_{vintage}_metadata__csv": b"COD_VAR;LIB_VAR\nGEO;lieu\n"}
    members[member or f"{dataset}_{vintage}_data__csv"] = data
    state.serve(path, zipped(**members), kind="application/zip")
    return path


def serve_samples(state: Producers) -> None:
    """Publish the real files, each at its producer's address."""

    def sample(name: str) -> bytes:
        return (SAMPLES / name).read_bytes()

    state.serve(
        f"{INSEE}/2521169/base_cc_comparateur_csv.zip",
        sample("insee-comparateur/base_cc_comparateur_csv.zip"),
    )
    for dataset, vintage, name in (
        ("DS_RP_EMPLOI_LR_PRINC", "2023", "DS_RP_EMPLOI_LR_PRINC_2023_data_extrait.csv"),
        ("DS_RP_LOGEMENT_PRINC", "2023", "DS_RP_LOGEMENT_PRINC_2023_data_extrait.csv"),
        ("DS_BPE", "2025", "DS_BPE_2025_data_extrait.csv"),
    ):
        serve_melodi(state, dataset, vintage, sample(f"insee-melodi/{name}"))
    filosofi = sample("insee-filosofi/cc_filosofi_2021_COM.csv")
    serve_melodi(state, "DS_FILOSOFI_CC", "2021", filosofi, "cc_filosofi_2021_COM__csv")
    state.serve(
        f"{INSEE}/8740222/v_mvt_commune_2026.csv", sample("insee-cog/v_mvt_commune_2026.csv")
    )
    for host, path, name in (
        ("data.dares.travail-emploi.gouv.fr",
         "api/explore/v2.1/catalog/datasets/dares_defm_communales-brutes/exports/csv",
         "dares-france-travail/dares_defm_communales_extrait.csv"),
        ("data.caf.fr", "api/explore/v2.1/catalog/datasets/s_ben_com_f/exports/csv",
         "cnaf-rsa/cnaf_s_ben_com_extrait.csv"),
        (DATA_GOUV, "api/1/datasets/r/f49fe9e1-f9bb-4dbd-8dfe-b9fad31899ef",
         "france-services/liste-fs-20240801.csv"),
        (DATA_GOUV, "api/1/datasets/r/1fa831ec-d912-4277-8b95-a8b998bf951e",
         "anct-programmes/petites_villes_de_demain_extrait.csv"),
        (DATA_GOUV, "api/1/datasets/r/8b6f422b-cbdf-459a-9a16-d6be4b92d91a",
         "anct-programmes/action_coeur_de_ville_extrait.csv"),
        (DATA_GOUV, "api/1/datasets/r/942d4ee8-8142-4556-8ea1-335537ce1119",
         "qpv/qpv_95_2024.geojson"),
        ("etalab-datasets.geo.data.gouv.fr",
         "contours-administratifs/2026/geojson/communes-100m.geojson.gz",
         "contours-communes/communes95.geojson"),
    ):  # fmt: skip
        state.serve(f"/{host}/{path}", sample(name))
    appartenance = sample("insee-appartenance/table-appartenance-geo-communes-22.xlsx")
    state.serve(
        f"{INSEE}/7671844/table-appartenance-geo-communes-2024.zip",
        zipped(**{"table-appartenance-geo-communes-24__xlsx": appartenance}),
    )
