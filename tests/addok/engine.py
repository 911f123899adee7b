"""Starts Redis and addok on free loopback ports, loads them, and stops them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser import free_port

_PATIENCE = 60  # seconds for a server to answer
# As the national service: filters by code, and no result hidden for its score.
_CONFIG = """
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length",
    "addok_france.extract_address",
    "addok_france.clean_query",
    "addok_france.remove_leading_zeros",
]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber",
    "addok_france.make_labels",
    "addok.helpers.results.score_by_importance",
    "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance",
    "addok.helpers.results.score_by_geo_distance",
    "addok.helpers.results.adjust_scores",
]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize",
    "addok.helpers.text.normalize",
    "addok_france.glue_ordinal",
    "addok_france.fold_ordinal",
    "addok_france.flag_housenumber",
    "addok.helpers.text.synonymize",
    "addok_fr.phonemicize",
]
FILTERS = ["type", "postcode", "citycode"]
EXTRA_FIELDS = [{"key": "citycode"}]
CSV_MIN_SCORE = 0
ATTRIBUTION = "essai"

# addok 1.3 gives each filter as a list, and addok-csv 1.1 looks for a column of that name: every
# filtered batch is answered 500. The name of the column is its only element.
import addok_csv

def _row_filters(_self, row, filters):
    names = {key: name[0] if isinstance(name, list) else name for key, name in filters.items()}
    return {key: row.get(name) or "" for key, name in names.items()}

addok_csv.BaseCSV.match_row_filters = _row_filters
"""


@dataclass(frozen=True)
class Engine:
    """A running addok.

    Attributes
    ----------
    url : str
        Its base address: ``/search/csv`` is under it.
    loading_seconds : float
        What loading its documents took.
    """

    url: str
    loading_seconds: float


def missing() -> str:
    """Say what this machine lacks to run the engine; ``""`` when nothing."""
    if shutil.which("redis-server") is None:
        return "redis-server absent : apt-get install redis-server"
    if _addok() is None:
        return "addok absent : pip install addok addok-csv addok-fr addok-france"
    return ""


@contextlib.contextmanager
def running_engine(folder: Path, write: Callable[[Path], None]) -> Iterator[Engine]:
    """Run an engine until the block ends.

    Parameters
    ----------
    folder : Path
        Empty, for its files.
    write : callable
        Writes its documents, one JSON a line, in the file that it is given.
    """
    with contextlib.ExitStack() as stack:
        redis_port, port = free_port(), free_port()
        _start_redis(stack, folder, redis_port)
        (folder / "addok.conf").write_text(_CONFIG, encoding="utf-8")
        environ = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "ADDOK_CONFIG_MODULE": str(folder / "addok.conf"),
            "ADDOK_LOG_DIR": str(folder),
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(redis_port),
        }
        documents = folder / "documents.ndjson"
        write(documents)
        begin = time.perf_counter()
        _run(["batch", str(documents)], environ, folder)
        loading = time.perf_counter() - begin
        serve = [_addok() or "", "serve", "--port", str(port)]
        url = f"http://127.0.0.1:{port}"
        _start(stack, serve, folder / "addok.log", environ)
        _wait_for(lambda: _answers(f"{url}/health"), folder / "addok.log")
        yield Engine(url, loading)


def _addok() -> str | None:
    """Return addok's command: that of ``TERRITOIRES_ADDOK``, of this environment, of the path."""
    beside = Path(sys.executable).with_name("addok")
    given = os.environ.get("TERRITOIRES_ADDOK", "")
    return given or (str(beside) if beside.is_file() else shutil.which("addok"))


def _start_redis(stack: contextlib.ExitStack, folder: Path, port: int) -> None:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    log = folder / "redis.log"
    _start(stack, [*command, "--save", "", "--appendonly", "no"], log, dict(os.environ))
    _wait_for(lambda: "Ready to accept connections" in log.read_text(), log)


def _start(
    stack: contextlib.ExitStack, command: list[str], log: Path, environ: dict[str, str]
) -> None:
    output = stack.enter_context(log.open("w"))
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environ)
    stack.callback(_stop, process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _run(arguments: list[str], environ: dict[str, str], folder: Path) -> None:
    done = subprocess.run(
        [_addok() or "", *arguments], env=environ, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"addok {arguments[0]} : {done.stdout[-500:]}{done.stderr[-1500:]}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _wait_for(ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{log.name} : {log.read_text()[-1500:]}")
        time.sleep(0.05)
