"""An update killed at any moment leaves the version in use whole: fifty times, for good."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from territoires.indicators import load_pack
from territoires.versions import current_identifier, current_version
from tests.conftest import DATA

KILLS = 50
SEED = 20261123

# One process loads the code once and forks an update for each line it is told: 50 starts of Python
# would cost minutes. The parent kills the child; nothing is tidied up.
SERVER = """
import os, sys
from datetime import date
from pathlib import Path
import pyarrow as pa
pa.set_cpu_count(1); pa.set_io_thread_count(1)
from territoires.settings import load_settings
from territoires.sources.fetching import Client
from territoires.sources.updating import Request, update
settings = load_settings(os.environ)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        client = Client(settings.user_data_dir / "t", mirror=None, tell=lambda line: None)
        request = Request((), line.strip())
        update(settings, request, client, lambda line: None, date(2026, 11, 23))
        os._exit(0)
    print(child, flush=True)
    _pid, status = os.waitpid(child, 0)
    print(status, flush=True)
"""


def lovac(folder: Path, name: str, first: str) -> Path:
    """Write a small file in the form of the producer: one figure by département."""
    rows = ["DEP;LIB_DEP;pp_vacant_25;pp_vacant_plus_2ans_25;pp_total_24;pp_vacant_24"]
    rows += [f"{at:02};D;100;{first};10000;100" for at in range(1, 96) if at != 20]
    path = folder / name
    path.write_text("\n".join(rows), encoding="latin-1")
    return path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="os.fork n'existe pas sur ce système")
def test_fifty_updates_killed_at_random_leave_the_version_before_whole(
    register, tmp_path: Path
) -> None:
    user = tmp_path / "utilisateur"
    environment = {
        **os.environ, "TERRITOIRES_DONNEES": str(user), "TERRITOIRES_DONNEES_LIVREES": str(DATA),
    }  # fmt: skip
    files = [lovac(tmp_path, f"lovac{at}.csv", str(10 + at)) for at in range(KILLS + 2)]
    draw = random.Random(SEED)
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    ) as server:  # fmt: skip
        _run(server, files[0], wait=None)  # the code is loaded: what follows is timed without it
        started = time.monotonic()
        assert _run(server, files[1], wait=None) == 0
        usual = time.monotonic() - started
        killed = 0
        for file in files[2:]:
            before = current_identifier(user)
            killed += _run(server, file, wait=draw.uniform(0.0, usual)) != 0
            _check_whole(user, register, before)
        server.stdin.close()
    assert killed > KILLS / 2


def _run(server: subprocess.Popen[str], file: Path, wait: float | None) -> int:
    assert server.stdin is not None
    assert server.stdout is not None
    print(file, file=server.stdin, flush=True)
    child = int(server.stdout.readline())
    if wait is not None:
        time.sleep(wait)
        with suppress(ProcessLookupError):  # it was quicker than the draw
            os.kill(child, signal.SIGKILL)
    return int(server.stdout.readline())


def _check_whole(user: Path, register, before: str) -> None:
    version = current_version(user)
    assert version is not None
    table = load_pack(version.folder / "indicateurs", register)
    values = table.values["part_vacants_2ans_departement"].dropna()
    assert values.nunique() == 1  # every département of a file has the same figure
    kept = {path.name for path in (user / "versions").glob("[0-9]*")}
    assert {version.identifier, before} <= kept
