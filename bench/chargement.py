"""Loading the register in a fresh process, against reading the same communes with geopandas.

Run with ``python -m bench chargement``. Each way runs in its own Python process, in turn, several
times; the time told is that of the whole process, interpreter and imports included, as someone
who types a command waits for it. The files are in the system's cache: what is cold is Python.

- the register without its outlines, as most commands need it;
- the register and its decoded outlines, every file compared with its digest;
- peer 1: ``geopandas.read_parquet`` of the same outlines, ``pandas.read_parquet`` of the table;
- peer 2: ``geopandas.read_file`` of a GeoJSON of the same communes, as one often finds them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from territoires.communes import load_register
from territoires.exports.communes_files import write_communes
from territoires.settings import shipped_data_dir

ROUNDS = 7
BOUND_S = 1.5

_REGISTER = """
from pathlib import Path
from territoires.communes import load_register
register = load_register(Path({data!r}))
assert len(register.communes) > 30_000
"""
_OUTLINES = "assert len(register.geometries) == len(register.communes)\n"
_PARQUET = """
import geopandas, pandas
communes = pandas.read_parquet({data!r} + "/communes/communes.parquet")
outlines = geopandas.read_parquet({data!r} + "/communes/contours.parquet")
assert len(outlines) == len(communes)
"""
_GEOJSON = """
import geopandas
assert len(geopandas.read_file({geojson!r})) > 30_000
"""


def seconds(script: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True)
    return time.perf_counter() - start


def main() -> None:
    data = str(shipped_data_dir())
    with tempfile.TemporaryDirectory() as folder:
        geojson = Path(folder) / "communes.geojson"
        write_communes(load_register(Path(data)), None, geojson)
        ways = {
            f"registre sans contours (borne : {BOUND_S} s)": _REGISTER,
            f"registre avec contours (borne : {BOUND_S} s)": _REGISTER + _OUTLINES,
            "pair : geopandas.read_parquet et pandas.read_parquet": _PARQUET,
            "pair : geopandas.read_file du GeoJSON": _GEOJSON,
        }
        durations: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, script in ways.items():
                durations[name].append(seconds(script.format(data=data, geojson=str(geojson))))
    print(f"chargement, processus neuf, médiane (pire) de {ROUNDS}")
    for name, measured in durations.items():
        print(f"  {name} : {statistics.median(measured):.2f} s ({max(measured):.2f} s)")


if __name__ == "__main__":
    main()
