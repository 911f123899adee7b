"""Reading the facilities file (2.3 million rows), against plain pandas in the same run.

Run with ``python -m bench lecture_bpe``. Each way runs in its own process, so that its peak of
memory is its own; both give the same sums by commune and service, which is checked.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.bpe_file import write_national_file

ROUNDS = 3
_PEAK = """
import resource
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, total)
"""
_OURS = """
import time
from pathlib import Path
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources
source = available_sources()["insee_bpe"]
start = time.perf_counter()
with open_file(Path({path!r}), source) as opened:
    reading = source.read(opened, None)
total = int(reading.measures["valeur"].sum())
"""
_PANDAS = """
import time
import pandas
from territoires.sources.producers.insee_bpe import SERVICE_OF_CODE
start = time.perf_counter()
rows = pandas.read_csv({path!r}, sep=";", dtype={{"GEO": str}})
rows = rows[(rows.GEO_OBJECT == "COM") & (rows.BPE_MEASURE == "FACILITIES")]
rows = rows.assign(service=rows.FACILITY_TYPE.map(SERVICE_OF_CODE)).dropna(subset=["service"])
total = int(rows.groupby(["GEO", "service"]).OBS_VALUE.sum().sum())
"""


def measure(script: str) -> tuple[float, float, str]:
    """Return seconds, megabytes at the peak, and the sum of all facilities."""
    told = subprocess.run(
        [sys.executable, "-c", script + _PEAK], check=True, capture_output=True, text=True
    )
    seconds, megabytes, total = told.stdout.split()
    return float(seconds), float(megabytes), total


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "DS_BPE_2025_data.csv"
        rows = write_national_file(path)
        size = path.stat().st_size / 1e6
        best: dict[str, tuple[float, float, str]] = {}
        for name, script in (("territoires", _OURS), ("pandas", _PANDAS)):
            best[name] = min(measure(script.format(path=str(path))) for _ in range(ROUNDS))
    ours, peer = best["territoires"], best["pandas"]
    assert ours[2] == peer[2], "the two readings disagree"
    print(f"BPE de {rows} lignes ({size:.0f} Mo), le meilleur de {ROUNDS}, imports non comptés")
    print(f"  OpenedTable (pyarrow, par blocs) : {ours[0]:.2f} s, {ours[1]:.0f} Mo au plus haut")
    print(f"  pair : pandas.read_csv           : {peer[0]:.2f} s, {peer[1]:.0f} Mo au plus haut")
    print(
        f"  {peer[0] / ours[0]:.1f} fois plus vite, {peer[1] / ours[1]:.1f} fois moins de mémoire"
    )


if __name__ == "__main__":
    main()
