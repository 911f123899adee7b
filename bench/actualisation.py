"""The whole update from local files, against reading the same files with pandas.

Run with ``python -m bench actualisation``. The files are the real ones of ``../shared/samples``
and a facilities file of 2.3 million rows. The peer only reads the tables (``read_csv``,
``read_excel``, ``read_file``): it converts, checks and writes nothing.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bpe_file import samples_folder, write_national_file
from territoires.settings import shipped_data_dir

BOUND_S, BOUND_MB = 90.0, 1500.0
_PEER = """
import pathlib, sys
import geopandas, pandas
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix == ".csv":
        pandas.read_csv(path, sep=None, engine="python", encoding="latin-1", dtype=str,
                        on_bad_lines="skip") if path.stat().st_size < 1e6 else pandas.read_csv(
                        path, sep=";" if b";" in path.open("rb").readline() else ",",
                        encoding="latin-1", dtype=str)
    elif path.suffix == ".xlsx":
        pandas.read_excel(path, sheet_name=None, dtype=str, engine="openpyxl")
    elif path.suffix == ".geojson":
        geopandas.read_file(path)
"""


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return seconds, and the megabytes of the largest child so far."""
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, capture_output=True)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        offered = folder / "fichiers"
        offered.mkdir()
        for real in samples_folder().iterdir():
            if real.is_dir():
                (offered / real.name).mkdir()
                for file in real.iterdir():
                    (offered / real.name / file.name).symlink_to(file)
        rows = write_national_file(offered / "DS_BPE_2025_data.csv")
        environment = {
            **os.environ,
            "TERRITOIRES_DONNEES": str(folder / "utilisateur"),
            "TERRITOIRES_DONNEES_LIVREES": str(shipped_data_dir()),
        }
        command = [sys.executable, "-m", "territoires", "actualiser", "--depuis", str(offered)]
        ours = run(command, environment)
        peer = run([sys.executable, "-c", _PEER, str(offered)], environment)
    print(f"mise à jour de toutes les sources depuis des fichiers, BPE de {rows} lignes comprise")
    print(f"  territoires actualiser : {ours[0]:.0f} s (borne {BOUND_S:.0f}), "
          f"{ours[1]:.0f} Mo au plus haut (borne {BOUND_MB:.0f})")  # fmt: skip
    print(f"  pair : pandas lit les mêmes fichiers, sans rien en faire : {peer[0]:.0f} s")
    print(f"  rapport : {peer[0] / ours[0]:.2f}")


if __name__ == "__main__":
    main()
